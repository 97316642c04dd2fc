//! Ten thousand rollouts at once in one process: `cargo bench -p azure-classic-rollout --bench scale`.
//!
//! Each drives a deployment of its own in one emulated cloud, on a virtual clock. A heap of moments says
//! whose turn it is, as in an application that drives many machines from few threads. What the drivers
//! cost is told apart from what the emulator costs: each call of either is timed, and the time that the
//! thread was on a processor is divided by these shares.
#![expect(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a benchmark reads the clock, uses every core, and prints figures for people"
)]

mod fleet;
mod memory;
mod meter;
mod world;

use std::thread;
use std::time::{Duration, Instant};

use crate::fleet::Fleet;
use crate::meter::{Cost, Requests};
use crate::world::Shape;

/// The most that are driven at once.
const MOST: usize = 10_000;

fn main() {
    let shape = Shape::default();
    println!(
        "Each rollout: {} instances in {} upgrade domains, walked and healthy for the settle time.",
        shape.instances(),
        shape.domains
    );
    requests(shape);
    growth(shape);
    two_threads(shape);
    larger_deployments();
}

/// How many requests a rollout needs, by kind.
fn requests(shape: Shape) {
    let mut fleet = Fleet::new(1000, shape, 0);
    fleet.run();
    let Requests { starts, walks, questions, readings } = fleet.meter.requests;
    let each = |count: u64| count as f64 / 1000.0;
    println!("\nrequests per rollout             sent   smallest number");
    let least = Requests::least(u64::from(shape.domains));
    let row = |name: &str, sent: u64, least: u64| {
        println!("  {name:<28}{:>8.1}{least:>10}", each(sent));
    };
    row("start", starts, least.starts);
    row("walks", walks, least.walks);
    row("Get Operation Status", questions, least.questions);
    row("Get Deployment", readings, least.readings);
    row("all", fleet.meter.requests.all(), least.all());
    println!("  a rollout takes {:.1} min", fleet.elapsed().as_secs_f64() / 60.0);
}

/// What a rollout costs when so many are driven at once.
fn growth(shape: Shape) {
    println!(
        "\nat once   memory of one: made   starting    walking   driver's CPU   allocations   emulator's CPU"
    );
    for count in [10, 100, 1000, MOST] {
        let memory = memory::of_one(count, shape);
        let rounds = (2000 / count).clamp(1, 40);
        let mut costs: Vec<Cost> = (0..rounds)
            .map(|seed| {
                let mut fleet = Fleet::new(count, shape, seed as u64);
                fleet.run();
                fleet.meter.cost(count)
            })
            .collect();
        costs.sort_by_key(|cost| cost.driver);
        let middle = &costs[costs.len() / 2];
        println!(
            "{count:>7}{:>17.1} KiB{:>7.1} KiB{:>7.1} KiB{:>12.2} ms{:>14}{:>14.2} ms   (driver {:.2} to {:.2} ms)",
            kib(memory.made),
            kib(memory.starting),
            kib(memory.walking),
            millis(middle.driver),
            middle.allocations,
            millis(middle.emulator),
            millis(costs[0].driver),
            millis(costs[costs.len() - 1].driver),
        );
    }
}

/// Two threads with a heap each share the rollouts.
fn two_threads(shape: Shape) {
    let fleets: Vec<Fleet> = (0..2).map(|seed| Fleet::new(MOST / 2, shape, 1000 + seed)).collect();
    let begun = Instant::now();
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
    let wall = begun.elapsed();
    let ended: usize = fleets.iter().map(|fleet| fleet.upgraded).sum();
    let longest = fleets.iter().map(Fleet::elapsed).max().unwrap_or_default();
    let costs: Vec<Cost> = fleets.iter().map(|fleet| fleet.meter.cost(MOST / 2)).collect();
    let driver: Duration = costs.iter().map(|cost| cost.driver * (MOST as u32 / 2)).sum();
    let emulator: Duration = costs.iter().map(|cost| cost.emulator * (MOST as u32 / 2)).sum();
    println!("\n{ended} rollouts on two threads, each with a heap and a cloud of its own:");
    println!(
        "  {:.1} s of the wall clock for {:.1} min of theirs",
        wall.as_secs_f64(),
        minutes(longest)
    );
    println!(
        "  CPU: drivers {:.1} s, emulators {:.1} s; at the pace of the service the drivers take {:.2} % of one core",
        driver.as_secs_f64(),
        emulator.as_secs_f64(),
        100.0 * driver.as_secs_f64() / longest.as_secs_f64()
    );
}

/// What larger deployments cost.
fn larger_deployments() {
    println!(
        "\ninstances   memory: made   starting    walking   driver's CPU   bytes allocated   (20 at once)"
    );
    for each in [5, 50, 500] {
        let shape = Shape { each, ..Shape::default() };
        let memory = memory::of_one(20, shape);
        let mut fleet = Fleet::new(20, shape, 0);
        fleet.run();
        let cost = fleet.meter.cost(20);
        println!(
            "{:>9}{:>11.1} KiB{:>7.1} KiB{:>7.1} KiB{:>12.2} ms{:>14.1} MiB",
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
