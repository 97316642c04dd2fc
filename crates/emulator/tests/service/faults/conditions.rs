//! When rules take effect, and how they count.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultResponse, FaultRule};
use azure_classic_emulator::{Settings, Simulator};

use crate::harness::{BY_NAME, BY_SLOT, Harness, create_deployment, create_service, walk};

const SERVICE: &str = "/services/hostedservices/contoso";
const WEB: &[(&str, u32)] = &[("Web", 2)];

fn busy_rule() -> FaultRule {
    FaultRule::new("busy", FaultResponse::new(503, "ServerBusy"))
}

/// A dot for each request that is answered as usual, a cross for each that meets the fault.
fn outcomes(harness: &mut Harness, requests: u32) -> String {
    (0..requests).map(|_| if harness.get(SERVICE).0.status() == 503 { 'x' } else { '.' }).collect()
}

#[test]
fn counts_select_matches() {
    for (rule, expected) in [
        (busy_rule(), "xxxxxxxx"),
        (busy_rule().nth(3), "..x....."),
        (busy_rule().every(3), "..x..x.."),
        (busy_rule().first(2), "xx......"),
        (busy_rule().from(6), ".....xxx"),
        (busy_rule().from(3).every(2).times(2), "...x.x.."),
        (busy_rule().times(1), "x......."),
        (busy_rule().probability(1.0), "xxxxxxxx"),
        (busy_rule().probability(0.0), "........"),
    ] {
        let mut harness = Harness::new();
        harness.add_fault(rule.clone());
        assert_eq!(outcomes(&mut harness, 8), expected, "{rule:?}");
    }
}

#[test]
fn matches_operations_by_name_or_kind() {
    let requests = |harness: &mut Harness| {
        let service = harness.get(SERVICE);
        let deployment = harness.get(BY_NAME);
        let walk = harness.post(&format!("{BY_NAME}?comp=walkupgradedomain"), &walk(0));
        let by_slot = harness.get(BY_SLOT);
        [service, deployment, walk, by_slot]
            .map(|reply| if reply.0.status() == 503 { 'x' } else { '.' })
            .iter()
            .collect::<String>()
    };
    for (rule, expected) in [
        (busy_rule(), "xxxx"),
        (busy_rule().on("get DEPLOYMENT"), ".x.x"),
        (busy_rule().on("Get Deployment").on("Walk Upgrade Domain"), ".xxx"),
        (busy_rule().on_reads(), "xx.x"),
        (busy_rule().on_writes(), "..x."),
        (busy_rule().on_writes().on("Get Cloud Service Properties"), "x.x."),
        (busy_rule().service("CONTOSO"), "xxxx"),
        (busy_rule().service("fabrikam"), "...."),
        (busy_rule().deployment("First"), ".xxx"),
        (busy_rule().deployment("second"), "...."),
        (busy_rule().instance("Web_IN_0"), "...."),
    ] {
        let mut harness = Harness::with_deployment(WEB);
        harness.add_fault(rule.clone());
        assert_eq!(requests(&mut harness), expected, "{rule:?}");
    }
}

#[test]
fn rule_applies_in_its_time_window() {
    let minute = Duration::from_secs(60);
    let mut harness = Harness::new();
    harness.advance(30);
    harness.add_fault(busy_rule().after(minute).duration(minute).every(2));
    assert_eq!(outcomes(&mut harness, 2), "..");
    harness.advance(59);
    assert_eq!(outcomes(&mut harness, 2), "..");
    harness.advance(1);
    // Only now matches are counted.
    assert_eq!(outcomes(&mut harness, 3), ".x.");
    assert!(harness.simulator.faults()[0].is_active);
    harness.advance(60);
    assert_eq!(outcomes(&mut harness, 2), "..");
    let [status] = &harness.simulator.faults()[..] else { panic!() };
    assert_eq!((status.matched, status.applied, status.is_active), (3, 1, false));
}

