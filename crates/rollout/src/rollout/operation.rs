//! Polls the accepted operation, and the blocking operation of another request.

use std::ops::ControlFlow;

use azure_classic_protocol::machine::{Call, Instant};
use azure_classic_protocol::{
    Error, GetOperationStatus, OperationState, OperationStatus, RequestId,
};

use super::{Flow, Rollout, State};
use crate::Event;
use crate::change::OperationProgress;

/// The state of the operation of the last accepted change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TrackedOperation {
    Unknown,
    InProgress,
    Ended,
    Failed(String),
}

impl TrackedOperation {
    pub(super) fn as_work(&self) -> OperationProgress<'_> {
        match self {
            Self::Unknown => OperationProgress::Unknown,
            Self::InProgress => OperationProgress::InProgress,
            Self::Ended => OperationProgress::Ended,
            Self::Failed(reason) => OperationProgress::Failed(reason),
        }
    }
}

impl Rollout {
    pub(super) fn read_operation(&self, work: &RequestId) -> State {
        let get = GetOperationStatus::new(work.clone());
        State::ReadingOperation(Box::new(Call::new(&self.endpoint, &get, &self.retry)))
    }

    /// Whether to poll an operation in progress although nothing depends on it yet: if it has failed, the
    /// rollout must not continue.
    pub(super) fn should_poll(&mut self) -> bool {
        self.counts.reads_since_poll = if self.work == TrackedOperation::InProgress {
            self.counts.reads_since_poll + 1
        } else {
            0
        };
        self.counts.reads_since_poll >= POLL_EVERY
    }

    pub(super) fn poll_operation(&mut self, now: Instant) -> Flow<State> {
        self.counts.reads_since_poll = 0;
        let accepted = self.record.as_ref().and_then(|record| record.accepted.as_ref());
        match accepted {
            Some(accepted) => ControlFlow::Continue(self.read_operation(&accepted.request_id)),
            None => self.pause(now),
        }
    }

    /// Handles the status of an operation: the accepted one, or a blocking one.
    pub(super) fn on_operation_status(
        &mut self,
        now: Instant,
        outcome: Result<OperationStatus, Error>,
    ) -> Flow<State> {
        if self.blocked.is_some() {
            return self.on_blocking_status(now, outcome);
        }
        let ended = match outcome {
            Ok(status) if status.status == OperationState::Succeeded => TrackedOperation::Ended,
            Ok(status) if status.status == OperationState::Failed => {
                let reason = status.error.map_or_else(
                    || "the service gives no reason".to_owned(),
                    |error| format!("{}: {}", error.code, error.message),
                );
                TrackedOperation::Failed(reason)
            }
            // An unknown state counts as in progress.
            Ok(_) => {
                self.counts.unknown = 0;
                return self.pause(now);
            }
            Err(error) if error.is_not_found() => return self.on_unknown_operation(now),
            Err(error) => return self.on_read_error(now, error),
        };
        self.counts.failed_reads = 0;
        self.counts.unknown = 0;
        if let Some(accepted) = self.record.as_ref().and_then(|record| record.accepted.clone()) {
            let failure = match &ended {
                TrackedOperation::Failed(reason) => Some(reason.clone()),
                _ => None,
            };
            self.emit(now, &Event::OperationEnded { change: accepted.change, failure });
        }
        let is_settling = ended == TrackedOperation::Ended
            && self.record.as_ref().is_some_and(|record| self.gate.due(record).is_some());
        self.work = ended;
        // The last reading may be from before the end of the operation. If instances have to settle first, a
        // reading at that time is soon enough.
        if is_settling {
            self.pause(now)
        } else {
            ControlFlow::Continue(self.reread_deployment(now))
        }
    }

    /// The service does not know the operation, not yet or not any more.
    fn on_unknown_operation(&mut self, now: Instant) -> Flow<State> {
        self.counts.unknown += 1;
        if self.counts.unknown > MAY_BE_UNKNOWN {
            self.counts.unknown = 0;
            self.work = TrackedOperation::Unknown;
            if let Some(record) = &mut self.record {
                record.accepted = None;
                self.is_dirty = true;
            }
            return ControlFlow::Continue(self.reread_deployment(now));
        }
        self.pause(now)
    }

    fn on_blocking_status(
        &mut self,
        now: Instant,
        outcome: Result<OperationStatus, Error>,
    ) -> Flow<State> {
        match outcome {
            Ok(status)
                if !matches!(status.status, OperationState::Succeeded | OperationState::Failed) =>
            {
                self.pause(now)
            }
            Ok(_) => ControlFlow::Continue(self.reread_deployment(now)),
            // It cannot be polled; the deployment shows when it is free.
            Err(_) => {
                self.blocked = None;
                self.pause(now)
            }
        }
    }
}

/// The number of consecutive readings after which an operation in progress is polled.
const POLL_EVERY: u32 = 4;

/// How many times the service may not know an operation that it has accepted before the operation counts as
/// forgotten.
const MAY_BE_UNKNOWN: u32 = 2;
