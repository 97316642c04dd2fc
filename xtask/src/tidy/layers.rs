//! Who may know whom.

use super::manifest::Manifests;
use crate::Finding;
use crate::operation_file::OperationFile;
use crate::rust_text::{code_lines, has_word};
use crate::workspace::{TextFile, Workspace, output_of};

const PROTOCOL: &str = "azure-classic-protocol";
const CREDENTIALS: &str = "azure-classic-credentials";
const TRANSPORT: &str = "azure-classic-transport";
const FACADE: &str = "azure-classic";
const EMULATOR: &str = "azure-classic-emulator";
const ROLLOUT: &str = "azure-classic-rollout";
const TEXT: &str = "azure-classic-text";

/// For each crate, the crates of this workspace that it may depend on. Development dependencies are
/// free: a test may join what the library keeps apart.
const LAYERS: &[(&str, &[&str])] = &[
    (TEXT, &[]),
    (PROTOCOL, &[TEXT]),
    (ROLLOUT, &[TEXT, PROTOCOL]),
    (CREDENTIALS, &[TEXT]),
    (TRANSPORT, &[TEXT, PROTOCOL, CREDENTIALS]),
    (FACADE, &[TEXT, PROTOCOL, TRANSPORT, ROLLOUT]),
    (EMULATOR, &[TEXT, PROTOCOL, CREDENTIALS]),
    ("azure-classic-cli", &[TEXT, PROTOCOL, CREDENTIALS, TRANSPORT, ROLLOUT, FACADE, EMULATOR]),
    ("xtask", &[TEXT, PROTOCOL]),
];

/// Each crate depends only on those below it.
pub(crate) fn check_members(manifests: &Manifests) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_member = |name: &str| manifests.members.iter().any(|other| other.package.name == name);
    for member in &manifests.members {
        let name = &member.package.name;
        let mut report =
            |message: String| findings.push(Finding::in_file(&member.manifest(), message));
        let Some((_, allowed)) = LAYERS.iter().find(|(listed, _)| listed == name) else {
            report(format!("{name} has no place in LAYERS of xtask/src/tidy/layers.rs"));
            continue;
        };
        for dependency in member.dependencies.keys().chain(member.build_dependencies.keys()) {
            if is_member(dependency) && !allowed.contains(&dependency.as_str()) {
                report(format!("{name} is not to know {dependency}"));
            }
        }
    }
    findings
}

/// Crates that bring what the protocol and the rollout do without: a runtime, a socket, TLS, the system's randomness.
const FORBIDDEN_DEPENDENCIES: &[&str] = &[
    "async-std",
    "aws-lc-rs",
    "aws-lc-sys",
    "getrandom",
    "h2",
    "hyper",
    "hyper-rustls",
    "hyper-util",
    "mio",
    "native-tls",
    "openssl",
    "openssl-sys",
    "rand",
    "rand_core",
    "reqwest",
    "ring",
    "rustls",
    "smol",
    "socket2",
    "tokio",
    "ureq",
];

/// The crates that protocol and rollout are built with, on any platform, without development ones. The
/// protocol is below the rollout.
pub(crate) fn pure_tree(workspace: &Workspace) -> Result<Vec<String>, String> {
    let mut cargo = workspace.cargo();
    cargo.args(["tree", "--locked", "--package", ROLLOUT, "--all-features", "--edges", "normal"]);
    cargo.args(["--target", "all", "--prefix", "none", "--format", "{p}"]);
    let tree = output_of(&mut cargo)?;
    Ok(tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

/// Protocol and rollout do no I/O, and neither does anything that they are built with.
pub(crate) fn check_tree(tree: &[String]) -> Vec<Finding> {
    FORBIDDEN_DEPENDENCIES
        .iter()
        .filter(|name| tree.iter().any(|built| built == *name))
        .map(|name| {
            Finding::in_file(
                "crates/rollout/Cargo.toml",
                format!("{name} is in the tree of normal dependencies; see `cargo tree -i {name}`"),
            )
        })
        .collect()
}

/// Sources that carry requests and know no operation.
const OPERATION_AGNOSTIC: &[&str] = &["crates/transport/src/", "crates/azure-classic/src/"];

/// The transport knows no operation, and the facade has nothing for a particular one.
pub(crate) fn check_operation_agnostic(
    operations: &[OperationFile],
    files: &[TextFile],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let unknowing = |file: &&TextFile| {
        OPERATION_AGNOSTIC.iter().any(|directory| file.path.starts_with(directory))
    };
    for file in files.iter().filter(unknowing) {
        for (index, line) in code_lines(&file.text) {
            let types = operations.iter().map(|operation| &operation.type_name);
            findings.extend(types.filter(|name| has_word(line, name)).map(|name| {
                Finding::at(
                    &file.path,
                    index,
                    format!("{name} is named where no operation is known"),
                )
            }));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::manifest::sample;
    use super::*;
    use crate::finding::assert_found;

    #[test]
    fn dependencies_point_downwards() {
        let below = format!("[dependencies]\n{PROTOCOL}.workspace = true");
        let above = format!("[dependencies]\n{TRANSPORT}.workspace = true");
        let beside = format!("[dev-dependencies]\n{TRANSPORT}.workspace = true");
        let sound = [(PROTOCOL, beside.as_str()), (TRANSPORT, below.as_str()), (EMULATOR, &below)];
        assert_found(&check_members(&sample("", &sound)), &[]);

        let wrong = [(PROTOCOL, above.as_str()), (TRANSPORT, ""), ("stray", "")];
        assert_found(
            &check_members(&sample("", &wrong)),
            &[
                "crates/azure-classic-protocol/Cargo.toml: azure-classic-protocol is not to know \
                 azure-classic-transport",
                "crates/stray/Cargo.toml: stray has no place in LAYERS of \
                 xtask/src/tidy/layers.rs",
            ],
        );
    }

    #[test]
    fn a_runtime_in_the_tree_is_found() {
        let tree = ["http", "tokio", "tokio-util"].map(str::to_owned);
        assert_found(
            &check_tree(&tree),
            &["crates/rollout/Cargo.toml: tokio is in the tree of normal dependencies; see \
               `cargo tree -i tokio`"],
        );
        assert_found(&check_tree(&["http".to_owned()]), &[]);
    }

    #[test]
    fn an_operation_in_the_transport_is_found() {
        let operations = [OperationFile {
            path: String::new(),
            line: 0,
            name: String::new(),
            page: String::new(),
            type_name: "GetDeployment".into(),
        }];
        let file = |path: &str| TextFile {
            path: path.into(),
            text: "/// Like GetDeployment.\nfn f(g: GetDeployment) {}\nGetDeploymentX\n".into(),
        };
        let files = [file("crates/transport/src/a.rs"), file("crates/cli/src/a.rs")];
        assert_found(
            &check_operation_agnostic(&operations, &files),
            &["crates/transport/src/a.rs:2: GetDeployment is named where no operation is known"],
        );
    }
}
