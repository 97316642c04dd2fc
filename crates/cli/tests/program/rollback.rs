use crate::daemon::Daemon;
use crate::harness::{CommandResult, DOMAINS, deploy, run_at, upgrade};

const PRODUCTION: [&str; 5] = ["rollback", "--service", "contoso", "--slot", "production"];

/// A rollback takes so long that it is certainly seen in progress.
const SLOW: [&str; 2] = ["--speed", "4"];

fn rollback(daemon: &Daemon, options: &[&str]) -> CommandResult {
    run_at(daemon, &[&PRODUCTION[..], &["--interval", "20ms"], options].concat())
}

#[test]
fn during_an_update_it_brings_everything_back() {
    let daemon = Daemon::start(&SLOW);
    deploy(&daemon);
    upgrade(&daemon, 1);

    let outcome = rollback(&daemon, &[]).assert_exit_code(0);
    assert_eq!(
        outcome.stdout,
        "rolled back: shop of contoso is \"old\" again, Running with all 2 instances\n"
    );
    assert!(
        outcome.stderr.starts_with("the deployment is shop in production of contoso\n"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("\nthe rollback is accepted: request id "),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("Auto update"), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("\"old\"  Running  no update in progress\n"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn before_an_update_there_is_nothing_to_roll_back() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    let outcome = rollback(&daemon, &["--force"]).assert_exit_code(1);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains(
            "error: the service does not allow a rollback of shop now (RollbackAllowed is false): no \
             update is in progress\n\
             hint: --force accepts the loss of local data; it does not change this\n"
        ),
        "{}",
        outcome.stderr
    );
}

#[test]
fn after_an_update_it_is_too_late() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    upgrade(&daemon, DOMAINS);
    let outcome = rollback(&daemon, &[]).assert_exit_code(1);
    assert!(outcome.stderr.contains("no update is in progress"), "{}", outcome.stderr);
    let now = run_at(&daemon, &["show", "service", "contoso", "--deployments"]).assert_exit_code(0);
    assert!(now.stdout.contains("shop \"new\"  Running\n"), "{}", now.stdout);
}

#[test]
fn a_second_rollback_is_refused_while_the_first_goes_on() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    upgrade(&daemon, 1);
    rollback(&daemon, &["--mode", "manual"]).assert_exit_code(0);
    let outcome = rollback(&daemon, &[]).assert_exit_code(1);
    assert!(outcome.stderr.contains("is a rollback itself, or"), "{}", outcome.stderr);
}

#[test]
fn without_waiting_the_request_id_is_the_result() {
    let daemon = Daemon::start(&["--speed", "20"]);
    deploy(&daemon);
    upgrade(&daemon, 1);
    let outcome = rollback(&daemon, &["--no-wait"]).assert_exit_code(0);
    let id = outcome.stdout.strip_suffix('\n').unwrap();
    assert_eq!(id.len(), 32, "{id:?}");
    let operation = run_at(&daemon, &["show", "operation", id, "--wait", "--interval", "10ms"])
        .assert_exit_code(0);
    assert!(operation.stdout.starts_with(&format!("{id}  Succeeded (")), "{}", operation.stdout);
}

#[test]
fn the_wait_can_time_out_while_the_rollback_continues() {
    let daemon = Daemon::start(&SLOW);
    deploy(&daemon);
    upgrade(&daemon, 1);
    let outcome = rollback(&daemon, &["--timeout", "0s"]).assert_exit_code(3);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("hint: to go on waiting: azure-classic show "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_manual_rollback_says_how_to_walk() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    upgrade(&daemon, 1);
    let outcome = rollback(&daemon, &["--mode", "manual"]).assert_exit_code(0);
    for part in [
        "nothing moves until its upgrade domains are walked: 0 to 4, in this order",
        "CloudServiceRef::new(\"contoso\").deployment(\"shop\").walk_upgrade_domain(0)",
        "/services/hostedservices/contoso/deployments/shop/?comp=walkupgradedomain\n",
        "  x-ms-version: 2015-04-01\n",
        "<UpgradeDomain>0</UpgradeDomain></WalkUpgradeDomain>\n",
        "azure-classic show operation REQUEST-ID --wait --emulator ",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
}

#[test]
fn an_older_version_does_not_know_rollbacks() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    upgrade(&daemon, 1);
    let outcome = rollback(&daemon, &["--api-version", "2011-08-01"]).assert_exit_code(2);
    assert!(
        outcome.stderr.contains("needs x-ms-version 2011-10-01 or newer"),
        "{}",
        outcome.stderr
    );
}
