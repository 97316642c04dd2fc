//! Carries out a decision: sends a change, waits, or ends the rollout.

use std::error::Error as StdError;
use std::ops::ControlFlow;
use std::time::Duration;

use azure_classic_protocol::machine::Instant;

use super::operation::TrackedOperation;
use super::{Flow, Origin, Rollout, State};
use crate::decide::{Action, Observation, decide};
use crate::observed::Observed;
use crate::{
    Change, DeploymentSummary, Event, FailureReason, FinalState, OnFailure, Pause, Phase,
    RolloutError, RolloutOutcome, StopReason,
};

impl Rollout {
    /// Decides, and carries out the decision.
    pub(super) fn act(&mut self, now: Instant) -> Flow<State> {
        loop {
            let Some(record) = &self.record else { return self.pause(now) };
            let patience = record.policy.confirm_after;
            let seen = Observation {
                observed: self.observed,
                work: self.work.as_work(),
                is_healthy: self.gate.is_open,
                unhealthy: &self.gate.unhealthy_instances,
                gaps: &self.gaps,
                is_late: self.is_late(),
                is_overdue: self.is_overdue(),
                is_exhausted: self.is_exhausted(),
                denials: self.counts.denials,
                is_rest_empty: self.is_rest_empty(),
                confirmed: self.confirmed(patience),
                seems_restarted: self.seems_restarted(),
                is_completing: self.is_completing,
            };
            let next = decide(record, &seen);
            if let Action::Confirm(why) = next {
                return self.confirm(now, why);
            }
            self.pending = None;
            let is_way_back = record.phase == Phase::RollingBack && !record.rollback_started;
            self.is_completing |= is_way_back && matches!(next, Action::Send(Change::Walk { .. }));
            match next {
                Action::Started => self.start_walking(now),
                Action::RollbackSeen => self.follow_external_rollback(now),
                Action::Fail(failure) => self.fail(now, failure),
                Action::Wait if self.should_poll() => return self.poll_operation(now),
                Action::Wait | Action::Confirm(_) => return self.pause(now),
                Action::RequestOperation => return self.poll_operation(now),
                Action::Send(Change::Start) if self.is_stale(now) => {
                    return ControlFlow::Continue(self.reread_deployment(now));
                }
                Action::Send(change) => return self.send(now, change),
                Action::Stop(why) => return self.stop(now, why, None),
                Action::End(ending) => return self.end(now, ending),
            }
        }
    }

    fn start_walking(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        record.mark_started();
        let phase = record.phase;
        self.work = TrackedOperation::Unknown;
        self.is_dirty = true;
        // Package and configuration are not needed any more.
        self.origin = Origin::Record;
        self.enter_phase(now, phase);
        self.report_domains(now);
    }

    /// Records the domains that others had started before this rollout read the deployment.
    fn report_domains(&mut self, now: Instant) {
        let (Some(record), Some(read)) = (&mut self.record, &self.read) else { return };
        let is_rollback = record.phase == Phase::RollingBack;
        let is_walked = self.observed.waits_for_walks();
        let domains = record.domains.or(read.upgrade_domain_count).unwrap_or_default();
        let new = record.observe(self.observed, domains);
        for (domain, is_ours) in new {
            let external = !is_ours && (is_walked || !is_rollback);
            self.emit(now, &Event::DomainStarted { domain, is_rollback, external });
        }
    }

    /// Another operator has started the rollback that this rollout wanted.
    fn follow_external_rollback(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        record.switch_to_rollback();
        self.is_dirty = true;
        self.gate.restart();
        self.gate.pass(0);
        self.clock.domain = Duration::ZERO;
        self.report_domains(now);
    }

    /// Restarts the counts of time and domains.
    pub(super) fn enter_phase(&mut self, now: Instant, phase: Phase) {
        self.clock.domain = Duration::ZERO;
        self.gate.restart();
        self.gate.pass(0);
        self.backoff = self.poll.backoff();
        self.counts.denials = 0;
        self.counts.refusals = 0;
        self.is_completing = false;
        self.emit(now, &Event::Entered { phase });
    }

    /// Rolls back or pauses.
    fn fail(&mut self, now: Instant, failure: FailureReason) {
        self.emit(now, &Event::Failed { failure: failure.clone() });
        let Some(record) = &mut self.record else { return };
        match record.policy.on_failure {
            OnFailure::RollBack => self.start_rollback(now, failure),
            OnFailure::Pause => {
                let pause = Pause::Failed(failure);
                record.pause = Some(pause.clone());
                self.is_dirty = true;
                self.emit(now, &Event::Paused { pause });
            }
        }
    }

