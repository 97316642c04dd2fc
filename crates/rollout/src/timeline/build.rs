//! Builds a timeline from events.

use std::time::Duration;

use super::{
    Gate, GateResult, InstanceLine, OperationResponse, OperationSpan, PauseSpan, PhaseStart,
    StateSpan, Timeline, TimelineEnd, TimelineNote,
};
use crate::{Change, Event, FailureReason, Phase};

impl Timeline {
    /// A timeline of these events, each with its time. A time before the latest one counts as the latest.
    pub fn of(events: impl IntoIterator<Item = (Duration, Event)>) -> Self {
        let mut timeline = Self::default();
        for (at, event) in events {
            timeline.add(at, &event);
        }
        timeline
    }

    /// Takes in an event. A time before the latest one counts as the latest.
    pub fn add(&mut self, at: Duration, event: &Event) {
        let at = at.max(self.until);
        self.until = at;
        if let Event::Instance { .. } = event {
            self.instance(at, event);
            return;
        }
        self.end_first_reading();
        // Events after a stop come from a driver that resumed the rollout.
        self.end = None;
        match event {
            Event::Entered { phase } => self.phases.push(PhaseStart { at, phase: *phase }),
            Event::Sending { change } => self.operations.push(sent(at, *change)),
            Event::Accepted { change, operation_id: work } => {
                let operation = self.responded(at, *change, OperationResponse::Accepted);
                operation.operation_id.clone_from(work);
            }
            Event::MaybeSent { change, error } => {
                self.responded(at, *change, OperationResponse::MaybeSent(error.clone()));
            }
            Event::Blocked { change, by } => {
                self.responded(at, *change, OperationResponse::Blocked(by.clone()));
            }
            Event::Rejected { change, error } => {
                self.responded(at, *change, OperationResponse::Rejected(error.clone()));
            }
            Event::OperationEnded { change, failure } => {
                self.work_ended(at, *change, failure.as_ref());
            }
            Event::DomainStarted { domain, is_rollback, external } => {
                self.gates.push(Gate {
                    domain: *domain,
                    is_rollback: *is_rollback,
                    external: *external,
                    started: at,
                    failed: None,
                    left: None,
                    result: None,
                });
            }
            Event::DomainHealthy { domain, is_rollback } => {
                self.leave_gates(at, GateResult::Healthy, |gate| {
                    gate.is_rollback == *is_rollback && gate.domain <= *domain
                });
            }
            Event::Paused { pause } => {
                self.resume(at);
                self.pauses.push(PauseSpan { from: at, to: None, reason: pause.clone() });
            }
            Event::Resumed => self.resume(at),
            Event::Ended { final_state: ending } => {
                self.resume(at);
                self.end = Some(TimelineEnd::Ended(*ending));
            }
            Event::Stopped { reason: why } => {
                self.note(at, event);
                self.end = Some(TimelineEnd::Stopped(why.clone()));
            }
            Event::Promoted => {
                let is_rollback = self.is_rollback();
                self.leave_gates(at, GateResult::Promoted, |gate| gate.is_rollback == is_rollback);
                self.note(at, event);
            }
            Event::Failed { failure } => {
                self.fail_gate(at, failure);
                self.note(at, event);
            }
            Event::RollbackStarted { .. } => {
                self.resume(at);
                self.leave_gates(at, GateResult::RollbackStarted, |gate| !gate.is_rollback);
                self.note(at, event);
            }
            _ => self.note(at, event),
        }
    }

    /// Whether it is part of the rollback.
    fn is_rollback(&self) -> bool {
        self.phases.last().is_some_and(|last| last.phase == Phase::RollingBack)
    }

    fn note(&mut self, at: Duration, event: &Event) {
        self.notes.push(TimelineNote { at, event: event.clone() });
    }

    fn resume(&mut self, at: Duration) {
        if let Some(last) = self.pauses.last_mut() {
            last.to.get_or_insert(at);
        }
    }

