use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use azure_classic_protocol::Deployment;
use azure_classic_protocol::machine::{Instant, Machine, Step, TransportResult};
use azure_classic_rollout::{Input, Record, Rollout, RolloutError, RolloutOutcome};
use tokio::sync::Notify;

/// Controls a running rollout, and reads its state, from any task or thread. A clone is cheap. After the end
/// of the rollout, inputs have no effect.
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

    /// Pauses, resumes, promotes or aborts the rollout. The input takes effect at once, or after the response
    /// to the request in flight.
    pub fn input(&self, input: Input) {
        self.machine().input(input);
        self.0.woken.notify_one();
    }

    /// Whether every input has taken effect and the record that contains it has been persisted.
    pub fn has_handled_inputs(&self) -> bool {
        self.machine().has_handled_inputs()
    }

    /// Returns the record of the rollout; `None` until the preflight has passed.
    pub fn record(&self) -> Option<Record> {
        self.machine().record().cloned()
    }

    /// Returns the last reading of the deployment; `None` before the first one. All callers share one
    /// allocation per reading.
    pub fn deployment(&self) -> Option<Arc<Deployment>> {
        self.machine().shared_deployment()
    }

    pub(super) fn machine(&self) -> MutexGuard<'_, Rollout> {
        // A closure that panicked while persisting has left the machine unchanged.
        self.0.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn woken(&self) -> &Notify {
        &self.0.woken
    }
}

/// The shared machine, for the loop that drives it.
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
