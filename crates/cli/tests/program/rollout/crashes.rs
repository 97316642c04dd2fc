//! The process that drives is killed or interrupted, and another one goes on.

use std::process::Command;

use super::{DriverProcess, ROLLBACK, RolloutTest, UPGRADE, WALK};

/// The response to a request comes so late that the client is gone.
fn pending_request(operation: &str, nth: u32) -> String {
    format!(
        r#"[{{ "id": "deaf", "when": {{ "operations": ["{operation}"], "nth": {nth} }},
              "effect": {{ "slow": {{ "seconds": 100000, "after_processing": true }} }} }}]"#
    )
}

/// Kills the process when the state of the service shows the effect of the request.
fn kill_before_response(
    stage: &RolloutTest,
    mut driver: DriverProcess,
    is_done: impl Fn(&serde_json::Value) -> bool,
) {
    while !stage.path(super::RECORD).exists() || !is_done(&stage.status()) {
        std::thread::yield_now();
    }
    driver.child.kill().unwrap();
    driver.child.wait().unwrap();
}

#[test]
fn killed_before_the_response_to_the_start() {
    let stage = RolloutTest::new(2, &pending_request(UPGRADE, 1));
    let driver = DriverProcess::spawn(stage.start(&[]));
    kill_before_response(&stage, driver, |status| !status["summary"]["update"].is_null());
    assert_eq!(stage.status()["phase"], "starting");
    let outcome = stage.run_with_short_interval("resume").assert_exit_code(0);
    assert!(outcome.stdout.starts_with("upgraded: shop (\"new\")"), "{}", outcome.stdout);
    assert_eq!(stage.changes(), [UPGRADE, WALK, WALK]);
}

#[test]
fn killed_before_the_response_to_a_walk() {
    let stage = RolloutTest::new(5, &pending_request(WALK, 2));
    let driver = DriverProcess::spawn(stage.start(&[]));
    kill_before_response(&stage, driver, |status| {
        status["started_domains"] == 1 && status["summary"]["update"]["CurrentUpgradeDomain"] == 2
    });
    stage.run_with_short_interval("resume").assert_exit_code(0);
    assert_eq!(stage.changes(), [UPGRADE, WALK, WALK, WALK, WALK, WALK]);
}

#[test]
fn killed_at_a_gate_and_on_the_way_back() {
    let stage = RolloutTest::new(2, "[]");
    let mut driver = DriverProcess::spawn(stage.start(&["--settle-time", "1s"]));
    driver.wait_for_line("domain 0: in progress");
    driver.child.kill().unwrap();
    driver.finish();
    let mut driver = DriverProcess::spawn(
        stage.command("abort", &["--record", super::RECORD, "--interval", "10ms"]),
    );
    driver.wait_for_line("the rollback is accepted");
    driver.child.kill().unwrap();
    driver.finish();
    let outcome = stage.run_with_short_interval("resume").assert_exit_code(4);
    assert!(outcome.stdout.starts_with("rolled back: shop (\"old\")"), "{}", outcome.stdout);
    assert_eq!(stage.changes(), [UPGRADE, WALK, ROLLBACK]);
}

#[test]
fn probes_end_when_the_driver_is_killed() {
    for signal in ["KILL", "ABRT", "HUP"] {
        let stage = RolloutTest::new(2, "[]");
        let group = stage.path("group");
        let probe = "echo $$ > group.new; mv group.new group; sleep 1000; true";
        let mut driver = DriverProcess::spawn(stage.start(&["--probe", probe]));
        while !group.exists() {
            std::thread::yield_now();
        }
        let id = driver.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        driver.child.wait().unwrap();
        let group = format!("-{}", std::fs::read_to_string(group).unwrap().trim());
        while Command::new("kill")
            .args(["-s", "0", "--", &group])
            .output()
            .unwrap()
            .status
            .success()
        {
            std::thread::yield_now();
        }
    }
}

#[test]
fn ctrl_c_says_how_to_go_on() {
    let stage = RolloutTest::new(2, "[]");
    for signal in ["INT", "TERM", "HUP"] {
        let verb = if stage.path(super::RECORD).exists() {
            stage.command("resume", &["--record", super::RECORD, "--interval", "10ms"])
        } else {
            stage.start(&["--settle-time", "1h"])
        };
        let mut driver = DriverProcess::spawn(verb);
        driver.wait_for_line("domain 1, rollback allowed");
        let id = driver.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let (said, code) = driver.finish();
        assert_eq!(code, Some(130), "{said}");
        for part in
            ["nothing was rolled back: shop", "azure-classic rollout resume --record rollout"]
        {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    assert_eq!(stage.changes(), [UPGRADE, WALK]);
}

#[test]
fn unaccepted_control_request_is_replaced() {
    let stage = RolloutTest::new(2, "[]");
    let mut driver = DriverProcess::spawn(stage.start(&["--settle-time", "1s"]));
    driver.wait_for_line("domain 0: in progress");
    driver.child.kill().unwrap();
    driver.finish();
    // As the command leaves it when the process ends before it looks.
    std::fs::write(stage.path("rollout-contoso-shop.json.control"), "pause").unwrap();
    stage.run_with_short_interval("promote").assert_exit_code(0);
    assert!(!stage.path("rollout-contoso-shop.json.control").exists());
}
