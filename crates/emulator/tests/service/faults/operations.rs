//! Faults on accepted work and on upgrade domains.

use std::time::Duration;

use azure_classic_emulator::faults::{AsyncFailure, Effect, FaultRule};

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SERVICE, STAGING, TestResponse, change, create_deployment,
    create_service, root, swap, upgrade,
};

const WEB: &[(&str, u32)] = &[("Web", 3)];
const READY: &str = "Running [ReadyRole ReadyRole ReadyRole]";

fn async_failure() -> FaultRule {
    let failure = AsyncFailure::new(400, "Compute.OverconstrainedAllocationRequest");
    FaultRule::new("late", failure.message("There is no room."))
}

/// It is accepted and in progress, locked meanwhile if it locks, and fails; the board is as before.
#[track_caller]
fn assert_fails_async(
    harness: &mut Harness,
    accepted: &TestResponse,
    meanwhile: &str,
    afterwards: &str,
) {
    assert!(accepted.0.status().is_success(), "{:?}", accepted.0);
    let id = accepted.id();
    assert_eq!(harness.operation(&id), "InProgress");
    assert_eq!(harness.summary(), meanwhile);
    harness.advance(9);
    assert_eq!(harness.operation(&id), "InProgress");
    harness.advance(1);
    let status = harness.get(&format!("/operations/{id}"));
    assert_eq!(status.text("Status"), "Failed");
    assert_eq!(status.text("HttpStatusCode"), "400");
    assert_eq!(status.text("Code"), "Compute.OverconstrainedAllocationRequest");
    assert_eq!(status.text("Message"), "There is no room.");
    assert_eq!(harness.summary(), afterwards);
}

#[test]
fn async_failure_has_no_effect() {
    let locked = "Running locked [ReadyRole ReadyRole ReadyRole]";
    for (verb, path, body) in [
        ("POST", format!("{BY_NAME}/?comp=upgrade"), upgrade("Auto", "two", &[("Web", 5)])),
        ("POST", format!("{BY_NAME}/?comp=upgrade"), upgrade("Simultaneous", "two", WEB)),
        ("POST", format!("{BY_SLOT}/?comp=config"), change("Manual", &[("Web", 1)])),
        ("DELETE", BY_NAME.to_owned(), String::new()),
    ] {
        let mut harness = Harness::with_deployment(WEB);
        harness.add_fault(async_failure().times(1));
        let before = harness.get(BY_NAME).text("Configuration");
        let accepted = harness.send(verb, &path, &body);
        // It holds the deployment as it would have done.
        let refused = harness.delete(BY_NAME);
        assert!(refused.message().contains(&accepted.id()), "{}", refused.message());
        assert_fails_async(&mut harness, &accepted, locked, READY);
        harness.settle();
        assert_eq!(harness.summary(), READY);
        assert_eq!(harness.versions(), [1, 1, 1]);
        let after = harness.get(BY_NAME);
        assert_eq!(after.text("Configuration"), before);
        assert_eq!(after.text("Label"), crate::harness::base64("one"));
        harness.send(verb, &path, &body).expect(202);
    }
}

#[test]
fn failed_creation_leaves_slot_empty() {
    let mut harness = Harness::new();
    harness.add_fault(async_failure().on("Create Deployment"));
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let accepted = harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    assert_fails_async(&mut harness, &accepted, "404 ResourceNotFound", "404 ResourceNotFound");
    harness.simulator.remove_fault("late");
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    harness.settle();
    assert_eq!(harness.summary(), READY);
}

#[test]
fn walk_and_rollback_fail_async() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.settle();
    let status = "RunningTransitioning rollback Manual Before 0 [ReadyRole ReadyRole ReadyRole]";
    assert_eq!(harness.summary(), status);
    harness.add_fault(async_failure().on_writes());
    let walk = harness.walk(0).expect(202);
    assert_fails_async(&mut harness, &walk, status, status);
    assert_eq!(harness.walk(1).code(), "400 BadRequest");

    let rollback = harness.roll_back("Auto").expect(202);
    let locked = status.replace("rollback", "locked");
    assert_fails_async(&mut harness, &rollback, &locked, status);
    harness.simulator.remove_fault("late");
    harness.walk(0).expect(202);
    harness.settle();
    assert!(harness.summary().contains("Manual Before 1"), "{}", harness.summary());
    assert_eq!(harness.versions(), [2, 1, 1]);
}

#[test]
fn failed_swap_locks_both_and_moves_neither() {
    let mut harness =
        Harness::with_deployment(WEB).with_staging("https://contoso.example.net/2.cspkg");
    harness.add_fault(async_failure().on("Swap Deployment"));
    let swapped = harness.post(SERVICE, &swap("<Production>first</Production>", "second"));
    assert_eq!(harness.get(STAGING).text("Locked"), "true");
    assert_fails_async(
        &mut harness,
        &swapped,
        "Running locked [ReadyRole ReadyRole ReadyRole]",
        READY,
    );
    assert_eq!(harness.get(STAGING).text("Locked"), "false");
    assert_eq!(harness.get(BY_SLOT).text("Name"), "first");
}

