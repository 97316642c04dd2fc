//! The process that drives is killed or interrupted, and another one goes on.

use std::process::Command;

use super::{Driver, ROLLBACK, Stage, UPGRADE, WALK};

/// The answer to a request comes so late that nobody hears it.
fn deaf(operation: &str, nth: u32) -> String {
    format!(
        r#"[{{ "id": "deaf", "when": {{ "operations": ["{operation}"], "nth": {nth} }},
              "effect": {{ "slow": {{ "seconds": 100000, "after_work": true }} }} }}]"#
    )
}

/// Kills the process when the service shows that it has done what the answer would have said.
fn kill_unanswered(
    stage: &Stage,
    mut driver: Driver,
    is_done: impl Fn(&serde_json::Value) -> bool,
) {
    while !stage.path(super::RECORD).exists() || !is_done(&stage.status()) {
        std::thread::yield_now();
    }
    driver.child.kill().unwrap();
    driver.child.wait().unwrap();
}

#[test]
fn killed_before_the_answer_to_the_start() {
    let stage = Stage::set(2, &deaf(UPGRADE, 1));
    let driver = Driver::spawn(stage.start(&[]));
    kill_unanswered(&stage, driver, |status| !status["standing"]["update"].is_null());
    assert_eq!(stage.status()["phase"], "starting");
    let outcome = stage.take_up("resume").ended_with(0);
    assert!(outcome.stdout.starts_with("upgraded: shop (\"new\")"), "{}", outcome.stdout);
    assert_eq!(stage.changes(), [UPGRADE, WALK, WALK]);
}

#[test]
fn killed_before_the_answer_to_a_walk() {
    let stage = Stage::set(5, &deaf(WALK, 2));
    let driver = Driver::spawn(stage.start(&[]));
    kill_unanswered(&stage, driver, |status| {
        status["begun"] == 1 && status["standing"]["update"]["CurrentUpgradeDomain"] == 2
    });
    stage.take_up("resume").ended_with(0);
    assert_eq!(stage.changes(), [UPGRADE, WALK, WALK, WALK, WALK, WALK]);
}

#[test]
fn killed_at_a_gate_and_on_the_way_back() {
    let stage = Stage::set(2, "[]");
    let mut driver = Driver::spawn(stage.start(&["--settle", "1s"]));
    driver.until("domain 0: in work");
    driver.child.kill().unwrap();
    driver.end();
    let mut driver =
        Driver::spawn(stage.command("abort", &["--record", super::RECORD, "--interval", "10ms"]));
    driver.until("the rollback is accepted");
    driver.child.kill().unwrap();
    driver.end();
    let outcome = stage.take_up("resume").ended_with(4);
    assert!(outcome.stdout.starts_with("rolled back: shop (\"old\")"), "{}", outcome.stdout);
    assert_eq!(stage.changes(), [UPGRADE, WALK, ROLLBACK]);
}

#[test]
fn probes_end_when_the_driver_is_killed() {
    for signal in ["KILL", "ABRT", "HUP"] {
        let stage = Stage::set(2, "[]");
        let group = stage.path("group");
        let probe = "echo $$ > group.new; mv group.new group; sleep 1000; true";
        let mut driver = Driver::spawn(stage.start(&["--probe", probe]));
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
    let stage = Stage::set(2, "[]");
    for signal in ["INT", "TERM", "HUP"] {
        let verb = if stage.path(super::RECORD).exists() {
            stage.command("resume", &["--record", super::RECORD, "--interval", "10ms"])
        } else {
            stage.start(&["--settle", "1h"])
        };
        let mut driver = Driver::spawn(verb);
        driver.until("domain 1, rollback allowed");
        let id = driver.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let (said, code) = driver.end();
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
fn a_word_that_nobody_took_gives_way_to_the_next_command() {
    let stage = Stage::set(2, "[]");
    let mut driver = Driver::spawn(stage.start(&["--settle", "1s"]));
    driver.until("domain 0: in work");
    driver.child.kill().unwrap();
    driver.end();
    // As the command leaves it when the process ends before it looks.
    std::fs::write(stage.path("rollout-contoso-shop.json.control"), "pause").unwrap();
    stage.take_up("promote").ended_with(0);
    assert!(!stage.path("rollout-contoso-shop.json.control").exists());
}
