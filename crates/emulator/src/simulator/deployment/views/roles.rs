//! What is told about roles and where they let something in.

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::{DeploymentViewBuilder, State};
use crate::simulator::api_response::Nillable;
use crate::simulator::deployment::configuration::network::{self, Network};
use crate::simulator::deployment::package::{InputEndpoint as Endpoint, Probe};
use crate::simulator::deployment::role;
use crate::simulator::deployment::version::Version;
use crate::simulator::deployment::virtual_ip::VirtualIp;

impl DeploymentViewBuilder<'_> {
    pub(super) fn roles<'a>(&self, deployment: &'a State) -> Vec<Role<'a>> {
        let os_version = deployment.current_version().configuration.os_version.as_str();
        let roles = deployment.roles.values().map(|role| Role {
            name: &role.name,
            os_version,
            configuration_sets: self
                .supports(ApiVersion::V2012_03_01)
                .then(|| [self.configuration_set(role, deployment)]),
        });
        roles.collect()
    }

    fn configuration_set<'a>(
        &self,
        role: &role::Role,
        deployment: &'a State,
    ) -> ConfigurationSet<'a> {
        let network = version(role, deployment).map(|version| &version.configuration.network);
        let inputs = endpoints(role, deployment);
        let inputs: Vec<_> = inputs.map(|it| self.input(it, network, deployment)).collect();
        let subnets = network.and_then(|network| network.subnets.get(&role.name));
        ConfigurationSet {
            contract: "NetworkConfigurationSet",
            kind: "NetworkConfiguration",
            input_endpoints: Some(inputs).filter(|inputs| !inputs.is_empty()),
            subnet_names: subnets.into_iter().flatten().map(|name| SubnetName(name)).collect(),
        }
    }

    fn input<'a>(
        &self,
        endpoint: &'a Endpoint,
        network: Option<&'a Network>,
        deployment: &State,
    ) -> InputEndpoint<'a> {
        let names = (endpoint.role.clone(), endpoint.name.clone());
        let rules = network.and_then(|network| network.access_rules.get(&names));
        let has_reserved = self.supports(ApiVersion::V2014_05_01);
        InputEndpoint {
            port: endpoint.port,
            load_balancer_probe: endpoint.probe.as_ref().map(LoadBalancerProbe::new),
            protocol: &endpoint.protocol,
            vip: vip(deployment),
            endpoint_acl: rules
                .map(|rules| EndpointAcl { rules: rules.iter().map(Rule::new).collect() }),
            idle_timeout_in_minutes: self.idle_timeout(endpoint),
            virtual_ip_name: has_reserved.then(|| VirtualIp::default_name(&deployment.service)),
        }
    }

    pub(super) fn idle_timeout(&self, endpoint: &Endpoint) -> Option<u8> {
        endpoint.idle_timeout.filter(|_| self.supports(ApiVersion::V2014_06_01))
    }
}

/// The list as it was told before there were configuration sets.
pub(super) fn legacy_endpoints(deployment: &State) -> Vec<LegacyEndpoint<'_>> {
    let roles = deployment.roles.values();
    let of_role = |role| {
        endpoints(role, deployment).map(|endpoint| LegacyEndpoint {
            role_name: &endpoint.role,
            vip: vip(deployment).unwrap_or_default(),
            port: endpoint.port,
        })
    };
    roles.flat_map(of_role).collect()
}

/// The endpoints of a role, in the package that it is to run.
fn endpoints<'a>(role: &role::Role, deployment: &'a State) -> impl Iterator<Item = &'a Endpoint> {
    let all =
        version(role, deployment).into_iter().flat_map(|version| &version.definition.endpoints);
    all.filter(|endpoint| endpoint.role == role.name)
}

/// What the role is to run.
fn version<'a>(role: &role::Role, deployment: &'a State) -> Option<&'a Version> {
    let goal = role.target.as_ref().or(role.stable.as_ref());
    goal.and_then(|goal| deployment.versions.get(&goal.version))
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
    configuration_sets: Option<[ConfigurationSet<'a>; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ConfigurationSet<'a> {
    #[serde(rename = "@i:type")]
    contract: &'static str,
    #[serde(rename = "ConfigurationSetType")]
    kind: &'static str,
    input_endpoints: Option<Vec<InputEndpoint<'a>>>,
    subnet_names: Vec<SubnetName<'a>>,
}

#[derive(Serialize)]
struct SubnetName<'a>(&'a str);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InputEndpoint<'a> {
    port: u16,
    load_balancer_probe: Option<LoadBalancerProbe<'a>>,
    protocol: &'a str,
    vip: Option<String>,
    endpoint_acl: Option<EndpointAcl<'a>>,
    idle_timeout_in_minutes: Option<u8>,
    #[serde(rename = "VirtualIPName")]
    virtual_ip_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LoadBalancerProbe<'a> {
    path: Nillable<'a>,
    port: u16,
    protocol: &'a str,
    interval_in_seconds: u32,
    timeout_in_seconds: u32,
}

impl<'a> LoadBalancerProbe<'a> {
    /// With the times that were recorded.
    fn new(probe: &'a Probe) -> Self {
        Self {
            path: probe.path.as_deref().into(),
            port: probe.port,
            protocol: &probe.protocol,
            interval_in_seconds: 15,
            timeout_in_seconds: 31,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointAcl<'a> {
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rule<'a> {
    order: u32,
    action: &'a str,
    remote_subnet: String,
    description: Option<&'a str>,
}

impl<'a> Rule<'a> {
    fn new(rule: &'a network::Rule) -> Self {
        Self {
            order: rule.order,
            action: &rule.action,
            remote_subnet: rule.remote_subnet.to_string(),
            description: rule.description.as_deref(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename = "InputEndpoint", rename_all = "PascalCase")]
pub(super) struct LegacyEndpoint<'a> {
    role_name: &'a str,
    vip: String,
    port: u16,
}
