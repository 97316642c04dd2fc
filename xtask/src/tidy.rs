//! House rules that neither rustc nor clippy checks, as fast checks on text and manifests.

mod dependencies;
mod layers;
mod links;
mod lock;
mod manifest;
mod operations;
mod public_types;
mod requests;
mod size;
pub(crate) mod text;
mod unique_names;
pub(crate) mod words;

use crate::catalogue::{self, Catalogue};
use crate::workspace::Workspace;
use crate::{elements, implemented, operation_file, report, shell};

/// Runs every check and prints all that they find.
pub(crate) fn run(workspace: &Workspace) -> Result<(), String> {
    let files = workspace.text_files()?;
    let operation_files = operation_file::find(&files);
    let manifests = manifest::read(&files)?;
    let catalogue = Catalogue::parse(&workspace.read(catalogue::PATH)?)?;
    let lists = elements::read(&files)?;
    let word_rules = workspace.read(words::PATH)?;

    let mut findings = text::check(&files);
    findings.extend(words::check(&word_rules, &files)?);
    findings.extend(size::check(&files));
    findings.extend(links::check(&files));
    findings.extend(operations::check(&operation_files, &files, &implemented::all()));
    findings.extend(elements::check(&lists, &catalogue));
    findings.extend(requests::check(&operation_files, &files, &lists));
    findings.extend(layers::check_members(&manifests));
    findings.extend(layers::check_tree(&layers::pure_tree(workspace)?));
    findings.extend(layers::check_operation_agnostic(&operation_files, &files));
    findings.extend(public_types::check(&manifests, &files));
    findings.extend(unique_names::check(&manifests, &files));
    findings.extend(shell::blocks::check(&files));
    findings.extend(dependencies::check(&manifests, &files));
    findings.extend(lock::check(&lock::packages(workspace)?));
    findings.extend(lock::check_separate_workspaces(workspace));
    findings.sort();
    findings.dedup();
    report(&findings)
}
