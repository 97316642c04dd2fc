//! The end of a rollout that needs an operator.

use std::error::Error as StdError;
use std::fmt;
use std::mem::{Discriminant, discriminant};

use azure_classic_protocol::{Error, UpdateMode};
use serde::{Deserialize, Serialize};

use crate::failure::{listing, truncated};
use crate::{Change, DeploymentSummary, Gap, PreflightIssue, UnhealthyInstance};

/// A rollout that stopped before its end, with the reason, the state of the deployment, and the next step.
///
/// `Display` is the reason and the state of the deployment in one phrase; [`next_step`](Self::next_step) is
/// the recommended action, and [`source`](StdError::source) the underlying error, if there is one.
#[derive(Debug)]
pub struct RolloutError {
    pub(crate) reason: StopReason,
    pub(crate) summary: Option<Box<DeploymentSummary>>,
    /// Whether a record was handed out, so that a change may have been sent.
    pub(crate) is_recorded: bool,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The reason why a rollout stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// The preflight found obstacles. Nothing was changed.
    Preflight(Vec<PreflightIssue>),
    /// An operator aborted it before anything was sent.
    Aborted,
    /// The service rejected the start. Nothing was changed.
    NotStarted,
    /// The service rejected the start, and the driver was stopped before it could retry. The record does not
    /// contain the package, so another driver cannot retry.
    NeverStarted,
    /// The response to the start was lost, and no reading shows the update. The request may still arrive; it
    /// is never sent a second time.
    StartUnconfirmed,
    /// The service accepted a change, and the deployment does not show it.
    ChangeNotVisible(Change),
    /// An accepted operation failed: the start, and nothing was changed; or the rollback, or a walk in it.
    OperationFailed {
        /// The accepted change.
        change: Change,
        /// The error of the service.
        reason: String,
    },
    /// The service rejects a walk or the rollback, although it should be possible.
    Rejected(Change),
    /// For the confirmation period the deployment has not existed, or was being deleted.
    Deleted,
    /// For the confirmation period another deployment with another `PrivateID` has had its name.
    Replaced,
    /// Another operator has changed the deployment.
    ExternalChange(ExternalChange),
    /// The service does not allow the rollback although the update is in progress: every instance is updated
    /// already, local storage was enlarged, or the update is itself a rollback.
    RollbackNotAllowed,
    /// Instances are unhealthy during the rollback, or after it.
    Unhealthy(Vec<UnhealthyInstance>),
    /// For the confirmation period the service has not shown the whole deployment, so its health is not
    /// known. Nothing was sent in the meantime.
    Incomplete(Vec<Gap>),
    /// The timeout of the rollback expired.
    TimedOut,
    /// The service cannot be reached any more.
    InvalidResponse,
    /// The record could not be persisted, so nothing more is sent.
    NotPersisted,
    /// There is no update in progress that could be adopted or resumed.
    NothingToAdopt,
    /// The update in progress is automatic or simultaneous; it cannot be walked.
    AutomaticUpdate,
    /// The record is of a rollout that has ended or of another subscription, or was written by a newer
    /// version of this crate.
    CannotResume(String),
}

/// The kind of a doubt. Readings with the same kind of doubt confirm each other, even if the details differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReasonKind(Discriminant<StopReason>);

impl ReasonKind {
    pub(crate) fn of(why: &StopReason) -> Self {
        Self(match why {
            // In both cases the deployment of the rollout does not exist any more.
            StopReason::Replaced => discriminant(&StopReason::Deleted),
            why => discriminant(why),
        })
    }
}

/// A change of the deployment by another operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExternalChange {
    /// Started another update, or brought the deployment to another version.
    OtherVersion,
    /// Rolled the update back.
    RolledBack,
    /// Started the same update again: it is before an upgrade domain that was walked already.
    Restarted,
    /// Changed the same update to a mode in which it moves by itself.
    AutomaticUpdate,
}

/// The recommended action after a rollout has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextStep {
    /// Fix the named problem, and start again: the deployment is unchanged.
    Restart,
    /// Resume the rollout from its record.
    Resume,
    /// Check the deployment; then adopt the update in progress in its present state, or do nothing.
    Adopt,
    /// Watch the update in progress, which moves by itself, or roll it back. It cannot be walked.
    Watch,
    /// Check the deployment. There is no update in progress that could be walked.
    Inspect,
    /// Complete the update: resume the rollout from its record and promote it. Then upgrade to the old
    /// package.
    CompleteForward,
    /// Nothing remains of this rollout.
    Nothing,
}

impl RolloutError {
    pub(crate) fn new(why: StopReason) -> Self {
        Self { reason: why, summary: None, is_recorded: false, source: None }
    }

