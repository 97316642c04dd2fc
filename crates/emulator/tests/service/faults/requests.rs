//! Faults on requests: answers, redirects, cuts, slowness.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultResponse, FaultRule};

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, create_deployment, create_service, upgrade,
};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";
const WEB: &[(&str, u32)] = &[("Web", 2)];

fn service_exists(harness: &mut Harness) -> bool {
    harness.get(CONTOSO).0.status() == 200
}

/// A harness where creating a service meets this.
fn with_fault_on_create(effect: impl Into<Effect>) -> Harness {
    let mut harness = Harness::new();
    harness.add_fault(FaultRule::new("fault", effect).on("Create Cloud Service").times(1));
    harness
}

#[test]
fn replaces_response_of_service() {
    for (reply, code, message) in [
        (FaultResponse::new(503, "ServerBusy"), "503 ServerBusy", "unable to receive requests"),
        (
            FaultResponse::new(503, "TooManyRequests"),
            "503 TooManyRequests",
            "Too many requests received.",
        ),
        (
            FaultResponse::new(429, "TooManyRequests"),
            "429 TooManyRequests",
            "Too many requests received.",
        ),
        (FaultResponse::new(500, "InternalError"), "500 InternalError", "internal error"),
        (FaultResponse::new(500, "OperationTimedOut"), "500 OperationTimedOut", "permitted time"),
        (
            FaultResponse::new(403, "SubscriptionDisabled"),
            "403 SubscriptionDisabled",
            "fault of the emulator",
        ),
        (
            FaultResponse::new(418, "Teapot").message("Short & stout."),
            "418 Teapot",
            "Short & stout.",
        ),
    ] {
        let mut harness = with_fault_on_create(reply);
        let refused = harness.post(SERVICES, &create_service("contoso"));
        assert_eq!(refused.code(), code);
        assert!(refused.message().contains(message), "{}", refused.message());
        assert_eq!(refused.header("retry-after"), "");
        // Nothing was begun.
        assert_eq!(harness.operation(&refused.id()), "ResourceNotFound");
        assert!(!service_exists(&mut harness));
        harness.post(SERVICES, &create_service("contoso")).expect(201);
    }
}

#[test]
fn response_can_have_retry_after_and_no_body() {
    let mut harness =
        with_fault_on_create(FaultResponse::new(429, "TooManyRequests").retry_after(30));
    let refused = harness.post(SERVICES, &create_service("contoso")).expect(429);
    assert_eq!(refused.header("retry-after"), "30");

    let mut harness = with_fault_on_create(FaultResponse::without_body(502).retry_after(5));
    let refused = harness.post(SERVICES, &create_service("contoso")).expect(502);
    assert_eq!((refused.body(), refused.header("content-type")), ("", ""));
    assert_eq!(refused.header("retry-after"), "5");
}

#[test]
fn response_after_processing_keeps_effect() {
    let mut harness =
        with_fault_on_create(FaultResponse::new(500, "OperationTimedOut").after_processing());
    let doubtful = harness.post(SERVICES, &create_service("contoso"));
    assert_eq!(doubtful.code(), "500 OperationTimedOut");
    assert_eq!(harness.operation(&doubtful.id()), "Succeeded 200");
    assert!(service_exists(&mut harness));
}

#[test]
fn conflict_names_request_id() {
    let holder = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";
    let mut harness =
        with_fault_on_create(Effect::Conflict { request_id: Some(holder.to_owned()) });
    let refused = harness.post(SERVICES, &create_service("contoso"));
    assert_eq!(refused.code(), "409 ConflictError");
    assert_eq!(
        refused.message(),
        format!(
            "Windows Azure is currently performing an operation with x-ms-requestid {holder} on \
             this deployment that requires exclusive access."
        )
    );
    assert!(!service_exists(&mut harness));

    let message = || {
        let mut harness = with_fault_on_create(Effect::Conflict { request_id: None });
        harness.post(SERVICES, &create_service("contoso")).message()
    };
    let id = message().split_whitespace().find(|part| part.len() == 32).unwrap().to_owned();
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(message(), message());
}

