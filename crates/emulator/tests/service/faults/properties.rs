//! Whatever faults come and go: no panic, nothing lost on the way to disk, and all is well in the end.

use std::time::Duration;

use azure_classic_emulator::faults::{AsyncFailure, Effect, FaultResponse, FaultRule};
use azure_classic_emulator::{Settings, Simulator};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, change, create_deployment, create_service, rollback, set_status,
    settings, upgrade, walk,
};

const WEB: &[(&str, u32)] = &[("Web", 4), ("Batch", 3)];

#[derive(Debug, Clone)]
enum Action {
    AddFault(Box<FaultRule>),
    RemoveFault(u8),
    Create,
    Delete,
    Upgrade(&'static str),
    Change(&'static str),
    Walk,
    RollBack(&'static str),
    SetStatus(&'static str),
    Reboot(u8),
    Advance(u64),
}

fn effect() -> impl Strategy<Value = Effect> {
    let seconds = || (0..200_u64).prop_map(Duration::from_secs);
    // A fault that comes back after no time is rejected.
    let some_seconds = || (1..200_u64).prop_map(Duration::from_secs);
    prop_oneof![
        any::<bool>().prop_map(|after_processing| Effect::Disconnect { after_processing }),
        any::<bool>().prop_map(|after| {
            let reply = FaultResponse::new(503, "ServerBusy");
            if after { reply.after_processing().into() } else { reply.into() }
        }),
        Just(Effect::Conflict { request_id: None }),
        Just(Effect::Redirect { to: "https://fabrikam.example".to_owned() }),
        (seconds(), any::<bool>())
            .prop_map(|(time, after_processing)| Effect::Slow { time, after_processing }),
        Just(AsyncFailure::new(500, "InternalError").into()),
        seconds().prop_map(|time| Effect::SlowOperation { time }),
        Just(Effect::NeverStarts),
        Just(Effect::FailsToStart),
        Just(Effect::Unresponsive),
        some_seconds().prop_map(|down| Effect::Recycles { down }),
        (seconds(), some_seconds()).prop_map(|(ready, down)| Effect::Flaps { ready, down }),
        seconds().prop_map(|after| Effect::Dies { after }),
        (0..3_u32).prop_map(|domain| Effect::StuckDomain { domain }),
        (-9999..9999_i64).prop_map(|seconds| Effect::ClockSkew { seconds }),
    ]
}

fn rule() -> impl Strategy<Value = FaultRule> {
    let time = (0..300_u64, prop::option::of(0..600_u64));
    (0..6_u8, effect(), time, prop::option::of(1..4_u64), 0.0..=1.0_f64).prop_map(
        |(id, effect, (after, lasts), times, probability)| {
            let is_clock = matches!(effect, Effect::ClockSkew { .. });
            let mut rule = FaultRule::new(id.to_string(), effect).after(Duration::from_secs(after));
            rule.when.duration = lasts.map(Duration::from_secs);
            if !is_clock {
                rule = rule.probability(probability);
                rule.when.times = times;
            }
            rule
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    let mode = || prop_oneof![Just("Auto"), Just("Manual")];
    prop_oneof![
        4 => rule().prop_map(|rule| Action::AddFault(Box::new(rule))),
        1 => (0..6_u8).prop_map(Action::RemoveFault),
        2 => Just(Action::Create),
        1 => Just(Action::Delete),
        2 => prop_oneof![mode(), Just("Simultaneous")].prop_map(Action::Upgrade),
        1 => mode().prop_map(Action::Change),
        2 => Just(Action::Walk),
        1 => mode().prop_map(Action::RollBack),
        1 => prop_oneof![Just("Running"), Just("Suspended")].prop_map(Action::SetStatus),
        1 => (0..4_u8).prop_map(Action::Reboot),
        4 => (0..400_u64).prop_map(Action::Advance),
    ]
}

/// Does it; gives back the request id of what was accepted, if somebody heard of it.
fn perform(harness: &mut Harness, action: &Action) -> Option<String> {
    let (verb, path, body) = match action {
        Action::AddFault(rule) => {
            harness.add_fault(*rule.clone());
            return None;
        }
        Action::RemoveFault(id) => {
            harness.simulator.remove_fault(&id.to_string());
            return None;
        }
        Action::Advance(seconds) => {
            harness.advance(*seconds);
            return None;
        }
        Action::Create => {
            ("POST", BY_SLOT.to_owned(), create_deployment("first", "one", WEB, true))
        }
        Action::Delete => ("DELETE", BY_NAME.to_owned(), String::new()),
        Action::Upgrade(mode) => {
            ("POST", format!("{BY_NAME}?comp=upgrade"), upgrade(mode, "two", WEB))
        }
        Action::Change(mode) => ("POST", format!("{BY_NAME}?comp=config"), change(mode, WEB)),
        Action::Walk => ("POST", format!("{BY_NAME}?comp=walkupgradedomain"), walk(0)),
        Action::SetStatus(status) => ("POST", format!("{BY_NAME}?comp=status"), set_status(status)),
        Action::Reboot(index) => {
            let path = format!("{BY_NAME}/roleinstances/Web_IN_{index}?comp=reboot");
            ("POST", path, String::new())
        }
        Action::RollBack(mode) => ("POST", format!("{BY_NAME}?comp=rollback"), rollback(mode)),
    };
    let mut outcome = harness.outcome(&harness.request(verb, &path, &body));
    if let Some(delayed) = outcome.delayed.take() {
        outcome = harness.simulator.resume(harness.simulator.now() + outcome.delay, delayed);
    }
    let response = outcome.response.filter(|response| response.status().is_success())?;
    Some(response.headers()["x-ms-request-id"].to_str().unwrap().to_owned())
}

fn settings_with(seed: u64) -> Settings {
    let mut settings = settings();
    settings.seed = seed;
    settings.upgrade_domains = 3;
    settings
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn recovers_after_faults(seed: u64, actions in vec(action(), 1..50)) {
        let mut harness = Harness::with(|settings| *settings = settings_with(seed));
        harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
        perform(&mut harness, &Action::Create);
        let mut accepted = Vec::new();
        for action in &actions {
            let simulator = Simulator::load(settings_with(seed), &harness.simulator.save()).unwrap();
            let mut other = Harness { simulator, version: harness.version };
            accepted.extend(perform(&mut harness, action));
            perform(&mut other, action);
            prop_assert_eq!(harness.simulator.save(), other.simulator.save());
        }
        for rule_status in harness.simulator.faults() {
            prop_assert!(harness.simulator.remove_fault(&rule_status.rule.id));
        }
        harness.settle();
        harness.set_status("Running");
        harness.settle();
        for domain in 0..3 {
            harness.walk(domain);
            harness.settle();
        }
        let states: Vec<_> = harness.instances().iter().map(|it| it.status.to_string()).collect();
        prop_assert!(states.iter().all(|state| state == "ReadyRole"), "{:?}", states);
        prop_assert!(!harness.get(BY_NAME).has_element("UpgradeStatus"));
        for id in accepted {
            let end = harness.operation(&id);
            prop_assert!(end.starts_with("Succeeded") || end.starts_with("Failed"), "{}", end);
        }
    }
}
