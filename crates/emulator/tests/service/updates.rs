//! Upgrades and configuration changes through the upgrade domains.

use azure_classic_emulator::faults::{Effect, Rule};

use crate::bench::{BY_NAME, Bench, cscfg, unbase64};

const WEB: &[(&str, u32)] = &[("Web", 3)];

#[test]
fn an_automatic_upgrade_walks_by_itself() {
    let mut bench = Bench::running(WEB);
    let start = bench.seconds();
    let accepted = bench.upgrade("Auto", "two", WEB).expect(202);
    let ready = "[ReadyRole ReadyRole ReadyRole]";
    for (seconds, operation, board) in [
        (0, "InProgress", format!("RunningTransitioning locked Auto Before 0 {ready}")),
        (10, "Succeeded 200", format!("RunningTransitioning rollback Auto Before 0 {ready}")),
        (
            15,
            "Succeeded 200",
            "RunningTransitioning rollback Auto During 0 [StoppingRole ReadyRole ReadyRole]".into(),
        ),
        (
            25,
            "Succeeded 200",
            "RunningTransitioning rollback Auto During 0 [CreatingRole ReadyRole ReadyRole]".into(),
        ),
        (
            35,
            "Succeeded 200",
            "RunningTransitioning rollback Auto During 0 [StartingRole ReadyRole ReadyRole]".into(),
        ),
        (
            45,
            "Succeeded 200",
            "RunningTransitioning rollback Auto During 0 [BusyRole ReadyRole ReadyRole]".into(),
        ),
        (55, "Succeeded 200", format!("RunningTransitioning rollback Auto Before 1 {ready}")),
        (
            60,
            "Succeeded 200",
            "RunningTransitioning rollback Auto During 1 [ReadyRole StoppingRole ReadyRole]".into(),
        ),
        (100, "Succeeded 200", format!("RunningTransitioning rollback Auto Before 2 {ready}")),
        (
            144,
            "Succeeded 200",
            "RunningTransitioning rollback Auto During 2 [ReadyRole ReadyRole BusyRole]".into(),
        ),
        // Two domains are empty; the last instance is updated, so nothing is left to roll back.
        (145, "Succeeded 200", format!("RunningTransitioning Auto Before 3 {ready}")),
        (150, "Succeeded 200", format!("RunningTransitioning Auto Before 4 {ready}")),
        (155, "Succeeded 200", format!("Running {ready}")),
    ] {
        bench.pass(start + seconds - bench.seconds());
        assert_eq!(bench.operation(&accepted.id()), operation, "after {seconds} s");
        assert_eq!(bench.board(), board, "after {seconds} s");
    }
    assert_eq!(bench.versions(), [2, 2, 2]);
    assert_eq!(bench.cloud.next_event(), None);
}

#[test]
fn a_configuration_change_does_not_make_the_role_anew() {
    let mut bench = Bench::running(WEB);
    bench.change("Auto", WEB).expect(202);
    bench.pass(15);
    let mut seen = Vec::new();
    while seen.last().is_none_or(|status| status != "ReadyRole") {
        seen.push(bench.get(BY_NAME).text("InstanceStatus"));
        bench.pass(10);
    }
    assert_eq!(seen, ["StoppingRole", "StartingRole", "BusyRole", "ReadyRole"]);
    bench.settle();
    assert_eq!(bench.versions(), [2, 2, 2]);
    assert_eq!(unbase64(&bench.get(BY_NAME).text("Label")), "one");
}

#[test]
fn label_and_configuration_change_when_the_operation_has_ended() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", &[("Web", 2)]).expect(202);
    assert_eq!(unbase64(&bench.get(BY_NAME).text("Label")), "one");
    bench.pass(10);
    let reply = bench.get(BY_NAME);
    assert_eq!(unbase64(&reply.text("Label")), "two");
    assert_eq!(unbase64(&reply.text("Configuration")), cscfg(&[("Web", 2)]));
}

#[test]
fn a_manual_upgrade_moves_only_when_walked() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.settle();
    let ready = "[ReadyRole ReadyRole ReadyRole]";
    assert_eq!(bench.board(), format!("RunningTransitioning rollback Manual Before 0 {ready}"));
    assert_eq!(bench.versions(), [1, 1, 1]);

    for domain in 0..5 {
        let walk = bench.walk(domain).expect(202);
        let has_instances = domain < 3;
        if has_instances {
            assert_eq!(bench.operation(&walk.id()), "InProgress");
            let during = format!("Manual During {domain}");
            assert!(bench.board().contains(&during), "{}", bench.board());
            assert!(!bench.board().contains("locked"));
        }
        bench.settle();
        assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
        if domain < 4 {
            assert!(bench.board().contains(&format!("Manual Before {}", domain + 1)));
        }
    }
    assert_eq!(bench.board(), format!("Running {ready}"));
    assert_eq!(bench.versions(), [2, 2, 2]);
}

