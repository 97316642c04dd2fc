use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{panic, thread};

use azure_classic_protocol::machine::Instant;
use bytes::Bytes;
use http::Request;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::clock::Clock;
use crate::cloud::Prepared;
use crate::keeping::{Input, Point, Recorder};
use crate::observer::Observer;
use crate::{Advance, Caller, Cloud, Held, LoadError, Outcome, StateError};

/// How many events are processed before others get at the cloud.
const SLICE: usize = 1_000;
/// The most events of one step of the time.
const STEP_EVENTS: usize = 250_000;
/// The most events that a request waits for.
const PRESENT_EVENTS: usize = 50_000;

/// What the server and its owner both hold.
#[derive(Debug)]
pub(crate) struct Shared {
    kept: Mutex<Kept>,
    pub(crate) clock: Clock,
    observer: Observer,
    /// For requests with a body.
    permits: Arc<Semaphore>,
    is_closing: AtomicBool,
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
        // One is left for those who only read.
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let workers = processors.saturating_sub(1).max(1);
        Self {
            kept: Mutex::new(Kept { cloud, recorder }),
            clock,
            observer,
            permits: Arc::new(Semaphore::new(workers)),
            is_closing: AtomicBool::new(false),
        }
    }

    /// The cloud, brought up to the present.
    pub(crate) fn cloud(&self) -> CloudGuard<'_> {
        CloudGuard { kept: self.present(), is_changed: false }
    }

    /// Moves time ahead, and lets happen what comes due: at most [`STEP_EVENTS`] events. Others get at the
    /// cloud in between.
    pub(crate) fn step(&self, duration: Duration) -> Advance {
        let mut remaining = duration;
        let mut slices = STEP_EVENTS / SLICE;
        let reached = loop {
            let mut kept = self.lock();
            let now = self.clock.now();
            let slice = kept.advance(now + remaining);
            let passed = (slice.reached - now).min(remaining);
            self.clock.step(passed);
            remaining =
                if slice.is_complete() { Duration::ZERO } else { remaining.saturating_sub(passed) };
            slices = slices.saturating_sub(1);
            if remaining.is_zero() || slices == 0 || self.is_closing.load(Ordering::Relaxed) {
                let Kept { cloud, recorder } = &mut *kept;
                if let Some(recorder) = recorder {
                    recorder.record(&Input::Step { at: cloud.now() }, cloud);
                }
                break slice.reached;
            }
            drop(kept);
            thread::yield_now();
        };
        Advance { reached, remaining }
    }

    /// Takes a saved cloud in place of the one that there is. The settings and the journal stay.
    pub(crate) fn load(&self, saved: &str) -> Result<(), LoadError> {
        let settings = self.lock().cloud.settings().clone();
        let loaded = Cloud::load(settings, saved)?;
        let mut kept = self.present();
        let calendar = kept.cloud.calendar();
        self.clock.set(loaded.begins(self.clock.speed(), calendar));
        kept.cloud.replace(loaded);
        kept.save();
        Ok(())
    }

    /// Answers a request. What the answer tells is in the state file then, if there is one.
    ///
    /// What takes long and needs no cloud is done first, on a thread where it holds nobody up. Fewer
    /// requests than there are processors are in work at a time, and the others wait.
    pub(crate) async fn handle(
        self: &Arc<Self>,
        caller: &Caller,
        request: Request<Bytes>,
    ) -> Outcome {
        let caller = caller.clone();
        let (outcome, point) = self
            .work(request.body().is_empty(), move |shared| shared.take(&caller, &request))
            .await;
        self.promised(outcome, point).await
    }

    /// Goes on with a request that a fault has held back.
    pub(crate) async fn resume(self: &Arc<Self>, held: Held) -> Outcome {
        let (outcome, point) =
            self.work(held.request().body().is_empty(), move |shared| shared.go_on(held)).await;
        self.promised(outcome, point).await
    }

    async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        is_small: bool,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        if is_small {
            return work(self);
        }
        let shared = self.clone();
        let permit = self.permits.clone().acquire_owned().await;
        let worked = spawn_blocking(move || {
            let _permit = permit;
            work(&shared)
        });
        worked.await.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
    }

    fn take(&self, caller: &Caller, request: &Request<Bytes>) -> (Outcome, Option<Point>) {
        let mut kept = self.present();
        let mut prepared = None;
        // Nothing is decoded of a request that is refused anyway, or that a fault holds back.
        if kept.cloud.performs(caller, request) {
            drop(kept);
            prepared = Some(Prepared::of(request));
            kept = self.present();
        }
        let (now, ids) = (kept.cloud.now(), kept.cloud.ids());
        let outcome = self.observed(&mut kept, |cloud| {
            cloud.handle_prepared(now, caller, request, prepared.as_ref())
        });
        kept.record(|| Input::request(now, ids, caller, request, &outcome));
        (outcome, kept.point())
    }

    fn go_on(&self, held: Held) -> (Outcome, Option<Point>) {
        let request = held.request().clone();
        let prepared = Prepared::of(&request);
        let mut kept = self.present();
        let now = kept.cloud.now();
        let outcome =
            self.observed(&mut kept, |cloud| cloud.resume_prepared(now, held, Some(&prepared)));
        kept.save();
        (outcome, kept.point())
    }

    /// Waits until all that was done is in the state file, if there is one; tells why it never will be.
    pub(crate) async fn written(&self) -> Result<(), Arc<str>> {
        let point = self.lock().point();
        match point {
            Some(point) => point.reached().await,
            None => Ok(()),
        }
    }

    /// Writes the cloud as it is, and closes the state file. Nothing is written any more. Says when the
    /// file does not hold what it should.
    pub(crate) fn close(&self) -> Result<(), StateError> {
        self.is_closing.store(true, Ordering::Relaxed);
        let mut kept = self.present();
        let Kept { cloud, recorder } = &mut *kept;
        recorder.as_mut().map_or(Ok(()), |recorder| recorder.stop(cloud))
    }

    async fn promised(&self, outcome: Outcome, point: Option<Point>) -> Outcome {
        let Some(point) = point else { return outcome };
        match point.reached().await {
            Ok(()) => outcome,
            Err(why) => self.lock().cloud.unwritten(outcome, &why),
        }
    }

    /// Reports a client whose certificate or key failed the handshake.
    pub(crate) fn reject(&self, why: &str) {
        self.observer.reject(why);
    }

    /// Shows the observer what is new in the journal, while no other request can come between.
    fn observed(&self, kept: &mut Kept, take: impl FnOnce(&mut Cloud) -> Outcome) -> Outcome {
        let seen = kept.cloud.journal().last_number();
        let outcome = take(&mut kept.cloud);
        kept.cloud.journal().since(seen).for_each(|entry| self.observer.see(entry));
        outcome
    }

    /// The cloud at the clock's time. When events come due faster than they can be processed, the clock is
    /// set back to the time that was reached.
    fn present(&self) -> MutexGuard<'_, Kept> {
        let mut slices = PRESENT_EVENTS / SLICE;
        loop {
            let mut kept = self.lock();
            let advance = kept.advance(self.clock.now());
            slices = slices.saturating_sub(1);
            if advance.is_complete() {
                return kept;
            }
            if slices == 0 || self.is_closing.load(Ordering::Relaxed) {
                self.clock.drop_time(advance.reached);
                return kept;
            }
            drop(kept);
            thread::yield_now();
        }
    }

    /// Ends time steps early, because the emulator shuts down.
    pub(crate) fn interrupt(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn advance(&mut self, now: Instant) -> Advance {
        let advance = self.cloud.advance_by(now, SLICE);
        let is_far_behind = |it: &Recorder| it.is_far_behind(&self.cloud);
        if self.recorder.as_ref().is_some_and(is_far_behind) {
            self.save();
        }
        advance
    }

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
