//! Responses that do not show the whole deployment: they pass no gate and end nothing.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_protocol::UpdateMode;
use azure_classic_rollout::{
    Event, FinalState, Gap, Health, Input, NextStep, Plan, Policy, PreflightIssue, Rollout,
    StopReason,
};

use crate::table::{Front, PACKAGE, Table, cscfg, first, observer, upgrade};

/// Leaves the instances of these names out.
fn without(text: &str, names: &[&str]) -> String {
    let (before, rest) = text.split_once("<RoleInstanceList>").unwrap();
    let (list, after) = rest.split_once("</RoleInstanceList>").unwrap();
    let is_named = |item: &str| {
        names.iter().any(|name| item.contains(&format!("<InstanceName>{name}</InstanceName>")))
    };
    let kept: String =
        list.split_inclusive("</RoleInstance>").filter(|item| !is_named(item)).collect();
    format!("{before}<RoleInstanceList>{kept}</RoleInstanceList>{after}")
}

const ALL: [&str; 3] = ["Web_IN_0", "Web_IN_1", "Web_IN_2"];

/// Whether a response is of the new version.
fn is_new(text: &str) -> bool {
    // "two", in base64.
    text.contains("<Label>dHdv</Label>")
}

fn gaps(why: &StopReason) -> String {
    match why {
        StopReason::Incomplete(gaps) => {
            gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        }
        other => panic!("it stops for another reason: {other}"),
    }
}

#[test]
fn a_single_empty_response_among_good_ones_opens_no_gate() {
    for every in [3, 4, 5] {
        let mut table = Table::new();
        let stuck = FaultRule::new("stuck", Effect::NeverStarts).instance("Web_IN_1").label("two");
        table.cloud.add_fault(stuck).unwrap();
        let mut readings = 0;
        table.front = Some(Box::new(move |text| {
            readings += 1;
            if is_new(&text) && readings % every == 0 { without(&text, &ALL) } else { text }
        }));
        let policy = Policy { settle_time: Duration::from_secs(5), ..Policy::default() };
        let outcome = table.run(table.start(upgrade().policy(policy))).unwrap();
        assert_eq!(outcome.final_state(), FinalState::RolledBack, "every {every}th");
        assert_eq!(table.comps().iter().filter(|it| it.contains("walk")).count(), 2);
    }
}

/// An instance in another domain, listed twice, or of another deployment. A missing probe result of it is no
/// failure of the current domain, even after the timeout.
#[test]
fn a_single_instance_that_a_gap_names_never_fails_a_domain() {
    let moved: fn(&str) -> String =
        |text| text.replace("<InstanceUpgradeDomain>2<", "<InstanceUpgradeDomain>0<");
    let stranger: fn(&str) -> String = |text| {
        let (before, rest) = text.split_once("<RoleInstanceList>").unwrap();
        let item = &rest[..rest.find("</RoleInstance>").unwrap() + "</RoleInstance>".len()];
        let item = item.replace(">Web_IN_0<", ">Stranger_IN_7<");
        format!("{before}<RoleInstanceList>{item}{rest}")
    };
    for change in [moved, stranger] {
        for nth in (1..=240).step_by(10) {
            let mut table = Table::new();
            let mut readings = 0;
            table.front = Some(Box::new(move |text| {
                readings += u32::from(is_new(&text));
                if is_new(&text) && readings == nth { change(&text) } else { text }
            }));
            // The time of a domain is up before it has settled.
            let policy = Policy {
                health: Health { probe: true, ..Health::default() },
                settle_time: Duration::from_secs(1200),
                domain_deadline: Duration::from_secs(900),
                ..Policy::default()
            };
            let outcome = table.drive(table.start(upgrade().policy(policy)), |rollout| {
                let probed: Vec<_> = rollout.probes().map(|it| it.instance_name.clone()).collect();
                for name in probed.iter().filter(|name| name.starts_with("Web")) {
                    rollout.probed(name, Ok(()));
                }
            });
            assert_eq!(outcome.unwrap().final_state(), FinalState::Upgraded, "reading {nth}");
        }
    }
}

