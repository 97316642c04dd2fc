//! Runs the simulation of rollouts.

use clap::Args;

use crate::workspace::{Workspace, run_command};

/// Which seeds.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many seeds to run, on all cores.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// Run as many seeds as there is time for, instead of a number.
    #[arg(long, value_name = "TIME", conflicts_with = "seeds")]
    seconds: Option<u64>,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Run only this seed, and print its events
    #[arg(long, conflicts_with_all = ["seeds", "seconds", "from"])]
    seed: Option<u64>,
    /// Build it as tests are built: a tenth of the speed, with checked arithmetic, and ready at once where
    /// the tests have been built.
    #[arg(long)]
    debug: bool,
}

impl Options {
    /// Runs seeds from the first on, for this number of seconds, built like the tests.
    pub(crate) fn for_seconds(seconds: u64) -> Self {
        Self { seeds: 0, seconds: Some(seconds), from: 0, seed: None, debug: true }
    }
}

/// Fails if a seed breaks a promise; prints its log and the command that replays it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--locked", "--package", "azure-classic-rollout", "--bench", "simulate"]);
    if options.debug {
        cargo.args(["--profile", "dev"]);
    }
    cargo.arg("--");
    if let Some(seed) = options.seed {
        cargo.args(["--seed", &seed.to_string()]);
    } else {
        let (limit, number) = match options.seconds {
            Some(seconds) => ("--seconds", seconds),
            None => ("--seeds", options.seeds),
        };
        cargo.args([limit, &number.to_string(), "--from", &options.from.to_string()]);
    }
    run_command(&mut cargo)
}
