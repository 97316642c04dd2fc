//! `azure-classic rollout`.

mod control;
mod drive;
mod dry_run;
mod ending;
mod events;
mod files;
mod follow;
mod lock;
mod probe;
mod start;
mod status;
mod teller;
mod undo;
mod urge;
mod words;

use std::path::Path;

use azure_classic::rollout::Input;

use crate::arguments::{DriveArgs, RolloutArgs, RolloutCommand};
use crate::connection::{Connection, quoted};
use crate::failure::Failure;

pub(crate) async fn rollout(connection: &Connection, options: &RolloutArgs) -> Result<(), Failure> {
    match &options.command {
        RolloutCommand::Start(options) => start::start(connection, options).await,
        RolloutCommand::Adopt(options) => start::adopt(connection, options).await,
        RolloutCommand::Undo(options) => undo::undo(connection, options).await,
        RolloutCommand::Promote(options) => urge::urge(connection, options, Input::Promote).await,
        RolloutCommand::Resume(options) => urge::urge(connection, options, Input::Resume).await,
        RolloutCommand::Abort(options) => urge::urge(connection, options, Input::Abort).await,
        RolloutCommand::Pause(options) => urge::pause(connection, &options.record).await,
        RolloutCommand::Status(options) => status::status(connection, options).await,
        RolloutCommand::Watch(options) => follow::watch(connection, options).await,
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
    let record = quoted(&record.to_string_lossy());
    let probe = drive.and_then(|drive| drive.probe.as_deref());
    let probe = probe.map(|probe| format!(" --probe {}", quoted(probe))).unwrap_or_default();
    format!("azure-classic rollout {verb} --record {record}{probe}{}", connection.again)
}