#[test]
fn instances_that_stay_missing_stop_the_rollout_and_are_named() {
    for (names, walks) in [(&ALL[..], 0), (&ALL[..1], 0), (&ALL[2..], 0)] {
        let mut table = Table::new();
        table.front =
            Some(Box::new(move |text| if is_new(&text) { without(&text, names) } else { text }));
        let before = table.now;
        let stopped = table.run(table.start(upgrade())).unwrap_err();
        for name in names {
            assert!(
                gaps(stopped.why()).contains(&format!("{name} of upgrade domain")),
                "{stopped}"
            );
        }
        assert_eq!(stopped.next_step(), NextStep::Resume);
        assert_eq!(table.comps().iter().filter(|it| it.contains("walk")).count(), walks);
        let doubt = Policy::default().confirm_after;
        assert!(
            table.now - before >= doubt && table.now - before < doubt + Duration::from_secs(120)
        );
    }
}

#[test]
fn instances_that_go_missing_after_the_last_walk_end_nothing() {
    let mut table = Table::new();
    table.front = Some(Box::new(|text| {
        let is_over = is_new(&text) && !text.contains("<UpgradeStatus>");
        if is_over { without(&text, &ALL[1..]) } else { text }
    }));
    let stopped = table.run(table.start(upgrade())).unwrap_err();
    assert!(
        gaps(stopped.why()).contains("the role Web has 1 instances, but its configuration has 3")
    );
    assert_eq!(table.comps().len(), 4, "the start and three walks");
}

#[test]
fn instances_that_go_missing_after_a_rollback_end_nothing() {
    let mut table = Table::new();
    let mut was_new = false;
    table.front = Some(Box::new(move |text| {
        was_new |= is_new(&text);
        if was_new && !is_new(&text) { without(&text, &ALL[..1]) } else { text }
    }));
    let mut is_aborted = false;
    let outcome = table.drive(table.start(upgrade()), |rollout| {
        if !is_aborted && rollout.record().is_some_and(|record| record.started_domains() == 1) {
            is_aborted = true;
            rollout.input(Input::Abort);
        }
    });
    let stopped = outcome.unwrap_err();
    assert!(
        gaps(stopped.why()).contains("Web_IN_0 of upgrade domain 0 is not listed"),
        "{stopped}"
    );
}

#[test]
fn a_duplicate_a_stranger_and_an_impossible_domain_are_no_evidence() {
    let change = |from: &'static str, to: &'static str| {
        move |text: String| if is_new(&text) { text.replacen(from, to, 1) } else { text }
    };
    let domain = |number: u32| format!("<InstanceUpgradeDomain>{number}</InstanceUpgradeDomain>");
    let fronts: [(Front, &str); 5] = [
        (Box::new(change(">Web_IN_1<", ">Web_IN_0<")), "Web_IN_0 is listed more than once"),
        (
            Box::new(change(">Web_IN_2<", ">Web_IN_9<")),
            "Web_IN_9 is listed, and is of neither version",
        ),
        (
            Box::new(move |text| {
                if is_new(&text) { text.replace(&domain(1), &domain(4_294_967_295)) } else { text }
            }),
            "Web_IN_1 is in upgrade domain 4294967295, and there are domains 0 to 2",
        ),
        (
            Box::new(move |text| if is_new(&text) { text.replace(&domain(2), "") } else { text }),
            "Web_IN_2 is in no upgrade domain",
        ),
        (
            Box::new(
                move |text| if is_new(&text) { text.replace(&domain(0), &domain(1)) } else { text },
            ),
            "Web_IN_0 is in upgrade domain 1, and was in 0",
        ),
    ];
    for (front, expected) in fronts {
        let mut table = Table::new();
        table.front = Some(front);
        let stopped = table.run(table.start(upgrade())).unwrap_err();
        assert!(gaps(stopped.why()).contains(expected), "{stopped}");
        assert_eq!(table.comps(), ["comp=upgrade"]);
    }
}

