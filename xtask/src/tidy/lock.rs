use serde::Deserialize;

use crate::Finding;
use crate::workspace::{Workspace, output_of};

/// A package of the lock file.
#[derive(Debug, Deserialize)]
pub(crate) struct LockedPackage {
    name: String,
    version: String,
    rust_version: Option<String>,
    /// None for the crates of this workspace.
    source: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<LockedPackage>,
}

/// The content of the lock file; fails if it does not match the manifests.
pub(crate) fn packages(workspace: &Workspace) -> Result<Vec<LockedPackage>, String> {
    let mut cargo = workspace.cargo();
    cargo.args(["metadata", "--locked", "--format-version", "1", "--all-features"]);
    let text = output_of(&mut cargo)?;
    let metadata: Metadata = serde_json::from_str(&text)
        .map_err(|error| format!("`cargo metadata` printed something else: {error}"))?;
    Ok(metadata.packages)
}

/// Packages outside the workspace, with lock files that a change of its dependencies can outdate.
const SEPARATE_WORKSPACES: [&str; 2] = ["crates/transport/examples/native-tls/", "fuzz/"];

/// Each lock file outside the workspace fits its manifest.
pub(crate) fn check_separate_workspaces(workspace: &Workspace) -> Vec<Finding> {
    let is_outdated = |directory: &str| {
        let mut cargo = workspace.cargo();
        cargo.args(["metadata", "--locked", "--format-version", "1", "--manifest-path"]);
        cargo.arg(format!("{directory}Cargo.toml"));
        cargo.output().is_ok_and(|output| !output.status.success())
    };
    let outdated = SEPARATE_WORKSPACES.into_iter().filter(|directory| is_outdated(directory));
    let finding = |directory| {
        let message = format!("outdated; run `cargo check --manifest-path {directory}Cargo.toml`");
        Finding::in_file(&format!("{directory}Cargo.lock"), message)
    };
    outdated.map(finding).collect()
}

/// No dependency needs a newer compiler than the workspace promises, and all come from crates.io.
pub(crate) fn check(packages: &[LockedPackage]) -> Vec<Finding> {
    let own = packages.iter().filter(|package| package.source.is_none());
    let promised = own.filter_map(LockedPackage::compiler).min();
    let mut findings = Vec::new();
    for package in packages {
        let Some(source) = &package.source else {
            continue;
        };
        let named = format!("{} {}", package.name, package.version);
        let mut report = |message: String| findings.push(Finding::in_file("Cargo.lock", message));
        if package.compiler() > promised {
            report(format!(
                "{named} needs Rust {}, which is newer than the workspace's rust-version",
                package.rust_version.as_deref().unwrap_or_default()
            ));
        }
        if source != "registry+https://github.com/rust-lang/crates.io-index" {
            report(format!("{named} does not come from crates.io, and so cannot be published"));
        }
    }
    findings
}

impl LockedPackage {
    /// The compiler that it needs, as numbers; 1.85 is 1.85.0.
    fn compiler(&self) -> Option<[u32; 3]> {
        let mut numbers = [0; 3];
        let parts = self.rust_version.as_ref()?.split('.');
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number = part.parse().ok()?;
        }
        Some(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn package(rust_version: Option<&str>, source: Option<&str>) -> LockedPackage {
        LockedPackage {
            name: "p".into(),
            version: "1.0.0".into(),
            rust_version: rust_version.map(str::to_owned),
            source: source.map(str::to_owned),
        }
    }

    #[test]
    fn older_and_equal_compilers_pass() {
        let packages = [
            package(Some("1.89"), None),
            package(Some("1.89.0"), Some(CRATES_IO)),
            package(Some("1.9"), Some(CRATES_IO)),
            package(None, Some(CRATES_IO)),
        ];
        assert_found(&check(&packages), &[]);
    }

    #[test]
    fn a_newer_compiler_is_found() {
        let packages = [package(Some("1.89"), None), package(Some("1.89.1"), Some(CRATES_IO))];
        assert_found(
            &check(&packages),
            &["Cargo.lock: p 1.0.0 needs Rust 1.89.1, which is newer than the workspace's \
               rust-version"],
        );
    }

    #[test]
    fn package_from_another_registry_is_reported() {
        let packages =
            [package(Some("1.89"), None), package(None, Some("git+https://example.net/p"))];
        assert_found(
            &check(&packages),
            &["Cargo.lock: p 1.0.0 does not come from crates.io, and so cannot be published"],
        );
    }
}
