//! The protocol crate's machines meet every fault, and nothing happens twice.

use std::time::Duration;

use azure_classic_emulator::faults::{AsyncFailure, Effect, FaultResponse, FaultRule};
use azure_classic_protocol::machine::{OnConflict, Poll};
use azure_classic_protocol::{
    CloudServiceRef, Deployment, DeploymentRef, Error, ErrorKind, UpdateMode, UpgradeDeployment,
};

use crate::harness::{Harness, cscfg};
use crate::test_client::TestClient;

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn deployment() -> DeploymentRef {
    CloudServiceRef::new("contoso").deployment("first")
}

fn upgrade() -> UpgradeDeployment {
    let package = "https://contoso.example.net/2.cspkg";
    deployment().upgrade(UpdateMode::Auto, package, cscfg(WEB), "two")
}

fn client_with_rules(rules: impl IntoIterator<Item = FaultRule>) -> TestClient {
    let mut harness = Harness::with_deployment(WEB);
    for rule in rules {
        harness.add_fault(rule);
    }
    TestClient::with(harness)
}

/// The first upgrade that is asked for meets this.
fn on_first_upgrade(effect: impl Into<Effect>) -> FaultRule {
    FaultRule::new("fault", effect).on("Upgrade Deployment").first(1)
}

/// How often an upgrade was asked for, and the newest version that any instance runs in the end.
fn upgrade_requests_and_version(client: &mut TestClient) -> (usize, u32) {
    let is_request = |entry: &&_| is_upgrade(entry);
    let requests = client.harness.simulator.journal().entries().filter(is_request).count();
    client.harness.settle();
    (requests, client.harness.versions().into_iter().max().unwrap())
}

fn is_upgrade(entry: &azure_classic_emulator::JournalEntry) -> bool {
    entry.operation == Some("Upgrade Deployment")
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn retries_unambiguous_failures() {
    let regional = "https://usnorth.management.example.net".to_owned();
    for (effect, at_least) in [
        (FaultResponse::new(503, "ServerBusy").into(), 11),
        (FaultResponse::new(503, "TooManyRequests").retry_after(40).into(), 50),
        (FaultResponse::new(429, "TooManyRequests").into(), 11),
        (Effect::Redirect { to: regional }, 10),
    ] {
        let mut client = client_with_rules([on_first_upgrade(effect)]);
        let start = client.now;
        client.run(&upgrade());
        assert!(client.now - start >= seconds(at_least), "{:?}", client.now - start);
        assert_eq!(upgrade_requests_and_version(&mut client), (2, 2));
    }
}

#[test]
fn does_not_retry_ambiguous_failures() {
    let timed_out = || FaultResponse::new(500, "OperationTimedOut");
    for (effect, kind, version) in [
        (timed_out().into(), ErrorKind::Rejected, 1),
        (timed_out().after_processing().into(), ErrorKind::Rejected, 2),
        (Effect::Disconnect { after_processing: false }, ErrorKind::MaybeSent, 1),
        (Effect::Disconnect { after_processing: true }, ErrorKind::MaybeSent, 2),
    ] {
        let mut client = client_with_rules([on_first_upgrade(effect)]);
        let error = client.try_run(&upgrade()).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.may_have_applied(), "{error}");
        assert_eq!(upgrade_requests_and_version(&mut client), (1, version));
    }
}

#[test]
fn does_not_retry_rejections() {
    let stranger = "https://management.fabrikam.example".to_owned();
    for (effect, status) in [
        (FaultResponse::new(403, "SubscriptionDisabled").into(), 403),
        (Effect::Conflict { request_id: None }, 409),
        (Effect::Redirect { to: stranger }, 307),
    ] {
        let mut client = client_with_rules([on_first_upgrade(effect)]);
        let error = client.try_run(&upgrade()).unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(!error.may_have_applied(), "{error}");
        assert_eq!(upgrade_requests_and_version(&mut client), (1, 1));
    }
}