#[test]
fn seed_decides_each_rule_independently() {
    let picture_with = |seed: u64, others: &[FaultRule]| {
        let mut harness = Harness::with(|settings| settings.seed = seed);
        for rule in others {
            harness.add_fault(rule.clone());
        }
        harness.add_fault(busy_rule().probability(0.5));
        outcomes(&mut harness, 64)
    };
    let one = picture_with(1, &[]);
    assert_eq!(one, picture_with(1, &[]));
    assert_ne!(one, picture_with(2, &[]));
    let slow =
        FaultRule::new("slow", Effect::Slow { time: Duration::ZERO, after_processing: true });
    assert_eq!(one, picture_with(1, &[slow.probability(0.5)]));
    let hits = one.matches('x').count();
    assert!((20..=44).contains(&hits), "{one}");
}

#[test]
fn faults_keep_ids_of_other_requests() {
    let ids = |rule: Option<FaultRule>| {
        let mut harness = Harness::new();
        if let Some(rule) = rule {
            harness.add_fault(rule);
        }
        (0..5).map(|_| harness.get(SERVICE).id()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None), ids(Some(busy_rule().probability(0.5))));
}

#[test]
fn counters_and_probability_survive_reload() {
    let rules = || {
        [
            busy_rule().probability(0.5).times(20),
            FaultRule::new("late", FaultResponse::without_body(502)).every(5),
        ]
    };
    let mut straight = Harness::new();
    let mut stored = Harness::new();
    for rule in rules() {
        straight.add_fault(rule.clone());
        stored.add_fault(rule);
    }
    let mut statuses = [Vec::new(), Vec::new()];
    for _ in 0..8 {
        for (harness, statuses) in [&mut straight, &mut stored].into_iter().zip(&mut statuses) {
            statuses.extend((0..7).map(|_| harness.get(SERVICE).0.status().as_u16()));
        }
        stored.reload();
        assert_eq!(stored.simulator.faults(), straight.simulator.faults());
    }
    assert_eq!(statuses[0], statuses[1]);
    assert!([404, 502, 503].iter().all(|status| statuses[0].contains(status)));
    assert_eq!(stored.simulator.faults()[0].applied, 20);
}

#[test]
fn same_id_replaces_rule_and_same_rule_continues() {
    let mut harness = Harness::new();
    harness.add_fault(busy_rule().nth(2));
    assert_eq!(outcomes(&mut harness, 1), ".");
    harness.add_fault(busy_rule().nth(2));
    assert_eq!(outcomes(&mut harness, 1), "x");
    harness.add_fault(busy_rule().nth(1));
    assert_eq!(harness.simulator.faults().len(), 1);
    assert_eq!(outcomes(&mut harness, 2), "x.");
    assert!(harness.simulator.remove_fault("busy"));
    assert!(!harness.simulator.remove_fault("busy"));
    assert_eq!(outcomes(&mut harness, 2), "..");
    assert!(harness.simulator.faults().is_empty());
}

#[test]
fn combines_rules_on_one_request() {
    let mut harness = Harness::new();
    let seconds = Duration::from_secs;
    harness.add_fault(FaultRule::new(
        "slow",
        Effect::Slow { time: seconds(2), after_processing: true },
    ));
    harness.add_fault(busy_rule().times(2).every(2));
    harness.add_fault(FaultRule::new(
        "slower",
        Effect::Slow { time: seconds(3), after_processing: true },
    ));
    harness.add_fault(FaultRule::new("gateway", FaultResponse::without_body(502)).times(2));
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let outcome = harness.outcome(&harness.request("GET", SERVICE, ""));
        assert_eq!(outcome.delay, seconds(5));
        statuses.push(outcome.response.unwrap().status().as_u16());
    }
    // The second request was for "busy" to decide, and so "gateway" was not used up by it.
    assert_eq!(statuses, [502, 503, 502, 503, 404]);
    let taken: Vec<u64> = harness.simulator.faults().iter().map(|it| it.applied).collect();
    assert_eq!(taken, [5, 2, 5, 2]);
}

#[test]
fn ignores_unknown_operations_and_anonymous_callers() {
    let mut harness = Harness::new();
    harness.add_fault(busy_rule());
    assert_eq!(harness.get("/services/nothing").code(), "404 ResourceNotFound");
    harness.version = "1999-01-01";
    assert_eq!(harness.get(SERVICE).code(), "400 MissingOrIncorrectVersionHeader");
    harness.version = "2015-04-01";
    let settings = Settings::new(crate::harness::SUBSCRIPTION.parse().unwrap());
    let mut empty = Harness { simulator: Simulator::new(settings), version: "2015-04-01" };
    empty.add_fault(busy_rule());
    assert_eq!(empty.get(SERVICE).code(), "403 ForbiddenError");
    assert_eq!(harness.simulator.faults()[0].matched, 0);
    assert_eq!(harness.get(SERVICE).code(), "503 ServerBusy");
}

