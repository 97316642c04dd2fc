//! How much memory a rollout holds: what is given back when it is dropped.

use std::alloc::System;
use std::time::Duration;

use azure_classic_rollout::Rollout;
use stats_alloc::{INSTRUMENTED_SYSTEM, Stats, StatsAlloc};

use crate::fleet::Fleet;
use crate::world::Shape;

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

pub(crate) fn stats() -> Stats {
    GLOBAL.stats()
}

/// In bytes, of one rollout.
pub(crate) struct Memory {
    /// Before its first step: with the plan.
    pub(crate) made: usize,
    /// While the update is being started: with plan, record and reading.
    pub(crate) starting: usize,
    /// While the domains are walked: with record and reading.
    pub(crate) walking: usize,
}

pub(crate) fn of_one(count: usize, shape: Shape) -> Memory {
    let mut fleet = Fleet::new(count, shape, 7);
    let third = count / 3;
    let made = dropped(&mut fleet.rollouts[..third]);
    fleet.run_for(Duration::from_secs(32));
    let starting = dropped(&mut fleet.rollouts[third..2 * third]);
    fleet.run_for(Duration::from_secs(6 * 60));
    let walking = dropped(&mut fleet.rollouts[2 * third..]);
    Memory { made, starting, walking }
}

/// The memory of each of these.
fn dropped(rollouts: &mut [Option<Rollout>]) -> usize {
    let count = rollouts.iter().flatten().count();
    let before = used();
    rollouts.fill_with(|| None);
    (before - used()) / count + size_of::<Rollout>()
}

fn used() -> usize {
    let stats = stats();
    stats.bytes_allocated - stats.bytes_deallocated
}
