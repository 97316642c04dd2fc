//! What `azure-classic emulator` begins with, and what it leaves behind.

use std::fs;
use std::process::Command;
use std::rc::Rc;

use crate::daemon::Daemon;
use crate::harness::{deploy, program, run, run_at};

const FIXTURE: &str = r#"{
  "services": [{
    "name": "contoso", "location": "West Europe",
    "deployments": [{
      "slot": "production", "name": "shop", "label": "old",
      "roles": [{ "name": "Web", "instances": 2 }]
    }]
  }]
}"#;

fn shown(daemon: &Daemon) -> String {
    let arguments = ["show", "deployment", "--service", "contoso", "--deployment", "shop"];
    run_at(daemon, &arguments).ended_with(0).stdout
}

#[test]
fn a_state_survives_a_stop_and_belongs_to_one_emulator() {
    let dir = Rc::new(tempfile::tempdir().unwrap());
    let state = dir.path().join("state");
    let options = ["--state", state.to_str().unwrap(), "--speed", "1000"];
    let daemon = Daemon::start_in(&dir, &options);
    deploy(&daemon);
    let before = shown(&daemon);

    let other = tempfile::tempdir().unwrap();
    let mut command = program(&["emulator", "--state", state.to_str().unwrap(), "--dir"]);
    command.arg(other.path());
    let refused = run(command).ended_with(2).stderr;
    assert_eq!(
        refused,
        format!(
            "error: the emulator cannot keep its state in {}\ncaused by: another emulator is using it\n",
            state.display()
        )
    );

    let mut daemon = daemon;
    let sent = Command::new("kill").args(["-TERM", &daemon.child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    assert!(daemon.child.wait().unwrap().success());
    let daemon = Daemon::start_in(&dir, &options);
    assert_eq!(shown(&daemon), before);
}

#[test]
fn a_fixture_is_there_at_once_and_counts_for_a_new_state_only() {
    let dir = Rc::new(tempfile::tempdir().unwrap());
    let (state, fixture) = (dir.path().join("state"), dir.path().join("fixture.json"));
    fs::write(&fixture, FIXTURE).unwrap();
    let options = ["--state", state.to_str().unwrap(), "--fixture", fixture.to_str().unwrap()];
    let daemon = Daemon::start_in(&dir, &options);
    assert!(shown(&daemon).contains("Running"), "{}", shown(&daemon));
    drop(daemon);

    fs::write(&fixture, FIXTURE.replace("contoso", "fabrikam")).unwrap();
    let daemon = Daemon::start_in(&dir, &options);
    assert!(shown(&daemon).contains("Running"), "{}", shown(&daemon));
}

#[test]
fn what_cannot_be_begun_with_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    let place = file.display();
    for (content, flag, expected) in [
        ("{", "--fixture", format!("error: the fixture in {place} cannot be used\ncaused by: EOF while parsing")),
        (
            r#"{ "services": [{ "name": "a" }] }"#,
            "--fixture",
            "error: the fixture cannot be used\ncaused by: services[0]: give exactly one of location and affinity_group\n".to_owned(),
        ),
        (
            r#"{ "format": 9 }"#,
            "--load",
            "error: the saved cloud cannot be loaded\ncaused by: the saved cloud has the format 9; this version of the emulator reads 1\n".to_owned(),
        ),
        (
            "no state at all",
            "--state",
            format!("error: the emulator cannot keep its state in {place}\ncaused by: not a state file, or corrupt; move it aside to start fresh\ncaused by: "),
        ),
    ] {
        fs::write(&file, content).unwrap();
        let mut command = program(&["emulator", flag]);
        command.arg(&file).arg("--dir").arg(dir.path());
        let refused = run(command).ended_with(2).stderr;
        assert!(refused.starts_with(&expected), "{refused}");
    }
}
