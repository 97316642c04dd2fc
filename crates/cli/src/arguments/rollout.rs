//! `azure-classic rollout`: what can be said of rolling upgrades.

use std::path::PathBuf;
use std::time::Duration;

use azure_classic::RollbackMode;
use azure_classic::rollout::{Health, OnFailure, Policy};
use clap::{Args, Subcommand, ValueEnum};

use super::{DeploymentArgs, Format, parse_interval, parse_timeout};
use crate::report::ReportArgs;

const ROLLOUT_HELP: &str = "\
A rollout starts an update in manual mode, walks its upgrade domains in their order, waits for each to be
healthy, and rolls back where one is not. The record file says which update it is and how to judge it: with
it a rollout goes on after Ctrl-C, after a crash, or on another machine. It holds the service configuration
from before and after; keep it as you keep that. Beside it are FILE.events.jsonl, with everything that
happened, and FILE.lock, which lets one process drive at a time.

The command of --probe finds AZURE_CLASSIC_INSTANCE, AZURE_CLASSIC_INSTANCE_ROLE and
AZURE_CLASSIC_INSTANCE_ADDRESS in its environment. It looks at each instance whose upgrade domain is to be
passed, on the way back, too.

promote, pause, resume and abort reach the process that drives; where none does, they drive themselves.

Exit codes:
  0  upgraded; of a request to a process that drives: taken
  1  refused or failed, and nothing is left behind
  2  the command line, or what it names, cannot be used; nothing was sent
  3  timed out: the way back, which `resume` takes up again, or `watch`, which changes nothing
  4  rolled back: the version from before runs again
  5  a person has to decide: paused after a failure, stopped with a state left behind, or another
     operator's update is in progress
  130  ended by Ctrl-C, SIGTERM or SIGHUP; nothing is rolled back by it";

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
    /// Show once where a rollout stands
    Status(StatusArgs),
    /// Follow a rollout that another process drives, with reads alone
    Watch(WatchArgs),
    /// Pass the present gate whatever the health, and go on
    Promote(SignalArgs),
    /// Send nothing more until `resume`, `promote` or `abort`
    Pause(RecordArgs),
    /// Go on after a pause, Ctrl-C or a crash
    Resume(SignalArgs),
    /// Roll back
    Abort(SignalArgs),
    /// Take over a manual update that another operator started, and walk it to its end
    Adopt(Box<AdoptArgs>),
    /// Go back to what ran before: by another rollout after the end, as `abort` before it
    Revert(Box<RevertArgs>),
    /// Say what happened: in lines of text, as a picture, or as JSON
    Report(ReportArgs),
}

#[derive(Debug, Args)]
#[command(after_help = ROLLOUT_HELP)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    /// The complete service configuration (.cscfg); alone, it is given to the package that runs
    #[arg(long, value_name = "FILE")]
    pub(crate) configuration: PathBuf,
    /// The address of the new package
    #[arg(long, value_name = "URL", requires = "label")]
    pub(crate) package: Option<String>,
    /// The label of the new version, by which the update is recognised: one that was never used before
    #[arg(long, value_name = "TEXT", requires = "package")]
    pub(crate) label: Option<String>,
    /// Upgrade only this role
    #[arg(long, value_name = "NAME", requires = "package")]
    pub(crate) role: Option<String>,
    /// Start in spite of warnings of the preflight
    #[arg(long)]
    pub(crate) accept_warnings: bool,
    /// Send no change: print what the preflight finds, and each request exactly as it would be sent
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
Label and configuration are those that the record has from before the rollout. The service does not tell
which package ran, so it must be given, unless the rollout changed the configuration alone. The new rollout
has a record of its own, FILE with -revert in its name.")]
pub(crate) struct RevertArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// The address of the package that ran before
    #[arg(long, value_name = "URL")]
    pub(crate) package: Option<String>,
    /// Start in spite of warnings of the preflight
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
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "\
It ends with the rollout, with its exit code; with 5 when it waits for a decision, or no process drives it.")]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// How long to watch in all
    #[arg(long, value_name = "DURATION", default_value = "6h", value_parser = parse_timeout)]
    pub(crate) timeout: Duration,
    /// How often to look
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = parse_interval)]
    pub(crate) interval: Duration,
    /// How to write it; JSON has one object per line
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
    /// Where the record goes; by default rollout-SERVICE-DEPLOYMENT.json in the working directory
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
}

/// How to drive; what is not kept in the record.
#[derive(Debug, Clone, Args)]
pub(crate) struct DriveArgs {
    /// A command that looks at an instance: exit code 0 within 30 seconds says that it is well
    #[arg(long, value_name = "COMMAND")]
    pub(crate) probe: Option<String>,
    /// The maximal interval between polls; the first one after each change is 2 s
    #[arg(long, value_name = "DURATION", default_value = "15s", value_parser = parse_interval)]
    pub(crate) interval: Duration,
    /// How to write it; JSON has one object per line: each event, then the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

/// How a rollout judges and waits; kept in the record.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    /// How many instances of an upgrade domain must be well
    #[arg(long, value_name = "PERCENT", default_value = "100%", value_parser = parse_percentage)]
    min_healthy: u8,
    /// An extension that must say on each of them that it is ready, such as Microsoft.Compute.BGInfo
    #[arg(long, value_name = "HANDLER")]
    extension_status: Option<String>,
    /// For how long a domain must be healthy without a break
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = parse_timeout)]
    settle_time: Duration,
    /// How long a domain may take to become healthy
    #[arg(long, value_name = "DURATION", default_value = "20m", value_parser = parse_timeout)]
    domain_timeout: Duration,
    /// How long the way forward may take in all, before it counts as failed
    #[arg(long, value_name = "DURATION", default_value = "6h", value_parser = parse_timeout)]
    timeout: Duration,
    /// How long the way back may take in all
    #[arg(long, value_name = "DURATION", default_value = "2h", value_parser = parse_timeout)]
    rollback_timeout: Duration,
    /// The reaction to a failed domain: roll back at once, walk back domain by domain, or wait for a decision
    #[arg(long, value_enum, default_value_t = FailureAction::Rollback)]
    on_failure: FailureAction,
    /// Go on even if local data of instances is lost, there and back
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
    /// The policy; `probe`: whether a command looks at instances, too.
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
        _ => Err("it is not a share from 1% to 100%"),
    }
}
