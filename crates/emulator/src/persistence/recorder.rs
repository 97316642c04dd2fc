//! Writes to the state file in a separate thread: inputs that arrive during one commit go into the next one
//! together.

use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use tokio::sync::watch;

use super::file::{Batch, Checkpoint, NumberedInput, StateFile};
use super::{Input, StateError};
use crate::Simulator;

/// The inputs are replaced by a snapshot when they are larger than that, and larger than the last one.
const MIN_GROWTH: usize = 1 << 20;
/// When nothing happens, this much of the emulated time is lost at most when the process ends.
const MAX_LOST_TIME: Duration = Duration::from_secs(60);

/// A checkpoint also replaces the inputs after this many changes, because opening the file replays them all.
const MAX_CHANGES: u64 = 500_000;

#[derive(Debug)]
pub(crate) struct Recorder {
    /// `None` when closed.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    written: watch::Receiver<Written>,
    /// The number of the last thing that was sent to be written.
    last: u64,
    /// The revision and the time of the simulator at the last write.
    revision: u64,
    at: Instant,
    /// How many bytes of inputs there are since the last snapshot.
    growth: usize,
    /// The cloud's revision at the last snapshot.
    checkpoint_revision: u64,
}

enum Job {
    Input(NumberedInput),
    /// The simulator as it is: a copy, which is serialized on the thread that writes.
    Checkpoint {
        number: u64,
        simulator: Box<Simulator>,
        is_stopped: bool,
    },
}

/// How far the file has come.
#[derive(Debug, Clone, Default)]
struct Written {
    /// Everything up to this number is on the disk.
    through: u64,
    /// Nothing more will be written.
    failure: Option<Arc<str>>,
    /// How many bytes the last snapshot has.
    checkpoint_size: usize,
}

/// How far the file has come, without access to the recorder.
#[derive(Debug, Clone)]
pub(crate) struct WriteProgress(watch::Receiver<Written>);

impl WriteProgress {
    /// Why nothing more will be written, if that is so.
    pub(crate) fn failure(&self) -> Option<Arc<str>> {
        self.0.borrow().failure.clone()
    }
}

/// A point that the file will come to.
#[derive(Debug)]
pub(crate) struct WritePoint {
    number: u64,
    written: watch::Receiver<Written>,
}

impl WritePoint {
    /// Waits until everything up to here is on the disk; returns the reason if it never will be.
    pub(crate) async fn reached(mut self) -> Result<(), Arc<str>> {
        let settled = |it: &Written| it.through >= self.number || it.failure.is_some();
        match self.written.wait_for(settled).await {
            Ok(it) if it.through >= self.number => Ok(()),
            Ok(it) => Err(it.failure.clone().unwrap_or_default()),
            Err(_) => Err("the emulator stops".into()),
        }
    }
}

