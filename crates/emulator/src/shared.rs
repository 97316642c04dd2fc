use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use bytes::Bytes;
use http::Request;

use crate::clock::Clock;
use crate::keeping::{Input, Point, Recorder};
use crate::{Caller, Cloud, Outcome};

/// What the server and its owner both hold.
#[derive(Debug)]
pub(crate) struct Shared {
    kept: Mutex<Kept>,
    clock: Clock,
}

#[derive(Debug)]
struct Kept {
    cloud: Cloud,
    /// Writes to the state file, if there is one.
    recorder: Option<Recorder>,
}

impl Shared {
    pub(crate) fn new(cloud: Cloud, recorder: Option<Recorder>, clock: Clock) -> Self {
        Self { kept: Mutex::new(Kept { cloud, recorder }), clock }
    }

    /// Answers a request. What the answer tells is in the state file then, if there is one.
    pub(crate) async fn handle(&self, caller: &Caller, request: &Request<Bytes>) -> Outcome {
        let (outcome, point) = self.lock().handle(self.clock.now(), caller, request);
        let Some(point) = point else { return outcome };
        match point.is_written().await {
            Ok(()) => outcome,
            Err(why) => self.lock().cloud.unwritten(outcome, &why),
        }
    }

    /// The cloud, brought up to the present.
    pub(crate) fn cloud(&self) -> CloudGuard<'_> {
        let mut kept = self.lock();
        kept.cloud.advance(self.clock.now());
        CloudGuard { kept, is_changed: false }
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Moves time ahead, and lets happen what comes due.
    pub(crate) fn step(&self, duration: Duration) {
        let mut kept = self.lock();
        self.clock.step(duration);
        let at = self.clock.now();
        let Kept { cloud, recorder } = &mut *kept;
        cloud.advance(at);
        if let Some(recorder) = recorder {
            recorder.record(&Input::Step { at }, cloud);
        }
    }

    /// Writes the cloud as it is, and closes the state file. Nothing is recorded any more.
    pub(crate) fn close(&self) {
        let mut kept = self.lock();
        let Kept { cloud, recorder } = &mut *kept;
        cloud.advance(self.clock.now());
        if let Some(recorder) = recorder {
            recorder.stop(cloud);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The outcome may be told when so much is written.
    fn handle(
        &mut self,
        now: Instant,
        caller: &Caller,
        request: &Request<Bytes>,
    ) -> (Outcome, Option<Point>) {
        let Self { cloud, recorder } = self;
        let Some(recorder) = recorder else { return (cloud.handle(now, caller, request), None) };
        let ids = cloud.ids();
        let outcome = cloud.handle(now, caller, request);
        if recorder.is_behind(cloud) {
            recorder.record(&Input::request(now, ids, caller, request, &outcome), cloud);
        }
        (outcome, Some(recorder.point()))
    }
}

/// The cloud of an emulator that runs, while nobody else can reach it.
///
/// What is changed through it is written to the state file, if there is one, when it is dropped.
#[derive(Debug)]
pub struct CloudGuard<'a> {
    kept: MutexGuard<'a, Kept>,
    is_changed: bool,
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
        let Kept { cloud, recorder } = &mut *self.kept;
        if self.is_changed
            && let Some(recorder) = recorder
        {
            recorder.snapshot(cloud, false);
        }
    }
}
