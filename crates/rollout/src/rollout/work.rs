//! How accepted work stands, and the work of others that is in the way.

use std::ops::ControlFlow;

use azure_classic_protocol::machine::{Exchange, Instant};
use azure_classic_protocol::{
    Error, GetOperationStatus, OperationState, OperationStatus, RequestId,
};

use super::{Rollout, State, Turn};
use crate::Event;
use crate::change::Work;

/// How the work of the change that was accepted last stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WorkState {
    Unknown,
    Going,
    Ended,
    Failed(String),
}

impl WorkState {
    pub(super) fn as_work(&self) -> Work<'_> {
        match self {
            Self::Unknown => Work::Unknown,
            Self::Going => Work::Going,
            Self::Ended => Work::Ended,
            Self::Failed(reason) => Work::Failed(reason),
        }
    }
}

impl Rollout {
    pub(super) fn ask(&self, work: &RequestId) -> State {
        let get = GetOperationStatus::of(work.clone());
        State::Asking(Box::new(Exchange::new(&self.endpoint, &get, &self.retry)))
    }

    /// Whether work that goes on is to be asked about although nothing depends on it yet: if it has
    /// failed, nothing may move any more.
    pub(super) fn is_to_ask(&mut self) -> bool {
        self.counts.unasked =
            if self.work == WorkState::Going { self.counts.unasked + 1 } else { 0 };
        self.counts.unasked >= ASK_EACH
    }

    pub(super) fn ask_about_work(&mut self, now: Instant) -> Turn<State> {
        self.counts.unasked = 0;
        let accepted = self.record.as_ref().and_then(|record| record.accepted.as_ref());
        match accepted {
            Some(accepted) => ControlFlow::Continue(self.ask(&accepted.request_id)),
            None => self.pause(now),
        }
    }

    /// How some work stands has been asked: of the change that was accepted, or of what is in the way.
    pub(super) fn have_asked(
        &mut self,
        now: Instant,
        outcome: Result<OperationStatus, Error>,
    ) -> Turn<State> {
        if self.blocked.is_some() {
            return self.have_asked_what_blocks(now, outcome);
        }
        let ended = match outcome {
            Ok(status) if status.status == OperationState::Succeeded => WorkState::Ended,
            Ok(status) if status.status == OperationState::Failed => {
                let reason = status.error.map_or_else(
                    || "the service gives no reason".to_owned(),
                    |error| format!("{}: {}", error.code, error.message),
                );
                WorkState::Failed(reason)
            }
            // A state that is not known is taken for "goes on".
            Ok(_) => {
                self.counts.unknown = 0;
                return self.pause(now);
            }
            Err(error) if error.is_not_found() => return self.have_no_work(now),
            Err(error) => return self.have_not_read(now, error),
        };
        self.counts.unread = 0;
        self.counts.unknown = 0;
        if let Some(accepted) = self.record.as_ref().and_then(|record| record.accepted.clone()) {
            let failure = match &ended {
                WorkState::Failed(reason) => Some(reason.clone()),
                _ => None,
            };
            self.tell(now, &Event::WorkEnded { change: accepted.change, failure });
        }
        let is_settling = ended == WorkState::Ended
            && self.record.as_ref().is_some_and(|record| self.gate.due(record).is_some());
        self.work = ended;
        // What was read before may be from before the end; but where instances have to settle first, it
        // is soon enough to read when they have.
        if is_settling { self.pause(now) } else { ControlFlow::Continue(self.read_again(now)) }
    }

    /// The service does not know the work: not yet, or not any more.
    fn have_no_work(&mut self, now: Instant) -> Turn<State> {
        self.counts.unknown += 1;
        if self.counts.unknown > MAY_BE_UNKNOWN {
            self.counts.unknown = 0;
            self.work = WorkState::Unknown;
            if let Some(record) = &mut self.record {
                record.accepted = None;
                self.is_unkept = true;
            }
            return ControlFlow::Continue(self.read_again(now));
        }
        self.pause(now)
    }

    fn have_asked_what_blocks(
        &mut self,
        now: Instant,
        outcome: Result<OperationStatus, Error>,
    ) -> Turn<State> {
        match outcome {
            Ok(status)
                if !matches!(status.status, OperationState::Succeeded | OperationState::Failed) =>
            {
                self.pause(now)
            }
            Ok(_) => ControlFlow::Continue(self.read_again(now)),
            // It cannot be followed; the deployment says when it is free.
            Err(_) => {
                self.blocked = None;
                self.pause(now)
            }
        }
    }
}

/// At which reading in a row work that goes on is asked about.
const ASK_EACH: u32 = 4;

/// How many times the service may not know the work that it has accepted, before it is taken for
/// forgotten.
const MAY_BE_UNKNOWN: u32 = 2;