#[test]
fn rejects_invalid_rules() {
    let stuck = || FaultRule::new("stuck", Effect::NeverStarts);
    let domain = || FaultRule::new("domain", Effect::StuckDomain { domain: 1 });
    let skew = || FaultRule::new("skew", Effect::ClockSkew { seconds: 60 });
    let late = || FaultRule::new("late", Effect::SlowOperation { time: Duration::from_secs(1) });
    let elsewhere = |to: &str| FaultRule::new("elsewhere", Effect::Redirect { to: to.to_owned() });
    for (rule, expected) in [
        (FaultRule::new("", Effect::NeverStarts), "id: it is empty"),
        (busy_rule().label("two"), "when.label: the effect is about requests"),
        (stuck().on_reads(), "when.operations: the effect is about role instances"),
        (domain().instance("Web_IN_0"), "when.instance: the effect is about upgrade domains"),
        (skew().service("contoso"), "when.service: the effect is about the clock"),
        (skew().times(1), "when.nth, every, first, from or times: the effect is about the clock"),
        (skew().probability(0.5), "when.probability: the effect is about the clock"),
        (busy_rule().nth(0), "when.nth: it is 0; give a number from 1 up"),
        (busy_rule().every(0), "when.every: it is 0"),
        (busy_rule().times(0), "when.times: it is 0"),
        (busy_rule().probability(1.5), "when.probability: it is 1.5; give a number from 0 to 1"),
        (busy_rule().probability(f64::NAN), "when.probability: it is NaN"),
        (
            busy_rule().on("Get Deployments"),
            "when.operations: \"Get Deployments\" is not possible here; possible are writes, reads, ",
        ),
        (
            late().on("Get Deployment"),
            "when.operations: \"Get Deployment\" is not possible here; possible are writes, A",
        ),
        (
            FaultRule::new("fine", FaultResponse::without_body(200)),
            "effect.respond.status: it is 200; give a status from 300 to 599",
        ),
        (elsewhere("contoso"), "effect.redirect.to: \"contoso\" is no address of a host"),
        (elsewhere("https://contoso.example.net/"), "effect.redirect.to"),
        (elsewhere("https://contoso.example.net/a"), "effect.redirect.to"),
    ] {
        let mut harness = Harness::new();
        let id = rule.id.clone();
        let error = harness.simulator.add_fault(rule).unwrap_err().to_string();
        let start = format!("the fault {id:?} cannot be used: {expected}");
        assert!(error.starts_with(&start), "{error}\n{start}");
        assert!(harness.simulator.faults().is_empty());
    }
    let mut harness = Harness::new();
    let error = harness.simulator.add_fault(late().on("Walk")).unwrap_err().to_string();
    assert!(error.contains(", Walk Upgrade Domain"), "{error}");
    assert!(!error.contains(", Get Deployment"), "{error}");
    harness.add_fault(elsewhere("https://contoso.example.net:8443"));
    harness.add_fault(stuck().service("contoso").deployment("first").label("two").nth(2));
}

#[test]
fn deployment_rule_matches_by_name_and_slot() {
    let mut harness = Harness::new();
    harness.add_fault(busy_rule().on_writes().deployment("first"));
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    // The path of a creation leads to no deployment.
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    harness.settle();
    harness.delete(BY_SLOT).expect(503);
    harness.delete(BY_NAME).expect(503);
}

#[test]
fn instance_rule_matches_requests_for_instance() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(busy_rule().on("Reboot Role Instance").instance("web_in_1"));
    for (instance, status) in [("Web_IN_0", 202), ("Web_IN_1", 503), ("WEB_IN_1", 503)] {
        harness.post(&format!("{BY_NAME}/roleinstances/{instance}?comp=reboot"), "").expect(status);
        harness.settle();
    }
}
