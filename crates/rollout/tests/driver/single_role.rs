//! Upgrades of one role: the others keep their instances, whatever the configuration says.

use azure_classic_rollout::{FinalState, Input, Plan, PreflightIssue, Record, StopReason};

use crate::table::{PACKAGE, Table, cscfg, first};

/// Instances of the roles Web and Jobs.
fn roles(web: u32, jobs: u32) -> String {
    let role = |name: &str, count: u32| {
        format!("<Role name=\"{name}\"><Instances count=\"{count}\" /></Role>")
    };
    let (start, rest) = cscfg(0, "")
        .split_once("<Role ")
        .map(|(start, rest)| (start.to_owned(), rest.to_owned()))
        .unwrap();
    let (_, end) = rest.split_once("</Role>").unwrap();
    format!("{start}{}{}{end}", role("Web", web), role("Jobs", jobs))
}

fn upgrade_of_web(web: u32, jobs: u32) -> Plan {
    let plan = Plan::upgrade(first(), PACKAGE, roles(web, jobs), "two");
    plan.role("Web").accept_warnings(true)
}

fn listed(table: &mut Table, role: &str) -> usize {
    table.read().role_instance_list.iter().filter(|it| it.role_name == role).count()
}

#[test]
fn another_count_of_another_role_keeps_nothing_up() {
    for (web, jobs) in [(3, 2), (3, 5), (3, 1), (2, 4), (5, 1)] {
        let mut table = Table::with(roles(3, 2));
        let outcome = table.run(table.start(upgrade_of_web(web, jobs))).unwrap();
        assert_eq!(outcome.final_state(), FinalState::Upgraded, "{web}, {jobs}");
        assert_eq!(listed(&mut table, "Web"), usize::try_from(web).unwrap());
        assert_eq!(listed(&mut table, "Jobs"), 2);
    }
}

#[test]
fn it_is_rolled_back_all_the_same() {
    for jobs in [1, 5] {
        let mut table = Table::with(roles(3, 2));
        let mut is_aborted = false;
        let outcome = table.drive(table.start(upgrade_of_web(4, jobs)), |rollout| {
            if !is_aborted && rollout.record().map_or(0, Record::started_domains) == 1 {
                is_aborted = true;
                rollout.input(Input::Abort);
            }
        });
        assert_eq!(outcome.unwrap().final_state(), FinalState::RolledBack);
        assert_eq!((listed(&mut table, "Web"), listed(&mut table, "Jobs")), (3, 2));
    }
}

#[test]
fn instances_of_another_role_that_go_missing_are_a_gap_all_the_same() {
    let mut table = Table::with(roles(3, 2));
    table.front = Some(Box::new(|text| {
        // "two", in base64.
        let is_new = text.contains("<Label>dHdv</Label>");
        if is_new { text.replace(">Jobs_IN_1<", ">Jobs_IN_0<") } else { text }
    }));
    let stopped = table.run(table.start(upgrade_of_web(3, 5))).unwrap_err();
    assert!(matches!(stopped.why(), StopReason::Incomplete(_)), "{stopped}");
    assert!(
        stopped.to_string().contains("Jobs_IN_1 of upgrade domain 1 is not listed"),
        "{stopped}"
    );
}

#[test]
fn the_preflight_warns_of_a_count_without_effect() {
    let mut table = Table::with(roles(3, 2));
    let read = table.read();
    let issue = PreflightIssue::CountWithoutEffect { role: "Jobs".into(), present: 2, planned: 1 };
    assert!(!issue.is_error());
    assert_eq!(
        issue.to_string(),
        "the role Jobs is not upgraded and keeps its 2 instances; the configuration has 1"
    );
    assert_eq!(upgrade_of_web(3, 1).preflight(&table.endpoint, &read), [issue]);
    assert_eq!(upgrade_of_web(3, 2).preflight(&table.endpoint, &read), []);
}
