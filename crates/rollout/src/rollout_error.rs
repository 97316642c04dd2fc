//! The end of a rollout that needs a person.

use std::error::Error as StdError;
use std::fmt;
use std::mem::{Discriminant, discriminant};

use azure_classic_protocol::{Error, UpdateMode};
use serde::{Deserialize, Serialize};

use crate::failure::{listing, truncated};
use crate::{Change, DeploymentSummary, Gap, PreflightIssue, UnhealthyInstance};

/// A rollout that stopped before its end: why, what it left behind, and what continues.
///
/// `Display` is the reason and the state in which the deployment is, in one phrase; [`way_on`](Self::next_step) is what to
/// do, and [`source`](StdError::source) the error in which it ended, where there was one.
#[derive(Debug)]
pub struct RolloutError {
    pub(crate) reason: StopReason,
    pub(crate) summary: Option<Box<DeploymentSummary>>,
    /// Whether a record has been handed out, so that something may have been sent.
    pub(crate) is_recorded: bool,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Why a rollout stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// The preflight found what stands in the way. Nothing was changed.
    Preflight(Vec<PreflightIssue>),
    /// A person called it off before anything was sent.
    Aborted,
    /// The service refused the start. Nothing was changed.
    NotStarted,
    /// The service refused the start, and the driver was stopped before it could try again. The record
    /// does not hold the package, so another driver cannot.
    NeverStarted,
    /// The answer to the start was lost, and the update is not to be seen. The request may arrive yet;
    /// it is never sent a second time.
    StartUnconfirmed,
    /// The service accepted a change, and the deployment does not show it.
    ChangeNotVisible(Change),
    /// Accepted work failed: the start, and nothing was changed; the rollback, or a walk on the way back.
    OperationFailed {
        /// What was accepted.
        change: Change,
        /// The reason, in the words of the service.
        reason: String,
    },
    /// The service refuses a walk or the rollback, although it should be possible.
    Rejected(Change),
    /// For the confirmation period the deployment has been gone, or on its way out.
    Deleted,
    /// For the confirmation period another deployment has had its name: one with another `PrivateID`.
    Replaced,
    /// Somebody else has changed the deployment.
    ExternalChange(ExternalChange),
    /// It was to be rolled back, and the service does not allow it although the update is in progress:
    /// every instance is updated already, local storage was enlarged, or the update is a rollback.
    RollbackNotAllowed,
    /// Instances are not well on the way back, or after it.
    Unhealthy(Vec<UnhealthyInstance>),
    /// For the confirmation period the service has not shown the whole deployment, so its health is not
    /// known. Nothing was sent meanwhile.
    Incomplete(Vec<Gap>),
    /// The time for the way back ran out.
    TimedOut,
    /// The service cannot be asked any more.
    InvalidResponse,
    /// The record could not be kept, so nothing more is sent.
    NotPersisted,
    /// There is no update in progress that could be taken up.
    NothingToAdopt,
    /// The update in progress moves by itself, or all domains at once; it cannot be walked.
    AutomaticUpdate,
    /// The record is of a rollout that has ended, or of another subscription, or was written by a newer
    /// version of this crate.
    CannotResume(String),
}

/// What a doubt is about. Readings that say the same kind of thing confirm each other, even if the details
/// differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReasonKind(Discriminant<StopReason>);

impl ReasonKind {
    pub(crate) fn of(why: &StopReason) -> Self {
        Self(match why {
            // Either way the deployment of the rollout is not there.
            StopReason::Replaced => discriminant(&StopReason::Deleted),
            why => discriminant(why),
        })
    }
}

/// What somebody else did to the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExternalChange {
    /// Began another update, or brought the deployment to another version.
    OtherVersion,
    /// Rolled the update back.
    RolledBack,
    /// Began the same update anew: it stands before an upgrade domain that was walked.
    Restarted,
    /// Put the same update into a mode in which it moves by itself.
    AutomaticUpdate,
}

/// What to do after a rollout has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextStep {
    /// Mend what is named, and start again: nothing is left behind.
    Restart,
    /// Take the rollout up again from its record.
    Resume,
    /// Look at the deployment; then take up the update in progress as it is, or leave it alone.
    Adopt,
    /// Watch the update in progress, which moves by itself, or roll it back. It cannot be driven.
    Watch,
    /// Look at the deployment. There is no update in progress that could be driven.
    Inspect,
    /// Walk on to the end: take the rollout up from its record and promote it. Then upgrade to the old
    /// package.
    CompleteForward,
    /// Nothing of this rollout is left.
    Nothing,
}

impl RolloutError {
    pub(crate) fn new(why: StopReason) -> Self {
        Self { reason: why, summary: None, is_recorded: false, source: None }
    }

    /// Why it stopped.
    pub fn why(&self) -> &StopReason {
        &self.reason
    }

    /// The state left behind, as it was read last; `None` when it was never read.
    pub fn standing(&self) -> Option<&DeploymentSummary> {
        self.summary.as_deref()
    }

