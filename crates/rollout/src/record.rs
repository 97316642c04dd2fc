//! What has to be known of a rollout besides what the service tells.

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

/// What has to be kept of a rollout so that another driver can take it up, on this machine or another:
/// [`Rollout::resume`](crate::Rollout::resume).
///
/// The service knows where an update stands; this says which update it is, what was intended, and how
/// to judge. It is handed out by [`Rollout::persist_with`](crate::Rollout::persist_with) before each request
/// that changes something. It holds the service configuration from before and after, and so whatever
/// secrets are in there: keep it as a `.cscfg` file is kept.
///
/// It names neither endpoint nor credential: whoever takes it up must know where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Counted up when the meaning of a field changes.
    pub(crate) format: u32,
    pub(crate) subscription: String,
    pub(crate) service: String,
    pub(crate) deployment: String,
    /// Tells the deployment from another one of its name.
    pub(crate) private_id: Option<String>,
    pub(crate) policy: Policy,
    /// `None` for an update that somebody else began.
    pub(crate) before: Option<Version>,
    pub(crate) after: Version,
    /// The only role that the update concerns; `None`: all of them.
    #[serde(default)]
    pub(crate) role: Option<String>,
    pub(crate) phase: Phase,
    /// How many upgrade domains there are; it never changes.
    #[serde(default)]
    pub(crate) domains: Option<u32>,
    /// The instances that were listed before the update started, and those that it has added.
    #[serde(default)]
    pub(crate) instances: Vec<KnownInstance>,
    /// The change that was handed out and not answered. Written before it is sent.
    pub(crate) sent: Option<Change>,
    pub(crate) accepted: Option<Accepted>,
    /// Whether the service has accepted the start, so that it is never sent again.
    pub(crate) is_start_accepted: bool,
    /// How many domains have been begun, in this phase.
    pub(crate) started_domains: u32,
    /// Whether the deployment has turned back: a rollback was accepted, or is to be seen.
    pub(crate) has_turned: bool,
    /// So many domains a person let pass whatever their health, now and later.
    pub(crate) promoted: Option<u32>,
    pub(crate) pause: Option<Pause>,
    /// Why it is to go back; the way back begins as soon as the service allows it.
    pub(crate) rollback_reason: Option<FailureReason>,
    /// How much of the time for the way forward, or for the way back, has been spent.
    pub(crate) spent: Duration,
    pub(crate) ended: Option<FinalState>,
}

/// What a rollout is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// The update is being sent, or the service takes it over.
    Starting,
    /// The domains are walked, and the last instances waited for.
    Walking,
    /// It goes back to the version from before.
    RollingBack,
}

/// Why nothing is sent for the time being.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Pause {
    /// A person asked for it.
    Requested,
    /// Something failed, and a person is to decide.
    Failed(FailureReason),
}

/// How a rollout has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FinalState {
    /// The update is complete.
    Upgraded,
    /// The version from before runs again.
    RolledBack,
    /// It was to be rolled back, and was complete before that.
    CompletedBeforeRollback,
}

/// The meaning that the fields have now.
pub(crate) const FORMAT: u32 = 1;

