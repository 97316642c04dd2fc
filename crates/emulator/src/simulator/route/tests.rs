use http::Uri;

use super::*;
use crate::simulator::routes::routes;

const SUB: &str = "8A1E2F44-0c5b-4d0e-9a57-3f1f0f6f2b10";

/// The operation with its arguments, or the refusal; and what was noted.
fn route(method: &str, rest: &str) -> (String, Vec<String>) {
    match rest.strip_prefix("//") {
        Some(rest) => route_of(method, &format!("/{rest}")),
        None => route_of(method, &format!("/{SUB}{rest}")),
    }
}

fn route_of(method: &str, uri: &str) -> (String, Vec<String>) {
    let uri: Uri = uri.parse().unwrap();
    let diagnostics = Diagnostics::default();
    let found = Path::read(&uri).and_then(|path| {
        find(routes(), &path, &method.parse().unwrap(), Query::of(&uri), &diagnostics)
    });
    let reported = match found {
        Ok((route, arguments)) => {
            let mut reported = route.operation.to_owned();
            for (name, value) in arguments.0 {
                reported = format!("{reported} {name}={value}");
            }
            reported
        }
        Err(error) => format!("{} {}", error.status().as_u16(), error.body().code),
    };
    (reported, diagnostics.into_list())
}

#[test]
fn two_slashes_may_stand_behind_the_subscription_and_nowhere_else() {
    let (found, _) = route_of("DELETE", &format!("/{SUB}//affinitygroups/west"));
    assert_eq!(found, "Delete Affinity Group group=west");
    for path in ["//", "/services//hostedservices", "/services/hostedservices/contoso//"] {
        let (found, _) = route_of("DELETE", &format!("/{SUB}{path}"));
        assert_eq!(found, "404 ResourceNotFound", "{path}");
    }
}

#[test]
fn operations_are_found_in_every_spelling() {
    for (method, rest, expected) in [
        ("POST", "/services/hostedservices", "Create Cloud Service"),
        ("POST", "/Services/HostedServices/", "Create Cloud Service"),
        ("DELETE", "/services/hostedservices/contoso", "Delete Cloud Service service=contoso"),
        ("GET", "/services/hostedservices/contoso", "Get Cloud Service Properties service=contoso"),
        (
            "GET",
            "/services/hostedservices/contoso?embed-detail=True",
            "Get Cloud Service Properties service=contoso",
        ),
        (
            "POST",
            "/services/hostedservices/contoso/deploymentslots/staging",
            "Create Deployment service=contoso slot=staging",
        ),
        (
            "GET",
            "/services/hostedservices/contoso/deploymentslots/PRODUCTION",
            "Get Deployment service=contoso slot=PRODUCTION",
        ),
        (
            "GET",
            "/services/hostedservices/contoso/Deployments/release%2042",
            "Get Deployment service=contoso deployment=release 42",
        ),
        (
            "DELETE",
            "/services/hostedservices/contoso/deployments/a?comp=media",
            "Delete Deployment service=contoso deployment=a",
        ),
        (
            "POST",
            "/services/hostedservices/contoso/deploymentslots/production/?comp=rollback",
            "Rollback Update Or Upgrade service=contoso slot=production",
        ),
        (
            "POST",
            "/services/hostedservices/contoso/deployments/a?comp=walkupgradedomain",
            "Walk Upgrade Domain service=contoso deployment=a",
        ),
        (
            "POST",
            "/services/hostedservices/contoso/deployments/a/?COMP=Upgrade",
            "Upgrade Deployment service=contoso deployment=a",
        ),
        ("GET", "", "Get Subscription"),
        ("GET", "/", "Get Subscription"),
        ("GET", "//Subscriptions/", "List Subscriptions (token callers)"),
        ("GET", "/Operations?starttime=2015-01-01", "List Subscription Operations"),
        ("PUT", "/services?service=website&ACTION=Register", "Register Resource Provider"),
        (
            "GET",
            "/operations/4f3a9cbde01c4d24a6b1ca5ed9a3a2b1",
            "Get Operation Status operation=4f3a9cbde01c4d24a6b1ca5ed9a3a2b1",
        ),
    ] {
        assert_eq!(route(method, rest).0, expected, "{method} {rest}");
    }
}

#[test]
fn what_is_unknown_is_refused_by_kind() {
    for (method, rest, expected) in [
        ("GET", "/services", "400 InvalidHttpVerb"),
        ("PUT", "/services?service=website", "400 MissingOrInvalidRequiredQueryParameter"),
        ("GET", "/disks", "404 ResourceNotFound"),
        ("GET", "/services/disks", "404 ResourceNotFound"),
        ("GET", "/services/hostedservices/contoso/x/y", "404 ResourceNotFound"),
        ("GET", "/services//hostedservices", "404 ResourceNotFound"),
        ("GET", "/services/hostedservices/%ff", "400 BadRequest"),
        ("PATCH", "/services/hostedservices/contoso", "400 InvalidHttpVerb"),
        (
            "PATCH",
            "/services/hostedservices/contoso/deployments/a?comp=upgrade",
            "400 InvalidHttpVerb",
        ),
        ("DELETE", "/operations/1", "400 InvalidHttpVerb"),
        (
            "POST",
            "/services/hostedservices/contoso/deployments/a",
            "400 MissingOrInvalidRequiredQueryParameter",
        ),
        (
            "POST",
            "/services/hostedservices/contoso/deployments/a?comp=swim",
            "400 MissingOrInvalidRequiredQueryParameter",
        ),
        (
            "POST",
            "/services/hostedservices/contoso/deploymentslots/staging?comp=swim",
            "400 MissingOrInvalidRequiredQueryParameter",
        ),
        (
            "GET",
            "/services/hostedservices/contoso/deployments/a?comp=upgrade",
            "400 MissingOrInvalidRequiredQueryParameter",
        ),
    ] {
        assert_eq!(route(method, rest).0, expected, "{method} {rest}");
    }
}

#[test]
fn what_nearly_fits_is_noted() {
    let (_, diagnostics) = route("GET", "/services/hostedservices/contoso/deployment/first");
    assert!(diagnostics[0].contains("nearest: "), "{diagnostics:?}");
    assert!(
        diagnostics[0].contains("{service}/[deploymentslots/{slot} or deployments/{deployment}]"),
        "{diagnostics:?}"
    );
    let (_, diagnostics) = route("PATCH", "/operations/1");
    assert_eq!(diagnostics, ["this path has GET /operations/{operation} (Get Operation Status)"]);
}

#[test]
fn no_two_routes_are_the_same() {
    let mut seen = std::collections::HashSet::new();
    for route in routes() {
        assert!(
            seen.insert((route.verb.as_str(), route.path, route.selector)),
            "{} {} {:?}",
            route.verb.as_str(),
            route.path,
            route.selector
        );
    }
}