#[test]
fn a_gap_restarts_the_settle_time() {
    let settle_time = Duration::from_secs(100);
    let policy = || Policy { settle_time, ..Policy::default() };
    let time = |is_lied_to: bool| {
        let mut table = Table::new();
        let mut readings = 0;
        table.front = Some(Box::new(move |text| {
            let is_settling =
                text.contains("<CurrentUpgradeDomain>1<") && text.contains(">Before<");
            readings += u32::from(is_new(&text) && is_settling);
            if is_lied_to && is_settling && readings == 4 {
                without(&text, &ALL[2..])
            } else {
                text
            }
        }));
        let start = table.now;
        let outcome = table.run(table.start(upgrade().policy(policy())));
        assert_eq!(outcome.unwrap().final_state(), FinalState::Upgraded);
        table.now - start
    };
    assert!(time(true) > time(false), "the settle time goes on over a gap");
}

#[test]
fn domains_without_instances_are_walked_on_the_evidence_of_the_others() {
    for instances in 1..=2 {
        let mut table = Table::of(instances);
        let plan = Plan::upgrade(first(), PACKAGE, cscfg(instances, "secret-2"), "two");
        let outcome = table.run(table.start(plan.accept_warnings(true))).unwrap();
        assert_eq!(outcome.final_state(), FinalState::Upgraded);
        assert_eq!(table.comps().len(), 4);
    }
}

#[test]
fn scaling_in_out_and_back_ends_truthfully() {
    for (before, after) in [(3, 1), (3, 2), (2, 5), (1, 3), (5, 4)] {
        let plan = || {
            Plan::upgrade(first(), PACKAGE, cscfg(after, "secret-2"), "two").accept_warnings(true)
        };
        let mut table = Table::of(before);
        let outcome = table.run(table.start(plan())).unwrap();
        assert_eq!(outcome.final_state(), FinalState::Upgraded);
        assert_eq!(outcome.summary().instances, usize::try_from(after).unwrap());

        let mut table = Table::of(before);
        let mut is_aborted = false;
        let outcome = table.drive(table.start(plan()), |rollout| {
            if !is_aborted && rollout.record().is_some_and(|record| record.started_domains() == 2) {
                is_aborted = true;
                rollout.input(Input::Abort);
            }
        });
        let outcome = outcome.unwrap();
        if outcome.final_state() == FinalState::RolledBack {
            assert_eq!(outcome.summary().instances, usize::try_from(before).unwrap());
        }
    }
}

#[test]
fn an_added_instance_that_is_never_listed_holds_the_gate_of_its_domain() {
    let mut table = Table::of(3);
    table.front = Some(Box::new(|text| without(&text, &["Web_IN_4"])));
    let plan = Plan::upgrade(first(), PACKAGE, cscfg(5, "secret-2"), "two");
    let stopped = table.run(table.start(plan)).unwrap_err();
    assert_eq!(gaps(stopped.why()), "Web_IN_4 of upgrade domain 1 is not listed");
    assert_eq!(table.comps().len(), 3, "the start and the walks of domains 0 and 1");
}

#[test]
fn instances_deleted_by_another_operator_are_not_missed() {
    for started in [0, 1, 2] {
        let mut table = Table::of(5);
        let plan = Plan::upgrade(first(), PACKAGE, cscfg(5, "secret-2"), "two");
        let mut rollout = table.start(plan);
        // Until this many domains have been walked.
        let mut outcome = None;
        let mut is_deleted = false;
        while outcome.is_none() {
            let is_due = rollout
                .record()
                .is_some_and(|it| it.started_domains() == started && it.accepted().is_some());
            if is_due && !is_deleted {
                is_deleted = table.send(&first().delete_instances(["Web_IN_3"])).status() == 202;
            }
            outcome = table.step(&mut rollout);
        }
        assert!(is_deleted);
        let outcome = outcome.unwrap().unwrap();
        assert_eq!((outcome.final_state(), outcome.summary().instances), (FinalState::Upgraded, 4));
    }
}

