//! A soak test: an emulator under mixed, faulty and hostile traffic, killed and started again, and
//! watched for growth. `cargo xtask soak --minutes 30`.

mod admin;
mod daemon;
mod hostile;
mod metrics;
mod sampler;
mod service;
mod traffic;
mod verdict;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;

use self::daemon::Daemon;
use self::hostile::HostileClients;
use self::metrics::Metrics;
use self::sampler::ResourceSampler;
use self::traffic::Traffic;
use self::verdict::{Period, verdict};

/// Drives an emulator under load and prints what it costs over time.
#[derive(Debug, Parser)]
struct Options {
    /// How long, in minutes; fractions are allowed.
    #[arg(long, value_name = "N", default_value_t = 30.0)]
    minutes: f64,
    /// Kill the daemon with SIGKILL after each N minutes, and start it again from its state file; 0 for
    /// never. Default: three times in all.
    #[arg(long, value_name = "N")]
    kill_every: Option<f64>,
    /// How many clients send valid requests.
    #[arg(long, value_name = "N", default_value_t = 4)]
    clients: u64,
    /// The options that cargo adds for benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

/// How often the daemon is measured.
const SAMPLE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let options = Options::parse();
    match soak(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failures) => {
            eprintln!("soak: FAILED: {failures}");
            ExitCode::FAILURE
        }
    }
}

/// Runs until the time is over or an invariant is broken; every process and thread that it started has
/// ended when it returns.
fn soak(options: &Options) -> Result<(), String> {
    let total = minutes(options.minutes);
    let period = match options.kill_every {
        None => total / 4,
        Some(0.0) => total,
        Some(every) => minutes(every),
    };
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let metrics = Arc::new(Metrics::default());
    let mut traffic = Traffic::new(options.clients, &metrics);
    let mut periods = Vec::new();
    let start = Instant::now();
    println!("{}", ResourceSampler::HEADER);
    while start.elapsed() + Duration::from_secs(1) < total {
        let end = (start.elapsed() + period).min(total);
        let is_last = total.saturating_sub(end) < Duration::from_secs(1);
        let daemon = Daemon::start(folder.path())?;
        traffic.check(&daemon)?;
        periods.push(run_period(&daemon, &mut traffic, &metrics, start, end)?);
        if is_last {
            daemon.stop()?;
        } else {
            daemon.kill()?;
        }
    }
    let daemon = Daemon::start(folder.path())?;
    traffic.check(&daemon)?;
    daemon.stop()?;
    println!("{}", metrics.summary());
    verdict(&periods, &metrics)
}

fn minutes(number: f64) -> Duration {
    Duration::try_from_secs_f64(number * 60.0).unwrap_or(Duration::from_secs(30 * 60))
}

/// Lets everything loose on one daemon until this much time has passed since the start, and measures it.
fn run_period(
    daemon: &Daemon,
    traffic: &mut Traffic,
    metrics: &Arc<Metrics>,
    start: Instant,
    end: Duration,
) -> Result<Period, String> {
    let meter = ResourceSampler::new(daemon);
    let mut period = Period::new(meter.measure()?, metrics.changes());
    admin::set_faults(daemon)?;
    let stop = Arc::new(AtomicBool::new(false));
    let hostile = HostileClients::start(daemon, &stop, metrics);
    traffic.start(daemon, &stop);
    let mut printed = start.elapsed();
    let mut failure = None;
    while start.elapsed() < end && failure.is_none() {
        thread::sleep(SAMPLE.min(end.saturating_sub(start.elapsed())));
        failure = admin::check_health(daemon, metrics).err();
        match meter.measure() {
            Ok(sample) => {
                if start.elapsed() >= printed + Duration::from_secs(60) || start.elapsed() >= end {
                    println!("{}", sample.row(start.elapsed(), metrics));
                    printed = start.elapsed();
                }
                period.add(sample);
            }
            Err(error) => failure = failure.or(Some(error)),
        }
        failure = failure.or_else(|| metrics.failure());
    }
    stop.store(true, Ordering::Relaxed);
    traffic.finish();
    hostile.finish();
    if let Some(failure) = failure {
        return Err(failure);
    }
    period.rest(meter.measure_when_idle(&period)?);
    Ok(period)
}
