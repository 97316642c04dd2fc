//! The command line.

mod error;
mod help;
#[cfg(test)]
mod manual;
mod rollout;

use std::path::PathBuf;
use std::time::Duration;

use azure_classic::rollout::Record;
use azure_classic::{CloudServiceRef, DeploymentRef, RequestId, RollbackMode, Slot};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

pub(crate) use self::help::CONNECTION;
pub(crate) use self::rollout::{
    AdoptArgs, DriveArgs, RevertArgs, RolloutArgs, RolloutCommand, SignalArgs, StartArgs,
    StatusArgs, WatchArgs,
};
use crate::connection::{ConnectionArgs, shell_quoted};
use crate::decode::DecodeArgs;

/// Rolls back updates of cloud services of the Azure Service Management ("classic") API
#[derive(Debug, Parser)]
#[command(name = "azure-classic", version, after_help = help::EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Reads the program's arguments; whatever is wrong with them ends the program with code 2.
    pub(crate) fn parse_or_exit() -> Self {
        Self::parse_from_args(std::env::args_os()).unwrap_or_else(|error| error::exit(&error))
    }

    pub(crate) fn parse_from_args<T: Into<std::ffi::OsString> + Clone>(
        arguments: impl IntoIterator<Item = T>,
    ) -> Result<Self, clap::Error> {
        let mut command = Self::complete_command();
        let matches = command.try_get_matches_from_mut(arguments)?;
        let mut cli = Self::from_arg_matches(&matches)?;
        cli.connection.resolve_precedence(&matches).map_err(|error| error.format(&mut command))?;
        Ok(cli)
    }

    /// The declaration of the command line, with its complete help.
    fn complete_command() -> clap::Command {
        help::complete(Self::command())
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show a bad upgrade and its rollback on a bundled emulator
    Demo(DemoArgs),
    /// Roll back the update in progress and wait until all instances are ready
    Rollback(RollbackArgs),
    /// Upgrade domain by domain, check the health, and roll back on failure
    Rollout(RolloutArgs),
    /// Show a cloud service, a deployment or an operation
    Show(ShowArgs),
    /// Decode stored responses of the service
    Decode(DecodeArgs),
    /// Examine credential files and check the connection
    Doctor(DoctorArgs),
    /// Run a local service for the API until Ctrl-C
    Emulator(EmulatorArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// The speed relative to the wall clock, at most 1000; at 1 it takes 22 minutes
    #[arg(long, value_name = "N", default_value_t = 120.0, value_parser = parse_demo_speed)]
    pub(crate) speed: f64,
    /// The seed for the variation of emulated delays
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
#[command(after_help = help::ROLLBACK_HELP)]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    /// The mode: the platform walks the upgrade domains (auto), or you do (manual)
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub(crate) mode: Mode,
    /// Continue even if local data of instances is lost
    #[arg(long)]
    pub(crate) force: bool,
    /// End when the request is accepted, and print its id
    #[arg(long)]
    pub(crate) no_wait: bool,
    #[command(flatten)]
    pub(crate) wait_options: WaitArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    Auto,
    Manual,
}

impl From<Mode> for RollbackMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Auto => Self::Auto,
            Mode::Manual => Self::Manual,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Files are examined without a network. Several PEM files count as one, so a certificate and its key can be in
two files. With --connect, the first file is the certificate, unless a connection option gives another. It
sends one request: for the status of an operation that does not exist. Exit code 1 means a problem.")]
pub(crate) struct DoctorArgs {
    /// PKCS#12 (.pfx), PEM, DER (.cer, .key), PKCS#7 or .publishsettings files, detected by their content
    #[arg(value_name = "FILE", required_unless_present = "connect")]
    pub(crate) files: Vec<PathBuf>,
    /// Connect as well, and report the step that fails
    #[arg(long)]
    pub(crate) connect: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(subcommand)]
    pub(crate) resource: ShowCommand,
    /// The output format; JSON has all elements of the response
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ShowCommand {
    /// Show a cloud service
    Service {
        /// Its DNS prefix, such as contoso
        #[arg(value_name = "NAME", value_parser = parse_service_name, required_unless_present = "service")]
        name: Option<String>,
        /// The same, as an option like in the other commands
        #[arg(long, value_name = "NAME", value_parser = parse_service_name, conflicts_with = "name")]
        service: Option<String>,
        /// Include the deployments in its slots
        #[arg(long)]
        deployments: bool,
    },
    /// Show a deployment with its instances by upgrade domain
    Deployment {
        #[command(flatten)]
        deployment: DeploymentArgs,
        /// Show every change until no update is in progress and all instances are ready
        #[arg(long)]
        watch: bool,
        #[command(flatten)]
        wait_options: WaitArgs,
    },
    /// Show the status of an accepted operation
    Operation {
        /// The x-ms-request-id of the response to the request, with or without hyphens
        #[arg(value_parser = parse_request_id)]
        request_id: RequestId,
        /// Wait until it has ended; exit code 1 if it failed
        #[arg(long)]
        wait: bool,
        #[command(flatten)]
        wait_options: WaitArgs,
    },
}

/// Which deployment is meant.
#[derive(Debug, Clone, Args)]
pub(crate) struct DeploymentArgs {
    /// The cloud service: its DNS prefix, such as contoso
    #[arg(long, value_name = "NAME", value_parser = parse_service_name)]
    pub(crate) service: String,
    #[command(flatten)]
    key: DeploymentKey,
}

#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct DeploymentKey {
    /// The deployment in this slot
    #[arg(long, value_enum, ignore_case = true)]
    slot: Option<SlotName>,
    /// The deployment of this name, in whichever slot it is
    #[arg(long, value_name = "NAME")]
    deployment: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SlotName {
    Production,
    Staging,
}

impl DeploymentArgs {
    /// The same deployment by its name.
    pub(crate) fn with_name(&self, name: &str) -> Self {
        let key = DeploymentKey { slot: None, deployment: Some(name.to_owned()) };
        Self { service: self.service.clone(), key }
    }

    /// The deployment that a record is about.
    pub(crate) fn from_record(record: &Record) -> Self {
        let deployment = record.deployment();
        let key = DeploymentKey { slot: None, deployment: deployment.name().map(str::to_owned) };
        Self { service: deployment.service().name().to_owned(), key }
    }

    pub(crate) fn reference(&self) -> DeploymentRef {
        let service = CloudServiceRef::new(self.service.as_str());
        match (&self.key.deployment, self.key.slot) {
            (Some(name), _) => service.deployment(name.as_str()),
            (None, Some(SlotName::Staging)) => service.slot(Slot::Staging),
            // clap demands one of the two.
            (None, _) => service.slot(Slot::Production),
        }
    }
}

/// As on the command line, to be typed again.
impl std::fmt::Display for DeploymentArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "--service {}", shell_quoted(&self.service))?;
        match (&self.key.deployment, self.key.slot) {
            (Some(name), _) => write!(f, " --deployment {}", shell_quoted(name)),
            (None, Some(SlotName::Staging)) => f.write_str(" --slot staging"),
            (None, _) => f.write_str(" --slot production"),
        }
    }
}

