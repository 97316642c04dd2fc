//! The way back: before, during, too late; by itself and by walks.

use crate::bench::{BY_NAME, BY_SLOT, Bench, cscfg, rollback, unbase64};

const WEB: &[(&str, u32)] = &[("Web", 5)];
const ALL_READY: &str = "[ReadyRole ReadyRole ReadyRole ReadyRole ReadyRole]";

/// A manual upgrade of which so many domains have been walked.
fn walked(domains: u32) -> Bench {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", &[("Web", 4)]).expect(202);
    bench.settle();
    for domain in 0..domains {
        bench.walk(domain).expect(202);
        bench.settle();
    }
    bench
}

fn is_as_before(bench: &mut Bench) {
    assert_eq!(bench.board(), format!("Running {ALL_READY}"));
    assert_eq!(bench.versions(), [1; 5]);
    let reply = bench.get(BY_NAME);
    assert_eq!(unbase64(&reply.text("Label")), "one");
    assert_eq!(unbase64(&reply.text("Configuration")), cscfg(WEB));
}

#[test]
fn an_automatic_rollback_brings_back_what_was_changed_and_nothing_else() {
    let mut bench = walked(2);
    assert_eq!(bench.versions(), [2, 2, 1, 1, 1]);
    let start = bench.seconds();
    let accepted = bench.roll_back("Auto").expect(202);
    for (seconds, operation, board) in [
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
        bench.pass(start + seconds - bench.seconds());
        assert_eq!(bench.operation(&accepted.id()), operation, "after {seconds} s");
        assert_eq!(bench.board(), board, "after {seconds} s");
    }
    is_as_before(&mut bench);
}

#[test]
fn a_manual_rollback_is_walked_from_the_first_domain_again() {
    let mut bench = walked(2);
    bench.roll_back("Manual").expect(202);
    bench.settle();
    assert!(bench.board().contains("Manual Before 0"), "{}", bench.board());
    assert_eq!(bench.versions(), [2, 2, 1, 1, 1]);
    for (domain, versions) in [
        (0, [1, 2, 1, 1, 1]),
        (1, [1, 1, 1, 1, 1]),
        (2, [1, 1, 1, 1, 1]),
        (3, [1, 1, 1, 1, 1]),
        (4, [1, 1, 1, 1, 1]),
    ] {
        let walk = bench.walk(domain).expect(202);
        let is_changed = domain < 2;
        assert_eq!(bench.operation(&walk.id()) == "InProgress", is_changed);
        bench.settle();
        assert_eq!(bench.versions(), versions);
    }
    is_as_before(&mut bench);
}

#[test]
fn a_rollback_before_the_first_walk_touches_no_instance() {
    for mode in ["Auto", "Manual"] {
        let mut bench = walked(0);
        bench.roll_back(mode).expect(202);
        bench.settle();
        if mode == "Manual" {
            for domain in 0..5 {
                assert!(bench.board().ends_with(ALL_READY));
                bench.walk(domain).expect(202);
            }
        }
        is_as_before(&mut bench);
    }
}

#[test]
fn a_rollback_frees_an_update_that_is_stuck() {
    for mode in ["Auto", "Manual"] {
        let mut bench = Bench::running(WEB);
        bench.stick_on("Web_IN_1", "two");
        bench.upgrade("Manual", "two", WEB).expect(202);
        bench.settle();
        bench.walk(0).expect(202);
        bench.settle();
        let stuck = bench.walk(1).expect(202);
        bench.pass(300);
        assert_eq!(
            bench.board(),
            "RunningTransitioning rollback Manual During 1 \
             [ReadyRole RestartingRole ReadyRole ReadyRole ReadyRole]"
        );

        let rollback = bench.roll_back(mode).expect(202);
        assert_eq!(bench.operation(&stuck.id()), "Failed 409 ConflictError");
        bench.settle();
        assert_eq!(bench.operation(&rollback.id()), "Succeeded 200");
        if mode == "Manual" {
            for domain in 0..5 {
                bench.walk(domain).expect(202);
                bench.settle();
            }
        }
        is_as_before(&mut bench);
    }
}

#[test]
fn a_rollback_in_the_middle_of_a_domain_turns_its_instances_round() {
    let mut bench = walked(0);
    bench.walk(0).expect(202);
    bench.pass(10);
    bench.roll_back("Auto").expect(202);
    let rest = "ReadyRole ReadyRole ReadyRole ReadyRole]";
    for (seconds, first) in [
        (0, "CreatingRole"),
        (10, "StartingRole"),
        (5, "StoppingRole"),
        (9, "StoppingRole"),
        (1, "CreatingRole"),
    ] {
        bench.pass(seconds);
        assert!(bench.board().ends_with(&format!("[{first} {rest}")), "{}", bench.board());
    }
    bench.settle();
    is_as_before(&mut bench);
}

