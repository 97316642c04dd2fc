use azure_classic_protocol::CloudServiceRef;

use super::*;
use crate::{Policy, Version};

const DOMAINS: u32 = 3;

fn cscfg(roles: &[(&str, u32)]) -> String {
    let role = |(name, count): &(&str, u32)| {
        format!("<Role name=\"{name}\"><Instances count=\"{count}\" /></Role>")
    };
    let roles: String = roles.iter().map(role).collect();
    format!(
        "<ServiceConfiguration serviceName=\"shop\" xmlns=\"http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration\">{roles}</ServiceConfiguration>"
    )
}

fn instance(name: &str) -> RoleInstance {
    let (role, number) = name.split_once("_IN_").unwrap();
    RoleInstance {
        role_name: role.to_owned(),
        instance_name: name.to_owned(),
        instance_status: InstanceStatus::ReadyRole,
        instance_upgrade_domain: Some(number.parse::<u32>().unwrap() % DOMAINS),
        ..RoleInstance::default()
    }
}

fn deployment(roles: &[(&str, u32)], instances: &[&str]) -> Deployment {
    Deployment {
        configuration: Some(cscfg(roles).into()),
        upgrade_domain_count: Some(DOMAINS),
        role_instance_list: instances.iter().map(|name| instance(name)).collect(),
        ..Deployment::default()
    }
}

fn all(role: &str, numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers.map(|number| named(role, number)).collect()
}

