//! Decides the next step from the record and the last reading. This is the core of the crate, and it is pure:
//! it does not wait, send or change anything.

mod walk;

use self::walk::{WalkProblem, walk};
use crate::change::OperationProgress;
use crate::observed::{Observed, UpdateProgress, VersionOwner};
use crate::rollout_error::ExternalChange;
use crate::rollout_error::ReasonKind;
use crate::{Change, FailureReason, FinalState, Gap, Phase, Record, StopReason, UnhealthyInstance};

/// The facts besides the record.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact")]
pub(crate) struct Observation<'a> {
    /// The reading of the deployment, made after all other facts here were known.
    pub(crate) observed: Observed,
    /// The state of the operation of [`Record::accepted`].
    pub(crate) work: OperationProgress<'a>,
    /// Whether all walked domains have been healthy for the settle time.
    pub(crate) is_healthy: bool,
    /// Their unhealthy instances.
    pub(crate) unhealthy: &'a [UnhealthyInstance],
    /// The parts that the reading lacks. With any gap it is no evidence of health.
    pub(crate) gaps: &'a [Gap],
    /// Whether the timeout of the current domain has expired.
    pub(crate) is_late: bool,
    /// Whether the timeout of the whole direction, forward or back, has expired.
    pub(crate) is_overdue: bool,
    /// Whether the timeout of the current domain expired so long ago that the domain cannot settle any more.
    pub(crate) is_exhausted: bool,
    /// The number of consecutive readings that have not shown the change of [`Record::sent`].
    pub(crate) denials: u32,
    /// Whether the domains that have not started contain no instances.
    pub(crate) is_rest_empty: bool,
    /// The doubt that all readings of the confirmation period share.
    pub(crate) confirmed: Option<ReasonKind>,
    /// Whether earlier readings said that the update has started again.
    pub(crate) seems_restarted: bool,
    /// Whether the update is being completed, because it cannot be rolled back any more.
    pub(crate) is_completing: bool,
}

impl Observation<'_> {
    fn confirms(&self, why: &StopReason) -> bool {
        self.confirmed == Some(ReasonKind::of(why))
    }
}

/// The next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Read the deployment again after a pause.
    Wait,
    /// Poll the accepted operation, and read the deployment again.
    RequestOperation,
    /// The update has started: record it, and decide again.
    Started,
    /// The rollback has started: record it, and decide again.
    RollbackSeen,
    /// Record the intent, and send this change.
    Send(Change),
    /// Roll back or pause, according to the policy.
    Fail(FailureReason),
    /// Send nothing, and stop for this reason if it still holds after the confirmation period.
    Confirm(StopReason),
    /// Stop for this reason.
    Stop(StopReason),
    /// The rollout has ended.
    End(FinalState),
}

/// The number of readings without the effect of a walk or a rollback, after a lost response, before it is
/// retried.
///
/// Retrying these two is harmless: the service accepts a walk only for the next domain, and a rollback only
/// while there is something to roll back. The start is never retried.
const DENIALS: u32 = 2;

pub(crate) fn decide(record: &Record, seen: &Observation<'_>) -> Action {
    let next = match (record.phase, seen.observed) {
        (_, Observed::Deleted) => Action::Confirm(StopReason::Deleted),
        (_, Observed::Replaced) => Action::Confirm(StopReason::Replaced),
        // Label and configuration may be outdated, and the service would reject any change.
        (_, Observed::Locked | Observed::Unknown) => Action::Wait,
        (Phase::Starting, Observed::Idle(whose)) => starting(record, seen, whose),
        (Phase::Starting, Observed::Updating(moving)) => started(record, seen, moving),
        (Phase::Walking, Observed::Idle(whose)) => complete(record, seen, whose),
        (Phase::Walking, Observed::Updating(moving)) => walking(record, seen, moving),
        (Phase::RollingBack, Observed::Idle(whose)) => returned(record, seen, whose),
        (Phase::RollingBack, Observed::Updating(moving)) => returning(record, seen, moving),
    };
    in_time(record, seen, with_evidence(record, seen, next))
}

/// Only a reading of the whole deployment opens a gate or proves an end. An incomplete reading is no failure
/// either: the driver reads again, and stops for an operator if the gap remains.
fn with_evidence(record: &Record, seen: &Observation<'_>, next: Action) -> Action {
    let is_promoted = is_promoted(record);
    // An update that cannot be rolled back any more is completed if the remaining domains are empty. A
    // promotion does not apply to that.
    let is_called_off = record.phase == Phase::RollingBack && !record.rollback_started;
    let needs_evidence = match next {
        Action::Send(Change::Walk { .. }) | Action::End(_) => !is_promoted || is_called_off,
        Action::Wait => record.pause.is_none() && !is_promoted && is_at_gate(record, seen.observed),
        _ => false,
    };
    if seen.gaps.is_empty() || !needs_evidence {
        return next;
    }
    let why = StopReason::Incomplete(seen.gaps.to_vec());
    if seen.is_overdue || seen.is_exhausted { Action::Stop(why) } else { Action::Confirm(why) }
}

