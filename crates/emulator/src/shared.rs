//! The state that the server and its owner share: the simulator, its clock, and the state file.

mod guard;

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use bytes::Bytes;
use http::Request;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

pub use self::guard::SimulatorGuard;
use self::guard::StateGuard;
pub(crate) use self::guard::Vitals;
use crate::clock::Clock;
use crate::observer::Observer;
use crate::persistence::{Input, Recorder, WritePoint, WriteProgress};
use crate::simulator::PreparedBody;
use crate::{Advance, Caller, DelayedRequest, LoadError, Outcome, Simulator, StateError};

/// How many events are processed before others get at the cloud.
const EVENTS_PER_SLICE: usize = 1_000;
/// The most events of one step of the time.
const MAX_STEP_EVENTS: usize = 250_000;
/// The most events that a request waits for.
const MAX_CATCH_UP_EVENTS: usize = 50_000;
/// The number of concurrent requests without a body.
const MAX_READERS: usize = 4;
/// How long the vital signs may take to be brought up to the present.
const REFRESH_TIMEOUT: Duration = Duration::from_millis(250);

/// The state that the server and its owner share.
#[derive(Debug)]
pub(crate) struct Shared {
    locked: Mutex<LockedState>,
    vitals: Mutex<Vitals>,
    /// How far the state file has come, if there is one.
    progress: Option<WriteProgress>,
    pub(crate) clock: Clock,
    observer: Observer,
    /// For requests without a body, and with one.
    readers: Arc<Semaphore>,
    writers: Arc<Semaphore>,
    /// For the one that refreshes the vital signs.
    refresh: Arc<Semaphore>,
    is_closing: AtomicBool,
}

#[derive(Debug)]
struct LockedState {
    simulator: Simulator,
    /// Writes to the state file, if there is one.
    recorder: Option<Recorder>,
}

impl Shared {
    pub(crate) fn new(
        simulator: Simulator,
        recorder: Option<Recorder>,
        clock: Clock,
        observer: Observer,
    ) -> Self {
        // One processor is left for those who only read.
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let writers = processors.saturating_sub(1).max(1);
        Self {
            vitals: Mutex::new(Vitals::new(&simulator)),
            progress: recorder.as_ref().map(Recorder::progress),
            locked: Mutex::new(LockedState { simulator, recorder }),
            clock,
            observer,
            readers: Arc::new(Semaphore::new(MAX_READERS)),
            writers: Arc::new(Semaphore::new(writers)),
            refresh: Arc::new(Semaphore::new(1)),
            is_closing: AtomicBool::new(false),
        }
    }

