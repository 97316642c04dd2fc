//! The command line.

mod error;
#[cfg(test)]
mod manual;
mod rollout;

use std::path::PathBuf;
use std::time::Duration;

use azure_classic::rollout::Record;
use azure_classic::{CloudServiceRef, DeploymentRef, RequestId, RollbackMode, Slot};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

pub(crate) use self::rollout::{
    AdoptArgs, DriveArgs, RevertArgs, RolloutArgs, RolloutCommand, SignalArgs, StartArgs,
    StatusArgs, WatchArgs,
};
use crate::connection::{ConnectionArgs, shell_quoted};
use crate::decode::DecodeArgs;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused or failed
  2  the command line, or what it names, cannot be used; nothing was sent
  3  timed out; work that the service has accepted goes on there
  4, 5, 130  of a rollout: rolled back; a person has to decide; ended by a signal, nothing rolled back

The password of a certificate's file is read from AZURE_CLASSIC_PASSPHRASE or --passphrase-stdin.
HTTPS_PROXY or ALL_PROXY names an HTTP proxy, NO_PROXY the hosts that are reached without it.
Results go to stdout; progress, errors and hints go to stderr. NO_COLOR turns colours off.

Microsoft retired the public service on 31 August 2024. There is no default endpoint: the program
talks to a local emulator (--emulator) or to an endpoint that you name (--endpoint).";

/// Rolls back updates of cloud services of the Azure Service Management ("classic") API
#[derive(Debug, Parser)]
#[command(name = "azure-classic", version, after_help = EXIT_CODES)]
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
        // Their values would make the help longer than a screen.
        let mut command = Self::command().mut_args(|argument| argument.hide_env_values(true));
        let matches = command.try_get_matches_from_mut(arguments)?;
        let mut cli = Self::from_arg_matches(&matches)?;
        cli.connection.resolve_precedence(&matches).map_err(|error| error.format(&mut command))?;
        Ok(cli)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show a bad upgrade and its rollback on a bundled emulator
    Demo(DemoArgs),
    /// Roll back the update that is moving through a deployment, and wait until it is really so
    Rollback(RollbackArgs),
    /// Upgrade domain by domain, watched, and roll back where it fails
    Rollout(RolloutArgs),
    /// Show a cloud service, a deployment or an operation
    Show(ShowArgs),
    /// Decode stored responses of the service
    Decode(DecodeArgs),
    /// Say what credential files contain, and at which step a connection fails
    Doctor(DoctorArgs),
    /// Run a local service that speaks the API, until Ctrl-C
    Emulator(EmulatorArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// How many times faster than the wall clock its time runs, at most 1000; at 1 it takes 22 minutes
    #[arg(long, value_name = "N", default_value_t = 120.0, value_parser = parse_demo_speed)]
    pub(crate) speed: f64,
    /// Decides how much the durations of the emulated steps vary
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

const ROLLBACK_HELP: &str = "\
The deployment in a slot is looked up once; everything after that goes by its name, so that a swap
meanwhile cannot redirect it. Whether the service allows the rollback (RollbackAllowed) is checked
first; --force does not change what it allows.

With --mode auto the program follows the operation and then waits until every instance is back. With
--mode manual nothing moves until the upgrade domains are walked; the program says how. With
--no-wait it prints the request id and nothing else on stdout, and ends when the request has been
accepted.

Exit codes: 0 done, 1 refused or failed, 2 wrong command line, 3 timed out, and the rollback goes on at
the service.";

#[derive(Debug, Args)]
#[command(after_help = ROLLBACK_HELP)]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    /// Who walks the upgrade domains: the platform, or you
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub(crate) mode: Mode,
    /// Go on even if local data of instances is lost
    #[arg(long)]
    pub(crate) force: bool,
    /// End when the request has been accepted, and print its id
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
Files are examined without any network. PEM files count as one, so that a certificate and its key can be in
two. With --connect, the first file is the certificate, unless the connection's flags give another; the one
request reads the status of an operation that does not exist. Exit code 1 when there is a problem.")]
pub(crate) struct DoctorArgs {
    /// PKCS#12 (.pfx), PEM, DER (.cer, .key), PKCS#7 or .publishsettings files, detected by their content
    #[arg(value_name = "FILE", required_unless_present = "connect")]
    pub(crate) files: Vec<PathBuf>,
    /// Connect, too, and say how far that goes
    #[arg(long)]
    pub(crate) connect: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(subcommand)]
    pub(crate) resource: ShowCommand,
    /// How to write it; JSON has what the service sends
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
    /// A cloud service
    Service {
        /// Its DNS prefix, such as contoso
        #[arg(value_name = "NAME", value_parser = parse_service_name, required_unless_present = "service")]
        name: Option<String>,
        /// The same, as the other commands have it
        #[arg(long, value_name = "NAME", value_parser = parse_service_name, conflicts_with = "name")]
        service: Option<String>,
        /// Show what runs in its slots, too
        #[arg(long)]
        deployments: bool,
    },
    /// A deployment: its state, and its instances by upgrade domain
    Deployment {
        #[command(flatten)]
        deployment: DeploymentArgs,
        /// Show every change until no update is in progress and all instances are ready
        #[arg(long)]
        watch: bool,
        #[command(flatten)]
        wait_options: WaitArgs,
    },
    /// How the work that a request started is going
    Operation {
        /// The x-ms-request-id of the response to the request, with or without hyphens
        #[arg(value_parser = parse_request_id)]
        request_id: RequestId,
        /// Wait until it has ended; exit code 1 when it ended badly
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
    /// How long to wait in all, such as 90s, 30m or 2h
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_timeout)]
    pub(crate) timeout: Duration,
    /// The interval between polls
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = parse_interval)]
    pub(crate) interval: Duration,
}

