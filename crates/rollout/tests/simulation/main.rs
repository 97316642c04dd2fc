//! The simulation: thousands of rollouts on a virtual clock, with all kinds of injected failures.
//!
//! Drivers, the protocol's machines, a network with seeded faults, the emulator's state machine and
//! operators who meddle run in one thread. A judge compares what happens with what the cloud knows to be
//! true. `cargo xtask simulate --seeds 100000` runs many; here a few run with every test.
//!
//! Faults of the network are in `network.rs`; those of instances, drivers and operators are decided in
//! `scenario.rs` and happen in `run/`; faults that the emulator itself makes are set in
//! `World::new`, and what they excuse is said in `judge.rs`.

mod judge;
mod lie;
mod log;
mod mutations;
mod network;
mod run;
mod scenario;
mod world;

use std::collections::BTreeMap;

use crate::mutations::Mutation;
use crate::run::run;

const SEEDS: u64 = 200;

#[test]
fn every_promise_is_kept() {
    let mut endings: BTreeMap<String, u32> = BTreeMap::new();
    let mut requests = 0;
    for seed in 0..SEEDS {
        let report = run(seed, Mutation::Nothing, false);
        requests += u64::from(report.requests);
        match report.outcome {
            Ok(ending) => *endings.entry(ending).or_default() += 1,
            Err(broken) => {
                let log = run(seed, Mutation::Nothing, true).log.join("\n");
                panic!("{log}\nseed {seed}: {broken}\nreplay: cargo xtask simulate --seed {seed}");
            }
        }
    }
    // Or nothing was tried.
    for ending in ["Upgraded", "RolledBack", "CompletedBeforeRollback", "ExternalChange", "Deleted"]
    {
        assert!(endings.contains_key(ending), "no seed ends in {ending}: {endings:?}");
    }
    assert!(requests / SEEDS < 100, "{requests} requests are too many");
}

#[test]
fn a_seed_decides_everything() {
    let reported = || run(7, Mutation::Nothing, true).log;
    assert_eq!(reported(), reported());
}

/// The judge must be able to see what is wrong, or it proves nothing.
#[test]
fn every_mutation_is_detected() {
    for (mutation, expected) in [
        (Mutation::SkipGate, "has not been healthy for the settle time"),
        (Mutation::SwapOrder, "the walk of domain 1 is refused with 400"),
        (Mutation::RepeatStart, "2 starts of the driver's took effect"),
        (Mutation::KeepNoIntent, "the record that was kept does not say so"),
    ] {
        let broken = (0..2000).find_map(|seed| run(seed, mutation, false).outcome.err());
        let broken = broken.unwrap_or_default();
        assert!(broken.contains(expected), "{mutation:?}: {broken:?}");
    }
}