#[test]
fn operations_on_other_resources_fail_async() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(async_failure());
    let label = crate::harness::base64("store");
    let account = format!(
        "<ServiceName>contosostore</ServiceName><Label>{label}</Label><Location>West US</Location>"
    );
    let account = root("CreateStorageServiceInput", &account);
    let created = harness.post("/services/storageservices", &account).expect(202);
    assert_fails_async(&mut harness, &created, READY, READY);
    harness.get("/services/storageservices/contosostore").expect(404);

    let deleted = harness.delete("/services/hostedservices/contoso?comp=media").expect(202);
    let locked = "Running locked [ReadyRole ReadyRole ReadyRole]";
    assert_fails_async(&mut harness, &deleted, locked, READY);
    assert_eq!(harness.get("/services/hostedservices/contoso").text("Status"), "Created");
}

#[test]
fn rejected_and_synchronous_requests_do_not_fail_async() {
    let mut harness = Harness::new();
    harness.add_fault(async_failure());
    harness.get("/services/hostedservices/contoso").expect(404);
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let journal: Vec<_> = harness.simulator.journal().entries().collect();
    assert_eq!(journal[1].diagnostics, ["what is done at once cannot fail late"]);
    let taken = harness.post("/services/hostedservices", &create_service("contoso"));
    assert_eq!(taken.code(), "409 ConflictError");
    harness.get("/services/hostedservices/contoso").expect(200);
    assert_eq!(harness.walk(0).code(), "404 ResourceNotFound");
    assert_eq!(harness.simulator.journal().entries().count(), 5);
}

#[test]
fn failure_and_lock_survive_reload() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(async_failure());
    let accepted = harness.upgrade("Auto", "two", WEB).expect(202);
    harness.reload();
    assert_fails_async(
        &mut harness,
        &accepted,
        "Running locked [ReadyRole ReadyRole ReadyRole]",
        READY,
    );
}

#[test]
fn operation_takes_long() {
    let time = Duration::from_secs(600);
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(
        FaultRule::new("long", Effect::SlowOperation { time }).on("Upgrade Deployment").times(1),
    );
    let slow = harness.upgrade("Auto", "two", WEB).expect(202);
    harness.advance(599);
    assert_eq!(harness.operation(&slow.id()), "InProgress");
    assert!(harness.summary().starts_with("RunningTransitioning locked"), "{}", harness.summary());
    harness.advance(1);
    assert_eq!(harness.operation(&slow.id()), "Succeeded 200");
    harness.settle();
    let usual = harness.upgrade("Auto", "three", WEB).expect(202);
    harness.advance(10);
    assert_eq!(harness.operation(&usual.id()), "Succeeded 200");
}

#[test]
fn creation_takes_time_of_rule() {
    let time = Duration::from_secs(600);
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.add_fault(FaultRule::new("long", Effect::SlowOperation { time }));
    let slow = harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    for (passes, status, seconds) in [(599, "InProgress", 599), (1, "Succeeded 200", 600)] {
        harness.advance(passes);
        assert_eq!(
            (harness.operation(&slow.id()), harness.seconds()),
            (status.to_owned(), seconds)
        );
    }
}

#[test]
fn slow_operation_can_fail_async() {
    let time = Duration::from_secs(60);
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(FaultRule::new("long", Effect::SlowOperation { time }));
    harness.add_fault(async_failure());
    let accepted = harness.upgrade("Auto", "two", WEB).expect(202);
    harness.advance(59);
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    harness.advance(1);
    assert!(harness.operation(&accepted.id()).starts_with("Failed 400 Compute."));
    assert_eq!(harness.summary(), READY);
}

fn stuck_rule() -> FaultRule {
    FaultRule::new("stuck", Effect::StuckDomain { domain: 1 }).service("contoso").label("two")
}

#[test]
fn upgrade_stays_stuck_beyond_start_timeout() {
    let during = "RunningTransitioning rollback Auto During 1 [ReadyRole ReadyRole ReadyRole]";
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(stuck_rule());
    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.settle();
    assert_eq!(harness.summary(), during);
    assert_eq!(harness.versions(), [2, 2, 1]);
    harness.advance(86_400);
    assert_eq!(harness.summary(), during);

    harness.reload();
    assert!(harness.simulator.remove_fault("stuck"));
    assert!(harness.summary().contains("Auto Before 2"), "{}", harness.summary());
    harness.settle();
    assert_eq!(harness.summary(), READY);
}

#[test]
fn walk_into_stuck_domain_hangs_until_rollback() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(stuck_rule());
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.advance(10);
    harness.walk(0).expect(202);
    harness.settle();
    let walk = harness.walk(1).expect(202);
    harness.advance(7200);
    assert_eq!(harness.operation(&walk.id()), "InProgress");
    assert_eq!(harness.walk(2).code(), "409 ConflictError");
    harness.roll_back("Auto").expect(202);
    assert!(harness.operation(&walk.id()).starts_with("Failed 409"));
    harness.settle();
    assert_eq!(harness.summary(), READY);
    assert_eq!(harness.versions(), [1, 1, 1]);
}

#[test]
fn domain_stays_stuck_when_instances_fail() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(stuck_rule().duration(Duration::from_secs(7200)));
    harness.block_start("Web_IN_1");
    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.advance(7199);
    assert!(
        harness.summary().contains("Auto During 1 [ReadyRole RestartingRole"),
        "{}",
        harness.summary()
    );
    harness.advance(1);
    assert!(harness.summary().contains("Auto Before 2"), "{}", harness.summary());
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole RestartingRole ReadyRole]");
}
