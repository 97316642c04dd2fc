//! The command line of `azure-classic rollout`.

use std::path::PathBuf;
use std::time::Duration;

use azure_classic::RollbackMode;
use azure_classic::rollout::{Health, OnFailure, Policy};
use clap::{Args, Subcommand, ValueEnum};

use super::{DeploymentArgs, Format, parse_interval, parse_timeout};
use crate::report::ReportArgs;

const ROLLOUT_HELP: &str = "\
A rollout starts an update in manual mode, walks its upgrade domains in order, waits until each is healthy,
and rolls back if one is not. With its record file it resumes after Ctrl-C, after a crash, or on another
machine. The record contains the old and the new service configuration: protect it like these. Beside it are
FILE.events.jsonl, with all events, and FILE.lock, which lets only one process drive.

The command of --probe has AZURE_CLASSIC_INSTANCE, AZURE_CLASSIC_INSTANCE_ROLE and
AZURE_CLASSIC_INSTANCE_ADDRESS in its environment. It runs for each instance of the upgrade domains that wait
at a gate, also during a rollback.

promote, pause, resume and abort reach the process that drives. If there is none, promote, resume and abort
drive the rollout themselves.

Exit codes:
  0  upgraded; for a command to the driving process: taken
  1  rejected or failed, and the deployment is unchanged
  2  the command line, or a file that it names, cannot be used; nothing was sent
  3  timed out: a rollback, which `resume` continues, or `watch`, which changes nothing
  4  rolled back: the old version runs again
  5  an operator must decide: paused after a failure, stopped before the end, or another operator's
     update is in progress
  130  ended by Ctrl-C, SIGTERM or SIGHUP; this rolls nothing back";

#[derive(Debug, Args)]
#[command(after_help = ROLLOUT_HELP)]
pub(crate) struct RolloutArgs {
    #[command(subcommand)]
    pub(crate) command: RolloutCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RolloutCommand {
    /// Check the plan, start the update, and walk it to its end
    Start(Box<StartArgs>),
    /// Show the state of a rollout once
    Status(StatusArgs),
    /// Watch a rollout that another process drives
    Watch(WatchArgs),
    /// Open the present gate regardless of health, and continue
    Promote(SignalArgs),
    /// Pause until `resume`, `promote` or `abort`
    Pause(RecordArgs),
    /// Continue after a pause, Ctrl-C or a crash
    Resume(SignalArgs),
    /// Roll back now
    Abort(SignalArgs),
    /// Take over a manual update that another operator started, and walk it to its end
    Adopt(Box<AdoptArgs>),
    /// Return to the old version: abort before the end, or start a new rollout after it
    Revert(Box<RevertArgs>),
    /// Report a rollout as text, as a picture, or as JSON
    Report(ReportArgs),
}

#[derive(Debug, Args)]
#[command(after_help = ROLLOUT_HELP)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    /// The complete service configuration (.cscfg); without --package, for the package that runs
    #[arg(long, value_name = "FILE")]
    pub(crate) configuration: PathBuf,
    /// The address of the new package
    #[arg(long, value_name = "URL", requires = "label")]
    pub(crate) package: Option<String>,
    /// A new, unique label, which identifies the update
    #[arg(long, value_name = "TEXT", requires = "package")]
    pub(crate) label: Option<String>,
    /// Upgrade only this role
    #[arg(long, value_name = "NAME", requires = "package")]
    pub(crate) role: Option<String>,
    /// Start despite warnings of the preflight
    #[arg(long)]
    pub(crate) accept_warnings: bool,
    /// Change nothing: print the preflight's issues and each request exactly as it would be sent
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) new: NewRecordArgs,
    #[command(flatten)]
    pub(crate) drive: DriveArgs,
}

#[derive(Debug, Args)]
#[command(after_help = ROLLOUT_HELP)]
pub(crate) struct AdoptArgs {
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) new: NewRecordArgs,
    #[command(flatten)]
    pub(crate) drive: DriveArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Label and configuration come from the record. The service does not report the old package, so give its
