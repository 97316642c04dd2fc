//! The end of a rollout that needs a person.

use std::error::Error as StdError;
use std::fmt;
use std::mem::{Discriminant, discriminant};

use azure_classic_protocol::{Error, UpdateMode};
use serde::{Deserialize, Serialize};

use crate::failure::{listed, shown};
use crate::{Change, Finding, Gap, Standing, Unwell};

/// A rollout that stopped before its end: why, what it left behind, and what continues.
///
/// `Display` is the reason and the state in which the deployment is, in one phrase; [`way_on`](Self::way_on) is what to
/// do, and [`source`](StdError::source) the error in which it ended, where there was one.
#[derive(Debug)]
pub struct Stopped {
    pub(crate) why: Why,
    pub(crate) standing: Option<Box<Standing>>,
    /// Whether a record has been handed out, so that something may have been sent.
    pub(crate) is_recorded: bool,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Why a rollout stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The preflight found what stands in the way. Nothing was changed.
    Preflight(Vec<Finding>),
    /// A person called it off before anything was sent.
    Aborted,
    /// The service refused the start. Nothing was changed.
    NotStarted,
    /// The service refused the start, and the driver was stopped before it could try again. The record
    /// does not hold the package, so another driver cannot.
    NeverStarted,
    /// The answer to the start was lost, and the update is not to be seen. The request may arrive yet;
    /// it is never sent a second time.
    StartUnsettled,
    /// The service accepted a change, and the deployment does not show it.
    NotToBeSeen(Change),
    /// Accepted work failed: the start, and nothing was changed; the rollback, or a walk on the way back.
    WorkFailed {
        /// What was accepted.
        change: Change,
        /// The reason, in the words of the service.
        reason: String,
    },
    /// The service refuses a walk or the rollback, although it should be possible.
    Refused(Change),
    /// For the confirmation period the deployment has been gone, or on its way out.
    Deleted,
    /// For the confirmation period another deployment has had its name: one with another `PrivateID`.
    Replaced,
    /// Somebody else has changed the deployment.
    Overtaken(Meddling),
    /// It was to be rolled back, and the service does not allow it although the update is in progress:
    /// every instance is updated already, local storage was enlarged, or the update is a rollback.
    RollbackNotAllowed,
    /// Instances are not well on the way back, or after it.
    Unhealthy(Vec<Unwell>),
    /// For the confirmation period the service has not shown the whole deployment, so its health is not
    /// known. Nothing was sent meanwhile.
    Incomplete(Vec<Gap>),
    /// The time for the way back ran out.
    TooLong,
    /// The service cannot be asked any more.
    Unreadable,
    /// The record could not be kept, so nothing more is sent.
    NotRecorded,
    /// There is no update in progress that could be taken up.
    NothingToAdopt,
    /// The update in progress moves by itself, or all domains at once; it cannot be walked.
    MovesByItself,
    /// The record is of a rollout that has ended, or of another subscription, or was written by a newer
    /// version of this crate.
    NotToBeResumed(String),
}

/// What a doubt is about. Readings that say the same kind of thing confirm each other, even if the details
/// differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DoubtKind(Discriminant<Why>);

impl DoubtKind {
    pub(crate) fn of(why: &Why) -> Self {
        Self(match why {
            // Either way the deployment of the rollout is not there.
            Why::Replaced => discriminant(&Why::Deleted),
            why => discriminant(why),
        })
    }
}

/// What somebody else did to the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Meddling {
    /// Began another update, or brought the deployment to another version.
    OtherVersion,
    /// Rolled the update back.
    RolledBack,
    /// Began the same update anew: it stands before an upgrade domain that was walked.
    Restarted,
    /// Put the same update into a mode in which it moves by itself.
    MovesByItself,
}

