//! The outcome of a rollout, and the state of its deployment at that time.

use std::fmt;

use azure_classic_protocol::deployment::UpdateMode;
use azure_classic_protocol::deployment::model::{DeploymentStatus, UpgradeStatus};
use azure_classic_protocol::{Deployment, Slot};
use serde::{Deserialize, Serialize};

use crate::failure::{listing, truncated};
use crate::health::down;
use crate::{FailureReason, FinalState, Gap, UnhealthyInstance};

/// The outcome of a rollout. The state of the service proved it in the last readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RolloutOutcome {
    /// The update is complete, and its instances have been healthy for the settle time. If an operator
    /// promoted it, the summary names the unhealthy instances.
    Upgraded(DeploymentSummary),
    /// The old version runs again, and its instances have been healthy for the settle time.
    RolledBack {
        /// The reason for the rollback.
        reason: FailureReason,
        /// The state of the deployment.
        summary: DeploymentSummary,
    },
    /// The update was complete before the rollback started: the service does not roll back a complete update.
    /// To go back, start another update to the old package with [`Record::before`](crate::Record::before).
    CompletedBeforeRollback {
        /// The reason for the rollback.
        reason: FailureReason,
        /// The state of the deployment.
        summary: DeploymentSummary,
    },
}

impl RolloutOutcome {
    /// Returns the outcome without the details.
    pub fn final_state(&self) -> FinalState {
        match self {
            Self::Upgraded(_) => FinalState::Upgraded,
            Self::RolledBack { .. } => FinalState::RolledBack,
            Self::CompletedBeforeRollback { .. } => FinalState::CompletedBeforeRollback,
        }
    }

    /// Returns the state of the deployment.
    pub fn summary(&self) -> &DeploymentSummary {
        match self {
            Self::Upgraded(summary)
            | Self::RolledBack { summary, .. }
            | Self::CompletedBeforeRollback { summary, .. } => summary,
        }
    }
}

impl fmt::Display for RolloutOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upgraded(summary) => write!(f, "upgraded: {summary}"),
            Self::RolledBack { reason, summary } => {
                write!(f, "rolled back, because {reason}: {summary}")
            }
            Self::CompletedBeforeRollback { reason, summary } => write!(
                f,
                "too late to roll back (because {reason}), the update is complete: {summary}"
            ),
        }
    }
}

/// A summary of the state of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentSummary {
    /// The name of the deployment.
    pub deployment: String,
    /// Its slot.
    pub slot: Slot,
    /// Its label.
    pub label: String,
    /// Its status.
    pub status: DeploymentStatus,
    /// The update in progress.
    pub update: Option<UpgradeStatus>,
    /// The number of upgrade domains.
    pub domains: Option<u32>,
    /// Whether an operation holds it.
    pub is_locked: bool,
    /// Whether the service allows a rollback.
    pub may_roll_back: bool,
    /// The number of instances.
    pub instances: usize,
    /// The instances that are not up, with their state.
    pub unhealthy: Vec<UnhealthyInstance>,
    /// The gaps of the response, if a rollout has compared it with the expected instances.
    #[serde(default)]
    pub gaps: Vec<Gap>,
}

impl DeploymentSummary {
    /// Summarizes a reading of the deployment.
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
