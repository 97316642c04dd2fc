//! `azure-classic rollout promote`, `pause`, `resume` and `abort`: to the process that drives, or by
//! driving.

use std::path::Path;
use std::time::Duration;

use azure_classic::rollout::{Ending, Input, Record};

use super::command;
use super::control::{Control, word};
use super::drive::{Drive, paced};
use super::files::Files;
use super::lock::{Driver, Lock};
use super::start::{is_driven, no_files, take_lock};
use crate::arguments::{DeploymentArgs, DriveArgs, TakeUpArgs};
use crate::connection::Connection;
use crate::failure::{Exit, Failure};
use crate::output::print;

pub(super) async fn urge(
    connection: &Connection,
    options: &TakeUpArgs,
    input: Input,
) -> Result<(), Failure> {
    let files = &Files::of(&options.record.record);
    urge_by(connection, &options.drive, files, input).await
}

pub(super) async fn urge_by(
    connection: &Connection,
    options: &DriveArgs,
    files: &Files,
    input: Input,
) -> Result<(), Failure> {
    // Twice, because the process that drives may end just when it is asked.
    for _ in 0..2 {
        let record = files.read_present()?;
        is_going_on(connection, files, &record, input)?;
        match take_lock(files)? {
            Ok(lock) => return take_up(connection, options, files, lock, input).await,
            Err(driver) if input == Input::Resume && record.pause().is_none() => {
                return Err(is_driven(connection, files, &driver));
            }
            Err(driver) if is_taken(files, input).await? => {
                return say_taken(connection, files, &driver, input);
            }
            Err(_) => {}
        }
    }
    Err(Failure::new(format!("the process that drives does not take \"{}\"", word(input))))
}

pub(super) async fn pause(connection: &Connection, record: &Path) -> Result<(), Failure> {
    let files = &Files::of(record);
    is_going_on(connection, files, &files.read_present()?, Input::Pause)?;
    let driver = Lock::holder(files).map_err(|error| no_files(files, error))?;
    if let Some(driver) = driver
        && is_taken(files, Input::Pause).await?
    {
        return say_taken(connection, files, &driver, Input::Pause);
    }
    print(&format!(
        "nobody drives the rollout, so nothing is sent; to go on: {}",
        command(connection, "resume", record, None)
    ))?;
    Ok(())
}

/// What has ended takes nothing more.
fn is_going_on(
    connection: &Connection,
    files: &Files,
    record: &Record,
    input: Input,
) -> Result<(), Failure> {
    let Some(ending) = record.ended() else { return Ok(()) };
    let how = match ending {
        Ending::RolledBack => "rolled back",
        _ => "upgraded",
    };
    let failure = Failure::usage(format!("the rollout has ended: {how}"));
    Err(if input == Input::Abort && ending != Ending::RolledBack {
        let undo = command(connection, "undo", files.record(), None);
        failure.hint(format!("to go back by another rollout: {undo} --package URL"))
    } else {
        failure
    })
}

async fn take_up(
    connection: &Connection,
    options: &DriveArgs,
    files: &Files,
    lock: Lock,
    input: Input,
) -> Result<(), Failure> {
    // Another process may have driven it on before it gave the lock back.
    let record = files.read_present()?;
    is_going_on(connection, files, &record, input)?;
    Control::of(files).clear().map_err(|error| no_files(files, error))?;
    if record.policy().health.probe && options.probe.is_none() {
        return Err(Failure::usage(
            "the rollout was started with --probe, and the record does not hold the command",
        )
        .hint("give --probe COMMAND once more"));
    }
    let deployment = &DeploymentArgs::of_record(&record);
    let rollout = paced(connection, options).resume_rollout(record);
    let rollout = rollout.map_err(|stopped| Failure::with(Exit::Usage, Box::new(stopped)))?;
    let drive = Drive { connection, options, files, deployment, is_new: false };
    drive.to_the_end(rollout, Some(input), lock).await
}

/// Asks the process that drives, and waits until it has taken the word; false when it has ended first.
async fn is_taken(files: &Files, input: Input) -> Result<bool, Failure> {
    let cannot = |error| no_files(files, error);
    let control = Control::of(files);
    control.ask(input).map_err(cannot)?;
    while control.is_open() {
        if Lock::holder(files).map_err(cannot)?.is_none() {
            let is_taken = !control.is_open();
            control.clear().map_err(cannot)?;
            return Ok(is_taken);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(true)
}

fn say_taken(
    connection: &Connection,
    files: &Files,
    driver: &Driver,
    input: Input,
) -> Result<(), Failure> {
    print(&format!(
        "{driver} has taken \"{}\"; to follow it: {}",
        word(input),
        command(connection, "watch", files.record(), None)
    ))?;
    Ok(())
}