#[derive(Debug, Clone, Args)]
pub(crate) struct WaitArgs {
    /// The time limit, such as 90s, 30m or 2h
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_timeout)]
    pub(crate) timeout: Duration,
    /// The interval between polls
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = parse_interval)]
    pub(crate) interval: Duration,
}

#[derive(Debug, Args)]
#[command(after_help = "\
--subscription is the id of its only subscription. When the emulator is ready, it writes DIR/emulator.json
and prints its address with example commands. SIGTERM and SIGHUP end it as well.

The admin page shows the deployments and every request, steps the clock and injects faults. It gives full
access, so it is on a loopback address only.

A fault rule is for example
  [{ \"id\": \"busy\", \"when\": { \"operations\": [\"Get Deployment\"], \"every\": 3 },
     \"effect\": { \"respond\": { \"status\": 503, \"code\": \"ServerBusy\" } } }]
docs/src/reference/faults.md lists conditions and effects.")]
pub(crate) struct EmulatorArgs {
    /// The directory for certificates, keys and emulator.json; created if missing
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// The file that keeps the state across restarts and crashes; created if missing
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// The initial resources, as JSON, unless the state file exists already
    #[arg(long, value_name = "FILE")]
    pub(crate) fixture: Option<PathBuf>,
    /// A saved state to start from, as returned by the admin port's /state, unless the state file exists
    /// already
    #[arg(long, value_name = "FILE", conflicts_with = "fixture")]
    pub(crate) load: Option<PathBuf>,
    /// Start with a sample: the service contoso with an upgrade in progress, unless the state file exists already
    #[arg(long, conflicts_with_all = ["fixture", "load"])]
    pub(crate) sample: bool,
    /// The address of the service; port 0 means any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = parse_listen_address)]
    pub(crate) listen: String,
    /// The loopback address of the admin port, or "none"
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) admin: String,
    /// The speed of its clock relative to the wall clock
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = parse_speed)]
    pub(crate) speed: f64,
    /// Stop the clock; only steps through the admin port advance it
    #[arg(long, conflicts_with = "speed")]
    pub(crate) manual_clock: bool,
    /// The delays of transitions: brisk, realistic, immediate, or a JSON file
    #[arg(long, value_name = "TIMING", default_value = "brisk")]
    pub(crate) timing: String,
    /// The number of upgrade domains, unless the address of a package sets it
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) upgrade_domains: u32,
    /// The seed of request ids, keys and the variation of delays
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The faults to inject: a JSON list
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// The file to append each request with its decision to, as a line of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

