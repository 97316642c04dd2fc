//! `azure-classic rollout`.

mod control_file;
mod driver;
mod dry_run;
mod event_log;
mod event_text;
mod exit;
mod files;
mod lock;
mod probe;
mod reporter;
mod revert;
mod signal;
mod start;
mod status;
mod watch;

use std::path::Path;

use azure_classic::rollout::Input;

use crate::arguments::{DriveArgs, RolloutArgs, RolloutCommand};
use crate::cli_error::CliError;
use crate::connection::{Connection, shell_quoted};

pub(crate) async fn rollout(
    connection: &Connection,
    options: &RolloutArgs,
) -> Result<(), CliError> {
    match &options.command {
        RolloutCommand::Start(options) => start::start(connection, options).await,
        RolloutCommand::Adopt(options) => start::adopt(connection, options).await,
        RolloutCommand::Revert(options) => revert::revert(connection, options).await,
        RolloutCommand::Promote(options) => {
            signal::signal(connection, options, Input::Promote).await
        }
        RolloutCommand::Resume(options) => signal::signal(connection, options, Input::Resume).await,
        RolloutCommand::Abort(options) => signal::signal(connection, options, Input::Abort).await,
        RolloutCommand::Pause(options) => signal::pause(connection, &options.record).await,
        RolloutCommand::Status(options) => status::status(connection, options).await,
        RolloutCommand::Watch(options) => watch::watch(connection, options).await,
        RolloutCommand::Report(options) => crate::report::run(options),
    }
}

/// The command that does something with a rollout, to be typed again.
fn command(
    connection: &Connection,
    verb: &str,
    record: &Path,
    drive: Option<&DriveArgs>,
) -> String {
    let record = shell_quoted(&record.to_string_lossy());
    let probe = drive.and_then(|drive| drive.probe.as_deref());
    let probe = probe.map(|probe| format!(" --probe {}", shell_quoted(probe))).unwrap_or_default();
    format!("azure-classic rollout {verb} --record {record}{probe}{}", connection.repro_flags)
}
