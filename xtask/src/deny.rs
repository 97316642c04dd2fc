//! Checks the dependencies of every lock file with cargo-deny, against `deny.toml`.

use std::process::{Command, Stdio};

use crate::workspace::{Workspace, run_command};

/// The version that is installed where there is none.
const VERSION: &str = "0.20.2";

/// Each has its own lock file.
const MANIFESTS: [&str; 3] =
    ["Cargo.toml", "crates/transport/examples/native-tls/Cargo.toml", "fuzz/Cargo.toml"];

/// Fails for a finding. Checks without a reachable registry or advisory database are reported as skipped.
pub(crate) fn run(workspace: &Workspace) -> Result<(), String> {
    if let Err(reason) = install(workspace) {
        println!("SKIPPED: cargo-deny is not installed and cannot be: {reason}");
        return Ok(());
    }
    let mut checks = vec!["bans", "licenses", "sources"];
    match run_command(deny(workspace, MANIFESTS[0]).args(["fetch", "db"])) {
        Ok(()) => checks.push("advisories"),
        Err(reason) => {
            println!("SKIPPED: advisories, because their database cannot be fetched: {reason}");
        }
    }
    let failed: Vec<&str> = MANIFESTS
        .into_iter()
        .filter(|manifest| run_command(&mut check(workspace, manifest, &checks)).is_err())
        .collect();
    match failed.as_slice() {
        [] => {
            println!("deny: {} lock files, {} passed", MANIFESTS.len(), checks.join(", "));
            Ok(())
        }
        failed => Err(format!("cargo-deny has findings in {}", failed.join(", "))),
    }
}

fn install(workspace: &Workspace) -> Result<(), String> {
    let mut version = workspace.cargo();
    version.args(["deny", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if version.status().is_ok_and(|status| status.success()) {
        return Ok(());
    }
    let mut install = workspace.cargo();
    run_command(install.args(["install", "cargo-deny", "--locked", "--version", VERSION]))
}

fn deny(workspace: &Workspace, manifest: &str) -> Command {
    let mut deny = workspace.cargo();
    deny.args(["deny", "--locked", "--manifest-path", manifest, "--config"]);
    deny.arg(workspace.path("deny.toml"));
    deny
}

/// The checks of one lock file.
fn check(workspace: &Workspace, manifest: &str, checks: &[&str]) -> Command {
    let mut deny = deny(workspace, manifest);
    // OpenSSL is banned but in one example; the other lock files do not have what may use it.
    deny.args(["check", "--hide-inclusion-graph", "--allow", "unused-wrapper"]).args(checks);
    deny
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lock_file_of_the_repository_is_checked() {
        let workspace = Workspace::find().expect("the workspace of these tests");
        let files = workspace.text_files().expect("git lists them");
        let mut locked: Vec<String> = files
            .iter()
            .filter_map(|file| file.path.strip_suffix("Cargo.lock"))
            .map(|directory| format!("{directory}Cargo.toml"))
            .collect();
        locked.sort();
        assert_eq!(locked, MANIFESTS);
    }
}