#[test]
fn walks_go_in_order_one_at_a_time() {
    let mut bench = Bench::running(WEB);
    assert_eq!(bench.walk(0).code(), "400 BadRequest");
    bench.upgrade("Manual", "two", WEB).expect(202);
    assert_eq!(bench.walk(0).code(), "409 ConflictError");
    bench.pass(10);
    assert_eq!(bench.walk(1).code(), "400 BadRequest");
    let first = bench.walk(0).expect(202);
    let second = bench.walk(1);
    assert_eq!(second.code(), "409 ConflictError");
    assert!(second.message().contains(&first.id()), "{}", second.message());
    bench.settle();
    assert_eq!(bench.walk(0).code(), "400 BadRequest");
    assert_eq!(bench.walk(5).code(), "400 BadRequest");
    bench.walk(1).expect(202);
}

#[test]
fn an_automatic_upgrade_cannot_be_walked() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.pass(12);
    assert_eq!(bench.walk(0).message(), "There is no manual update in progress.");
}

#[test]
fn a_simultaneous_change_takes_all_domains_at_once() {
    let mut bench = Bench::running(WEB);
    bench.change("Simultaneous", WEB).expect(202);
    bench.pass(15);
    assert_eq!(
        bench.board(),
        "RunningTransitioning rollback Simultaneous During 0 [StoppingRole StoppingRole StoppingRole]"
    );
    bench.pass(30);
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn an_update_waits_half_an_hour_for_an_instance_and_then_goes_on() {
    let mut bench = Bench::running(WEB);
    let stuck = Rule::new("stuck", Effect::NeverStarts);
    bench.fault(stuck.instance("Web_IN_0").service("Contoso").label("two"));
    let elsewhere = Rule::new("elsewhere", Effect::NeverStarts);
    bench.fault(elsewhere.instance("Web_IN_1").service("fabrikam"));
    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.pass(15 + 1799);
    assert_eq!(
        bench.board(),
        "RunningTransitioning rollback Auto During 0 [RestartingRole ReadyRole ReadyRole]"
    );
    assert!(bench.get(BY_NAME).text("InstanceStateDetails").contains("not started"));
    bench.pass(1);
    assert!(bench.board().contains("Auto Before 1"), "{}", bench.board());
    bench.settle();
    assert_eq!(bench.board(), "Running [RestartingRole ReadyRole ReadyRole]");
    assert_eq!(bench.versions(), [2, 2, 2]);

    assert!(bench.cloud.remove_fault("elsewhere"));
    assert_eq!(bench.board(), "Running [RestartingRole ReadyRole ReadyRole]");
    assert!(bench.cloud.remove_fault("stuck"));
    assert_eq!(bench.board(), "Running [StartingRole ReadyRole ReadyRole]");
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn a_walk_ends_when_the_platform_stops_waiting() {
    let mut bench = Bench::running(&[("Web", 1)]);
    bench.stick("Web_IN_0");
    bench.upgrade("Manual", "two", &[("Web", 1)]).expect(202);
    bench.pass(10);
    let walk = bench.walk(0).expect(202);
    bench.pass(1799);
    assert_eq!(bench.operation(&walk.id()), "InProgress");
    bench.pass(1);
    assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
    // Given up is as good as updated: nothing is left to roll back.
    assert_eq!(bench.board(), "RunningTransitioning Manual Before 1 [RestartingRole]");
}

#[test]
fn an_instance_that_was_given_up_does_not_count_for_a_later_domain() {
    let mut bench = Bench::running(WEB);
    bench.stick("Web_IN_0");
    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.pass(15 + 1800 + 5);
    assert!(bench.board().ends_with("During 1 [RestartingRole StoppingRole ReadyRole]"));
    bench.unstick("Web_IN_0");
    bench.pass(20);
    assert!(
        bench.board().ends_with("During 1 [ReadyRole StartingRole ReadyRole]"),
        "{}",
        bench.board()
    );
}

#[test]
fn an_instance_that_is_freed_lets_its_walk_end() {
    let mut bench = Bench::running(WEB);
    bench.stick("Web_IN_0");
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.pass(10);
    let walk = bench.walk(0).expect(202);
    bench.pass(100);
    assert_eq!(bench.operation(&walk.id()), "InProgress");
    bench.unstick("Web_IN_0");
    bench.pass(20);
    assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
    assert!(bench.board().contains("Manual Before 1"));
}

#[test]
fn the_work_grows_with_the_number_of_instances_and_not_faster() {
    let events_for = |count: u32| {
        let mut bench = Bench::running(&[("Web", count)]);
        bench.upgrade("Auto", "two", &[("Web", count)]).expect(202);
        let mut events = 0;
        while let Some(next) = bench.cloud.next_event() {
            bench.cloud.advance(next);
            events += 1;
        }
        assert_eq!(bench.versions(), vec![2; count as usize]);
        events
    };
    // All instances of a domain move at the same moments, however many there are.
    assert_eq!(events_for(10), events_for(10_000));
}
