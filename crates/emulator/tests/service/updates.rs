//! Upgrades and configuration changes through the upgrade domains.

use azure_classic_emulator::faults::{Effect, FaultRule};

use crate::harness::{BY_NAME, Harness, cscfg, decode_base64};

const WEB: &[(&str, u32)] = &[("Web", 3)];

#[test]
fn automatic_upgrade_walks_all_domains() {
    let mut harness = Harness::with_deployment(WEB);
    let start = harness.seconds();
    let accepted = harness.upgrade("Auto", "two", WEB).expect(202);
    let ready = "[ReadyRole ReadyRole ReadyRole]";
    for (seconds, operation, snapshot) in [
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
        harness.advance(start + seconds - harness.seconds());
        assert_eq!(harness.operation(&accepted.id()), operation, "after {seconds} s");
        assert_eq!(harness.summary(), snapshot, "after {seconds} s");
    }
    assert_eq!(harness.versions(), [2, 2, 2]);
    assert_eq!(harness.simulator.next_event(), None);
}

#[test]
fn configuration_change_does_not_recreate_role() {
    let mut harness = Harness::with_deployment(WEB);
    harness.change("Auto", WEB).expect(202);
    harness.advance(15);
    let mut seen = Vec::new();
    while seen.last().is_none_or(|status| status != "ReadyRole") {
        seen.push(harness.get(BY_NAME).text("InstanceStatus"));
        harness.advance(10);
    }
    assert_eq!(seen, ["StoppingRole", "StartingRole", "BusyRole", "ReadyRole"]);
    harness.settle();
    assert_eq!(harness.versions(), [2, 2, 2]);
    assert_eq!(decode_base64(&harness.get(BY_NAME).text("Label")), "one");
}

#[test]
fn label_and_configuration_change_at_end_of_operation() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", &[("Web", 2)]).expect(202);
    assert_eq!(decode_base64(&harness.get(BY_NAME).text("Label")), "one");
    harness.advance(10);
    let reply = harness.get(BY_NAME);
    assert_eq!(decode_base64(&reply.text("Label")), "two");
    assert_eq!(decode_base64(&reply.text("Configuration")), cscfg(&[("Web", 2)]));
}

#[test]
fn manual_upgrade_proceeds_only_by_walks() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.settle();
    let ready = "[ReadyRole ReadyRole ReadyRole]";
    assert_eq!(harness.summary(), format!("RunningTransitioning rollback Manual Before 0 {ready}"));
    assert_eq!(harness.versions(), [1, 1, 1]);

    for domain in 0..5 {
        let walk = harness.walk(domain).expect(202);
        let has_instances = domain < 3;
        if has_instances {
            assert_eq!(harness.operation(&walk.id()), "InProgress");
            let during = format!("Manual During {domain}");
            assert!(harness.summary().contains(&during), "{}", harness.summary());
            assert!(!harness.summary().contains("locked"));
        }
        harness.settle();
        assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
        if domain < 4 {
            assert!(harness.summary().contains(&format!("Manual Before {}", domain + 1)));
        }
    }
    assert_eq!(harness.summary(), format!("Running {ready}"));
    assert_eq!(harness.versions(), [2, 2, 2]);
}

#[test]
fn walks_are_sequential_and_ordered() {
    let mut harness = Harness::with_deployment(WEB);
    assert_eq!(harness.walk(0).code(), "400 BadRequest");
    harness.upgrade("Manual", "two", WEB).expect(202);
    assert_eq!(harness.walk(0).code(), "409 ConflictError");
    harness.advance(10);
    assert_eq!(harness.walk(1).code(), "400 BadRequest");
    let first = harness.walk(0).expect(202);
    let second = harness.walk(1);
    assert_eq!(second.code(), "409 ConflictError");
    assert!(second.message().contains(&first.id()), "{}", second.message());
    harness.settle();
    assert_eq!(harness.walk(0).code(), "400 BadRequest");
    assert_eq!(harness.walk(5).code(), "400 BadRequest");
    harness.walk(1).expect(202);
}