/// Whether the rollout waits for the health of instances.
fn is_at_gate(record: &Record, place: Observed) -> bool {
    let is_ours = |whose| match record.phase {
        Phase::Starting => false,
        Phase::Walking => whose == VersionOwner::After,
        Phase::RollingBack => record.rollback_started && whose == VersionOwner::Before,
    };
    match place {
        Observed::Deleted | Observed::Replaced | Observed::Locked => false,
        Observed::Unknown => true,
        Observed::Idle(whose) => is_ours(whose),
        Observed::Updating(moving) => {
            !moving.is_during && moving.is_manual && is_ours(moving.owner)
        }
    }
}

/// The timeout ends waits and resumes; a pause stops the clock.
fn in_time(record: &Record, seen: &Observation<'_>, next: Action) -> Action {
    let goes_on = matches!(
        next,
        Action::Wait | Action::RequestOperation | Action::Send(Change::Start | Change::Walk { .. })
    );
    match &record.rollback_reason {
        _ if !goes_on || !seen.is_overdue || record.pause.is_some() => next,
        None => Action::Fail(FailureReason::TimedOut),
        Some(_) => Action::Stop(StopReason::TimedOut),
    }
}

/// The reading shows no update, and the start has been sent or comes next.
fn starting(record: &Record, seen: &Observation<'_>, whose: VersionOwner) -> Action {
    match (whose, seen.work) {
        (VersionOwner::Other, _) => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        (_, OperationProgress::InProgress) => Action::RequestOperation,
        // Another operator has walked it to its end, or another update brought the same version.
        (VersionOwner::After, _) => Action::Started,
        (VersionOwner::Before, OperationProgress::Failed(reason)) => {
            Action::Stop(StopReason::OperationFailed {
                change: Change::Start,
                reason: reason.to_owned(),
            })
        }
        (VersionOwner::Before, OperationProgress::Ended) => {
            Action::Confirm(StopReason::ChangeNotVisible(Change::Start))
        }
        (VersionOwner::Before, OperationProgress::Unknown) => match record.sent {
            Some(_) => Action::Confirm(StopReason::StartUnconfirmed),
            None if record.is_start_accepted => {
                Action::Confirm(StopReason::ChangeNotVisible(Change::Start))
            }
            None if record.rollback_reason.is_some() => Action::Stop(StopReason::Aborted),
            None if record.pause.is_some() => Action::Wait,
            None => Action::Send(Change::Start),
        },
    }
}

/// The reading shows an update, and the start has been sent or comes next.
fn started(record: &Record, seen: &Observation<'_>, moving: UpdateProgress) -> Action {
    let is_untouched = record.sent.is_none() && !record.is_start_accepted;
    match moving.owner {
        VersionOwner::After if !moving.is_manual => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::AutomaticUpdate))
        }
        VersionOwner::After => match seen.work {
            OperationProgress::InProgress => Action::RequestOperation,
            OperationProgress::Failed(reason) if record.rollback_reason.is_none() => {
                fail(record, Change::Start, reason)
            }
            _ => Action::Started,
        },
        // The preflight, which runs again before each attempt, reports the obstacle.
        _ if is_untouched && record.rollback_reason.is_none() => Action::Send(Change::Start),
        _ if is_untouched => Action::Stop(StopReason::Aborted),
        _ => Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion)),
    }
}

/// The update moves through the domains.
fn walking(record: &Record, seen: &Observation<'_>, moving: UpdateProgress) -> Action {
    match moving.owner {
        VersionOwner::Before => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::RolledBack))
        }
        VersionOwner::Other => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        VersionOwner::After if !moving.is_manual => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::AutomaticUpdate))
        }
        VersionOwner::After => match walk(record, seen, moving) {
            Ok(next) => next,
            Err(WalkProblem::Failed { change, reason }) => fail(record, change, reason),
            Err(WalkProblem::Late) if record.pause.is_some() => Action::Wait,
            Err(WalkProblem::Late) => late(record, seen),
        },
    }
}

/// No update is in progress any more: all domains have been walked, or an external change happened.
fn complete(record: &Record, seen: &Observation<'_>, whose: VersionOwner) -> Action {
    match whose {
        VersionOwner::Before => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::RolledBack))
        }
        VersionOwner::Other => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        VersionOwner::After => match seen.work {
            OperationProgress::InProgress => Action::RequestOperation,
            OperationProgress::Failed(reason) => {
                let change = record.accepted.as_ref().map_or(Change::Start, |it| it.change);
                fail(record, change, reason)
            }
            _ if record.pause.is_some() => Action::Wait,
            _ if seen.is_healthy || is_promoted(record) => Action::End(FinalState::Upgraded),
            _ if is_late(seen) => late(record, seen),
            _ => Action::Wait,
        },
    }
}

/// The deployment is rolling back or rolled back, and this rollout has not requested it. Another operator
/// has, or the reading is from before the update.
fn rolled_back_externally(seen: &Observation<'_>) -> Action {
    let why = StopReason::ExternalChange(ExternalChange::RolledBack);
    if seen.confirms(&why) { Action::RollbackSeen } else { Action::Confirm(why) }
}