address, unless the rollout changed only the configuration. The new rollout has its own record, FILE with
-revert in its name.")]
pub(crate) struct RevertArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// The address of the old package
    #[arg(long, value_name = "URL")]
    pub(crate) package: Option<String>,
    /// Start despite warnings of the preflight
    #[arg(long)]
    pub(crate) accept_warnings: bool,
    #[command(flatten)]
    pub(crate) drive: DriveArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SignalArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) drive: DriveArgs,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "\
It ends with the rollout and its exit code, or with 5 when the rollout waits for a decision or no process
drives it.")]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// The time limit
    #[arg(long, value_name = "DURATION", default_value = "6h", value_parser = parse_timeout)]
    pub(crate) timeout: Duration,
    /// The interval between polls
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = parse_interval)]
    pub(crate) interval: Duration,
    /// The output format; JSON has one object per line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct RecordArgs {
    /// The record of the rollout
    #[arg(long, value_name = "FILE")]
    pub(crate) record: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct NewRecordArgs {
    /// The new record [default: rollout-SERVICE-DEPLOYMENT.json in the working directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
}

/// The options of a driver, which are not part of the record.
#[derive(Debug, Clone, Args)]
pub(crate) struct DriveArgs {
    /// A command that checks an instance: exit code 0 within 30 seconds means healthy
    #[arg(long, value_name = "COMMAND")]
    pub(crate) probe: Option<String>,
    /// The maximal interval between polls; the first one after each change is 2 s
    #[arg(long, value_name = "DURATION", default_value = "15s", value_parser = parse_interval)]
    pub(crate) interval: Duration,
    /// The output format; JSON has one object per line: each event, then the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

/// The policy of a rollout, which is part of the record.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    /// The share of healthy instances that each upgrade domain needs
    #[arg(long, value_name = "PERCENT", default_value = "100%", value_parser = parse_percentage)]
    min_healthy: u8,
    /// An extension that must report ready on each instance, such as Microsoft.Compute.BGInfo
    #[arg(long, value_name = "HANDLER")]
    extension_status: Option<String>,
    /// How long domains must stay healthy before the next walk
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = parse_timeout)]
    settle_time: Duration,
    /// How long a domain may take to become healthy
    #[arg(long, value_name = "DURATION", default_value = "20m", value_parser = parse_timeout)]
    domain_timeout: Duration,
    /// How long the whole update may take
    #[arg(long, value_name = "DURATION", default_value = "6h", value_parser = parse_timeout)]
    timeout: Duration,
    /// How long the whole rollback may take
    #[arg(long, value_name = "DURATION", default_value = "2h", value_parser = parse_timeout)]
    rollback_timeout: Duration,
    /// The reaction to a failed domain: roll back at once, walk back domain by domain, or wait for a decision
    #[arg(long, value_enum, default_value_t = FailureAction::Rollback)]
    on_failure: FailureAction,
    /// Continue even if local data of instances is lost, in the update and the rollback
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailureAction {
    Rollback,
    RollbackWalked,
    Pause,
}

impl PolicyArgs {
    /// The policy; `probe`: whether a command checks instances.
    pub(crate) fn policy(&self, probe: bool) -> Policy {
        Policy {
            health: Health {
                min_healthy: self.min_healthy,
                extension: self.extension_status.clone(),
                probe,
            },
            settle_time: self.settle_time,
            domain_deadline: self.domain_timeout,
            deadline: self.timeout,
            rollback_deadline: self.rollback_timeout,
            on_failure: match self.on_failure {
                FailureAction::Rollback | FailureAction::RollbackWalked => OnFailure::RollBack,
                FailureAction::Pause => OnFailure::Pause,
            },
            rollback: match self.on_failure {
                FailureAction::RollbackWalked => RollbackMode::Manual,
                FailureAction::Rollback | FailureAction::Pause => RollbackMode::Auto,
            },
            force: self.force,
            ..Policy::default()
        }
    }
}

fn parse_percentage(text: &str) -> Result<u8, &'static str> {
    match text.strip_suffix('%').unwrap_or(text).parse() {
        Ok(share @ 1..=100) => Ok(share),
        _ => Err("expected a percentage from 1% to 100%"),
    }
}
