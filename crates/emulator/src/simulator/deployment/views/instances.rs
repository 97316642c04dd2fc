//! What is told about role instances.

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::{DeploymentViewBuilder, Stage, State};
use crate::simulator::deployment::extension_states::ResourceExtensionStatus;
use crate::simulator::deployment::instance::{Instance, Phase};
use crate::simulator::deployment::role;

const FAULT_DOMAINS: u32 = 2;

impl DeploymentViewBuilder<'_> {
    pub(super) fn instances<'a>(&self, deployment: &'a State) -> Vec<RoleInstance<'a>> {
        let roles = deployment.roles.values();
        roles.flat_map(|role| self.instances_of(role, deployment)).collect()
    }

    fn instances_of<'a>(
        &self,
        role: &'a role::Role,
        deployment: &'a State,
    ) -> impl Iterator<Item = RoleInstance<'a>> {
        let has_domains = self.supports(ApiVersion::V2011_06_01);
        let has_details = self.supports(ApiVersion::V2011_10_01);
        let has_power = self.supports(ApiVersion::V2012_03_01);
        let has_extensions = self.supports(ApiVersion::V2014_04_01)
            && !deployment.current_version().extensions.is_empty();
        let is_live = deployment.stage != Stage::Provisioned;
        role.instances.iter().map(move |(&index, instance)| {
            let version = &deployment.versions[&instance.version];
            let definition = &version.definition;
            RoleInstance {
                role_name: &role.name,
                instance_name: role.instance_name(index),
                instance_status: if is_live {
                    self.status(instance.phase)
                } else {
                    "RoleStateUnknown"
                },
                instance_upgrade_domain: has_domains.then_some(index % deployment.domains),
                instance_fault_domain: has_domains.then_some(index % FAULT_DOMAINS),
                instance_size: has_domains.then_some(definition.role_size.as_str()),
                instance_state_details: has_details.then(|| state_details(instance.phase)),
                instance_error_code: error_code(instance.phase).filter(|_| has_details),
                ip_address: has_power.then(|| instance.address.to_string()),
                instance_endpoints: self.endpoints(role, instance, deployment),
                power_state: has_power
                    .then(|| if is_live { instance.phase.power_state() } else { "Unknown" }),
                host_name: version
                    .configuration
                    .machine_name(&role.name)
                    .filter(|_| has_power)
                    .map(|name| format!("{name}{index}")),
                resource_extension_status_list: has_extensions
                    .then(|| deployment.extension_states(role, instance)),
            }
        })
    }

    /// Versions after 2014-02-01 do not have the word for an instance that crashes again and again.
    fn status(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::CyclingRole if self.version > ApiVersion::V2014_02_01 => {
                Phase::RestartingRole.as_str()
            }
            phase => phase.as_str(),
        }
    }

    /// Those of its role in the package that it runs; `None` when there are none.
    fn endpoints<'a>(
        &self,
        role: &role::Role,
        instance: &Instance,
        deployment: &'a State,
    ) -> Option<Vec<InstanceEndpoint<'a>>> {
        let definition = &deployment.versions[&instance.version].definition;
        let own = definition.endpoints.iter().filter(|endpoint| endpoint.role == role.name);
        let has_vip = self.supports(ApiVersion::V2011_06_01) && deployment.is_reachable();
        let endpoints = own.map(|endpoint| InstanceEndpoint {
            name: &endpoint.name,
            vip: has_vip.then(|| deployment.vip.address.to_string()),
            public_port: endpoint.port,
            local_port: endpoint.local_port,
            protocol: &endpoint.protocol,
            idle_timeout_in_minutes: self.idle_timeout(endpoint),
        });
        Some(endpoints.collect::<Vec<_>>()).filter(|endpoints| !endpoints.is_empty())
    }
}

/// What an instance in trouble says; the others say nothing.
fn state_details(phase: Phase) -> &'static str {
    match phase {
        Phase::RestartingRole => "The role has not started and is being restarted.",
        Phase::CyclingRole => "The role has crashed several times and is being restarted.",
        Phase::FailedStartingRole => "The role has repeatedly failed to start.",
        Phase::UnresponsiveRole => "The role has not reported its status in time.",
        _ => "",
    }
}

/// A code for the service's support, which nobody else could read.
fn error_code(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::RestartingRole | Phase::CyclingRole => Some("0x800705B4"),
        Phase::FailedStartingRole => Some("0x80004005"),
        Phase::UnresponsiveRole => Some("0x80070102"),
        _ => None,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoleInstance<'a> {
    role_name: &'a str,
    instance_name: String,
    instance_status: &'static str,
    instance_upgrade_domain: Option<u32>,
    instance_fault_domain: Option<u32>,
    instance_size: Option<&'a str>,
    instance_state_details: Option<&'static str>,
    instance_error_code: Option<&'static str>,
    ip_address: Option<String>,
    instance_endpoints: Option<Vec<InstanceEndpoint<'a>>>,
    power_state: Option<&'static str>,
    host_name: Option<String>,
    resource_extension_status_list: Option<Vec<ResourceExtensionStatus<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceEndpoint<'a> {
    name: &'a str,
    vip: Option<String>,
    public_port: u16,
    local_port: u16,
    protocol: &'a str,
    idle_timeout_in_minutes: Option<u8>,
}
