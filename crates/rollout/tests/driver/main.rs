//! Tests the driver with the emulator: its requests, records and events.

mod absence;
mod evidence;
mod extremes;
mod promoted;
mod repeated;
mod single_role;
mod table;

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultResponse, FaultRule};
use azure_classic_protocol::machine::{Machine, Poll, Step};
use azure_classic_protocol::{Bytes, CloudServiceRef, Endpoint, Slot, UpdateMode};
use azure_classic_rollout::{
    Event, FinalState, Input, NextStep, OnFailure, Pause, Plan, Policy, PreflightIssue, Record,
    Rollout, StopReason,
};
use http::Request;

use crate::table::{PACKAGE, SUBSCRIPTION, Table, cscfg, first, observer, recorder, upgrade};

#[test]
fn a_rollout_can_go_to_another_thread() {
    fn is_send<T: Send>(_: T) {}
    is_send(Table::new().start(upgrade()));
}

#[test]
fn a_dry_run_lists_the_requests_as_they_are_sent() {
    let mut table = Table::new();
    let read = table.read();
    let plan = upgrade();
    assert_eq!(plan.preflight(&table.endpoint, &read), []);
    let listed = plan.requests(&table.endpoint, &read).unwrap();
    let outcome = table.run(table.start(plan)).unwrap();
    assert_eq!(outcome.final_state(), FinalState::Upgraded);
    let text = |request: &Request<Bytes>| {
        (request.uri().to_string(), format!("{:?}", request.headers()), request.body().clone())
    };
    let listed: Vec<_> = listed.iter().map(text).collect();
    let sent: Vec<_> = table.sent.iter().map(text).collect();
    assert_eq!(listed, sent);
    assert_eq!(table.comps()[0], "comp=upgrade");
}

#[test]
fn a_deployment_given_by_its_slot_goes_by_its_name() {
    let mut table = Table::new();
    let production = CloudServiceRef::new("contoso").slot(Slot::Production);
    let plan = Plan::change_configuration(production, cscfg(3, "secret-2"));
    let (records, recorder) = recorder();
    let outcome = table.run(table.start(plan).persist_with(recorder)).unwrap();
    assert_eq!(outcome.final_state(), FinalState::Upgraded);
    assert!(table.sent.iter().all(|request| request.uri().path().contains("/deployments/first")));
    let records = records.lock().unwrap();
    assert_eq!(records.last().unwrap().deployment(), first());
    assert_eq!(records.last().unwrap().ended(), Some(FinalState::Upgraded));
}

#[test]
fn a_domain_that_does_not_come_up_is_rolled_back() {
    let mut table = Table::new();
    let stuck = FaultRule::new("stuck", Effect::NeverStarts).instance("Web_IN_1").label("two");
    table.cloud.add_fault(stuck).unwrap();
    let (reported, observer) = observer();
    let rollout = table.start(upgrade()).on_event(observer);
    let outcome = table.run(rollout).unwrap();
    assert_eq!(table.comps().last(), Some(&"comp=rollback"));
    assert_eq!(
        outcome.to_string(),
        "rolled back, because upgrade domain 1 was not healthy in time: Web_IN_1 (RestartingRole): \
         first (\"one\") is Running, no update in progress, all 3 instances are up"
    );
    let reported = reported.lock().unwrap();
    let stuck = reported.iter().find_map(|event| match event {
        Event::Instance { instance, to: Some(to), .. } if to.as_str() == "RestartingRole" => {
            Some(instance.clone())
        }
        _ => None,
    });
    assert_eq!(stuck.as_deref(), Some("Web_IN_1"));
    assert!(reported.contains(&Event::DomainHealthy { domain: 0, is_rollback: false }));
    assert_eq!(
        serde_json::to_string(&reported[0]).unwrap(),
        r#"{"event":"instance","instance":"Web_IN_0","role":"Web","domain":0,"from":null,"to":"ReadyRole"}"#
    );
}

#[test]
fn work_that_the_service_has_forgotten_holds_nothing_up() {
    let mut table = Table::new();
    let forgotten = FaultResponse::new(404, "ResourceNotFound");
    table
        .cloud
        .add_fault(FaultRule::new("forgotten", forgotten).on("Get Operation Status"))
        .unwrap();
    let before = table.now;
    let outcome = table.run(table.start(upgrade())).unwrap();
    assert_eq!(outcome.final_state(), FinalState::Upgraded);
    assert_eq!(table.comps().len(), 4);
    // A few polls longer than usual, but not until every timeout has expired.
    assert!(table.now - before < Duration::from_secs(3600));
}