    /// What to do.
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
                self.next_step_beside_another()
            }
            StopReason::Replaced if self.has_update() => self.next_step_beside_another(),
            StopReason::Deleted | StopReason::Replaced => NextStep::Nothing,
        }
    }

    fn has_update(&self) -> bool {
        self.summary.as_ref().is_some_and(|standing| standing.update.is_some())
    }

    /// What to do where somebody else has changed the deployment: only a manual update can be adopted.
    fn next_step_beside_another(&self) -> NextStep {
        let update = self.summary.as_ref().and_then(|standing| standing.update.as_ref());
        match update {
            Some(update) if update.upgrade_type == UpdateMode::Manual => NextStep::Adopt,
            Some(_) => NextStep::Watch,
            None => NextStep::Inspect,
        }
    }
}

/// An error in which driving itself ended, such as that of a machine which was over before.
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
        let Some(standing) = &self.summary else { return Ok(()) };
        let is_left = match self.next_step() {
            NextStep::Restart | NextStep::Nothing => false,
            _ if self.reason == StopReason::Replaced => false,
            NextStep::Watch | NextStep::Inspect => self.is_recorded,
            NextStep::Resume | NextStep::Adopt | NextStep::CompleteForward => true,
        };
        let how = if is_left { "left behind" } else { "the deployment as it is" };
        write!(f, "; {how}: {standing}")
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
            Self::Preflight(findings) => {
                write!(f, "the update was not started: {}", listing(findings))
            }
            Self::Aborted => f.write_str("it was called off before anything was sent"),
            Self::NotStarted => f.write_str("the service refused to start the update"),
            Self::NeverStarted => f.write_str("the update was never started"),
            Self::StartUnconfirmed => f.write_str(
                "the answer to the start of the update was lost, and the update is not to be seen; \
                 the request may arrive yet, and is not sent a second time",
            ),
            Self::ChangeNotVisible(change) => {
                write!(f, "{change} was accepted, and the deployment does not show it")
            }
            Self::OperationFailed { change, reason } => {
                write!(f, "{change} was accepted and failed later: {}", truncated(reason))
            }
            Self::Rejected(change) => write!(f, "the service refuses {change}"),
            Self::Deleted => f.write_str("the deployment is gone"),
            Self::Replaced => f.write_str(
                "the deployment is gone, and another one has its name (its PrivateID is another)",
            ),
            Self::ExternalChange(meddling) => meddling.fmt(f),
            Self::RollbackNotAllowed => f.write_str(
                "the service does not allow a rollback (RollbackAllowed is false) although the update \
                 is in progress",
            ),
            Self::Unhealthy(instances) => {
                write!(f, "instances are not well on the old version: {}", listing(instances))
            }
            Self::Incomplete(gaps) => {
                write!(f, "the service does not show the whole deployment: {}", listing(gaps))
            }
            Self::TimedOut => f.write_str("the time for the way back ran out"),
            Self::InvalidResponse => f.write_str("the service cannot be asked how the update stands"),
            Self::NotPersisted => {
                f.write_str("the record of the rollout could not be kept, so nothing more is sent")
            }
            Self::NothingToAdopt => f.write_str("no update is in progress"),
            Self::AutomaticUpdate => {
                f.write_str("the update in progress is not a manual one, so it cannot be walked")
            }
            Self::CannotResume(why) => write!(f, "the rollout cannot be taken up: {}", truncated(why)),
        }
    }
}

impl fmt::Display for ExternalChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherVersion => "somebody else has brought another version to the deployment",
            Self::RolledBack => "somebody else has rolled the update back",
            Self::Restarted => {
                "the update has begun anew (sent by somebody else, or by the network a second time)"
            }
            Self::AutomaticUpdate => {
                "somebody else has put the update into a mode in which it moves by itself"
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
    fn the_state_left_behind_is_named_with_what_continues() {
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
            "somebody else has rolled the update back; left behind: first (\"Release 43\") is \
             RunningTransitioning, manual update before domain 2 of 0 to 4, rollback allowed, locked, \
             not up: Web_IN_1 (RestartingRole)"
        );
        assert_eq!(stopped.next_step(), NextStep::Adopt);
    }
    /// After a rollback by somebody else, with the update that is in progress then.
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
    fn only_a_manual_update_in_progress_is_to_be_adopted() {
        assert_eq!(overtaken(Some(UpdateMode::Manual)).next_step(), NextStep::Adopt);
        assert_eq!(overtaken(Some(UpdateMode::Auto)).next_step(), NextStep::Watch);
        assert_eq!(overtaken(None).next_step(), NextStep::Inspect);
        assert_eq!(RolloutError::new(StopReason::AutomaticUpdate).next_step(), NextStep::Watch);
        assert_eq!(RolloutError::new(StopReason::NothingToAdopt).next_step(), NextStep::Restart);
    }

    #[test]
    fn without_a_record_nothing_is_left_behind() {
        for why in [
            StopReason::NotPersisted,
            StopReason::InvalidResponse,
            StopReason::Incomplete(Vec::new()),
            StopReason::Aborted,
        ] {
            let standing = Some(Box::new(DeploymentSummary::new(&Deployment::default())));
            let stopped = RolloutError { summary: standing, ..RolloutError::new(why) };
            assert_eq!(stopped.next_step(), NextStep::Restart);
            assert!(!stopped.to_string().contains("left behind"), "{stopped}");
        }
        let stopped =
            RolloutError { is_recorded: true, ..RolloutError::new(StopReason::NotPersisted) };
        assert_eq!(stopped.next_step(), NextStep::Resume);
    }
}
