//! Faults on accepted work and on upgrade domains.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Failure, Rule};

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, SERVICE, STAGING, change, create_deployment, create_service,
    root, swap, upgrade,
};

const WEB: &[(&str, u32)] = &[("Web", 3)];
const READY: &str = "Running [ReadyRole ReadyRole ReadyRole]";

fn late() -> Rule {
    let failure = Failure::new(400, "Compute.OverconstrainedAllocationRequest");
    Rule::new("late", failure.message("There is no room."))
}

/// It is accepted and in progress, locked meanwhile if it locks, and fails; the board is as before.
#[track_caller]
fn fails_late(bench: &mut Bench, accepted: &Reply, meanwhile: &str, afterwards: &str) {
    assert!(accepted.0.status().is_success(), "{:?}", accepted.0);
    let id = accepted.id();
    assert_eq!(bench.operation(&id), "InProgress");
    assert_eq!(bench.board(), meanwhile);
    bench.pass(9);
    assert_eq!(bench.operation(&id), "InProgress");
    bench.pass(1);
    let status = bench.get(&format!("/operations/{id}"));
    assert_eq!(status.text("Status"), "Failed");
    assert_eq!(status.text("HttpStatusCode"), "400");
    assert_eq!(status.text("Code"), "Compute.OverconstrainedAllocationRequest");
    assert_eq!(status.text("Message"), "There is no room.");
    assert_eq!(bench.board(), afterwards);
}

#[test]
fn work_fails_late_and_has_no_effect() {
    let locked = "Running locked [ReadyRole ReadyRole ReadyRole]";
    for (verb, path, body) in [
        ("POST", format!("{BY_NAME}/?comp=upgrade"), upgrade("Auto", "two", &[("Web", 5)])),
        ("POST", format!("{BY_NAME}/?comp=upgrade"), upgrade("Simultaneous", "two", WEB)),
        ("POST", format!("{BY_SLOT}/?comp=config"), change("Manual", &[("Web", 1)])),
        ("DELETE", BY_NAME.to_owned(), String::new()),
    ] {
        let mut bench = Bench::running(WEB);
        bench.fault(late().times(1));
        let before = bench.get(BY_NAME).text("Configuration");
        let accepted = bench.send(verb, &path, &body);
        // It holds the deployment as it would have done.
        let refused = bench.delete(BY_NAME);
        assert!(refused.message().contains(&accepted.id()), "{}", refused.message());
        fails_late(&mut bench, &accepted, locked, READY);
        bench.settle();
        assert_eq!(bench.board(), READY);
        assert_eq!(bench.versions(), [1, 1, 1]);
        let after = bench.get(BY_NAME);
        assert_eq!(after.text("Configuration"), before);
        assert_eq!(after.text("Label"), crate::bench::base64("one"));
        bench.send(verb, &path, &body).expect(202);
    }
}

#[test]
fn a_creation_that_fails_late_leaves_the_slot_empty() {
    let mut bench = Bench::new();
    bench.fault(late().on("Create Deployment"));
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let accepted = bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    fails_late(&mut bench, &accepted, "404 ResourceNotFound", "404 ResourceNotFound");
    bench.cloud.remove_fault("late");
    bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    bench.settle();
    assert_eq!(bench.board(), READY);
}

#[test]
fn a_walk_and_a_rollback_fail_late() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.settle();
    let standing = "RunningTransitioning rollback Manual Before 0 [ReadyRole ReadyRole ReadyRole]";
    assert_eq!(bench.board(), standing);
    bench.fault(late().on_changes());
    let walk = bench.walk(0).expect(202);
    fails_late(&mut bench, &walk, standing, standing);
    assert_eq!(bench.walk(1).code(), "400 BadRequest");

    let rollback = bench.roll_back("Auto").expect(202);
    let locked = standing.replace("rollback", "locked");
    fails_late(&mut bench, &rollback, &locked, standing);
    bench.cloud.remove_fault("late");
    bench.walk(0).expect(202);
    bench.settle();
    assert!(bench.board().contains("Manual Before 1"), "{}", bench.board());
    assert_eq!(bench.versions(), [2, 1, 1]);
}

#[test]
fn a_swap_that_fails_late_holds_both_and_moves_neither() {
    let mut bench = Bench::running(WEB).with_staging("https://contoso.example.net/2.cspkg");
    bench.fault(late().on("Swap Deployment"));
    let swapped = bench.post(SERVICE, &swap("<Production>first</Production>", "second"));
    assert_eq!(bench.get(STAGING).text("Locked"), "true");
    fails_late(&mut bench, &swapped, "Running locked [ReadyRole ReadyRole ReadyRole]", READY);
    assert_eq!(bench.get(STAGING).text("Locked"), "false");
    assert_eq!(bench.get(BY_SLOT).text("Name"), "first");
}

#[test]
fn work_on_other_things_fails_late_too() {
    let mut bench = Bench::running(WEB);
    bench.fault(late());
    let label = crate::bench::base64("store");
    let account = format!(
        "<ServiceName>contosostore</ServiceName><Label>{label}</Label><Location>West US</Location>"
    );
    let account = root("CreateStorageServiceInput", &account);
    let created = bench.post("/services/storageservices", &account).expect(202);
    fails_late(&mut bench, &created, READY, READY);
    bench.get("/services/storageservices/contosostore").expect(404);

    let deleted = bench.delete("/services/hostedservices/contoso?comp=media").expect(202);
    let locked = "Running locked [ReadyRole ReadyRole ReadyRole]";
    fails_late(&mut bench, &deleted, locked, READY);
    assert_eq!(bench.get("/services/hostedservices/contoso").text("Status"), "Created");
}

