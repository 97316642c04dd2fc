use azure_classic_protocol::deployment::model::{
    ExtensionConfiguration, InstanceStatus, RoleInstance, RoleKind, UpgradeStatus,
};
use azure_classic_protocol::{CloudServiceRef, RollbackMode};

use super::*;
use crate::{Policy, UnhealthyInstance};

const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/2.cspkg";

/// A configuration of roles, each with its instances and the names of its settings.
fn cscfg(roles: &[(&str, u32, &[&str])]) -> String {
    let role = |(name, count, settings): &(&str, u32, &[&str])| {
        let setting = |name: &&str| format!("<Setting name=\"{name}\" value=\"1\" />");
        let settings: String = settings.iter().map(setting).collect();
        format!(
            "<Role name=\"{name}\"><Instances count=\"{count}\" />\
             <ConfigurationSettings>{settings}</ConfigurationSettings></Role>"
        )
    };
    let roles: String = roles.iter().map(role).collect();
    format!(
        "<ServiceConfiguration serviceName=\"shop\" osFamily=\"4\" xmlns=\"http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration\">{roles}</ServiceConfiguration>"
    )
}

/// Two roles with two instances each, in two domains, all ready.
fn running() -> Deployment {
    let instance = |role: &str, at: u32| RoleInstance {
        role_name: role.to_owned(),
        instance_name: format!("{role}_IN_{at}"),
        instance_status: InstanceStatus::ReadyRole,
        instance_upgrade_domain: Some(at),
        ..RoleInstance::default()
    };
    let role = |name: &str| Role { role_name: name.to_owned(), ..Role::default() };
    Deployment {
        name: "first".to_owned(),
        status: DeploymentStatus::Running,
        label: "one".into(),
        configuration: Some(cscfg(&[("Web", 2, &["Key"]), ("Jobs", 2, &[])]).into()),
        upgrade_domain_count: Some(2),
        locked: Some(false),
        rollback_allowed: Some(false),
        role_list: vec![role("Web"), role("Jobs")],
        role_instance_list: ["Web", "Jobs"]
            .iter()
            .flat_map(|role| (0..2).map(|at| instance(role, at)))
            .collect(),
        ..Deployment::default()
    }
}

fn upgrade(configuration: &str) -> Plan {
    let first = CloudServiceRef::new("contoso").deployment("first");
    Plan::upgrade(first, PACKAGE, configuration, "two")
}

fn same() -> String {
    cscfg(&[("Web", 2, &["Key"]), ("Jobs", 2, &[])])
}

fn change(configuration: &str) -> Plan {
    let first = CloudServiceRef::new("contoso").deployment("first");
    Plan::change_configuration(first, configuration)
}

