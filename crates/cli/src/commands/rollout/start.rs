//! `azure-classic rollout start` and `adopt`.

use std::path::{Path, PathBuf};

use azure_classic::rollout::Plan;
use azure_classic::{Deployment, RolloutBuilder};

use super::command;
use super::control::Control;
use super::drive::{Drive, paced};
use super::dry_run::dry_run;
use super::files::{Files, is_unfinished, remove_leftovers};
use super::lock::{Driver, Lock};
use crate::arguments::{AdoptArgs, DeploymentArgs, DriveArgs, StartArgs};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::input;

pub(super) async fn start(connection: &Connection, options: &StartArgs) -> Result<(), Failure> {
    let configuration = input::text(&options.configuration, input::TEXT, "the configuration")?;
    let (named, found) = look_up(connection, &options.deployment).await?;
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
    let record = options.new.record.clone().unwrap_or_else(|| default_record(&named, &found));
    let rollout = paced(connection, &options.drive).rollout(plan);
    begin(connection, &options.drive, &named, &record, rollout).await
}

pub(super) async fn adopt(connection: &Connection, options: &AdoptArgs) -> Result<(), Failure> {
    let (named, found) = look_up(connection, &options.deployment).await?;
    let policy = options.policy.policy(options.drive.probe.is_some());
    let record = options.new.record.clone().unwrap_or_else(|| default_record(&named, &found));
    let rollout = paced(connection, &options.drive).adopt_rollout(named.reference(), policy);
    begin(connection, &options.drive, &named, &record, rollout).await
}

/// Drives a rollout that has no record yet.
pub(super) async fn begin(
    connection: &Connection,
    options: &DriveArgs,
    deployment: &DeploymentArgs,
    record: &Path,
    rollout: RolloutBuilder,
) -> Result<(), Failure> {
    let files = &Files::of(record);
    let lock = match take_lock(files)? {
        Ok(lock) => lock,
        Err(driver) => return Err(is_driven(connection, files, &driver)),
    };
    if let Some(old) = files.read()?
        && is_unfinished(&old)
    {
        return Err(Failure::usage(format!(
            "the record {} is of a rollout that has not ended",
            record.display()
        ))
        .hint(format!("to go on with it: {}", command(connection, "resume", record, None)))
        .hint("to leave it alone, give the new one another --record, or move the file away"));
    }
    Control::of(files).clear().map_err(|error| no_files(files, error))?;
    let drive = Drive { connection, options, files, deployment, is_new: true };
    drive.to_the_end(rollout, None, lock).await
}

/// The deployment, looked up once: from then on it goes by its name.
async fn look_up(
    connection: &Connection,
    asked: &DeploymentArgs,
) -> Result<(DeploymentArgs, Deployment), Failure> {
    let found = connection.look_up(asked).await?;
    Ok((asked.by_name(&found.name), found))
}

/// In the working directory.
fn default_record(named: &DeploymentArgs, found: &Deployment) -> PathBuf {
    let name = format!("rollout-{}-{}", named.service, found.name);
    let is_plain = |character: char| character.is_alphanumeric() || "-_.".contains(character);
    let plain = name.chars().map(|character| if is_plain(character) { character } else { '_' });
    PathBuf::from(plain.chain(".json".chars()).collect::<String>())
}

pub(super) fn take_lock(files: &Files) -> Result<Result<Lock, Driver>, Failure> {
    let cannot = |error| no_files(files, error);
    let taken = Lock::take(files).map_err(cannot)?;
    if taken.is_ok() {
        remove_leftovers(files.record()).map_err(cannot)?;
        remove_leftovers(&files.control()).map_err(cannot)?;
    }
    Ok(taken)
}

pub(super) fn no_files(files: &Files, error: std::io::Error) -> Failure {
    Failure::usage(error)
        .while_doing(format!("cannot use the files beside {}", files.record().display()))
}

/// Another process drives the rollout of this record.
pub(super) fn is_driven(connection: &Connection, files: &Files, driver: &Driver) -> Failure {
    let record = files.record();
    Failure::new(format!("{driver} drives the rollout of {}", record.display()))
        .hint(format!("to follow it: {}", command(connection, "watch", record, None)))
}
