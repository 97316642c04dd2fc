//! Runs many seeds of the simulation, or prints one in full: `cargo xtask simulate --help`.

#![expect(
    clippy::disallowed_methods,
    reason = "a program: it reads its arguments, measures time and uses every core"
)]

mod judge;
mod lie;
mod log;
mod mutations;
mod network;
mod run;
mod scenario;
mod world;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::mutations::Mutation;
use crate::run::{Report, run};

fn main() -> ExitCode {
    match Task::read(env::args().skip(1)) {
        Ok(Task::ReportMode(seed)) => report_mode(seed),
        Ok(Task::Run { from, limit }) => run_all(from, limit),
        Err(wrong) => {
            let wanted = "--seeds COUNT or --seconds TIME, and --from SEED; or --seed SEED";
            eprintln!("error: {wrong}; give {wanted}");
            ExitCode::FAILURE
        }
    }
}

enum Task {
    /// One seed, with its log.
    ReportMode(u64),
    Run {
        from: u64,
        limit: Limit,
    },
}

#[derive(Clone, Copy)]
enum Limit {
    Seeds(u64),
    Time(Duration),
}

impl Task {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut from, mut limit) = (0, Limit::Seeds(1000));
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let value = arguments.next().unwrap_or_default();
                value.parse().map_err(|_| format!("{argument} wants a number, not {value:?}"))
            };
            match argument.as_str() {
                "--seed" => return Ok(Self::ReportMode(number()?)),
                "--seeds" => limit = Limit::Seeds(number()?),
                "--seconds" => limit = Limit::Time(Duration::from_secs(number()?)),
                "--from" => from = number()?,
                // The options that cargo passes to every benchmark.
                "--bench" => {}
                _ => return Err(format!("{argument:?} is not known")),
            }
        }
        Ok(Self::Run { from, limit })
    }
}

fn report_mode(seed: u64) -> ExitCode {
    let report = run(seed, Mutation::Nothing, true);
    for line in &report.log {
        println!("{line}");
    }
    match report.outcome {
        Ok(ending) => {
            println!("seed {seed}: {ending}, after {} requests", report.requests);
            ExitCode::SUCCESS
        }
        Err(broken) => {
            println!("seed {seed}: {broken}");
            ExitCode::FAILURE
        }
    }
}

/// The result of many seeds.
#[derive(Default)]
struct Tally {
    endings: BTreeMap<String, u64>,
    requests: u64,
    seeds: u64,
    broken: Option<(u64, String)>,
}

impl Tally {
    fn add(&mut self, seed: u64, report: Report) {
        self.seeds += 1;
        self.requests += u64::from(report.requests);
        match report.outcome {
            Ok(ending) => *self.endings.entry(ending).or_default() += 1,
            Err(broken) => self.broken = Some((seed, broken)),
        }
    }

    fn join(mut self, other: Self) -> Self {
        for (ending, count) in other.endings {
            *self.endings.entry(ending).or_default() += count;
        }
        self.requests += other.requests;
        self.seeds += other.seeds;
        self.broken = self.broken.or(other.broken);
        self
    }
}

fn run_all(from: u64, limit: Limit) -> ExitCode {
    let walked = Instant::now();
    let (next, is_broken) = (AtomicU64::new(from), AtomicBool::new(false));
    let is_enough = |seed: u64| match limit {
        Limit::Seeds(count) => seed - from >= count,
        Limit::Time(time) => walked.elapsed() >= time,
    };
    let work = || {
        let mut tally = Tally::default();
        while !is_broken.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if is_enough(seed) {
                break;
            }
            tally.add(seed, run(seed, Mutation::Nothing, false));
            if tally.broken.is_some() {
                is_broken.store(true, Ordering::Relaxed);
            }
        }
        tally
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let tally = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().filter_map(|thread| thread.join().ok());
        done.fold(Tally::default(), Tally::join)
    });

    let seconds = walked.elapsed().as_secs_f64();
    for (ending, count) in &tally.endings {
        println!("{count:>9}  {ending}");
    }
    #[expect(clippy::cast_precision_loss, reason = "it is for operators")]
    let rate = tally.seeds as f64 / seconds;
    println!(
        "{} seeds from {from} on in {seconds:.1} s: {rate:.0} seeds/s on {threads} threads, {} requests",
        tally.seeds, tally.requests
    );
    match tally.broken {
        None => ExitCode::SUCCESS,
        Some((seed, broken)) => {
            for line in run(seed, Mutation::Nothing, true).log {
                println!("{line}");
            }
            println!("\nseed {seed}: {broken}\nreplay: cargo xtask simulate --seed {seed}");
            ExitCode::FAILURE
        }
    }
}
