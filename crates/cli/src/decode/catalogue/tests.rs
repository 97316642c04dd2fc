use super::*;

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

fn operations_by_route(method: &str, path: &str) -> Vec<&'static str> {
    let catalogue = Catalogue::new();
    let call = RequestLine::new(Some(method), Some(path));
    catalogue.by_route(&call).iter().map(|known| known.spec.name).collect()
}

/// Fills the placeholders of a route with names.
fn filled(route: &str) -> String {
    let by_slot = route.replace("/{service}/{deployment}", "/contoso/deploymentslots/staging");
    let mut path = String::new();
    for (at, part) in by_slot.split('{').enumerate() {
        let literal = part.split_once('}').map_or(part, |(_, literal)| literal);
        path.push_str(if at > 0 { "name" } else { "" });
        path.push_str(literal);
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

#[test]
fn every_operation_is_found_by_its_route_in_any_case() {
    for known in &Catalogue::new().0 {
        let path = filled(known.spec.route);
        let (bare, query) = path.split_once('?').unwrap_or((&path, ""));
        for path in [
            path.clone(),
            path.to_ascii_uppercase(),
            format!("/{SUBSCRIPTION}{path}"),
            format!("https://management.example.net/{SUBSCRIPTION}{path}"),
            format!("{bare}/?extra=1&{query}"),
            format!("{}?{query}", bare.trim_end_matches('/')),
            path.replace("contoso", "con%74oso"),
        ] {
            let method = known.spec.method.as_str().to_ascii_lowercase();
            assert_eq!(operations_by_route(&method, &path), [known.spec.name], "{method} {path}");
        }
    }
}

#[test]
fn the_most_specific_route_wins() {
    for (method, path, name) in [
        ("GET", "/s/services/hostedservices/contoso", "Get Cloud Service Properties"),
        (
            "GET",
            "/s/services/hostedservices/contoso?embed-detail=true",
            "Get Cloud Service Properties",
        ),
        (
            "GET",
            "/s/services/hostedservices/operations/isavailable/contoso",
            "Check Cloud Service Name Availability",
        ),
        ("GET", "/s/services/hostedservices/contoso/deployments/a", "Get Deployment"),
        ("GET", "/s/services/hostedservices/contoso/DeploymentSlots/Production/", "Get Deployment"),
        ("POST", "/s/services/hostedservices/contoso/deploymentslots/staging", "Create Deployment"),
        (
            "POST",
            "/s/services/hostedservices/contoso/deployments/a?comp=ROLLBACK",
            "Rollback Update Or Upgrade",
        ),
        (
            "POST",
            "/s/services/hostedservices/contoso/deployments/a/?Comp=walkupgradedomain",
            "Walk Upgrade Domain",
        ),
        (
            "DELETE",
            "/s/services/hostedservices/contoso/deployments/a?comp=media",
            "Delete Deployment",
        ),
        ("GET", "/subscriptions", "List Subscriptions (token callers)"),
        ("GET", "/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10", "Get Subscription"),
    ] {
        assert_eq!(operations_by_route(method, path), [name], "{method} {path}");
    }
}

#[test]
fn request_of_an_unknown_operation_does_not_match() {
    for (method, path) in [
        ("GET", "/s/services/images"),
        ("GET", "/s/services/hostedservices/contoso/deployments/a/roles/web"),
        ("GET", "/s/services/storageservices/contoso/operations"),
        ("POST", "/s/services/hostedservices/contoso/deployments"),
        ("POST", "/s/services/hostedservices/contoso/deployments/a?comp=UpdateLbSet"),
        ("PATCH", "/s/services/hostedservices/contoso"),
        ("GET", "/favicon.ico"),
        ("GET", "/a/b/services/hostedservices"),
    ] {
        assert_eq!(operations_by_route(method, path), [""; 0], "{method} {path}");
    }
}

fn candidates(call: &RequestLine, body: &'static str) -> Vec<&'static str> {
    let catalogue = Catalogue::new();
    let body = Bytes::from_static(body.as_bytes());
    catalogue.candidates(call, &body).iter().map(|known| known.spec.name).collect()
}

#[test]
fn without_a_route_the_root_decides() {
    for (body, names) in [
        (
            "\u{feff}<?xml version='1.0'?><!-- > --><Deployment xmlns='http://schemas.microsoft.com/windowsazure' a='>'><Name",
            &["Get Deployment"][..],
        ),
        (
            "<w:Operation xmlns:w='http://schemas.microsoft.com/windowsazure'/>",
            &["Get Operation Status"],
        ),
        (
            "<AvailabilityResponse xmlns='http://schemas.microsoft.com/windowsazure'>",
            &["Check Cloud Service Name Availability", "Check Storage Account Name Availability"],
        ),
        (
            "<NetworkConfiguration xmlns='http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration'/>",
            &["Get Network Configuration"],
        ),
        ("<Deployment xmlns='urn:another'/>", &[]),
        ("<Images xmlns='http://schemas.microsoft.com/windowsazure'/>", &[]),
        ("<html>", &[]),
        ("no XML > at all", &[]),
        ("", &[]),
    ] {
        assert_eq!(candidates(&RequestLine::default(), body), names, "{body}");
    }
}

#[test]
fn the_root_decides_between_methods() {
    let call = RequestLine::new(None, Some("/services/hostedservices/contoso"));
    assert!(candidates(&call, "").len() > 1);
    let body = "<HostedService xmlns='http://schemas.microsoft.com/windowsazure'>";
    assert_eq!(candidates(&call, body), ["Get Cloud Service Properties"]);
}

#[test]
fn a_name_may_be_spelled_as_a_type_or_a_command() {
    let catalogue = Catalogue::new();
    for name in ["Get Deployment", "get deployment", "GetDeployment", "get-deployment"] {
        assert_eq!(catalogue.named(name).unwrap().spec.name, "Get Deployment");
    }
    assert!(catalogue.named("Get Deployments").is_none());
    assert!(catalogue.named("").is_none());
}
