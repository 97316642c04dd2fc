use azure_classic_protocol::deployment::model::{ExtensionSettingStatus, ResourceExtensionStatus};

use super::*;

fn instance(at: u32, status: InstanceStatus) -> RoleInstance {
    RoleInstance {
        instance_name: format!("Web_IN_{at}"),
        instance_status: status,
        instance_upgrade_domain: Some(at % 2),
        ..RoleInstance::default()
    }
}

fn deployment(statuses: &[InstanceStatus]) -> Deployment {
    Deployment {
        status: DeploymentStatus::RunningTransitioning,
        role_instance_list: (0..)
            .zip(statuses)
            .map(|(at, status)| instance(at, status.clone()))
            .collect(),
        ..Deployment::default()
    }
}

fn names(unhealthy_instances: &[UnhealthyInstance]) -> Vec<&str> {
    unhealthy_instances.iter().map(|it| it.instance.as_str()).collect()
}

#[test]
fn every_instance_of_the_domain_must_be_ready_and_no_other() {
    use InstanceStatus::{BusyRole, ReadyRole};
    let found = deployment(&[ReadyRole, BusyRole, ReadyRole, ReadyRole]);
    let health = Health::default();
    assert!(health.unhealthy(&found, |it| it == Some(0), |_| None).is_empty());
    assert_eq!(names(&health.unhealthy(&found, |it| it == Some(1), |_| None)), ["Web_IN_1"]);
    assert!(
        health.unhealthy(&found, |it| it == Some(2), |_| None).is_empty(),
        "the domain is empty"
    );
}

#[test]
fn a_share_is_counted_in_instances_of_the_domain() {
    use InstanceStatus::{BusyRole, ReadyRole};
    let found = deployment(&[ReadyRole, ReadyRole, BusyRole, ReadyRole, BusyRole, ReadyRole]);
    let unhealthy_instances = |share| {
        Health { min_healthy: share, ..Health::default() }
            .unhealthy(&found, |it| it == Some(0), |_| None)
            .len()
    };
    assert_eq!(unhealthy_instances(33), 0);
    assert_eq!(unhealthy_instances(34), 2);
    assert_eq!(unhealthy_instances(0), 0);
}

#[test]
fn a_suspended_deployment_is_healthy_when_it_is_off() {
    use InstanceStatus::{ReadyRole, StoppedVm};
    let mut found = deployment(&[StoppedVm, ReadyRole]);
    found.status = DeploymentStatus::SuspendedTransitioning;
    assert!(Health::default().unhealthy(&found, |it| it == Some(0), |_| None).is_empty());
    assert_eq!(Health::default().unhealthy(&found, |it| it == Some(1), |_| None).len(), 1);
}

#[test]
fn an_extension_must_report_be_ready_and_have_applied_its_settings() {
    let health = Health { extension: Some("BGInfo".into()), ..Health::default() };
    let failure = |status: Option<ExtensionHandlerState>, settings: Option<SettingState>| {
        let mut found = deployment(&[InstanceStatus::ReadyRole]);
        if let Some(status) = status {
            found.role_instance_list[0].resource_extension_status_list =
                vec![ResourceExtensionStatus {
                    handler_name: Some("BGInfo".into()),
                    status: Some(status),
                    extension_setting_status: settings.map(|status| ExtensionSettingStatus {
                        status: Some(status),
                        ..ExtensionSettingStatus::default()
                    }),
                    ..ResourceExtensionStatus::default()
                }];
        }
        health.unhealthy(&found, |it| it == Some(0), |_| None).first().map(|it| it.reason.clone())
    };
    let (installing, ready) = (ExtensionHandlerState::Installing, ExtensionHandlerState::Ready);
    assert_eq!(failure(None, None).unwrap(), "the extension BGInfo does not report");
    assert_eq!(failure(Some(installing), None).unwrap(), "the extension BGInfo is Installing");
    assert_eq!(failure(Some(ready.clone()), None), None);
    assert_eq!(failure(Some(ready.clone()), Some(SettingState::Success)), None);
    let error = failure(Some(ready), Some(SettingState::Error)).unwrap();
    assert_eq!(error, "the settings of the extension BGInfo are Error");
}

#[test]
fn a_probe_that_has_not_responded_is_no_consent() {
    let health = Health { probe: true, ..Health::default() };
    let found = deployment(&[InstanceStatus::ReadyRole]);
    let mut verdicts = ProbeResults::new();
    let first = |verdicts: &ProbeResults| {
        health.unhealthy(&found, |it| it == Some(0), |_| Some(verdicts)).pop()
    };
    assert_eq!(first(&verdicts).unwrap().to_string(), "Web_IN_0 (the probe has no result yet)");
    verdicts.insert("Web_IN_0".into(), Err("503".into()));
    assert_eq!(first(&verdicts).unwrap().reason, "the probe reports: 503");
    verdicts.insert("Web_IN_0".into(), Ok(()));
    assert_eq!(first(&verdicts), None);
    assert_eq!(health.unhealthy(&found, |it| it == Some(0), |_| None), [], "no probe is required");
}
