use super::{Instant, OnConflict, Poll};
use crate::{Error, RequestId};

/// What one call has done so far about operations that block it.
#[derive(Debug)]
pub(super) struct Conflicts {
    /// How to wait; `None` when the call is to fail.
    poll: Option<Poll>,
    /// When waiting ends for the whole call; set by the first conflict.
    deadline: Option<Instant>,
    /// The work that was waited for.
    waited_for: Vec<RequestId>,
}

/// What to do about a call that was refused.
#[derive(Debug)]
pub(super) enum ConflictAction {
    /// Nothing helps.
    Fail,
    /// Send it again after a pause: what blocks has ended and is about to let go.
    Retry,
    /// Follow this work, and send it again then.
    WaitFor(RequestId, Poll),
}

impl Conflicts {
    pub(super) fn new(policy: &OnConflict) -> Self {
        let patience = match policy {
            OnConflict::Fail => None,
            OnConflict::WaitFor(poll) => Some(poll.clone()),
        };
        Self { poll: patience, deadline: None, waited_for: Vec::new() }
    }

    pub(super) fn decide(&mut self, now: Instant, error: &Error) -> ConflictAction {
        let (Some(poll), Some(work)) = (&self.poll, error.conflicting_request_id()) else {
            return ConflictAction::Fail;
        };
        if self.waited_for.contains(work) {
            return ConflictAction::Retry;
        }
        if let Some(patience) = poll.deadline {
            self.deadline.get_or_insert(now + patience);
        }
        let left = self.deadline.map(|deadline| deadline - now);
        if left.is_some_and(|left| left.is_zero()) {
            return ConflictAction::Fail;
        }
        self.waited_for.push(work.clone());
        ConflictAction::WaitFor(work.clone(), Poll { deadline: left, ..poll.clone() })
    }
}