#[test]
fn rejects_walk_of_automatic_upgrade() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.advance(12);
    assert_eq!(harness.walk(0).message(), "There is no manual update in progress.");
}

#[test]
fn simultaneous_change_updates_all_domains_together() {
    let mut harness = Harness::with_deployment(WEB);
    harness.change("Simultaneous", WEB).expect(202);
    harness.advance(15);
    assert_eq!(
        harness.summary(),
        "RunningTransitioning rollback Simultaneous During 0 [StoppingRole StoppingRole StoppingRole]"
    );
    harness.advance(30);
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn update_continues_after_start_timeout() {
    let mut harness = Harness::with_deployment(WEB);
    let stuck = FaultRule::new("stuck", Effect::NeverStarts);
    harness.add_fault(stuck.instance("Web_IN_0").service("Contoso").label("two"));
    let elsewhere = FaultRule::new("elsewhere", Effect::NeverStarts);
    harness.add_fault(elsewhere.instance("Web_IN_1").service("fabrikam"));
    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.advance(15 + 1799);
    assert_eq!(
        harness.summary(),
        "RunningTransitioning rollback Auto During 0 [RestartingRole ReadyRole ReadyRole]"
    );
    assert!(harness.get(BY_NAME).text("InstanceStateDetails").contains("not started"));
    harness.advance(1);
    assert!(harness.summary().contains("Auto Before 1"), "{}", harness.summary());
    harness.settle();
    assert_eq!(harness.summary(), "Running [RestartingRole ReadyRole ReadyRole]");
    assert_eq!(harness.versions(), [2, 2, 2]);

    assert!(harness.simulator.remove_fault("elsewhere"));
    assert_eq!(harness.summary(), "Running [RestartingRole ReadyRole ReadyRole]");
    assert!(harness.simulator.remove_fault("stuck"));
    assert_eq!(harness.summary(), "Running [StartingRole ReadyRole ReadyRole]");
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn walk_ends_at_start_timeout() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    harness.block_start("Web_IN_0");
    harness.upgrade("Manual", "two", &[("Web", 1)]).expect(202);
    harness.advance(10);
    let walk = harness.walk(0).expect(202);
    harness.advance(1799);
    assert_eq!(harness.operation(&walk.id()), "InProgress");
    harness.advance(1);
    assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
    // Given up is as good as updated: nothing is left to roll back.
    assert_eq!(harness.summary(), "RunningTransitioning Manual Before 1 [RestartingRole]");
}

#[test]
fn abandoned_instance_does_not_count_for_later_domain() {
    let mut harness = Harness::with_deployment(WEB);
    harness.block_start("Web_IN_0");
    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.advance(15 + 1800 + 5);
    assert!(harness.summary().ends_with("During 1 [RestartingRole StoppingRole ReadyRole]"));
    harness.unblock_start("Web_IN_0");
    harness.advance(20);
    assert!(
        harness.summary().ends_with("During 1 [ReadyRole StartingRole ReadyRole]"),
        "{}",
        harness.summary()
    );
}

#[test]
fn walk_ends_when_instance_is_unblocked() {
    let mut harness = Harness::with_deployment(WEB);
    harness.block_start("Web_IN_0");
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.advance(10);
    let walk = harness.walk(0).expect(202);
    harness.advance(100);
    assert_eq!(harness.operation(&walk.id()), "InProgress");
    harness.unblock_start("Web_IN_0");
    harness.advance(20);
    assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
    assert!(harness.summary().contains("Manual Before 1"));
}

#[test]
fn event_count_is_linear_in_instances() {
    let events_for = |count: u32| {
        let mut harness = Harness::with_deployment(&[("Web", count)]);
        harness.upgrade("Auto", "two", &[("Web", count)]).expect(202);
        let mut events = 0;
        while let Some(next) = harness.simulator.next_event() {
            harness.simulator.advance(next);
            events += 1;
        }
        assert_eq!(harness.versions(), vec![2; count as usize]);
        events
    };
    // All instances of a domain move at the same moments, however many there are.
    assert_eq!(events_for(10), events_for(10_000));
}
