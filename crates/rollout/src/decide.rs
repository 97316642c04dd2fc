//! What to do next, from what is recorded and what was just read. The centre of the crate, and pure: no
//! time passes in here, nothing is sent and nothing is changed.

mod walk;

use self::walk::{WalkProblem, walk};
use crate::change::OperationProgress;
use crate::observed::{Observed, UpdateProgress, VersionOwner};
use crate::rollout_error::ExternalChange;
use crate::rollout_error::ReasonKind;
use crate::{Change, FailureReason, FinalState, Gap, Phase, Record, StopReason, UnhealthyInstance};

/// What is known besides the record.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
pub(crate) struct Observation<'a> {
    /// What the deployment says; read after everything else in here was known.
    pub(crate) observed: Observed,
    /// How the work of [`Record::accepted`] stands.
    pub(crate) work: OperationProgress<'a>,
    /// Whether all domains that were walked have been healthy for the settle time.
    pub(crate) is_healthy: bool,
    /// The instances that are not well in them.
    pub(crate) unhealthy: &'a [UnhealthyInstance],
    /// What the reading lacks; with any gap it is no evidence of health.
    pub(crate) gaps: &'a [Gap],
    /// Whether the time for the present domain is up.
    pub(crate) is_late: bool,
    /// Whether the time for the whole way is up, forward or back.
    pub(crate) is_overdue: bool,
    /// Whether the time for the present domain has been up for so long that it cannot settle any more.
    pub(crate) is_exhausted: bool,
    /// How many readings in a row have not shown the change of [`Record::sent`].
    pub(crate) denials: u32,
    /// Whether nobody is in the domains that have not been begun.
    pub(crate) is_rest_empty: bool,
    /// The doubt that all readings of the confirmation period share.
    pub(crate) confirmed: Option<ReasonKind>,
    /// Whether the readings before said that the update has started again.
    pub(crate) seems_restarted: bool,
    /// Whether the update is being completed, because it can be rolled back no more.
    pub(crate) is_completing: bool,
}

impl Observation<'_> {
    fn confirms(&self, why: &StopReason) -> bool {
        self.confirmed == Some(ReasonKind::of(why))
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Read the deployment again after a pause.
    Wait,
    /// Ask how the accepted work stands, and read the deployment again.
    RequestOperation,
    /// The update has begun: note it, and decide anew.
    Started,
    /// The deployment has turned back: note it, and decide anew.
    RollbackSeen,
    /// Record the intent, and send this.
    Send(Change),
    /// Roll back or pause, as the policy says.
    Fail(FailureReason),
    /// Stop for this reason if it still holds after a while. Send nothing until then.
    Confirm(StopReason),
    /// Stop for this reason.
    Stop(StopReason),
    /// It has ended so.
    End(FinalState),
}

/// How many readings must not show a walk or a rollback whose answer was lost before it is sent again.
///
/// That is harmless for these two: the service takes a walk only for the domain that is next, and a
/// rollback only while there is something to roll back. The start is never sent again.
const DENIALS: u32 = 2;

