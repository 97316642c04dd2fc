use azure_classic_protocol::{CloudServiceRef, Deployment, RequestId, RollbackMode};

use super::*;
use crate::change::Accepted;
use crate::{Pause, Policy, Version};

const AFTER: Place = Place::Resting(Whose::After);
const BEFORE: Place = Place::Resting(Whose::Before);
const OTHER: Place = Place::Resting(Whose::Other);

/// A manual update of ours, in this state of this domain, that can be rolled back.
fn ours(domain: u32, is_during: bool) -> Moving {
    Moving { whose: Whose::After, is_manual: true, domain, is_during, may_roll_back: true }
}

/// A manual update that leads back.
fn back(domain: u32, is_during: bool) -> Moving {
    Moving { whose: Whose::Before, may_roll_back: false, ..ours(domain, is_during) }
}

fn record(phase: Phase, begun: u32) -> Record {
    let version = |label: &str| Version { label: label.into(), configuration: "<C/>".into() };
    let reference = CloudServiceRef::new("contoso").deployment("first");
    let mut record = Record::new(
        "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".to_owned(),
        &reference,
        &Deployment::default(),
        Policy { rollback: RollbackMode::Manual, ..Policy::default() },
        Some(version("1")),
        version("2"),
    );
    record.phase = phase;
    record.begun = begun;
    if phase == Phase::RollingBack {
        record.back = Some(Failure::Aborted);
    }
    record
}

/// A record with something changed.
fn with(mut record: Record, change: impl FnOnce(&mut Record)) -> Record {
    change(&mut record);
    record
}

fn sent(record: Record, change: Change) -> Record {
    with(record, |it| it.sent = Some(change))
}

fn accepted(record: Record, change: Change) -> Record {
    let request_id = RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
    with(record, |it| {
        it.accepted = Some(Accepted { change, request_id });
        it.is_start_accepted = true;
    })
}

fn paused(record: Record) -> Record {
    with(record, |it| it.pause = Some(Pause::Asked))
}

fn turned(record: Record) -> Record {
    with(record, |it| it.has_turned = true)
}

/// A place, and nothing else that is known.
fn at(place: Place) -> Seen<'static> {
    Seen {
        place,
        work: Work::Unknown,
        is_healthy: false,
        unwell: &[],
        gaps: &[],
        is_exhausted: false,
        is_late: false,
        is_overdue: false,
        denials: 0,
        is_rest_empty: false,
        confirmed: None,
        seems_restarted: false,
        is_completing: false,
    }
}

fn moving(moving: Moving) -> Seen<'static> {
    at(Place::Moving(moving))
}

fn working(seen: Seen<'static>, work: Work<'static>) -> Seen<'static> {
    Seen { work, ..seen }
}

