//! Sole access to the simulator, and what is known of it meanwhile.

use std::ops::{Deref, DerefMut};

use azure_classic_protocol::machine::Instant;
use parking_lot::{Mutex, MutexGuard};

use super::LockedState;
use crate::Simulator;

/// The facts about the simulator at its last release, available while others use it.
#[derive(Debug, Clone)]
pub(crate) struct Vitals {
    revision: u64,
    pub(crate) now: Instant,
    pub(crate) calendar_time: String,
    pub(crate) services: usize,
    pub(crate) deployments: usize,
    pub(crate) instances: usize,
}

impl Vitals {
    pub(super) fn new(simulator: &Simulator) -> Self {
        let (services, deployments, instances) = simulator.counts();
        Self {
            revision: simulator.revision(),
            now: simulator.now(),
            calendar_time: simulator.calendar_time(),
            services,
            deployments,
            instances,
        }
    }
}

/// Sole access to the cloud; publishes the vital signs when it ends.
#[derive(Debug)]
pub(super) struct StateGuard<'a> {
    state: MutexGuard<'a, LockedState>,
    vitals: &'a Mutex<Vitals>,
}

impl<'a> StateGuard<'a> {
    pub(super) fn new(kept: MutexGuard<'a, LockedState>, vitals: &'a Mutex<Vitals>) -> Self {
        Self { state: kept, vitals }
    }

    /// Lets those go first who wait.
    pub(super) fn yield_lock(&mut self) {
        self.publish();
        MutexGuard::bump(&mut self.state);
    }

    fn publish(&self) {
        let simulator = &self.state.simulator;
        let mut vitals = self.vitals.lock();
        if (vitals.revision, vitals.now) != (simulator.revision(), simulator.now()) {
            *vitals = Vitals::new(simulator);
        }
    }
}

impl Deref for StateGuard<'_> {
    type Target = LockedState;

    fn deref(&self) -> &LockedState {
        &self.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut LockedState {
        &mut self.state
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        self.publish();
    }
}

/// Exclusive access to the cloud of a running emulator.
///
/// Changes through it are written to the state file, if there is one, when it is dropped.
#[derive(Debug)]
pub struct SimulatorGuard<'a> {
    state: StateGuard<'a>,
    is_changed: bool,
}

impl<'a> SimulatorGuard<'a> {
    pub(super) fn new(kept: StateGuard<'a>) -> Self {
        Self { state: kept, is_changed: false }
    }
}

impl Deref for SimulatorGuard<'_> {
    type Target = Simulator;

    fn deref(&self) -> &Simulator {
        &self.state.simulator
    }
}

impl DerefMut for SimulatorGuard<'_> {
    fn deref_mut(&mut self) -> &mut Simulator {
        self.is_changed = true;
        &mut self.state.simulator
    }
}

impl Drop for SimulatorGuard<'_> {
    fn drop(&mut self) {
        if self.is_changed {
            self.state.save();
        }
    }
}
