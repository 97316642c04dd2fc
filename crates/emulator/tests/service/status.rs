//! Starting and stopping whole deployments.

use crate::harness::{BY_NAME, BY_SLOT, Harness, create_deployment, create_service, set_status};

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn assert_steps(harness: &mut Harness, id: &str, steps: &[(u64, &str, &str)]) {
    let start = harness.seconds();
    for (seconds, operation, snapshot) in steps {
        harness.advance(start + seconds - harness.seconds());
        assert_eq!(harness.operation(id), *operation, "after {seconds} s");
        assert_eq!(harness.summary(), *snapshot, "after {seconds} s");
    }
}

#[test]
fn suspends_and_restarts_deployment() {
    let mut harness = Harness::with_deployment(WEB);
    let accepted = harness.set_status("Suspended").expect(202);
    assert_eq!(accepted.body(), "");
    assert_steps(
        &mut harness,
        &accepted.id(),
        &[
            (0, "InProgress", "Suspending locked [StoppingRole StoppingRole]"),
            (10, "Succeeded 200", "Suspended [StoppingVM StoppingVM]"),
            (20, "Succeeded 200", "Suspended [StoppedVM StoppedVM]"),
        ],
    );
    assert_eq!(harness.simulator.next_event(), None);
    assert_eq!(harness.get(BY_NAME).text("PowerState"), "Stopped");

    let accepted = harness.set_status("running").expect(202);
    assert_steps(
        &mut harness,
        &accepted.id(),
        &[
            (0, "InProgress", "Starting locked [StartingVM StartingVM]"),
            (10, "Succeeded 200", "Running [StartingRole StartingRole]"),
            (20, "Succeeded 200", "Running [BusyRole BusyRole]"),
            (30, "Succeeded 200", "Running [ReadyRole ReadyRole]"),
        ],
    );
    assert_eq!(harness.simulator.next_event(), None);
    assert_eq!(harness.versions(), [1, 1]);
}

#[test]
fn accepts_unchanged_status_without_effect() {
    let mut harness = Harness::with_deployment(WEB);
    let accepted = harness.set_status("Running").expect(202);
    assert_eq!(harness.summary(), "Running locked [ReadyRole ReadyRole]");
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn starts_deployment_that_never_ran() {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, false)).expect(202);
    harness.settle();
    harness.post(&format!("{BY_SLOT}?comp=status"), &set_status("Running")).expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn instances_reverse_from_any_state() {
    for seconds in 0..7 {
        let mut harness = Harness::new();
        harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
        harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
        harness.advance(10 + seconds * 10);
        harness.set_status("Suspended").expect(202);
        harness.advance(10);
        harness.set_status("Running").expect(202);
        harness.settle();
        assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]", "after {seconds} steps");
        harness.set_status("Suspended").expect(202);
        harness.settle();
        assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM]", "after {seconds} steps");
    }
}

#[test]
fn update_continues_while_deployment_stops() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.settle();
    let walk = harness.walk(0).expect(202);
    harness.advance(5);
    harness.set_status("Suspended").expect(202);
    assert_eq!(harness.summary(), "Suspending locked Manual During 0 [StoppingRole StoppingRole]");
    harness.advance(10);
    assert_eq!(
        harness.summary(),
        "SuspendedTransitioning rollback Manual During 0 [StoppingVM StoppingVM]"
    );
    assert_eq!(harness.operation(&walk.id()), "InProgress");
    harness.settle();
    assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
    assert_eq!(
        harness.summary(),
        "SuspendedTransitioning rollback Manual Before 1 [StoppedVM StoppedVM]"
    );
    assert_eq!(harness.versions(), [2, 1]);

    harness.set_status("Running").expect(202);
    harness.settle();
    for domain in 1..5 {
        harness.walk(domain).expect(202);
        harness.settle();
    }
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
    assert_eq!(harness.versions(), [2, 2]);
}

#[test]
fn blocked_instance_stops_and_blocks_again() {
    let mut harness = Harness::with_deployment(WEB);
    harness.block_start("Web_IN_0");
    harness.change("Simultaneous", WEB).expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [RestartingRole ReadyRole]");
    harness.set_status("Suspended").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM]");
    harness.set_status("Running").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [RestartingRole ReadyRole]");
}

#[test]
fn rejects_unknown_status() {
    let mut harness = Harness::with_deployment(WEB);
    for status in ["", "Starting", "Deleting", "Stopped"] {
        assert_eq!(harness.set_status(status).code(), "400 InvalidXmlRequest", "{status}");
    }
    let path = format!("{BY_NAME}/?comp=status");
    assert_eq!(harness.post(&path, "").code(), "400 InvalidXmlRequest");
    assert_eq!(
        harness.post(&path.replace("first", "second"), &set_status("Running")).code(),
        "404 ResourceNotFound"
    );
}