fn healthy(seen: Seen<'static>) -> Seen<'static> {
    Seen { is_healthy: true, ..seen }
}

/// Too late, with an instance that is not well.
fn late(seen: Seen<'static>) -> Seen<'static> {
    let unwell = Unwell { instance: "Web_IN_1".into(), why: "RestartingRole".into() };
    Seen { is_late: true, unwell: Box::leak(Box::new([unwell])), ..seen }
}

fn overdue(seen: Seen<'static>) -> Seen<'static> {
    Seen { is_overdue: true, ..seen }
}

/// All readings of the confirmation period have given this doubt.
fn confirmed(seen: Seen<'static>, why: &Why) -> Seen<'static> {
    Seen { confirmed: Some(DoubtKind::of(why)), ..seen }
}

fn denied(seen: Seen<'static>, denials: u32) -> Seen<'static> {
    Seen { denials, ..seen }
}

fn overtaken(meddling: Meddling) -> Move {
    Move::Doubt(Why::Overtaken(meddling))
}

fn walk_of(domain: u32) -> Change {
    Change::Walk { domain }
}

fn unhealthy(domain: u32, seen: &Seen<'_>) -> Move {
    Move::Fail(Failure::Unhealthy { domain, instances: seen.unwell.to_vec() })
}

#[track_caller]
fn check(rows: Vec<(&str, Record, Seen<'static>, Move)>) {
    for (name, record, seen, expected) in rows {
        assert_eq!(decide(&record, &seen), expected, "{name}");
    }
}

use Change::{RollBack, Start};
use Phase::{RollingBack, Starting, Walking};

#[test]
fn what_is_gone_or_held_is_the_same_in_every_phase() {
    for phase in [Starting, Walking, RollingBack] {
        check(vec![
            ("gone", record(phase, 1), at(Place::Gone), Move::Doubt(Why::Deleted)),
            ("replaced", record(phase, 1), at(Place::Replaced), Move::Doubt(Why::Replaced)),
            ("held", record(phase, 1), at(Place::Held), Move::Wait),
            ("unclear", record(phase, 1), at(Place::Unclear), Move::Wait),
        ]);
    }
}

#[test]
fn the_start_is_sent_once() {
    let new = || record(Starting, 0);
    let called_off = || with(new(), |it| it.back = Some(Failure::Aborted));
    check(vec![
        ("nothing has been sent", new(), at(BEFORE), Move::Send(Start)),
        ("paused", paused(new()), at(BEFORE), Move::Wait),
        ("called off", called_off(), at(BEFORE), Move::Stop(Why::Aborted)),
        (
            "the answer is lost, and nothing is to be seen",
            sent(new(), Start),
            denied(at(BEFORE), 99),
            Move::Doubt(Why::StartUnsettled),
        ),
        (
            "the same, called off",
            sent(called_off(), Start),
            at(BEFORE),
            Move::Doubt(Why::StartUnsettled),
        ),
        ("accepted, in work", accepted(new(), Start), working(at(BEFORE), Work::Going), Move::Ask),
        (
            "accepted and failed",
            accepted(new(), Start),
            working(at(BEFORE), Work::Failed("no room")),
            Move::Stop(Why::WorkFailed { change: Start, reason: "no room".into() }),
        ),
        (
            "accepted, and not to be seen",
            accepted(new(), Start),
            working(at(BEFORE), Work::Ended),
            Move::Doubt(Why::NotToBeSeen(Start)),
        ),
        (
            "accepted, and nobody knows the work",
            with(new(), |it| it.is_start_accepted = true),
            at(BEFORE),
            Move::Doubt(Why::NotToBeSeen(Start)),
        ),
        (
            "somebody else was faster",
            sent(new(), Start),
            at(OTHER),
            overtaken(Meddling::OtherVersion),
        ),
    ]);
}

#[test]
fn the_update_is_recognised_whatever_became_of_the_answer() {
    let new = || record(Starting, 0);
    let foreign = Moving { whose: Whose::Other, ..ours(0, false) };
    let automatic = Moving { is_manual: false, ..ours(0, false) };
    check(vec![
        ("lost, and there", sent(new(), Start), moving(ours(0, false)), Move::Started),
        (
            "accepted, in work",
            accepted(new(), Start),
            working(moving(ours(0, false)), Work::Going),
            Move::Ask,
        ),
        (
            "accepted and done",
            accepted(new(), Start),
            working(moving(ours(0, false)), Work::Ended),
            Move::Started,
        ),
        (
            "failed late",
            accepted(new(), Start),
            working(moving(ours(0, false)), Work::Failed("x")),
            Move::Fail(Failure::WorkFailed { change: Start, reason: "x".into() }),
        ),
        (
            "failed late, and called off already",
            accepted(with(new(), |it| it.back = Some(Failure::Aborted)), Start),
            working(moving(ours(0, false)), Work::Failed("x")),
            Move::Started,
        ),
        ("walked to its end by somebody", sent(new(), Start), at(AFTER), Move::Started),
        ("another update", sent(new(), Start), moving(foreign), overtaken(Meddling::OtherVersion)),
        ("another mode", sent(new(), Start), moving(automatic), overtaken(Meddling::MovesByItself)),
        (
            "refused, and another update: let the preflight tell",
            new(),
            moving(foreign),
            Move::Send(Start),
        ),
    ]);
}

#[test]
fn a_domain_is_walked_when_those_before_are_healthy() {
    check(vec![
        ("the first", record(Walking, 0), moving(ours(0, false)), Move::Send(walk_of(0))),
        ("in work", record(Walking, 1), moving(ours(0, true)), Move::Wait),
        ("not healthy", record(Walking, 1), moving(ours(1, false)), Move::Wait),
        ("healthy", record(Walking, 1), healthy(moving(ours(1, false))), Move::Send(walk_of(1))),
        (
            "healthy, and the walk's work goes on",
            accepted(record(Walking, 1), walk_of(0)),
            working(healthy(moving(ours(1, false))), Work::Going),
            Move::Ask,
        ),
        (
            "promoted",
            with(record(Walking, 1), |it| it.promoted = Some(1)),
            moving(ours(1, false)),
            Move::Send(walk_of(1)),
        ),
        (
            "promoted before",
            with(record(Walking, 2), |it| it.promoted = Some(1)),
            moving(ours(2, false)),
            Move::Wait,
        ),
        ("paused", paused(record(Walking, 1)), healthy(moving(ours(1, false))), Move::Wait),
    ]);
}

#[test]
fn a_lost_walk_is_sent_again_when_two_readings_deny_it() {
    let lost = || sent(record(Walking, 1), walk_of(1));
    let seen = || healthy(moving(ours(1, false)));
    check(vec![
        ("no reading yet", lost(), seen(), Move::Wait),
        ("one", lost(), denied(seen(), 1), Move::Wait),
        ("two", lost(), denied(seen(), 2), Move::Send(walk_of(1))),
        ("not while it is paused", paused(lost()), denied(seen(), 2), Move::Wait),
    ]);
}

#[test]
fn a_domain_that_fails_is_named() {
    let stuck = late(moving(ours(1, true)));
    let sick = late(moving(ours(2, false)));
    let failed = working(moving(ours(2, false)), Work::Failed("x"));
    let reason = || Failure::WorkFailed { change: walk_of(1), reason: "x".into() };
    check(vec![
        ("late in work", record(Walking, 2), stuck, unhealthy(1, &stuck)),
        ("late and sick", record(Walking, 2), sick, unhealthy(1, &sick)),
        (
            "late, and healthy by now",
            record(Walking, 2),
            Seen { is_late: true, ..moving(ours(2, false)) },
            Move::Wait,
        ),
        ("late in a pause", paused(record(Walking, 2)), stuck, Move::Wait),
        (
            "late, and promoted",
            with(record(Walking, 2), |it| it.promoted = Some(2)),
            stuck,
            Move::Wait,
        ),
        ("work failed", accepted(record(Walking, 2), walk_of(1)), failed, Move::Fail(reason())),
        (
            "work failed without effect",
            accepted(record(Walking, 2), walk_of(1)),
            working(moving(ours(1, false)), Work::Failed("x")),
            Move::Fail(reason()),
        ),
        ("told already", paused(accepted(record(Walking, 2), walk_of(1))), failed, Move::Wait),
        (
            "out of time",
            record(Walking, 1),
            overdue(healthy(moving(ours(1, false)))),
            Move::Fail(Failure::OutOfTime),
        ),
        (
            "out of time in a pause",
            paused(record(Walking, 1)),
            overdue(moving(ours(1, false))),
            Move::Wait,
        ),
    ]);
}

#[test]
fn other_hands_are_doubted_and_nothing_is_sent() {
    let automatic = Moving { is_manual: false, ..ours(1, false) };
    let foreign = Moving { whose: Whose::Other, ..ours(1, false) };
    check(vec![
        (
            "rolled back",
            record(Walking, 1),
            moving(back(0, false)),
            overtaken(Meddling::RolledBack),
        ),
        ("rolled back, done", record(Walking, 1), at(BEFORE), overtaken(Meddling::RolledBack)),
        ("another update", record(Walking, 1), moving(foreign), overtaken(Meddling::OtherVersion)),
        ("another version", record(Walking, 1), at(OTHER), overtaken(Meddling::OtherVersion)),
        ("another mode", record(Walking, 1), moving(automatic), overtaken(Meddling::MovesByItself)),
        (
            "begun anew",
            record(Walking, 3),
            healthy(moving(ours(1, false))),
            overtaken(Meddling::Restarted),
        ),
        (
            "as before the walk, and nobody knows what became of its work",
            record(Walking, 2),
            healthy(moving(ours(1, false))),
            Move::Doubt(Why::NotToBeSeen(walk_of(1))),
        ),
        (
            "begun anew, and the walk failed of it",
            accepted(record(Walking, 3), walk_of(2)),
            working(moving(ours(0, false)), Work::Failed("replaced")),
            overtaken(Meddling::Restarted),
        ),
        (
            "accepted just now, and not yet to be seen",
            accepted(record(Walking, 2), walk_of(1)),
            working(moving(ours(1, false)), Work::Going),
            Move::Ask,
        ),
        ("walked by hand", record(Walking, 2), moving(ours(2, true)), Move::Wait),
        (
            "back, and another version",
            record(RollingBack, 1),
            at(OTHER),
            overtaken(Meddling::OtherVersion),
        ),
        (
            "back, and the update again",
            turned(record(RollingBack, 0)),
            moving(ours(0, false)),
            overtaken(Meddling::Restarted),
        ),
        (
            "back, and complete again",
            turned(record(RollingBack, 0)),
            at(AFTER),
            overtaken(Meddling::Restarted),
        ),
    ]);
}

#[test]
fn the_end_is_claimed_when_it_is_there_and_healthy() {
    let sick = late(at(AFTER));
    check(vec![
        ("not yet healthy", record(Walking, 5), at(AFTER), Move::Wait),
        ("healthy", record(Walking, 5), healthy(at(AFTER)), Move::End(Ending::Upgraded)),
        (
            "the last walk's work goes on",
            accepted(record(Walking, 5), walk_of(4)),
            working(healthy(at(AFTER)), Work::Going),
            Move::Ask,
        ),
        ("sick", record(Walking, 5), sick, unhealthy(4, &sick)),
        (
            "promoted",
            with(record(Walking, 5), |it| it.promoted = Some(5)),
            sick,
            Move::End(Ending::Upgraded),
        ),
        ("paused", paused(record(Walking, 5)), healthy(at(AFTER)), Move::Wait),
    ]);
}

#[test]
fn a_rollback_is_sent_while_the_service_allows_it() {
    let new = || record(RollingBack, 2);
    let forbidden = Moving { may_roll_back: false, ..ours(2, false) };
    let certain =
        confirmed(Seen { is_rest_empty: true, ..moving(forbidden) }, &Why::RollbackNotAllowed);
    check(vec![
        ("allowed", new(), moving(ours(1, true)), Move::Send(RollBack)),
        ("paused", paused(new()), moving(ours(1, true)), Move::Wait),
        ("not allowed", new(), moving(forbidden), Move::Doubt(Why::RollbackNotAllowed)),
        (
            "not allowed once, after another doubt, and the rest is empty",
            new(),
            Seen { confirmed: Some(DoubtKind::of(&Why::Deleted)), ..certain },
            Move::Doubt(Why::RollbackNotAllowed),
        ),
        (
            "not allowed for long, and instances are left",
            new(),
            Seen { is_rest_empty: false, ..certain },
            Move::Doubt(Why::RollbackNotAllowed),
        ),
        (
            "not allowed for long, and only empty domains are left",
            new(),
            certain,
            Move::Send(walk_of(2)),
        ),
        ("the same, sent and lost", sent(new(), walk_of(2)), certain, Move::Wait),
        (
            "complete before it was sent",
            new(),
            at(AFTER),
            Move::End(Ending::CompletedBeforeRollback),
        ),
        (
            "complete before it arrived",
            sent(new(), RollBack),
            at(AFTER),
            Move::End(Ending::CompletedBeforeRollback),
        ),
        ("lost", sent(new(), RollBack), denied(moving(ours(1, true)), 1), Move::Wait),
        (
            "lost and denied",
            sent(new(), RollBack),
            denied(moving(ours(1, true)), 2),
            Move::Send(RollBack),
        ),
        (
            "failed",
            accepted(turned(new()), RollBack),
            working(moving(ours(1, true)), Work::Failed("quota")),
            Move::Stop(Why::WorkFailed { change: RollBack, reason: "quota".into() }),
        ),
        ("out of time", new(), overdue(at(Place::Held)), Move::Stop(Why::TooLong)),
    ]);
}

#[test]
fn that_it_has_turned_back_by_other_hands_is_doubted_first() {
    let called_off = record(RollingBack, 1);
    for place in [BEFORE, Place::Moving(back(0, false))] {
        check(vec![
            ("seen once", called_off.clone(), at(place), overtaken(Meddling::RolledBack)),
            (
                "seen for long",
                called_off.clone(),
                confirmed(at(place), &Why::Overtaken(Meddling::RolledBack)),
                Move::Turned,
            ),
            (
                "seen once, after another doubt",
                called_off.clone(),
                confirmed(at(place), &Why::Deleted),
                overtaken(Meddling::RolledBack),
            ),
        ]);
    }
}

#[test]
fn the_way_back_is_walked_or_watched_to_its_end() {
    let by_itself = Moving { is_manual: false, ..back(1, false) };
    let new = |begun| turned(record(RollingBack, begun));
    let sick = late(moving(back(1, true)));
    let unwell = || Move::Stop(Why::Unhealthy(sick.unwell.to_vec()));
    check(vec![
        ("by the platform", new(1), moving(by_itself), Move::Wait),
        ("by the platform, late", new(1), late(moving(by_itself)), Move::Wait),
        ("first walk", new(0), moving(back(0, false)), Move::Send(walk_of(0))),
        ("next walk", new(1), healthy(moving(back(1, false))), Move::Send(walk_of(1))),
        ("not healthy", new(1), moving(back(1, false)), Move::Wait),
        ("late", new(2), sick, unwell()),
        (
            "the rollback's work is said to have failed, and it leads back",
            accepted(new(0), RollBack),
            working(moving(back(0, false)), Work::Failed("x")),
            Move::Send(walk_of(0)),
        ),
        ("back, not yet healthy", new(5), at(BEFORE), Move::Wait),
        ("back and healthy", new(5), healthy(at(BEFORE)), Move::End(Ending::RolledBack)),
        ("back and sick", new(5), Seen { place: BEFORE, ..sick }, unwell()),
        (
            "back and promoted",
            with(new(5), |it| it.promoted = Some(5)),
            at(BEFORE),
            Move::End(Ending::RolledBack),
        ),
        ("out of time", new(1), overdue(moving(by_itself)), Move::Stop(Why::TooLong)),
    ]);
}

/// A reading that does not show everything.
fn lacking(seen: Seen<'static>) -> Seen<'static> {
    let gap = Gap::Missing { instance: "Web_IN_1".into(), domain: 1 };
    Seen { gaps: Box::leak(Box::new([gap])), ..seen }
}

#[test]
fn a_reading_with_a_gap_passes_no_gate_and_ends_nothing() {
    let resting = |place| lacking(healthy(at(place)));
    let before = |domain| lacking(healthy(moving(ours(domain, false))));
    let incomplete = || Why::Incomplete(lacking(at(AFTER)).gaps.to_vec());
    let doubt = || Move::Doubt(incomplete());
    let stop = || Move::Stop(incomplete());
    let exhausted = |seen| Seen { is_exhausted: true, ..seen };
    let wait = || Move::Wait;
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
            lacking(at(Place::Unclear)),
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
    let unnamed = Seen { is_late: true, ..in_work };
    let named = Move::Stop(Why::Unhealthy(late(in_work).unwell.to_vec()));
    check(vec![
        ("named", record(), late(in_work), named),
        ("nothing to be named", record(), unnamed, Move::Wait),
        ("out of time", record(), overdue(unnamed), Move::Stop(Why::TooLong)),
    ]);
}

#[test]
fn a_promotion_passes_a_gap_but_never_completes_what_was_called_off() {
    let promoted = |record, passed| with(record, |it: &mut Record| it.promoted = Some(passed));
    let before = |domain| lacking(moving(ours(domain, false)));
    let walk = |domain| Move::Send(walk_of(domain));
    let stuck = Moving { may_roll_back: false, ..ours(2, false) };
    let rest = confirmed(Seen { is_rest_empty: true, ..moving(stuck) }, &Why::RollbackNotAllowed);
    let incomplete = Move::Doubt(Why::Incomplete(before(0).gaps.to_vec()));
    check(vec![
        ("the next domain", promoted(record(Walking, 1), 1), before(1), walk(1)),
        (
            "the end",
            promoted(record(Walking, 2), 2),
            lacking(at(AFTER)),
            Move::End(Ending::Upgraded),
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
