//! What is told about role instances.

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::{Narrator, Stage, State};
use crate::cloud::deployment::instance::{Instance, Phase};
use crate::cloud::deployment::role;

const FAULT_DOMAINS: u32 = 2;

impl Narrator<'_> {
    pub(super) fn instances<'a>(&self, deployment: &'a State) -> Vec<RoleInstance<'a>> {
        let roles = deployment.roles.values();
        roles.flat_map(|role| self.instances_of(role, deployment)).collect()
    }

    fn instances_of<'a>(
        &self,
        role: &'a role::Role,
        deployment: &'a State,
    ) -> impl Iterator<Item = RoleInstance<'a>> {
        let has_domains = self.knows(ApiVersion::V2011_06_01);
        let has_details = self.knows(ApiVersion::V2011_10_01);
        let has_power = self.knows(ApiVersion::V2012_03_01);
        let is_live = deployment.stage != Stage::Modelled;
        role.instances.iter().map(move |(&index, instance)| {
            let definition = &deployment.versions[&instance.version].definition;
            RoleInstance {
                role_name: &role.name,
                instance_name: role.instance_name(index),
                instance_status: if is_live { instance.phase.as_str() } else { "RoleStateUnknown" },
                instance_upgrade_domain: has_domains.then_some(index % deployment.domains),
                instance_fault_domain: has_domains.then_some(index % FAULT_DOMAINS),
                instance_size: has_domains.then_some(definition.role_size.as_str()),
                instance_state_details: has_details.then(|| details(instance.phase)),
                ip_address: has_power.then(|| instance.address.to_string()),
                instance_endpoints: self.endpoints(role, instance, deployment),
                power_state: has_power
                    .then(|| if is_live { instance.phase.power_state() } else { "Unknown" }),
            }
        })
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
        let has_vip = self.knows(ApiVersion::V2011_06_01) && deployment.is_reachable();
        let endpoints = own.map(|endpoint| InstanceEndpoint {
            name: &endpoint.name,
            vip: has_vip.then(|| deployment.address.to_string()),
            public_port: endpoint.port,
            local_port: endpoint.local_port,
            protocol: &endpoint.protocol,
        });
        Some(endpoints.collect::<Vec<_>>()).filter(|endpoints| !endpoints.is_empty())
    }
}

/// What a stuck instance says; the others say nothing.
fn details(phase: Phase) -> &'static str {
    match phase {
        Phase::RestartingRole => "The role has not started and is being restarted.",
        _ => "",
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
    ip_address: Option<String>,
    instance_endpoints: Option<Vec<InstanceEndpoint<'a>>>,
    power_state: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceEndpoint<'a> {
    name: &'a str,
    vip: Option<String>,
    public_port: u16,
    local_port: u16,
    protocol: &'a str,
}