#[test]
fn a_rollback_of_the_platform_is_not_reported_as_walked_by_another() {
    let mut table = Table::new();
    let stuck = FaultRule::new("stuck", Effect::NeverStarts).instance("Web_IN_1").label("two");
    table.cloud.add_fault(stuck).unwrap();
    let (reported, observer) = observer();
    let rollout = table.start(upgrade()).on_event(observer);
    assert_eq!(table.run(rollout).unwrap().final_state(), FinalState::RolledBack);
    let reported = reported.lock().unwrap();
    let external = reported
        .iter()
        .filter(|event| matches!(event, Event::DomainStarted { external: true, .. }));
    assert_eq!(external.count(), 0, "{reported:?}");
}

#[test]
fn without_a_record_nothing_is_sent() {
    let mut table = Table::new();
    let rollout = table.start(upgrade()).persist_with(|_| Err("the disk is full".into()));
    let stopped = table.run(rollout).unwrap_err();
    assert_eq!(*stopped.why(), StopReason::NotPersisted);
    assert_eq!(std::error::Error::source(&stopped).unwrap().to_string(), "the disk is full");
    assert_eq!(table.comps(), [""; 0]);
}

#[test]
fn the_record_is_handed_out_before_every_step() {
    // Also for the request that the driver is about to make when the timeout of the domain expires.
    for seconds in 300..316 {
        let mut table = Table::new();
        let stuck = FaultRule::new("stuck", Effect::NeverStarts).instance("Web_IN_1").label("two");
        table.cloud.add_fault(stuck).unwrap();
        let domain_deadline = Duration::from_secs(seconds);
        let on_failure = OnFailure::Pause;
        let policy = Policy { on_failure, domain_deadline, ..Policy::default() };
        let (records, recorder) = recorder();
        let poll = Poll { max_delay: Duration::from_secs(2), ..Poll::default() };
        let rollout = table.start(upgrade().policy(policy)).persist_with(recorder);
        let mut rollout = rollout.with_poll(poll);
        let mut paused = 0;
        while paused < 20 {
            let step = rollout.step(table.now);
            assert_eq!(records.lock().unwrap().last(), rollout.record());
            paused += u32::from(rollout.record().is_some_and(|record| record.pause().is_some()));
            match step {
                Step::Send(request) => {
                    let response = table.handle(&request);
                    rollout.receive(table.now, Ok(response));
                }
                Step::WaitUntil(instant) => table.now = instant,
                Step::Done(_) => break,
            }
        }
    }
}

#[test]
fn a_record_shows_no_secrets_and_is_all_that_is_needed() {
    let mut table = Table::new();
    let (records, recorder) = recorder();
    let plan = upgrade();
    assert!(!format!("{plan:?}").contains("secret"));
    let rollout = table.start(plan).persist_with(recorder);
    let end = table.drive_while(rollout, |rollout| {
        assert!(!format!("{rollout:?}").contains("secret"));
        rollout.record().map_or(0, Record::started_domains) < 2
    });
    assert!(end.is_none(), "it is dropped in the second walk");
    let last = records.lock().unwrap().last().cloned().unwrap();
    let text = serde_json::to_string(&last).unwrap();
    assert!(!text.contains("sig="), "the package is not needed: {text}");
    let read: Record = serde_json::from_str(&text).unwrap();
    let rollout = Rollout::resume(&table.endpoint, read).unwrap();
    assert_eq!(table.run(rollout).unwrap().final_state(), FinalState::Upgraded);
    let walks = [
        "comp=upgrade",
        "comp=walkupgradedomain",
        "comp=walkupgradedomain",
        "comp=walkupgradedomain",
    ];
    assert_eq!(table.comps(), walks);
}

#[test]
fn a_record_of_something_else_is_refused() {
    let mut table = Table::new();
    let (records, recorder) = recorder();
    table.run(table.start(upgrade()).persist_with(recorder)).unwrap();
    let records = records.lock().unwrap().clone();
    let why = |record: Record, endpoint: &Endpoint| {
        Rollout::resume(endpoint, record).map(drop).unwrap_err().to_string()
    };
    let ended = why(records.last().unwrap().clone(), &table.endpoint);
    assert_eq!(ended, "cannot resume the rollout: it has ended (Upgraded)");
    let other = "00000000-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let other = Endpoint::new("https://management.example.net", other).unwrap();
    assert!(why(records[0].clone(), &other).contains(SUBSCRIPTION));
    let text = serde_json::to_string(&records[0]).unwrap().replace("\"format\":1", "\"format\":2");
    let newer = serde_json::from_str(&text).unwrap();
    assert!(why(newer, &table.endpoint).contains("format 2"));
}