#[test]
fn what_is_refused_or_done_at_once_does_not_fail_late() {
    let mut bench = Bench::new();
    bench.fault(late());
    bench.get("/services/hostedservices/contoso").expect(404);
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let journal: Vec<_> = bench.cloud.journal().entries().collect();
    assert_eq!(journal[1].notes, ["what is done at once cannot fail late"]);
    let taken = bench.post("/services/hostedservices", &create_service("contoso"));
    assert_eq!(taken.code(), "409 ConflictError");
    bench.get("/services/hostedservices/contoso").expect(200);
    assert_eq!(bench.walk(0).code(), "404 ResourceNotFound");
    assert_eq!(bench.cloud.journal().entries().count(), 5);
}

#[test]
fn a_failure_and_its_lock_survive_a_round_trip() {
    let mut bench = Bench::running(WEB);
    bench.fault(late());
    let accepted = bench.upgrade("Auto", "two", WEB).expect(202);
    bench.reload();
    fails_late(&mut bench, &accepted, "Running locked [ReadyRole ReadyRole ReadyRole]", READY);
}

#[test]
fn an_operation_takes_long() {
    let time = Duration::from_secs(600);
    let mut bench = Bench::running(WEB);
    bench.fault(Rule::new("long", Effect::TakesLong { time }).on("Upgrade Deployment").times(1));
    let slow = bench.upgrade("Auto", "two", WEB).expect(202);
    bench.pass(599);
    assert_eq!(bench.operation(&slow.id()), "InProgress");
    assert!(bench.board().starts_with("RunningTransitioning locked"), "{}", bench.board());
    bench.pass(1);
    assert_eq!(bench.operation(&slow.id()), "Succeeded 200");
    bench.settle();
    let usual = bench.upgrade("Auto", "three", WEB).expect(202);
    bench.pass(10);
    assert_eq!(bench.operation(&usual.id()), "Succeeded 200");
}

#[test]
fn a_creation_takes_as_long_as_the_rule_says() {
    let time = Duration::from_secs(600);
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.fault(Rule::new("long", Effect::TakesLong { time }));
    let slow = bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    for (passes, status, seconds) in [(599, "InProgress", 599), (1, "Succeeded 200", 600)] {
        bench.pass(passes);
        assert_eq!((bench.operation(&slow.id()), bench.seconds()), (status.to_owned(), seconds));
    }
}

#[test]
fn slow_work_can_fail_late_too() {
    let time = Duration::from_secs(60);
    let mut bench = Bench::running(WEB);
    bench.fault(Rule::new("long", Effect::TakesLong { time }));
    bench.fault(late());
    let accepted = bench.upgrade("Auto", "two", WEB).expect(202);
    bench.pass(59);
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    bench.pass(1);
    assert!(bench.operation(&accepted.id()).starts_with("Failed 400 Compute."));
    assert_eq!(bench.board(), READY);
}

fn stuck() -> Rule {
    Rule::new("stuck", Effect::StuckDomain { domain: 1 }).service("contoso").label("two")
}

#[test]
fn an_upgrade_is_stuck_in_a_domain_beyond_all_patience() {
    let during = "RunningTransitioning rollback Auto During 1 [ReadyRole ReadyRole ReadyRole]";
    let mut bench = Bench::running(WEB);
    bench.fault(stuck());
    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.settle();
    assert_eq!(bench.board(), during);
    assert_eq!(bench.versions(), [2, 2, 1]);
    bench.pass(86_400);
    assert_eq!(bench.board(), during);

    bench.reload();
    assert!(bench.cloud.remove_fault("stuck"));
    assert!(bench.board().contains("Auto Before 2"), "{}", bench.board());
    bench.settle();
    assert_eq!(bench.board(), READY);
}

#[test]
fn a_walk_into_a_stuck_domain_does_not_end_and_a_rollback_leads_out() {
    let mut bench = Bench::running(WEB);
    bench.fault(stuck());
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.pass(10);
    bench.walk(0).expect(202);
    bench.settle();
    let walk = bench.walk(1).expect(202);
    bench.pass(7200);
    assert_eq!(bench.operation(&walk.id()), "InProgress");
    assert_eq!(bench.walk(2).code(), "409 ConflictError");
    bench.roll_back("Auto").expect(202);
    assert!(bench.operation(&walk.id()).starts_with("Failed 409"));
    bench.settle();
    assert_eq!(bench.board(), READY);
    assert_eq!(bench.versions(), [1, 1, 1]);
}

#[test]
fn a_domain_is_stuck_even_when_its_instances_do_not_come_up() {
    let mut bench = Bench::running(WEB);
    bench.fault(stuck().lasts(Duration::from_secs(7200)));
    bench.stick("Web_IN_1");
    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.pass(7199);
    assert!(bench.board().contains("Auto During 1 [ReadyRole RestartingRole"), "{}", bench.board());
    bench.pass(1);
    assert!(bench.board().contains("Auto Before 2"), "{}", bench.board());
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole RestartingRole ReadyRole]");
}