impl Recorder {
    /// Starts with the cloud as it is, which is on the disk then.
    pub(crate) fn start(file: StateFile, simulator: &Simulator) -> Result<Self, StateError> {
        let snapshot = Checkpoint { saved: simulator.save_compact(), is_stopped: false };
        let snapshot_size = snapshot.saved.len();
        file.write(&Batch::from(snapshot)).map_err(StateError::of)?;
        let (jobs, todo) = mpsc::channel();
        let (report, written) =
            watch::channel(Written { checkpoint_size: snapshot_size, ..Written::default() });
        let thread = thread::Builder::new().name("emulator state".to_owned());
        let thread = thread.spawn(move || write(&file, &todo, &report)).map_err(StateError::Io)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            written,
            last: 0,
            revision: simulator.revision(),
            at: simulator.now(),
            growth: 0,
            checkpoint_revision: simulator.revision(),
        })
    }

    /// Whether the file lacks the last input of the simulator.
    pub(crate) fn is_behind(&self, simulator: &Simulator) -> bool {
        simulator.revision() != self.revision || simulator.now() - self.at >= MAX_LOST_TIME
    }

    /// Whether what the file holds would take long to happen again.
    pub(crate) fn is_far_behind(&self, simulator: &Simulator) -> bool {
        simulator.revision().wrapping_sub(self.checkpoint_revision) > MAX_CHANGES
    }

    /// Has the input written that has led to the cloud as it is.
    pub(crate) fn record(&mut self, input: &Input, simulator: &Simulator) {
        let body = input.body();
        let Ok(text) = serde_json::to_string(input) else {
            // It would be a mistake of ours; what came of the input can be kept all the same.
            return self.checkpoint(simulator, false);
        };
        self.growth += text.len() + body.len();
        if self.growth > MIN_GROWTH.max(self.written.borrow().checkpoint_size) {
            return self.checkpoint(simulator, false);
        }
        self.last += 1;
        self.update_position(simulator, input.at());
        self.send(Job::Input(NumberedInput { number: self.last, input: text, body }));
    }

    /// Has the cloud written as it is, in place of all inputs.
    pub(crate) fn checkpoint(&mut self, simulator: &Simulator, is_stopped: bool) {
        self.growth = 0;
        self.checkpoint_revision = simulator.revision();
        self.last += 1;
        self.update_position(simulator, simulator.now());
        let (number, simulator) = (self.last, Box::new(simulator.clone()));
        self.send(Job::Checkpoint { number, simulator, is_stopped });
    }

    /// How far the file has come.
    pub(crate) fn progress(&self) -> WriteProgress {
        WriteProgress(self.written.clone())
    }

    /// Where the file will be when everything until now is written.
    pub(crate) fn write_point(&self) -> WritePoint {
        WritePoint { number: self.last, written: self.written.clone() }
    }

    /// Has the cloud written as it is, waits for that, and closes the file; or says why the file does
    /// not hold what it should.
    pub(crate) fn stop(&mut self, simulator: &Simulator) -> Result<(), StateError> {
        if self.jobs.is_some() {
            self.checkpoint(simulator, true);
            self.close();
        }
        let written = self.written.borrow();
        if written.through >= self.last {
            return Ok(());
        }
        let why = written.failure.as_deref().unwrap_or("its thread has ended");
        Err(StateError::NotWritten(why.to_owned()))
    }

    fn close(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    fn update_position(&mut self, simulator: &Simulator, at: Instant) {
        self.revision = simulator.revision();
        self.at = self.at.max(at);
    }

    fn send(&self, job: Job) {
        // The thread ends with its jobs, or with a panic; waiting callers are notified in both cases.
        let _ = self.jobs.as_ref().map(|jobs| jobs.send(job));
    }
}

/// Waits until everything is written and the file is closed.
impl Drop for Recorder {
    fn drop(&mut self) {
        self.close();
    }
}

fn write(file: &StateFile, todo: &mpsc::Receiver<Job>, progress: &watch::Sender<Written>) {
    while let Ok(first) = todo.recv() {
        let mut batch = Batch::default();
        // Only the last one is worth serializing.
        let mut snapshot = None;
        let mut last = 0;
        for job in std::iter::once(first).chain(todo.try_iter()) {
            match job {
                Job::Input(input) => {
                    last = input.number;
                    batch.inputs.push(input);
                }
                Job::Checkpoint { number, simulator, is_stopped } => {
                    last = number;
                    snapshot = Some((simulator, is_stopped));
                    batch = Batch::default();
                }
            }
        }
        batch.checkpoint = snapshot.map(|(simulator, is_stopped)| Checkpoint {
            saved: simulator.save_compact(),
            is_stopped,
        });
        if let Err(why) = write_verified(file, &batch) {
            // A missing input would invalidate all later ones.
            progress.send_modify(|it| it.failure = Some(why.into()));
            return;
        }
        progress.send_modify(|it| {
            it.through = last;
            if let Some(snapshot) = &batch.checkpoint {
                it.checkpoint_size = snapshot.saved.len();
            }
        });
    }
}

/// A state replaces the earlier one, with all that came after that, only if it can be opened: the same
/// code reads it here that will read it from the file.
fn write_verified(file: &StateFile, batch: &Batch) -> Result<(), String> {
    if let Some(snapshot) = &batch.checkpoint {
        Simulator::read(&snapshot.saved).map_err(|error| error.to_string())?;
    }
    if !file.is_in_place() {
        return Err("the file was removed or replaced while the emulator ran".to_owned());
    }
    file.write(batch).map_err(|error| error.to_string())
}