    /// Returns the reason of the stop.
    pub fn why(&self) -> &StopReason {
        &self.reason
    }

    /// Returns the last read state of the deployment; `None` if it was never read.
    pub fn summary(&self) -> Option<&DeploymentSummary> {
        self.summary.as_deref()
    }

    /// Returns the recommended action.
    pub fn next_step(&self) -> NextStep {
        match &self.reason {
            StopReason::Preflight(_)
            | StopReason::Aborted
            | StopReason::NotStarted
            | StopReason::NeverStarted
            | StopReason::NothingToAdopt
            | StopReason::CannotResume(_)
            | StopReason::OperationFailed { change: Change::Start, .. } => NextStep::Restart,
            // Nothing is sent before there is a record.
            StopReason::InvalidResponse | StopReason::NotPersisted | StopReason::Incomplete(_)
                if !self.is_recorded =>
            {
                NextStep::Restart
            }
            StopReason::StartUnconfirmed
            | StopReason::ChangeNotVisible(Change::Start)
            | StopReason::OperationFailed { .. }
            | StopReason::Rejected(_)
            | StopReason::Unhealthy(_)
            | StopReason::Incomplete(_)
            | StopReason::TimedOut
            | StopReason::InvalidResponse
            | StopReason::NotPersisted => NextStep::Resume,
            StopReason::RollbackNotAllowed => NextStep::CompleteForward,
            StopReason::AutomaticUpdate => NextStep::Watch,
            StopReason::ExternalChange(_) | StopReason::ChangeNotVisible(_) => {
                self.next_step_after_external_change()
            }
            StopReason::Replaced if self.has_update() => self.next_step_after_external_change(),
            StopReason::Deleted | StopReason::Replaced => NextStep::Nothing,
        }
    }

    fn has_update(&self) -> bool {
        self.summary.as_ref().is_some_and(|summary| summary.update.is_some())
    }

    /// The action after an external change: only a manual update can be adopted.
    fn next_step_after_external_change(&self) -> NextStep {
        let update = self.summary.as_ref().and_then(|summary| summary.update.as_ref());
        match update {
            Some(update) if update.upgrade_type == UpdateMode::Manual => NextStep::Adopt,
            Some(_) => NextStep::Watch,
            None => NextStep::Inspect,
        }
    }
}

/// An error of the driving itself, such as that of a machine that had ended before.
impl From<Error> for RolloutError {
    fn from(error: Error) -> Self {
        Self {
            source: Some(error.into()),
            is_recorded: true,
            ..Self::new(StopReason::InvalidResponse)
        }
    }
}

impl fmt::Display for RolloutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)?;
        let Some(summary) = &self.summary else { return Ok(()) };
        let is_left = match self.next_step() {
            NextStep::Restart | NextStep::Nothing => false,
            _ if self.reason == StopReason::Replaced => false,
            NextStep::Watch | NextStep::Inspect => self.is_recorded,
            NextStep::Resume | NextStep::Adopt | NextStep::CompleteForward => true,
        };
        let how = if is_left { "left behind" } else { "the deployment as it is" };
        write!(f, "; {how}: {summary}")
    }
}

impl StdError for RolloutError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preflight(issues) => {
                write!(f, "the update was not started: {}", listing(issues))
            }
            Self::Aborted => f.write_str("it was aborted before anything was sent"),
            Self::NotStarted => f.write_str("the service rejected the start of the update"),
            Self::NeverStarted => f.write_str("the update was never started"),
            Self::StartUnconfirmed => f.write_str(
                "the response to the start of the update was lost, and no reading shows the update; the request may \
                 still arrive, and is not sent a second time",
            ),
            Self::ChangeNotVisible(change) => {
                write!(f, "{change} was accepted, and the deployment does not show it")
            }
            Self::OperationFailed { change, reason } => {
                write!(f, "{change} was accepted and failed later: {}", truncated(reason))
            }
            Self::Rejected(change) => write!(f, "the service rejects {change}"),
            Self::Deleted => f.write_str("the deployment does not exist any more"),
            Self::Replaced => f.write_str(
                "the deployment does not exist any more, and another one has its name (with another PrivateID)",
            ),
            Self::ExternalChange(change) => change.fmt(f),
            Self::RollbackNotAllowed => f.write_str(
                "the service does not allow a rollback (RollbackAllowed is false) although the update \
                 is in progress",
            ),
            Self::Unhealthy(instances) => {
                write!(f, "instances are unhealthy on the old version: {}", listing(instances))
            }
            Self::Incomplete(gaps) => {
                write!(f, "the service does not show the whole deployment: {}", listing(gaps))
            }
            Self::TimedOut => f.write_str("timed out during the rollback"),
            Self::InvalidResponse => f.write_str("cannot read the state of the update from the service"),
            Self::NotPersisted => {
                f.write_str("cannot persist the record of the rollout, so nothing more is sent")
            }
            Self::NothingToAdopt => f.write_str("no update is in progress"),
            Self::AutomaticUpdate => {
                f.write_str("the update in progress is not manual, so it cannot be walked")
            }
            Self::CannotResume(why) => write!(f, "cannot resume the rollout: {}", truncated(why)),
        }
    }
}

