//! What happened in a rollout, ordered by instance, upgrade domain and request.

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

/// What happened in a rollout: the states of every instance, the gates of the upgrade domains, the
/// requests that changed something, pauses, and the rest of the [`Event`]s.
///
/// It is made of the events of all drivers of the rollout, in their order, each with its moment. Moments
/// count from the first event; as JSON they are seconds, with fractions. Events that do not fit together,
/// because some were not kept, are taken as far as they go.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_rollout::{Change, Event, Timeline};
///
/// let mut timeline = Timeline::default();
/// timeline.add(Duration::from_secs(3), &Event::Sending { change: Change::Start });
/// timeline.add(Duration::from_secs(4), &Event::Accepted { change: Change::Start, work: None });
/// assert_eq!(timeline.operations[0].sent, Duration::from_secs(3));
/// assert_eq!(timeline.until, Duration::from_secs(4));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Timeline {
    /// The moment of the last event.
    #[serde(with = "seconds")]
    pub until: Duration,
    /// How it ended; `None` while it has not, or where the last driver died.
    pub end: Option<TimelineEnd>,
    /// What the rollout was doing, from when on. It begins with starting, which is not told.
    pub phases: Vec<PhaseStart>,
    /// The instances by upgrade domain, role and number; those without a domain come last.
    pub instances: Vec<InstanceLine>,
    /// The upgrade domains as they were taken into work, and how each came through its gate.
    pub gates: Vec<Gate>,
    /// The requests that changed something.
    pub operations: Vec<OperationSpan>,
    /// When nothing was sent.
    pub pauses: Vec<PauseSpan>,
    /// When another driver took the rollout up.
    #[serde(with = "seconds::list")]
    pub taken_up: Vec<Duration>,
    /// What else happened, in the words of the driver.
    pub notes: Vec<TimelineNote>,
    /// While a driver reads for the first time what another one has read before: the instances that it
    /// has not come to yet.
    #[serde(skip)]
    unread: Option<BTreeSet<String>>,
    #[serde(skip)]
    index: Index,
}

/// How a rollout ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TimelineEnd {
    /// It came to its end.
    Ended(FinalState),
    /// It stopped, and needed a person.
    Stopped(StopReason),
}

/// From when on a rollout was in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhaseStart {
    /// The moment.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// The phase.
    pub phase: Phase,
}

/// The states of an instance over the time, as they were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InstanceLine {
    /// Its name.
    pub instance: String,
    /// Its role.
    pub role: String,
    /// Its upgrade domain.
    pub domain: Option<u32>,
    /// Its states in their order; there is a gap where it did not exist.
    pub states: Vec<StateSpan>,
}

/// A state of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StateSpan {
    /// When it was read first.
    #[serde(with = "seconds")]
    pub from: Duration,
    /// When another state was read, or that the instance is gone; `None`: it was in it until the end.
    #[serde(with = "seconds::maybe")]
    pub to: Option<Duration>,
    /// The state.
    pub state: InstanceStatus,
}

/// An upgrade domain in work, on the way forward or back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gate {
    /// The domain.
    pub domain: u32,
    /// Whether it was on the way back.
    pub is_back: bool,
    /// Whether somebody else walked it.
    pub by_another: bool,
    /// When it was walked: from here on its instances are brought to the other version.
    #[serde(with = "seconds")]
    pub started: Duration,
    /// When it failed, if it did; it may have come through later, after a pause.
    #[serde(with = "seconds::maybe")]
    pub failed: Option<Duration>,
    /// When its gate was left behind; `None` where that was not told.
    #[serde(with = "seconds::maybe")]
    pub left: Option<Duration>,
    /// How it was left.
    pub result: Option<GateResult>,
}

/// How the gate of an upgrade domain was left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GateResult {
    /// The domain had been healthy for the settle time.
    Healthy,
    /// A person let it pass.
    Promoted,
    /// The rollout turned back.
    TurnedBack,
}

/// A request that changed something, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OperationSpan {
    /// The change.
    pub change: Change,
    /// When it was sent.
    #[serde(with = "seconds")]
    pub sent: Duration,
    /// When it was answered, or its answer given up.
    #[serde(with = "seconds::maybe")]
    pub responded: Option<Duration>,
    /// The answer; `None` where the driver died before it came.
    pub response: Option<OperationResponse>,
    /// The id of the accepted work, for Get Operation Status.
    pub work: Option<RequestId>,
    /// When the accepted work was found to have ended.
    #[serde(with = "seconds::maybe")]
    pub ended: Option<Duration>,
    /// Why the work failed, if it did.
    pub failure: Option<String>,
}

/// The answer to a request that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationResponse {
    /// It was accepted.
    Accepted,
    /// The answer was lost; with how.
    Lost(String),
    /// Another operation held the deployment; with its id.
    Blocked(RequestId),
    /// It was refused; with why.
    Refused(String),
}

/// A time in which nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PauseSpan {
    /// From when.
    #[serde(with = "seconds")]
    pub from: Duration,
    /// Until when; `None`: until the end.
    #[serde(with = "seconds::maybe")]
    pub to: Option<Duration>,
    /// Why.
    pub why: Pause,
}

/// Something that happened to the rollout as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimelineNote {
    /// When.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

#[cfg(test)]
mod tests;