#[test]
fn what_stands_in_the_way_is_named_before_anything_is_sent() {
    let mut table = Table::new();
    let plan = Plan::upgrade(first(), PACKAGE, cscfg(3, "x"), "one");
    let stopped = table.run(table.start(plan)).unwrap_err();
    assert_eq!(*stopped.why(), StopReason::Preflight(vec![PreflightIssue::Label]));
    assert_eq!(stopped.next_step(), NextStep::Restart);
    assert!(
        stopped.to_string().contains("the deployment as it is: first (\"one\") is Running"),
        "{stopped}"
    );

    let smaller = || Plan::upgrade(first(), PACKAGE, cscfg(2, "x"), "two");
    let stopped = table.run(table.start(smaller())).unwrap_err();
    assert!(matches!(stopped.why(), StopReason::Preflight(_)));
    assert_eq!(table.comps(), [""; 0]);
    let rollout = table.start(smaller().accept_warnings(true));
    assert_eq!(table.run(rollout).unwrap().final_state(), FinalState::Upgraded);
}

#[test]
fn an_update_of_another_operator_is_adopted_in_its_present_state() {
    let mut table = Table::new();
    let adopt = |table: &Table| Rollout::adopt(&table.endpoint, first(), Policy::default());
    let stopped = table.run(adopt(&table)).unwrap_err();
    assert_eq!(*stopped.why(), StopReason::NothingToAdopt);

    table.send(&first().upgrade(UpdateMode::Auto, PACKAGE, cscfg(3, "x"), "two"));
    let stopped = table.run(adopt(&table)).unwrap_err();
    assert_eq!(*stopped.why(), StopReason::AutomaticUpdate);
    table.settle();

    table.send(&first().upgrade(UpdateMode::Manual, PACKAGE, cscfg(3, "y"), "three"));
    table.settle();
    table.send(&first().walk_upgrade_domain(0));
    let outcome = table.run(adopt(&table)).unwrap();
    assert_eq!(outcome.final_state(), FinalState::Upgraded);
    assert_eq!(outcome.summary().label, "three");
    assert_eq!(table.comps(), ["comp=walkupgradedomain"; 2]);
}

#[test]
fn inputs_hold_it_and_turn_it_back() {
    let mut table = Table::new();
    let rollout = table.start(upgrade());
    let mut waits = 0;
    let outcome = table.drive(rollout, |rollout| {
        let walked = rollout.record().map_or(0, Record::started_domains);
        waits += u32::from(waits > 0 || walked == 1);
        match waits {
            1 => rollout.input(Input::Pause),
            2..100 => assert_eq!(walked, 1, "it goes on in a pause"),
            100 => rollout.input(Input::Abort),
            _ => {}
        }
    });
    assert_eq!(outcome.unwrap().final_state(), FinalState::RolledBack);
    assert_eq!(table.comps(), ["comp=upgrade", "comp=walkupgradedomain", "comp=rollback"]);
}

#[test]
fn a_second_abort_ends_a_pause_in_the_rollback_with_an_event() {
    let mut table = Table::new();
    let (reported, observer) = observer();
    let rollout = table.start(upgrade()).on_event(observer);
    let mut inputs = [Input::Abort, Input::Pause, Input::Abort].into_iter();
    let outcome = table.drive(rollout, |rollout| {
        if rollout
            .record()
            .is_some_and(|record| record.started_domains() > 0 || record.back().is_some())
            && let Some(input) = inputs.next()
        {
            rollout.input(input);
        }
    });
    assert_eq!(outcome.unwrap().final_state(), FinalState::RolledBack);
    let reported = reported.lock().unwrap();
    let at = |wanted: &Event| reported.iter().position(|event| event == wanted);
    let paused = at(&Event::Paused { pause: Pause::Requested });
    assert!(paused.is_some() && at(&Event::Resumed) > paused, "{reported:?}");
}

#[test]
fn a_probe_that_fails_holds_the_gate_and_one_that_succeeds_opens_it() {
    let mut table = Table::new();
    let mut policy = Policy { settle_time: Duration::from_secs(30), ..Policy::default() };
    policy.health.probe = true;
    let rollout = table.start(upgrade().policy(policy));
    let mut requested = Vec::new();
    let outcome = table.drive(rollout, |rollout| {
        let names: Vec<String> = rollout.probes().map(|it| it.instance_name.clone()).collect();
        for name in names {
            requested.push(name.clone());
            let is_well = name != "Web_IN_1" || requested.len() > 10;
            rollout.probed(&name, if is_well { Ok(()) } else { Err("503".into()) });
        }
    });
    assert_eq!(outcome.unwrap().final_state(), FinalState::Upgraded);
    requested.dedup();
    assert_eq!(requested, ["Web_IN_0", "Web_IN_1", "Web_IN_2"]);
}
