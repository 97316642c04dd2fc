//! `azure-classic rollout revert`.

use std::path::{Path, PathBuf};

use azure_classic::rollout::{FinalState, Input, Plan};

use super::driver::polling_client;
use super::files::RolloutFiles;
use super::signal::signal_or_drive;
use super::start::start_new;
use crate::arguments::{DeploymentArgs, RevertArgs};
use crate::cli_error::CliError;
use crate::connection::Connection;

pub(super) async fn revert(connection: &Connection, options: &RevertArgs) -> Result<(), CliError> {
    let files = &RolloutFiles::new(&options.record.record);
    let record = files.read_existing()?;
    match record.ended() {
        None => return signal_or_drive(connection, &options.drive, files, Input::Abort).await,
        Some(FinalState::RolledBack) => {
            return Err(CliError::usage("the rollout was rolled back; there is nothing to revert"));
        }
        Some(_) => {}
    }
    let Some(before) = record.before() else {
        return Err(CliError::usage(
            "the record does not contain the old version, because another operator started the update",
        )
        .hint("start a rollout with the old package, configuration and label"));
    };
    let deployment = DeploymentArgs::from_record(&record);
    let reference = deployment.reference();
    let configuration = before.configuration.clone();
    let plan = match &options.package {
        Some(package) => Plan::upgrade(reference, package, configuration, before.label.clone()),
        // The package that runs was there before.
        None if before.label == record.after().label => {
            Plan::change_configuration(reference, configuration)
        }
        None => {
            return Err(CliError::usage("the service does not report which package ran before")
                .hint("give its address with --package URL"));
        }
    };
    let plan = plan.policy(record.policy().clone()).accept_warnings(options.accept_warnings);
    let rollout = polling_client(connection, &options.drive).rollout(plan);
    let new = revert_record_path(files.record());
    start_new(connection, &options.drive, &deployment, &new, rollout).await
}

/// The record of the way back.
fn revert_record_path(record: &Path) -> PathBuf {
    let stem = record.file_stem().unwrap_or_default().to_string_lossy();
    record.with_file_name(format!("{stem}-revert.json"))
}
