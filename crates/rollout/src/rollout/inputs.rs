//! Handles the inputs of operators between the steps of the machine.

use std::ops::ControlFlow;
use std::time::Duration;

use azure_classic_protocol::machine::Instant;

use super::operation::TrackedOperation;
use super::{Flow, Input, Rollout, State};
use crate::observed::Observed;
use crate::{Event, FailureReason, Pause, StopReason};

impl Rollout {
    /// Handles the inputs since the last step. Before the first reading only an abort takes effect, and only
    /// if the rollout has not started; the others wait for the reading.
    pub(super) fn handle_inputs(&mut self, now: Instant) -> Flow<()> {
        if self.record.is_none() {
            if self.inputs.contains(&Input::Abort) {
                return self.stop(now, StopReason::Aborted, None);
            }
            return ControlFlow::Continue(());
        }
        if self.read.is_none() {
            return ControlFlow::Continue(());
        }
        let is_any = !self.inputs.is_empty();
        while let Some(input) = self.inputs.pop_front() {
            self.is_dirty = true;
            match input {
                Input::Pause => self.enter_pause(now),
                Input::Resume => self.resume_from_pause(now),
                Input::Promote => self.promote(now),
                Input::Abort => self.abort(now),
            }
        }
        if is_any {
            self.persist(now)?;
            self.backoff = self.poll.backoff();
            if let State::Waiting(instant) = &mut self.state {
                *instant = now;
            }
        }
        ControlFlow::Continue(())
    }

    fn enter_pause(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        if record.pause.is_none() {
            record.pause = Some(Pause::Requested);
            self.emit(now, &Event::Paused { pause: Pause::Requested });
        }
    }

    /// Ends a pause. After a failure its timeout restarts.
    fn resume_from_pause(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        let Some(pause) = record.pause.take() else { return };
        if let Pause::Failed(failure) = pause {
            self.clock.domain = Duration::ZERO;
            if failure == FailureReason::TimedOut {
                self.clock.way = Duration::ZERO;
            }
            if matches!(failure, FailureReason::OperationFailed { .. }) {
                record.accepted = None;
                self.work = TrackedOperation::Unknown;
                // The domain may have to be walked once more. If more domains are unchanged, another operator
                // has started again.
                if let Observed::Updating(moving) = self.reported
                    && moving.started_domains() + 1 == record.started_domains
                {
                    record.started_domains = moving.started_domains();
                    record.promoted =
                        record.promoted.filter(|passed| *passed <= record.started_domains);
                }
            }
        }
        self.emit(now, &Event::Resumed);
    }

    fn promote(&mut self, now: Instant) {
        self.resume_from_pause(now);
        if let Some(record) = &mut self.record {
            record.promoted = Some(record.started_domains);
        }
    }

    fn abort(&mut self, now: Instant) {
        let Some(record) = &self.record else { return };
        if record.rollback_reason.is_none() {
            self.start_rollback(now, FailureReason::Aborted);
        } else {
            self.resume_from_pause(now);
        }
    }
}
