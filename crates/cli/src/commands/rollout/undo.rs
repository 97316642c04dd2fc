//! `azure-classic rollout undo`.

use std::path::{Path, PathBuf};

use azure_classic::rollout::{Ending, Input, Plan};

use super::drive::paced;
use super::files::Files;
use super::start::begin;
use super::urge::urge_by;
use crate::arguments::{DeploymentArgs, UndoArgs};
use crate::connection::Connection;
use crate::failure::Failure;

pub(super) async fn undo(connection: &Connection, options: &UndoArgs) -> Result<(), Failure> {
    let files = &Files::of(&options.record.record);
    let record = files.read_present()?;
    match record.ended() {
        None => return urge_by(connection, &options.drive, files, Input::Abort).await,
        Some(Ending::RolledBack) => {
            return Err(Failure::usage("the rollout was rolled back; there is nothing to undo"));
        }
        Some(_) => {}
    }
    let Some(before) = record.before() else {
        return Err(Failure::usage(
            "the record does not hold what ran before: somebody else began the update",
        )
        .hint("start a rollout with the old package, configuration and label"));
    };
    let deployment = DeploymentArgs::of_record(&record);
    let reference = deployment.reference();
    let configuration = before.configuration.clone();
    let plan = match &options.package {
        Some(package) => Plan::upgrade(reference, package, configuration, before.label.clone()),
        // The package that runs was there before.
        None if before.label == record.after().label => {
            Plan::change_configuration(reference, configuration)
        }
        None => {
            return Err(Failure::usage("the service does not tell which package ran before")
                .hint("give its address with --package URL"));
        }
    };
    let plan = plan.policy(record.policy().clone()).accept_warnings(options.accept_warnings);
    let rollout = paced(connection, &options.drive).rollout(plan);
    let new = beside(files.record());
    begin(connection, &options.drive, &deployment, &new, rollout).await
}

/// The record of the way back.
fn beside(record: &Path) -> PathBuf {
    let stem = record.file_stem().unwrap_or_default().to_string_lossy();
    record.with_file_name(format!("{stem}-undo.json"))
}
