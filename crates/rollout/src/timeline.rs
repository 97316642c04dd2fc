//! The report of a rollout, ordered by instance, upgrade domain and request.

mod build;
mod index;
mod seconds;

use std::collections::BTreeSet;
use std::time::Duration;

use azure_classic_protocol::RequestId;
use azure_classic_protocol::deployment::model::InstanceStatus;
use serde::{Deserialize, Serialize};

use self::index::Index;
use crate::{Change, Event, FinalState, Pause, Phase, StopReason};

/// The report of a rollout: the states of every instance, the gates of the upgrade domains, the writes, the
/// pauses, and the other [`Event`]s.
///
/// It is built from the events of all drivers of the rollout, in order, each with its time. Times count from
/// the first event; in JSON they are seconds, with fractions. Missing events are tolerated.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_rollout::{Change, Event, Timeline};
///
/// let mut timeline = Timeline::default();
/// timeline.add(Duration::from_secs(3), &Event::Sending { change: Change::Start });
/// timeline.add(Duration::from_secs(4), &Event::Accepted { change: Change::Start, operation_id: None });
/// assert_eq!(timeline.operations[0].sent, Duration::from_secs(3));
/// assert_eq!(timeline.until, Duration::from_secs(4));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Timeline {
    /// The time of the last event.
    #[serde(with = "seconds")]
    pub until: Duration,
    /// The end of the rollout; `None` while it runs, or if the last driver died.
    pub end: Option<TimelineEnd>,
    /// The phases with their start. The first is starting, which has no event.
    pub phases: Vec<PhaseStart>,
    /// The instances by upgrade domain, role and number; those without a domain come last.
    pub instances: Vec<InstanceLine>,
    /// The upgrade domains in the order in which they started, each with its gate.
    pub gates: Vec<Gate>,
    /// The write requests.
    pub operations: Vec<OperationSpan>,
    /// The pauses.
    pub pauses: Vec<PauseSpan>,
    /// The times at which another driver resumed the rollout.
    #[serde(with = "seconds::list")]
    pub resumed: Vec<Duration>,
    /// All other events, as sentences.
    pub notes: Vec<TimelineNote>,
    /// While a driver reads for the first time: the instances of its predecessor that it has not read yet.
    #[serde(skip)]
    unread: Option<BTreeSet<String>>,
    #[serde(skip)]
    index: Index,
}

/// The end of a rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TimelineEnd {
    /// It reached its outcome.
    Ended(FinalState),
    /// It stopped, and needed an operator.
    Stopped(StopReason),
}

/// The start of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhaseStart {
    /// The time.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// The phase.
    pub phase: Phase,
}

/// The states of an instance over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InstanceLine {
    /// The name of the instance.
    pub instance: String,
    /// The name of its role.
    pub role: String,
    /// Its upgrade domain.
    pub domain: Option<u32>,
    /// Its states in order, with a gap while it did not exist.
    pub states: Vec<StateSpan>,
}

/// A state of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StateSpan {
    /// When it was first read.
    #[serde(with = "seconds")]
    pub from: Duration,
    /// When another state or the removal of the instance was read; `None` if it lasted to the end.
    #[serde(with = "seconds::maybe")]
    pub to: Option<Duration>,
    /// The state.
    pub state: InstanceStatus,
}

/// The update of an upgrade domain, forward or back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gate {
    /// The domain.
    pub domain: u32,
    /// Whether it was part of the rollback.
    pub is_rollback: bool,
    /// Whether another operator walked it.
    pub external: bool,
    /// When it was walked. From then on the platform updates its instances.
    #[serde(with = "seconds")]
    pub started: Duration,
    /// When it failed, if it did; it may have passed later, after a pause.
    #[serde(with = "seconds::maybe")]
    pub failed: Option<Duration>,
    /// When the rollout left its gate; `None` if no event shows it.
    #[serde(with = "seconds::maybe")]
    pub left: Option<Duration>,
    /// How the rollout left the gate.
    pub result: Option<GateResult>,
}

/// How a rollout left the gate of an upgrade domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GateResult {
    /// The domain had been healthy for the settle time.
    Healthy,
    /// An operator promoted it.
    Promoted,
    /// The rollback started.
    RollbackStarted,
}

/// A write request and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OperationSpan {
    /// The change.
    pub change: Change,
    /// When it was sent.
    #[serde(with = "seconds")]
    pub sent: Duration,
    /// When its response came or was lost.
    #[serde(with = "seconds::maybe")]
    pub responded: Option<Duration>,
    /// The result; `None` if the driver died before the response.
    pub response: Option<OperationResponse>,
    /// The request id of the accepted operation, for Get Operation Status.
    pub operation_id: Option<RequestId>,
    /// When a poll found that the accepted operation had ended.
    #[serde(with = "seconds::maybe")]
    pub ended: Option<Duration>,
    /// Why the operation failed, if it did.
    pub failure: Option<String>,
}

/// The result of a write request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationResponse {
    /// The service accepted it.
    Accepted,
    /// The response was lost; with the failure.
    MaybeSent(String),
    /// Another operation held the deployment; with its request id.
    Blocked(RequestId),
    /// The service rejected it; with the reason.
    Rejected(String),
}

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PauseSpan {
    /// Its start.
    #[serde(with = "seconds")]
    pub from: Duration,
    /// Its end; `None` if it lasted to the end.
    #[serde(with = "seconds::maybe")]
    pub to: Option<Duration>,
    /// Its reason.
    pub reason: Pause,
}

/// An event of the rollout as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimelineNote {
    /// The time.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// The sentence.
    #[serde(flatten)]
    pub event: Event,
}

#[cfg(test)]
mod tests;
