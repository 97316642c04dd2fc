use azure_classic_protocol::{CloudServiceRef, Deployment, RequestId, RollbackMode};

use super::*;
use crate::change::Accepted;
use crate::{Pause, Policy, Version};

const AFTER: Observed = Observed::Idle(VersionOwner::After);
const BEFORE: Observed = Observed::Idle(VersionOwner::Before);
const OTHER: Observed = Observed::Idle(VersionOwner::Other);

/// A manual update of ours, in this state of this domain, that can be rolled back.
fn ours(domain: u32, is_during: bool) -> UpdateProgress {
    UpdateProgress {
        owner: VersionOwner::After,
        is_manual: true,
        domain,
        is_during,
        may_roll_back: true,
    }
}

/// A manual update that leads back.
fn back(domain: u32, is_during: bool) -> UpdateProgress {
    UpdateProgress { owner: VersionOwner::Before, may_roll_back: false, ..ours(domain, is_during) }
}

fn record(phase: Phase, started: u32) -> Record {
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
    record.started_domains = started;
    if phase == Phase::RollingBack {
        record.rollback_reason = Some(FailureReason::Aborted);
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
    with(record, |it| it.pause = Some(Pause::Requested))
}

fn turned(record: Record) -> Record {
    with(record, |it| it.rollback_started = true)
}

/// A place, and nothing else that is known.
fn at(place: Observed) -> Observation<'static> {
    Observation {
        observed: place,
        work: OperationProgress::Unknown,
        is_healthy: false,
        unhealthy: &[],
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

fn moving(moving: UpdateProgress) -> Observation<'static> {
    at(Observed::Updating(moving))
}

fn working(seen: Observation<'static>, work: OperationProgress<'static>) -> Observation<'static> {
    Observation { work, ..seen }
}

