//! The requests and their cost.

use std::fs;
use std::time::{Duration, Instant};

use azure_classic_protocol::Bytes;
use http::{Method, Request};

use crate::memory::stats;

/// Requests by their kind.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Requests {
    pub(crate) starts: u64,
    pub(crate) walks: u64,
    pub(crate) polls: u64,
    pub(crate) readings: u64,
}

impl Requests {
    /// The minimal number of requests for a driver that knows all times beforehand.
    ///
    /// One reading for the preflight, the start, and a poll that finds its operation ended, because no walk
    /// is accepted before. Then for each domain the walk, a poll that finds its operation ended, a reading
    /// with healthy instances, and another one after the settle time.
    pub(crate) fn least(domains: u64) -> Self {
        Self { starts: 1, walks: domains, polls: 1 + domains, readings: 1 + 2 * domains }
    }

    pub(crate) fn all(self) -> u64 {
        self.starts + self.walks + self.polls + self.readings
    }

    pub(crate) fn count(&mut self, request: &Request<Bytes>) {
        let is_walk = request.uri().query() == Some("comp=walkupgradedomain");
        let is_request = request.uri().path().contains("/operations/");
        *match (request.method() == Method::GET, is_walk, is_request) {
            (true, _, true) => &mut self.polls,
            (true, _, false) => &mut self.readings,
            (false, true, _) => &mut self.walks,
            (false, false, _) => &mut self.starts,
        } += 1;
    }
}

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) requests: Requests,
    /// By the wall clock.
    driver: Duration,
    emulator: Duration,
    whole: Duration,
    /// On a processor.
    on_processor: Duration,
    allocations: usize,
    bytes: usize,
}

/// The cost of one rollout.
#[derive(Debug)]
pub(crate) struct Cost {
    count: usize,
    pub(crate) driver: Duration,
    pub(crate) emulator: Duration,
    /// The number and the size of the driver's allocations.
    pub(crate) allocations: usize,
    pub(crate) bytes: usize,
}

impl Metrics {
    pub(crate) fn run(&mut self, work: impl FnOnce(&mut Self)) {
        let (walked, used) = (Instant::now(), on_processor());
        work(self);
        let elapsed = walked.elapsed();
        self.whole += elapsed;
        // Elsewhere than on Linux the wall clock must do.
        self.on_processor += match (used, on_processor()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => elapsed,
        };
    }

    pub(crate) fn driver<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let before = stats();
        let walked = Instant::now();
        let made = work();
        self.driver += walked.elapsed();
        let after = stats();
        self.allocations += after.allocations - before.allocations;
        self.bytes += after.bytes_allocated - before.bytes_allocated;
        made
    }

    pub(crate) fn emulator<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let walked = Instant::now();
        let made = work();
        self.emulator += walked.elapsed();
        made
    }

    /// The cost of one rollout among this many.
    pub(crate) fn cost(&self, count: usize) -> Cost {
        let share = |part: Duration| {
            let share = part.div_duration_f64(self.whole);
            self.on_processor.mul_f64(share / count as f64)
        };
        Cost {
            count,
            driver: share(self.driver),
            emulator: share(self.emulator),
            allocations: self.allocations / count,
            bytes: self.bytes / count,
        }
    }
}

impl Cost {
    /// In seconds: what the drivers of all of them have cost, and what the emulator has.
    pub(crate) fn in_all(&self) -> (f64, f64) {
        let all = |each: Duration| each.as_secs_f64() * self.count as f64;
        (all(self.driver), all(self.emulator))
    }
}

/// How long this thread has been on a processor.
fn on_processor() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
