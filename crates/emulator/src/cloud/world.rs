//! What everything in the emulated cloud shares.

use std::time::Duration;

use azure_classic_protocol::machine::Instant;

use super::faults::Faults;
use super::operations::Operations;
use super::random::Random;
use super::settings::Settings;
use super::timeline::{Timeline, Timer};

/// Names a deployment for as long as it lives, through slots and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DeploymentId(pub(crate) u64);

/// Names a role instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InstanceId {
    pub(crate) deployment: DeploymentId,
    pub(crate) role: u32,
    pub(crate) index: u32,
}

/// What can come due.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// The work of the operation that holds the deployment is done, or a stage of it.
    Lock(DeploymentId),
    /// The update may begin its upgrade domain, or has waited long enough for it.
    Domain(DeploymentId),
    /// The instance enters its next state.
    Instance(InstanceId),
}

impl Event {
    pub(crate) fn deployment(self) -> DeploymentId {
        match self {
            Self::Lock(deployment) | Self::Domain(deployment) => deployment,
            Self::Instance(instance) => instance.deployment,
        }
    }
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) settings: Settings,
    pub(crate) timeline: Timeline<Event>,
    pub(crate) operations: Operations,
    pub(crate) faults: Faults,
    pub(crate) random: Random,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            now: Instant::ORIGIN,
            timeline: Timeline::new(),
            operations: Operations::default(),
            faults: Faults::default(),
            random: Random::new(settings.seed),
            settings,
        }
    }

    pub(crate) fn schedule(&mut self, after: Duration, event: Event) -> Timer {
        self.timeline.schedule(self.now + after, event)
    }

    /// Like [`schedule`](Self::schedule), after a duration that varies as the pace allows.
    pub(crate) fn schedule_about(&mut self, after: Duration, event: Event) -> Timer {
        let spread = u32::from(self.settings.pace.spread.min(100));
        let percent = match u32::try_from(self.random.next() % u64::from(spread + 1)) {
            Ok(part) => 100 - spread / 2 + part,
            Err(_) => 100,
        };
        self.schedule(after.saturating_mul(percent) / 100, event)
    }
}
