//! The initial state of `azure-classic emulator`, and its state after a stop.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use crate::daemon::Daemon;
use crate::harness::{deploy, emulator_json_field, program, run, run_at};

const FIXTURE: &str = r#"{
  "services": [{
    "name": "contoso", "location": "West Europe",
    "deployments": [{
      "slot": "production", "name": "shop", "label": "old",
      "roles": [{ "name": "Web", "instances": 2 }]
    }]
  }]
}"#;

fn deployment_text(daemon: &Daemon) -> String {
    let arguments = ["show", "deployment", "--service", "contoso", "--deployment", "shop"];
    run_at(daemon, &arguments).assert_exit_code(0).stdout
}

#[test]
fn a_state_survives_a_stop_and_belongs_to_one_emulator() {
    let dir = Rc::new(tempfile::tempdir().unwrap());
    let state = dir.path().join("state");
    let options = ["--state", state.to_str().unwrap(), "--speed", "1000"];
    let daemon = Daemon::start_in(&dir, &options);
    deploy(&daemon);
    let before = deployment_text(&daemon);

    let other = tempfile::tempdir().unwrap();
    let mut command = program(&["emulator", "--state", state.to_str().unwrap(), "--dir"]);
    command.arg(other.path());
    let refused = run(command).assert_exit_code(2).stderr;
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
    assert_eq!(deployment_text(&daemon), before);
}

#[test]
fn a_fixture_is_there_at_once_and_counts_for_a_new_state_only() {
    let dir = Rc::new(tempfile::tempdir().unwrap());
    let (state, fixture) = (dir.path().join("state"), dir.path().join("fixture.json"));
    fs::write(&fixture, FIXTURE).unwrap();
    let options = ["--state", state.to_str().unwrap(), "--fixture", fixture.to_str().unwrap()];
    let daemon = Daemon::start_in(&dir, &options);
    assert!(deployment_text(&daemon).contains("Running"), "{}", deployment_text(&daemon));
    drop(daemon);

    fs::write(&fixture, FIXTURE.replace("contoso", "fabrikam")).unwrap();
    let daemon = Daemon::start_in(&dir, &options);
    assert!(deployment_text(&daemon).contains("Running"), "{}", deployment_text(&daemon));
}

#[test]
fn what_cannot_be_started_with_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    let path = file.display();
    for (content, flag, expected) in [
        ("{", "--fixture", format!("error: the fixture in {path} cannot be used\ncaused by: EOF while parsing")),
        (
            r#"{ "services": [{ "name": "a" }] }"#,
            "--fixture",
            "error: the fixture cannot be used\ncaused by: services[0]: give exactly one of location and affinity_group\n".to_owned(),
        ),
        (
            r#"{ "format": 9 }"#,
            "--load",
            "error: the saved state cannot be loaded\ncaused by: the saved state has format 9; this version of the emulator reads format 1\n".to_owned(),
        ),
        (
            "no state at all",
            "--state",
            format!("error: the emulator cannot keep its state in {path}\ncaused by: not a state file, or corrupt; move it aside to start fresh\ncaused by: "),
        ),
    ] {
        fs::write(&file, content).unwrap();
        let mut command = program(&["emulator", flag]);
        command.arg(&file).arg("--dir").arg(dir.path());
        let refused = run(command).assert_exit_code(2).stderr;
        assert!(refused.starts_with(&expected), "{refused}");
    }
}

#[test]
fn a_directory_belongs_to_one_daemon() {
    let daemon = Daemon::start(&[]);
    let mut command = program(&["emulator", "--dir"]);
    command.arg(daemon.dir());
    let refused = run(command).assert_exit_code(1);
    let endpoint = emulator_json_field(daemon.dir(), "endpoint");
    let expected = format!(
        "caused by: another emulator at {endpoint} is using it; stop that one, or give this one another \
         directory\n"
    );
    assert!(refused.stderr.ends_with(&expected), "{}", refused.stderr);
    assert_eq!(refused.stdout, "");
    // The first one is as it was.
    run_at(&daemon, &["doctor", "--connect"]).assert_exit_code(0);
}

#[cfg(unix)]
#[test]
fn access_that_others_have_or_had_is_reported_at_the_start() {
    use std::os::unix::fs::PermissionsExt as _;

    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let dir = Rc::new(tempfile::tempdir().unwrap());
    let log = dir.path().join("stderr");
    let notices = || {
        drop(Daemon::start_with(&dir, &[], fs::File::create(&log).unwrap()));
        fs::read_to_string(&log).unwrap()
    };
    assert_eq!(notices(), "");

    set(dir.path(), 0o777);
    set(&dir.path().join("server.pem"), 0o644);
    let text = notices();
    let [directory, key] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert!(directory.starts_with("azure-classic: "), "{directory}");
    assert!(directory.contains("can be written by all users (mode 0777)"), "{directory}");
    assert!(key.contains("server.pem had the mode 0644 and has 0600 now"), "{key}");

    // The key is private now, and the directory is as the user has it.
    assert_eq!(notices(), format!("{directory}\n"));
    set(dir.path(), 0o700);
    assert_eq!(notices(), "");
}

#[cfg(unix)]
#[test]
fn a_state_that_cannot_be_saved_at_the_end_fails_the_daemon() {
    for replacement in [None, Some("another file")] {
        let dir = Rc::new(tempfile::tempdir().unwrap());
        let (state, log) = (dir.path().join("state"), dir.path().join("stderr"));
        let options = ["--state", state.to_str().unwrap(), "--speed", "1000"];
        let mut daemon = Daemon::start_with(&dir, &options, fs::File::create(&log).unwrap());
        deploy(&daemon);
        fs::remove_file(&state).unwrap();
        if let Some(text) = replacement {
            fs::write(&state, text).unwrap();
        }
        let sent = Command::new("kill").args(["-TERM", &daemon.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        assert_eq!(daemon.child.wait().unwrap().code(), Some(1), "{replacement:?}");
        let text = fs::read_to_string(&log).unwrap();
        let expected = format!(
            "error: the emulator cannot keep its state in {}\ncaused by: the last state was not written: \
             the file was removed or replaced while the emulator ran\n",
            state.display()
        );
        assert!(text.ends_with(&expected), "{text}");
        // A foreign file is not removed, but the announcement is.
        assert_eq!(fs::read_to_string(&state).ok().as_deref(), replacement);
        assert!(!dir.path().join("emulator.json").exists());
    }
}
