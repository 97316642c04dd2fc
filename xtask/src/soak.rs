//! Runs the soak test of the program.

use clap::Args;

use crate::workspace::{Workspace, run_command};

/// How long, and with which program.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long, in minutes; fractions are allowed.
    #[arg(long, value_name = "N", default_value_t = 30.0)]
    minutes: f64,
    /// Kill the daemon after each N minutes and start it again from its state file; 0 for never.
    /// Default: three times in all.
    #[arg(long, value_name = "N")]
    kill_every: Option<f64>,
    /// Build the program as tests are built: slower, with checked arithmetic, and ready at once where
    /// the tests have been built.
    #[arg(long)]
    debug: bool,
}

/// Fails if an invariant is broken or the daemon grows without end.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--locked", "--package", "azure-classic-cli", "--bench", "soak"]);
    if options.debug {
        cargo.args(["--profile", "dev"]);
    }
    cargo.args(["--", "--minutes", &options.minutes.to_string()]);
    if let Some(every) = options.kill_every {
        cargo.args(["--kill-every", &every.to_string()]);
    }
    run_command(&mut cargo)
}
