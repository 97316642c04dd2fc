//! The state that all parts of the simulator share.

use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

use super::addresses::PublicAddresses;
use super::event_queue::{EventQueue, Timer};
use super::faults::{Faults, RuleNumber};
use super::network_configuration::NetworkConfiguration;
use super::operations::Operations;
use super::random::Random;
use super::settings::Settings;
use super::tasks::TaskId;
use super::timing::Delay;

/// Names a deployment for as long as it lives, through slots and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct DeploymentId(pub(crate) u64);

/// Names a role instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct InstanceId {
    pub(crate) deployment: DeploymentId,
    pub(crate) role: u32,
    pub(crate) index: u32,
}

/// The kinds of events.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Event {
    /// The work of the operation that holds the deployment is done, or a stage of it.
    Lock(DeploymentId),
    /// The update may start its upgrade domain, or has waited long enough for it.
    Domain(DeploymentId),
    /// The instance enters its next state.
    Instance(InstanceId),
    /// Work on something that is no deployment is done.
    Task(TaskId),
    /// The time of a fault has come, or is over.
    Rule(RuleNumber),
}

/// The subject of polls, for events after a number of polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Subject {
    Deployment(DeploymentId),
    Task(TaskId),
    Rule(RuleNumber),
}

impl Event {
    pub(crate) fn subject(self) -> Subject {
        match self {
            Self::Lock(deployment) | Self::Domain(deployment) => Subject::Deployment(deployment),
            Self::Instance(instance) => Subject::Deployment(instance.deployment),
            Self::Task(work) => Subject::Task(work),
            Self::Rule(rule) => Subject::Rule(rule),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SharedState {
    pub(crate) now: Instant,
    pub(crate) settings: Settings,
    pub(crate) events: EventQueue<Event>,
    pub(crate) operations: Operations,
    pub(crate) faults: Faults,
    pub(crate) random: Random,
    /// Request ids have a separate stream, because requests without changes have one, too.
    pub(crate) ids: Random,
    pub(crate) addresses: PublicAddresses,
    pub(crate) network: Option<NetworkConfiguration>,
    /// Grows with whatever a request or the passing of time changes, other than the time and the ids.
    pub(crate) revision: u64,
}

impl SharedState {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut random = Random::new(settings.seed);
        Self {
            now: Instant::ORIGIN,
            events: EventQueue::new(),
            operations: Operations::default(),
            faults: Faults::default(),
            ids: random.split(),
            random,
            addresses: PublicAddresses::default(),
            network: None,
            revision: 0,
            settings,
        }
    }

    /// Notes that something changes.
    pub(crate) fn mark_changed(&mut self) {
        self.revision = self.revision.wrapping_add(1);
    }

    /// Lets the event happen when what takes so long is over.
    pub(crate) fn schedule(&mut self, takes: Delay, event: Event) -> Timer {
        match takes {
            Delay::Time(time) => self.events.schedule(self.now + time, event),
            Delay::Polls(0) => self.events.schedule(self.now, event),
            Delay::Polls(polls) => self.events.schedule_polls(event.subject(), polls, event),
        }
    }

    /// Like [`schedule`](Self::schedule), after a time that varies as the pace allows.
    pub(crate) fn schedule_with_jitter(&mut self, takes: Delay, event: Event) -> Timer {
        let spread = u32::from(self.settings.timing.jitter_percent.min(100));
        let percent = match u32::try_from(self.random.next() % u64::from(spread + 1)) {
            Ok(part) => 100 - spread / 2 + part,
            Err(_) => 100,
        };
        let takes = match takes {
            Delay::Time(time) => Delay::Time(time.saturating_mul(percent) / 100),
            Delay::Polls(polls) => Delay::Polls(polls),
        };
        self.schedule(takes, event)
    }
}
