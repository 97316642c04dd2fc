//! What the cloud tells about a deployment, as far as the `x-ms-version` of the request knows it.
//!
//! The elements are its own, and not the models of the protocol crate: so a wrong name there does not
//! find its equal here, and an element younger than the version can be left out.

mod instances;
mod roles;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, Base64Text, DateTime};
use serde::Serialize;

use self::instances::RoleInstance;
use self::roles::{LegacyEndpoint, Role, legacy_endpoints};
use super::configuration::network;
use super::lock::Continuation;
use super::requests::Mode;
use super::virtual_ip::VirtualIp;
use super::{Deployment as State, Stage, update};
use crate::simulator::call::Slot;
use crate::simulator::dns_server::Dns;
use crate::simulator::extension::configuration::ExtensionConfigurationView as ExtensionConfiguration;
use crate::simulator::shared_state::SharedState;
use crate::simulator::values::{ExtendedProperty, property_views};

/// Tells things to one request.
pub(in crate::simulator) struct DeploymentViewBuilder<'w> {
    shared: &'w SharedState,
    version: ApiVersion,
}

impl<'w> DeploymentViewBuilder<'w> {
    pub(in crate::simulator) fn new(shared: &'w SharedState, version: ApiVersion) -> Self {
        Self { shared, version }
    }

    pub(in crate::simulator) fn deployment<'a>(&self, deployment: &'a State) -> Deployment<'a>
    where
        'w: 'a,
    {
        let has_domains = self.supports(ApiVersion::V2011_06_01);
        let has_lock = self.supports(ApiVersion::V2011_10_01);
        let has_properties = self.supports(ApiVersion::V2012_03_01);
        let has_reserved = self.supports(ApiVersion::V2014_05_01);
        let is_known = deployment.stage != Stage::Pending;
        let current = deployment.current_version();
        let network = current.configuration.network.site.as_deref();
        Deployment {
            name: &deployment.name,
            slot: deployment.slot.as_str(),
            private_id: &deployment.private_id,
            status: status(deployment),
            label: current.label.as_str().into(),
            url: deployment.is_reachable().then(|| url(deployment)),
            configuration: is_known.then(|| current.configuration.text.as_str().into()),
            role_instance_list: self.instances(deployment),
            upgrade_status: deployment.update.as_ref().map(upgrade_status),
            upgrade_domain_count: (is_known && has_domains).then_some(deployment.domains),
            role_list: self.roles(deployment),
            sdk_version: (is_known && has_domains)
                .then_some(current.definition.sdk_version.as_str()),
            input_endpoint_list: (has_domains && !has_properties)
                .then(|| legacy_endpoints(deployment)),
            locked: has_lock.then(|| deployment.lock.is_some()),
            rollback_allowed: has_lock.then(|| deployment.rollback_allowed()),
            virtual_network_name: network.filter(|_| is_known && has_properties),
            created_time: has_domains.then(|| self.time(deployment.created)),
            last_modified_time: has_domains.then(|| self.time(deployment.modified)),
            extended_properties: has_properties.then(|| property_views(&deployment.properties)),
            dns: Dns::new(&deployment.dns_servers).filter(|_| is_known && has_properties),
            extension_configuration: current
                .extensions
                .view(self.version)
                .filter(|_| is_known && self.supports(ApiVersion::V2013_03_01)),
            virtual_ips: has_properties.then(|| self.virtual_ips(deployment)),
            reserved_ip_name: deployment.vip.reservation.as_deref().filter(|_| has_reserved),
            internal_dns_suffix: self.internal_dns_suffix(deployment).filter(|_| is_known),
            load_balancers: has_reserved
                .then(|| current.configuration.network.load_balancers.iter())
                .map(|balancers| balancers.map(LoadBalancer::new).collect()),
            virtual_network_id: network
                .filter(|_| is_known && has_reserved)
                .and_then(|name| self.shared.network.as_ref()?.site_id(name)),
        }
    }

    fn virtual_ips<'a>(&self, deployment: &'a State) -> Vec<VirtualIpElement<'a>> {
        let reservation = deployment.vip.reservation.as_deref();
        let reservation = reservation.filter(|_| self.supports(ApiVersion::V2014_05_01));
        let ip = deployment.is_reachable().then(|| VirtualIpElement {
            address: deployment.vip.address.to_string(),
            is_dns_programmed: true,
            name: VirtualIp::default_name(&deployment.service),
            is_reserved: reservation.map(|_| true),
            reserved_ip_name: reservation,
        });
        ip.into_iter().collect()
    }

    /// What the names of its instances end in, inside the data centre; nothing where a virtual network
    /// has DNS servers of its own.
    fn internal_dns_suffix(&self, deployment: &State) -> Option<String> {
        let has_dns = deployment.virtual_network().is_some_and(|name| {
            let network = self.shared.network.as_ref();
            !deployment.dns_servers.is_empty()
                || network.is_some_and(|it| it.site_has_dns_servers(name))
        });
        let part = &deployment.private_id[..2];
        let service = deployment.service.to_ascii_lowercase();
        (self.supports(ApiVersion::V2013_11_01) && !has_dns)
            .then(|| format!("{service}.{part}.internal.cloudapp.net"))
    }

    fn supports(&self, since: ApiVersion) -> bool {
        self.version >= since
    }

    fn time(&self, time: Instant) -> DateTime {
        self.shared.settings.date_time(time)
    }
}

