//! The way back: before, during, too late; by itself and by walks.

use crate::harness::{BY_NAME, BY_SLOT, Harness, cscfg, decode_base64, rollback};

const WEB: &[(&str, u32)] = &[("Web", 5)];
const ALL_READY: &str = "[ReadyRole ReadyRole ReadyRole ReadyRole ReadyRole]";

/// A manual upgrade of which so many domains have been walked.
fn after_walking(domains: u32) -> Harness {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", &[("Web", 4)]).expect(202);
    harness.settle();
    for domain in 0..domains {
        harness.walk(domain).expect(202);
        harness.settle();
    }
    harness
}

fn assert_restored(harness: &mut Harness) {
    assert_eq!(harness.summary(), format!("Running {ALL_READY}"));
    assert_eq!(harness.versions(), [1; 5]);
    let reply = harness.get(BY_NAME);
    assert_eq!(decode_base64(&reply.text("Label")), "one");
    assert_eq!(decode_base64(&reply.text("Configuration")), cscfg(WEB));
}

#[test]
fn automatic_rollback_restores_only_changed_instances() {
    let mut harness = after_walking(2);
    assert_eq!(harness.versions(), [2, 2, 1, 1, 1]);
    let start = harness.seconds();
    let accepted = harness.roll_back("Auto").expect(202);
    for (seconds, operation, snapshot) in [
        (0, "InProgress", format!("RunningTransitioning locked Auto Before 0 {ALL_READY}")),
        (10, "Succeeded 200", format!("RunningTransitioning Auto Before 0 {ALL_READY}")),
        (15, "Succeeded 200", "RunningTransitioning Auto During 0 [StoppingRole ReadyRole ReadyRole ReadyRole ReadyRole]".into()),
        (55, "Succeeded 200", format!("RunningTransitioning Auto Before 1 {ALL_READY}")),
        (60, "Succeeded 200", "RunningTransitioning Auto During 1 [ReadyRole StoppingRole ReadyRole ReadyRole ReadyRole]".into()),
        (100, "Succeeded 200", format!("RunningTransitioning Auto Before 2 {ALL_READY}")),
        (105, "Succeeded 200", format!("RunningTransitioning Auto Before 3 {ALL_READY}")),
        (110, "Succeeded 200", format!("RunningTransitioning Auto Before 4 {ALL_READY}")),
        (115, "Succeeded 200", format!("Running {ALL_READY}")),
    ] {
        harness.advance(start + seconds - harness.seconds());
        assert_eq!(harness.operation(&accepted.id()), operation, "after {seconds} s");
        assert_eq!(harness.summary(), snapshot, "after {seconds} s");
    }
    assert_restored(&mut harness);
}

#[test]
fn manual_rollback_restarts_at_first_domain() {
    let mut harness = after_walking(2);
    harness.roll_back("Manual").expect(202);
    harness.settle();
    assert!(harness.summary().contains("Manual Before 0"), "{}", harness.summary());
    assert_eq!(harness.versions(), [2, 2, 1, 1, 1]);
    for (domain, versions) in [
        (0, [1, 2, 1, 1, 1]),
        (1, [1, 1, 1, 1, 1]),
        (2, [1, 1, 1, 1, 1]),
        (3, [1, 1, 1, 1, 1]),
        (4, [1, 1, 1, 1, 1]),
    ] {
        let walk = harness.walk(domain).expect(202);
        let is_changed = domain < 2;
        assert_eq!(harness.operation(&walk.id()) == "InProgress", is_changed);
        harness.settle();
        assert_eq!(harness.versions(), versions);
    }
    assert_restored(&mut harness);
}

#[test]
fn rollback_before_first_walk_changes_no_instance() {
    for mode in ["Auto", "Manual"] {
        let mut harness = after_walking(0);
        harness.roll_back(mode).expect(202);
        harness.settle();
        if mode == "Manual" {
            for domain in 0..5 {
                assert!(harness.summary().ends_with(ALL_READY));
                harness.walk(domain).expect(202);
            }
        }
        assert_restored(&mut harness);
    }
}

#[test]
fn rollback_releases_stuck_update() {
    for mode in ["Auto", "Manual"] {
        let mut harness = Harness::with_deployment(WEB);
        harness.block_start_of_label("Web_IN_1", "two");
        harness.upgrade("Manual", "two", WEB).expect(202);
        harness.settle();
        harness.walk(0).expect(202);
        harness.settle();
        let stuck = harness.walk(1).expect(202);
        harness.advance(300);
        assert_eq!(
            harness.summary(),
            "RunningTransitioning rollback Manual During 1 \
             [ReadyRole RestartingRole ReadyRole ReadyRole ReadyRole]"
        );

        let rollback = harness.roll_back(mode).expect(202);
        assert_eq!(harness.operation(&stuck.id()), "Failed 409 ConflictError");
        harness.settle();
        assert_eq!(harness.operation(&rollback.id()), "Succeeded 200");
        if mode == "Manual" {
            for domain in 0..5 {
                harness.walk(domain).expect(202);
                harness.settle();
            }
        }
        assert_restored(&mut harness);
    }
}