fn parse_request_id(text: &str) -> Result<RequestId, &'static str> {
    let id = RequestId::new(text);
    if id.as_str().is_empty() { Err("it is empty") } else { Ok(id) }
}

/// A time limit.
fn parse_timeout(text: &str) -> Result<Duration, String> {
    parse_duration(text, Duration::ZERO, "a time of at most 365days")
}

/// A pause between two requests. Without one, they would be all that the service does.
fn parse_interval(text: &str) -> Result<Duration, String> {
    parse_duration(text, Duration::from_millis(10), "a time from 10ms to 365days")
}

/// A duration that no sum overflows.
fn parse_duration(text: &str, least: Duration, expected: &str) -> Result<Duration, String> {
    const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let duration = humantime::parse_duration(text)
        .map_err(|error| format!("expected {expected}, such as 90s or 2h: {error}"))?;
    if (least..=LONGEST).contains(&duration) {
        Ok(duration)
    } else {
        Err(format!("expected {expected}"))
    }
}

fn parse_speed(text: &str) -> Result<f64, &'static str> {
    parse_in_range(text, 0.001, 1_000_000.0).ok_or("expected a number from 0.001 to 1000000")
}

fn parse_in_range(text: &str, least: f64, most: f64) -> Option<f64> {
    // NaN is in no range.
    text.parse::<f64>().ok().filter(|number| (least..=most).contains(number))
}

/// The name of a cloud service as requests have it.
fn parse_service_name(text: &str) -> Result<String, String> {
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    match host.split_once('.') {
        Some((prefix, _)) if !prefix.is_empty() => {
            Err(format!("expected the name alone, without the domain: {}", shell_quoted(prefix)))
        }
        _ => Ok(text.to_owned()),
    }
}

/// A host and a port.
fn parse_listen_address(text: &str) -> Result<String, &'static str> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            Ok(text.to_owned())
        }
        _ => Err("expected a host and a port, such as 127.0.0.1:8443"),
    }
}

/// With shorter delays the demonstration would end between two polls.
fn parse_demo_speed(text: &str) -> Result<f64, &'static str> {
    parse_in_range(text, 0.001, 1000.0).ok_or("expected a number from 0.001 to 1000")
}

#[cfg(test)]
mod tests;
