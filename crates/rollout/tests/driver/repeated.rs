//! Changes that are sent twice, because the first response was lost.

use azure_classic_emulator::faults::{FaultResponse, FaultRule};
use std::time::Duration;

use azure_classic_protocol::UpdateMode;
use azure_classic_rollout::{
    Change, Event, ExternalChange, FinalState, Input, OnFailure, Policy, Record, StopReason,
};

use crate::table::{PACKAGE, Table, cscfg, first, observer, upgrade};

/// The first attempt takes effect, and readings show that late. So the second one is rejected: the update
/// is on its way back already, and this rollout has sent it there.
#[test]
fn a_rollback_that_takes_effect_late_is_not_taken_for_another_operators() {
    let mut table = Table::new();
    let lost = FaultResponse::new(500, "InternalError").after_processing();
    table
        .cloud
        .add_fault(FaultRule::new("lost", lost).on("Rollback Update Or Upgrade").times(1))
        .unwrap();
    let (events, observer) = observer();
    let (seen, mut fresh) = (events.clone(), String::new());
    let attempt = Event::Sending { change: Change::RollBack };
    table.front = Some(Box::new(move |text| {
        let attempts = seen.lock().unwrap().iter().filter(|event| **event == attempt).count();
        if attempts != 1 {
            fresh = text;
        }
        fresh.clone()
    }));
    let rollout = table.start(upgrade()).on_event(observer);
    let mut is_aborted = false;
    let outcome = table.drive(rollout, |rollout| {
        if !is_aborted && rollout.record().map_or(0, Record::started_domains) == 1 {
            rollout.input(Input::Abort);
            is_aborted = true;
        }
    });
    assert_eq!(outcome.unwrap().final_state(), FinalState::RolledBack);
    assert_eq!(table.comps().iter().filter(|it| it.contains("rollback")).count(), 2);
    let events = events.lock().unwrap();
    let is_rejected = |it: &Event| {
        matches!(it, Event::Blocked { change: Change::RollBack, .. } | Event::Rejected { .. })
    };
    assert!(events.iter().any(is_rejected));
    let why = StopReason::ExternalChange(ExternalChange::RolledBack);
    assert!(!events.contains(&Event::Unconfirmed { reason: why }));
}

/// Another operator starts the same update while domain 1 is walked, so that its walk fails, and then walks
/// domain 0. The last readings look as if the walk had failed by itself; those before do not.
#[test]
fn a_restart_is_not_forgotten_when_the_walk_fails_of_it() {
    let mut table = Table::new();
    let (events, observer) = observer();
    let doubt = Duration::from_secs(900);
    let policy = Policy { on_failure: OnFailure::Pause, confirm_after: doubt, ..Policy::default() };
    let mut rollout = table.start(upgrade().policy(policy)).on_event(observer);
    while rollout.record().map_or(0, Record::started_domains) < 2 {
        assert!(table.step(&mut rollout).is_none());
    }
    let again = first().upgrade(UpdateMode::Manual, PACKAGE, cscfg(3, "secret-2"), "two");
    assert_eq!(table.send(&again).status(), 202);
    let doubted =
        Event::Unconfirmed { reason: StopReason::ExternalChange(ExternalChange::Restarted) };
    while !events.lock().unwrap().contains(&doubted) {
        assert!(table.step(&mut rollout).is_none());
    }
    let since = table.now;
    while table.now < since + Duration::from_secs(60) {
        assert!(table.step(&mut rollout).is_none());
    }
    assert_eq!(table.send(&first().walk_upgrade_domain(0)).status(), 202);
    let stopped = loop {
        if let Some(outcome) = table.step(&mut rollout) {
            break outcome.unwrap_err();
        }
        let pause = rollout.record().and_then(Record::pause);
        assert_eq!(pause, None, "the restart was forgotten");
    };
    assert_eq!(*stopped.why(), StopReason::ExternalChange(ExternalChange::Restarted));
}