#[test]
fn an_automatic_update_is_rolled_back_too() {
    let mut bench = Bench::running(WEB);
    bench.change("Auto", &[("Web", 7)]).expect(202);
    bench.pass(70);
    assert!(bench.board().contains("rollback Auto During"), "{}", bench.board());
    bench.roll_back("Auto").expect(202);
    bench.settle();
    is_as_before(&mut bench);
}

#[test]
fn roles_and_instances_that_came_go_and_those_that_went_come_again() {
    let before = &[("Web", 6), ("Batch", 2)];
    let mut bench = Bench::running(before);
    bench.upgrade("Manual", "two", &[("Web", 1), ("Batch", 2), ("Jobs", 2)]).expect(202);
    bench.settle();
    for domain in 0..2 {
        bench.walk(domain).expect(202);
        bench.settle();
    }
    assert_eq!(
        bench.get(BY_NAME).all("InstanceName"),
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
    bench.roll_back("Auto").expect(202);
    bench.settle();
    let reply = bench.get(BY_NAME);
    assert_eq!(
        reply.all("InstanceName"),
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
    assert!(reply.all("InstanceStatus").iter().all(|status| status == "ReadyRole"));
    assert_eq!(bench.versions(), [1; 8]);
}

#[test]
fn an_instance_that_is_leaving_is_made_again() {
    let mut bench = Bench::running(&[("Web", 6)]);
    bench.change("Manual", WEB).expect(202);
    bench.pass(10);
    bench.walk(0).expect(202);
    bench.roll_back("Auto").expect(202);
    bench.pass(14);
    assert!(bench.board().ends_with(" StoppingVM]"), "{}", bench.board());
    bench.pass(1);
    assert!(bench.board().ends_with(" CreatingVM]"), "{}", bench.board());
    bench.settle();
    assert_eq!(bench.versions(), [1; 6]);
}

#[test]
fn too_late_is_too_late() {
    let mut bench = Bench::running(WEB);
    let refused = bench.roll_back("Auto");
    assert_eq!(refused.code(), "400 BadRequest");

    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).text("RollbackAllowed"), "false");
    assert_eq!(bench.roll_back("Auto").code(), "400 BadRequest");
}

#[test]
fn a_rollback_cannot_be_rolled_back_but_replaced() {
    let mut bench = walked(2);
    bench.roll_back("Manual").expect(202);
    bench.settle();
    assert_eq!(bench.roll_back("Auto").code(), "400 BadRequest");

    bench.upgrade("Manual", "three", WEB).expect(202);
    bench.settle();
    bench.walk(0).expect(202);
    bench.settle();
    assert_eq!(bench.versions(), [3, 2, 1, 1, 1]);
    bench.roll_back("Auto").expect(202);
    bench.settle();
    is_as_before(&mut bench);
}

#[test]
fn in_the_last_domain_a_rollback_is_possible_until_its_instances_are_ready() {
    let mut bench = Bench::with(|settings| settings.upgrade_domains = 1);
    bench.post("/services/hostedservices", &crate::bench::create_service("contoso")).expect(201);
    bench
        .post(BY_SLOT, &crate::bench::create_deployment("first", "one", &[("Web", 1)], true))
        .expect(202);
    bench.settle();
    bench.stick_on("Web_IN_0", "two");
    bench.upgrade("Auto", "two", &[("Web", 1)]).expect(202);
    bench.pass(100);
    assert_eq!(bench.board(), "RunningTransitioning rollback Auto During 0 [RestartingRole]");
    bench.roll_back("Auto").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole]");
    assert_eq!(bench.versions(), [1]);
}

#[test]
fn the_status_is_200_by_name_and_202_by_slot() {
    let body = rollback("Auto");
    let by_name = walked(1).post(&format!("{BY_NAME}/?comp=rollback"), &body).expect(200);
    assert_eq!(by_name.id().len(), 32);
    walked(1).post(&format!("{BY_SLOT}/?comp=rollback"), &body).expect(202);
}

#[test]
fn a_deployment_can_be_deleted_in_the_middle_of_an_update() {
    let mut bench = walked(1);
    let walk = bench.walk(1).expect(202);
    bench.pass(5);
    bench.delete(BY_SLOT).expect(202);
    assert_eq!(bench.operation(&walk.id()), "Failed 409 ConflictError");
    bench.pass(9);
    assert_eq!(bench.board(), format!("Deleting locked [{}]", ["DeletingVM"; 5].join(" ")));
    bench.settle();
    assert_eq!(bench.board(), "404 ResourceNotFound");
}
