use std::io::{Read as _, Write as _};
use std::process::Command;

use crate::daemon::Daemon;
use crate::harness::{emulator_json_field, program, run, run_at};

#[test]
fn it_says_how_to_use_it() {
    let mut daemon = Daemon::start(&["--subscription", "0b7a5c5e-3d3c-4a4e-8a5c-6f1d2e3c4b5a"]);
    let mut text = String::new();
    while !text.contains("curl --cacert") {
        let line = daemon.read_line();
        assert_ne!(line, "", "it ended after:\n{text}");
        text.push_str(&line);
    }
    let dir = daemon.dir().display();
    assert!(text.contains(&format!("export AZURE_CLASSIC_EMULATOR={dir}\n")), "{text}");
    for name in ["emulator.publishsettings", "management.pfx"] {
        let path = daemon.dir().join(name);
        assert!(text.contains(&format!(" {}, ", path.display())), "{text}");
    }
    let address = format!(
        "{}/0b7a5c5e-3d3c-4a4e-8a5c-6f1d2e3c4b5a/services/hostedservices/contoso\n",
        emulator_json_field(daemon.dir(), "endpoint")
    );
    assert!(text.ends_with(&address), "{text}");

    let outcome = run_at(&daemon, &["show", "service", "contoso"]).assert_exit_code(1);
    assert!(outcome.stderr.contains("The hosted service does not exist."), "{}", outcome.stderr);
}

/// Sent as shells and supervisors send it.
#[cfg(unix)]
fn signal(daemon: &mut Daemon, name: &str) -> Option<i32> {
    let sent = Command::new("kill").args([name, &daemon.child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let mut rest = String::new();
    daemon.stdout.read_to_string(&mut rest).unwrap();
    daemon.child.wait().unwrap().code()
}

#[cfg(unix)]
#[test]
fn signals_stop_it_and_remove_emulator_json() {
    for name in ["-INT", "-TERM", "-HUP"] {
        let mut daemon = Daemon::start(&[]);
        let announcement = daemon.dir().join("emulator.json");
        assert!(announcement.exists());
        assert_eq!(signal(&mut daemon, name), Some(0), "{name}");
        assert!(!announcement.exists(), "{name}");

        let outcome = run_at(&daemon, &["show", "service", "contoso"]).assert_exit_code(2);
        let dir = daemon.dir().display();
        assert!(
            outcome.stderr.ends_with(&format!(
                "hint: start an emulator first: azure-classic emulator --dir {dir}\n"
            )),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let daemon = Daemon::start(&[]);
    let address = emulator_json_field(daemon.dir(), "endpoint").replace("https://", "");
    let other = tempfile::tempdir().unwrap();
    let mut command = program(&["emulator", "--listen", &address, "--dir"]);
    command.arg(other.path());
    let outcome = run(command).assert_exit_code(1);
    assert!(
        outcome
            .stderr
            .starts_with(&format!("error: the emulator cannot listen on {address}\ncaused by: ")),
        "{}",
        outcome.stderr
    );
}

#[test]
fn faults_come_from_a_file_and_requests_go_into_a_journal() {
    let files = tempfile::tempdir().unwrap();
    let (faults, journal) = (files.path().join("faults.json"), files.path().join("journal"));
    let rule = r#"[{ "id": "gone", "effect": { "respond": { "status": 404, "code": "ResourceNotFound", "message": "As the fault says." } } }]"#;
    std::fs::write(&faults, rule).unwrap();
    let [faults, path] = [&faults, &journal].map(|path| path.to_str().unwrap());
    let daemon = Daemon::start(&["--faults", faults, "--journal", path]);
    let outcome = run_at(&daemon, &["show", "service", "contoso"]).assert_exit_code(1);
    assert!(outcome.stderr.contains("As the fault says."), "{}", outcome.stderr);

    let text = std::fs::read_to_string(&journal).unwrap();
    let [line] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(entry["operation"], "Get Cloud Service Properties");
    assert_eq!(entry["status"], 404);
    assert_eq!(entry["faults"], serde_json::json!(["gone"]));
}

#[test]
fn invalid_fault_is_rejected_with_its_path() {
    let files = tempfile::tempdir().unwrap();
    let faults = files.path().join("faults.json");
    let fault = r#"{ "id": "busy", "when": { "nht": 3 }, "effect": "never_starts" }"#;
    std::fs::write(&faults, format!("[{fault}]")).unwrap();
    let mut command = program(&["emulator", "--dir"]);
    command.arg(files.path().join("emulator")).arg("--faults").arg(&faults);
    let outcome = run(command).assert_exit_code(2);
    let expected = format!(
        "error: the faults in {} cannot be used\n\
         caused by: entry 1: when.nht: unknown field `nht`, expected one of `operations`",
        faults.display()
    );
    assert!(outcome.stderr.starts_with(&expected), "{}", outcome.stderr);
    let missing = files.path().join("missing.json");
    let mut command = program(&["emulator", "--dir"]);
    command.arg(files.path().join("emulator")).arg("--faults").arg(&missing);
    let outcome = run(command).assert_exit_code(2);
    assert!(
        outcome.stderr.contains("missing.json cannot be read\ncaused by: "),
        "{}",
        outcome.stderr
    );
}

/// The response of the admin port, as JSON.
fn admin(daemon: &Daemon, request: &str, body: &str) -> serde_json::Value {
    let url = emulator_json_field(daemon.dir(), "admin");
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let head = format!(
        "{request} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[test]
fn manual_clock_is_stepped_by_the_admin_port_and_timing_read_from_a_file() {
    let files = tempfile::tempdir().unwrap();
    let timing = files.path().join("timing.json");
    std::fs::write(&timing, r#"{ "operation": { "seconds": 3600 }, "jitter_percent": 0 }"#)
        .unwrap();
    let fixture = files.path().join("fixture.json");
    let contoso = r#"{ "services": [{ "name": "contoso", "location": "West US", "deployments": [
        { "slot": "production", "name": "shop", "roles": [{ "name": "Web", "instances": 2 }] }] }] }"#;
    std::fs::write(&fixture, contoso).unwrap();
    let [timing, fixture] = [&timing, &fixture].map(|path| path.to_str().unwrap());
    let daemon = Daemon::start(&["--manual-clock", "--timing", timing, "--fixture", fixture]);
    assert_eq!(admin(&daemon, "GET /health", "")["speed"], 0.0);

    let deployment = &admin(&daemon, "GET /snapshot", "")["services"][0]["deployments"][0];
    assert_eq!(deployment["domains"][1][0]["name"], "Web_IN_1");
    assert_eq!(deployment["locked_by"], serde_json::Value::Null);
    let stepped = admin(&daemon, "POST /step", r#"{ "seconds": 1800 }"#);
    let started = stepped["elapsed_seconds"].as_f64().unwrap();
    assert_eq!(admin(&daemon, "GET /health", "")["elapsed_seconds"], started);
}

#[test]
fn invalid_timing_is_rejected_with_its_path() {
    let files = tempfile::tempdir().unwrap();
    let timing = files.path().join("timing.json");
    std::fs::write(&timing, r#"{ "states": { "Busy": { "polls": 1 } } }"#).unwrap();
    let mut command = program(&["emulator", "--dir"]);
    command.arg(files.path().join("emulator")).arg("--timing").arg(&timing);
    let outcome = run(command).assert_exit_code(2);
    assert!(outcome.stderr.contains("unknown variant `Busy`"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("timing.json"), "{}", outcome.stderr);
}
