//! libFuzzer's programs: built with coverage counters, run with limits, and read for what they found.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{MANIFEST, cargo};
use crate::workspace::{Workspace, output_of, run_command};

/// Coverage counters as libFuzzer reads them, without a sanitizer: the crates forbid `unsafe`, and a
/// sanitizer needs a nightly compiler.
const FLAGS: &[&str] = &[
    "--cfg",
    "fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Where the programs are built, where grown corpora stay, and where findings are stored.
const DIRECTORY: &str = "target/fuzz";

/// The limits of one input, in seconds, MiB and bytes.
const INPUT_SECONDS: u32 = 5;
const MEMORY: u32 = 1024;
const INPUT_BYTES: u32 = 64 << 10;

/// Builds all targets, and returns the folder of the programs.
pub(super) fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    let host = host(workspace)?;
    let mut build = cargo(workspace, &["build", "--release", "--bins"]);
    // Named, so that build scripts and macros are not instrumented.
    build.args(["--target", &host, "--target-dir", DIRECTORY]);
    build.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    run_command(&mut build)
        .map_err(|error| format!("{error}; {MANIFEST} needs a C++ compiler for libFuzzer"))?;
    Ok(workspace.path(DIRECTORY).join(host).join("release"))
}

/// Whether there is a C++ compiler, found as the `cc` crate finds it.
pub(super) fn has_compiler() -> bool {
    let compiler = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let mut version = Command::new(compiler);
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// The platform that the compiler builds for.
fn host(workspace: &Workspace) -> Result<String, String> {
    let version = output_of(workspace.command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "`rustc -vV` names no host".to_owned())
}

/// The result of one target.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FuzzRun {
    target: String,
    pub(super) executions: u64,
    /// The most memory that the program had, in MiB.
    memory: u64,
    pub(super) crash: Option<Crash>,
}

/// An input that a target does not pass.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crash {
    path: PathBuf,
    /// The output of the program about it.
    report: String,
}

impl FuzzRun {
    /// Fuzzes a target, from its corpus and from what earlier runs have added to it.
    pub(super) fn execute(
        workspace: &Path,
        programs: &Path,
        target: &str,
        time: Duration,
        seed: u32,
    ) -> Result<Self, String> {
        let grown = workspace.join(DIRECTORY).join("corpus").join(target);
        let artifacts = workspace.join(DIRECTORY).join("findings").join(target);
        for folder in [&grown, &artifacts] {
            fs::create_dir_all(folder)
                .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        }
        let mut program = Command::new(programs.join(target));
        program.current_dir(workspace).stdin(Stdio::null());
        program.arg(format!("-max_total_time={}", time.as_secs()));
        program.arg(format!("-seed={seed}"));
        program.arg(format!("-timeout={INPUT_SECONDS}"));
        program.arg(format!("-rss_limit_mb={MEMORY}"));
        program.arg(format!("-max_len={INPUT_BYTES}"));
        program.arg(format!("-artifact_prefix={}/", artifacts.display()));
        program.args(["-print_final_stats=1", "-reload=0"]);
        program.arg(format!("-dict={}", workspace.join("fuzz/dictionary.txt").display()));
        program.arg(grown).arg(workspace.join("fuzz/corpus").join(target));
        let output = program
            .output()
            .map_err(|error| format!("the fuzz target {target} cannot be started: {error}"))?;
        let run = Self::read(target, &String::from_utf8_lossy(&output.stderr));
        if !output.status.success() && run.crash.is_none() {
            return Err(format!("the fuzz target {target} ended with {}", output.status));
        }
        Ok(run)
    }

    /// Reads what libFuzzer printed.
    fn read(target: &str, log: &str) -> Self {
        let number = |name: &str| -> u64 {
            let line = log.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim().parse().ok()).unwrap_or_default()
        };
        // Each line of progress begins with the number of executions; the last one counts where a
        // finding has ended the run before its statistics.
        let counted = log
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix('#')?.split_ascii_whitespace().next()?.parse().ok());
        let path = log.lines().find_map(|line| line.split_once("Test unit written to "));
        Self {
            target: target.to_owned(),
            executions: number("stat::number_of_executed_units:").max(counted.unwrap_or_default()),
            memory: number("stat::peak_rss_mb:"),
            crash: path
                .map(|(_, path)| Crash { path: PathBuf::from(path.trim()), report: report(log) }),
        }
    }
}

/// The panic, or the end where there is none: too much time or memory.
fn report(log: &str) -> String {
    const SHOWN: usize = 12;
    let lines: Vec<&str> = log.lines().collect();
    let panic = lines.iter().position(|line| line.contains("panicked at"));
    let first = panic.unwrap_or(lines.len().saturating_sub(SHOWN));
    lines[first..].iter().take(SHOWN).copied().collect::<Vec<_>>().join("\n")
}

impl fmt::Display for FuzzRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, executions, memory, crash: finding } = self;
        write!(f, "{target:<20} {executions:>10} executions, at most {memory} MiB")?;
        if let Some(Crash { path, report }) = finding {
            let path = path.display();
            write!(
                f,
                "\n{report}\nFOUND: {path}\nreplay it: cargo xtask fuzz --target {target} --replay {path}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_finding_has_its_statistics() {
        let log = "INFO: seed\n#2\tINITED cov: 5\n#4096\tpulse  cov: 9\nDone 5000 runs in 3 second(s)\n\
                   stat::number_of_executed_units: 5000\nstat::peak_rss_mb:              61\n";
        let run = FuzzRun::read("a", log);
        assert_eq!((run.executions, run.memory, run.crash), (5000, 61, None));
    }

    #[test]
    fn a_finding_has_its_path_and_the_command_that_replays_it() {
        let log = "#2\tINITED cov: 5\n#77\tNEW    cov: 6\nthread 'a' panicked at b.rs:1\nno way\nSUMMARY: deadly signal\n\
                   artifact_prefix='x/'; Test unit written to target/fuzz/findings/a/crash-1\n";
        let run = FuzzRun::read("a", log);
        assert_eq!(run.executions, 77);
        let shown = run.to_string();
        assert!(shown.contains("\nthread 'a' panicked at b.rs:1\nno way\n"), "{shown}");
        let replay = "cargo xtask fuzz --target a --replay target/fuzz/findings/a/crash-1";
        assert!(shown.ends_with(replay), "{shown}");
    }
}
