//! When rules take effect, and how they count.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Reply, Rule};
use azure_classic_emulator::{Cloud, Settings};

use crate::bench::{BY_NAME, BY_SLOT, Bench, create_deployment, create_service, walk};

const SERVICE: &str = "/services/hostedservices/contoso";
const WEB: &[(&str, u32)] = &[("Web", 2)];

fn busy() -> Rule {
    Rule::new("busy", Reply::new(503, "ServerBusy"))
}

/// A dot for each request that is answered as usual, a cross for each that meets the fault.
fn picture(bench: &mut Bench, requests: u32) -> String {
    (0..requests).map(|_| if bench.get(SERVICE).0.status() == 503 { 'x' } else { '.' }).collect()
}

#[test]
fn counts_say_which_matches_count() {
    for (rule, expected) in [
        (busy(), "xxxxxxxx"),
        (busy().nth(3), "..x....."),
        (busy().every(3), "..x..x.."),
        (busy().first(2), "xx......"),
        (busy().from(6), ".....xxx"),
        (busy().from(3).every(2).times(2), "...x.x.."),
        (busy().times(1), "x......."),
        (busy().probability(1.0), "xxxxxxxx"),
        (busy().probability(0.0), "........"),
    ] {
        let mut bench = Bench::new();
        bench.fault(rule.clone());
        assert_eq!(picture(&mut bench, 8), expected, "{rule:?}");
    }
}

#[test]
fn operations_are_named_in_any_case_or_by_their_kind() {
    let requests = |bench: &mut Bench| {
        let service = bench.get(SERVICE);
        let deployment = bench.get(BY_NAME);
        let walk = bench.post(&format!("{BY_NAME}?comp=walkupgradedomain"), &walk(0));
        let by_slot = bench.get(BY_SLOT);
        [service, deployment, walk, by_slot]
            .map(|reply| if reply.0.status() == 503 { 'x' } else { '.' })
            .iter()
            .collect::<String>()
    };
    for (rule, expected) in [
        (busy(), "xxxx"),
        (busy().on("get DEPLOYMENT"), ".x.x"),
        (busy().on("Get Deployment").on("Walk Upgrade Domain"), ".xxx"),
        (busy().on_reads(), "xx.x"),
        (busy().on_changes(), "..x."),
        (busy().on_changes().on("Get Cloud Service Properties"), "x.x."),
        (busy().service("CONTOSO"), "xxxx"),
        (busy().service("fabrikam"), "...."),
        (busy().deployment("First"), ".xxx"),
        (busy().deployment("second"), "...."),
        (busy().instance("Web_IN_0"), "...."),
    ] {
        let mut bench = Bench::running(WEB);
        bench.fault(rule.clone());
        assert_eq!(requests(&mut bench), expected, "{rule:?}");
    }
}

#[test]
fn a_rule_has_its_time() {
    let minute = Duration::from_secs(60);
    let mut bench = Bench::new();
    bench.pass(30);
    bench.fault(busy().after(minute).lasts(minute).every(2));
    assert_eq!(picture(&mut bench, 2), "..");
    bench.pass(59);
    assert_eq!(picture(&mut bench, 2), "..");
    bench.pass(1);
    // Only now matches are counted.
    assert_eq!(picture(&mut bench, 3), ".x.");
    assert!(bench.cloud.faults()[0].is_in_force);
    bench.pass(60);
    assert_eq!(picture(&mut bench, 2), "..");
    let [standing] = &bench.cloud.faults()[..] else { panic!() };
    assert_eq!((standing.matched, standing.taken, standing.is_in_force), (3, 1, false));
}

#[test]
fn the_seed_decides_for_each_rule_by_itself() {
    let picture_with = |seed: u64, others: &[Rule]| {
        let mut bench = Bench::with(|settings| settings.seed = seed);
        for rule in others {
            bench.fault(rule.clone());
        }
        bench.fault(busy().probability(0.5));
        picture(&mut bench, 64)
    };
    let one = picture_with(1, &[]);
    assert_eq!(one, picture_with(1, &[]));
    assert_ne!(one, picture_with(2, &[]));
    let slow = Rule::new("slow", Effect::Slow { time: Duration::ZERO, after_work: true });
    assert_eq!(one, picture_with(1, &[slow.probability(0.5)]));
    let hits = one.matches('x').count();
    assert!((20..=44).contains(&hits), "{one}");
}

