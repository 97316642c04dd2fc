//! The program `azure-classic`, built for checks that run it.

use std::path::PathBuf;

use serde::Deserialize;

use crate::workspace::{Workspace, output_of};

/// A message of cargo about a target that it has built.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
}

/// Builds the program and returns its path. `selection` selects the packages whose features are united, so
/// that a build of the same selection is used.
pub(crate) fn build(workspace: &Workspace, selection: &str) -> Result<PathBuf, String> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--locked", selection, "--bin", "azure-classic"]);
    let messages = output_of(cargo.arg("--message-format=json-render-diagnostics"))?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok()?.executable)
        .next_back()
        .ok_or_else(|| "cargo does not report the path of the program".to_owned())
}