/// What to do after a rollout has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Way {
    /// Mend what is named, and start again: nothing is left behind.
    StartAgain,
    /// Take the rollout up again from its record.
    Resume,
    /// Look at the deployment; then take up the update in progress as it is, or leave it alone.
    Adopt,
    /// Watch the update in progress, which moves by itself, or roll it back. It cannot be driven.
    Watch,
    /// Look at the deployment. There is no update in progress that could be driven.
    Look,
    /// Walk on to the end: take the rollout up from its record and promote it. Then upgrade to the old
    /// package.
    GoForward,
    /// Nothing of this rollout is left.
    Nothing,
}

impl Stopped {
    pub(crate) fn new(why: Why) -> Self {
        Self { why, standing: None, is_recorded: false, source: None }
    }

    /// Why it stopped.
    pub fn why(&self) -> &Why {
        &self.why
    }

    /// The state left behind, as it was read last; `None` when it was never read.
    pub fn standing(&self) -> Option<&Standing> {
        self.standing.as_deref()
    }

    /// What to do.
    pub fn way_on(&self) -> Way {
        match &self.why {
            Why::Preflight(_)
            | Why::Aborted
            | Why::NotStarted
            | Why::NeverStarted
            | Why::NothingToAdopt
            | Why::NotToBeResumed(_)
            | Why::WorkFailed { change: Change::Start, .. } => Way::StartAgain,
            // Nothing is sent before there is a record.
            Why::Unreadable | Why::NotRecorded | Why::Incomplete(_) if !self.is_recorded => {
                Way::StartAgain
            }
            Why::StartUnsettled
            | Why::NotToBeSeen(Change::Start)
            | Why::WorkFailed { .. }
            | Why::Refused(_)
            | Why::Unhealthy(_)
            | Why::Incomplete(_)
            | Why::TooLong
            | Why::Unreadable
            | Why::NotRecorded => Way::Resume,
            Why::RollbackNotAllowed => Way::GoForward,
            Why::MovesByItself => Way::Watch,
            Why::Overtaken(_) | Why::NotToBeSeen(_) => self.way_beside_another(),
            Why::Replaced if self.has_update() => self.way_beside_another(),
            Why::Deleted | Why::Replaced => Way::Nothing,
        }
    }

    fn has_update(&self) -> bool {
        self.standing.as_ref().is_some_and(|standing| standing.update.is_some())
    }

    /// What to do where somebody else has changed the deployment: only a manual update can be adopted.
    fn way_beside_another(&self) -> Way {
        let update = self.standing.as_ref().and_then(|standing| standing.update.as_ref());
        match update {
            Some(update) if update.upgrade_type == UpdateMode::Manual => Way::Adopt,
            Some(_) => Way::Watch,
            None => Way::Look,
        }
    }
}

/// An error in which driving itself ended, such as that of a machine which was over before.
impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self { source: Some(error.into()), is_recorded: true, ..Self::new(Why::Unreadable) }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)?;
        let Some(standing) = &self.standing else { return Ok(()) };
        let is_left = match self.way_on() {
            Way::StartAgain | Way::Nothing => false,
            _ if self.why == Why::Replaced => false,
            Way::Watch | Way::Look => self.is_recorded,
            Way::Resume | Way::Adopt | Way::GoForward => true,
        };
        let how = if is_left { "left behind" } else { "the deployment as it is" };
        write!(f, "; {how}: {standing}")
    }
}