    /// The cloud, brought up to the present.
    pub(crate) fn simulator(&self) -> SimulatorGuard<'_> {
        SimulatorGuard::new(self.lock_at_present())
    }

    /// Moves time ahead, and lets happen what comes due: at most [`STEP_EVENTS`] events. Others get at the
    /// cloud in between.
    pub(crate) fn step(&self, duration: Duration) -> Advance {
        let mut remaining = duration;
        let mut slices = MAX_STEP_EVENTS / EVENTS_PER_SLICE;
        let mut kept = self.lock();
        let reached = loop {
            let now = self.clock.now();
            let slice = kept.advance(now + remaining);
            let passed = (slice.reached - now).min(remaining);
            self.clock.step(passed);
            remaining =
                if slice.is_complete() { Duration::ZERO } else { remaining.saturating_sub(passed) };
            slices = slices.saturating_sub(1);
            if remaining.is_zero() || slices == 0 || self.is_closing.load(Ordering::Relaxed) {
                let LockedState { simulator, recorder } = &mut *kept;
                if let Some(recorder) = recorder {
                    recorder.record(&Input::Step { at: simulator.now() }, simulator);
                }
                break slice.reached;
            }
            kept.yield_lock();
        };
        Advance { reached, remaining }
    }

    /// Takes a saved state in place of the one that there is. The settings and the journal stay.
    pub(crate) fn load(&self, saved: &str) -> Result<(), LoadError> {
        let settings = self.lock().simulator.settings().clone();
        let loaded = Simulator::load(settings, saved)?;
        let mut kept = self.lock_at_present();
        let calendar = kept.simulator.calendar();
        self.clock.set(loaded.start_time(self.clock.speed(), calendar));
        kept.simulator.replace(loaded);
        // Its revision says nothing beside that of the other cloud.
        *self.vitals.lock() = Vitals::new(&kept.simulator);
        kept.save();
        Ok(())
    }

    /// Handles a request. When this returns, what the response says is in the state file, if there is one.
    ///
    /// All of it runs on threads where it holds up no connection. Expensive work that needs no simulator
    /// comes first, without the lock, for fewer requests at a time than there are processors.
    pub(crate) async fn handle(
        self: &Arc<Self>,
        caller: &Caller,
        request: Request<Bytes>,
    ) -> Outcome {
        let caller = caller.clone();
        let kind = self.semaphore(&request);
        let work = move |shared: &Self| shared.handle_blocking(&caller, &request);
        let (outcome, point) = self.run(kind, work).await;
        self.after_write(outcome, point).await
    }

    /// Goes on with a request that a fault has delayed.
    pub(crate) async fn resume(self: &Arc<Self>, delayed: DelayedRequest) -> Outcome {
        let kind = self.semaphore(delayed.request());
        let (outcome, point) = self.run(kind, move |shared| shared.resume_blocking(delayed)).await;
        self.after_write(outcome, point).await
    }

    /// The vital signs: of the present, unless others keep the cloud for longer than [`REFRESH`].
    pub(crate) async fn vitals(self: &Arc<Self>) -> Vitals {
        let refresh = self.run(&self.refresh, |shared| drop(shared.lock_at_present()));
        // If it times out, the last ones known must do.
        let _ = timeout(REFRESH_TIMEOUT, refresh).await;
        self.vitals.lock().clone()
    }

    fn semaphore(&self, request: &Request<Bytes>) -> &Arc<Semaphore> {
        if request.body().is_empty() { &self.readers } else { &self.writers }
    }

    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        kind: &Arc<Semaphore>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        let shared = self.clone();
        let permit = kind.clone().acquire_owned().await;
        let worked = spawn_blocking(move || {
            let _permit = permit;
            work(&shared)
        });
        worked.await.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
    }

    fn handle_blocking(
        &self,
        caller: &Caller,
        request: &Request<Bytes>,
    ) -> (Outcome, Option<WritePoint>) {
        let mut kept = self.lock_at_present();
        let mut prepared = None;
        // Nothing is decoded of a request that is refused anyway, or that a fault holds back.
        if kept.simulator.would_execute(caller, request) {
            drop(kept);
            prepared = Some(PreparedBody::new(request));
            kept = self.lock_at_present();
        }
        let (now, ids) = (kept.simulator.now(), kept.simulator.ids());
        let outcome = self.observed(&mut kept, |simulator| {
            simulator.handle_prepared(now, caller, request, prepared.as_ref())
        });
        kept.record(|| Input::request(now, ids, caller, request, None, &outcome));
        (outcome, kept.write_point())
    }

    fn resume_blocking(&self, delayed: DelayedRequest) -> (Outcome, Option<WritePoint>) {
        let (caller, request) = (delayed.caller().clone(), delayed.request().clone());
        let decision = delayed.decision();
        let prepared = PreparedBody::new(&request);
        let mut kept = self.lock_at_present();
        let (now, ids) = (kept.simulator.now(), kept.simulator.ids());
        let outcome = self.observed(&mut kept, |simulator| {
            simulator.resume_prepared(now, delayed, Some(&prepared))
        });
        kept.record(|| Input::request(now, ids, &caller, &request, Some(decision), &outcome));
        (outcome, kept.write_point())
    }

    /// Where the state file will be when all that was done is in it, if there is one.
    pub(crate) fn write_point(&self) -> Option<WritePoint> {
        self.lock().write_point()
    }

    /// Why nothing more will be in the state file, if that is so.
    pub(crate) fn failure(&self) -> Option<Arc<str>> {
        self.progress.as_ref().and_then(WriteProgress::failure)
    }

    /// Writes the cloud as it is, and closes the state file. Nothing is written any more. Says when the
    /// file does not hold what it should.
    pub(crate) fn close(&self) -> Result<(), StateError> {
        self.is_closing.store(true, Ordering::Relaxed);
        let mut kept = self.lock_at_present();
        let LockedState { simulator, recorder } = &mut *kept;
        recorder.as_mut().map_or(Ok(()), |recorder| recorder.stop(simulator))
    }

    async fn after_write(self: &Arc<Self>, outcome: Outcome, point: Option<WritePoint>) -> Outcome {
        let Some(point) = point else { return outcome };
        match point.reached().await {
            Ok(()) => outcome,
            Err(why) => {
                let unwritten =
                    move |shared: &Self| shared.lock().simulator.not_persisted(outcome, &why);
                self.run(&self.readers, unwritten).await
            }
        }
    }

    /// Reports a client whose certificate or key failed the handshake.
    pub(crate) fn reject(&self, why: &str) {
        self.observer.reject(why);
    }

    /// Shows the observer what is new in the journal, while no other request can come between.
    fn observed(
        &self,
        kept: &mut LockedState,
        take: impl FnOnce(&mut Simulator) -> Outcome,
    ) -> Outcome {
        let seen = kept.simulator.journal().last_number();
        let outcome = take(&mut kept.simulator);
        kept.simulator.journal().since(seen).for_each(|entry| self.observer.see(entry));
        outcome
    }

    /// The cloud at the clock's time. When events come due faster than they can be processed, the clock is
    /// set back to the time that was reached.
    fn lock_at_present(&self) -> StateGuard<'_> {
        let mut kept = self.lock();
        let mut slices = MAX_CATCH_UP_EVENTS / EVENTS_PER_SLICE;
        loop {
            let advance = kept.advance(self.clock.now());
            slices = slices.saturating_sub(1);
            if advance.is_complete() {
                return kept;
            }
            if slices == 0 || self.is_closing.load(Ordering::Relaxed) {
                self.clock.skip_lost_time(advance.reached);
                return kept;
            }
            kept.yield_lock();
        }
    }

    /// Ends time steps early, because the emulator shuts down.
    pub(crate) fn interrupt(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    fn lock(&self) -> StateGuard<'_> {
        StateGuard::new(self.locked.lock(), &self.vitals)
    }
}

impl LockedState {
    fn advance(&mut self, now: Instant) -> Advance {
        let advance = self.simulator.advance_by(now, EVENTS_PER_SLICE);
        let is_far_behind = |it: &Recorder| it.is_far_behind(&self.simulator);
        if self.recorder.as_ref().is_some_and(is_far_behind) {
            self.save();
        }
        advance
    }

    /// Has written what has led to the cloud as it is, if anything has changed with it.
    fn record(&mut self, input: impl FnOnce() -> Input) {
        if let Some(recorder) = &mut self.recorder
            && recorder.is_behind(&self.simulator)
        {
            recorder.record(&input(), &self.simulator);
        }
    }

    /// Has the cloud written as it is.
    fn save(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.checkpoint(&self.simulator, false);
        }
    }

    fn write_point(&self) -> Option<WritePoint> {
        self.recorder.as_ref().map(Recorder::write_point)
    }
}
