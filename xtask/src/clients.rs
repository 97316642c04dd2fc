//! The emulator driven by old clients that others wrote, as their registries have them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fmt, fs};

use clap::{Args, ValueEnum};

use crate::program;
use crate::workspace::{Workspace, pass};

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

/// What the scenarios need, in the versions that they were written for. The last that there were, but
/// for pyOpenSSL: the client reads publish settings with a function that later ones have no more.
const PYTHON_PACKAGES: [&str; 2] = ["azure-servicemanagement-legacy==0.20.8", "pyOpenSSL==22.1.0"];
const NODE_PACKAGES: [&str; 2] = ["azure-asm-compute@0.18.0", "azure-asm-mgmt@0.10.2"];

/// The clients would send even what is meant for this machine to a proxy.
const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Installs each client into a temporary place and runs its scenario; fails if one has failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    // With the features of the tests, so that their build is used.
    let program = program::build(workspace, "--workspace")?;
    let place = tempfile::tempdir()
        .map_err(|error| format!("a temporary directory cannot be made: {error}"))?;
    let demands_all = env::var("CI").is_ok_and(|value| value == "true");
    let clients = match options.clients.as_slice() {
        [] => Client::value_variants(),
        named => named,
    };
    let outcomes: Vec<Outcome> = clients
        .iter()
        .map(|client| {
            println!("\n=== {client}");
            let outcome = match client.install(place.path()) {
                Ok(()) => client.drive(workspace, place.path(), &program, options.keep_going),
                Err(hindrance) => hindrance.outcome(demands_all),
            };
            println!("--- {client} {outcome}");
            outcome
        })
        .collect();
    match outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Failed(_))).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} clients failed", outcomes.len())),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Skipped(String),
    Failed(String),
}

/// Why a client cannot be tried.
#[derive(Debug)]
enum Hindrance {
    /// What would install or run it is not on this machine.
    NoTool(String),
    /// The tool is there, and its registry did not give what it was asked for.
    NotInstalled(String),
}

impl Hindrance {
    fn outcome(self, demands_all: bool) -> Outcome {
        match self {
            Self::NotInstalled(reason) if demands_all => Outcome::Failed(reason),
            Self::NoTool(reason) | Self::NotInstalled(reason) => Outcome::Skipped(reason),
        }
    }
}

impl Client {
    fn install(self, place: &Path) -> Result<(), Hindrance> {
        match self {
            Self::Python => {
                let environment = place.join("python");
                let mut make = Command::new("python3");
                pass(make.args(["-m", "venv"]).arg(&environment)).map_err(Hindrance::NoTool)?;
                let mut install = Command::new(environment.join("bin").join("python"));
                let pip = "-m pip install --quiet --disable-pip-version-check --retries 1";
                pass(install.args(pip.split(' ')).args(PYTHON_PACKAGES))
            }
            Self::Node => {
                for tool in ["node", "npm"] {
                    let mut version = Command::new(tool);
                    pass(version.arg("--version").stdout(Stdio::null()))
                        .map_err(Hindrance::NoTool)?;
                }
                let modules = place.join("node").join("node_modules");
                fs::create_dir_all(modules).map_err(|error| {
                    Hindrance::NoTool(format!("{} cannot be made: {error}", place.display()))
                })?;
                let mut install = Command::new("npm");
                let npm =
                    "install --loglevel error --no-audit --no-fund --ignore-scripts --fetch-retries 1";
                install.args(npm.split(' ')).args(NODE_PACKAGES);
                pass(install.current_dir(place.join("node")))
            }
        }
        .map_err(Hindrance::NotInstalled)
    }

    fn drive(
        self,
        workspace: &Workspace,
        place: &Path,
        program: &Path,
        keep_going: bool,
    ) -> Outcome {
        let mut scenario = match self {
            Self::Python => {
                let mut python = Command::new(place.join("python").join("bin").join("python"));
                // Nothing is left beside the sources.
                python.args(["-B", "-X", "utf8", "-m", "scenario"]);
                python
            }
            Self::Node => {
                let mut node = Command::new("node");
                node.args(["--no-deprecation", "scenario"]);
                node.env("NODE_PATH", place.join("node").join("node_modules"));
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
        pass(&mut scenario).map_or_else(Outcome::Failed, |()| Outcome::Passed)
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

impl fmt::Display for Outcome {
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
        let no_tool = || Hindrance::NoTool("no node".to_owned());
        let not_installed = || Hindrance::NotInstalled("no registry".to_owned());
        assert_eq!(no_tool().outcome(false), Outcome::Skipped("no node".to_owned()));
        assert_eq!(no_tool().outcome(true), Outcome::Skipped("no node".to_owned()));
        assert_eq!(not_installed().outcome(false), Outcome::Skipped("no registry".to_owned()));
        assert_eq!(not_installed().outcome(true), Outcome::Failed("no registry".to_owned()));
    }
}