pub(crate) fn decide(record: &Record, seen: &Observation<'_>) -> Action {
    let next = match (record.phase, seen.observed) {
        (_, Observed::Deleted) => Action::Confirm(StopReason::Deleted),
        (_, Observed::Replaced) => Action::Confirm(StopReason::Replaced),
        // Label and configuration are not to be believed, and nothing would be accepted.
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

/// A gate is passed, and an end claimed, only by a reading that shows the whole deployment. One that does
/// not is no failure either: it is read again, and if it stays so, a person must look.
fn with_evidence(record: &Record, seen: &Observation<'_>, next: Action) -> Action {
    let is_promoted = is_promoted(record);
    // What cannot be rolled back any more is completed, if nobody is in the rest; a promotion says nothing
    // about that.
    let is_called_off = record.phase == Phase::RollingBack && !record.has_turned;
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

/// Whether the health of the instances is what is waited for.
fn is_at_gate(record: &Record, place: Observed) -> bool {
    let is_ours = |whose| match record.phase {
        Phase::Starting => false,
        Phase::Walking => whose == VersionOwner::After,
        Phase::RollingBack => record.has_turned && whose == VersionOwner::Before,
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

/// Waiting and going on end with the time for it; a pause stops the clock.
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

/// No update is to be seen, and the start has been sent, or is to be.
fn starting(record: &Record, seen: &Observation<'_>, whose: VersionOwner) -> Action {
    match (whose, seen.work) {
        (VersionOwner::Other, _) => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        (_, OperationProgress::InProgress) => Action::RequestOperation,
        // Somebody has walked it to its end, or another update brought the same.
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

/// An update is to be seen, and the start has been sent, or is to be.
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
        // The preflight, which is made again before each attempt, says what is in the way.
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

/// No update is in progress any more, and all domains have been walked, or something else happened.
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

/// The deployment is on its way back, or is there, and this rollout has not asked for it: somebody else
/// has, or the reading is from before the update.
fn rolled_back_by_other(seen: &Observation<'_>) -> Action {
    let why = StopReason::ExternalChange(ExternalChange::RolledBack);
    if seen.confirms(&why) { Action::RollbackSeen } else { Action::Confirm(why) }
}

/// An update is in progress, and it is to go back.
fn returning(record: &Record, seen: &Observation<'_>, moving: UpdateProgress) -> Action {
    match moving.owner {
        VersionOwner::Other => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        VersionOwner::After => not_yet_returning(record, seen, moving),
        VersionOwner::Before if !record.has_turned => rolled_back_by_other(seen),
        VersionOwner::Before if !moving.is_manual => Action::Wait,
        VersionOwner::Before => match walk(record, seen, moving) {
            Ok(next) => next,
            Err(WalkProblem::Failed { change, reason }) => {
                Action::Stop(StopReason::OperationFailed { change, reason: reason.to_owned() })
            }
            // In this reading nothing is ill that could be named; another one may show it, or the way ends.
            Err(WalkProblem::Late) if seen.unhealthy.is_empty() => Action::Wait,
            Err(WalkProblem::Late) => Action::Stop(StopReason::Unhealthy(seen.unhealthy.to_vec())),
        },
    }
}

/// The update is in progress, and it is to go back.
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
        _ if record.has_turned => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::Restarted))
        }
        _ if record.pause.is_some() => Action::Wait,
        _ if moving.may_roll_back => Action::Send(Change::RollBack),
        _ if is_to_be_completed(seen, moving) => complete_the_rest(record, seen, moving),
        _ if !seen.gaps.is_empty() => Action::Confirm(StopReason::Incomplete(seen.gaps.to_vec())),
        _ => Action::Confirm(StopReason::RollbackNotAllowed),
    }
}

/// Whether every instance is updated, and only domains are left in which nobody is: then nothing can be
/// rolled back any more, and the update is as good as complete.
fn is_to_be_completed(seen: &Observation<'_>, moving: UpdateProgress) -> bool {
    let is_waiting = moving.is_manual && !moving.is_during;
    let is_certain = seen.is_completing || seen.confirms(&StopReason::RollbackNotAllowed);
    is_certain && seen.is_rest_empty && seen.gaps.is_empty() && is_waiting
}

/// Walks a domain in which nobody is, so that the update is complete and another can follow.
fn complete_the_rest(record: &Record, seen: &Observation<'_>, moving: UpdateProgress) -> Action {
    let walk = Change::Walk { domain: moving.domain };
    if record.sent == Some(walk) && seen.denials < DENIALS {
        Action::Wait
    } else {
        Action::Send(walk)
    }
}

/// No update is in progress, and it was to go back.
fn returned(record: &Record, seen: &Observation<'_>, whose: VersionOwner) -> Action {
    match (whose, seen.work) {
        (VersionOwner::Other, _) => {
            Action::Confirm(StopReason::ExternalChange(ExternalChange::OtherVersion))
        }
        (VersionOwner::Before, _) if !record.has_turned => rolled_back_by_other(seen),
        (_, OperationProgress::InProgress) => Action::RequestOperation,
        (VersionOwner::After, _) if record.has_turned => {
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

/// Whether domains that are done have had their time. Those that are healthy when it is up may finish
/// their settle time.
fn is_late(seen: &Observation<'_>) -> bool {
    seen.is_late && !seen.unhealthy.is_empty()
}

/// Whether a person lets the present gate be passed whatever the health.
fn is_promoted(record: &Record) -> bool {
    record.promoted == Some(record.started_domains)
}

fn late(record: &Record, seen: &Observation<'_>) -> Action {
    let domain = record.started_domains.saturating_sub(1);
    Action::Fail(FailureReason::Unhealthy { domain, instances: seen.unhealthy.to_vec() })
}

/// Accepted work failed. A person who is to decide is not told again.
fn fail(record: &Record, change: Change, reason: &str) -> Action {
    if record.pause.is_some() {
        return Action::Wait;
    }
    Action::Fail(FailureReason::OperationFailed { change, reason: reason.to_owned() })
}

#[cfg(test)]
mod tests;
