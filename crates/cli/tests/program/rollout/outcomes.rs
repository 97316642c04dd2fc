//! How rollouts end.

use super::{RECORD, ROLLBACK, RolloutTest, SHORT_INTERVAL, UPGRADE, WALK};
use crate::harness::{PACKAGE, run, upgrade};

const NEVER_STARTS: &str = r#"[{ "id": "bad", "when": { "label": "new", "instance": "Web_IN_0" }, "effect": "never_starts" }]"#;

#[test]
fn healthy_version_completes_and_can_be_reverted() {
    let stage = RolloutTest::new(2, "[]");
    let outcome = run(stage.start(&[])).assert_exit_code(0);
    assert_eq!(
        outcome.stdout,
        "upgraded: shop (\"new\") is Running, no update in progress, all 2 instances are up\n"
    );
    for line in ["domain 0: in progress\n", "domain 0: healthy\n", "domain 1: healthy\n"] {
        assert!(outcome.stderr.contains(line), "{line}: {}", outcome.stderr);
    }
    assert_eq!(stage.changes(), [UPGRADE, WALK, WALK]);
    assert_eq!(stage.status()["ended"], "upgraded");
    assert_eq!(stage.run_with_record("watch", &[]).assert_exit_code(0).stdout, "upgraded\n");
    let late = stage.run_with_short_interval("abort").assert_exit_code(2);
    assert!(late.stderr.contains("azure-classic rollout revert --record"), "{}", late.stderr);

    let outcome = stage.run_with_short_interval("revert").assert_exit_code(2);
    assert!(outcome.stderr.contains("--package URL"), "{}", outcome.stderr);
    let back = [&SHORT_INTERVAL[..], &["--package", PACKAGE]].concat();
    let outcome = stage.run_with_record("revert", &back).assert_exit_code(0);
    assert!(
        outcome.stdout.starts_with("upgraded: shop (\"old\") is Running"),
        "{}",
        outcome.stdout
    );
    assert!(stage.path("rollout-contoso-shop-revert.json").exists());
}

#[test]
fn a_domain_that_fails_is_rolled_back() {
    let stage = RolloutTest::new(2, NEVER_STARTS);
    let outcome = run(stage.start(&["--domain-timeout", "200ms"])).assert_exit_code(4);
    assert!(
        outcome.stdout.starts_with("rolled back: shop (\"old\") is Running"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stderr.ends_with(
            "error: upgrade domain 0 was not healthy in time: Web_IN_0 (RestartingRole)\n"
        ),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("somebody else"), "{}", outcome.stderr);
    assert_eq!(stage.changes(), [UPGRADE, WALK, ROLLBACK]);
    stage.run_with_record("watch", &[]).assert_exit_code(4);
    stage.run_with_record("revert", &[]).assert_exit_code(2);
}

#[test]
fn a_rollback_can_be_walked_and_time_out() {
    let stage = RolloutTest::new(2, NEVER_STARTS);
    let walked = ["--domain-timeout", "200ms", "--on-failure", "rollback-walked"];
    run(stage.start(&walked)).assert_exit_code(4);
    assert_eq!(stage.changes(), [UPGRADE, WALK, ROLLBACK, WALK, WALK]);

    let late = run(stage.start(&[&walked[..], &["--rollback-timeout", "0s"]].concat()))
        .assert_exit_code(3);
    assert!(late.stderr.contains("azure-classic rollout resume --record"), "{}", late.stderr);
}

#[test]
fn json_has_an_object_for_each_event_and_the_result() {
    let stage = RolloutTest::new(2, "[]");
    let outcome = run(stage.start(&["--output", "json"])).assert_exit_code(0);
    assert_eq!(outcome.stderr, "");
    let lines: Vec<serde_json::Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (result, events) = lines.split_last().unwrap();
    assert_eq!(result["result"], "upgraded");
    assert_eq!(result["summary"]["label"], "new");
    assert!(events.iter().all(|line| line["at"].is_string() && line["event"]["event"].is_string()));
    assert_eq!(events.last().unwrap()["event"]["event"], "ended");
    let kept =
        std::fs::read_to_string(stage.path("rollout-contoso-shop.json.events.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), events.len());
}

#[test]
fn a_probe_can_fail_a_domain() {
    let stage = RolloutTest::new(2, "[]");
    let probe = |command: &'static str| ["--domain-timeout", "1s", "--probe", command];
    // Only the new version does not respond.
    let new = "grep -q rolling_back rollout-contoso-shop.json || { echo no response >&2; exit 1; }";
    let outcome = run(stage.start(&probe(new))).assert_exit_code(4);
    assert!(
        outcome.stderr.contains("Web_IN_0 (the probe reports: exit status: 1 (no response))"),
        "{}",
        outcome.stderr
    );

    let outcome =
        run(stage.start(&probe("test $AZURE_CLASSIC_INSTANCE = Web_IN_0"))).assert_exit_code(5);
    assert!(outcome.stdout.starts_with("too late to roll back"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("azure-classic rollout revert --record"), "{}", outcome.stderr);
}

#[test]
fn plan_with_preflight_issues_does_not_start() {
    let stage = RolloutTest::new(2, "[]");
    let fewer = crate::harness::CONFIGURATION.replace("count=\"2\"", "count=\"1\"");
    std::fs::write(stage.path("shop.cscfg"), fewer).unwrap();
    let outcome = run(stage.start(&[])).assert_exit_code(1);
    assert!(
        outcome.stderr.contains("warning: the role Web would have 1 instances"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("hint: these are warnings; --accept-warnings"),
        "{}",
        outcome.stderr
    );
    assert!(!stage.path(RECORD).exists());
    assert_eq!(stage.changes(), [""; 0]);
    run(stage.start(&["--accept-warnings"])).assert_exit_code(0);
}

#[test]
fn external_update_can_be_adopted() {
    let stage = RolloutTest::new(2, "[]");
    upgrade(&stage.daemon, 1);
    let options = ["--service", "contoso", "--slot", "production", "--settle-time", "0s"];
    let outcome =
        run(stage.command("adopt", &[&options[..], &SHORT_INTERVAL].concat())).assert_exit_code(0);
    assert!(outcome.stdout.starts_with("upgraded: shop (\"new\")"), "{}", outcome.stdout);
    let revert = stage.run_with_record("revert", &["--package", PACKAGE]).assert_exit_code(2);
    assert!(revert.stderr.contains("another operator started the update"), "{}", revert.stderr);
}
