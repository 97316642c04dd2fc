use super::Deployment;
use super::model::{DeploymentStatus, InstanceStatus};

impl Deployment {
    /// Whether nothing moves any more and the instances are where the deployment's state wants them:
    /// no update in progress, no operation holds it, it is `Running` and every instance is
    /// `ReadyRole`, or it is `Suspended` and every instance is off.
    ///
    /// This is what to wait for after a rollback or an upgrade. That the accepted operation has succeeded
    /// comes earlier: the platform has taken the change over then, and instances may still be
    /// starting. An instance that never starts keeps a deployment from settling, so give the wait a
    /// deadline.
    pub fn is_settled(&self) -> bool {
        self.upgrade_status.is_none()
            && self.locked != Some(true)
            && match self.status {
                DeploymentStatus::Running => self.all(|status| {
                    matches!(status, InstanceStatus::ReadyRole | InstanceStatus::Ready)
                }),
                DeploymentStatus::Suspended => self.all(|status| {
                    matches!(
                        status,
                        InstanceStatus::StoppedVm
                            | InstanceStatus::StoppedDeallocated
                            | InstanceStatus::Stopped
                    )
                }),
                _ => false,
            }
    }

    fn all(&self, wanted: impl Fn(&InstanceStatus) -> bool) -> bool {
        self.role_instance_list.iter().all(|instance| wanted(&instance.instance_status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::model::{RoleInstance, UpgradeStatus};

    fn deployment(status: DeploymentStatus, instances: &[InstanceStatus]) -> Deployment {
        let instance = |status: &InstanceStatus| RoleInstance {
            instance_status: status.clone(),
            ..RoleInstance::default()
        };
        Deployment {
            status,
            role_instance_list: instances.iter().map(instance).collect(),
            ..Deployment::default()
        }
    }

    #[test]
    fn a_running_deployment_settles_when_every_instance_is_ready() {
        use InstanceStatus::{BusyRole, ReadyRole};
        assert!(deployment(DeploymentStatus::Running, &[ReadyRole, ReadyRole]).is_settled());
        assert!(!deployment(DeploymentStatus::Running, &[ReadyRole, BusyRole]).is_settled());
        assert!(!deployment(DeploymentStatus::RunningTransitioning, &[ReadyRole]).is_settled());
    }

    #[test]
    fn a_suspended_deployment_settles_when_every_instance_is_off() {
        assert!(deployment(DeploymentStatus::Suspended, &[InstanceStatus::StoppedVm]).is_settled());
        assert!(
            !deployment(DeploymentStatus::Suspended, &[InstanceStatus::StoppingVm]).is_settled()
        );
    }

    #[test]
    fn an_update_or_a_lock_keeps_it_from_settling() {
        let mut updating = deployment(DeploymentStatus::Running, &[InstanceStatus::ReadyRole]);
        updating.upgrade_status = Some(UpgradeStatus::default());
        assert!(!updating.is_settled());
        let mut locked = deployment(DeploymentStatus::Running, &[InstanceStatus::ReadyRole]);
        locked.locked = Some(true);
        assert!(!locked.is_settled());
    }
}
