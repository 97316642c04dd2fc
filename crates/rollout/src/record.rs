//! The state of a rollout that the service does not store.

use std::time::Duration;

use azure_classic_protocol::{CloudServiceRef, Deployment, DeploymentRef, RequestId};
use serde::{Deserialize, Serialize};

use crate::change::Accepted;
use crate::expectation::domains;
use crate::known::{KnownInstance, known};
use crate::observed::{Observed, VersionOwner};
use crate::{Change, FailureReason, Policy, Version};

mod check;
#[cfg(test)]
mod tests;

/// The persistent state of a rollout, from which another driver can resume it, on this machine or another:
/// [`Rollout::resume`](crate::Rollout::resume).
///
/// The service knows the progress of an update; the record knows which update it is, what was intended, and
/// the policy. [`Rollout::persist_with`](crate::Rollout::persist_with) hands it out before each write. It
/// contains the service configurations of both versions with all their secrets: protect it like a `.cscfg`
/// file.
///
/// It contains neither endpoint nor credential; the operator who resumes it must know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Incremented when the meaning of a field changes.
    pub(crate) format: u32,
    pub(crate) subscription: String,
    pub(crate) service: String,
    pub(crate) deployment: String,
    /// Distinguishes the deployment from another one with the same name.
    pub(crate) private_id: Option<String>,
    pub(crate) policy: Policy,
    /// `None` for an update that another operator started.
    pub(crate) before: Option<Version>,
    pub(crate) after: Version,
    /// The only role that the update includes; `None` for all roles.
    #[serde(default)]
    pub(crate) role: Option<String>,
    pub(crate) phase: Phase,
    /// The number of upgrade domains; it never changes.
    #[serde(default)]
    pub(crate) domains: Option<u32>,
    /// The instances that were listed before the update started, and those that it has added.
    #[serde(default)]
    pub(crate) instances: Vec<KnownInstance>,
    /// The change that was sent and has no response. Written before it is sent.
    pub(crate) sent: Option<Change>,
    pub(crate) accepted: Option<Accepted>,
    /// Whether the service has accepted the start, which is then never retried.
    pub(crate) is_start_accepted: bool,
    /// The number of domains that have started in this phase.
    pub(crate) started_domains: u32,
    /// Whether the rollback has started: it was accepted, or a reading shows it.
    pub(crate) rollback_started: bool,
    /// The number of domains that an operator promoted; their health does not matter at any gate.
    pub(crate) promoted: Option<u32>,
    pub(crate) pause: Option<Pause>,
    /// The reason for the rollback, which starts as soon as the service allows it.
    pub(crate) rollback_reason: Option<FailureReason>,
    /// The time spent in the present direction, forward or back.
    pub(crate) spent: Duration,
    pub(crate) ended: Option<FinalState>,
}

/// The phase of a rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// The start is being sent, or the service is processing it.
    Starting,
    /// The rollout walks the domains, and waits for the last instances.
    Walking,
    /// The rollout rolls back to the old version.
    RollingBack,
}

/// The reason why the rollout is paused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Pause {
    /// An operator paused it.
    Requested,
    /// Something failed, and an operator must decide.
    Failed(FailureReason),
}

/// The final state of a rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FinalState {
    /// The update is complete.
    Upgraded,
    /// The old version runs again.
    RolledBack,
    /// The update was complete before the rollback started.
    CompletedBeforeRollback,
}

/// The present meaning of the fields.
pub(crate) const FORMAT: u32 = 1;

impl Record {
    /// Creates the record of a rollout before its start.
    pub(crate) fn new(
        subscription: String,
        reference: &DeploymentRef,
        deployment: &Deployment,
        policy: Policy,
        before: Option<Version>,
        after: Version,
    ) -> Self {
        Self {
            format: FORMAT,
            subscription,
            service: reference.service().name().to_owned(),
            deployment: deployment.name.clone(),
            private_id: deployment.private_id.clone(),
            policy,
            before,
            after,
            role: None,
            phase: Phase::Starting,
            domains: domains(deployment, None).ok(),
            instances: known(deployment),
            sent: None,
            accepted: None,
            is_start_accepted: false,
            started_domains: 0,
            rollback_started: false,
            promoted: None,
            pause: None,
            rollback_reason: None,
            spent: Duration::ZERO,
            ended: None,
        }
    }

    /// Returns the deployment, by its name.
    pub fn deployment(&self) -> DeploymentRef {
        CloudServiceRef::new(&self.service).deployment(&self.deployment)
    }

    /// Returns the subscription of the deployment.
    pub fn subscription(&self) -> &str {
        &self.subscription
    }

    /// Returns the policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the old version; `None` for an update that another operator started.
    pub fn before(&self) -> Option<&Version> {
        self.before.as_ref()
    }

    /// Returns the new version.
    pub fn after(&self) -> &Version {
        &self.after
    }

    /// Returns the phase.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns the number of upgrade domains that have started, in the update or in the rollback.
    pub fn started_domains(&self) -> u32 {
        self.started_domains
    }

    /// Returns the reason of the pause, if the rollout is paused.
    pub fn pause(&self) -> Option<&Pause> {
        self.pause.as_ref()
    }