fn issues(plan: &Plan, read: &Deployment) -> Vec<PreflightIssue> {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let endpoint = Endpoint::new("https://management.example.net", subscription).unwrap();
    plan.preflight(&endpoint, read)
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_sound_plan_has_no_findings() {
    assert_eq!(issues(&upgrade(&same()), &running()), []);
    assert_eq!(issues(&upgrade(&same()).role("Web"), &running()), []);
    let more = cscfg(&[("Web", 5, &["Key"]), ("Jobs", 2, &[])]);
    assert_eq!(issues(&change(&more), &running()), []);
}

#[test]
fn a_deployment_that_is_not_at_rest_is_in_the_way() {
    type Change = fn(&mut Deployment);
    let found = |change: Change| {
        let mut read = running();
        change(&mut read);
        issues(&upgrade(&same()), &read).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let cases: [(Change, &str); 8] = [
        (|it| it.upgrade_status = Some(UpgradeStatus::default()), "an update is in progress"),
        (|it| it.locked = Some(true), "an operation holds the deployment"),
        (|it| it.status = DeploymentStatus::Deploying, "the deployment is Deploying"),
        (|it| it.configuration = None, "the service returns neither"),
        (|it| it.rollback_allowed = None, "the service returns neither"),
        (|it| it.upgrade_domain_count = Some(0), "the service returns neither"),
        (|it| it.role_list[0].role_type = Some(RoleKind::PersistentVm), "virtual machines"),
        (|it| it.label = "two".into(), "the label is empty or the present one"),
    ];
    for (change, expected) in cases {
        let found = found(change);
        assert!(found.len() == 1 && found[0].contains(expected), "{expected}: {found:?}");
    }
}

#[test]
fn what_the_service_would_refuse_is_found_before() {
    let plan = upgrade("no xml");
    let found = issues(&plan, &running());
    assert!(matches!(found.as_slice(), [PreflightIssue::UnreadableConfiguration(_)]), "{found:?}");
    let first = CloudServiceRef::new("contoso").deployment("first");
    let plan = Plan::upgrade(first, "web.cspkg", same(), "two");
    assert!(issues(&plan, &running())[0].to_string().contains("the package URL"));
    let policy = Policy { rollback: RollbackMode::from("Simultaneous"), ..Policy::default() };
    let found = issues(&upgrade(&same()).policy(policy), &running());
    assert!(found[0].to_string().contains("is not a mode of a rollback"), "{found:?}");
}

#[test]
fn roles_must_fit_those_that_run() {
    let gone = cscfg(&[("Web", 2, &["Key"])]);
    let renamed = cscfg(&[("Web", 2, &["Key"]), ("Job", 2, &[])]);
    let added = cscfg(&[("Web", 2, &["Key"]), ("Jobs", 2, &[]), ("Mail", 2, &[])]);
    let roles = |gone: &[&str], added: &[&str]| PreflightIssue::Roles {
        gone: strings(gone),
        added: strings(added),
    };
    for (plan, expected) in [
        (upgrade(&gone), vec![PreflightIssue::RolesRemoved(strings(&["Jobs"]))]),
        (upgrade(&added), vec![]),
        (upgrade(&renamed), vec![roles(&["Jobs"], &["Job"])]),
        (upgrade(&gone).role("Web"), vec![roles(&["Jobs"], &[])]),
        (change(&added), vec![roles(&[], &["Mail"])]),
        (
            upgrade(&same()).role("Wep"),
            vec![PreflightIssue::UnknownRole {
                role: "Wep".into(),
                present: strings(&["Web", "Jobs"]),
            }],
        ),
        (
            upgrade(&cscfg(&[("Web", 0, &["Key"]), ("Jobs", 2, &[])])),
            vec![PreflightIssue::NoInstances("Web".into())],
        ),
    ] {
        assert_eq!(issues(&plan, &running()), expected);
    }
}

#[test]
fn losses_are_warned_of_unless_they_are_accepted() {
    let fewer = cscfg(&[("Web", 1, &["Key"]), ("Jobs", 2, &[])]);
    let warning = PreflightIssue::FewerInstances { role: "Web".into(), present: 2, planned: 1 };
    assert!(!warning.is_error());
    assert_eq!(issues(&upgrade(&fewer), &running()), [warning]);
    let forced = || Policy { force: true, ..Policy::default() };
    assert_eq!(issues(&upgrade(&fewer).policy(forced()), &running()), []);

    let newer = same().replace("osFamily=\"4\"", "osFamily=\"5\"");
    let warning = PreflightIssue::OsFamily { present: "4".into(), planned: "5".into() };
    assert_eq!(issues(&upgrade(&newer), &running()), [warning]);
    assert_eq!(issues(&upgrade(&newer).policy(forced()), &running()), []);
}

#[test]
fn a_change_of_configuration_changes_something_that_the_package_knows() {
    assert_eq!(issues(&change(&same()), &running()), [PreflightIssue::NothingToChange]);
    let other = cscfg(&[("Web", 2, &["Kez"]), ("Jobs", 2, &[])]);
    let warning = PreflightIssue::Settings { role: "Web".into(), names: strings(&["Key", "Kez"]) };
    assert_eq!(issues(&change(&other), &running()), [warning]);
    assert_eq!(issues(&upgrade(&other), &running()), [], "another package, other settings");
}

#[test]
fn downtime_is_warned_of() {
    let mut read = running();
    read.role_instance_list.remove(3);
    let one = cscfg(&[("Web", 2, &["Key"]), ("Jobs", 1, &[])]);
    read.configuration = Some(one.clone().into());
    let single = PreflightIssue::SingleInstance("Jobs".into());
    assert_eq!(issues(&upgrade(&one), &read), [single]);

    let mut read = running();
    read.role_instance_list[1].instance_upgrade_domain = Some(0);
    let together = PreflightIssue::SingleDomain { role: "Web".into(), domain: 0 };
    assert_eq!(issues(&upgrade(&same()), &read), [together]);

    let mut read = running();
    read.role_instance_list[1].instance_status = InstanceStatus::BusyRole;
    let unhealthy = UnhealthyInstance { instance: "Web_IN_1".into(), reason: "BusyRole".into() };
    assert_eq!(
        issues(&upgrade(&same()), &read),
        [PreflightIssue::UnhealthyInstances(vec![unhealthy])]
    );
}

#[test]
fn extensions_must_be_mentioned() {
    let mut read = running();
    read.extension_configuration = Some(ExtensionConfiguration::default().all_roles(["RDP-1"]));
    assert_eq!(issues(&upgrade(&same()), &read), [PreflightIssue::Extensions]);
    let plan = upgrade(&same()).extensions(ExtensionConfiguration::none());
    assert_eq!(issues(&plan, &read), []);
}

#[test]
fn warnings_hinder_until_they_are_accepted_and_errors_always() {
    let warnings = [PreflightIssue::Extensions];
    assert!(upgrade("").is_blocked_by(&warnings));
    assert!(!upgrade("").accept_warnings(true).is_blocked_by(&warnings));
    assert!(upgrade("").accept_warnings(true).is_blocked_by(&[PreflightIssue::Locked]));
    assert!(!upgrade("").is_blocked_by(&[]));
}
