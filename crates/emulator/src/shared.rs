use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::clock::Clock;
use crate::keeping::{Input, Point, Recorder};
use crate::observer::Observer;
use crate::{Caller, Cloud, Held, LoadError, Outcome};

/// What the server and its owner both hold.
#[derive(Debug)]
pub(crate) struct Shared {
    kept: Mutex<Kept>,
    pub(crate) clock: Clock,
    observer: Observer,
}

#[derive(Debug)]
struct Kept {
    cloud: Cloud,
    /// Writes to the state file, if there is one.
    recorder: Option<Recorder>,
}

impl Shared {
    pub(crate) fn new(
        cloud: Cloud,
        recorder: Option<Recorder>,
        clock: Clock,
        observer: Observer,
    ) -> Self {
        Self { kept: Mutex::new(Kept { cloud, recorder }), clock, observer }
    }

    /// The cloud, brought up to the present.
    pub(crate) fn cloud(&self) -> CloudGuard<'_> {
        CloudGuard { kept: self.present(), is_changed: false }
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

    /// Takes a saved cloud in place of the one that there is. The settings and the journal stay.
    pub(crate) fn load(&self, saved: &str) -> Result<(), LoadError> {
        let mut kept = self.present();
        let cloud = kept.cloud.reload(saved)?;
        let calendar = kept.cloud.calendar();
        self.clock.set(cloud.begins(self.clock.speed(), calendar));
        kept.cloud = cloud;
        kept.save();
        Ok(())
    }

    /// Answers a request. What the answer tells is in the state file then, if there is one.
    pub(crate) async fn handle(&self, caller: &Caller, request: &Request<Bytes>) -> Outcome {
        let (outcome, point) = {
            let mut kept = self.present();
            let (now, ids) = (self.clock.now(), kept.cloud.ids());
            let outcome = self.observed(&mut kept, |cloud| cloud.handle(now, caller, request));
            kept.record(|| Input::request(now, ids, caller, request, &outcome));
            (outcome, kept.point())
        };
        self.promised(outcome, point).await
    }

    /// Goes on with a request that a fault has held back.
    pub(crate) async fn resume(&self, held: Held) -> Outcome {
        let (outcome, point) = {
            let mut kept = self.present();
            let now = self.clock.now();
            let outcome = self.observed(&mut kept, |cloud| cloud.resume(now, held));
            kept.save();
            (outcome, kept.point())
        };
        self.promised(outcome, point).await
    }

    /// Waits until all that was done is in the state file, if there is one; tells why it never will be.
    pub(crate) async fn written(&self) -> Result<(), Arc<str>> {
        let point = self.lock().point();
        match point {
            Some(point) => point.reached().await,
            None => Ok(()),
        }
    }

    /// Writes the cloud as it is, and closes the state file. Nothing is written any more.
    pub(crate) fn close(&self) {
        let mut kept = self.present();
        let Kept { cloud, recorder } = &mut *kept;
        if let Some(recorder) = recorder {
            recorder.stop(cloud);
        }
    }

    async fn promised(&self, outcome: Outcome, point: Option<Point>) -> Outcome {
        let Some(point) = point else { return outcome };
        match point.reached().await {
            Ok(()) => outcome,
            Err(why) => self.lock().cloud.unwritten(outcome, &why),
        }
    }

    /// Shows the observer what is new in the journal, while no other request can come between.
    fn observed(&self, kept: &mut Kept, take: impl FnOnce(&mut Cloud) -> Outcome) -> Outcome {
        let seen = kept.cloud.journal().last_number();
        let outcome = take(&mut kept.cloud);
        kept.cloud.journal().since(seen).for_each(|entry| self.observer.see(entry));
        outcome
    }

    fn present(&self) -> MutexGuard<'_, Kept> {
        let mut kept = self.lock();
        kept.cloud.advance(self.clock.now());
        kept
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Has written what has led to the cloud as it is, if anything has changed with it.
    fn record(&mut self, input: impl FnOnce() -> Input) {
        if let Some(recorder) = &mut self.recorder
            && recorder.is_behind(&self.cloud)
        {
            recorder.record(&input(), &self.cloud);
        }
    }

    /// Has the cloud written as it is.
    fn save(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.snapshot(&self.cloud, false);
        }
    }

    fn point(&self) -> Option<Point> {
        self.recorder.as_ref().map(Recorder::point)
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
        if self.is_changed {
            self.kept.save();
        }
    }
}
