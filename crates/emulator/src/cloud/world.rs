//! What everything in the emulated cloud shares.

use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

use super::addresses::PublicAddresses;
use super::faults::{Faults, RuleNumber};
use super::network_configuration::NetworkConfiguration;
use super::operations::Operations;
use super::pace::Takes;
use super::random::Random;
use super::settings::Settings;
use super::timeline::{Timeline, Timer};
use super::work::WorkId;

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

/// What can come due.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Event {
    /// The work of the operation that holds the deployment is done, or a stage of it.
    Lock(DeploymentId),
    /// The update may begin its upgrade domain, or has waited long enough for it.
    Domain(DeploymentId),
    /// The instance enters its next state.
    Instance(InstanceId),
    /// Work on something that is no deployment is done.
    Work(WorkId),
    /// The time of a fault has come, or is over.
    Rule(RuleNumber),
}

/// What is asked about, when something happens after so many questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Subject {
    Deployment(DeploymentId),
    Work(WorkId),
    Rule(RuleNumber),
}

impl Event {
    pub(crate) fn subject(self) -> Subject {
        match self {
            Self::Lock(deployment) | Self::Domain(deployment) => Subject::Deployment(deployment),
            Self::Instance(instance) => Subject::Deployment(instance.deployment),
            Self::Work(work) => Subject::Work(work),
            Self::Rule(rule) => Subject::Rule(rule),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) settings: Settings,
    pub(crate) timeline: Timeline<Event>,
    pub(crate) operations: Operations,
    pub(crate) faults: Faults,
    pub(crate) random: Random,
    /// Request ids have a stream of their own, because a request that changes nothing has one, too.
    pub(crate) ids: Random,
    pub(crate) addresses: PublicAddresses,
    pub(crate) network: Option<NetworkConfiguration>,
    /// Grows with whatever a request or the passing of time changes, other than the time and the ids.
    pub(crate) revision: u64,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut random = Random::new(settings.seed);
        Self {
            now: Instant::ORIGIN,
            timeline: Timeline::new(),
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
    pub(crate) fn touch(&mut self) {
        self.revision = self.revision.wrapping_add(1);
    }

    /// Lets the event happen when what takes so long is over.
    pub(crate) fn schedule(&mut self, takes: Takes, event: Event) -> Timer {
        match takes {
            Takes::Time(time) => self.timeline.schedule(self.now + time, event),
            Takes::Polls(0) => self.timeline.schedule(self.now, event),
            Takes::Polls(polls) => self.timeline.schedule_polls(event.subject(), polls, event),
        }
    }

    /// Like [`schedule`](Self::schedule), after a time that varies as the pace allows.
    pub(crate) fn schedule_about(&mut self, takes: Takes, event: Event) -> Timer {
        let spread = u32::from(self.settings.pace.spread.min(100));
        let percent = match u32::try_from(self.random.next() % u64::from(spread + 1)) {
            Ok(part) => 100 - spread / 2 + part,
            Err(_) => 100,
        };
        let takes = match takes {
            Takes::Time(time) => Takes::Time(time.saturating_mul(percent) / 100),
            Takes::Polls(polls) => Takes::Polls(polls),
        };
        self.schedule(takes, event)
    }
}