#[test]
fn faults_do_not_change_the_ids_of_other_requests() {
    let ids = |rule: Option<Rule>| {
        let mut bench = Bench::new();
        if let Some(rule) = rule {
            bench.fault(rule);
        }
        (0..5).map(|_| bench.get(SERVICE).id()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None), ids(Some(busy().probability(0.5))));
}

#[test]
fn counters_and_chances_survive_a_round_trip() {
    let rules =
        || [busy().probability(0.5).times(20), Rule::new("late", Reply::bare(502)).every(5)];
    let mut straight = Bench::new();
    let mut stored = Bench::new();
    for rule in rules() {
        straight.fault(rule.clone());
        stored.fault(rule);
    }
    let mut statuses = [Vec::new(), Vec::new()];
    for _ in 0..8 {
        for (bench, statuses) in [&mut straight, &mut stored].into_iter().zip(&mut statuses) {
            statuses.extend((0..7).map(|_| bench.get(SERVICE).0.status().as_u16()));
        }
        stored.reload();
        assert_eq!(stored.cloud.faults(), straight.cloud.faults());
    }
    assert_eq!(statuses[0], statuses[1]);
    assert!([404, 502, 503].iter().all(|status| statuses[0].contains(status)));
    assert_eq!(stored.cloud.faults()[0].taken, 20);
}

#[test]
fn the_same_id_replaces_and_the_same_rule_goes_on() {
    let mut bench = Bench::new();
    bench.fault(busy().nth(2));
    assert_eq!(picture(&mut bench, 1), ".");
    bench.fault(busy().nth(2));
    assert_eq!(picture(&mut bench, 1), "x");
    bench.fault(busy().nth(1));
    assert_eq!(bench.cloud.faults().len(), 1);
    assert_eq!(picture(&mut bench, 2), "x.");
    assert!(bench.cloud.remove_fault("busy"));
    assert!(!bench.cloud.remove_fault("busy"));
    assert_eq!(picture(&mut bench, 2), "..");
    assert!(bench.cloud.faults().is_empty());
}

#[test]
fn several_rules_at_one_request() {
    let mut bench = Bench::new();
    let seconds = Duration::from_secs;
    bench.fault(Rule::new("slow", Effect::Slow { time: seconds(2), after_work: true }));
    bench.fault(busy().times(2).every(2));
    bench.fault(Rule::new("slower", Effect::Slow { time: seconds(3), after_work: true }));
    bench.fault(Rule::new("gateway", Reply::bare(502)).times(2));
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let outcome = bench.outcome(&bench.request("GET", SERVICE, ""));
        assert_eq!(outcome.delay, seconds(5));
        statuses.push(outcome.answer.unwrap().status().as_u16());
    }
    // The second request was for "busy" to decide, and so "gateway" was not used up by it.
    assert_eq!(statuses, [502, 503, 502, 503, 404]);
    let taken: Vec<u64> = bench.cloud.faults().iter().map(|it| it.taken).collect();
    assert_eq!(taken, [5, 2, 5, 2]);
}

#[test]
fn faults_leave_alone_what_is_no_operation_and_who_is_nobody() {
    let mut bench = Bench::new();
    bench.fault(busy());
    assert_eq!(bench.get("/services/nothing").code(), "404 ResourceNotFound");
    bench.version = "1999-01-01";
    assert_eq!(bench.get(SERVICE).code(), "400 MissingOrIncorrectVersionHeader");
    bench.version = "2015-04-01";
    let settings = Settings::new(crate::bench::SUBSCRIPTION.parse().unwrap());
    let mut empty = Bench { cloud: Cloud::new(settings), version: "2015-04-01" };
    empty.fault(busy());
    assert_eq!(empty.get(SERVICE).code(), "403 ForbiddenError");
    assert_eq!(bench.cloud.faults()[0].matched, 0);
    assert_eq!(bench.get(SERVICE).code(), "503 ServerBusy");
}

