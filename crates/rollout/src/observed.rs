//! Where a deployment stands, as far as a rollout has to know.

use azure_classic_protocol::Deployment;
use azure_classic_protocol::deployment::UpdateMode;
use azure_classic_protocol::deployment::model::{CurrentUpgradeDomainState, DeploymentStatus};

use crate::Record;
use crate::expectation::domains;

/// What a reading of the deployment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Observed {
    /// It is not there any more, or on its way out.
    Deleted,
    /// Another deployment has its name.
    Replaced,
    /// An operation holds it. Label and configuration say nothing until it lets go.
    Locked,
    /// Something else moves than an update, or the reading is not complete, or has upgrade domains that
    /// cannot be.
    Unknown,
    /// No update is in progress.
    Idle(VersionOwner),
    /// An update is in progress.
    Updating(UpdateProgress),
}

/// Which version the deployment says that it runs, or is on its way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionOwner {
    /// The one from before the rollout.
    Before,
    /// The rollout's.
    After,
    /// Somebody else's.
    Other,
}

/// An update in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UpdateProgress {
    /// Where it leads.
    pub(crate) owner: VersionOwner,
    /// Whether it waits for walks.
    pub(crate) is_manual: bool,
    /// The domain that is next or in work.
    pub(crate) domain: u32,
    /// Whether the domain is in work.
    pub(crate) is_during: bool,
    /// Whether the service allows a rollback.
    pub(crate) may_roll_back: bool,
}

impl UpdateProgress {
    /// How many domains have been begun.
    pub(crate) fn started_domains(self) -> u32 {
        self.domain.saturating_add(u32::from(self.is_during))
    }

    /// The update that a deployment says is in progress; `None` also when it names no domain.
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
    /// Whether it is an update that moves when it is walked.
    pub(crate) fn waits_for_walks(self) -> bool {
        matches!(self, Self::Updating(moving) if moving.is_manual)
    }

    /// Whether it shows how far the update of the rollout is.
    pub(crate) fn shows_progress(self) -> bool {
        matches!(self, Self::Idle(_) | Self::Updating(_))
    }

    /// What a reading says about the rollout of this record.
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
