//! Sends a change, and handles its response.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use azure_classic_protocol::machine::{Call, Instant, Machine, OnConflict, Retry};
use azure_classic_protocol::{Accepted, Error, ErrorKind};

use super::operation::TrackedOperation;
use super::{Flow, Origin, Rollout, State};
use crate::change::Accepted as AcceptedChange;
use crate::expectation::Expectation;
use crate::plan::Start;
use crate::preflight::error_chain;
use crate::{Change, Event, Phase, StopReason};

/// A change in flight.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    change: Change,
    /// Whether it was sent before without a response, and may take effect from then.
    is_repeated: bool,
}

impl Rollout {
    /// Records the intent, and sends the change.
    pub(super) fn send(&mut self, now: Instant, change: Change) -> Flow<State> {
        if let (Change::Start, Origin::Plan(plan), Some(read)) = (change, &self.origin, &self.read)
        {
            let (plan, read) = (plan.clone(), Arc::clone(read));
            self.check(now, &plan, &read)?;
            if let Some(record) = &mut self.record {
                record.set_before(&read);
                self.expectation = Expectation::of(record);
            }
        }
        let Some(exchange) = self.call(change) else {
            return self.stop(now, StopReason::NeverStarted, None);
        };
        if let Change::Walk { domain } = change {
            self.pass_gate(now, domain);
        }
        let is_repeated = self.record.as_ref().is_some_and(|it| it.sent == Some(change));
        if let Some(record) = &mut self.record {
            record.sent = Some(change);
            record.accepted = None;
        }
        self.work = TrackedOperation::Unknown;
        self.counts.denials = 0;
        self.is_dirty = true;
        self.persist(now)?;
        self.emit(now, &Event::Sending { change });
        ControlFlow::Continue(State::Changing(Attempt { change, is_repeated }, exchange))
    }

    fn pass_gate(&mut self, now: Instant, domain: u32) {
        let Some(record) = &self.record else { return };
        let is_rollback = record.phase == Phase::RollingBack;
        let is_promoted = record.promoted == Some(record.started_domains);
        let is_new = !self.gate.new_domains(record).is_empty();
        self.gate.pass(domain);
        if is_new && domain > 0 && (is_promoted || self.gate.is_open) {
            let healthy = Event::DomainHealthy { domain: domain - 1, is_rollback };
            self.emit(now, &if is_promoted { Event::Promoted } else { healthy });
        }
    }

    /// The call of a change, without retries: before another attempt the deployment is read.
    fn call(&self, change: Change) -> Option<Box<dyn Machine<Output = Accepted> + Send>> {
        let on_conflict = OnConflict::Fail;
        let retry = Retry { attempts: 1, on_conflict, ..self.retry.clone() };
        let (endpoint, deployment) = (&self.endpoint, &self.deployment);
        Some(match change {
            Change::Start => {
                let Origin::Plan(plan) = &self.origin else { return None };
                match plan.operation(deployment) {
                    Start::Upgrade(upgrade) => Box::new(Call::new(endpoint, &upgrade, &retry)),
                    Start::Configuration(new) => Box::new(Call::new(endpoint, &new, &retry)),
                }
            }
            Change::Walk { domain } => {
                let walk = deployment.walk_upgrade_domain(domain);
                Box::new(Call::new(endpoint, &walk, &retry))
            }
            Change::RollBack => {
                let policy = &self.record.as_ref()?.policy;
                let rollback = deployment.rollback(policy.rollback.clone()).force(policy.force);
                Box::new(Call::new(endpoint, &rollback, &retry))
            }
        })
    }