#[test]
fn redirect_matches_recording() {
    let to = "https://elsewhere.example.net:8443".to_owned();
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(FaultRule::new("elsewhere", Effect::Redirect { to }).times(1));
    let path = format!("{BY_NAME}/?comp=upgrade");
    let redirected = harness.post(&path, &upgrade("Auto", "two", WEB)).expect(307);
    assert_eq!(
        redirected.header("location"),
        format!("https://elsewhere.example.net:8443/{SUBSCRIPTION}{path}")
    );
    assert_eq!(
        redirected.body(),
        r#"<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/"/>"#
    );
    assert_eq!(redirected.header("content-type"), "application/xml; charset=utf-8");
    assert_eq!(redirected.header("x-ms-request-id"), "");
    assert_ne!(redirected.header("date"), "");
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn disconnects_before_or_after_processing() {
    for after_processing in [false, true] {
        let mut harness = with_fault_on_create(Effect::Disconnect { after_processing });
        let outcome =
            harness.outcome(&harness.request("POST", SERVICES, &create_service("contoso")));
        assert!(outcome.response.is_none() && outcome.delayed.is_none());
        assert_eq!(outcome.delay, Duration::ZERO);
        assert_eq!(service_exists(&mut harness), after_processing);
    }
}

#[test]
fn slow_response_does_not_delay_processing() {
    let time = Duration::from_secs(20);
    let mut harness = with_fault_on_create(Effect::Slow { time, after_processing: true });
    let outcome = harness.outcome(&harness.request("POST", SERVICES, &create_service("contoso")));
    assert_eq!(outcome.delay, time);
    assert_eq!(outcome.response.unwrap().status(), 201);
    assert!(service_exists(&mut harness));
}

#[test]
fn slow_request_delays_processing() {
    let time = Duration::from_secs(20);
    let mut harness = with_fault_on_create(Effect::Slow { time, after_processing: false });
    let outcome = harness.outcome(&harness.request("POST", SERVICES, &create_service("contoso")));
    assert_eq!(outcome.delay, time);
    assert!(outcome.response.is_none());
    assert!(!service_exists(&mut harness));

    // Somebody else is faster meanwhile.
    harness.advance(10);
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    let late =
        harness.simulator.resume(harness.simulator.now() + time / 2, outcome.delayed.unwrap());
    assert_eq!(late.response.unwrap().status(), 409);
    assert_eq!((late.delay, harness.seconds()), (Duration::ZERO, 20));
}

#[test]
fn slow_combines_with_other_effects() {
    let slow = |after_processing, seconds| {
        let time = Duration::from_secs(seconds);
        FaultRule::new(format!("slow {seconds}"), Effect::Slow { time, after_processing })
    };
    let mut harness = with_fault_on_create(Effect::Disconnect { after_processing: true });
    harness.add_fault(slow(false, 7));
    harness.add_fault(slow(true, 3));
    let outcome = harness.outcome(&harness.request("POST", SERVICES, &create_service("contoso")));
    assert_eq!(outcome.delay, Duration::from_secs(7));
    let outcome =
        harness.simulator.resume(harness.simulator.now() + outcome.delay, outcome.delayed.unwrap());
    assert_eq!(outcome.delay, Duration::from_secs(3));
    assert!(outcome.response.is_none() && outcome.delayed.is_none());
    harness.simulator.remove_fault("slow 7");
    assert!(service_exists(&mut harness));
}

#[test]
fn response_after_processing_hides_rejection() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(
        FaultRule::new("fault", FaultResponse::new(500, "InternalError").after_processing())
            .on_writes(),
    );
    let taken = harness.post(BY_SLOT, &create_deployment("second", "one", WEB, true));
    assert_eq!(taken.code(), "500 InternalError");
    assert_eq!(harness.operation(&taken.id()), "ResourceNotFound");
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
}
