//! How a rollout ends, and the state in which it leaves the deployment.

use std::fmt;

use azure_classic_protocol::deployment::UpdateMode;
use azure_classic_protocol::deployment::model::{DeploymentStatus, UpgradeStatus};
use azure_classic_protocol::{Deployment, Slot};
use serde::{Deserialize, Serialize};

use crate::failure::{listing, truncated};
use crate::health::down;
use crate::{FailureReason, FinalState, Gap, UnhealthyInstance};

/// How a rollout ended. Each is what the service's state shows, read just before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RolloutOutcome {
    /// The update is complete, and its instances have been healthy for the settle time, unless a person
    /// promoted it: then the standing names those that are not.
    Upgraded(DeploymentSummary),
    /// The version from before runs again, and its instances have been healthy for the settle time.
    RolledBack {
        /// Why.
        because: FailureReason,
        /// How the deployment stands.
        summary: DeploymentSummary,
    },
    /// It was to be rolled back, and the update was complete before that: the service does not roll back
    /// what is complete. The way back is another update, to the old package with
    /// [`Record::before`](crate::Record::before).
    CompletedBeforeRollback {
        /// Why it was to be rolled back.
        because: FailureReason,
        /// How the deployment stands.
        standing: DeploymentSummary,
    },
}

impl RolloutOutcome {
    /// The same without the details.
    pub fn final_state(&self) -> FinalState {
        match self {
            Self::Upgraded(_) => FinalState::Upgraded,
            Self::RolledBack { .. } => FinalState::RolledBack,
            Self::CompletedBeforeRollback { .. } => FinalState::CompletedBeforeRollback,
        }
    }

    /// How the deployment stands.
    pub fn standing(&self) -> &DeploymentSummary {
        match self {
            Self::Upgraded(standing)
            | Self::RolledBack { summary: standing, .. }
            | Self::CompletedBeforeRollback { standing, .. } => standing,
        }
    }
}

impl fmt::Display for RolloutOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upgraded(standing) => write!(f, "upgraded: {standing}"),
            Self::RolledBack { because, summary: standing } => {
                write!(f, "rolled back, because {because}: {standing}")
            }
            Self::CompletedBeforeRollback { because, standing } => write!(
                f,
                "too late to roll back (because {because}), the update is complete: {standing}"
            ),
        }
    }
}

/// How a deployment stands, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentSummary {
    /// The deployment's name.
    pub deployment: String,
    /// The slot that it is in.
    pub slot: Slot,
    /// Its label.
    pub label: String,
    /// Where it is in its life.
    pub status: DeploymentStatus,
    /// The update in progress.
    pub update: Option<UpgradeStatus>,
    /// How many upgrade domains there are.
    pub domains: Option<u32>,
    /// Whether an operation holds it.
    pub is_locked: bool,
    /// Whether the service allows a rollback.
    pub may_roll_back: bool,
    /// How many instances there are.
    pub instances: usize,
    /// Those that are not up, with the state that they are in.
    pub unhealthy: Vec<UnhealthyInstance>,
    /// What the response lacked, as far as a rollout has compared it with what there should be.
    #[serde(default)]
    pub gaps: Vec<Gap>,
}

impl DeploymentSummary {
    /// What a reading of the deployment says.
    pub fn new(deployment: &Deployment) -> Self {
        Self {
            deployment: deployment.name.clone(),
            slot: deployment.deployment_slot.clone(),
            label: deployment.label.as_str().to_owned(),
            status: deployment.status.clone(),
            update: deployment.upgrade_status.clone(),
            domains: deployment.upgrade_domain_count,
            is_locked: deployment.locked == Some(true),
            may_roll_back: deployment.rollback_allowed == Some(true),
            instances: deployment.role_instance_list.len(),
            unhealthy: down(deployment),
            gaps: Vec::new(),
        }
    }
}

impl fmt::Display for DeploymentSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = format!("{:?}", self.label);
        write!(f, "{} ({}) is {}", truncated(&self.deployment), truncated(&label), self.status)?;
        match &self.update {
            None => f.write_str(", no update in progress")?,
            Some(update) => {
                let mode = match &update.upgrade_type {
                    UpdateMode::Auto => "automatic",
                    UpdateMode::Manual => "manual",
                    other => &other.to_string(),
                };
                let state = update.current_upgrade_domain_state.to_string().to_lowercase();
                write!(f, ", {mode} update {state} domain ")?;
                match update.current_upgrade_domain {
                    Some(domain) => write!(f, "{domain}")?,
                    None => f.write_str("unknown")?,
                }
                if let Some(domains) = self.domains {
                    write!(f, " of 0 to {}", domains.saturating_sub(1))?;
                }
            }
        }
        if self.may_roll_back {
            f.write_str(", rollback allowed")?;
        }
        if self.is_locked {
            f.write_str(", locked")?;
        }
        match (self.instances, self.unhealthy.as_slice()) {
            (0, _) => f.write_str(", no instances"),
            (1, []) => f.write_str(", its one instance is up"),
            (count, []) => write!(f, ", all {count} instances are up"),
            (_, unhealthy_instances) => write!(f, ", not up: {}", listing(unhealthy_instances)),
        }?;
        match self.gaps.as_slice() {
            [] => Ok(()),
            gaps => write!(f, ", incomplete: {}", listing(gaps)),
        }
    }
}
