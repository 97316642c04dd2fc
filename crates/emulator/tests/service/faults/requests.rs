//! Faults on requests: answers, redirects, cuts, slowness.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Reply, Rule};

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, SUBSCRIPTION, create_deployment, create_service, upgrade,
};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";
const WEB: &[(&str, u32)] = &[("Web", 2)];

fn service_exists(bench: &mut Bench) -> bool {
    bench.get(CONTOSO).0.status() == 200
}

/// A bench where creating a service meets this.
fn creating_meets(effect: impl Into<Effect>) -> Bench {
    let mut bench = Bench::new();
    bench.fault(Rule::new("fault", effect).on("Create Cloud Service").times(1));
    bench
}

#[test]
fn an_answer_stands_in_for_the_service() {
    for (reply, code, message) in [
        (Reply::new(503, "ServerBusy"), "503 ServerBusy", "unable to receive requests"),
        (Reply::new(503, "TooManyRequests"), "503 TooManyRequests", "Too many requests received."),
        (Reply::new(429, "TooManyRequests"), "429 TooManyRequests", "Too many requests received."),
        (Reply::new(500, "InternalError"), "500 InternalError", "internal error"),
        (Reply::new(500, "OperationTimedOut"), "500 OperationTimedOut", "permitted time"),
        (
            Reply::new(403, "SubscriptionDisabled"),
            "403 SubscriptionDisabled",
            "fault of the emulator",
        ),
        (Reply::new(418, "Teapot").message("Short & stout."), "418 Teapot", "Short & stout."),
    ] {
        let mut bench = creating_meets(reply);
        let refused = bench.post(SERVICES, &create_service("contoso"));
        assert_eq!(refused.code(), code);
        assert!(refused.message().contains(message), "{}", refused.message());
        assert_eq!(refused.header("retry-after"), "");
        // Nothing was begun.
        assert_eq!(bench.operation(&refused.id()), "ResourceNotFound");
        assert!(!service_exists(&mut bench));
        bench.post(SERVICES, &create_service("contoso")).expect(201);
    }
}

#[test]
fn an_answer_can_ask_to_wait_and_be_bare() {
    let mut bench = creating_meets(Reply::new(429, "TooManyRequests").retry_after(30));
    let refused = bench.post(SERVICES, &create_service("contoso")).expect(429);
    assert_eq!(refused.header("retry-after"), "30");

    let mut bench = creating_meets(Reply::bare(502).retry_after(5));
    let refused = bench.post(SERVICES, &create_service("contoso")).expect(502);
    assert_eq!((refused.body(), refused.header("content-type")), ("", ""));
    assert_eq!(refused.header("retry-after"), "5");
}

#[test]
fn an_answer_after_the_work_does_not_undo_it() {
    let mut bench = creating_meets(Reply::new(500, "OperationTimedOut").after_work());
    let doubtful = bench.post(SERVICES, &create_service("contoso"));
    assert_eq!(doubtful.code(), "500 OperationTimedOut");
    assert_eq!(bench.operation(&doubtful.id()), "Succeeded 200");
    assert!(service_exists(&mut bench));
}

#[test]
fn a_conflict_names_a_request() {
    let holder = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";
    let mut bench = creating_meets(Effect::Conflict { request_id: Some(holder.to_owned()) });
    let refused = bench.post(SERVICES, &create_service("contoso"));
    assert_eq!(refused.code(), "409 ConflictError");
    assert_eq!(
        refused.message(),
        format!(
            "Windows Azure is currently performing an operation with x-ms-requestid {holder} on \
             this deployment that requires exclusive access."
        )
    );
    assert!(!service_exists(&mut bench));

    let words = || {
        let mut bench = creating_meets(Effect::Conflict { request_id: None });
        bench.post(SERVICES, &create_service("contoso")).message()
    };
    let id = words().split_whitespace().find(|word| word.len() == 32).unwrap().to_owned();
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(words(), words());
}

#[test]
fn a_redirect_has_the_recorded_form() {
    let to = "https://elsewhere.example.net:8443".to_owned();
    let mut bench = Bench::running(WEB);
    bench.fault(Rule::new("elsewhere", Effect::Redirect { to }).times(1));
    let path = format!("{BY_NAME}/?comp=upgrade");
    let redirected = bench.post(&path, &upgrade("Auto", "two", WEB)).expect(307);
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
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn a_cut_comes_before_or_after_the_work() {
    for after_work in [false, true] {
        let mut bench = creating_meets(Effect::Cut { after_work });
        let outcome = bench.outcome(&bench.request("POST", SERVICES, &create_service("contoso")));
        assert!(outcome.answer.is_none() && outcome.held.is_none());
        assert_eq!(outcome.delay, Duration::ZERO);
        assert_eq!(service_exists(&mut bench), after_work);
    }
}

#[test]
fn a_slow_answer_leaves_the_work_where_it_was() {
    let time = Duration::from_secs(20);
    let mut bench = creating_meets(Effect::Slow { time, after_work: true });
    let outcome = bench.outcome(&bench.request("POST", SERVICES, &create_service("contoso")));
    assert_eq!(outcome.delay, time);
    assert_eq!(outcome.answer.unwrap().status(), 201);
    assert!(service_exists(&mut bench));
}

#[test]
fn a_slow_request_is_performed_late() {
    let time = Duration::from_secs(20);
    let mut bench = creating_meets(Effect::Slow { time, after_work: false });
    let outcome = bench.outcome(&bench.request("POST", SERVICES, &create_service("contoso")));
    assert_eq!(outcome.delay, time);
    assert!(outcome.answer.is_none());
    assert!(!service_exists(&mut bench));

    // Somebody else is faster meanwhile.
    bench.pass(10);
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    let late = bench.cloud.resume(bench.cloud.now() + time / 2, outcome.held.unwrap());
    assert_eq!(late.answer.unwrap().status(), 409);
    assert_eq!((late.delay, bench.seconds()), (Duration::ZERO, 20));
}

#[test]
fn slowness_goes_with_everything_else() {
    let slow = |after_work, seconds| {
        let time = Duration::from_secs(seconds);
        Rule::new(format!("slow {seconds}"), Effect::Slow { time, after_work })
    };
    let mut bench = creating_meets(Effect::Cut { after_work: true });
    bench.fault(slow(false, 7));
    bench.fault(slow(true, 3));
    let outcome = bench.outcome(&bench.request("POST", SERVICES, &create_service("contoso")));
    assert_eq!(outcome.delay, Duration::from_secs(7));
    let outcome = bench.cloud.resume(bench.cloud.now() + outcome.delay, outcome.held.unwrap());
    assert_eq!(outcome.delay, Duration::from_secs(3));
    assert!(outcome.answer.is_none() && outcome.held.is_none());
    bench.cloud.remove_fault("slow 7");
    assert!(service_exists(&mut bench));
}

#[test]
fn an_answer_after_the_work_hides_a_refusal_too() {
    let mut bench = Bench::running(WEB);
    bench.fault(Rule::new("fault", Reply::new(500, "InternalError").after_work()).on_changes());
    let taken = bench.post(BY_SLOT, &create_deployment("second", "one", WEB, true));
    assert_eq!(taken.code(), "500 InternalError");
    assert_eq!(bench.operation(&taken.id()), "ResourceNotFound");
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
}