impl State {
    /// Whether its public address leads to it.
    fn is_reachable(&self) -> bool {
        matches!(self.stage, Stage::Active | Stage::Deleting)
    }
}

pub(in crate::simulator) fn status(deployment: &State) -> &'static str {
    let is_changing = deployment.update.is_some();
    match deployment.lock.as_ref().map(|lock| &lock.continuation) {
        Some(Continuation::Start) => return "Starting",
        Some(Continuation::Suspend) => return "Suspending",
        _ => {}
    }
    match (deployment.stage, deployment.is_started) {
        (Stage::Pending | Stage::Provisioned, _) => "Deploying",
        (Stage::Deleting, _) => "Deleting",
        (Stage::Active, true) if is_changing => "RunningTransitioning",
        (Stage::Active, true) => "Running",
        (Stage::Active, false) if is_changing => "SuspendedTransitioning",
        (Stage::Active, false) => "Suspended",
    }
}

pub(in crate::simulator) fn upgrade_status(update: &update::Update) -> UpgradeStatus {
    UpgradeStatus {
        upgrade_type: match update.mode {
            Mode::Auto => "Auto",
            Mode::Manual => "Manual",
            Mode::Simultaneous => "Simultaneous",
        },
        current_upgrade_domain_state: match update.progress {
            update::UpdateProgress::Preparing | update::UpdateProgress::Before => "Before",
            update::UpdateProgress::During => "During",
        },
        current_upgrade_domain: update.domain,
    }
}

/// The public address: the name of the service in production, a random one in staging.
fn url(deployment: &State) -> String {
    let name = match deployment.slot {
        Slot::Production => &deployment.service,
        Slot::Staging => &deployment.private_id,
    };
    format!("http://{name}.cloudapp.net/")
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::simulator) struct Deployment<'a> {
    name: &'a str,
    #[serde(rename = "DeploymentSlot")]
    slot: &'static str,
    #[serde(rename = "PrivateID")]
    private_id: &'a str,
    status: &'static str,
    label: Base64Text,
    url: Option<String>,
    configuration: Option<Base64Text>,
    role_instance_list: Vec<RoleInstance<'a>>,
    upgrade_status: Option<UpgradeStatus>,
    upgrade_domain_count: Option<u32>,
    role_list: Vec<Role<'a>>,
    sdk_version: Option<&'a str>,
    input_endpoint_list: Option<Vec<LegacyEndpoint<'a>>>,
    locked: Option<bool>,
    rollback_allowed: Option<bool>,
    virtual_network_name: Option<&'a str>,
    created_time: Option<DateTime>,
    last_modified_time: Option<DateTime>,
    extended_properties: Option<Vec<ExtendedProperty<'a>>>,
    dns: Option<Dns<'a>>,
    extension_configuration: Option<ExtensionConfiguration<'a>>,
    #[serde(rename = "VirtualIPs")]
    virtual_ips: Option<Vec<VirtualIpElement<'a>>>,
    #[serde(rename = "ReservedIPName")]
    reserved_ip_name: Option<&'a str>,
    internal_dns_suffix: Option<String>,
    load_balancers: Option<Vec<LoadBalancer<'a>>>,
    virtual_network_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LoadBalancer<'a> {
    name: &'a str,
    frontend_ip_configuration: FrontendIpConfiguration<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FrontendIpConfiguration<'a> {
    #[serde(rename = "Type")]
    kind: &'static str,
    subnet_name: Option<&'a str>,
    #[serde(rename = "StaticVirtualNetworkIPAddress")]
    static_address: Option<&'a str>,
}

impl<'a> LoadBalancer<'a> {
    fn new(balancer: &'a network::LoadBalancer) -> Self {
        Self {
            name: &balancer.name,
            frontend_ip_configuration: FrontendIpConfiguration {
                kind: "Private",
                subnet_name: balancer.subnet.as_deref(),
                static_address: balancer.address.as_deref(),
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::simulator) struct UpgradeStatus {
    pub(in crate::simulator) upgrade_type: &'static str,
    pub(in crate::simulator) current_upgrade_domain_state: &'static str,
    pub(in crate::simulator) current_upgrade_domain: u32,
}

#[derive(Serialize)]
#[serde(rename = "VirtualIP", rename_all = "PascalCase")]
struct VirtualIpElement<'a> {
    address: String,
    is_dns_programmed: bool,
    name: String,
    /// Left out when it is not.
    is_reserved: Option<bool>,
    #[serde(rename = "ReservedIPName")]
    reserved_ip_name: Option<&'a str>,
}
