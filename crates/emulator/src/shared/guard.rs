//! Sole access to the simulator, and what is known of it meanwhile.

use std::ops::{Deref, DerefMut};

use azure_classic_protocol::machine::Instant;
use parking_lot::{Mutex, MutexGuard};

use super::Kept;
use crate::Cloud;

/// What can be said of the cloud while others work on it: how it was when it was last released.
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
    pub(super) fn of(cloud: &Cloud) -> Self {
        let (services, deployments, instances) = cloud.sizes();
        Self {
            revision: cloud.revision(),
            now: cloud.now(),
            calendar_time: cloud.calendar_time(),
            services,
            deployments,
            instances,
        }
    }
}

/// Sole access to the cloud; publishes the vital signs when it ends.
#[derive(Debug)]
pub(super) struct KeptGuard<'a> {
    kept: MutexGuard<'a, Kept>,
    vitals: &'a Mutex<Vitals>,
}

impl<'a> KeptGuard<'a> {
    pub(super) fn new(kept: MutexGuard<'a, Kept>, vitals: &'a Mutex<Vitals>) -> Self {
        Self { kept, vitals }
    }

    /// Lets those go first who wait.
    pub(super) fn make_way(&mut self) {
        self.publish();
        MutexGuard::bump(&mut self.kept);
    }

    fn publish(&self) {
        let cloud = &self.kept.cloud;
        let mut vitals = self.vitals.lock();
        if (vitals.revision, vitals.now) != (cloud.revision(), cloud.now()) {
            *vitals = Vitals::of(cloud);
        }
    }
}

impl Deref for KeptGuard<'_> {
    type Target = Kept;

    fn deref(&self) -> &Kept {
        &self.kept
    }
}

impl DerefMut for KeptGuard<'_> {
    fn deref_mut(&mut self) -> &mut Kept {
        &mut self.kept
    }
}

impl Drop for KeptGuard<'_> {
    fn drop(&mut self) {
        self.publish();
    }
}

/// Exclusive access to the cloud of a running emulator.
///
/// What is changed through it is written to the state file, if there is one, when it is dropped.
#[derive(Debug)]
pub struct CloudGuard<'a> {
    kept: KeptGuard<'a>,
    is_changed: bool,
}

impl<'a> CloudGuard<'a> {
    pub(super) fn new(kept: KeptGuard<'a>) -> Self {
        Self { kept, is_changed: false }
    }
}

impl Deref for CloudGuard<'_> {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        &self.kept.cloud
    }
}

impl DerefMut for CloudGuard<'_> {
    fn deref_mut(&mut self) -> &mut Cloud {
        self.is_changed = true;
        &mut self.kept.cloud
    }
}

impl Drop for CloudGuard<'_> {
    fn drop(&mut self) {
        if self.is_changed {
            self.kept.save();
        }
    }
}