#[test]
fn waits_for_conflicting_request() {
    let mut client = client_with_rules([]);
    let time = seconds(300);
    let long = FaultRule::new("long", Effect::SlowOperation { time })
        .on("Change Deployment Configuration");
    client.harness.add_fault(long);
    let other = client.harness.change("Auto", WEB).expect(202).id();
    client.harness.add_fault(on_first_upgrade(Effect::Conflict { request_id: Some(other) }));
    client.retry.on_conflict = OnConflict::WaitFor(Poll::default());
    let start = client.now;
    client.run(&upgrade());
    assert!(client.now - start >= time, "{:?}", client.now - start);
    // Refused by the fault, and accepted when the other operation has ended.
    assert_eq!(upgrade_requests_and_version(&mut client), (2, 3));
}

#[test]
fn tolerates_slow_responses() {
    let time = seconds(90);
    for after_processing in [false, true] {
        let mut client =
            client_with_rules([on_first_upgrade(Effect::Slow { time, after_processing })]);
        let start = client.now;
        client.run(&upgrade());
        assert!(client.now - start >= time);
        assert_eq!(upgrade_requests_and_version(&mut client), (1, 2));
    }
    let mut client =
        client_with_rules([on_first_upgrade(Effect::SlowOperation { time: seconds(1200) })]);
    let start = client.now;
    client.run(&upgrade());
    assert!(client.now - start >= seconds(1200));
    assert_eq!(upgrade_requests_and_version(&mut client), (1, 2));
}

#[test]
fn reports_asynchronous_failure() {
    let failure = AsyncFailure::new(400, "Compute.OverconstrainedAllocationRequest");
    let mut client = client_with_rules([on_first_upgrade(failure.message("There is no room."))]);
    let error = client.try_run(&upgrade()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert!(error.to_string().contains("There is no room."), "{error}");
    assert_eq!(upgrade_requests_and_version(&mut client), (1, 1));
    client.now = client.harness.simulator.now();
    client.run(&upgrade());
    assert_eq!(upgrade_requests_and_version(&mut client), (2, 2));
}

#[test]
fn reads_retry_transient_failures() {
    let regional = "https://usnorth.management.example.net".to_owned();
    for effect in [
        FaultResponse::new(503, "ServerBusy").retry_after(5).into(),
        FaultResponse::new(429, "TooManyRequests").into(),
        FaultResponse::new(500, "InternalError").into(),
        FaultResponse::without_body(502).into(),
        Effect::Redirect { to: regional },
        Effect::Disconnect { after_processing: false },
        Effect::Disconnect { after_processing: true },
        Effect::Slow { time: seconds(7), after_processing: false },
        Effect::ClockSkew { seconds: -86_400 },
    ] {
        let rule = FaultRule::new("fault", effect.clone());
        let rule = match effect {
            Effect::ClockSkew { .. } => rule,
            _ => rule.on_reads().every(2),
        };
        let mut client = client_with_rules([rule]);
        client.run(&upgrade());
        let after = client.poll_until(&deployment(), Deployment::is_settled);
        assert_eq!(after.label.as_str(), "two");
        assert_eq!(upgrade_requests_and_version(&mut client), (1, 2));
    }
}

#[test]
fn waits_for_recovering_instances() {
    for effect in [
        Effect::Recycles { down: seconds(40) },
        Effect::Flaps { ready: seconds(3), down: seconds(40) },
    ] {
        let sick = FaultRule::new("sick", effect).instance("Web_IN_1").label("two").times(3);
        let mut client = client_with_rules([sick]);
        client.run(&upgrade());
        // Between two falls it looks well, so the wait is for the last of them.
        client.now += seconds(600);
        let after = client.poll_until(&deployment(), Deployment::is_settled);
        assert_eq!(after.label.as_str(), "two");
        assert_eq!(client.harness.simulator.faults()[0].applied, 3);
        assert_eq!(upgrade_requests_and_version(&mut client), (1, 2));
    }
}

#[test]
fn times_out_on_unrecoverable_instances() {
    for (effect, label) in [
        (Effect::NeverStarts, "two"),
        (Effect::FailsToStart, "two"),
        (Effect::Unresponsive, "two"),
        (Effect::StuckDomain { domain: 1 }, "two"),
    ] {
        let mut client = client_with_rules([FaultRule::new("fault", effect).label(label)]);
        client.run(&upgrade());
        let error: Error =
            client.try_poll_until(&deployment(), Deployment::is_settled).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
        assert!(client.harness.simulator.remove_fault("fault"));
        client.poll_until(&deployment(), Deployment::is_settled);
        assert_eq!(upgrade_requests_and_version(&mut client), (1, 2));
    }
}
