//! The protocol crate's machines meet every fault, and nothing happens twice.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Failure, Reply, Rule};
use azure_classic_protocol::machine::{OnConflict, Poll};
use azure_classic_protocol::{
    CloudServiceRef, Deployment, DeploymentRef, Error, ErrorKind, UpdateMode, UpgradeDeployment,
};

use crate::bench::{Bench, cscfg};
use crate::somebody::Somebody;

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn shop() -> DeploymentRef {
    CloudServiceRef::new("contoso").deployment("first")
}

fn upgrade() -> UpgradeDeployment {
    let package = "https://contoso.example.net/2.cspkg";
    shop().upgrade(UpdateMode::Auto, package, cscfg(WEB), "two")
}

fn meeting(rules: impl IntoIterator<Item = Rule>) -> Somebody {
    let mut bench = Bench::running(WEB);
    for rule in rules {
        bench.fault(rule);
    }
    Somebody::with(bench)
}

/// The first upgrade that is asked for meets this.
fn at_first(effect: impl Into<Effect>) -> Rule {
    Rule::new("fault", effect).on("Upgrade Deployment").first(1)
}

/// How often an upgrade was asked for, and the newest version that any instance runs in the end.
fn effects(somebody: &mut Somebody) -> (usize, u32) {
    let asked = |entry: &&_| is_upgrade(entry);
    let requests = somebody.bench.cloud.journal().entries().filter(asked).count();
    somebody.bench.settle();
    (requests, somebody.bench.versions().into_iter().max().unwrap())
}

fn is_upgrade(entry: &azure_classic_emulator::JournalEntry) -> bool {
    entry.operation == Some("Upgrade Deployment")
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn what_was_certainly_not_done_is_tried_again() {
    let regional = "https://usnorth.management.example.net".to_owned();
    for (effect, at_least) in [
        (Reply::new(503, "ServerBusy").into(), 11),
        (Reply::new(503, "TooManyRequests").retry_after(40).into(), 50),
        (Reply::new(429, "TooManyRequests").into(), 11),
        (Effect::Redirect { to: regional }, 10),
    ] {
        let mut somebody = meeting([at_first(effect)]);
        let began = somebody.now;
        somebody.run(&upgrade());
        assert!(somebody.now - began >= seconds(at_least), "{:?}", somebody.now - began);
        assert_eq!(effects(&mut somebody), (2, 2));
    }
}

#[test]
fn what_may_have_been_done_is_not_tried_again() {
    let timed_out = || Reply::new(500, "OperationTimedOut");
    for (effect, kind, version) in [
        (timed_out().into(), ErrorKind::Rejected, 1),
        (timed_out().after_work().into(), ErrorKind::Rejected, 2),
        (Effect::Cut { after_work: false }, ErrorKind::MaybeSent, 1),
        (Effect::Cut { after_work: true }, ErrorKind::MaybeSent, 2),
    ] {
        let mut somebody = meeting([at_first(effect)]);
        let error = somebody.try_run(&upgrade()).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.may_have_applied(), "{error}");
        assert_eq!(effects(&mut somebody), (1, version));
    }
}

#[test]
fn what_was_refused_stays_refused() {
    let stranger = "https://management.fabrikam.example".to_owned();
    for (effect, status) in [
        (Reply::new(403, "SubscriptionDisabled").into(), 403),
        (Effect::Conflict { request_id: None }, 409),
        (Effect::Redirect { to: stranger }, 307),
    ] {
        let mut somebody = meeting([at_first(effect)]);
        let error = somebody.try_run(&upgrade()).unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(!error.may_have_applied(), "{error}");
        assert_eq!(effects(&mut somebody), (1, 1));
    }
}

#[test]
fn a_conflict_is_waited_out_by_the_request_that_it_names() {
    let mut somebody = meeting([]);
    let time = seconds(300);
    let long = Rule::new("long", Effect::TakesLong { time }).on("Change Deployment Configuration");
    somebody.bench.fault(long);
    let other = somebody.bench.change("Auto", WEB).expect(202).id();
    somebody.bench.fault(at_first(Effect::Conflict { request_id: Some(other) }));
    somebody.retry.on_conflict = OnConflict::WaitFor(Poll::default());
    let began = somebody.now;
    somebody.run(&upgrade());
    assert!(somebody.now - began >= time, "{:?}", somebody.now - began);
    // Refused by the fault, and accepted when the other operation has ended.
    assert_eq!(effects(&mut somebody), (2, 3));
}

