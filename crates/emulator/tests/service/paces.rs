//! How long things take: no time, some time, or until they are asked about often enough.

use azure_classic_emulator::{Cloud, Pace, Settings, Takes};

use crate::bench::{BY_SLOT, Bench, SUBSCRIPTION, THUMBPRINT, create_deployment, create_service};

/// A transition, what sets it going, and how it is seen to be over.
struct Case {
    name: &'static str,
    set: fn(&mut Pace, Takes),
    /// Gives back the id of the request.
    begin: fn(&mut Bench) -> String,
    look: fn(&mut Bench, id: &str) -> String,
    end: &'static str,
    /// How often the transition happens one after the other.
    times: u32,
}

fn board(bench: &mut Bench, _: &str) -> String {
    bench.board()
}

fn create(bench: &mut Bench) -> String {
    bench.delete("/services/hostedservices/contoso/deployments/first").expect(202);
    bench.pass(0);
    bench.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 1)], true)).expect(202).id()
}

fn upgrade(bench: &mut Bench) -> String {
    bench.upgrade("Auto", "two", &[("Web", 1)]).expect(202).id()
}

const CASES: [Case; 7] = [
    Case {
        name: "one operation of all",
        set: |pace, takes| {
            pace.operations.insert("Upgrade Deployment".to_owned(), takes);
        },
        begin: upgrade,
        look: Bench::operation,
        end: "Succeeded 200",
        times: 1,
    },
    Case {
        name: "operation",
        set: |pace, takes| pace.operation = takes,
        begin: upgrade,
        look: Bench::operation,
        end: "Succeeded 200",
        times: 1,
    },
    Case {
        name: "machine",
        set: |pace, takes| pace.machine = takes,
        begin: create,
        look: board,
        end: "Running [ReadyRole]",
        times: 2,
    },
    Case {
        name: "role",
        set: |pace, takes| pace.role = takes,
        begin: create,
        look: board,
        end: "Running [ReadyRole]",
        times: 3,
    },
    Case {
        name: "domain",
        set: |pace, takes| pace.domain = takes,
        begin: upgrade,
        look: board,
        end: "Running [ReadyRole]",
        times: 2,
    },
    Case {
        name: "patience",
        set: |pace, takes| pace.patience = takes,
        begin: |bench| {
            bench.stick_on("Web_IN_0", "two");
            upgrade(bench)
        },
        look: board,
        end: "Running [RestartingRole]",
        times: 1,
    },
    Case {
        name: "BusyRole",
        set: |pace, takes| pace.states = [("BusyRole".to_owned(), takes)].into(),
        begin: create,
        look: board,
        end: "Running [ReadyRole]",
        times: 1,
    },
];

/// With a deployment of one instance over two upgrade domains, at the pace of the case.
fn begun(case: &Case, takes: Takes) -> (Bench, String) {
    let mut settings = Settings::new(SUBSCRIPTION.parse().unwrap()).allow(THUMBPRINT);
    settings.upgrade_domains = 2;
    settings.pace = Pace::IMMEDIATE;
    let mut bench = Bench { cloud: Cloud::new(settings.clone()), version: "2015-04-01" };
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let first = create_deployment("first", "one", &[("Web", 1)], true);
    bench.post(BY_SLOT, &first).expect(202);
    bench.pass(0);
    (case.set)(&mut settings.pace, takes);
    bench.cloud = Cloud::load(settings, &bench.cloud.save()).unwrap();
    let id = (case.begin)(&mut bench);
    (bench, id)
}

#[test]
fn each_transition_can_take_no_time() {
    for case in &CASES {
        let (mut bench, id) = begun(case, Takes::AT_ONCE);
        bench.pass(0);
        assert_eq!((case.look)(&mut bench, &id), case.end, "{}", case.name);
    }
}

#[test]
fn each_transition_can_take_time() {
    for case in &CASES {
        let (mut bench, id) = begun(case, Takes::seconds(10));
        let last = u64::from(case.times) * 10 - 1;
        for passed in [0, last] {
            bench.pass(passed);
            for _ in 0..5 {
                assert_ne!((case.look)(&mut bench, &id), case.end, "{} after {passed}", case.name);
            }
        }
        bench.pass(1);
        assert_eq!((case.look)(&mut bench, &id), case.end, "{}", case.name);
    }
}

#[test]
fn each_transition_can_wait_for_questions() {
    for case in &CASES {
        for polls in [1, 3] {
            let (mut bench, id) = begun(case, Takes::Polls(polls));
            bench.pass(100_000);
            for poll in 1..polls * case.times {
                assert_ne!((case.look)(&mut bench, &id), case.end, "{} at {poll}", case.name);
            }
            assert_eq!((case.look)(&mut bench, &id), case.end, "{} with {polls}", case.name);
        }
    }
}

#[test]
fn no_questions_are_no_time() {
    for case in &CASES {
        let (mut bench, id) = begun(case, Takes::Polls(0));
        bench.pass(0);
        assert_eq!((case.look)(&mut bench, &id), case.end, "{}", case.name);
    }
}
