//! A dry run shows everything and changes nothing.

use super::{RECORD, RolloutTest};
use crate::harness::run;

#[test]
fn it_prints_each_request_and_sends_no_change() {
    let stage = RolloutTest::new(2, "[]");
    let outcome = run(stage.start(&["--dry-run"])).assert_exit_code(0);
    for part in [
        "the preflight finds nothing\n",
        "/deployments/shop/?comp=upgrade\n  x-ms-version: 2015-04-01\n",
        "<Mode>Manual</Mode>",
        "upgrade domain 1:\n",
        "<UpgradeDomain>1</UpgradeDomain></WalkUpgradeDomain>\n",
        "where a domain fails, the rollback:\n",
        "/deployments/shop/?comp=rollback\n",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
    assert_eq!(stage.changes(), [""; 0]);
    assert!(!stage.path(RECORD).exists());
}

#[test]
fn as_json_it_has_a_line_for_the_findings_and_for_each_request() {
    let stage = RolloutTest::new(2, "[]");
    let outcome = run(stage.start(&["--dry-run", "--output", "json", "--role", "Worker"]))
        .assert_exit_code(1);
    let lines: Vec<serde_json::Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["issues"][0]["unknown_role"]["role"], "Worker");
    let [_, start, walk, ..] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(lines.len(), 1 + 1 + 2 + 1);
    assert_eq!((&start["method"], &walk["method"]), (&"POST".into(), &"POST".into()));
    assert_eq!(walk["headers"]["x-ms-version"], "2015-04-01");
    assert!(start["body"].as_str().unwrap().contains("<RoleToUpgrade>Worker</RoleToUpgrade>"));
    assert_eq!(stage.changes(), [""; 0]);
}
