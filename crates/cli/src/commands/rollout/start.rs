//! `azure-classic rollout start` and `adopt`.

use std::path::{Path, PathBuf};

use azure_classic::rollout::Plan;
use azure_classic::{Deployment, RolloutBuilder};

use super::command;
use super::control_file::ControlFile;
use super::driver::{Driver, polling_client};
use super::dry_run::dry_run;
use super::files::{RolloutFiles, is_unfinished, remove_temporary_files};
use super::lock::{LockHolder, RolloutLock};
use crate::arguments::{AdoptArgs, DeploymentArgs, DriveArgs, StartArgs};
use crate::cli_error::CliError;
use crate::connection::Connection;
use crate::input;

pub(super) async fn start(connection: &Connection, options: &StartArgs) -> Result<(), CliError> {
    let configuration =
        input::read_text(&options.configuration, input::MAX_TEXT_BYTES, "the configuration")?;
    let (named, found) = resolve_deployment(connection, &options.deployment).await?;
    let plan = match (&options.package, &options.label) {
        (Some(package), Some(label)) => {
            let plan = Plan::upgrade(named.reference(), package, configuration, label.as_str());
            match &options.role {
                Some(role) => plan.role(role),
                None => plan,
            }
        }
        _ => Plan::change_configuration(named.reference(), configuration),
    };
    let plan = plan
        .policy(options.policy.policy(options.drive.probe.is_some()))
        .accept_warnings(options.accept_warnings);
    if options.dry_run {
        return dry_run(connection, &plan, &found, options);
    }
    let record = options.new.record.clone().unwrap_or_else(|| default_record_path(&named, &found));
    let rollout = polling_client(connection, &options.drive).rollout(plan);
    start_new(connection, &options.drive, &named, &record, rollout).await
}

pub(super) async fn adopt(connection: &Connection, options: &AdoptArgs) -> Result<(), CliError> {
    let (named, found) = resolve_deployment(connection, &options.deployment).await?;
    let policy = options.policy.policy(options.drive.probe.is_some());
    let record = options.new.record.clone().unwrap_or_else(|| default_record_path(&named, &found));
    let rollout =
        polling_client(connection, &options.drive).adopt_rollout(named.reference(), policy);
    start_new(connection, &options.drive, &named, &record, rollout).await
}

/// Drives a rollout that has no record yet.
pub(super) async fn start_new(
    connection: &Connection,
    options: &DriveArgs,
    deployment: &DeploymentArgs,
    record: &Path,
    rollout: RolloutBuilder,
) -> Result<(), CliError> {
    let files = &RolloutFiles::new(record);
    let lock = match acquire_lock(files)? {
        Ok(lock) => lock,
        Err(driver) => return Err(already_driven(connection, files, &driver)),
    };
    if let Some(old) = files.read()?
        && is_unfinished(&old)
    {
        return Err(CliError::usage(format!(
            "the record {} is of a rollout that has not ended",
            record.display()
        ))
        .hint(format!("to go on with it: {}", command(connection, "resume", record, None)))
        .hint("to keep it, give the new one another --record, or move the file away"));
    }
    ControlFile::new(files).clear().map_err(|error| files_error(files, error))?;
    let drive = Driver { connection, options, files, deployment, is_new: true };
    drive.run(rollout, None, lock).await
}

/// The deployment, looked up once: from then on it goes by its name.
async fn resolve_deployment(
    connection: &Connection,
    requested: &DeploymentArgs,
) -> Result<(DeploymentArgs, Deployment), CliError> {
    let found = connection.get_deployment(requested).await?;
    Ok((requested.with_name(&found.name), found))
}

/// In the working directory.
fn default_record_path(named: &DeploymentArgs, found: &Deployment) -> PathBuf {
    let name = format!("rollout-{}-{}", named.service, found.name);
    let is_plain = |character: char| character.is_alphanumeric() || "-_.".contains(character);
    let plain = name.chars().map(|character| if is_plain(character) { character } else { '_' });
    PathBuf::from(plain.chain(".json".chars()).collect::<String>())
}

pub(super) fn acquire_lock(
    files: &RolloutFiles,
) -> Result<Result<RolloutLock, LockHolder>, CliError> {
    let cannot = |error| files_error(files, error);
    let taken = RolloutLock::acquire(files).map_err(cannot)?;
    if taken.is_ok() {
        remove_temporary_files(files.record()).map_err(cannot)?;
        remove_temporary_files(&files.control()).map_err(cannot)?;
    }
    Ok(taken)
}

pub(super) fn files_error(files: &RolloutFiles, error: std::io::Error) -> CliError {
    CliError::usage(error)
        .context(format!("cannot use the files beside {}", files.record().display()))
}

/// Another process drives the rollout of this record.
pub(super) fn already_driven(
    connection: &Connection,
    files: &RolloutFiles,
    driver: &LockHolder,
) -> CliError {
    let record = files.record();
    CliError::new(format!("{driver} drives the rollout of {}", record.display()))
        .hint(format!("to follow it: {}", command(connection, "watch", record, None)))
}