#[test]
fn slowness_is_borne() {
    let time = seconds(90);
    for after_work in [false, true] {
        let mut somebody = meeting([at_first(Effect::Slow { time, after_work })]);
        let began = somebody.now;
        somebody.run(&upgrade());
        assert!(somebody.now - began >= time);
        assert_eq!(effects(&mut somebody), (1, 2));
    }
    let mut somebody = meeting([at_first(Effect::TakesLong { time: seconds(1200) })]);
    let began = somebody.now;
    somebody.run(&upgrade());
    assert!(somebody.now - began >= seconds(1200));
    assert_eq!(effects(&mut somebody), (1, 2));
}

#[test]
fn work_that_fails_late_is_told_as_failed() {
    let failure = Failure::new(400, "Compute.OverconstrainedAllocationRequest");
    let mut somebody = meeting([at_first(failure.message("There is no room."))]);
    let error = somebody.try_run(&upgrade()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert!(error.to_string().contains("There is no room."), "{error}");
    assert_eq!(effects(&mut somebody), (1, 1));
    somebody.now = somebody.bench.cloud.now();
    somebody.run(&upgrade());
    assert_eq!(effects(&mut somebody), (2, 2));
}

#[test]
fn reads_get_through_everything_that_passes() {
    let regional = "https://usnorth.management.example.net".to_owned();
    for effect in [
        Reply::new(503, "ServerBusy").retry_after(5).into(),
        Reply::new(429, "TooManyRequests").into(),
        Reply::new(500, "InternalError").into(),
        Reply::bare(502).into(),
        Effect::Redirect { to: regional },
        Effect::Cut { after_work: false },
        Effect::Cut { after_work: true },
        Effect::Slow { time: seconds(7), after_work: false },
        Effect::ClockSkew { seconds: -86_400 },
    ] {
        let rule = Rule::new("fault", effect.clone());
        let rule = match effect {
            Effect::ClockSkew { .. } => rule,
            _ => rule.on_reads().every(2),
        };
        let mut somebody = meeting([rule]);
        somebody.run(&upgrade());
        let after = somebody.watch(&shop(), Deployment::is_settled);
        assert_eq!(after.label.as_str(), "two");
        assert_eq!(effects(&mut somebody), (1, 2));
    }
}

#[test]
fn instances_that_recover_are_waited_for() {
    for effect in [
        Effect::Recycles { down: seconds(40) },
        Effect::Flaps { ready: seconds(3), down: seconds(40) },
    ] {
        let sick = Rule::new("sick", effect).instance("Web_IN_1").label("two").times(3);
        let mut somebody = meeting([sick]);
        somebody.run(&upgrade());
        // Between two falls it looks well, so the wait is for the last of them.
        somebody.now += seconds(600);
        let after = somebody.watch(&shop(), Deployment::is_settled);
        assert_eq!(after.label.as_str(), "two");
        assert_eq!(somebody.bench.cloud.faults()[0].taken, 3);
        assert_eq!(effects(&mut somebody), (1, 2));
    }
}

#[test]
fn what_does_not_recover_ends_the_patience() {
    for (effect, label) in [
        (Effect::NeverStarts, "two"),
        (Effect::FailsToStart, "two"),
        (Effect::Unresponsive, "two"),
        (Effect::StuckDomain { domain: 1 }, "two"),
    ] {
        let mut somebody = meeting([Rule::new("fault", effect).label(label)]);
        somebody.run(&upgrade());
        let error: Error = somebody.try_watch(&shop(), Deployment::is_settled).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
        assert!(somebody.bench.cloud.remove_fault("fault"));
        somebody.watch(&shop(), Deployment::is_settled);
        assert_eq!(effects(&mut somebody), (1, 2));
    }
}
