//! Starting and stopping whole deployments.

use crate::bench::{BY_NAME, BY_SLOT, Bench, create_deployment, create_service, set_status};

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn follow(bench: &mut Bench, id: &str, steps: &[(u64, &str, &str)]) {
    let start = bench.seconds();
    for (seconds, operation, board) in steps {
        bench.pass(start + seconds - bench.seconds());
        assert_eq!(bench.operation(id), *operation, "after {seconds} s");
        assert_eq!(bench.board(), *board, "after {seconds} s");
    }
}

#[test]
fn a_deployment_is_suspended_and_started_again() {
    let mut bench = Bench::running(WEB);
    let accepted = bench.set_status("Suspended").expect(202);
    assert_eq!(accepted.body(), "");
    follow(
        &mut bench,
        &accepted.id(),
        &[
            (0, "InProgress", "Suspending locked [StoppingRole StoppingRole]"),
            (10, "Succeeded 200", "Suspended [StoppingVM StoppingVM]"),
            (20, "Succeeded 200", "Suspended [StoppedVM StoppedVM]"),
        ],
    );
    assert_eq!(bench.cloud.next_event(), None);
    assert_eq!(bench.get(BY_NAME).text("PowerState"), "Stopped");

    let accepted = bench.set_status("running").expect(202);
    follow(
        &mut bench,
        &accepted.id(),
        &[
            (0, "InProgress", "Starting locked [StartingVM StartingVM]"),
            (10, "Succeeded 200", "Running [StartingRole StartingRole]"),
            (20, "Succeeded 200", "Running [BusyRole BusyRole]"),
            (30, "Succeeded 200", "Running [ReadyRole ReadyRole]"),
        ],
    );
    assert_eq!(bench.cloud.next_event(), None);
    assert_eq!(bench.versions(), [1, 1]);
}

#[test]
fn what_is_so_already_is_accepted_and_moves_nothing() {
    let mut bench = Bench::running(WEB);
    let accepted = bench.set_status("Running").expect(202);
    assert_eq!(bench.board(), "Running locked [ReadyRole ReadyRole]");
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn a_deployment_that_never_ran_is_started() {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", WEB, false)).expect(202);
    bench.settle();
    bench.post(&format!("{BY_SLOT}?comp=status"), &set_status("Running")).expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn instances_turn_round_wherever_they_are() {
    for seconds in 0..7 {
        let mut bench = Bench::new();
        bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
        bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
        bench.pass(10 + seconds * 10);
        bench.set_status("Suspended").expect(202);
        bench.pass(10);
        bench.set_status("Running").expect(202);
        bench.settle();
        assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]", "after {seconds} steps");
        bench.set_status("Suspended").expect(202);
        bench.settle();
        assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM]", "after {seconds} steps");
    }
}

#[test]
fn an_update_goes_on_while_the_deployment_stops() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.settle();
    let walk = bench.walk(0).expect(202);
    bench.pass(5);
    bench.set_status("Suspended").expect(202);
    assert_eq!(bench.board(), "Suspending locked Manual During 0 [StoppingRole StoppingRole]");
    bench.pass(10);
    assert_eq!(
        bench.board(),
        "SuspendedTransitioning rollback Manual During 0 [StoppingVM StoppingVM]"
    );
    assert_eq!(bench.operation(&walk.id()), "InProgress");
    bench.settle();
    assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
    assert_eq!(
        bench.board(),
        "SuspendedTransitioning rollback Manual Before 1 [StoppedVM StoppedVM]"
    );
    assert_eq!(bench.versions(), [2, 1]);

    bench.set_status("Running").expect(202);
    bench.settle();
    for domain in 1..5 {
        bench.walk(domain).expect(202);
        bench.settle();
    }
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
    assert_eq!(bench.versions(), [2, 2]);
}

#[test]
fn an_instance_that_is_stuck_stops_and_sticks_again() {
    let mut bench = Bench::running(WEB);
    bench.stick("Web_IN_0");
    bench.change("Simultaneous", WEB).expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [RestartingRole ReadyRole]");
    bench.set_status("Suspended").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM]");
    bench.set_status("Running").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [RestartingRole ReadyRole]");
}

#[test]
fn only_two_states_can_be_asked_for() {
    let mut bench = Bench::running(WEB);
    for status in ["", "Starting", "Deleting", "Stopped"] {
        assert_eq!(bench.set_status(status).code(), "400 InvalidXmlRequest", "{status}");
    }
    let path = format!("{BY_NAME}/?comp=status");
    assert_eq!(bench.post(&path, "").code(), "400 InvalidXmlRequest");
    assert_eq!(
        bench.post(&path.replace("first", "second"), &set_status("Running")).code(),
        "404 ResourceNotFound"
    );
}
