use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use azure_classic_protocol::Deployment;
use azure_classic_protocol::machine::{Instant, Machine, Step, TransportResult};
use azure_classic_rollout::{Input, Record, Rollout, RolloutError, RolloutOutcome};
use tokio::sync::Notify;

/// What can be said to a rollout and asked of it while it is driven, from any task or thread. Cheap to
/// clone; it outlives the rollout, and then changes nothing.
#[derive(Debug, Clone)]
pub struct RolloutControls(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    machine: Mutex<Rollout>,
    woken: Notify,
}

impl RolloutControls {
    pub(super) fn new(machine: Rollout) -> Self {
        Self(Arc::new(Shared { machine: Mutex::new(machine), woken: Notify::new() }))
    }

    /// Pauses, resumes, promotes or aborts. It has its effect at once, or when the request that is under
    /// way has been answered.
    pub fn input(&self, input: Input) {
        self.machine().input(input);
        self.0.woken.notify_one();
    }

    /// Whether every input has had its effect, and the record has been kept with it.
    pub fn has_handled_inputs(&self) -> bool {
        self.machine().has_handled_inputs()
    }

    /// What has to be kept of the rollout; `None` until the preflight is passed.
    pub fn record(&self) -> Option<Record> {
        self.machine().record().cloned()
    }

    /// The deployment as it was read last; `None` until it was read. Each reading is an allocation, which
    /// all who ask for it share.
    pub fn deployment(&self) -> Option<Arc<Deployment>> {
        self.machine().shared_deployment()
    }

    pub(super) fn machine(&self) -> MutexGuard<'_, Rollout> {
        // A recorder that panicked left the machine as it was.
        self.0.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn woken(&self) -> &Notify {
        &self.0.woken
    }
}

/// The machine behind its controls, for the one loop.
pub(super) struct Controlled(pub(super) RolloutControls);

impl Machine for Controlled {
    type Output = Result<RolloutOutcome, RolloutError>;

    fn step(&mut self, now: Instant) -> Step<Self::Output> {
        self.0.machine().step(now)
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        self.0.machine().receive(now, reply);
    }
}
