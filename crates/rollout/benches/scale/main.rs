//! Ten thousand rollouts at once in one process: `cargo bench -p azure-classic-rollout --bench scale`.
//!
//! Each rollout drives its own deployment in a simulator, on a virtual clock. A heap of times selects the
//! next one, as in an application that drives many machines from few threads. The cost of the drivers is
//! separated from that of the simulator: each call of either is timed, and the CPU time of the thread is
//! divided by these shares. For one part: `-- requests`, `growth`, `threads` or `instances`.
#![expect(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a benchmark reads the clock, uses every core, and prints figures for people"
)]

mod fleet;
mod memory;
mod metrics;
mod world;

use std::time::{Duration, Instant};
use std::{env, thread};

use azure_classic_protocol::machine::Poll;

use crate::fleet::Fleet;
use crate::metrics::{Cost, Requests};
use crate::world::Shape;

/// The most that are driven at once.
const MOST: usize = 10_000;

/// A part of the benchmark, by its name.
type Part = (&'static str, fn(Shape));

fn main() {
    let shape = Shape::default();
    println!(
        "Each rollout: {} instances in {} upgrade domains, walked and healthy for the settle time.",
        shape.instances(),
        shape.domains
    );
    let parts: [Part; 4] = [
        ("requests", requests),
        ("growth", growth),
        ("threads", two_threads),
        ("instances", larger_deployments),
    ];
    let wanted: Vec<String> = env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    for (name, part) in parts {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            part(shape);
        }
    }
}

/// How many requests a rollout needs, by kind, and by how often it reads.
fn requests(shape: Shape) {
    println!(
        "\nrequests of one rollout   start  walks  operation status  deployment     all   minutes"
    );
    let row = |name: &str, requests: Requests, count: f64, minutes: &str| {
        let Requests { starts, walks, polls, readings } = requests;
        let [starts, walks, polls, readings, all] =
            [starts, walks, polls, readings, requests.all()].map(|sent| sent as f64 / count);
        println!(
            "  {name:<24}{starts:>5.1}{walks:>7.1}{polls:>18.1}{readings:>12.1}{all:>8.1}{minutes:>10}"
        );
    };
    row("the smallest number", Requests::least(u64::from(shape.domains)), 1.0, "");
    let each = |first: u64, most: u64| Poll {
        first_delay: Duration::from_secs(first),
        max_delay: Duration::from_secs(most),
        ..Poll::default()
    };
    for (name, poll) in [
        ("pauses of 2 to 30 s", Poll::default()),
        ("pauses of 2 to 15 s", each(2, 15)),
        ("pauses of 2 s", each(2, 2)),
        ("pauses of 30 s", each(30, 30)),
        ("pauses of 60 s", each(60, 60)),
    ] {
        let mut fleet = Fleet::polling(200, shape, 0, &poll);
        fleet.run();
        let minutes = format!("{:.1}", minutes(fleet.mean()));
        row(name, fleet.metrics.requests, 200.0, &minutes);
    }
}

/// The cost of a rollout when many are driven at once.
fn growth(shape: Shape) {
    println!(
        "\n          memory of one, KiB           driver, CPU ms       emulator, CPU ms   driver,"
    );
    println!(
        "at once   made  starting  walking   median   fastest         median        allocations"
    );
    for count in [10, 100, 1000, MOST] {
        let memory = memory::of_one(count, shape);
        let rounds = (2000 / count).clamp(1, 40);
        let mut costs: Vec<Cost> = (0..rounds)
            .map(|seed| {
                let mut fleet = Fleet::new(count, shape, seed as u64);
                fleet.run();
                fleet.metrics.cost(count)
            })
            .collect();
        costs.sort_by_key(|cost| cost.driver);
        let middle = &costs[costs.len() / 2];
        println!(
            "{count:>7}{:>7.1}{:>10.1}{:>9.1}{:>9.2}{:>10.2}{:>15.2}{:>19}",
            kib(memory.made),
            kib(memory.starting),
            kib(memory.walking),
            millis(middle.driver),
            millis(costs[0].driver),
            millis(middle.emulator),
            middle.allocations,
        );
    }
}

/// Two threads with a heap each share the rollouts.
fn two_threads(shape: Shape) {
    let fleets: Vec<Fleet> = (0..2).map(|seed| Fleet::new(MOST / 2, shape, 1000 + seed)).collect();
    let walked = Instant::now();
    let fleets: Vec<Fleet> = thread::scope(|scope| {
        let run = |mut fleet: Fleet| {
            scope.spawn(move || {
                fleet.run();
                fleet
            })
        };
        let threads: Vec<_> = fleets.into_iter().map(run).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let wall = walked.elapsed();
    let ended: usize = fleets.iter().map(|fleet| fleet.upgraded).sum();
    let longest = fleets.iter().map(Fleet::elapsed).max().unwrap_or_default();
    let (mut drivers, mut emulators) = (0.0, 0.0);
    for fleet in &fleets {
        let (driver, emulator) = fleet.metrics.cost(MOST / 2).in_all();
        drivers += driver;
        emulators += emulator;
    }
    println!("\n{ended} rollouts on two threads, each with a heap of its own:");
    println!(
        "  {:.1} s of the wall clock for {:.1} min of theirs",
        wall.as_secs_f64(),
        minutes(longest)
    );
    println!(
        "  CPU: drivers {drivers:.1} s, emulators {emulators:.1} s; in their own time the drivers take \
         {:.1} % of one core",
        100.0 * drivers / longest.as_secs_f64()
    );
}

/// The cost of larger deployments.
fn larger_deployments(shape: Shape) {
    println!("\n            memory of one, KiB           driver,       driver, MiB");
    println!("instances   made  starting  walking    CPU ms  allocated in all   (20 at once)");
    for each in [5, 50, 500] {
        let shape = Shape { each, ..shape };
        let memory = memory::of_one(20, shape);
        let mut fleet = Fleet::new(20, shape, 0);
        fleet.run();
        let cost = fleet.metrics.cost(20);
        println!(
            "{:>9}{:>7.1}{:>10.1}{:>9.1}{:>10.2}{:>14.1}",
            shape.instances(),
            kib(memory.made),
            kib(memory.starting),
            kib(memory.walking),
            millis(cost.driver),
            cost.bytes as f64 / 1024.0 / 1024.0
        );
    }
}

fn kib(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn minutes(time: Duration) -> f64 {
    time.as_secs_f64() / 60.0
}