/// A rollout from some counts to others, which started from a complete list.
fn record(before: &[(&str, u32)], after: &[(&str, u32)]) -> Record {
    let names: Vec<String> = before.iter().flat_map(|(role, count)| all(role, 0..*count)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let version =
        |label: &str, roles| Version { label: label.into(), configuration: cscfg(roles).into() };
    Record::new(
        "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".to_owned(),
        &CloudServiceRef::new("contoso").deployment("first"),
        &deployment(before, &names),
        Policy::default(),
        Some(version("1", before)),
        version("2", after),
    )
}

/// On the way forward, before this domain; `None`: at rest.
fn forward(next: Option<u32>) -> Stage {
    Stage { is_rollback: false, next }
}

fn back(next: Option<u32>) -> Stage {
    Stage { is_rollback: true, next }
}

/// The gaps as they are shown.
fn gaps(record: &Record, stage: Stage, read: &Deployment) -> Vec<String> {
    let gaps = Expectation::of(record).gaps(read, stage);
    gaps.iter().map(ToString::to_string).collect()
}

const WEB: &[(&str, u32)] = &[("Web", 3)];
const COMPLETE: [&str; 3] = ["Web_IN_0", "Web_IN_1", "Web_IN_2"];

#[test]
fn a_complete_response_has_no_gap_whatever_its_order() {
    for stage in [forward(Some(0)), forward(Some(2)), forward(None), back(Some(1)), back(None)] {
        let reversed = ["Web_IN_2", "Web_IN_1", "Web_IN_0"];
        assert_eq!(gaps(&record(WEB, WEB), stage, &deployment(WEB, &COMPLETE)), [""; 0]);
        assert_eq!(gaps(&record(WEB, WEB), stage, &deployment(WEB, &reversed)), [""; 0]);
    }
}

#[test]
fn a_missing_instance_is_a_gap_in_every_domain_and_at_every_stage() {
    for missing in 0..3 {
        for stage in [forward(Some(0)), forward(Some(1)), forward(None), back(Some(1)), back(None)]
        {
            let mut read = deployment(WEB, &COMPLETE);
            read.role_instance_list.remove(missing);
            let expected = format!("Web_IN_{missing} of upgrade domain {missing} is not listed");
            assert_eq!(gaps(&record(WEB, WEB), stage, &read)[0], expected, "{stage:?}");
        }
    }
    let empty = gaps(&record(WEB, WEB), forward(Some(1)), &deployment(WEB, &[]));
    assert_eq!(empty.len(), 3, "{empty:?}");
}

#[test]
fn an_instance_is_listed_once_in_its_domain_and_no_stranger_beside_it() {
    let record = record(WEB, WEB);
    let found = |change: fn(&mut Vec<RoleInstance>)| {
        let mut read = deployment(WEB, &COMPLETE);
        change(&mut read.role_instance_list);
        gaps(&record, forward(Some(1)), &read).join("; ")
    };
    assert_eq!(found(|it| it.push(it[0].clone())), "Web_IN_0 is listed more than once");
    let replaced = found(|it| it[1] = it[0].clone());
    assert!(replaced.starts_with("Web_IN_0 is listed more than once; Web_IN_1 of"), "{replaced}");
    assert_eq!(
        found(|it| it[2].instance_upgrade_domain = Some(0)),
        "Web_IN_2 is in upgrade domain 0, and was in 2"
    );
    assert!(found(|it| it[2].instance_upgrade_domain = None).contains("is in no upgrade domain"));
    assert!(
        found(|it| it[1].instance_upgrade_domain = Some(u32::MAX))
            .contains("in upgrade domain 4294967295, and there are domains 0 to 2")
    );
    assert!(
        found(|it| it.push(instance("Web_IN_9"))).contains("Web_IN_9 is listed, and is of neither")
    );
    assert!(found(|it| it.push(instance("Jobs_IN_0"))).contains("the role Jobs has 1 instances"));
}

#[test]
fn where_a_version_has_fewer_instances_the_last_ones_leave_with_their_domain() {
    let record = record(&[("Web", 5)], &[("Web", 3)]);
    // Domains 0 and 1 hold Web_IN_3 and Web_IN_4.
    let names = |list: &[u32]| list.iter().map(|it| named("Web", *it)).collect::<Vec<_>>();
    let found = |stage: Stage, list: &[u32]| {
        let names = names(list);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let configured = if stage.is_rollback { 5 } else { 3 };
        gaps(&record, stage, &deployment(&[("Web", configured)], &names)).len()
    };
    assert_eq!(found(forward(Some(0)), &[0, 1, 2, 3, 4]), 0);
    assert_eq!(found(forward(Some(0)), &[0, 1, 2, 4]), 0, "it may have been deleted");
    assert_eq!(found(forward(Some(0)), &[0, 1, 3, 4]), 1, "it does not leave");
    assert_eq!(found(forward(Some(1)), &[0, 1, 2, 4]), 0);
    assert_eq!(found(forward(Some(1)), &[1, 2, 4]), 1, "it does not leave");
    assert_eq!(found(forward(None), &[0, 1, 2]), 0);
    assert_eq!(found(forward(None), &[0, 1, 2, 4]), 1, "it should have left");
    assert_eq!(found(forward(None), &[0, 1, 3]), 1, "another one has left");
    assert_eq!(found(back(Some(1)), &[0, 1, 2, 4]), 1, "it should be back");
}

#[test]
fn where_a_version_has_more_instances_they_are_expected_in_the_domains_that_were_walked() {
    let record = record(&[("Web", 2)], &[("Web", 5), ("Jobs", 1)]);
    let found = |stage, web: u32, others: &[&str]| {
        let names = all("Web", 0..web);
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.extend(others);
        gaps(&record, stage, &deployment(&[("Web", 5), ("Jobs", 1)], &names)).len()
    };
    assert_eq!(found(forward(Some(0)), 2, &[]), 0);
    assert_eq!(found(forward(Some(1)), 2, &[]), 2, "Web_IN_3 and Jobs_IN_0 are of domain 0");
    assert_eq!(found(forward(Some(1)), 2, &["Web_IN_3", "Jobs_IN_0"]), 0);
    assert_eq!(found(forward(Some(1)), 5, &["Jobs_IN_0"]), 0, "all of them may come at once");
    assert_eq!(found(forward(None), 5, &["Jobs_IN_0"]), 0);
    assert!(found(forward(None), 4, &["Jobs_IN_0"]) > 0);
    assert_eq!(found(back(Some(1)), 2, &[]), 0, "it need not have come so far");
}

#[test]
fn instances_that_another_operator_has_deleted_may_be_missing_and_no_others() {
    let record = record(WEB, WEB);
    let fewer = |names: &[&str]| deployment(&[("Web", 2)], names);
    assert_eq!(gaps(&record, forward(Some(1)), &fewer(&["Web_IN_0", "Web_IN_2"])), [""; 0]);
    assert_eq!(gaps(&record, forward(None), &fewer(&["Web_IN_1", "Web_IN_2"])), [""; 0]);
    assert_eq!(gaps(&record, back(None), &fewer(&["Web_IN_0", "Web_IN_1"])), [""; 0]);
    assert_eq!(gaps(&record, forward(Some(1)), &fewer(&["Web_IN_2"])).len(), 2);
    assert!(!gaps(&record, forward(None), &fewer(&["Web_IN_2"])).is_empty());
}

#[test]
fn of_an_adopted_update_that_is_rolled_back_to_fewer_instances_only_their_number_counts() {
    // Five were listed when it was adopted; another operator has deleted one since.
    let mut record = record(&[("Web", 5)], &[("Web", 5)]);
    record.before.as_mut().unwrap().configuration = cscfg(&[("Web", 4)]).into();
    let left = deployment(&[("Web", 4)], &["Web_IN_0", "Web_IN_2", "Web_IN_3", "Web_IN_4"]);
    assert_eq!(gaps(&record, back(None), &left), [""; 0]);
    let fewer = deployment(&[("Web", 4)], &["Web_IN_0", "Web_IN_2", "Web_IN_3"]);
    for next in [None, Some(1), Some(2)] {
        assert_eq!(gaps(&record, back(next), &left), [""; 0]);
        assert_eq!(gaps(&record, back(next), &fewer).len(), 1, "{next:?}");
    }
}

#[test]
fn without_a_configuration_that_can_be_read_the_instances_seen_before_are_the_evidence() {
    let mut record = record(WEB, WEB);
    record.before = None;
    record.after.configuration = "<Damaged".into();
    let mut read = deployment(WEB, &COMPLETE);
    read.configuration = Some("<Damaged".into());
    assert_eq!(gaps(&record, forward(None), &read), [""; 0]);
    read.role_instance_list.pop();
    assert_eq!(gaps(&record, forward(None), &read), ["Web_IN_2 of upgrade domain 2 is not listed"]);
}

#[test]
fn without_instances_seen_before_the_counts_are_the_evidence() {
    let mut record = record(WEB, &[("Web", 4)]);
    record.instances.clear();
    assert_eq!(gaps(&record, forward(Some(1)), &deployment(&[("Web", 4)], &COMPLETE)), [""; 0]);
    assert!(
        !gaps(&record, forward(Some(1)), &deployment(&[("Web", 4)], &COMPLETE[1..])).is_empty()
    );
    assert!(!gaps(&record, forward(None), &deployment(&[("Web", 4)], &COMPLETE)).is_empty());
}

#[test]
fn added_instances_with_unpredictable_names_are_remembered_up_to_their_number() {
    // Web_IN_1 was deleted before, so the next numbers are not known.
    let mut record = record(WEB, &[("Web", 3)]);
    record.instances.remove(1);
    let added = |read: &Deployment| -> Vec<String> {
        Expectation::of(&record).added(read).into_iter().map(|it| it.name).collect()
    };
    let read = deployment(WEB, &["Web_IN_0", "Web_IN_2", "Web_IN_7", "Web_IN_8"]);
    assert_eq!(added(&read), ["Web_IN_7"]);
    assert_eq!(added(&deployment(WEB, &["Web_IN_0", "Web_IN_2"])), [""; 0]);
}

#[test]
fn an_absurd_instance_count_allocates_nothing() {
    let huge = record(WEB, &[("Web", u32::MAX), ("Jobs", u32::MAX)]);
    assert_eq!(Expectation::of(&huge).instances.len(), 3);
    let read = deployment(&[("Web", u32::MAX), ("Jobs", u32::MAX)], &COMPLETE);
    assert_eq!(gaps(&huge, forward(None), &read).len(), 2);
}

#[test]
fn numbers_of_upgrade_domains_are_bounded_and_never_change() {
    let read =
        |count: Option<u32>| Deployment { upgrade_domain_count: count, ..Deployment::default() };
    for count in [1, 20, MAX_DOMAINS] {
        assert_eq!(domains(&read(Some(count)), None), Ok(count));
    }
    for count in [None, Some(0), Some(MAX_DOMAINS + 1), Some(u32::MAX)] {
        let gap = Gap::DomainCount { found: count, before: None };
        assert_eq!(domains(&read(count), None), Err(gap));
    }
    for count in [None, Some(0), Some(4), Some(6), Some(u32::MAX)] {
        let gap = Gap::DomainCount { found: count, before: Some(5) };
        assert_eq!(domains(&read(count), Some(5)), Err(gap));
    }
}
