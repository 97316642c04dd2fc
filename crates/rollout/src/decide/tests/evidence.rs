//! Readings that lack something.

use super::*;

/// A reading that does not show everything.
fn lacking(seen: Observation<'static>) -> Observation<'static> {
    let gap = Gap::Missing { instance: "Web_IN_1".into(), domain: 1 };
    Observation { gaps: Box::leak(Box::new([gap])), ..seen }
}

#[test]
fn a_reading_with_a_gap_passes_no_gate_and_ends_nothing() {
    let resting = |place| lacking(healthy(at(place)));
    let before = |domain| lacking(healthy(moving(ours(domain, false))));
    let incomplete = || StopReason::Incomplete(lacking(at(AFTER)).gaps.to_vec());
    let doubt = || Action::Confirm(incomplete());
    let stop = || Action::Stop(incomplete());
    let exhausted = |seen| Observation { is_exhausted: true, ..seen };
    let wait = || Action::Wait;
    let failed = late(lacking(moving(ours(1, false))));
    check(vec![
        ("before a walk", record(Walking, 1), before(1), doubt()),
        ("before the first walk", record(Walking, 0), before(0), doubt()),
        ("while it settles", record(Walking, 1), lacking(moving(ours(1, false))), doubt()),
        ("at the end", record(Walking, 2), resting(AFTER), doubt()),
        ("at the end of the way back", turned(record(RollingBack, 2)), resting(BEFORE), doubt()),
        ("too late to roll back", record(RollingBack, 2), resting(AFTER), doubt()),
        ("back", turned(record(RollingBack, 1)), lacking(healthy(moving(back(1, false)))), doubt()),
        (
            "upgrade domains that cannot be",
            record(Starting, 0),
            lacking(at(Observed::Unknown)),
            doubt(),
        ),
        ("too late for a confirmation", record(Walking, 1), overdue(before(1)), stop()),
        ("no time to settle is left", record(Walking, 1), exhausted(before(1)), stop()),
        ("in a domain", record(Walking, 2), lacking(moving(ours(1, true))), wait()),
        ("in a pause", paused(record(Walking, 1)), before(1), wait()),
        ("an instance is ill", record(Walking, 1), failed, unhealthy(0, &failed)),
    ]);
}

#[test]
fn on_the_way_back_a_domain_fails_with_the_names_of_what_is_ill() {
    let record = || turned(record(RollingBack, 2));
    let in_work = moving(back(1, true));
    let unnamed = Observation { is_late: true, ..in_work };
    let named = Action::Stop(StopReason::Unhealthy(late(in_work).unhealthy.to_vec()));
    check(vec![
        ("named", record(), late(in_work), named),
        ("nothing to be named", record(), unnamed, Action::Wait),
        ("out of time", record(), overdue(unnamed), Action::Stop(StopReason::TimedOut)),
    ]);
}

#[test]
fn a_promotion_passes_a_gap_but_never_completes_what_was_called_off() {
    let promoted = |record, passed| with(record, |it: &mut Record| it.promoted = Some(passed));
    let before = |domain| lacking(moving(ours(domain, false)));
    let walk = |domain| Action::Send(walk_of(domain));
    let stuck = UpdateProgress { may_roll_back: false, ..ours(2, false) };
    let rest = confirmed(
        Observation { is_rest_empty: true, ..moving(stuck) },
        &StopReason::RollbackNotAllowed,
    );
    let incomplete = Action::Confirm(StopReason::Incomplete(before(0).gaps.to_vec()));
    check(vec![
        ("the next domain", promoted(record(Walking, 1), 1), before(1), walk(1)),
        (
            "the end",
            promoted(record(Walking, 2), 2),
            lacking(at(AFTER)),
            Action::End(FinalState::Upgraded),
        ),
        ("the rest is empty", promoted(record(RollingBack, 2), 2), rest, walk(2)),
        (
            "no instance is listed",
            promoted(record(RollingBack, 2), 2),
            lacking(rest),
            incomplete.clone(),
        ),
        ("its end", promoted(record(RollingBack, 3), 2), lacking(at(AFTER)), incomplete),
    ]);
}