    /// Handles the response to a change, or its loss.
    pub(super) fn on_change_sent(
        &mut self,
        now: Instant,
        Attempt { change, is_repeated }: Attempt,
        outcome: Result<Accepted, Error>,
    ) -> Flow<State> {
        self.backoff = self.poll.backoff();
        let error = match outcome {
            Ok(accepted) => return self.on_accepted(now, change, &accepted),
            Err(error) => error,
        };
        let shown = error_chain(&error);
        if error.may_have_applied() {
            self.emit(now, &Event::MaybeSent { change, error: shown });
            return self.pause(now);
        }
        // The rejection of a repeated change does not prove that the first attempt failed; the first attempt
        // may be its cause.
        if let Some(record) = self.record.as_mut().filter(|_| !is_repeated) {
            record.sent = None;
            self.is_dirty = true;
        }
        if let Some(by) = error.conflicting_request_id().cloned() {
            self.emit(now, &Event::Blocked { change, by: by.clone() });
            self.blocked = Some(by);
            return self.pause(now);
        }
        self.emit(now, &Event::Rejected { change, error: shown });
        if error.is_busy() || (error.kind() == ErrorKind::NotSent && error.is_transient()) {
            self.counts.busy += 1;
            if self.counts.busy <= self.poll.tolerated_failures {
                return self.pause(now);
            }
        } else {
            self.counts.refusals += 1;
            // Another operator may have been faster; the next reading shows it.
            if change != Change::Start && self.counts.refusals <= TOLERATED_REFUSALS {
                return self.pause(now);
            }
        }
        let why = if change == Change::Start {
            StopReason::NotStarted
        } else {
            StopReason::Rejected(change)
        };
        self.stop(now, why, Some(error.into()))
    }

    fn on_accepted(&mut self, now: Instant, change: Change, accepted: &Accepted) -> Flow<State> {
        self.counts.busy = 0;
        self.counts.refusals = 0;
        self.counts.unknown = 0;
        // If the response came at once, the deployment shows the progress.
        let work = accepted.request_id().filter(|_| !accepted.is_finished()).cloned();
        self.emit(now, &Event::Accepted { change, operation_id: work.clone() });
        let Some(record) = &mut self.record else { return self.pause(now) };
        self.is_dirty = true;
        record.sent = None;
        let is_walk = matches!(change, Change::Walk { .. });
        if is_walk && record.phase == Phase::RollingBack && !record.rollback_started {
            // The rollout was aborted while the request was in flight.
            return self.pause(now);
        }
        self.work =
            if work.is_some() { TrackedOperation::InProgress } else { TrackedOperation::Unknown };
        record.accepted = work.map(|request_id| AcceptedChange { change, request_id });
        match change {
            Change::Start => record.is_start_accepted = true,
            Change::Walk { domain } => {
                record.started_domains = record.started_domains.max(domain.saturating_add(1));
                let is_rollback = record.phase == Phase::RollingBack;
                let is_empty = self.gaps.is_empty()
                    && self.read.as_ref().is_some_and(|it| self.expectation.is_empty(it, domain));
                self.gate.start(is_empty);
                self.clock.domain = Duration::ZERO;
                self.emit(now, &Event::DomainStarted { domain, is_rollback, external: false });
            }
            Change::RollBack => {
                record.switch_to_rollback();
                self.gate.restart();
                self.gate.pass(0);
                self.clock.domain = Duration::ZERO;
            }
        }
        self.pause(now)
    }

    /// Hands out the record if it has changed.
    pub(super) fn persist(&mut self, now: Instant) -> Flow<()> {
        if !std::mem::take(&mut self.is_dirty) {
            return ControlFlow::Continue(());
        }
        let (Some(record), Some(recorder)) = (&mut self.record, &mut self.recorder) else {
            self.is_persisted |= self.record.is_some();
            return ControlFlow::Continue(());
        };
        record.spent = self.clock.way;
        match recorder(record) {
            Ok(()) => {
                self.is_persisted = true;
                ControlFlow::Continue(())
            }
            Err(error) => self.stop(now, StopReason::NotPersisted, Some(error)),
        }
    }
}

/// The maximal number of consecutive rejections of a walk or a rollback that should be possible.
const TOLERATED_REFUSALS: u32 = 2;
