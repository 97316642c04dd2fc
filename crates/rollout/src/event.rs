use std::fmt;

use azure_classic_protocol::deployment::model::InstanceStatus;
use azure_classic_protocol::{RequestId, Slot};
use serde::{Deserialize, Serialize};

use crate::{Change, FailureReason, FinalState, Pause, Phase, PreflightIssue, StopReason};

/// An action or an observation of a rollout. The observer of [`Rollout::on_event`](crate::Rollout::on_event)
/// gets it with its time.
///
/// In JSON, each event is an object with its name in the field `event`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The preflight has run.
    Checked {
        /// Its findings.
        issues: Vec<PreflightIssue>,
    },
    /// The rollout enters another phase. The first phase has no event.
    Entered {
        /// The new phase.
        phase: Phase,
    },
    /// A change is sent; the record with the intent has been handed out before.
    Sending {
        /// The change.
        change: Change,
    },
    /// The service has accepted a change.
    Accepted {
        /// The change.
        change: Change,
        /// The operation, for Get Operation Status.
        operation_id: Option<RequestId>,
    },
    /// The response to a change was lost. Readings decide whether the change took effect.
    MaybeSent {
        /// The change.
        change: Change,
        /// The failure.
        error: String,
    },
    /// Another operation holds the deployment, and the rollout waits for it.
    Blocked {
        /// The change that has to wait.
        change: Change,
        /// The request id of the blocking operation.
        by: RequestId,
    },
    /// The service rejected a change, or could not be reached. Nothing has changed.
    Rejected {
        /// The change.
        change: Change,
        /// The reason.
        error: String,
    },
    /// An accepted operation has ended.
    OperationEnded {
        /// The accepted change.
        change: Change,
        /// The reason if it failed.
        failure: Option<String>,
    },
    /// The platform updates an upgrade domain.
    DomainStarted {
        /// The domain.
        domain: u32,
        /// Whether it is part of the rollback.
        is_rollback: bool,
        /// Whether another operator walked it.
        external: bool,
    },
    /// The domains up to this one have been healthy for the settle time.
    DomainHealthy {
        /// The last of them.
        domain: u32,
        /// Whether it is part of the rollback.
        is_rollback: bool,
    },
    /// An instance was added, was removed, or entered another state.
    Instance {
        /// The name of the instance.
        instance: String,
        /// The name of its role.
        role: String,
        /// Its upgrade domain.
        domain: Option<u32>,
        /// The previous state; `None` if it is new, or read for the first time.
        from: Option<InstanceStatus>,
        /// The present state; `None` if it was removed.
        to: Option<InstanceStatus>,
    },
    /// A swap by another operator moved the deployment to another slot. The rollout continues.
    Swapped {
        /// The present slot.
        slot: Slot,
    },
    /// A failure.
    Failed {
        /// The failure.
        failure: FailureReason,
    },
    /// The rollout is paused, and sends nothing.
    Paused {
        /// The reason.
        pause: Pause,
    },
    /// The rollout continues after a pause.
    Resumed,
    /// The next gate is promoted: it opens regardless of health.
    Promoted,
    /// The rollout starts to roll back.
    RollbackStarted {
        /// The reason.
        reason: FailureReason,
    },
    /// A reading contradicts the known facts. The rollout sends nothing and reads again. If the contradiction
    /// remains for the confirmation period, the rollout stops for this reason.
    Unconfirmed {
        /// The reason.
        reason: StopReason,
    },
    /// A read of the service failed, and is retried.
    ReadFailed {
        /// The reason.
        error: String,
    },
    /// The rollout has ended.
    Ended {
        /// The final state.
        final_state: FinalState,
    },
    /// The rollout has stopped, and needs an operator.
    Stopped {
        /// The reason.
        reason: StopReason,
    },
}

/// One sentence without a full stop. The live view, the log and the report all print this text.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checked { issues } if issues.is_empty() => {
                f.write_str("the preflight has passed")
            }
            Self::Checked { issues } => {
                f.write_str("the preflight has issues: ")?;
                for (at, issue) in issues.iter().enumerate() {
                    let separator = if at == 0 { "" } else { "; " };
                    write!(f, "{separator}{issue}")?;
                }
                Ok(())
            }
            Self::Entered { phase: Phase::Starting } => f.write_str("the rollout starts"),
            Self::Entered { phase: Phase::Walking } => f.write_str("the update has started"),
            Self::Entered { phase: Phase::RollingBack } => {
                f.write_str("the rollback is in progress")
            }
            Self::Sending { change } => write!(f, "sending {change}"),
            Self::Accepted { change, operation_id: Some(id) } => {
                write!(f, "{change} is accepted: request id {id}")
            }
            Self::Accepted { change, operation_id: None } => write!(f, "{change} is accepted"),
            Self::MaybeSent { change, error } => {
                write!(f, "the response to {change} is lost; reading the state: {error}")
            }
            Self::Blocked { change, by } => write!(f, "{change} waits for the request {by}"),
            Self::Rejected { change, error } => write!(f, "{change} is rejected: {error}"),
            Self::OperationEnded { change, failure: Some(why) } => {
                write!(f, "{change} failed: {why}")
            }
            Self::OperationEnded { change, failure: None } => write!(f, "{change} has succeeded"),
            Self::DomainStarted { domain, is_rollback, external } => {
                let way = if *is_rollback { " in the rollback" } else { "" };
                let who = if *external { ", walked by another operator" } else { "" };
                write!(f, "domain {domain}: in progress{way}{who}")
            }
            Self::DomainHealthy { domain, is_rollback: false } => {
                write!(f, "domain {domain}: healthy")
            }
            Self::DomainHealthy { domain: 0, .. } => {
                f.write_str("domain 0: healthy in the rollback")
            }
            Self::DomainHealthy { domain, .. } => {
                write!(f, "domains 0 to {domain}: healthy in the rollback")
            }
            Self::Instance { instance, from, to, .. } => {
                write!(f, "{instance}: {} -> {}", state(from.as_ref()), state(to.as_ref()))
            }
            Self::Swapped { slot } => {
                let slot = slot.as_str().to_lowercase();
                write!(f, "the deployment is now in {slot}, because of a swap by another operator")
            }
            Self::Failed { failure } => write!(f, "failed: {failure}"),
            Self::Paused { pause: Pause::Failed(_) } => f.write_str("paused for a decision"),
            Self::Paused { pause: Pause::Requested } => f.write_str("paused: nothing is sent"),
            Self::Resumed => f.write_str("resumed"),
            Self::Promoted => f.write_str("promoted: the gate is open regardless of health"),
            Self::RollbackStarted { reason } => write!(f, "rolling back, because {reason}"),
            Self::Unconfirmed { reason } => {
                write!(f, "{reason}; reading again for the confirmation period")
            }
            Self::ReadFailed { error } => write!(f, "cannot read the service, retrying: {error}"),
            Self::Ended { final_state: FinalState::Upgraded } => f.write_str("upgraded"),
            Self::Ended { final_state: FinalState::RolledBack } => f.write_str("rolled back"),
            Self::Ended { final_state: FinalState::CompletedBeforeRollback } => {
                f.write_str("complete before it could be rolled back")
            }
            Self::Stopped { reason } => write!(f, "stopped: {reason}"),
        }
    }
}

fn state(status: Option<&InstanceStatus>) -> &str {
    status.map_or("absent", InstanceStatus::as_str)
}
