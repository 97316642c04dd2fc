//! People decide: while a process drives, and when none does.

use super::{DriverProcess, RECORD, ROLLBACK, RolloutTest, UPGRADE, WALK};
use crate::harness::run;

/// A process that waits at the gate of domain 0.
fn at_the_gate(stage: &RolloutTest) -> DriverProcess {
    let mut driver = DriverProcess::spawn(stage.start(&["--settle-time", "1h"]));
    driver.wait_for_line("domain 0: in progress");
    driver
}

#[test]
fn driver_accepts_control_requests() {
    let stage = RolloutTest::new(2, "[]");
    let mut driver = at_the_gate(&stage);
    let taken = stage.run_with_record("pause", &[]).assert_exit_code(0);
    let id = driver.child.id();
    assert!(
        taken.stdout.starts_with(&format!("the process {id} has taken \"pause\"")),
        "{}",
        taken.stdout
    );
    assert_eq!(stage.status()["pause"], "requested");
    assert_eq!(stage.status()["is_driven"], true);
    stage.run_with_short_interval("resume").assert_exit_code(0);
    driver.wait_for_line("resumed");
    assert_eq!(stage.status()["pause"], serde_json::Value::Null);
    stage.run_with_short_interval("promote").assert_exit_code(0);
    driver.wait_for_line("domain 1: in progress");
    stage.run_with_short_interval("promote").assert_exit_code(0);
    let (said, code) = driver.finish();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(stage.changes(), [UPGRADE, WALK, WALK]);
}

#[test]
fn one_process_drives_at_a_time() {
    let stage = RolloutTest::new(2, "[]");
    let driver = at_the_gate(&stage);
    let id = driver.child.id();
    for outcome in [stage.run_with_short_interval("resume"), run(stage.start(&[]))] {
        let outcome = outcome.assert_exit_code(1);
        let refusal = format!("error: the process {id} drives the rollout of {RECORD}\n");
        assert!(outcome.stderr.contains(&refusal), "{}", outcome.stderr);
    }
    drop(driver);
    let outcome = run(stage.start(&[])).assert_exit_code(2);
    assert!(outcome.stderr.contains("of a rollout that has not ended"), "{}", outcome.stderr);
    let nobody = stage.run_with_record("watch", &[]).assert_exit_code(5);
    assert!(nobody.stderr.contains("no process drives it"), "{}", nobody.stderr);
    let pause = stage.run_with_record("pause", &[]).assert_exit_code(0);
    assert!(pause.stdout.starts_with("no process drives the rollout"), "{}", pause.stdout);
    assert_eq!(stage.changes(), [UPGRADE, WALK]);
}

#[test]
fn after_a_failure_a_person_decides() {
    let dies = r#"[{ "id": "bad", "when": { "label": "new", "instance": "Web_IN_0" }, "effect": "never_starts" }]"#;
    let stage = RolloutTest::new(2, dies);
    let start = stage.start(&["--on-failure", "pause", "--domain-timeout", "200ms"]);
    let outcome = run(start).assert_exit_code(5);
    for verb in ["resume", "promote", "abort"] {
        let hint = format!("azure-classic rollout {verb} --record {RECORD}");
        assert!(outcome.stderr.contains(&hint), "{}", outcome.stderr);
    }
    assert!(stage.status()["pause"]["failed"]["unhealthy"].is_object());
    stage.run_with_record("watch", &[]).assert_exit_code(5);

    let again = stage.run_with_short_interval("resume").assert_exit_code(5);
    assert!(again.stderr.contains("resumed"), "{}", again.stderr);
    let back = stage.run_with_short_interval("abort").assert_exit_code(4);
    assert!(
        back.stderr.contains("rolling back, because an operator aborted it"),
        "{}",
        back.stderr
    );
    assert_eq!(stage.changes(), [UPGRADE, WALK, ROLLBACK]);
}

#[test]
fn promote_passes_an_unhealthy_gate() {
    let dies = r#"[{ "id": "bad", "when": { "label": "new", "instance": "Web_IN_1" }, "effect": { "dies": { "after_seconds": 1 } } }]"#;
    let stage = RolloutTest::new(2, dies);
    let start =
        stage.start(&["--on-failure", "pause", "--domain-timeout", "1s", "--settle-time", "500ms"]);
    run(start).assert_exit_code(5);
    let outcome = stage.run_with_short_interval("promote").assert_exit_code(0);
    assert!(outcome.stdout.contains("not up: Web_IN_1 (RestartingRole)"), "{}", outcome.stdout);
}
