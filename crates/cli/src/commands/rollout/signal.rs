//! `azure-classic rollout promote`, `pause`, `resume` and `abort`: to the process that drives, or by
//! driving.

use std::path::Path;
use std::time::Duration;

use azure_classic::rollout::{FinalState, Input, Record};

use super::command;
use super::control_file::{ControlFile, input_name};
use super::driver::{Driver, polling_client};
use super::files::RolloutFiles;
use super::lock::{LockHolder, RolloutLock};
use super::start::{acquire_lock, already_driven, files_error};
use crate::arguments::{DeploymentArgs, DriveArgs, SignalArgs};
use crate::cli_error::{CliError, Exit};
use crate::connection::Connection;
use crate::output::print;

pub(super) async fn signal(
    connection: &Connection,
    options: &SignalArgs,
    input: Input,
) -> Result<(), CliError> {
    let files = &RolloutFiles::new(&options.record.record);
    signal_or_drive(connection, &options.drive, files, input).await
}

pub(super) async fn signal_or_drive(
    connection: &Connection,
    options: &DriveArgs,
    files: &RolloutFiles,
    input: Input,
) -> Result<(), CliError> {
    // Twice, because the driving process may end at the same time.
    for _ in 0..2 {
        let record = files.read_existing()?;
        require_in_progress(connection, files, &record, input)?;
        match acquire_lock(files)? {
            Ok(lock) => return resume_driving(connection, options, files, lock, input).await,
            Err(driver) if input == Input::Resume && record.pause().is_none() => {
                return Err(already_driven(connection, files, &driver));
            }
            Err(driver) if deliver(files, input).await? => {
                return print_delivered(connection, files, &driver, input);
            }
            Err(_) => {}
        }
    }
    Err(CliError::new(format!("the process that drives does not take \"{}\"", input_name(input))))
}

pub(super) async fn pause(connection: &Connection, record: &Path) -> Result<(), CliError> {
    let files = &RolloutFiles::new(record);
    require_in_progress(connection, files, &files.read_existing()?, Input::Pause)?;
    let driver = RolloutLock::holder(files).map_err(|error| files_error(files, error))?;
    if let Some(driver) = driver
        && deliver(files, Input::Pause).await?
    {
        return print_delivered(connection, files, &driver, Input::Pause);
    }
    print(&format!(
        "no process drives the rollout, so nothing is sent; to go on: {}",
        command(connection, "resume", record, None)
    ))?;
    Ok(())
}

/// A rollout that has ended takes no command.
fn require_in_progress(
    connection: &Connection,
    files: &RolloutFiles,
    record: &Record,
    input: Input,
) -> Result<(), CliError> {
    let Some(ending) = record.ended() else { return Ok(()) };
    let how = match ending {
        FinalState::RolledBack => "rolled back",
        _ => "upgraded",
    };
    let failure = CliError::usage(format!("the rollout has ended: {how}"));
    Err(if input == Input::Abort && ending != FinalState::RolledBack {
        let revert = command(connection, "revert", files.record(), None);
        failure.hint(format!("to go back by another rollout: {revert} --package URL"))
    } else {
        failure
    })
}

async fn resume_driving(
    connection: &Connection,
    options: &DriveArgs,
    files: &RolloutFiles,
    lock: RolloutLock,
    input: Input,
) -> Result<(), CliError> {
    // Another process may have driven it on before it gave the lock back.
    let record = files.read_existing()?;
    require_in_progress(connection, files, &record, input)?;
    ControlFile::new(files).clear().map_err(|error| files_error(files, error))?;
    if record.policy().health.probe && options.probe.is_none() {
        return Err(CliError::usage(
            "the rollout was started with --probe, and the record does not hold the command",
        )
        .hint("give --probe COMMAND once more"));
    }
    let deployment = &DeploymentArgs::from_record(&record);
    let rollout = polling_client(connection, options).resume_rollout(record);
    let rollout = rollout.map_err(|stopped| CliError::with_exit(Exit::Usage, Box::new(stopped)))?;
    let drive = Driver { connection, options, files, deployment, is_new: false };
    drive.run(rollout, Some(input), lock).await
}

/// Sends the command, and waits until the driving process has taken it; false if that process ends first.
async fn deliver(files: &RolloutFiles, input: Input) -> Result<bool, CliError> {
    let cannot = |error| files_error(files, error);
    let control = ControlFile::new(files);
    control.request(input).map_err(cannot)?;
    while control.is_pending() {
        if RolloutLock::holder(files).map_err(cannot)?.is_none() {
            let is_taken = !control.is_pending();
            control.clear().map_err(cannot)?;
            return Ok(is_taken);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(true)
}

fn print_delivered(
    connection: &Connection,
    files: &RolloutFiles,
    driver: &LockHolder,
    input: Input,
) -> Result<(), CliError> {
    print(&format!(
        "{driver} has taken \"{}\"; to follow it: {}",
        input_name(input),
        command(connection, "watch", files.record(), None)
    ))?;
    Ok(())
}
