use super::{Instant, OnConflict, Poll};
use crate::{Error, RequestId};

/// The state of a call with regard to operations that block it.
#[derive(Debug)]
pub(super) struct Conflicts {
    /// How to wait; `None` if the call must fail.
    poll: Option<Poll>,
    /// When the waiting of the whole call ends; set by the first conflict.
    deadline: Option<Instant>,
    /// The operation that was waited for.
    waited_for: Vec<RequestId>,
}

/// The reaction to a rejected call.
#[derive(Debug)]
pub(super) enum ConflictAction {
    /// Fail.
    Fail,
    /// Send it again after a pause: the blocking operation has ended and will release the resource.
    Retry,
    /// Poll this operation, and then send the call again.
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
