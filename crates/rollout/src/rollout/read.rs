//! Reads the deployment, and handles the reading.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use azure_classic_protocol::deployment::model::DeploymentStatus;
use azure_classic_protocol::machine::{Call, Instant};
use azure_classic_protocol::{Deployment, Error, ErrorKind, RollbackMode};

use super::differences::differences;
use super::gate::When;
use super::{Flow, Rollout, State};
use crate::expectation::{Expectation, Stage, domains};
use crate::observed::{Observed, UpdateProgress, VersionOwner};
use crate::preflight::error_chain;
use crate::{Change, Event, Gap, Phase, Record, StopReason, Version};

impl Rollout {
    /// Requests the facts that are needed first.
    pub(super) fn read_deployment(&mut self, now: Instant) -> State {
        match &self.blocked {
            Some(by) if !self.is_overdue() && !self.is_late() => self.read_operation(&by.clone()),
            _ => self.reread_deployment(now),
        }
    }

    pub(super) fn reread_deployment(&mut self, now: Instant) -> State {
        self.blocked = None;
        let exchange = Call::new(&self.endpoint, &self.deployment.get(), &self.retry);
        State::Reading(now, Box::new(exchange))
    }

    /// Handles a successful or failed read of the deployment.
    pub(super) fn on_read(
        &mut self,
        now: Instant,
        requested: Instant,
        outcome: Result<Deployment, Error>,
    ) -> Flow<State> {
        self.read_at = requested;
        match outcome {
            Ok(read) => {
                self.counts.failed_reads = 0;
                self.report_differences(now, &read);
                if self.record.is_none() {
                    let is_started = self.start(now, &read)?;
                    if !is_started {
                        self.read = Some(Arc::new(read));
                        return self.pause(now);
                    }
                }
                self.update_observed(now, requested, read);
                self.handle_inputs(now)?;
                self.act(now)
            }
            Err(error) if error.is_not_found() && self.record.is_some() => {
                self.counts.failed_reads = 0;
                self.gate.close();
                self.observed = Observed::Deleted;
                self.act(now)
            }
            Err(error) => self.on_read_error(now, error),
        }
    }

    /// Waits before the next request, unless too many have failed.
    pub(super) fn on_read_error(&mut self, now: Instant, error: Error) -> Flow<State> {
        self.counts.failed_reads += 1;
        // The health may have been interrupted in the meantime.
        self.gate.reset();
        let is_tolerable = error.is_transient() || error.kind() == ErrorKind::InvalidResponse;
        if !is_tolerable || self.counts.failed_reads > self.poll.tolerated_failures {
            return self.stop(now, StopReason::InvalidResponse, Some(error.into()));
        }
        self.emit(now, &Event::ReadFailed { error: error_chain(&error) });
        self.pause(now)
    }

