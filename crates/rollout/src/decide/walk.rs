//! Walks a manual update: when the next domain is walked, and what prevents it.

use super::{Action, DENIALS, Observation, is_late, is_promoted};
use crate::change::OperationProgress;
use crate::observed::UpdateProgress;
use crate::rollout_error::ExternalChange;
use crate::{Change, Record, StopReason};

/// An obstacle to the next walk.
pub(super) enum WalkProblem<'a> {
    /// The accepted operation of this change failed.
    Failed { change: Change, reason: &'a str },
    /// The timeout of the domain has expired.
    Late,
}

/// Walks a manual update forward or back: the next domain, when the previous ones are healthy.
pub(super) fn walk<'a>(
    record: &Record,
    seen: &Observation<'a>,
    moving: UpdateProgress,
) -> Result<Action, WalkProblem<'a>> {
    let accepted = record.accepted.as_ref().map(|it| it.change);
    let failed = match (seen.work, accepted) {
        (OperationProgress::Failed(reason), Some(change @ Change::Walk { .. })) => {
            Some(WalkProblem::Failed { change, reason })
        }
        _ => None,
    };
    if moving.started_domains() < record.started_domains {
        // A failed walk may have left its domain unchanged, and an accepted walk may not be visible yet. In
        // any other case the update has started again, and it reaches the same domain when another operator
        // walks it.
        let is_one_less = moving.started_domains() + 1 == record.started_domains
            && !moving.is_during
            && !seen.seems_restarted;
        let why = match failed {
            Some(failed) if is_one_less => return Err(failed),
            None if is_one_less && seen.work == OperationProgress::InProgress => {
                return Ok(Action::RequestOperation);
            }
            // It may have failed without the driver's knowledge.
            None if is_one_less => {
                StopReason::ChangeNotVisible(Change::Walk { domain: moving.domain })
            }
            _ => StopReason::ExternalChange(ExternalChange::Restarted),
        };
        return Ok(Action::Confirm(why));
    }
    if let Some(failed) = failed {
        return Err(failed);
    }
    if moving.is_during {
        let is_late = seen.is_late && !is_promoted(record);
        return if is_late { Err(WalkProblem::Late) } else { Ok(Action::Wait) };
    }
    if seen.work == OperationProgress::InProgress {
        return Ok(Action::RequestOperation);
    }
    let next = Change::Walk { domain: moving.domain };
    let is_in_doubt = record.sent == Some(next) && seen.denials < DENIALS;
    if is_in_doubt || record.pause.is_some() {
        return Ok(Action::Wait);
    }
    let is_first = moving.domain == 0;
    if is_first || seen.is_healthy || is_promoted(record) {
        return Ok(Action::Send(next));
    }
    if is_late(seen) { Err(WalkProblem::Late) } else { Ok(Action::Wait) }
}
