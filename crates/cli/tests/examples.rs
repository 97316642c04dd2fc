//! The examples of the other crates, against an emulator.

#[path = "program/daemon.rs"]
mod daemon;

use std::process::Command;

use self::daemon::Daemon;

/// Runs an example and returns what it printed.
fn run(package: &str, example: &str) -> String {
    let daemon = Daemon::start(&["--speed", "10"]);
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", package, "--example", example, "--", "--dir"])
        .arg(daemon.dir())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{package} {example}: {}\n{errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn protocol_example_runs_without_a_runtime() {
    let reported = run("azure-classic-protocol", "blocking_rollback");
    assert!(reported.contains("shop runs old again\n"), "{reported}");
}

#[test]
fn the_story_of_an_application() {
    let reported = run("azure-classic", "roll_back");
    assert!(reported.to_lowercase().contains("every instance runs release 42 again"), "{reported}");
}
