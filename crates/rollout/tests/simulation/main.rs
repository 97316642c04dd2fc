//! The simulation: thousands of rollouts on a virtual clock, with everything going wrong that can.
//!
//! A driver, the protocol's machines, a network with seeded faults, the emulator's state machine and
//! people who meddle run in one thread. A judge compares what happens with what the cloud knows to be
//! true. `cargo xtask simulate --seeds 100000` runs many; here a few run with every test.
//!
//! Faults of the network are in `network.rs`; those of instances, drivers and people are decided in
//! `scenario.rs` and happen in `run.rs`; faults that the emulator itself makes are set in
//! `World::new`.

mod judge;
mod log;
mod network;
mod run;
mod sabotage;
mod scenario;
mod world;

use std::collections::BTreeMap;

use crate::run::run;
use crate::sabotage::Sabotage;

const SEEDS: std::ops::Range<u64> = 0..200;

#[test]
fn every_promise_is_kept() {
    let mut endings: BTreeMap<String, u32> = BTreeMap::new();
    for seed in SEEDS {
        match run(seed, Sabotage::Nothing, false).outcome {
            Ok(ending) => *endings.entry(ending).or_default() += 1,
            Err(broken) => {
                let log = run(seed, Sabotage::Nothing, true).log.join("\n");
                panic!("{log}\nseed {seed}: {broken}\nreplay: cargo xtask simulate --seed {seed}");
            }
        }
    }
    for ending in ["Upgraded", "RolledBack", "CompletedBeforeRollback", "Overtaken", "Deleted"] {
        assert!(endings.contains_key(ending), "no seed ends in {ending}: {endings:?}");
    }
}
