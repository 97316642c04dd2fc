//! People decide: while a process drives, and when none does.

use super::{Driver, RECORD, ROLLBACK, Stage, UPGRADE, WALK};
use crate::harness::run;

/// A process that waits at the gate of domain 0.
fn at_the_gate(stage: &Stage) -> Driver {
    let mut driver = Driver::spawn(stage.start(&["--settle", "1h"]));
    driver.until("domain 0: in work");
    driver
}

#[test]
fn a_process_that_drives_takes_words() {
    let stage = Stage::set(2, "[]");
    let mut driver = at_the_gate(&stage);
    let taken = stage.about("pause", &[]).ended_with(0);
    let id = driver.child.id();
    assert!(
        taken.stdout.starts_with(&format!("the process {id} has taken \"pause\"")),
        "{}",
        taken.stdout
    );
    assert_eq!(stage.status()["pause"], "asked");
    assert_eq!(stage.status()["is_driven"], true);
    stage.take_up("resume").ended_with(0);
    driver.until("it goes on");
    assert_eq!(stage.status()["pause"], serde_json::Value::Null);
    stage.take_up("promote").ended_with(0);
    driver.until("domain 1: in work");
    stage.take_up("promote").ended_with(0);
    let (said, code) = driver.end();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(stage.changes(), [UPGRADE, WALK, WALK]);
}

#[test]
fn one_process_drives_at_a_time() {
    let stage = Stage::set(2, "[]");
    let driver = at_the_gate(&stage);
    let id = driver.child.id();
    for outcome in [stage.take_up("resume"), run(stage.start(&[]))] {
        let outcome = outcome.ended_with(1);
        let refusal = format!("error: the process {id} drives the rollout of {RECORD}\n");
        assert!(outcome.stderr.contains(&refusal), "{}", outcome.stderr);
    }
    drop(driver);
    let outcome = run(stage.start(&[])).ended_with(2);
    assert!(outcome.stderr.contains("of a rollout that has not ended"), "{}", outcome.stderr);
    let nobody = stage.about("watch", &[]).ended_with(5);
    assert!(nobody.stderr.contains("nobody drives it"), "{}", nobody.stderr);
    let pause = stage.about("pause", &[]).ended_with(0);
    assert!(pause.stdout.starts_with("nobody drives the rollout"), "{}", pause.stdout);
    assert_eq!(stage.changes(), [UPGRADE, WALK]);
}

#[test]
fn after_a_failure_a_person_decides() {
    let dies = r#"[{ "id": "bad", "when": { "label": "new", "instance": "Web_IN_0" }, "effect": "never_starts" }]"#;
    let stage = Stage::set(2, dies);
    let start = stage.start(&["--on-failure", "pause", "--domain-timeout", "200ms"]);
    let outcome = run(start).ended_with(5);
    for verb in ["resume", "promote", "abort"] {
        let hint = format!("azure-classic rollout {verb} --record {RECORD}");
        assert!(outcome.stderr.contains(&hint), "{}", outcome.stderr);
    }
    assert!(stage.status()["pause"]["failed"]["unhealthy"].is_object());
    stage.about("watch", &[]).ended_with(5);

    let again = stage.take_up("resume").ended_with(5);
    assert!(again.stderr.contains("it goes on"), "{}", again.stderr);
    let back = stage.take_up("abort").ended_with(4);
    assert!(back.stderr.contains("rolling back, because it was called off"), "{}", back.stderr);
    assert_eq!(stage.changes(), [UPGRADE, WALK, ROLLBACK]);
}

#[test]
fn a_gate_can_be_passed_whatever_the_health() {
    let dies = r#"[{ "id": "bad", "when": { "label": "new", "instance": "Web_IN_1" }, "effect": { "dies": { "after_seconds": 1 } } }]"#;
    let stage = Stage::set(2, dies);
    let start =
        stage.start(&["--on-failure", "pause", "--domain-timeout", "1s", "--settle", "500ms"]);
    run(start).ended_with(5);
    let outcome = stage.take_up("promote").ended_with(0);
    assert!(outcome.stdout.contains("not up: Web_IN_1 (RestartingRole)"), "{}", outcome.stdout);
}
