use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Cloud;
use crate::clock::Clock;

/// What the server and its owner both hold.
#[derive(Debug)]
pub(crate) struct Shared {
    cloud: Mutex<Cloud>,
    pub(crate) clock: Clock,
}

impl Shared {
    pub(crate) fn new(cloud: Cloud, clock: Clock) -> Self {
        Self { cloud: Mutex::new(cloud), clock }
    }

    /// The cloud, brought up to the present.
    pub(crate) fn cloud(&self) -> MutexGuard<'_, Cloud> {
        let mut cloud = self.cloud.lock().unwrap_or_else(PoisonError::into_inner);
        cloud.advance(self.clock.now());
        cloud
    }

    /// Moves time ahead, and lets happen what comes due.
    pub(crate) fn step(&self, duration: Duration) {
        self.clock.step(duration);
        drop(self.cloud());
    }
}
