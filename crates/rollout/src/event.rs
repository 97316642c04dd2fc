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
