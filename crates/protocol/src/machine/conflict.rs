use super::{Instant, OnConflict, Poll};
use crate::{Error, RequestId};

/// What one call has done so far about operations that block it.
#[derive(Debug)]
pub(super) struct Conflicts {
    /// How to wait; `None` when the call is to fail.
    patience: Option<Poll>,
    /// When waiting ends for the whole call; set by the first conflict.
    deadline: Option<Instant>,
    /// The work that was waited for.
    followed: Vec<RequestId>,
}

/// What to do about a call that was refused.
#[derive(Debug)]
pub(super) enum Advice {
    /// Nothing helps.
    Fail,
    /// Send it again after a pause: what blocks has ended and is about to let go.
    Retry,
    /// Follow this work, and send it again then.
    Follow(RequestId, Poll),
}

impl Conflicts {
    pub(super) fn new(policy: &OnConflict) -> Self {
        let patience = match policy {
            OnConflict::Fail => None,
            OnConflict::WaitFor(poll) => Some(poll.clone()),
        };
        Self { patience, deadline: None, followed: Vec::new() }
    }

    pub(super) fn advise(&mut self, now: Instant, error: &Error) -> Advice {
        let (Some(poll), Some(work)) = (&self.patience, error.conflicting_request_id()) else {
            return Advice::Fail;
        };
        if self.followed.contains(work) {
            return Advice::Retry;
        }
        if let Some(patience) = poll.deadline {
            self.deadline.get_or_insert(now + patience);
        }
        let left = self.deadline.map(|deadline| deadline - now);
        if left.is_some_and(|left| left.is_zero()) {
            return Advice::Fail;
        }
        self.followed.push(work.clone());
        Advice::Follow(work.clone(), Poll { deadline: left, ..poll.clone() })
    }
}
