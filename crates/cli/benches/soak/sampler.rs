//! Measures the daemon: memory, descriptors and threads as Linux reports them, and its files.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::admin;
use crate::daemon::Daemon;
use crate::metrics::Metrics;
use crate::verdict::Period;

/// Measures one daemon.
pub(crate) struct ResourceSampler<'d> {
    daemon: &'d Daemon,
    start: Instant,
}

/// One measurement. Values that the platform does not report are 0.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sample {
    /// Since the daemon was started.
    pub(crate) at: Duration,
    /// Resident memory, in KiB.
    pub(crate) memory: u64,
    pub(crate) descriptors: u64,
    pub(crate) threads: u64,
    pub(crate) journal_entries: u64,
    pub(crate) journal_bytes: u64,
    /// Of the state file.
    pub(crate) state_bytes: u64,
}

impl<'d> ResourceSampler<'d> {
    pub(crate) const HEADER: &'static str = " minute  RSS KiB  descriptors  threads  journal entries  journal KiB  state KiB  responses";

    pub(crate) fn new(daemon: &'d Daemon) -> Self {
        Self { daemon, start: Instant::now() }
    }

    /// # Errors
    ///
    /// When the process is gone.
    pub(crate) fn measure(&self) -> Result<Sample, String> {
        let process = format!("/proc/{}", self.daemon.id());
        let status = match fs::read_to_string(format!("{process}/status")) {
            Ok(status) => status,
            Err(_) if cfg!(not(target_os = "linux")) => String::new(),
            Err(error) => return Err(format!("the emulator has ended by itself: {error}")),
        };
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_ascii_whitespace().next());
            number.and_then(|number| number.parse().ok()).unwrap_or_default()
        };
        let descriptors = fs::read_dir(format!("{process}/fd")).map_or(0, Iterator::count);
        let (entries, bytes) = admin::journal(self.daemon).unwrap_or_default();
        let state = fs::metadata(self.daemon.state()).map_or(0, |state| state.len());
        Ok(Sample {
            at: self.start.elapsed(),
            memory: field("VmRSS:"),
            descriptors: descriptors as u64,
            threads: field("Threads:"),
            journal_entries: entries as u64,
            journal_bytes: bytes as u64,
            state_bytes: state,
        })
    }

    /// Measures once the connections are gone, or after the time that the daemon may take to close them.
    pub(crate) fn measure_when_idle(&self, period: &Period) -> Result<Sample, String> {
        const CLOSED_WITHIN: Duration = Duration::from_secs(45);
        let start = Instant::now();
        loop {
            let sample = self.measure()?;
            if period.is_at_base(&sample) || start.elapsed() > CLOSED_WITHIN {
                return Ok(sample);
            }
            thread::sleep(Duration::from_millis(500));
        }
    }
}

impl Sample {
    pub(crate) fn row(&self, at: Duration, metrics: &Metrics) -> String {
        format!(
            "{:>7.1} {:>8} {:>12} {:>8} {:>16} {:>12} {:>10} {:>10}",
            at.as_secs_f64() / 60.0,
            self.memory,
            self.descriptors,
            self.threads,
            self.journal_entries,
            self.journal_bytes / 1024,
            self.state_bytes / 1024,
            metrics.responses(),
        )
    }
}
