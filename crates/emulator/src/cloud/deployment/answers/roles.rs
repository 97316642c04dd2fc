//! What is told about roles and where they let something in.

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::{Narrator, State};
use crate::cloud::deployment::package::InputEndpoint as Endpoint;
use crate::cloud::deployment::role;

impl Narrator<'_> {
    pub(super) fn roles<'a>(&self, deployment: &'a State) -> Vec<Role<'a>> {
        let os_version = deployment.current().configuration.os_version.as_str();
        let roles = deployment.roles.values().map(|role| Role {
            name: &role.name,
            os_version,
            configuration_sets: self
                .knows(ApiVersion::V2012_03_01)
                .then(|| configuration_sets(role, deployment)),
        });
        roles.collect()
    }
}

fn configuration_sets<'a>(role: &role::Role, deployment: &'a State) -> Vec<ConfigurationSet<'a>> {
    let inputs = endpoints(role, deployment).map(|endpoint| InputEndpoint {
        port: endpoint.port,
        protocol: &endpoint.protocol,
        vip: vip(deployment),
    });
    let inputs: Vec<_> = inputs.collect();
    vec![ConfigurationSet {
        contract: "NetworkConfigurationSet",
        kind: "NetworkConfiguration",
        input_endpoints: Some(inputs).filter(|inputs| !inputs.is_empty()),
        subnet_names: Vec::new(),
    }]
}

/// The list as it was told before there were configuration sets.
pub(super) fn old_endpoints(deployment: &State) -> Vec<OldEndpoint<'_>> {
    let roles = deployment.roles.values();
    let of_role = |role| {
        endpoints(role, deployment).map(|endpoint| OldEndpoint {
            role_name: &endpoint.role,
            vip: vip(deployment).unwrap_or_default(),
            port: endpoint.port,
        })
    };
    roles.flat_map(of_role).collect()
}

/// The endpoints of a role, in the package that it is to run.
fn endpoints<'a>(role: &role::Role, deployment: &'a State) -> impl Iterator<Item = &'a Endpoint> {
    let goal = role.goal.as_ref().or(role.settled.as_ref());
    let version = goal.and_then(|goal| deployment.versions.get(&goal.version));
    let all = version.into_iter().flat_map(|version| &version.definition.endpoints);
    all.filter(|endpoint| endpoint.role == role.name)
}

fn vip(deployment: &State) -> Option<String> {
    deployment.is_reachable().then(|| deployment.vip.address.to_string())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Role<'a> {
    #[serde(rename = "RoleName")]
    name: &'a str,
    os_version: &'a str,
    configuration_sets: Option<Vec<ConfigurationSet<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ConfigurationSet<'a> {
    #[serde(rename = "@i:type")]
    contract: &'static str,
    #[serde(rename = "ConfigurationSetType")]
    kind: &'static str,
    input_endpoints: Option<Vec<InputEndpoint<'a>>>,
    /// There are none.
    subnet_names: Vec<()>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InputEndpoint<'a> {
    port: u16,
    protocol: &'a str,
    vip: Option<String>,
}

#[derive(Serialize)]
#[serde(rename = "InputEndpoint", rename_all = "PascalCase")]
pub(super) struct OldEndpoint<'a> {
    role_name: &'a str,
    vip: String,
    port: u16,
}