#[test]
fn a_rule_that_makes_no_sense_is_refused() {
    let stuck = || Rule::new("stuck", Effect::NeverStarts);
    let domain = || Rule::new("domain", Effect::StuckDomain { domain: 1 });
    let skew = || Rule::new("skew", Effect::ClockSkew { seconds: 60 });
    let late = || Rule::new("late", Effect::TakesLong { time: Duration::from_secs(1) });
    let elsewhere = |to: &str| Rule::new("elsewhere", Effect::Redirect { to: to.to_owned() });
    for (rule, expected) in [
        (Rule::new("", Effect::NeverStarts), "id: it is empty"),
        (busy().label("two"), "when.label: the effect is about requests"),
        (stuck().on_reads(), "when.operations: the effect is about role instances"),
        (domain().instance("Web_IN_0"), "when.instance: the effect is about upgrade domains"),
        (skew().service("contoso"), "when.service: the effect is about the clock"),
        (skew().times(1), "when.nth, every, first, from or times: the effect is about the clock"),
        (skew().probability(0.5), "when.probability: the effect is about the clock"),
        (busy().nth(0), "when.nth: it is 0; give a number from 1 up"),
        (busy().every(0), "when.every: it is 0"),
        (busy().times(0), "when.times: it is 0"),
        (busy().probability(1.5), "when.probability: it is 1.5; give a number from 0 to 1"),
        (busy().probability(f64::NAN), "when.probability: it is NaN"),
        (
            busy().on("Get Deployments"),
            "when.operations: \"Get Deployments\" is not possible here; possible are changing, reading, ",
        ),
        (
            late().on("Get Deployment"),
            "when.operations: \"Get Deployment\" is not possible here; possible are changing, A",
        ),
        (
            Rule::new("fine", Reply::bare(200)),
            "effect.answer.status: it is 200; give a status from 300 to 599",
        ),
        (elsewhere("contoso"), "effect.redirect.to: \"contoso\" is no address of a host"),
        (elsewhere("https://contoso.example.net/"), "effect.redirect.to"),
        (elsewhere("https://contoso.example.net/a"), "effect.redirect.to"),
    ] {
        let mut bench = Bench::new();
        let id = rule.id.clone();
        let error = bench.cloud.add_fault(rule).unwrap_err().to_string();
        let start = format!("the fault {id:?} cannot be used: {expected}");
        assert!(error.starts_with(&start), "{error}\n{start}");
        assert!(bench.cloud.faults().is_empty());
    }
    let mut bench = Bench::new();
    let error = bench.cloud.add_fault(late().on("Walk")).unwrap_err().to_string();
    assert!(error.contains(", Walk Upgrade Domain"), "{error}");
    assert!(!error.contains(", Get Deployment"), "{error}");
    bench.fault(elsewhere("https://contoso.example.net:8443"));
    bench.fault(stuck().service("contoso").deployment("first").label("two").nth(2));
}

#[test]
fn a_rule_about_a_deployment_follows_it_through_its_names() {
    let mut bench = Bench::new();
    bench.fault(busy().on_changes().deployment("first"));
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    // The path of a creation leads to no deployment.
    bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    bench.settle();
    bench.delete(BY_SLOT).expect(503);
    bench.delete(BY_NAME).expect(503);
}

#[test]
fn a_rule_about_an_instance_concerns_requests_for_it() {
    let mut bench = Bench::running(WEB);
    bench.fault(busy().on("Reboot Role Instance").instance("web_in_1"));
    for (instance, status) in [("Web_IN_0", 202), ("Web_IN_1", 503), ("WEB_IN_1", 503)] {
        bench.post(&format!("{BY_NAME}/roleinstances/{instance}?comp=reboot"), "").expect(status);
        bench.settle();
    }
}