    /// Handles a reading of the deployment: changes, domains and health.
    fn update_observed(&mut self, now: Instant, requested: Instant, read: Deployment) {
        let Some(record) = &mut self.record else { return };
        let mut place = Observed::new(record, &read);
        if let Some(turned) = unknown_version_returned_to(record, place, &read) {
            record.before = Some(turned);
            place = Observed::new(record, &read);
            self.expectation = Expectation::of(record);
            self.is_dirty = true;
        }
        let domains = domains(&read, record.fixed_domains());
        self.gaps = match (&domains, Stage::of(place)) {
            (Err(gap), _) => vec![gap.clone()],
            (Ok(_), _) if place == Observed::Unknown && lacks_update(&read) => {
                vec![Gap::UpgradeStatus]
            }
            (Ok(_), Some(stage)) => self.expectation.gaps(&read, stage),
            (Ok(_), None) => Vec::new(),
        };
        let domains = domains.unwrap_or_default();
        if Stage::of(place).is_some_and(Stage::is_forward) && self.gaps.is_empty() {
            // A single reading never opens a gate, and it never defines the expected instances for good.
            let listed = self.expectation.added(&read);
            let before = mem::replace(&mut self.added, listed.clone());
            let added: Vec<_> = listed.into_iter().filter(|it| before.contains(it)).collect();
            if !added.is_empty() {
                record.instances.extend(added);
                self.expectation = Expectation::of(record);
                self.is_dirty = true;
            }
        }
        let was = (record.sent, record.rollback_started);
        let new = record.observe(place, domains);
        self.is_dirty |= was != (record.sent, record.rollback_started) || !new.is_empty();
        let rollback_started = record.rollback_started && !was.1;
        let is_silent = matches!(place, Observed::Locked | Observed::Deleted | Observed::Replaced);
        let is_settled = record.sent.is_none() || is_silent;
        self.counts.denials = if is_settled { 0 } else { self.counts.denials + 1 };
        if rollback_started {
            self.gate.restart();
            self.gate.pass(0);
        }
        for (domain, _) in &new {
            let is_empty = self.gaps.is_empty() && self.expectation.is_empty(&read, *domain);
            self.gate.start(is_empty);
        }
        if rollback_started || !new.is_empty() {
            self.counts.refusals = 0;
            self.clock.domain = Duration::ZERO;
            self.backoff = self.poll.backoff();
        }
        self.gate.evaluate(When { requested, read: now }, record, place, &read, &self.gaps);
        let is_rollback = record.phase == Phase::RollingBack;
        if let (Observed::Updating(UpdateProgress { is_manual: false, .. }), Observed::Idle(_)) =
            (self.reported, place)
        {
            // The platform took its time; the instances get theirs.
            self.clock.domain = Duration::ZERO;
        }
        // An update that waited for walks may roll back by itself.
        let is_walked = !is_rollback || record.policy.rollback == RollbackMode::Manual;
        let is_manual =
            is_walked && [self.reported, place].into_iter().any(Observed::waits_for_walks);
        self.observed = place;
        if place.shows_progress() {
            self.reported = place;
        }
        self.read = Some(Arc::new(read));
        for (domain, is_ours) in new {
            let external = is_manual && !is_ours;
            self.emit(now, &Event::DomainStarted { domain, is_rollback, external });
        }
    }

    /// Reports changes of instances and slot.
    fn report_differences(&mut self, now: Instant, read: &Deployment) {
        if self.observer.is_none() {
            return;
        }
        let before = self.read.take();
        for event in differences(before.as_deref(), read) {
            self.emit(now, &event);
        }
        self.read = before;
    }

    /// Whether the timeout of the whole direction has expired.
    pub(super) fn is_overdue(&self) -> bool {
        self.record.as_ref().is_some_and(|record| {
            let policy = &record.policy;
            let limit = match record.rollback_reason {
                None => policy.deadline,
                Some(_) => policy.rollback_deadline,
            };
            self.clock.way >= limit
        })
    }

    /// Whether the timeout of the current domain has expired.
    pub(super) fn is_late(&self) -> bool {
        let policy = self.record.as_ref().map(|record| &record.policy);
        policy.is_some_and(|policy| self.clock.domain >= policy.domain_deadline)
    }

    /// Whether the current domain has had time to settle and to be confirmed after its timeout.
    pub(super) fn is_exhausted(&self) -> bool {
        let policy = self.record.as_ref().map(|record| &record.policy);
        policy.is_some_and(|policy| {
            let times = [policy.domain_deadline, policy.settle_time, policy.confirm_after];
            self.clock.domain >= times.into_iter().fold(Duration::ZERO, Duration::saturating_add)
        })
    }
}

/// Whether the status shows an update in progress of which the response has no other facts.
fn lacks_update(read: &Deployment) -> bool {
    use DeploymentStatus::{RunningTransitioning, SuspendedTransitioning};
    matches!(read.status, RunningTransitioning | SuspendedTransitioning)
        && read.upgrade_status.is_none()
}

/// The version that a deployment has returned to, if the old version was not known.
fn unknown_version_returned_to(
    record: &Record,
    place: Observed,
    read: &Deployment,
) -> Option<Version> {
    let is_sent = record.rollback_started || record.sent == Some(Change::RollBack);
    let is_unknown = record.before.is_none() && record.phase == Phase::RollingBack && is_sent;
    let whose = match place {
        Observed::Updating(moving) => moving.owner,
        Observed::Idle(whose) => whose,
        _ => return None,
    };
    if is_unknown && whose == VersionOwner::Other { Version::of(read) } else { None }
}