#[derive(Debug, Args)]
#[command(after_help = "\
--subscription is the id of the one subscription that exists there. When the emulator answers, DIR/\
emulator.json appears, and its address is printed with the commands that use it. SIGTERM and SIGHUP end it, too.

The admin page draws the deployments, steps time, injects faults and shows every request. Whoever reaches
it may do everything, so it is on a loopback address only.

A fault is for example
  [{ \"id\": \"busy\", \"when\": { \"operations\": [\"Get Deployment\"], \"every\": 3 },
     \"effect\": { \"respond\": { \"status\": 503, \"code\": \"ServerBusy\" } } }]
docs/src/reference/faults.md lists conditions and effects.")]
pub(crate) struct EmulatorArgs {
    /// Where certificates, keys and emulator.json go; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Where the emulated cloud is kept, to survive the program however it ends; made if it is missing
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// The initial resources, as JSON, unless the state file exists already
    #[arg(long, value_name = "FILE")]
    pub(crate) fixture: Option<PathBuf>,
    /// A saved state to start from, as returned by the admin port's /state, unless the state file exists
    /// already
    #[arg(long, value_name = "FILE", conflicts_with = "fixture")]
    pub(crate) load: Option<PathBuf>,
    /// Start with a sample: the service contoso with an upgrade in progress, unless the state is there already
    #[arg(long, conflicts_with_all = ["fixture", "load"])]
    pub(crate) sample: bool,
    /// Where to listen; port 0 takes any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = parse_listen_address)]
    pub(crate) listen: String,
    /// Where the admin page and its JSON go, on a loopback address; "none" for nowhere
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) admin: String,
    /// How many times faster than the wall clock its time runs
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = parse_speed)]
    pub(crate) speed: f64,
    /// Stop the clock; only steps through the admin port advance it
    #[arg(long, conflicts_with = "speed")]
    pub(crate) manual_clock: bool,
    /// How long things take: brisk, realistic, immediate, or a JSON file
    #[arg(long, value_name = "TIMING", default_value = "brisk")]
    pub(crate) timing: String,
    /// How many upgrade domains a deployment has whose package address does not say
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) upgrade_domains: u32,
    /// Decides request ids, keys, and how much durations vary
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The faults to inject: a JSON list
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Where each request is noted with what was decided, as a line of JSON; appended to
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