impl fmt::Display for ExternalChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherVersion => "another operator has brought another version to the deployment",
            Self::RolledBack => "another operator has rolled the update back",
            Self::Restarted => {
                "the update has started again (by another operator, or because the network sent the request twice)"
            }
            Self::AutomaticUpdate => {
                "another operator has changed the update to a mode in which it moves by itself"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use azure_classic_protocol::Deployment;
    use azure_classic_protocol::deployment::model::{
        CurrentUpgradeDomainState, DeploymentStatus, InstanceStatus, RoleInstance, UpgradeStatus,
    };
    use azure_classic_protocol::{Slot, UpdateMode};

    use super::*;

    #[test]
    fn display_names_the_remaining_state_and_the_next_step() {
        let read = Deployment {
            name: "first".into(),
            deployment_slot: Slot::Production,
            label: "Release 43".into(),
            status: DeploymentStatus::RunningTransitioning,
            upgrade_status: Some(UpgradeStatus {
                upgrade_type: UpdateMode::Manual,
                current_upgrade_domain_state: CurrentUpgradeDomainState::Before,
                current_upgrade_domain: Some(2),
            }),
            upgrade_domain_count: Some(5),
            locked: Some(true),
            rollback_allowed: Some(true),
            role_instance_list: vec![RoleInstance {
                instance_name: "Web_IN_1".into(),
                instance_status: InstanceStatus::RestartingRole,
                ..RoleInstance::default()
            }],
            ..Deployment::default()
        };
        let stopped = RolloutError {
            reason: StopReason::ExternalChange(ExternalChange::RolledBack),
            summary: Some(Box::new(DeploymentSummary::new(&read))),
            is_recorded: true,
            source: None,
        };
        assert_eq!(
            stopped.to_string(),
            "another operator has rolled the update back; left behind: first (\"Release 43\") is RunningTransitioning, \
             manual update before domain 2 of 0 to 4, rollback allowed, locked, not up: Web_IN_1 (RestartingRole)"
        );
        assert_eq!(stopped.next_step(), NextStep::Adopt);
    }
    /// After a rollback by another operator, with the update that is in progress then.
    fn overtaken(update: Option<UpdateMode>) -> RolloutError {
        let status = |upgrade_type| UpgradeStatus {
            upgrade_type,
            current_upgrade_domain_state: CurrentUpgradeDomainState::Before,
            current_upgrade_domain: Some(0),
        };
        let read = Deployment { upgrade_status: update.map(status), ..Deployment::default() };
        RolloutError {
            summary: Some(Box::new(DeploymentSummary::new(&read))),
            is_recorded: true,
            ..RolloutError::new(StopReason::ExternalChange(ExternalChange::RolledBack))
        }
    }

    #[test]
    fn only_a_manual_update_in_progress_can_be_adopted() {
        assert_eq!(overtaken(Some(UpdateMode::Manual)).next_step(), NextStep::Adopt);
        assert_eq!(overtaken(Some(UpdateMode::Auto)).next_step(), NextStep::Watch);
        assert_eq!(overtaken(None).next_step(), NextStep::Inspect);
        assert_eq!(RolloutError::new(StopReason::AutomaticUpdate).next_step(), NextStep::Watch);
        assert_eq!(RolloutError::new(StopReason::NothingToAdopt).next_step(), NextStep::Restart);
    }

    #[test]
    fn without_a_record_nothing_remains() {
        for why in [
            StopReason::NotPersisted,
            StopReason::InvalidResponse,
            StopReason::Incomplete(Vec::new()),
            StopReason::Aborted,
        ] {
            let summary = Some(Box::new(DeploymentSummary::new(&Deployment::default())));
            let stopped = RolloutError { summary, ..RolloutError::new(why) };
            assert_eq!(stopped.next_step(), NextStep::Restart);
            assert!(!stopped.to_string().contains("left behind"), "{stopped}");
        }
        let stopped =
            RolloutError { is_recorded: true, ..RolloutError::new(StopReason::NotPersisted) };
        assert_eq!(stopped.next_step(), NextStep::Resume);
    }
}