    /// The operation that a response belongs to.
    fn responded(
        &mut self,
        at: Duration,
        change: Change,
        response: OperationResponse,
    ) -> &mut OperationSpan {
        let open =
            self.operations.iter().rposition(|it| it.change == change && it.response.is_none());
        let found = open.unwrap_or_else(|| {
            // The event of the sending is missing.
            self.operations.push(sent(at, change));
            self.operations.len() - 1
        });
        let operation = &mut self.operations[found];
        operation.responded = Some(at);
        operation.response = Some(response);
        operation
    }

    fn work_ended(&mut self, at: Duration, change: Change, failure: Option<&String>) {
        let mut operations = self.operations.iter_mut().rev();
        if let Some(operation) = operations.find(|it| it.change == change && it.ended.is_none()) {
            operation.ended = Some(at);
            operation.failure = failure.cloned();
        }
    }

    fn leave_gates(&mut self, at: Duration, result: GateResult, is_meant: impl Fn(&Gate) -> bool) {
        for gate in self.gates.iter_mut().filter(|gate| gate.left.is_none() && is_meant(gate)) {
            gate.left = Some(at);
            gate.result = Some(result);
        }
    }

    fn fail_gate(&mut self, at: Duration, failure: &FailureReason) {
        let failed = match failure {
            FailureReason::Unhealthy { domain, .. }
            | FailureReason::OperationFailed { change: Change::Walk { domain }, .. } => *domain,
            _ => return,
        };
        let mut gates = self.gates.iter_mut().rev();
        if let Some(gate) = gates.find(|gate| gate.domain == failed && gate.left.is_none()) {
            gate.failed.get_or_insert(at);
        }
    }

    fn instance(&mut self, at: Duration, event: &Event) {
        let Event::Instance { instance, role, domain, from, to } = event else { return };
        let place = self.index.find(&self.instances, *domain, role, instance);
        let found = place.unwrap_or_else(|place| {
            let (instance, role) = (instance.clone(), role.clone());
            let line = InstanceLine { instance, role, domain: *domain, states: Vec::new() };
            self.index.add(&line);
            self.instances.insert(place, line);
            place
        });
        let is_known = is_present(&self.instances[found]);
        match (from, &mut self.unread) {
            (None, Some(unread)) => {
                unread.remove(instance);
            }
            (None, None) if is_known => self.take_up(at, instance),
            (None, None) => {}
            (Some(_), _) => self.end_first_reading(),
        }
        let line = &mut self.instances[found];
        if let Some(last) = line.states.last_mut().filter(|last| last.to.is_none()) {
            if Some(&last.state) == to.as_ref() {
                return;
            }
            last.to = Some(at);
        }
        if let Some(state) = to {
            line.states.push(StateSpan { from: at, to: None, state: state.clone() });
        }
    }

    /// The driver reads for the first time what its predecessor has read before.
    fn take_up(&mut self, at: Duration, first: &str) {
        self.resumed.push(at);
        self.end = None;
        let present = self.instances.iter().filter(|line| is_present(line));
        let names = present.map(|line| line.instance.clone());
        self.unread = Some(names.filter(|name| name != first).collect());
    }

    /// Instances that a driver does not find in its first reading have been removed.
    fn end_first_reading(&mut self) {
        let (Some(unread), Some(at)) = (self.unread.take(), self.resumed.last()) else { return };
        for line in self.instances.iter_mut().filter(|line| unread.contains(&line.instance)) {
            if let Some(last) = line.states.last_mut() {
                last.to.get_or_insert(*at);
            }
        }
    }
}

/// Whether the instance exists, as far as is known.
fn is_present(line: &InstanceLine) -> bool {
    line.states.last().is_some_and(|last| last.to.is_none())
}

fn sent(at: Duration, change: Change) -> OperationSpan {
    OperationSpan {
        change,
        sent: at,
        responded: None,
        response: None,
        operation_id: None,
        ended: None,
        failure: None,
    }
}
