//! The emulator driven by old clients that others wrote, as their registries have them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fmt, fs};

use clap::{Args, ValueEnum};

use crate::program;
use crate::workspace::{Workspace, run_command};

/// Which clients are tried, and whether a failed step ends its run.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Take the other steps although one has failed.
    #[arg(long)]
    keep_going: bool,
    /// All of them, if none is named.
    clients: Vec<Client>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Client {
    /// `azure-servicemanagement-legacy`, from `PyPI`.
    Python,
    /// `azure-asm-compute` and `azure-asm-mgmt`, from npm.
    Node,
}

/// The packages of the scenarios, in the versions for which they were written. These are the last versions,
/// except for pyOpenSSL: the client reads publish settings with a function that later versions lack.
const PYTHON_PACKAGES: [&str; 2] = ["azure-servicemanagement-legacy==0.20.8", "pyOpenSSL==22.1.0"];
const NODE_PACKAGES: [&str; 2] = ["azure-asm-compute@0.18.0", "azure-asm-mgmt@0.10.2"];

/// The clients would send even what is meant for this machine to a proxy.
const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Installs each client into a temporary folder and runs its scenario; fails if one has failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    // With the features of the tests, so that their build is used.
    let program = program::build(workspace, "--workspace")?;
    let folder = tempfile::tempdir()
        .map_err(|error| format!("a temporary directory cannot be made: {error}"))?;
    let demands_all = env::var("CI").is_ok_and(|value| value == "true");
    let clients = match options.clients.as_slice() {
        [] => Client::value_variants(),
        named => named,
    };
    let outcomes: Vec<ClientOutcome> = clients
        .iter()
        .map(|client| {
            println!("\n=== {client}");
            let outcome = match client.install(folder.path()) {
                Ok(()) => {
                    client.run_scenario(workspace, folder.path(), &program, options.keep_going)
                }
                Err(skip_reason) => skip_reason.outcome(demands_all),
            };
            println!("--- {client} {outcome}");
            outcome
        })
        .collect();
    match outcomes.iter().filter(|outcome| matches!(outcome, ClientOutcome::Failed(_))).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} clients failed", outcomes.len())),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum ClientOutcome {
    Passed,
    Skipped(String),
    Failed(String),
}

/// Why a client cannot be tried.
#[derive(Debug)]
enum SkipReason {
    /// The tool that would install or run it is missing on this machine.
    MissingTool(String),
    /// The tool exists, but its registry did not return the package.
    InstallFailed(String),
}

impl SkipReason {
    fn outcome(self, demands_all: bool) -> ClientOutcome {
        match self {
            Self::InstallFailed(reason) if demands_all => ClientOutcome::Failed(reason),
            Self::MissingTool(reason) | Self::InstallFailed(reason) => {
                ClientOutcome::Skipped(reason)
            }
        }
    }
}

impl Client {
    fn install(self, folder: &Path) -> Result<(), SkipReason> {
        match self {
            Self::Python => {
                let environment = folder.join("python");
                let mut make = Command::new("python3");
                run_command(make.args(["-m", "venv"]).arg(&environment)).map_err(SkipReason::MissingTool)?;
                let mut install = Command::new(environment.join("bin").join("python"));
                let pip = "-m pip install --quiet --disable-pip-version-check --retries 1";
                run_command(install.args(pip.split(' ')).args(PYTHON_PACKAGES))
            }
            Self::Node => {
                for tool in ["node", "npm"] {
                    let mut version = Command::new(tool);
                    run_command(version.arg("--version").stdout(Stdio::null()))
                        .map_err(SkipReason::MissingTool)?;
                }
                let modules = folder.join("node").join("node_modules");
                fs::create_dir_all(modules).map_err(|error| {
                    SkipReason::MissingTool(format!("{} cannot be made: {error}", folder.display()))
                })?;
                let mut install = Command::new("npm");
                let npm =
                    "install --loglevel error --no-audit --no-fund --ignore-scripts --fetch-retries 1";
                install.args(npm.split(' ')).args(NODE_PACKAGES);
                run_command(install.current_dir(folder.join("node")))
            }
        }
        .map_err(SkipReason::InstallFailed)
    }

    fn run_scenario(
        self,
        workspace: &Workspace,
        folder: &Path,
        program: &Path,
        keep_going: bool,
    ) -> ClientOutcome {
        let mut scenario = match self {
            Self::Python => {
                let mut python = Command::new(folder.join("python").join("bin").join("python"));
                // Nothing is left beside the sources.
                python.args(["-B", "-X", "utf8", "-m", "scenario"]);
                python
            }
            Self::Node => {
                let mut node = Command::new("node");
                node.args(["--no-deprecation", "scenario"]);
                node.env("NODE_PATH", folder.join("node").join("node_modules"));
                node
            }
        };
        scenario.current_dir(workspace.path(&format!("crates/emulator/clients/{self}")));
        scenario.env("AZURE_CLASSIC_PROGRAM", program);
        for proxy in PROXIES {
            scenario.env_remove(proxy);
        }
        if keep_going {
            scenario.arg("--keep-going");
        }
        run_command(&mut scenario).map_or_else(ClientOutcome::Failed, |()| ClientOutcome::Passed)
    }
}

impl fmt::Display for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Python => "python",
            Self::Node => "node",
        })
    }
}

impl fmt::Display for ClientOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => formatter.write_str("passed"),
            Self::Skipped(reason) => write!(formatter, "SKIPPED: {reason}"),
            Self::Failed(reason) => write!(formatter, "FAILED: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_skips_and_a_missing_package_fails_where_all_is_demanded() {
        let no_tool = || SkipReason::MissingTool("no node".to_owned());
        let not_installed = || SkipReason::InstallFailed("no registry".to_owned());
        assert_eq!(no_tool().outcome(false), ClientOutcome::Skipped("no node".to_owned()));
        assert_eq!(no_tool().outcome(true), ClientOutcome::Skipped("no node".to_owned()));
        assert_eq!(
            not_installed().outcome(false),
            ClientOutcome::Skipped("no registry".to_owned())
        );
        assert_eq!(not_installed().outcome(true), ClientOutcome::Failed("no registry".to_owned()));
    }
}
