use azure_classic_protocol::deployment::model::InstanceStatus;
use azure_classic_protocol::{RequestId, Slot};
use serde::{Deserialize, Serialize};

use crate::{Change, FailureReason, FinalState, Pause, Phase, PreflightIssue, StopReason};

/// What a rollout has just done or learnt; shown to the observer of
/// [`Rollout::on_event`](crate::Rollout::on_event) with the moment at which it was.
///
/// As JSON each is an object with its name under `event`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The preflight has been made.
    Checked {
        /// What it found.
        findings: Vec<PreflightIssue>,
    },
    /// It goes on in another phase. The first one is not told.
    Entered {
        /// The phase.
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
        /// The work that goes on, for Get Operation Status.
        work: Option<RequestId>,
    },
    /// The answer to a change was lost. What became of it is settled by reading.
    MaybeSent {
        /// The change.
        change: Change,
        /// How.
        error: String,
    },
    /// Another operation holds the deployment, and is waited for.
    Blocked {
        /// The change that has to wait.
        change: Change,
        /// The request that is in the way.
        by: RequestId,
    },
    /// The service refused a change, or could not be reached. Nothing has happened.
    Rejected {
        /// The change.
        change: Change,
        /// Why.
        error: String,
    },
    /// Accepted work has ended.
    OperationEnded {
        /// What was accepted.
        change: Change,
        /// Why it failed, if it did.
        failure: Option<String>,
    },
    /// An upgrade domain is in work.
    DomainStarted {
        /// The domain.
        domain: u32,
        /// Whether it is on the way back.
        is_back: bool,
        /// Whether somebody else walked it.
        by_another: bool,
    },
    /// The domains up to this one have been healthy for the settle time.
    DomainHealthy {
        /// The last of them.
        domain: u32,
        /// Whether it is on the way back.
        is_back: bool,
    },
    /// An instance has come, gone, or entered another state.
    Instance {
        /// Its name.
        instance: String,
        /// Its role.
        role: String,
        /// Its upgrade domain.
        domain: Option<u32>,
        /// The state that it was read in before; `None` when it is new, or read for the first time.
        from: Option<InstanceStatus>,
        /// The state that it is in; `None` when it is gone.
        to: Option<InstanceStatus>,
    },
    /// The deployment is in another slot: somebody has swapped. The rollout goes on.
    Swapped {
        /// The slot that it is in now.
        slot: Slot,
    },
    /// Something failed.
    Failed {
        /// What.
        failure: FailureReason,
    },
    /// Nothing is sent for the time being.
    Paused {
        /// Why.
        pause: Pause,
    },
    /// It goes on after a pause.
    Resumed,
    /// The next gate is passed whatever the health.
    Promoted,
    /// It is to go back.
    RollbackStarted {
        /// Why.
        because: FailureReason,
    },
    /// What was read contradicts what is known. Nothing is sent; it is read again for a while, and if it
    /// stays so, the rollout stops for this reason.
    Unconfirmed {
        /// The reason.
        why: StopReason,
    },
    /// The service could not be read; it is asked again.
    ReadFailed {
        /// Why.
        error: String,
    },
    /// The rollout has ended.
    Ended {
        /// How.
        ending: FinalState,
    },
    /// The rollout has stopped, and needs a person.
    Stopped {
        /// Why.
        why: StopReason,
    },
}
