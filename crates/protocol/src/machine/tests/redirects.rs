//! Redirects, which carry the credential along or are not followed.

use super::{GET, call, deployment, endpoint, play, rollback};
use crate::machine::{Call, Instant, Machine, Retry, Step};
use crate::{Endpoint, RedirectRule};

#[test]
fn a_redirect_to_the_same_cloud_is_followed_and_costs_no_attempt() {
    let endpoint = Endpoint::new(
        "https://management.core.windows.net",
        "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap(),
    )
    .unwrap();
    let path = "services/hostedservices/c/deployments/a/?comp=rollback";
    let location = format!(
        "https://usnorth.management.core.windows.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/{path}"
    );
    play(
        Call::new(&endpoint, &rollback(), &Retry::never()),
        &format!(
            "0s > POST management.core.windows.net /{path}
             < 307 nameless Location={location}
             0s > POST usnorth.management.core.windows.net /{path}
             < 202
             0s done"
        ),
    );
}

#[test]
fn a_redirect_keeps_method_headers_and_body() {
    let mut exchange = call(&rollback());
    let Step::Send(first) = exchange.step(Instant::ORIGIN) else { panic!("it sends first") };
    let location = "https://eu.management.example.net/elsewhere/?comp=rollback";
    let redirect = http::Response::builder()
        .status(307)
        .header("Location", location)
        .body(crate::Bytes::new())
        .unwrap();
    exchange.receive(Instant::ORIGIN, Ok(redirect));
    let Step::Send(second) = exchange.step(Instant::ORIGIN) else { panic!("it follows") };
    assert_eq!(second.uri(), location);
    assert_eq!(second.method(), first.method());
    assert_eq!(second.headers(), first.headers());
    assert_eq!(second.body(), first.body());
}

#[test]
fn a_redirect_that_would_carry_the_credential_away_is_not_followed() {
    for (location, why) in [
        ("https://management.example.net.evil.net/x", "it is not a host of the same cloud"),
        ("https://evilmanagement.example.net/x", "it is not a host of the same cloud"),
        ("http://eu.management.example.net/x", "it is not an https address"),
        ("https://management.example.net:8443/x", "it has another port"),
        ("//evil.example/x", "it is not a host of the same cloud"),
        ("https://management.example.net@evil.example/x", "it is not a host of the same cloud"),
        ("", "a redirect to \"\", which is not a valid address"),
        ("https://[", "a redirect to \"https://[\", which is not a valid address"),
        (
            "mailto:a@contoso.example",
            "a redirect to \"mailto:a@contoso.example\", which is not a valid address",
        ),
    ] {
        let error = refused_redirect(location);
        assert!(error.contains(why), "{location}: {error}");
    }
}

#[test]
fn a_relative_redirect_is_resolved_against_the_request() {
    for (location, path) in [
        ("/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/elsewhere", "elsewhere"),
        ("//management.example.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/there", "there"),
        ("b?c=d", "services/hostedservices/c/deployments/b?c=d"),
    ] {
        play(
            call(&deployment().get()),
            &format!(
                "0s > {GET}
                 < 307 Location={location}
                 0s > GET /{path}
                 < 200 settled
                 0s done"
            ),
        );
    }
}

fn refused_redirect(location: &str) -> String {
    let mut exchange = call(&rollback());
    let Step::Send(_) = exchange.step(Instant::ORIGIN) else { panic!("it sends first") };
    let redirect = http::Response::builder()
        .status(307)
        .header("Location", location)
        .body(crate::Bytes::new())
        .unwrap();
    exchange.receive(Instant::ORIGIN, Ok(redirect));
    match exchange.step(Instant::ORIGIN) {
        Step::Done(Err(error)) => {
            assert!(!error.may_have_applied(), "{error}");
            error.to_string()
        }
        step => panic!("{location}: {step:?}"),
    }
}

#[test]
fn redirects_come_to_an_end() {
    let here = "https://management.example.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/c/deployments/a";
    let hop = format!("0s > {GET}\n< 307 Location={here}\n");
    play(
        call(&deployment().get()),
        &format!(
            "{hop}{hop}{hop}{hop}
             0s InvalidResponse: Get Deployment: invalid response (307): more than 3 redirects"
        ),
    );
}

#[test]
fn the_endpoints_rule_says_where_a_redirect_may_lead() {
    let region = "https://eu.management.example.net/x";
    let partner = "https://fabrikam.example:8443/s/services/hostedservices/c/deployments/a";
    let partners = RedirectRule::Hosts(vec!["fabrikam.example:8443".parse().unwrap()]);
    let call = |rule: &RedirectRule| {
        let endpoint = endpoint().with_redirects(rule.clone());
        Call::new(&endpoint, &deployment().get(), &Retry::never())
    };
    play(
        call(&RedirectRule::SameHost),
        &format!(
            "0s > {GET}
             < 307 Location={region}
             0s InvalidResponse: Get Deployment: invalid response (307): a redirect to \"https://eu.management.example.net/x\", which is not followed: it is another host, which the endpoint's rule does not allow"
        ),
    );
    play(
        call(&partners),
        &format!(
            "0s > {GET}
             < 307 nameless Location={partner}
             0s > GET fabrikam.example /services/hostedservices/c/deployments/a
             < 200 settled
             0s done"
        ),
    );
}
