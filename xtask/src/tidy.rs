//! House rules that neither rustc nor clippy checks, as fast checks on text and manifests.

mod dependencies;
mod layers;
mod lock;
mod manifest;
mod operations;
mod public_types;
mod size;
mod text;

use crate::workspace::Workspace;
use crate::{implemented, operation_file, report};

/// Runs every check and prints all that they find.
pub(crate) fn run(workspace: &Workspace) -> Result<(), String> {
    let files = workspace.text_files()?;
    let operation_files = operation_file::find(&files);
    let manifests = manifest::read(&files)?;

    let mut findings = text::check(&files);
    findings.extend(size::check(&files));
    findings.extend(operations::check(&operation_files, &files, &implemented::all()));
    findings.extend(layers::check_members(&manifests));
    findings.extend(layers::check_tree(&layers::protocol_tree(workspace)?));
    findings.extend(layers::check_operations_unknown(&operation_files, &files));
    findings.extend(public_types::check(&manifests, &files));
    findings.extend(dependencies::check(&manifests, &files));
    findings.extend(lock::check(&lock::packages(workspace)?));
    findings.sort();
    findings.dedup();
    report(&findings)
}