impl StdError for Stopped {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preflight(findings) => {
                write!(f, "the update was not started: {}", listed(findings))
            }
            Self::Aborted => f.write_str("it was called off before anything was sent"),
            Self::NotStarted => f.write_str("the service refused to start the update"),
            Self::NeverStarted => f.write_str("the update was never started"),
            Self::StartUnsettled => f.write_str(
                "the answer to the start of the update was lost, and the update is not to be seen; \
                 the request may arrive yet, and is not sent a second time",
            ),
            Self::NotToBeSeen(change) => {
                write!(f, "{change} was accepted, and the deployment does not show it")
            }
            Self::WorkFailed { change, reason } => {
                write!(f, "{change} was accepted and failed later: {}", shown(reason))
            }
            Self::Refused(change) => write!(f, "the service refuses {change}"),
            Self::Deleted => f.write_str("the deployment is gone"),
            Self::Replaced => f.write_str(
                "the deployment is gone, and another one has its name (its PrivateID is another)",
            ),
            Self::Overtaken(meddling) => meddling.fmt(f),
            Self::RollbackNotAllowed => f.write_str(
                "the service does not allow a rollback (RollbackAllowed is false) although the update \
                 is in progress",
            ),
            Self::Unhealthy(instances) => {
                write!(f, "instances are not well on the old version: {}", listed(instances))
            }
            Self::Incomplete(gaps) => {
                write!(f, "the service does not show the whole deployment: {}", listed(gaps))
            }
            Self::TooLong => f.write_str("the time for the way back ran out"),
            Self::Unreadable => f.write_str("the service cannot be asked how the update stands"),
            Self::NotRecorded => {
                f.write_str("the record of the rollout could not be kept, so nothing more is sent")
            }
            Self::NothingToAdopt => f.write_str("no update is in progress"),
            Self::MovesByItself => {
                f.write_str("the update in progress is not a manual one, so it cannot be walked")
            }
            Self::NotToBeResumed(why) => write!(f, "the rollout cannot be taken up: {}", shown(why)),
        }
    }
}

impl fmt::Display for Meddling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherVersion => "somebody else has brought another version to the deployment",
            Self::RolledBack => "somebody else has rolled the update back",
            Self::Restarted => {
                "the update has begun anew (sent by somebody else, or by the network a second time)"
            }
            Self::MovesByItself => {
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
        let stopped = Stopped {
            why: Why::Overtaken(Meddling::RolledBack),
            standing: Some(Box::new(Standing::of(&read))),
            is_recorded: true,
            source: None,
        };
        assert_eq!(
            stopped.to_string(),
            "somebody else has rolled the update back; left behind: first (\"Release 43\") is \
             RunningTransitioning, manual update before domain 2 of 0 to 4, rollback allowed, locked, \
             not up: Web_IN_1 (RestartingRole)"
        );
        assert_eq!(stopped.way_on(), Way::Adopt);
    }
    /// After a rollback by somebody else, with the update that is in progress then.
    fn overtaken(update: Option<UpdateMode>) -> Stopped {
        let status = |upgrade_type| UpgradeStatus {
            upgrade_type,
            current_upgrade_domain_state: CurrentUpgradeDomainState::Before,
            current_upgrade_domain: Some(0),
        };
        let read = Deployment { upgrade_status: update.map(status), ..Deployment::default() };
        Stopped {
            standing: Some(Box::new(Standing::of(&read))),
            is_recorded: true,
            ..Stopped::new(Why::Overtaken(Meddling::RolledBack))
        }
    }

    #[test]
    fn only_a_manual_update_in_progress_is_to_be_adopted() {
        assert_eq!(overtaken(Some(UpdateMode::Manual)).way_on(), Way::Adopt);
        assert_eq!(overtaken(Some(UpdateMode::Auto)).way_on(), Way::Watch);
        assert_eq!(overtaken(None).way_on(), Way::Look);
        assert_eq!(Stopped::new(Why::MovesByItself).way_on(), Way::Watch);
        assert_eq!(Stopped::new(Why::NothingToAdopt).way_on(), Way::StartAgain);
    }

    #[test]
    fn without_a_record_nothing_is_left_behind() {
        for why in [Why::NotRecorded, Why::Unreadable, Why::Incomplete(Vec::new()), Why::Aborted] {
            let standing = Some(Box::new(Standing::of(&Deployment::default())));
            let stopped = Stopped { standing, ..Stopped::new(why) };
            assert_eq!(stopped.way_on(), Way::StartAgain);
            assert!(!stopped.to_string().contains("left behind"), "{stopped}");
        }
        let stopped = Stopped { is_recorded: true, ..Stopped::new(Why::NotRecorded) };
        assert_eq!(stopped.way_on(), Way::Resume);
    }
}
