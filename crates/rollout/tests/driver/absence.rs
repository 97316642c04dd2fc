//! Readings that say that the deployment is not there: one alone is doubted, those of a confirmation
//! period are believed.

use std::time::Duration;

use azure_classic_emulator::faults::{FaultResponse, FaultRule};
use azure_classic_protocol::deployment::model::UpgradeStatus;
use azure_classic_protocol::machine::Poll;
use azure_classic_protocol::{CloudServiceRef, Slot, UpdateMode};
use azure_classic_rollout::{
    Event, FinalState, NextStep, Policy, Record, Rollout, RolloutError, StopReason,
};

use crate::table::{PACKAGE, Table, cscfg, first, observer, upgrade};

const PAUSE: Duration = Duration::from_secs(5);

fn steady(rollout: Rollout) -> Rollout {
    rollout.with_poll(Poll { first_delay: PAUSE, max_delay: PAUSE, ..Poll::default() })
}

/// Responds with 404 to all readings, or to the one with this number.
fn not_found() -> FaultRule {
    FaultRule::new("gone", FaultResponse::new(404, "ResourceNotFound")).on("Get Deployment")
}

/// Responds with another deployment to the reading with this number, or to all from it on.
fn replace(table: &mut Table, nth: u32, is_once: bool) {
    let mut readings = 0;
    table.front = Some(Box::new(move |text| {
        readings += 1;
        if readings < nth || (is_once && readings > nth) {
            return text;
        }
        let (before, rest) = text.split_once("<PrivateID>").unwrap();
        let (_, after) = rest.split_once("</PrivateID>").unwrap();
        format!("{before}<PrivateID>another</PrivateID>{after}")
    }));
}

/// Walks a domain, and acts; why the driver stops then, and how long that takes.
fn stop_after_walking(table: &mut Table, act: impl FnOnce(&mut Table)) -> (RolloutError, Duration) {
    let mut rollout = steady(table.start(upgrade()));
    while rollout.record().map_or(0, Record::started_domains) == 0 {
        assert!(table.step(&mut rollout).is_none(), "it ends before its first walk");
    }
    act(table);
    let before = table.now;
    let stopped = table.run(rollout).unwrap_err();
    (stopped, table.now - before)
}

#[track_caller]
fn is_confirmed(time: Duration) {
    let doubt = Policy::default().confirm_after;
    assert!((doubt..doubt + 3 * PAUSE).contains(&time), "{time:?}");
}

#[test]
fn a_single_reading_without_the_deployment_ends_nothing_in_any_phase() {
    for nth in 2..=30 {
        let mut missing = Table::new();
        missing.cloud.add_fault(not_found().nth(nth)).unwrap();
        let mut replaced = Table::new();
        replace(&mut replaced, u32::try_from(nth).unwrap(), true);
        for (mut table, why) in [(missing, StopReason::Deleted), (replaced, StopReason::Replaced)] {
            let (events, observer) = observer();
            let outcome = table.run(steady(table.start(upgrade()).on_event(observer))).unwrap();
            assert_eq!(outcome.final_state(), FinalState::Upgraded, "reading {nth}: {why}");
            assert_eq!(table.comps().len(), 4);
            assert!(
                events.lock().unwrap().contains(&Event::Unconfirmed { reason: why }),
                "reading {nth}"
            );
        }
    }
}

#[test]
fn a_reading_without_the_deployment_restarts_the_settle_time() {
    let time = |nth: Option<u64>| {
        let mut table = Table::new();
        let start = table.now;
        let policy = Policy { settle_time: Duration::from_secs(100), ..Policy::default() };
        let mut rollout = steady(table.start(upgrade().policy(policy)));
        let is_settling = |rollout: &Rollout| {
            let update = rollout.deployment().and_then(|read| read.upgrade_status.as_ref());
            update.and_then(UpgradeStatus::domain) == Some(1)
        };
        while !is_settling(&rollout) {
            assert!(table.step(&mut rollout).is_none());
        }
        if let Some(nth) = nth {
            table.cloud.add_fault(not_found().nth(nth)).unwrap();
        }
        assert_eq!(table.run(rollout).unwrap().final_state(), FinalState::Upgraded);
        table.now - start
    };
    assert!(time(Some(2)) > time(None), "the settle time goes on over a 404");
}

#[test]
fn a_deployment_that_stays_away_stops_the_rollout_once_that_is_confirmed() {
    let mut table = Table::new();
    let (stopped, time) = stop_after_walking(&mut table, |table| {
        table.cloud.add_fault(not_found()).unwrap();
    });
    assert_eq!(*stopped.why(), StopReason::Deleted);
    assert_eq!(stopped.next_step(), NextStep::Nothing);
    assert_eq!(stopped.to_string(), "the deployment does not exist any more");
    is_confirmed(time);
    assert_eq!(table.comps(), ["comp=upgrade", "comp=walkupgradedomain"]);
}

#[test]
fn another_deployment_of_the_same_name_stops_the_rollout_once_that_is_confirmed() {
    let mut table = Table::new();
    let (stopped, time) = stop_after_walking(&mut table, |table| replace(table, 1, false));
    assert_eq!(*stopped.why(), StopReason::Replaced);
    assert_eq!(stopped.next_step(), NextStep::Adopt, "it has a manual update in progress");
    is_confirmed(time);
    assert_eq!(table.comps(), ["comp=upgrade", "comp=walkupgradedomain"]);
}

#[test]
fn a_deleted_and_recreated_deployment_is_another_one() {
    let mut table = Table::new();
    let (stopped, _) = stop_after_walking(&mut table, |table| {
        table.settle();
        table.send(&first().delete());
        table.settle();
        let create = CloudServiceRef::new("contoso")
            .create_deployment(Slot::Production, "first", PACKAGE, cscfg(3, "secret-1"))
            .label("one")
            .start(true);
        table.send(&create);
        table.settle();
    });
    assert_eq!(*stopped.why(), StopReason::Replaced);
    assert_eq!(stopped.next_step(), NextStep::Nothing, "no update is in progress");
    assert!(stopped.to_string().contains("the deployment as it is: first (\"one\")"), "{stopped}");
}

/// 404 and another doubt in turn, so that neither is confirmed: it ends, and not with the claim that
/// nothing is left.
#[test]
fn a_deployment_that_is_there_in_between_is_not_called_gone() {
    for first_missing in 1..=2 {
        let mut table = Table::new();
        let (stopped, _) = stop_after_walking(&mut table, |table| {
            table.settle();
            let theirs = cscfg(3, "theirs");
            table.send(&first().upgrade(UpdateMode::Manual, PACKAGE, theirs, "three"));
            table.settle();
            for nth in (first_missing..200).step_by(2) {
                let id = format!("reading {nth}");
                let gone = FaultRule::new(id, FaultResponse::new(404, "ResourceNotFound"));
                table.cloud.add_fault(gone.on("Get Deployment").nth(nth)).unwrap();
            }
        });
        assert!(matches!(stopped.why(), StopReason::ExternalChange(_)), "{stopped}");
    }
}
