//! Whatever faults come and go: no panic, nothing lost on the way to disk, and all is well in the end.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Failure, Reply, Rule};
use azure_classic_emulator::{Cloud, Settings};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, change, create_deployment, create_service, rollback, set_status,
    settings, upgrade, walk,
};

const WEB: &[(&str, u32)] = &[("Web", 4), ("Batch", 3)];

#[derive(Debug, Clone)]
enum Deed {
    Fault(Box<Rule>),
    Withdraw(u8),
    Create,
    Delete,
    Upgrade(&'static str),
    Change(&'static str),
    Walk,
    RollBack(&'static str),
    Status(&'static str),
    Reboot(u8),
    Pass(u64),
}

fn effect() -> impl Strategy<Value = Effect> {
    let seconds = || (0..200_u64).prop_map(Duration::from_secs);
    // A fault that comes back after no time is rejected.
    let some_seconds = || (1..200_u64).prop_map(Duration::from_secs);
    prop_oneof![
        any::<bool>().prop_map(|after_work| Effect::Cut { after_work }),
        any::<bool>().prop_map(|after| {
            let reply = Reply::new(503, "ServerBusy");
            if after { reply.after_work().into() } else { reply.into() }
        }),
        Just(Effect::Conflict { request_id: None }),
        Just(Effect::Redirect { to: "https://fabrikam.example".to_owned() }),
        (seconds(), any::<bool>()).prop_map(|(time, after_work)| Effect::Slow { time, after_work }),
        Just(Failure::new(500, "InternalError").into()),
        seconds().prop_map(|time| Effect::TakesLong { time }),
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

fn rule() -> impl Strategy<Value = Rule> {
    let time = (0..300_u64, prop::option::of(0..600_u64));
    (0..6_u8, effect(), time, prop::option::of(1..4_u64), 0.0..=1.0_f64).prop_map(
        |(id, effect, (after, lasts), times, probability)| {
            let is_clock = matches!(effect, Effect::ClockSkew { .. });
            let mut rule = Rule::new(id.to_string(), effect).after(Duration::from_secs(after));
            rule.when.lasts = lasts.map(Duration::from_secs);
            if !is_clock {
                rule = rule.probability(probability);
                rule.when.times = times;
            }
            rule
        },
    )
}

fn deed() -> impl Strategy<Value = Deed> {
    let mode = || prop_oneof![Just("Auto"), Just("Manual")];
    prop_oneof![
        4 => rule().prop_map(|rule| Deed::Fault(Box::new(rule))),
        1 => (0..6_u8).prop_map(Deed::Withdraw),
        2 => Just(Deed::Create),
        1 => Just(Deed::Delete),
        2 => prop_oneof![mode(), Just("Simultaneous")].prop_map(Deed::Upgrade),
        1 => mode().prop_map(Deed::Change),
        2 => Just(Deed::Walk),
        1 => mode().prop_map(Deed::RollBack),
        1 => prop_oneof![Just("Running"), Just("Suspended")].prop_map(Deed::Status),
        1 => (0..4_u8).prop_map(Deed::Reboot),
        4 => (0..400_u64).prop_map(Deed::Pass),
    ]
}

/// Does it; gives back the request id of what was accepted, if somebody heard of it.
fn perform(bench: &mut Bench, deed: &Deed) -> Option<String> {
    let (verb, path, body) = match deed {
        Deed::Fault(rule) => {
            bench.fault(*rule.clone());
            return None;
        }
        Deed::Withdraw(id) => {
            bench.cloud.remove_fault(&id.to_string());
            return None;
        }
        Deed::Pass(seconds) => {
            bench.pass(*seconds);
            return None;
        }
        Deed::Create => ("POST", BY_SLOT.to_owned(), create_deployment("first", "one", WEB, true)),
        Deed::Delete => ("DELETE", BY_NAME.to_owned(), String::new()),
        Deed::Upgrade(mode) => {
            ("POST", format!("{BY_NAME}?comp=upgrade"), upgrade(mode, "two", WEB))
        }
        Deed::Change(mode) => ("POST", format!("{BY_NAME}?comp=config"), change(mode, WEB)),
        Deed::Walk => ("POST", format!("{BY_NAME}?comp=walkupgradedomain"), walk(0)),
        Deed::Status(status) => ("POST", format!("{BY_NAME}?comp=status"), set_status(status)),
        Deed::Reboot(index) => {
            let path = format!("{BY_NAME}/roleinstances/Web_IN_{index}?comp=reboot");
            ("POST", path, String::new())
        }
        Deed::RollBack(mode) => ("POST", format!("{BY_NAME}?comp=rollback"), rollback(mode)),
    };
    let mut outcome = bench.outcome(&bench.request(verb, &path, &body));
    if let Some(held) = outcome.held.take() {
        outcome = bench.cloud.resume(bench.cloud.now() + outcome.delay, held);
    }
    let answer = outcome.answer.filter(|answer| answer.status().is_success())?;
    Some(answer.headers()["x-ms-request-id"].to_str().unwrap().to_owned())
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
    fn faults_come_and_go(seed: u64, deeds in vec(deed(), 1..50)) {
        let mut bench = Bench::with(|settings| *settings = settings_with(seed));
        bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
        perform(&mut bench, &Deed::Create);
        let mut accepted = Vec::new();
        for deed in &deeds {
            let cloud = Cloud::load(settings_with(seed), &bench.cloud.save()).unwrap();
            let mut other = Bench { cloud, version: bench.version };
            accepted.extend(perform(&mut bench, deed));
            perform(&mut other, deed);
            prop_assert_eq!(bench.cloud.save(), other.cloud.save());
        }
        for standing in bench.cloud.faults() {
            prop_assert!(bench.cloud.remove_fault(&standing.rule.id));
        }
        bench.settle();
        bench.set_status("Running");
        bench.settle();
        for domain in 0..3 {
            bench.walk(domain);
            bench.settle();
        }
        let states: Vec<_> = bench.instances().iter().map(|it| it.status.to_string()).collect();
        prop_assert!(states.iter().all(|state| state == "ReadyRole"), "{:?}", states);
        prop_assert!(!bench.get(BY_NAME).has("UpgradeStatus"));
        for id in accepted {
            let end = bench.operation(&id);
            prop_assert!(end.starts_with("Succeeded") || end.starts_with("Failed"), "{}", end);
        }
    }
}