    pub(super) fn start_rollback(&mut self, now: Instant, reason: FailureReason) {
        let Some(record) = &mut self.record else { return };
        record.start_rollback(reason.clone());
        let phase = record.phase;
        self.is_dirty = true;
        self.blocked = None;
        self.clock.way = Duration::ZERO;
        self.emit(now, &Event::RollbackStarted { reason });
        if phase == Phase::RollingBack {
            self.work = TrackedOperation::Unknown;
            self.enter_phase(now, phase);
        }
    }

    /// Whether the domains that remain to be walked are empty.
    fn is_rest_empty(&self) -> bool {
        let Observed::Updating(moving) = self.observed else { return false };
        let instances = self.read.as_deref().into_iter().flat_map(|read| &read.role_instance_list);
        let mut domains = instances.map(|instance| instance.instance_upgrade_domain);
        domains.all(|domain| domain.is_some_and(|domain| domain < moving.started_domains()))
            && self.expectation.is_rest_empty(moving.started_domains())
    }

    /// Whether the reading is too old to start an update from it: the start would replace an update that
    /// another operator has started in the meantime. A service that is always slow is believed in the end.
    fn is_stale(&mut self, now: Instant) -> bool {
        let is_old = now - self.read_at > FRESH;
        self.counts.reread = if is_old { self.counts.reread + 1 } else { 0 };
        is_old && self.counts.reread <= REREADINGS
    }

    /// Waits until the next reading: after a pause, or when the settle time or a timeout ends.
    pub(super) fn pause(&mut self, now: Instant) -> Flow<State> {
        let mut instant = now + self.backoff.pause();
        if let Some(record) = &self.record {
            let policy = &record.policy;
            let rest = policy.domain_deadline.saturating_sub(self.clock.domain);
            if !rest.is_zero() && record.pause.is_none() {
                instant = instant.min(now + rest);
            }
            if let Some(due) = self.gate.due(record) {
                instant = instant.min(due.max(now));
            }
        }
        ControlFlow::Continue(State::Waiting(instant))
    }

    fn end(&mut self, now: Instant, ending: FinalState) -> Flow<State> {
        let parts = self.record.as_mut().zip(self.read.as_ref());
        let Some((record, read)) = parts else { return self.pause(now) };
        let summary = DeploymentSummary { gaps: self.gaps.clone(), ..DeploymentSummary::new(read) };
        let reason = record.rollback_reason.clone().unwrap_or(FailureReason::Aborted);
        record.ended = Some(ending);
        record.spent = self.clock.way;
        if let Some(recorder) = &mut self.recorder {
            // The end is final: a resumed rollout would end in the same way.
            let _ = recorder(record);
        }
        if self.gate.is_open && record.started_domains > 0 {
            let (domain, is_rollback) =
                (record.started_domains - 1, record.phase == Phase::RollingBack);
            self.emit(now, &Event::DomainHealthy { domain, is_rollback });
        }
        self.emit(now, &Event::Ended { final_state: ending });
        ControlFlow::Break(Ok(match ending {
            FinalState::Upgraded => RolloutOutcome::Upgraded(summary),
            FinalState::RolledBack => RolloutOutcome::RolledBack { reason, summary },
            FinalState::CompletedBeforeRollback => {
                RolloutOutcome::CompletedBeforeRollback { reason, summary }
            }
        }))
    }

    pub(super) fn stop<T>(
        &mut self,
        now: Instant,
        why: StopReason,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Flow<T> {
        // The next driver should have the latest record; if that fails, the previous record suffices.
        if let (true, Some(record), Some(recorder)) =
            (why != StopReason::NotPersisted, &mut self.record, &mut self.recorder)
        {
            record.spent = self.clock.way;
            self.is_persisted |= recorder(record).is_ok();
        }
        self.emit(now, &Event::Stopped { reason: why.clone() });
        let read = self.read.as_deref().filter(|_| why != StopReason::Deleted);
        let summary = read.map(|read| Box::new(DeploymentSummary::new(read)));
        ControlFlow::Break(Err(RolloutError {
            reason: why,
            summary,
            is_recorded: self.is_persisted,
            source,
        }))
    }
}

/// The maximal duration of the reading before a start.
const FRESH: Duration = Duration::from_secs(10);

/// The maximal number of repeated readings because of that.
const REREADINGS: u32 = 3;
