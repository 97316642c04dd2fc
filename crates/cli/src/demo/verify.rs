//! Verifies the end of the demonstration against the state of the service.

use azure_classic::Deployment;
use azure_classic::protocol::deployment::model::{DeploymentStatus, InstanceStatus};

use super::release;

/// Compares the deployment after the rollback with what it was before the upgrade. Says what differs.
pub(super) fn verify_restored(before: &Deployment, after: &Deployment) -> Result<(), String> {
    let differs =
        |what: &str, was: &str, is: &str| Err(format!("{what} is {is:?} and was {was:?}"));
    if after.name != before.name {
        return differs("the deployment in production", &before.name, &after.name);
    }
    if after.label != before.label {
        return differs("the label", before.label.as_str(), after.label.as_str());
    }
    if after.configuration.is_none() || after.configuration != before.configuration {
        return Err("the configuration is not the one from before the upgrade".to_owned());
    }
    if after.status != DeploymentStatus::Running {
        return differs("the status", "Running", after.status.as_str());
    }
    if after.upgrade_status.is_some() {
        return Err("an update is still in progress".to_owned());
    }
    let instances = &after.role_instance_list;
    if instances.len() != release::INSTANCES {
        return Err(format!(
            "there are {} instances instead of {}",
            instances.len(),
            release::INSTANCES
        ));
    }
    let idle =
        instances.iter().find(|instance| instance.instance_status != InstanceStatus::ReadyRole);
    match idle {
        Some(instance) => {
            Err(format!("{} is {}", instance.instance_name, instance.instance_status))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use azure_classic::protocol::deployment::model::{RoleInstance, UpgradeStatus};

    use super::*;

    fn ready(name: String) -> RoleInstance {
        RoleInstance {
            instance_name: name,
            instance_status: InstanceStatus::ReadyRole,
            ..RoleInstance::default()
        }
    }

    fn before() -> Deployment {
        Deployment {
            name: release::DEPLOYMENT.to_owned(),
            label: release::OLD.label.into(),
            configuration: Some(release::OLD.configuration().as_str().into()),
            status: DeploymentStatus::Running,
            role_instance_list: (0..10).map(|at| ready(format!("Web_IN_{at}"))).collect(),
            ..Deployment::default()
        }
    }

    #[test]
    fn the_same_again_is_accepted() {
        assert_eq!(verify_restored(&before(), &before()), Ok(()));
    }

    #[test]
    fn every_difference_is_found() {
        type Change = fn(&mut Deployment);
        let cases: [(Change, &str); 9] = [
            (|it| it.name = "other".into(), r#"the deployment in production is "other""#),
            (|it| it.label = release::NEW.label.into(), r#"the label is "Release 42""#),
            (
                |it| it.configuration = Some(release::NEW.configuration().as_str().into()),
                "the configuration is not",
            ),
            (|it| it.configuration = None, "the configuration is not"),
            (|it| it.status = DeploymentStatus::Suspended, r#"the status is "Suspended""#),
            (|it| it.upgrade_status = Some(UpgradeStatus::default()), "an update is still"),
            (|it| it.role_instance_list.truncate(9), "there are 9 instances"),
            (|it| it.role_instance_list.push(ready("Web_IN_10".into())), "there are 11 instances"),
            (
                |it| it.role_instance_list[3].instance_status = InstanceStatus::BusyRole,
                "Web_IN_3 is BusyRole",
            ),
        ];
        for (change, expected) in cases {
            let mut after = before();
            change(&mut after);
            let found = verify_restored(&before(), &after).unwrap_err();
            assert!(found.starts_with(expected), "{found}");
        }
    }
}