#[test]
fn a_start_is_refused_from_a_response_that_does_not_show_everything() {
    for names in [&ALL[..], &ALL[1..2]] {
        let mut table = Table::new();
        table.front = Some(Box::new(move |text| without(&text, names)));
        let stopped = table.run(table.start(upgrade())).unwrap_err();
        let StopReason::Preflight(issues) = stopped.why() else { panic!("{stopped}") };
        let listed = 3 - names.len();
        let gap = Gap::Count { role: "Web".into(), configured: 3, listed };
        assert_eq!(issues[0], PreflightIssue::Incomplete(vec![gap]));
        assert_eq!(table.comps(), [""; 0]);
    }
}

#[test]
fn a_promotion_ends_a_rollout_whose_instances_stay_missing_and_names_them() {
    let mut table = Table::new();
    table.front =
        Some(Box::new(|text| if is_new(&text) { without(&text, &ALL[1..2]) } else { text }));
    let outcome = table.drive(table.start(upgrade()), |rollout| rollout.input(Input::Promote));
    let outcome = outcome.unwrap();
    assert!(outcome.to_string().contains("incomplete: Web_IN_1 of upgrade domain 1 is not listed"));
}

#[test]
fn a_resumed_driver_knows_the_instances_that_were_there() {
    let mut table = Table::new();
    let rollout = table.start(upgrade());
    let mut record = None;
    table.drive_while(rollout, |rollout| {
        record = rollout.record().cloned();
        record.as_ref().is_none_or(|record| record.started_domains() < 1)
    });
    let stored = serde_json::to_string(&record.unwrap()).unwrap();
    let rollout = Rollout::resume(&table.endpoint, serde_json::from_str(&stored).unwrap()).unwrap();
    // The count is right, and an instance is another one.
    table.front = Some(Box::new(|text| text.replace(">Web_IN_1<", ">Web_IN_7<")));
    let stopped = table.run(rollout).unwrap_err();
    assert!(
        gaps(stopped.why()).contains("Web_IN_1 of upgrade domain 1 is not listed"),
        "{stopped}"
    );
}

#[test]
fn an_adopted_update_expects_what_its_configuration_requests_for() {
    let mut table = Table::new();
    table.send(&first().upgrade(UpdateMode::Manual, PACKAGE, cscfg(3, "x"), "two"));
    table.settle();
    table.front = Some(Box::new(|text| without(&text, &ALL[2..])));
    let rollout = Rollout::adopt(&table.endpoint, first(), Policy::default());
    let stopped = table.run(rollout).unwrap_err();
    assert!(gaps(stopped.why()).contains("Web_IN_2"), "{stopped}");
    // It may be one that the update adds, until the last domain has been walked.
    assert_eq!(table.comps(), ["comp=walkupgradedomain"; 3]);
}

#[test]
fn an_update_whose_status_is_absent_while_it_is_in_progress_is_named() {
    let mut table = Table::new();
    table.front = Some(Box::new(|text| match text.split_once("<UpgradeStatus>") {
        Some((before, rest)) => {
            let (_, after) = rest.split_once("</UpgradeStatus>").unwrap();
            format!("{before}{after}")
        }
        None => text,
    }));
    let (reported, observer) = observer();
    let stopped = table.run(table.start(upgrade()).on_event(observer)).unwrap_err();
    assert_eq!(*stopped.why(), StopReason::Incomplete(vec![Gap::UpgradeStatus]));
    let reported = reported.lock().unwrap();
    assert!(
        reported
            .iter()
            .any(|event| matches!(event, Event::Unconfirmed { reason: StopReason::Incomplete(_) }))
    );
}
