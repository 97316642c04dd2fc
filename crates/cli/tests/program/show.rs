use serde_json::Value;

use crate::daemon::Daemon;
use crate::harness::{deploy, run_at, upgrade};

const SHOP: [&str; 6] = ["show", "deployment", "--service", "contoso", "--deployment", "shop"];

#[test]
fn a_service_with_what_runs_in_it() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);

    let outcome =
        run_at(&daemon, &["show", "service", "contoso", "--deployments"]).assert_exit_code(0);
    assert!(
        outcome.stdout.starts_with("contoso\n  label           Contoso shop\n"),
        "{}",
        outcome.stdout
    );
    let board = "
contoso/production  shop \"old\"  Running
no update in progress
  domain 0  ● Web_IN_0 ReadyRole
  domain 1  ● Web_IN_1 ReadyRole
";
    assert!(outcome.stdout.ends_with(board), "{}", outcome.stdout);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_deployment_as_json_has_no_nulls() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    upgrade(&daemon, 1);

    let outcome = run_at(&daemon, &[&SHOP[..], &["--output", "json"]].concat()).assert_exit_code(0);
    let deployment: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(deployment["Name"], "shop");
    assert_eq!(deployment["Label"], "new");
    assert_eq!(deployment["RollbackAllowed"], true);
    assert_eq!(deployment["UpgradeStatus"]["CurrentUpgradeDomain"], 1);
    assert_eq!(deployment["RoleInstanceList"][1]["InstanceName"], "Web_IN_1");
    assert!(!outcome.stdout.contains("null"), "{}", outcome.stdout);
}

#[test]
fn a_settled_deployment_is_watched_once() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    let text = run_at(&daemon, &[&SHOP[..], &["--watch"]].concat()).assert_exit_code(0).stdout;
    assert!(text.ends_with("domain 1  ● Web_IN_1 ReadyRole\n"), "{text}");
    let json = run_at(&daemon, &[&SHOP[..], &["--watch", "--output", "json"]].concat());
    assert_eq!(json.assert_exit_code(0).stdout.lines().count(), 1);
}

#[test]
fn watch_times_out_with_a_hint_to_continue() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    upgrade(&daemon, 0);
    let options = ["--watch", "--timeout", "20ms", "--interval", "10ms"];
    let outcome = run_at(&daemon, &[&SHOP[..], &options].concat()).assert_exit_code(3);
    assert!(outcome.stdout.contains("Manual update, before domain 0, rollback allowed"));
    let last = "hint: the last reading: shop (\"new\") is RunningTransitioning, manual update before domain 0";
    assert!(outcome.stderr.contains(last), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains(
            "hint: to go on waiting: azure-classic show deployment --service contoso --deployment shop \
             --watch --emulator "
        ),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_operation_that_is_not_known() {
    let daemon = Daemon::start(&[]);
    let id = "0123456789abcdef0123456789abcdef";
    let outcome = run_at(&daemon, &["show", "operation", id]).assert_exit_code(1);
    assert!(outcome.stderr.contains("404 ResourceNotFound"), "{}", outcome.stderr);
}

#[test]
fn an_empty_slot_says_what_to_look_for() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    let staging = ["show", "deployment", "--service", "contoso", "--slot", "staging"];
    let outcome = run_at(&daemon, &staging).assert_exit_code(1);
    assert!(outcome.stderr.contains("No deployments were found."), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains(
            "hint: to see what there is: azure-classic show service contoso --deployments"
        ),
        "{}",
        outcome.stderr
    );
}