    /// Returns the reason for the rollback, if there is one.
    pub fn back(&self) -> Option<&FailureReason> {
        self.rollback_reason.as_ref()
    }

    /// Returns the change that was sent and has no response yet.
    pub fn sent(&self) -> Option<Change> {
        self.sent
    }

    /// Returns the last change that the service accepted, with the request id for Get Operation Status.
    pub fn accepted(&self) -> Option<(Change, &RequestId)> {
        self.accepted.as_ref().map(|accepted| (accepted.change, &accepted.request_id))
    }

    /// Returns the final state, if the rollout has ended.
    pub fn ended(&self) -> Option<FinalState> {
        self.ended
    }

    /// Whether the reading shows the deployment of this rollout.
    pub(crate) fn is_about(&self, read: &Deployment) -> bool {
        match (&self.private_id, &read.private_id) {
            (Some(own), Some(read)) => own == read,
            _ => true,
        }
    }

    /// The version in a reading; `None` if the reading has no configuration.
    pub(crate) fn owner_of(&self, read: &Deployment) -> Option<VersionOwner> {
        read.configuration.as_ref()?;
        Some(match &self.before {
            Some(before) if before.was_read_from(read) => VersionOwner::Before,
            _ if self.after.is_meant_by(read) => VersionOwner::After,
            before => {
                // Another operator has deleted instances, which changes the configuration.
                let is_before = before.as_ref().is_some_and(|it| it.has_fewer_instances_in(read));
                match (is_before, self.after.has_fewer_instances_in(read)) {
                    (true, false) => VersionOwner::Before,
                    (false, true) => VersionOwner::After,
                    _ => VersionOwner::Other,
                }
            }
        })
    }

    /// Records what an observation shows about changes without a response, and about started domains. Returns
    /// the newly started domains, each with whether this rollout walked it.
    ///
    /// `domains`: the number of upgrade domains.
    pub(crate) fn observe(&mut self, place: Observed, domains: u32) -> Vec<(u32, bool)> {
        let (whose, started) = match place {
            Observed::Updating(moving) => (moving.owner, moving.started_domains()),
            Observed::Idle(whose) => (whose, domains),
            Observed::Deleted | Observed::Replaced | Observed::Locked | Observed::Unknown => {
                return Vec::new();
            }
        };
        match (self.phase, whose) {
            (Phase::Walking, VersionOwner::After) => {}
            (Phase::RollingBack, VersionOwner::Before)
                if self.rollback_started || self.sent == Some(Change::RollBack) =>
            {
                self.switch_to_rollback();
            }
            _ => return Vec::new(),
        }
        let new = self.started_domains..started;
        let new = new.map(|domain| (domain, self.has_walked(domain))).collect();
        self.started_domains = self.started_domains.max(started);
        if matches!(self.sent, Some(Change::Walk { domain }) if domain < self.started_domains) {
            self.sent = None;
        }
        new
    }

    /// The number of upgrade domains, once it is final; `None` before anything was sent, because a wrong
    /// first reading must not override later ones.
    pub(crate) fn fixed_domains(&self) -> Option<u32> {
        let is_untouched =
            self.phase == Phase::Starting && self.sent.is_none() && self.accepted.is_none();
        if is_untouched { None } else { self.domains }
    }

    /// The update replaces the version that was read right before its start.
    pub(crate) fn set_before(&mut self, read: &Deployment) {
        self.before = Version::of(read);
        self.domains = domains(read, None).ok();
        self.instances = known(read);
    }

    /// Starts the rollback. The count of started domains restarts.
    pub(crate) fn switch_to_rollback(&mut self) {
        if !self.rollback_started {
            self.rollback_started = true;
            self.started_domains = 0;
            self.promoted = None;
            self.sent = None;
        }
    }

    /// Whether this rollout has sent a walk of the domain or had one accepted.
    fn has_walked(&self, domain: u32) -> bool {
        let walk = Change::Walk { domain };
        self.sent == Some(walk)
            || self.accepted.as_ref().is_some_and(|accepted| accepted.change == walk)
    }

    /// Requests a rollback for this reason.
    pub(crate) fn start_rollback(&mut self, reason: FailureReason) {
        self.rollback_reason = Some(reason);
        self.pause = None;
        // A promotion applies to the update only.
        self.promoted = None;
        self.spent = Duration::ZERO;
        if self.phase == Phase::Walking {
            self.phase = Phase::RollingBack;
            // The result of a walk does not matter any more.
            self.sent = None;
            self.accepted = None;
        }
    }

    /// The time already spent, for a driver that resumes the rollout. A rollback that stopped because of its
    /// timeout gets its time again.
    pub(crate) fn spent_at_resumption(&self) -> Duration {
        let is_over = self.rollback_reason.is_some() && self.spent >= self.policy.rollback_deadline;
        if is_over { Duration::ZERO } else { self.spent }
    }

    /// The update has started.
    pub(crate) fn mark_started(&mut self) {
        self.phase =
            if self.rollback_reason.is_some() { Phase::RollingBack } else { Phase::Walking };
        self.sent = None;
        self.accepted = None;
    }
}
