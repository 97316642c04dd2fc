//! Runs the fuzz targets of the package in `fuzz`, which stands outside the workspace.

mod libfuzzer;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use std::{fs, thread};

use clap::Args;

use self::libfuzzer::FuzzRun;
use crate::workspace::{Workspace, run_command};

/// Which targets run, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long to fuzz in all; the targets share it equally, two at a time.
    #[arg(long, value_name = "TIME", default_value_t = 60)]
    seconds: u64,
    /// Run this target alone; may be given several times.
    #[arg(long = "target", value_name = "TARGET")]
    targets: Vec<String>,
    /// Where libFuzzer's random numbers start; 0 for another start each time.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u32,
    /// Replay the corpora instead, without instrumentation and without a C++ compiler.
    #[arg(long)]
    replay: bool,
    /// With --replay, replay these inputs of one target.
    #[arg(value_name = "INPUT", requires = "replay")]
    inputs: Vec<PathBuf>,
}

impl Options {
    /// All targets, for this many seconds together, from the same seed each time: a change is not rejected
    /// for what another one did.
    pub(crate) fn for_seconds(seconds: u64) -> Self {
        Self { seconds, targets: Vec::new(), seed: 1, replay: false, inputs: Vec::new() }
    }

    /// All corpora.
    pub(crate) fn replay() -> Self {
        Self { replay: true, ..Self::for_seconds(0) }
    }
}

/// Where the package stands, and where its programs are built.
const MANIFEST: &str = "fuzz/Cargo.toml";
const REPLAY_DIRECTORY: &str = "target/fuzz-replay";

/// How many targets run at a time.
const JOBS: u64 = 2;

/// Fails for an input that a target does not pass; prints its path and how to replay it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    let targets = chosen(targets(workspace)?, &options.targets)?;
    match (options.replay, targets.as_slice()) {
        (false, targets) => fuzz(workspace, targets, options.seconds, options.seed),
        (true, [target]) if !options.inputs.is_empty() => {
            replay_inputs(workspace, target, &options.inputs)
        }
        (true, _) if !options.inputs.is_empty() => {
            Err("name the target of the inputs with --target".to_owned())
        }
        (true, targets) => replay(workspace, targets),
    }
}

/// Whether libFuzzer can be built here.
pub(crate) fn has_compiler() -> bool {
    libfuzzer::has_compiler()
}

/// The names of all targets: each is a program in `fuzz/src/bin`.
fn targets(workspace: &Workspace) -> Result<Vec<String>, String> {
    let directory = workspace.path("fuzz/src/bin");
    let entries = fs::read_dir(&directory)
        .map_err(|error| format!("{} cannot be read: {error}", directory.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn chosen(all: Vec<String>, wanted: &[String]) -> Result<Vec<String>, String> {
    match wanted.iter().find(|wanted| !all.contains(wanted)) {
        Some(unknown) => {
            Err(format!("no fuzz target is called {unknown:?}; there are {}", all.join(", ")))
        }
        None if wanted.is_empty() => Ok(all),
        None => Ok(wanted.to_vec()),
    }
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(arguments).args(["--locked", "--manifest-path", MANIFEST]);
    cargo
}

/// Lints the targets, in the plain build that needs no C++ compiler.
pub(crate) fn clippy(workspace: &Workspace) -> Result<(), String> {
    let mut clippy = cargo(workspace, &["clippy", "--all-targets"]);
    clippy.args(["--target-dir", REPLAY_DIRECTORY, "--", "-D", "warnings"]);
    run_command(&mut clippy)
}

fn replay(workspace: &Workspace, targets: &[String]) -> Result<(), String> {
    let mut test = cargo(workspace, &["test", "--lib"]);
    test.args(["--target-dir", REPLAY_DIRECTORY]);
    for target in targets {
        test.args(["--bin", target]);
    }
    run_command(&mut test)
}

fn replay_inputs(workspace: &Workspace, target: &str, inputs: &[PathBuf]) -> Result<(), String> {
    let mut run = cargo(workspace, &["run", "--bin", target]);
    run_command(run.args(["--target-dir", REPLAY_DIRECTORY, "--"]).args(inputs))
}

fn fuzz(workspace: &Workspace, targets: &[String], seconds: u64, seed: u32) -> Result<(), String> {
    let programs = libfuzzer::build(workspace)?;
    let rounds = (targets.len() as u64).div_ceil(JOBS).max(1);
    let time = Duration::from_secs((seconds / rounds).max(1));
    println!("{} targets, {} s each, {JOBS} at a time", targets.len(), time.as_secs());
    let mut runs: Vec<FuzzRun> = Vec::new();
    for pair in targets.chunks(usize::try_from(JOBS).unwrap_or(1)) {
        let started: Vec<_> = pair
            .iter()
            .map(|target| {
                let (workspace, programs) = (workspace.path(""), programs.clone());
                let target = target.clone();
                thread::spawn(move || FuzzRun::execute(&workspace, &programs, &target, time, seed))
            })
            .collect();
        for run in started {
            let run = run.join().map_err(|_| "a thread that runs a target failed".to_owned())??;
            println!("{run}");
            runs.push(run);
        }
    }
    let executions: u64 = runs.iter().map(|run| run.executions).sum();
    let found = runs.iter().filter(|run| run.crash.is_some()).count();
    println!("fuzz: {} targets, {executions} executions, {found} findings", runs.len());
    if found == 0 { Ok(()) } else { Err(format!("{found} targets have a finding")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn targets_are_chosen_by_name() {
        let all = names(&["a", "b"]);
        assert_eq!(chosen(all.clone(), &[]), Ok(all.clone()));
        assert_eq!(chosen(all.clone(), &names(&["b"])), Ok(names(&["b"])));
        let unknown = chosen(all, &names(&["c"])).unwrap_err();
        assert_eq!(unknown, "no fuzz target is called \"c\"; there are a, b");
    }
}
