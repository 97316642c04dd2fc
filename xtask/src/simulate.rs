//! Runs the simulation of rollouts in release.

use clap::Args;

use crate::workspace::{Workspace, pass};

/// Which seeds.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many seeds to run, on all cores.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Run this seed alone, and tell what happens.
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
}

/// Fails if a seed breaks a promise; prints its log and the command that replays it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--locked", "--package", "azure-classic-rollout", "--bench", "simulate"]);
    cargo.arg("--");
    if let Some(seed) = options.seed {
        cargo.args(["--seed", &seed.to_string()]);
    } else {
        cargo.args(["--seeds", &options.seeds.to_string(), "--from", &options.from.to_string()]);
    }
    pass(&mut cargo)
}
