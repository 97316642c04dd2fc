//! Inputs: what a person wants, taken between the machine's steps.

use std::ops::ControlFlow;
use std::time::Duration;

use azure_classic_protocol::machine::Instant;

use super::work::WorkState;
use super::{Input, Rollout, State, Turn};
use crate::place::Place;
use crate::{Event, Failure, Pause, Why};

impl Rollout {
    /// Takes in what came since the last step. Before the first reading only an abort counts, and only
    /// of a rollout that has not begun; the rest waits for the reading.
    pub(super) fn heed(&mut self, now: Instant) -> Turn<()> {
        if self.record.is_none() {
            if self.inputs.contains(&Input::Abort) {
                return self.stop(now, Why::Aborted, None);
            }
            return ControlFlow::Continue(());
        }
        if self.read.is_none() {
            return ControlFlow::Continue(());
        }
        let is_any = !self.inputs.is_empty();
        while let Some(input) = self.inputs.pop_front() {
            self.is_unkept = true;
            match input {
                Input::Pause => self.rest(now),
                Input::Resume => self.go_on(now),
                Input::Promote => self.promote(now),
                Input::Abort => self.abort(now),
            }
        }
        if is_any {
            self.keep(now)?;
            self.backoff = self.poll.backoff();
            if let State::Waiting(moment) = &mut self.state {
                *moment = now;
            }
        }
        ControlFlow::Continue(())
    }

    fn rest(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        if record.pause.is_none() {
            record.pause = Some(Pause::Asked);
            self.tell(now, &Event::Paused { pause: Pause::Asked });
        }
    }

    /// Ends a pause. Whatever failed gets its time once more.
    fn go_on(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        let Some(pause) = record.pause.take() else { return };
        if let Pause::Failed(failure) = pause {
            self.clock.domain = Duration::ZERO;
            if failure == Failure::OutOfTime {
                self.clock.way = Duration::ZERO;
            }
            if matches!(failure, Failure::WorkFailed { .. }) {
                record.accepted = None;
                self.work = WorkState::Unknown;
                // The domain may have to be walked once more. If more of them are as they were, somebody
                // has begun anew.
                if let Place::Moving(moving) = self.shown
                    && moving.begun() + 1 == record.begun
                {
                    record.begun = moving.begun();
                    record.promoted = record.promoted.filter(|passed| *passed <= record.begun);
                }
            }
        }
        self.tell(now, &Event::Resumed);
    }

    fn promote(&mut self, now: Instant) {
        self.go_on(now);
        if let Some(record) = &mut self.record {
            record.promoted = Some(record.begun);
        }
    }

    fn abort(&mut self, now: Instant) {
        let Some(record) = &self.record else { return };
        if record.back.is_none() {
            self.turn_back(now, Failure::Aborted);
        } else {
            self.go_on(now);
        }
    }
}
