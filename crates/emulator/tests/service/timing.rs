//! How long things take: no time, some time, or until they are asked about often enough.

use azure_classic_emulator::{Delay, Settings, Simulator, Timing};

use crate::harness::{
    BY_SLOT, Harness, SUBSCRIPTION, THUMBPRINT, create_deployment, create_service,
};

/// A transition, what sets it going, and how it is seen to be over.
struct Case {
    name: &'static str,
    set: fn(&mut Timing, Delay),
    /// Gives back the id of the request.
    start: fn(&mut Harness) -> String,
    observe: fn(&mut Harness, id: &str) -> String,
    end: &'static str,
    /// How often the transition happens one after the other.
    times: u32,
}

fn summary(harness: &mut Harness, _: &str) -> String {
    harness.summary()
}

fn create(harness: &mut Harness) -> String {
    harness.delete("/services/hostedservices/contoso/deployments/first").expect(202);
    harness.advance(0);
    harness.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 1)], true)).expect(202).id()
}

fn upgrade(harness: &mut Harness) -> String {
    harness.upgrade("Auto", "two", &[("Web", 1)]).expect(202).id()
}

const CASES: [Case; 7] = [
    Case {
        name: "one operation of all",
        set: |timing, delay| {
            timing.operations.insert("Upgrade Deployment".to_owned(), delay);
        },
        start: upgrade,
        observe: Harness::operation,
        end: "Succeeded 200",
        times: 1,
    },
    Case {
        name: "operation",
        set: |timing, delay| timing.operation = delay,
        start: upgrade,
        observe: Harness::operation,
        end: "Succeeded 200",
        times: 1,
    },
    Case {
        name: "machine",
        set: |timing, delay| timing.machine = delay,
        start: create,
        observe: summary,
        end: "Running [ReadyRole]",
        times: 2,
    },
    Case {
        name: "role",
        set: |timing, delay| timing.role = delay,
        start: create,
        observe: summary,
        end: "Running [ReadyRole]",
        times: 3,
    },
    Case {
        name: "domain",
        set: |timing, delay| timing.domain = delay,
        start: upgrade,
        observe: summary,
        end: "Running [ReadyRole]",
        times: 2,
    },
    Case {
        name: "patience",
        set: |timing, delay| timing.start_timeout = delay,
        start: |harness| {
            harness.block_start_of_label("Web_IN_0", "two");
            upgrade(harness)
        },
        observe: summary,
        end: "Running [RestartingRole]",
        times: 1,
    },
    Case {
        name: "BusyRole",
        set: |timing, delay| timing.states = [("BusyRole".to_owned(), delay)].into(),
        start: create,
        observe: summary,
        end: "Running [ReadyRole]",
        times: 1,
    },
];

/// With a deployment of one instance over two upgrade domains, at the timing of the case.
fn start_case(case: &Case, delay: Delay) -> (Harness, String) {
    let mut settings = Settings::new(SUBSCRIPTION.parse().unwrap()).allow(THUMBPRINT);
    settings.upgrade_domains = 2;
    settings.timing = Timing::IMMEDIATE;
    let mut harness =
        Harness { simulator: Simulator::new(settings.clone()), version: "2015-04-01" };
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let first = create_deployment("first", "one", &[("Web", 1)], true);
    harness.post(BY_SLOT, &first).expect(202);
    harness.advance(0);
    (case.set)(&mut settings.timing, delay);
    harness.simulator = Simulator::load(settings, &harness.simulator.save()).unwrap();
    let id = (case.start)(&mut harness);
    (harness, id)
}

#[test]
fn every_transition_can_be_immediate() {
    for case in &CASES {
        let (mut harness, id) = start_case(case, Delay::IMMEDIATE);
        harness.advance(0);
        assert_eq!((case.observe)(&mut harness, &id), case.end, "{}", case.name);
    }
}

#[test]
fn every_transition_can_take_time() {
    for case in &CASES {
        let (mut harness, id) = start_case(case, Delay::seconds(10));
        let last = u64::from(case.times) * 10 - 1;
        for passed in [0, last] {
            harness.advance(passed);
            for _ in 0..5 {
                assert_ne!(
                    (case.observe)(&mut harness, &id),
                    case.end,
                    "{} after {passed}",
                    case.name
                );
            }
        }
        harness.advance(1);
        assert_eq!((case.observe)(&mut harness, &id), case.end, "{}", case.name);
    }
}

#[test]
fn every_transition_can_wait_for_polls() {
    for case in &CASES {
        for polls in [1, 3] {
            let (mut harness, id) = start_case(case, Delay::Polls(polls));
            harness.advance(100_000);
            for poll in 1..polls * case.times {
                assert_ne!((case.observe)(&mut harness, &id), case.end, "{} at {poll}", case.name);
            }
            assert_eq!((case.observe)(&mut harness, &id), case.end, "{} with {polls}", case.name);
        }
    }
}

#[test]
fn zero_polls_are_immediate() {
    for case in &CASES {
        let (mut harness, id) = start_case(case, Delay::Polls(0));
        harness.advance(0);
        assert_eq!((case.observe)(&mut harness, &id), case.end, "{}", case.name);
    }
}