#[test]
fn rollback_during_domain_reverts_its_instances() {
    let mut harness = after_walking(0);
    harness.walk(0).expect(202);
    harness.advance(10);
    harness.roll_back("Auto").expect(202);
    let rest = "ReadyRole ReadyRole ReadyRole ReadyRole]";
    for (seconds, first) in [
        (0, "CreatingRole"),
        (10, "StartingRole"),
        (5, "StoppingRole"),
        (9, "StoppingRole"),
        (1, "CreatingRole"),
    ] {
        harness.advance(seconds);
        assert!(harness.summary().ends_with(&format!("[{first} {rest}")), "{}", harness.summary());
    }
    harness.settle();
    assert_restored(&mut harness);
}

#[test]
fn rolls_back_automatic_update() {
    let mut harness = Harness::with_deployment(WEB);
    harness.change("Auto", &[("Web", 7)]).expect(202);
    harness.advance(70);
    assert!(harness.summary().contains("rollback Auto During"), "{}", harness.summary());
    harness.roll_back("Auto").expect(202);
    harness.settle();
    assert_restored(&mut harness);
}

#[test]
fn rollback_reverts_added_and_removed_roles_and_instances() {
    let before = &[("Web", 6), ("Batch", 2)];
    let mut harness = Harness::with_deployment(before);
    harness.upgrade("Manual", "two", &[("Web", 1), ("Batch", 2), ("Jobs", 2)]).expect(202);
    harness.settle();
    for domain in 0..2 {
        harness.walk(domain).expect(202);
        harness.settle();
    }
    assert_eq!(
        harness.get(BY_NAME).texts("InstanceName"),
        [
            "Web_IN_0",
            "Web_IN_2",
            "Web_IN_3",
            "Web_IN_4",
            "Batch_IN_0",
            "Batch_IN_1",
            "Jobs_IN_0",
            "Jobs_IN_1"
        ]
    );
    harness.roll_back("Auto").expect(202);
    harness.settle();
    let reply = harness.get(BY_NAME);
    assert_eq!(
        reply.texts("InstanceName"),
        [
            "Web_IN_0",
            "Web_IN_1",
            "Web_IN_2",
            "Web_IN_3",
            "Web_IN_4",
            "Web_IN_5",
            "Batch_IN_0",
            "Batch_IN_1"
        ]
    );
    assert!(reply.texts("InstanceStatus").iter().all(|status| status == "ReadyRole"));
    assert_eq!(harness.versions(), [1; 8]);
}

#[test]
fn rollback_recreates_instance_being_deleted() {
    let mut harness = Harness::with_deployment(&[("Web", 6)]);
    harness.change("Manual", WEB).expect(202);
    harness.advance(10);
    harness.walk(0).expect(202);
    harness.roll_back("Auto").expect(202);
    harness.advance(14);
    assert!(harness.summary().ends_with(" StoppingVM]"), "{}", harness.summary());
    harness.advance(1);
    assert!(harness.summary().ends_with(" CreatingVM]"), "{}", harness.summary());
    harness.settle();
    assert_eq!(harness.versions(), [1; 6]);
}

#[test]
fn rejects_rollback_after_completion() {
    let mut harness = Harness::with_deployment(WEB);
    let refused = harness.roll_back("Auto");
    assert_eq!(refused.code(), "400 BadRequest");

    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).text("RollbackAllowed"), "false");
    assert_eq!(harness.roll_back("Auto").code(), "400 BadRequest");
}

#[test]
fn rollback_can_be_replaced_but_not_rolled_back() {
    let mut harness = after_walking(2);
    harness.roll_back("Manual").expect(202);
    harness.settle();
    assert_eq!(harness.roll_back("Auto").code(), "400 BadRequest");

    harness.upgrade("Manual", "three", WEB).expect(202);
    harness.settle();
    harness.walk(0).expect(202);
    harness.settle();
    assert_eq!(harness.versions(), [3, 2, 1, 1, 1]);
    harness.roll_back("Auto").expect(202);
    harness.settle();
    assert_restored(&mut harness);
}

#[test]
fn allows_rollback_until_last_domain_is_ready() {
    let mut harness = Harness::with(|settings| settings.upgrade_domains = 1);
    harness
        .post("/services/hostedservices", &crate::harness::create_service("contoso"))
        .expect(201);
    harness
        .post(BY_SLOT, &crate::harness::create_deployment("first", "one", &[("Web", 1)], true))
        .expect(202);
    harness.settle();
    harness.block_start_of_label("Web_IN_0", "two");
    harness.upgrade("Auto", "two", &[("Web", 1)]).expect(202);
    harness.advance(100);
    assert_eq!(harness.summary(), "RunningTransitioning rollback Auto During 0 [RestartingRole]");
    harness.roll_back("Auto").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole]");
    assert_eq!(harness.versions(), [1]);
}

#[test]
fn status_is_200_by_name_and_202_by_slot() {
    let body = rollback("Auto");
    let by_name = after_walking(1).post(&format!("{BY_NAME}/?comp=rollback"), &body).expect(200);
    assert_eq!(by_name.id().len(), 32);
    after_walking(1).post(&format!("{BY_SLOT}/?comp=rollback"), &body).expect(202);
}

#[test]
fn deletes_deployment_during_update() {
    let mut harness = after_walking(1);
    let walk = harness.walk(1).expect(202);
    harness.advance(5);
    harness.delete(BY_SLOT).expect(202);
    assert_eq!(harness.operation(&walk.id()), "Failed 409 ConflictError");
    harness.advance(9);
    assert_eq!(harness.summary(), format!("Deleting locked [{}]", ["DeletingVM"; 5].join(" ")));
    harness.settle();
    assert_eq!(harness.summary(), "404 ResourceNotFound");
}
