use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::clock::Clock;
use crate::observer::Observer;
use crate::{Caller, Cloud, Held, Outcome};

/// What the server and its owner both hold.
#[derive(Debug)]
pub(crate) struct Shared {
    cloud: Mutex<Cloud>,
    pub(crate) clock: Clock,
    observer: Observer,
}

impl Shared {
    pub(crate) fn new(cloud: Cloud, clock: Clock, observer: Observer) -> Self {
        Self { cloud: Mutex::new(cloud), clock, observer }
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

    pub(crate) fn handle(&self, caller: &Caller, request: &Request<Bytes>) -> Outcome {
        self.observed(|cloud| cloud.handle(self.clock.now(), caller, request))
    }

    pub(crate) fn resume(&self, held: Held) -> Outcome {
        self.observed(|cloud| cloud.resume(self.clock.now(), held))
    }

    /// Shows the observer what is new in the journal, while no other request can come between.
    fn observed(&self, take: impl FnOnce(&mut Cloud) -> Outcome) -> Outcome {
        let mut cloud = self.cloud();
        let seen = cloud.journal().last_number();
        let outcome = take(&mut cloud);
        cloud.journal().since(seen).for_each(|entry| self.observer.see(entry));
        outcome
    }
}
