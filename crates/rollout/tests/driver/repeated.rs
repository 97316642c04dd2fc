//! Changes that are sent twice, because the first response was lost.

use azure_classic_emulator::faults::{Reply, Rule};
use azure_classic_rollout::{Change, Ending, Event, Input, Meddling, Record, Why};

use crate::table::{Table, observer, upgrade};

/// The first attempt takes effect, and readings show that late. So the second one is rejected: the update
/// is on its way back already, and this rollout has sent it there.
#[test]
fn a_rollback_that_takes_effect_late_is_not_taken_for_another_operators() {
    let mut table = Table::new();
    let lost = Reply::new(500, "InternalError").after_work();
    table
        .cloud
        .add_fault(Rule::new("lost", lost).on("Rollback Update Or Upgrade").times(1))
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
    let rollout = table.start(upgrade()).reporting(observer);
    let mut is_aborted = false;
    let outcome = table.drive(rollout, |rollout| {
        if !is_aborted && rollout.record().map_or(0, Record::begun) == 1 {
            rollout.input(Input::Abort);
            is_aborted = true;
        }
    });
    assert_eq!(outcome.unwrap().ending(), Ending::RolledBack);
    assert_eq!(table.comps().iter().filter(|it| it.contains("rollback")).count(), 2);
    let events = events.lock().unwrap();
    let is_rejected = |it: &Event| {
        matches!(it, Event::Blocked { change: Change::RollBack, .. } | Event::Refused { .. })
    };
    assert!(events.iter().any(is_rejected));
    let why = Why::Overtaken(Meddling::RolledBack);
    assert!(!events.contains(&Event::Doubted { why }));
}
