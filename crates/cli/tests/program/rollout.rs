//! `azure-classic rollout`, against an emulator with faults.

#[cfg(unix)]
mod crashes;
mod decisions;
mod dry_run;
mod outcomes;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::daemon::Daemon;
use crate::harness::{CONFIGURATION, CommandResult, PACKAGE, deploy_with_domains, program, run};

/// An emulator with `shop` in it, and a directory for the files of its rollout.
struct RolloutTest {
    daemon: Daemon,
    files: TempDir,
}

/// Emulated hours pass in seconds.
const SPEED: &str = "200";

impl RolloutTest {
    /// `faults`: a JSON list of faults.
    fn new(domains: u32, faults: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(path("faults.json"), faults).unwrap();
        std::fs::write(path("shop.cscfg"), CONFIGURATION).unwrap();
        let (faults, journal) = (path("faults.json"), path("journal"));
        let daemon = Daemon::start(&["--speed", SPEED, "--faults", &faults, "--journal", &journal]);
        deploy_with_domains(&daemon, domains);
        Self { daemon, files }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// `azure-classic rollout VERB`, in the directory.
    fn command(&self, verb: &str, options: &[&str]) -> Command {
        let mut command = program(&["rollout", verb]);
        command.current_dir(self.files.path()).args(options);
        command.arg("--emulator").arg(self.daemon.dir());
        command
    }

    /// A start of the version "new".
    fn start(&self, options: &[&str]) -> Command {
        let mut command = self.command("start", options);
        command.args(["--service", "contoso", "--slot", "production"]);
        command.args(["--configuration", "shop.cscfg", "--package", PACKAGE, "--label", "new"]);
        command.args(SHORT_INTERVAL);
        if !options.contains(&"--settle-time") {
            command.args(["--settle-time", "0s"]);
        }
        command
    }

    /// A command about the rollout of the default record.
    fn run_with_record(&self, verb: &str, options: &[&str]) -> CommandResult {
        run(self.command(verb, &[&["--record", RECORD], options].concat()))
    }

    /// Resumes the rollout, or reports who drives it.
    fn run_with_short_interval(&self, verb: &str) -> CommandResult {
        self.run_with_record(verb, &SHORT_INTERVAL)
    }

    fn status(&self) -> Value {
        let status = self.run_with_record("status", &["--output", "json"]).assert_exit_code(0);
        serde_json::from_str(&status.stdout).unwrap()
    }

    /// The requests that changed something, and were taken, since the deployment was made: operations.
    fn changes(&self) -> Vec<String> {
        let journal = std::fs::read_to_string(self.path("journal")).unwrap();
        let entries = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        entries
            .filter(|entry| entry["method"] != "GET" && entry["status"].as_u64() < Some(300))
            .skip(2)
            .map(|entry| entry["operation"].as_str().unwrap().to_owned())
            .collect()
    }
}

const SHORT_INTERVAL: [&str; 2] = ["--interval", "10ms"];
const RECORD: &str = "rollout-contoso-shop.json";
const UPGRADE: &str = "Upgrade Deployment";
const WALK: &str = "Walk Upgrade Domain";
const ROLLBACK: &str = "Rollback Update Or Upgrade";

/// A process that drives, ended with the test.
struct DriverProcess {
    child: Child,
    stderr: BufReader<ChildStderr>,
}

impl DriverProcess {
    fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child, stderr }
    }

    /// Waits for a line with this in it.
    fn wait_for_line(&mut self, part: &str) {
        let mut said = String::new();
        while !said.lines().last().is_some_and(|line| line.contains(part)) {
            assert_ne!(self.stderr.read_line(&mut said).unwrap(), 0, "no {part:?} in:\n{said}");
        }
    }

    /// The rest of what it says, and its exit code.
    fn finish(&mut self) -> (String, Option<i32>) {
        let mut said = String::new();
        std::io::Read::read_to_string(&mut self.stderr, &mut said).unwrap();
        (said, self.child.wait().unwrap().code())
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