/// An update is in progress, and the rollout must roll it back.
fn returning(record: &Record, seen: &Observation<'_>, moving: UpdateProgress) -> Action {
    match moving.owner {
        VersionOwner::Other => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        VersionOwner::After => not_yet_returning(record, seen, moving),
        VersionOwner::Before if !record.rollback_started => rolled_back_externally(seen),
        VersionOwner::Before if !moving.is_manual => Action::Wait,
        VersionOwner::Before => match walk(record, seen, moving) {
            Ok(next) => next,
            Err(WalkProblem::Failed { change, reason }) => {
                Action::Stop(StopReason::OperationFailed { change, reason: reason.to_owned() })
            }
            // This reading names no unhealthy instance; another one may name it, or the direction ends.
            Err(WalkProblem::Late) if seen.unhealthy.is_empty() => Action::Wait,
            Err(WalkProblem::Late) => Action::Stop(StopReason::Unhealthy(seen.unhealthy.to_vec())),
        },
    }
}

/// The update is in progress, and the rollout must roll it back.
fn not_yet_returning(record: &Record, seen: &Observation<'_>, moving: UpdateProgress) -> Action {
    let is_accepted = record.accepted.as_ref().is_some_and(|it| it.change == Change::RollBack);
    match seen.work {
        _ if record.sent == Some(Change::RollBack) && seen.denials < DENIALS => Action::Wait,
        OperationProgress::InProgress => Action::RequestOperation,
        OperationProgress::Failed(reason) if is_accepted => {
            Action::Stop(StopReason::OperationFailed {
                change: Change::RollBack,
                reason: reason.to_owned(),
            })
        }
        _ if record.rollback_started => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::Restarted))
        }
        _ if record.pause.is_some() => Action::Wait,
        _ if moving.may_roll_back => Action::Send(Change::RollBack),
        _ if needs_completion(seen, moving) => complete_the_rest(record, seen, moving),
        _ if !seen.gaps.is_empty() => Action::Confirm(StopReason::Incomplete(seen.gaps.to_vec())),
        _ => Action::Confirm(StopReason::RollbackNotAllowed),
    }
}

/// Whether every instance is updated and only empty domains are left. Then nothing can be rolled back any
/// more, and the update is nearly complete.
fn needs_completion(seen: &Observation<'_>, moving: UpdateProgress) -> bool {
    let is_waiting = moving.is_manual && !moving.is_during;
    let is_certain = seen.is_completing || seen.confirms(&StopReason::RollbackNotAllowed);
    is_certain && seen.is_rest_empty && seen.gaps.is_empty() && is_waiting
}

/// Walks an empty domain, so that the update completes and another one can follow.
fn complete_the_rest(record: &Record, seen: &Observation<'_>, moving: UpdateProgress) -> Action {
    let walk = Change::Walk { domain: moving.domain };
    if record.sent == Some(walk) && seen.denials < DENIALS {
        Action::Wait
    } else {
        Action::Send(walk)
    }
}

/// No update is in progress, and the rollout wanted to roll back.
fn returned(record: &Record, seen: &Observation<'_>, whose: VersionOwner) -> Action {
    match (whose, seen.work) {
        (VersionOwner::Other, _) => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        (VersionOwner::Before, _) if !record.rollback_started => rolled_back_externally(seen),
        (_, OperationProgress::InProgress) => Action::RequestOperation,
        (VersionOwner::After, _) if record.rollback_started => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::Restarted))
        }
        (VersionOwner::After, _) => Action::End(FinalState::CompletedBeforeRollback),
        (VersionOwner::Before, _) if seen.is_healthy || is_promoted(record) => {
            Action::End(FinalState::RolledBack)
        }
        (VersionOwner::Before, _) if is_late(seen) => {
            Action::Stop(StopReason::Unhealthy(seen.unhealthy.to_vec()))
        }
        (VersionOwner::Before, _) => Action::Wait,
    }
}

/// Whether walked domains have exceeded their timeout. Domains that are healthy by then may finish their
/// settle time.
fn is_late(seen: &Observation<'_>) -> bool {
    seen.is_late && !seen.unhealthy.is_empty()
}

/// Whether an operator promoted the current gate, so that health does not matter.
fn is_promoted(record: &Record) -> bool {
    record.promoted == Some(record.started_domains)
}

fn late(record: &Record, seen: &Observation<'_>) -> Action {
    let domain = record.started_domains.saturating_sub(1);
    Action::Fail(FailureReason::Unhealthy { domain, instances: seen.unhealthy.to_vec() })
}

/// The accepted operation failed. An operator who already has to decide gets no second event.
fn fail(record: &Record, change: Change, reason: &str) -> Action {
    if record.pause.is_some() {
        return Action::Wait;
    }
    Action::Fail(FailureReason::OperationFailed { change, reason: reason.to_owned() })
}

#[cfg(test)]
mod tests;