fn healthy(seen: Observation<'static>) -> Observation<'static> {
    Observation { is_healthy: true, ..seen }
}

/// Too late, with an instance that is not well.
fn late(seen: Observation<'static>) -> Observation<'static> {
    let unhealthy =
        UnhealthyInstance { instance: "Web_IN_1".into(), reason: "RestartingRole".into() };
    Observation { is_late: true, unhealthy: Box::leak(Box::new([unhealthy])), ..seen }
}

fn overdue(seen: Observation<'static>) -> Observation<'static> {
    Observation { is_overdue: true, ..seen }
}

/// All readings of the confirmation period have given this doubt.
fn confirmed(seen: Observation<'static>, why: &StopReason) -> Observation<'static> {
    Observation { confirmed: Some(ReasonKind::of(why)), ..seen }
}

fn denied(seen: Observation<'static>, denials: u32) -> Observation<'static> {
    Observation { denials, ..seen }
}

fn overtaken(change: ExternalChange) -> Action {
    Action::Confirm(StopReason::ExternalChange(change))
}

fn walk_of(domain: u32) -> Change {
    Change::Walk { domain }
}

fn unhealthy(domain: u32, seen: &Observation<'_>) -> Action {
    Action::Fail(FailureReason::Unhealthy { domain, instances: seen.unhealthy.to_vec() })
}

#[track_caller]
fn check(rows: Vec<(&str, Record, Observation<'static>, Action)>) {
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
            ("gone", record(phase, 1), at(Observed::Deleted), Action::Confirm(StopReason::Deleted)),
            (
                "replaced",
                record(phase, 1),
                at(Observed::Replaced),
                Action::Confirm(StopReason::Replaced),
            ),
            ("held", record(phase, 1), at(Observed::Locked), Action::Wait),
            ("unclear", record(phase, 1), at(Observed::Unknown), Action::Wait),
        ]);
    }
}

#[test]
fn the_start_is_sent_once() {
    let new = || record(Starting, 0);
    let called_off = || with(new(), |it| it.rollback_reason = Some(FailureReason::Aborted));
    check(vec![
        ("nothing has been sent", new(), at(BEFORE), Action::Send(Start)),
        ("paused", paused(new()), at(BEFORE), Action::Wait),
        ("called off", called_off(), at(BEFORE), Action::Stop(StopReason::Aborted)),
        (
            "the response is lost, and no reading shows the change",
            sent(new(), Start),
            denied(at(BEFORE), 99),
            Action::Confirm(StopReason::StartUnconfirmed),
        ),
        (
            "the same, called off",
            sent(called_off(), Start),
            at(BEFORE),
            Action::Confirm(StopReason::StartUnconfirmed),
        ),
        (
            "accepted, in work",
            accepted(new(), Start),
            working(at(BEFORE), OperationProgress::InProgress),
            Action::RequestOperation,
        ),
        (
            "accepted and failed",
            accepted(new(), Start),
            working(at(BEFORE), OperationProgress::Failed("no room")),
            Action::Stop(StopReason::OperationFailed { change: Start, reason: "no room".into() }),
        ),
        (
            "accepted, and not to be seen",
            accepted(new(), Start),
            working(at(BEFORE), OperationProgress::Ended),
            Action::Confirm(StopReason::ChangeNotVisible(Start)),
        ),
        (
            "accepted, and the operation is unknown",
            with(new(), |it| it.is_start_accepted = true),
            at(BEFORE),
            Action::Confirm(StopReason::ChangeNotVisible(Start)),
        ),
        (
            "another operator was faster",
            sent(new(), Start),
            at(OTHER),
            overtaken(ExternalChange::OtherVersion),
        ),
    ]);
}

#[test]
fn the_update_is_recognised_whatever_became_of_the_response() {
    let new = || record(Starting, 0);
    let foreign = UpdateProgress { owner: VersionOwner::Other, ..ours(0, false) };
    let automatic = UpdateProgress { is_manual: false, ..ours(0, false) };
    check(vec![
        ("lost, and there", sent(new(), Start), moving(ours(0, false)), Action::Started),
        (
            "accepted, in work",
            accepted(new(), Start),
            working(moving(ours(0, false)), OperationProgress::InProgress),
            Action::RequestOperation,
        ),
        (
            "accepted and done",
            accepted(new(), Start),
            working(moving(ours(0, false)), OperationProgress::Ended),
            Action::Started,
        ),
        (
            "failed late",
            accepted(new(), Start),
            working(moving(ours(0, false)), OperationProgress::Failed("x")),
            Action::Fail(FailureReason::OperationFailed { change: Start, reason: "x".into() }),
        ),
        (
            "failed late, and called off already",
            accepted(with(new(), |it| it.rollback_reason = Some(FailureReason::Aborted)), Start),
            working(moving(ours(0, false)), OperationProgress::Failed("x")),
            Action::Started,
        ),
        ("walked to its end by another operator", sent(new(), Start), at(AFTER), Action::Started),
        (
            "another update",
            sent(new(), Start),
            moving(foreign),
            overtaken(ExternalChange::OtherVersion),
        ),
        (
            "another mode",
            sent(new(), Start),
            moving(automatic),
            overtaken(ExternalChange::AutomaticUpdate),
        ),
        (
            "rejected, and another update: the preflight reports it",
            new(),
            moving(foreign),
            Action::Send(Start),
        ),
    ]);
}

#[test]
fn a_domain_is_walked_when_those_before_are_healthy() {
    check(vec![
        ("the first", record(Walking, 0), moving(ours(0, false)), Action::Send(walk_of(0))),
        ("in work", record(Walking, 1), moving(ours(0, true)), Action::Wait),
        ("not healthy", record(Walking, 1), moving(ours(1, false)), Action::Wait),
        ("healthy", record(Walking, 1), healthy(moving(ours(1, false))), Action::Send(walk_of(1))),
        (
            "healthy, and the walk's work goes on",
            accepted(record(Walking, 1), walk_of(0)),
            working(healthy(moving(ours(1, false))), OperationProgress::InProgress),
            Action::RequestOperation,
        ),
        (
            "promoted",
            with(record(Walking, 1), |it| it.promoted = Some(1)),
            moving(ours(1, false)),
            Action::Send(walk_of(1)),
        ),
        (
            "promoted before",
            with(record(Walking, 2), |it| it.promoted = Some(1)),
            moving(ours(2, false)),
            Action::Wait,
        ),
        ("paused", paused(record(Walking, 1)), healthy(moving(ours(1, false))), Action::Wait),
    ]);
}

#[test]
fn a_lost_walk_is_retried_after_two_readings_without_it() {
    let lost = || sent(record(Walking, 1), walk_of(1));
    let seen = || healthy(moving(ours(1, false)));
    check(vec![
        ("no reading yet", lost(), seen(), Action::Wait),
        ("one", lost(), denied(seen(), 1), Action::Wait),
        ("two", lost(), denied(seen(), 2), Action::Send(walk_of(1))),
        ("not while it is paused", paused(lost()), denied(seen(), 2), Action::Wait),
    ]);
}

#[test]
fn a_domain_that_fails_is_named() {
    let stuck = late(moving(ours(1, true)));
    let sick = late(moving(ours(2, false)));
    let failed = working(moving(ours(2, false)), OperationProgress::Failed("x"));
    let reason = || FailureReason::OperationFailed { change: walk_of(1), reason: "x".into() };
    check(vec![
        ("late in work", record(Walking, 2), stuck, unhealthy(1, &stuck)),
        ("late and sick", record(Walking, 2), sick, unhealthy(1, &sick)),
        (
            "late, and healthy by now",
            record(Walking, 2),
            Observation { is_late: true, ..moving(ours(2, false)) },
            Action::Wait,
        ),
        ("late in a pause", paused(record(Walking, 2)), stuck, Action::Wait),
        (
            "late, and promoted",
            with(record(Walking, 2), |it| it.promoted = Some(2)),
            stuck,
            Action::Wait,
        ),
        ("work failed", accepted(record(Walking, 2), walk_of(1)), failed, Action::Fail(reason())),
        (
            "work failed without effect",
            accepted(record(Walking, 2), walk_of(1)),
            working(moving(ours(1, false)), OperationProgress::Failed("x")),
            Action::Fail(reason()),
        ),
        ("told already", paused(accepted(record(Walking, 2), walk_of(1))), failed, Action::Wait),
        (
            "out of time",
            record(Walking, 1),
            overdue(healthy(moving(ours(1, false)))),
            Action::Fail(FailureReason::TimedOut),
        ),
        (
            "out of time in a pause",
            paused(record(Walking, 1)),
            overdue(moving(ours(1, false))),
            Action::Wait,
        ),
    ]);
}

#[test]
fn other_hands_are_doubted_and_nothing_is_sent() {
    let automatic = UpdateProgress { is_manual: false, ..ours(1, false) };
    let foreign = UpdateProgress { owner: VersionOwner::Other, ..ours(1, false) };
    check(vec![
        (
            "rolled back",
            record(Walking, 1),
            moving(back(0, false)),
            overtaken(ExternalChange::RolledBack),
        ),
        (
            "rolled back, done",
            record(Walking, 1),
            at(BEFORE),
            overtaken(ExternalChange::RolledBack),
        ),
        (
            "another update",
            record(Walking, 1),
            moving(foreign),
            overtaken(ExternalChange::OtherVersion),
        ),
        ("another version", record(Walking, 1), at(OTHER), overtaken(ExternalChange::OtherVersion)),
        (
            "another mode",
            record(Walking, 1),
            moving(automatic),
            overtaken(ExternalChange::AutomaticUpdate),
        ),
        (
            "begun anew",
            record(Walking, 3),
            healthy(moving(ours(1, false))),
            overtaken(ExternalChange::Restarted),
        ),
        (
            "as before the walk, and its operation is unknown",
            record(Walking, 2),
            healthy(moving(ours(1, false))),
            Action::Confirm(StopReason::ChangeNotVisible(walk_of(1))),
        ),
        (
            "started again, and the walk failed because of it",
            accepted(record(Walking, 3), walk_of(2)),
            working(moving(ours(0, false)), OperationProgress::Failed("replaced")),
            overtaken(ExternalChange::Restarted),
        ),
        (
            "accepted just now, and not yet to be seen",
            accepted(record(Walking, 2), walk_of(1)),
            working(moving(ours(1, false)), OperationProgress::InProgress),
            Action::RequestOperation,
        ),
        ("walked by hand", record(Walking, 2), moving(ours(2, true)), Action::Wait),
        (
            "back, and another version",
            record(RollingBack, 1),
            at(OTHER),
            overtaken(ExternalChange::OtherVersion),
        ),
        (
            "back, and the update again",
            turned(record(RollingBack, 0)),
            moving(ours(0, false)),
            overtaken(ExternalChange::Restarted),
        ),
        (
            "back, and complete again",
            turned(record(RollingBack, 0)),
            at(AFTER),
            overtaken(ExternalChange::Restarted),
        ),
    ]);
}

#[test]
fn the_end_is_claimed_when_it_is_there_and_healthy() {
    let sick = late(at(AFTER));
    check(vec![
        ("not yet healthy", record(Walking, 5), at(AFTER), Action::Wait),
        ("healthy", record(Walking, 5), healthy(at(AFTER)), Action::End(FinalState::Upgraded)),
        (
            "the last walk's work goes on",
            accepted(record(Walking, 5), walk_of(4)),
            working(healthy(at(AFTER)), OperationProgress::InProgress),
            Action::RequestOperation,
        ),
        ("sick", record(Walking, 5), sick, unhealthy(4, &sick)),
        (
            "promoted",
            with(record(Walking, 5), |it| it.promoted = Some(5)),
            sick,
            Action::End(FinalState::Upgraded),
        ),
        ("paused", paused(record(Walking, 5)), healthy(at(AFTER)), Action::Wait),
    ]);
}

#[test]
fn a_rollback_is_sent_while_the_service_allows_it() {
    let new = || record(RollingBack, 2);
    let forbidden = UpdateProgress { may_roll_back: false, ..ours(2, false) };
    let certain = confirmed(
        Observation { is_rest_empty: true, ..moving(forbidden) },
        &StopReason::RollbackNotAllowed,
    );
    check(vec![
        ("allowed", new(), moving(ours(1, true)), Action::Send(RollBack)),
        ("paused", paused(new()), moving(ours(1, true)), Action::Wait),
        ("not allowed", new(), moving(forbidden), Action::Confirm(StopReason::RollbackNotAllowed)),
        (
            "not allowed once, after another doubt, and the rest is empty",
            new(),
            Observation { confirmed: Some(ReasonKind::of(&StopReason::Deleted)), ..certain },
            Action::Confirm(StopReason::RollbackNotAllowed),
        ),
        (
            "not allowed for long, and instances are left",
            new(),
            Observation { is_rest_empty: false, ..certain },
            Action::Confirm(StopReason::RollbackNotAllowed),
        ),
        (
            "not allowed for long, and only empty domains are left",
            new(),
            certain,
            Action::Send(walk_of(2)),
        ),
        ("the same, sent and lost", sent(new(), walk_of(2)), certain, Action::Wait),
        (
            "complete before it was sent",
            new(),
            at(AFTER),
            Action::End(FinalState::CompletedBeforeRollback),
        ),
        (
            "complete before it arrived",
            sent(new(), RollBack),
            at(AFTER),
            Action::End(FinalState::CompletedBeforeRollback),
        ),
        ("lost", sent(new(), RollBack), denied(moving(ours(1, true)), 1), Action::Wait),
        (
            "lost and denied",
            sent(new(), RollBack),
            denied(moving(ours(1, true)), 2),
            Action::Send(RollBack),
        ),
        (
            "failed",
            accepted(turned(new()), RollBack),
            working(moving(ours(1, true)), OperationProgress::Failed("quota")),
            Action::Stop(StopReason::OperationFailed { change: RollBack, reason: "quota".into() }),
        ),
        ("out of time", new(), overdue(at(Observed::Locked)), Action::Stop(StopReason::TimedOut)),
    ]);
}

#[test]
fn that_it_has_turned_back_by_other_hands_is_doubted_first() {
    let called_off = record(RollingBack, 1);
    for place in [BEFORE, Observed::Updating(back(0, false))] {
        check(vec![
            ("seen once", called_off.clone(), at(place), overtaken(ExternalChange::RolledBack)),
            (
                "seen for long",
                called_off.clone(),
                confirmed(at(place), &StopReason::ExternalChange(ExternalChange::RolledBack)),
                Action::RollbackSeen,
            ),
            (
                "seen once, after another doubt",
                called_off.clone(),
                confirmed(at(place), &StopReason::Deleted),
                overtaken(ExternalChange::RolledBack),
            ),
        ]);
    }
}

#[test]
fn the_way_back_is_walked_or_watched_to_its_end() {
    let by_itself = UpdateProgress { is_manual: false, ..back(1, false) };
    let new = |started| turned(record(RollingBack, started));
    let sick = late(moving(back(1, true)));
    let unhealthy = || Action::Stop(StopReason::Unhealthy(sick.unhealthy.to_vec()));
    check(vec![
        ("by the platform", new(1), moving(by_itself), Action::Wait),
        ("by the platform, late", new(1), late(moving(by_itself)), Action::Wait),
        ("first walk", new(0), moving(back(0, false)), Action::Send(walk_of(0))),
        ("next walk", new(1), healthy(moving(back(1, false))), Action::Send(walk_of(1))),
        ("not healthy", new(1), moving(back(1, false)), Action::Wait),
        ("late", new(2), sick, unhealthy()),
        (
            "the rollback's work is said to have failed, and it leads back",
            accepted(new(0), RollBack),
            working(moving(back(0, false)), OperationProgress::Failed("x")),
            Action::Send(walk_of(0)),
        ),
        ("back, not yet healthy", new(5), at(BEFORE), Action::Wait),
        ("back and healthy", new(5), healthy(at(BEFORE)), Action::End(FinalState::RolledBack)),
        ("back and sick", new(5), Observation { observed: BEFORE, ..sick }, unhealthy()),
        (
            "back and promoted",
            with(new(5), |it| it.promoted = Some(5)),
            at(BEFORE),
            Action::End(FinalState::RolledBack),
        ),
        ("out of time", new(1), overdue(moving(by_itself)), Action::Stop(StopReason::TimedOut)),
    ]);
}

mod evidence;
