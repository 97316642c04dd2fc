use azure_classic_protocol::deployment::model::InstanceStatus;

use super::Simulator;

/// A role instance as only the platform sees it: with what it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmulatedInstance {
    /// The cloud service.
    pub service: String,
    /// The deployment's name.
    pub deployment: String,
    /// The role.
    pub role: String,
    /// Its name, such as `WebRole_IN_0`.
    pub name: String,
    /// Its upgrade domain, counted from 0.
    pub upgrade_domain: u32,
    /// The state that it is in.
    pub status: InstanceStatus,
    /// The version that it runs or is starting: in each deployment, 1 for the first deployment and one more
    /// for each started upgrade or configuration change.
    pub version: u32,
    /// The label (plain, not base64) that came with the version.
    pub label: String,
    /// Its size, such as `Small`.
    pub size: String,
    /// How often its operating system has been installed again: by a reimage, a rebuild, or an
    /// upgrade to another size.
    pub installs: u32,
    /// How often its local storage has lost its content: by a rebuild, or an upgrade to another size.
    pub wipes: u32,
}

impl Simulator {
    /// All role instances, with the version that each one runs.
    pub fn instances(&self) -> Vec<EmulatedInstance> {
        let mut views = Vec::new();
        for deployment in self.deployments.values() {
            for role in deployment.roles.values() {
                views.extend(role.instances.iter().map(|(&index, instance)| {
                    let version = &deployment.versions[&instance.version];
                    EmulatedInstance {
                        service: deployment.service.clone(),
                        deployment: deployment.name.clone(),
                        role: role.name.clone(),
                        name: role.instance_name(index),
                        upgrade_domain: index % deployment.domains,
                        status: InstanceStatus::from(instance.phase.as_str()),
                        version: version.number,
                        label: version.label.clone(),
                        size: version.definition.role_size.clone(),
                        installs: instance.installs,
                        wipes: instance.wipes,
                    }
                }));
            }
        }
        views
    }
}
