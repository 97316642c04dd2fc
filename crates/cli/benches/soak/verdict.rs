//! Whether the daemon grew without end.

use crate::metrics::Metrics;
use crate::sampler::Sample;

/// The life of one process, from start to kill or stop.
#[derive(Debug)]
pub(crate) struct Period {
    base: Sample,
    samples: Vec<Sample>,
    rest: Sample,
    /// How many changes were acknowledged before it.
    changes: u64,
}

/// More descriptors than at the start that are no leak: the file of a save in progress, a last request
/// to the admin port.
const SPARE_DESCRIPTORS: u64 = 3;

/// How much memory may grow from the second third of a period to the last, in percent and in KiB:
/// whichever is more.
const GROWTH_PERCENT: u64 = 15;
const GROWTH_KIB: u64 = 16 << 10;

/// After this many changes the emulator's log of operations forgets the oldest. Until then it may fill, and
/// the journal with it, up to the limits of both: 32 MiB and 16 MiB.
const LOGS_ARE_FULL: u64 = 10_000;
const LOGS_KIB: u64 = 48 << 10;

impl Period {
    pub(crate) fn new(base: Sample, changes: u64) -> Self {
        Self { base, samples: Vec::new(), rest: base, changes }
    }

    pub(crate) fn add(&mut self, sample: Sample) {
        self.samples.push(sample);
    }

    pub(crate) fn rest(&mut self, sample: Sample) {
        self.rest = sample;
    }

    /// Whether no descriptor is open that was not at the start.
    pub(crate) fn is_at_base(&self, sample: &Sample) -> bool {
        sample.descriptors <= self.base.descriptors + SPARE_DESCRIPTORS
    }

    /// The mean memory of the second and of the last third, in KiB; the first third is warm-up.
    fn memory(&self) -> (u64, u64) {
        let third = self.samples.len() / 3;
        let mean = |samples: &[Sample]| {
            let sum: u64 = samples.iter().map(|sample| sample.memory).sum();
            sum / (samples.len() as u64).max(1)
        };
        (mean(&self.samples[third..2 * third]), mean(&self.samples[2 * third..]))
    }

    /// Growth after the warm-up, in KiB per minute, by least squares.
    fn slope(&self) -> f64 {
        let samples = &self.samples[self.samples.len() / 3..];
        let points = samples.iter().map(|it| (it.at.as_secs_f64() / 60.0, kib(it.memory)));
        let count = kib(samples.len() as u64).max(1.0);
        let (sum_x, sum_y) =
            points.clone().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
        let (mean_x, mean_y) = (sum_x / count, sum_y / count);
        let (mut above, mut below) = (0.0, 0.0);
        for (x, y) in points {
            above += (x - mean_x) * (y - mean_y);
            below += (x - mean_x) * (x - mean_x);
        }
        if below > 0.0 { above / below } else { 0.0 }
    }

    /// In KiB.
    fn spare_memory(&self) -> u64 {
        if self.changes < LOGS_ARE_FULL { LOGS_KIB } else { GROWTH_KIB }
    }

    fn failures(&self, number: usize) -> Vec<String> {
        let (middle, last) = self.memory();
        let allowed = (middle * GROWTH_PERCENT / 100).max(self.spare_memory());
        let mut failures = Vec::new();
        if last > middle + allowed {
            failures.push(format!("period {number}: memory grew from {middle} to {last} KiB"));
        }
        if !self.is_at_base(&self.rest) {
            failures.push(format!(
                "period {number}: {} descriptors at rest, {} at the start",
                self.rest.descriptors, self.base.descriptors
            ));
        }
        failures
    }
}

#[expect(clippy::cast_precision_loss, reason = "KiB of a process and counts of samples fit")]
fn kib(number: u64) -> f64 {
    number as f64
}

/// Prints each period and fails if one of them shows a leak, or nothing was served.
pub(crate) fn verdict(periods: &[Period], metrics: &Metrics) -> Result<(), String> {
    let mut failures = Vec::new();
    for (number, period) in (1..).zip(periods) {
        let (middle, last) = period.memory();
        println!(
            "period {number}: RSS {} KiB at the start, {middle} in the middle, {last} at the end, {} at \
             rest ({:+.0} KiB per minute after warm-up); descriptors {} at the start, {} at rest",
            period.base.memory,
            period.rest.memory,
            period.slope(),
            period.base.descriptors,
            period.rest.descriptors,
        );
        failures.extend(period.failures(number));
    }
    if metrics.responses() == 0 {
        failures.push("no request had a response".to_owned());
    }
    match failures.as_slice() {
        [] => {
            println!("soak: passed, {} periods, {} responses", periods.len(), metrics.responses());
            Ok(())
        }
        failures => Err(failures.join("; ")),
    }
}
