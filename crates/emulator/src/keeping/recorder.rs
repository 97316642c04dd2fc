//! Writes to the state file, in a thread of its own: what comes while one commit is on its way goes
//! into the next one together.

use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use tokio::sync::watch;

use super::file::{Batch, Numbered, Snapshot, StateFile};
use super::{Input, StateError};
use crate::Cloud;

/// The inputs are replaced by a snapshot when they are larger than that, and larger than the last one.
const LEAST_GROWTH: usize = 1 << 20;
/// When nothing happens, this much of the emulated time is lost at most when the process ends.
const LOST_TIME: Duration = Duration::from_secs(60);

/// The inputs are replaced by a snapshot, too, when so much has changed since the last one: whoever opens
/// the file lets it all happen again.
const MOST_CHANGES: u64 = 500_000;

#[derive(Debug)]
pub(crate) struct Recorder {
    /// `None` when closed.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    written: watch::Receiver<Written>,
    /// The number of the last thing that was sent to be written.
    last: u64,
    /// The cloud's revision, and its time, when the file was last told of them.
    revision: u64,
    at: Instant,
    /// How many bytes of inputs there are since the last snapshot.
    grown: usize,
    /// The cloud's revision at the last snapshot.
    snapshot_revision: u64,
}

enum Job {
    Input(Numbered),
    /// The simulator as it is: a copy, which is serialized on the thread that writes.
    Snapshot {
        number: u64,
        cloud: Box<Cloud>,
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
    snapshot_size: usize,
}

/// How far the file has come, without access to the recorder.
#[derive(Debug, Clone)]
pub(crate) struct Progress(watch::Receiver<Written>);

impl Progress {
    /// Why nothing more will be written, if that is so.
    pub(crate) fn failure(&self) -> Option<Arc<str>> {
        self.0.borrow().failure.clone()
    }
}

/// A point that the file will come to.
#[derive(Debug)]
pub(crate) struct Point {
    number: u64,
    written: watch::Receiver<Written>,
}

impl Point {
    /// Waits until everything up to here is on the disk; tells why it never will be.
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
    pub(crate) fn start(file: StateFile, cloud: &Cloud) -> Result<Self, StateError> {
        let snapshot = Snapshot { saved: cloud.save_compact(), is_stopped: false };
        let snapshot_size = snapshot.saved.len();
        file.write(&Batch::from(snapshot)).map_err(StateError::of)?;
        let (jobs, todo) = mpsc::channel();
        let (tell, written) = watch::channel(Written { snapshot_size, ..Written::default() });
        let thread = thread::Builder::new().name("emulator state".to_owned());
        let thread = thread.spawn(move || write(&file, &todo, &tell)).map_err(StateError::Io)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            written,
            last: 0,
            revision: cloud.revision(),
            at: cloud.now(),
            grown: 0,
            snapshot_revision: cloud.revision(),
        })
    }

    /// Whether the file has to know of what the cloud was told last.
    pub(crate) fn is_behind(&self, cloud: &Cloud) -> bool {
        cloud.revision() != self.revision || cloud.now() - self.at >= LOST_TIME
    }

    /// Whether what the file holds would take long to happen again.
    pub(crate) fn is_far_behind(&self, cloud: &Cloud) -> bool {
        cloud.revision().wrapping_sub(self.snapshot_revision) > MOST_CHANGES
    }

    /// Has the input written that has led to the cloud as it is.
    pub(crate) fn record(&mut self, input: &Input, cloud: &Cloud) {
        let body = input.body();
        let Ok(text) = serde_json::to_string(input) else {
            // It would be a mistake of ours; what came of the input can be kept all the same.
            return self.snapshot(cloud, false);
        };
        self.grown += text.len() + body.len();
        if self.grown > LEAST_GROWTH.max(self.written.borrow().snapshot_size) {
            return self.snapshot(cloud, false);
        }
        self.last += 1;
        self.told(cloud, input.at());
        self.send(Job::Input(Numbered { number: self.last, input: text, body }));
    }

    /// Has the cloud written as it is, in place of all inputs.
    pub(crate) fn snapshot(&mut self, cloud: &Cloud, is_stopped: bool) {
        self.grown = 0;
        self.snapshot_revision = cloud.revision();
        self.last += 1;
        self.told(cloud, cloud.now());
        let (number, cloud) = (self.last, Box::new(cloud.clone()));
        self.send(Job::Snapshot { number, cloud, is_stopped });
    }

    /// How far the file has come.
    pub(crate) fn progress(&self) -> Progress {
        Progress(self.written.clone())
    }

    /// Where the file will be when everything until now is written.
    pub(crate) fn point(&self) -> Point {
        Point { number: self.last, written: self.written.clone() }
    }

    /// Has the cloud written as it is, waits for that, and closes the file; or says why the file does
    /// not hold what it should.
    pub(crate) fn stop(&mut self, cloud: &Cloud) -> Result<(), StateError> {
        if self.jobs.is_some() {
            self.snapshot(cloud, true);
            self.close();
        }
        let written = self.written.borrow();
        if written.through >= self.last {
            return Ok(());
        }
        let why = written.failure.as_deref().unwrap_or("its thread has ended");
        Err(StateError::Unwritten(why.to_owned()))
    }

    fn close(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    fn told(&mut self, cloud: &Cloud, at: Instant) {
        self.revision = cloud.revision();
        self.at = self.at.max(at);
    }

    fn send(&self, job: Job) {
        // The thread ends when the jobs do, or with a panic; whoever waits for the job is told.
        let _ = self.jobs.as_ref().map(|jobs| jobs.send(job));
    }
}

/// Waits until everything is written and the file is closed.
impl Drop for Recorder {
    fn drop(&mut self) {
        self.close();
    }
}

fn write(file: &StateFile, todo: &mpsc::Receiver<Job>, tell: &watch::Sender<Written>) {
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
                Job::Snapshot { number, cloud, is_stopped } => {
                    last = number;
                    snapshot = Some((cloud, is_stopped));
                    batch = Batch::default();
                }
            }
        }
        batch.snapshot = snapshot
            .map(|(cloud, is_stopped)| Snapshot { saved: cloud.save_compact(), is_stopped });
        if let Err(why) = write_if_it_opens(file, &batch) {
            // What is missing now would be missing under everything that comes later.
            tell.send_modify(|it| it.failure = Some(why.into()));
            return;
        }
        tell.send_modify(|it| {
            it.through = last;
            if let Some(snapshot) = &batch.snapshot {
                it.snapshot_size = snapshot.saved.len();
            }
        });
    }
}

/// A state replaces the earlier one, with all that came after that, only if it can be opened: the same
/// code reads it here that will read it from the file.
fn write_if_it_opens(file: &StateFile, batch: &Batch) -> Result<(), String> {
    if let Some(snapshot) = &batch.snapshot {
        Cloud::read(&snapshot.saved).map_err(|error| error.to_string())?;
    }
    if !file.is_in_place() {
        return Err("the file was removed or replaced while the emulator ran".to_owned());
    }
    file.write(batch).map_err(|error| error.to_string())
}
