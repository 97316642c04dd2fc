//! Classifies a reading of the deployment for the rollout.

use azure_classic_protocol::Deployment;
use azure_classic_protocol::deployment::UpdateMode;
use azure_classic_protocol::deployment::model::{CurrentUpgradeDomainState, DeploymentStatus};

use crate::Record;
use crate::expectation::domains;

/// The state of the deployment in a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Observed {
    /// It does not exist any more, or is being deleted.
    Deleted,
    /// Another deployment has its name.
    Replaced,
    /// An operation holds it. Label and configuration have no meaning until it ends.
    Locked,
    /// A transition other than an update is in progress, or the reading is incomplete or has impossible
    /// upgrade domains.
    Unknown,
    /// No update is in progress.
    Idle(VersionOwner),
    /// An update is in progress.
    Updating(UpdateProgress),
}

/// The version that the deployment runs, or that its update leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionOwner {
    /// The version from before the rollout.
    Before,
    /// The rollout's version.
    After,
    /// A version of another operator.
    Other,
}

/// An update in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UpdateProgress {
    /// The version that it leads to.
    pub(crate) owner: VersionOwner,
    /// Whether it waits for walks.
    pub(crate) is_manual: bool,
    /// The domain that is next or in progress.
    pub(crate) domain: u32,
    /// Whether the domain is in progress.
    pub(crate) is_during: bool,
    /// Whether the service allows a rollback.
    pub(crate) may_roll_back: bool,
}

impl UpdateProgress {
    /// The number of domains that have started.
    pub(crate) fn started_domains(self) -> u32 {
        self.domain.saturating_add(u32::from(self.is_during))
    }

    /// The update in progress according to the deployment; `None` also if it names no domain.
    pub(crate) fn read(deployment: &Deployment, whose: VersionOwner) -> Option<Self> {
        let update = deployment.upgrade_status.as_ref()?;
        Some(Self {
            owner: whose,
            is_manual: update.upgrade_type == UpdateMode::Manual,
            domain: update.domain()?,
            is_during: update.current_upgrade_domain_state == CurrentUpgradeDomainState::During,
            may_roll_back: deployment.rollback_allowed == Some(true),
        })
    }
}

impl Observed {
    /// Whether it is an update that moves by walks.
    pub(crate) fn waits_for_walks(self) -> bool {
        matches!(self, Self::Updating(moving) if moving.is_manual)
    }

    /// Whether it shows the progress of the rollout's update.
    pub(crate) fn shows_progress(self) -> bool {
        matches!(self, Self::Idle(_) | Self::Updating(_))
    }

    /// Classifies a reading for the rollout of this record.
    pub(crate) fn new(record: &Record, deployment: &Deployment) -> Self {
        use DeploymentStatus as S;
        if !record.is_about(deployment) {
            return Self::Replaced;
        }
        if deployment.status == S::Deleting {
            return Self::Deleted;
        }
        if deployment.locked == Some(true) {
            return Self::Locked;
        }
        if domains(deployment, record.fixed_domains()).is_err() {
            return Self::Unknown;
        }
        let Some(whose) = record.owner_of(deployment) else { return Self::Unknown };
        match (&deployment.status, UpdateProgress::read(deployment, whose)) {
            (
                S::Running | S::Suspended | S::RunningTransitioning | S::SuspendedTransitioning,
                Some(moving),
            ) => Self::Updating(moving),
            (S::Running | S::Suspended, None) if deployment.upgrade_status.is_none() => {
                Self::Idle(whose)
            }
            _ => Self::Unknown,
        }
    }
}