impl Record {
    /// Of a rollout that is about to begin.
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
            has_turned: false,
            promoted: None,
            pause: None,
            rollback_reason: None,
            spent: Duration::ZERO,
            ended: None,
        }
    }

    /// The deployment, by its name.
    pub fn deployment(&self) -> DeploymentRef {
        CloudServiceRef::new(&self.service).deployment(&self.deployment)
    }

    /// The subscription that the deployment is in.
    pub fn subscription(&self) -> &str {
        &self.subscription
    }

    /// How the rollout judges and how long it waits.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What ran before; not known of an update that somebody else began.
    pub fn before(&self) -> Option<&Version> {
        self.before.as_ref()
    }

    /// What the update brings.
    pub fn after(&self) -> &Version {
        &self.after
    }

    /// What the rollout is doing.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How many upgrade domains have been begun, on the way forward or on the way back.
    pub fn started_domains(&self) -> u32 {
        self.started_domains
    }

    /// Why nothing is sent for the time being.
    pub fn pause(&self) -> Option<&Pause> {
        self.pause.as_ref()
    }

    /// Why it rolls back.
    pub fn back(&self) -> Option<&FailureReason> {
        self.rollback_reason.as_ref()
    }

    /// The change that was sent and of which no answer is known.
    pub fn sent(&self) -> Option<Change> {
        self.sent
    }

    /// The work that the service has accepted last: of which change, and its name for Get Operation
    /// Status.
    pub fn accepted(&self) -> Option<(Change, &RequestId)> {
        self.accepted.as_ref().map(|accepted| (accepted.change, &accepted.request_id))
    }

    /// How it ended, if it did.
    pub fn ended(&self) -> Option<FinalState> {
        self.ended
    }

    /// Whether the reading is of the deployment that the rollout is about.
    pub(crate) fn is_about(&self, read: &Deployment) -> bool {
        match (&self.private_id, &read.private_id) {
            (Some(own), Some(read)) => own == read,
            _ => true,
        }
    }

    /// Which version a reading shows; `None` while it tells no configuration.
    pub(crate) fn owner_of(&self, read: &Deployment) -> Option<VersionOwner> {
        read.configuration.as_ref()?;
        Some(match &self.before {
            Some(before) if before.was_read_from(read) => VersionOwner::Before,
            _ if self.after.is_meant_by(read) => VersionOwner::After,
            before => {
                // Another operator has deleted instances, and the configuration has followed.
                let is_before = before.as_ref().is_some_and(|it| it.has_fewer_instances_in(read));
                match (is_before, self.after.has_fewer_instances_in(read)) {
                    (true, false) => VersionOwner::Before,
                    (false, true) => VersionOwner::After,
                    _ => VersionOwner::Other,
                }
            }
        })
    }

    /// Takes down what a place says about changes whose answers were lost, and about domains that were
    /// begun. Returns the domains that are new, each with whether it was this rollout that walked it.
    ///
    /// `domains`: how many there are.
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
                if self.has_turned || self.sent == Some(Change::RollBack) =>
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

    /// How many upgrade domains there are, for good; `None` before anything was sent: a first reading that
    /// was wrong must not outweigh those that follow.
    pub(crate) fn fixed_domains(&self) -> Option<u32> {
        let is_untouched =
            self.phase == Phase::Starting && self.sent.is_none() && self.accepted.is_none();
        if is_untouched { None } else { self.domains }
    }

    /// What the update replaces is what was read just before its start.
    pub(crate) fn set_before(&mut self, read: &Deployment) {
        self.before = Version::of(read);
        self.domains = domains(read, None).ok();
        self.instances = known(read);
    }

    /// The deployment has turned back. Domains are counted anew.
    pub(crate) fn switch_to_rollback(&mut self) {
        if !self.has_turned {
            self.has_turned = true;
            self.started_domains = 0;
            self.promoted = None;
            self.sent = None;
        }
    }

    /// Whether a walk of the domain was sent or accepted by this rollout.
    fn has_walked(&self, domain: u32) -> bool {
        let walk = Change::Walk { domain };
        self.sent == Some(walk)
            || self.accepted.as_ref().is_some_and(|accepted| accepted.change == walk)
    }

    /// It is to go back, for this reason.
    pub(crate) fn start_rollback(&mut self, because: FailureReason) {
        self.rollback_reason = Some(because);
        self.pause = None;
        // A promotion was of the way forward.
        self.promoted = None;
        self.spent = Duration::ZERO;
        if self.phase == Phase::Walking {
            self.phase = Phase::RollingBack;
            // What became of a walk does not matter any more.
            self.sent = None;
            self.accepted = None;
        }
    }

    /// How much of the time has been spent for the process that takes the rollout up. A way back that ran
    /// out of time has stopped for that; it gets its time again.
    pub(crate) fn spent_at_resumption(&self) -> Duration {
        let is_over = self.rollback_reason.is_some() && self.spent >= self.policy.rollback_deadline;
        if is_over { Duration::ZERO } else { self.spent }
    }

    /// The update has begun.
    pub(crate) fn mark_started(&mut self) {
        self.phase =
            if self.rollback_reason.is_some() { Phase::RollingBack } else { Phase::Walking };
        self.sent = None;
        self.accepted = None;
    }
}
