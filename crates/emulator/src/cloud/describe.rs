//! What the cloud tells about its things, as far as the `x-ms-version` of the request knows it.

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, DateTime, RequestId};

use super::deployment::{Deployment, Stage};
use super::instance::Phase;
use super::operations::Progress;
use super::requests::Mode;
use super::role::Role;
use super::route::Slot;
use super::service::Service;
use super::settings::Settings;
use super::update;
use super::values::Properties;
use super::wire;

/// Tells things to one request.
pub(crate) struct Narrator<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) version: ApiVersion,
}

impl Narrator<'_> {
    pub(crate) fn service<'a>(
        &self,
        service: &'a Service,
        deployments: Option<Vec<&'a Deployment>>,
    ) -> wire::HostedService<'a> {
        let dated = self.knows(ApiVersion::V2012_03_01);
        wire::HostedService {
            url: format!(
                "{}/{}/services/hostedservices/{}",
                self.settings.endpoint, self.settings.subscription, service.name
            ),
            service_name: &service.name,
            properties: wire::HostedServiceProperties {
                description: service.description.as_deref(),
                affinity_group: service.affinity_group.as_deref(),
                location: service.location.as_deref(),
                label: service.label.as_str().into(),
                status: dated.then_some("Created"),
                date_created: self.time(service.created).filter(|_| dated),
                date_last_modified: self.time(service.created).filter(|_| dated),
                extended_properties: dated.then(|| list(&service.properties)),
                reverse_dns_fqdn: service
                    .reverse_dns_fqdn
                    .as_deref()
                    .filter(|_| self.knows(ApiVersion::V2014_06_01)),
            },
            deployments: deployments.map(|deployments| {
                deployments.into_iter().map(|deployment| self.deployment(deployment)).collect()
            }),
        }
    }

    pub(crate) fn deployment<'a>(&self, deployment: &'a Deployment) -> wire::Deployment<'a> {
        let has_domains = self.knows(ApiVersion::V2011_06_01);
        let has_lock = self.knows(ApiVersion::V2011_10_01);
        let has_properties = self.knows(ApiVersion::V2012_03_01);
        let is_known = deployment.stage != Stage::Announced;
        let is_reachable = matches!(deployment.stage, Stage::Live | Stage::Deleting);
        let current = &deployment.current;
        wire::Deployment {
            name: &deployment.name,
            slot: deployment.slot.as_str(),
            private_id: &deployment.private_id,
            status: status(deployment),
            label: current.label.as_str().into(),
            url: is_reachable.then(|| url(deployment)),
            configuration: is_known.then(|| current.configuration.text.as_str().into()),
            role_instance_list: self.instances(deployment),
            upgrade_status: deployment.update.as_ref().map(upgrade_status),
            upgrade_domain_count: (is_known && has_domains).then_some(deployment.domains),
            role_list: deployment
                .roles
                .values()
                .map(|role| wire::Role {
                    role_name: &role.name,
                    os_version: &current.configuration.os_version,
                })
                .collect(),
            locked: has_lock.then(|| deployment.lock.is_some()),
            rollback_allowed: has_lock.then(|| deployment.rollback_allowed()),
            created_time: self.time(deployment.created).filter(|_| has_domains),
            last_modified_time: self.time(deployment.modified).filter(|_| has_domains),
            extended_properties: has_properties.then(|| list(&deployment.properties)),
            virtual_ips: has_properties.then(|| {
                let address = is_reachable.then(|| virtual_ip(deployment));
                address.map(|address| wire::VirtualIp { address }).into_iter().collect()
            }),
        }
    }

    fn instances<'a>(&self, deployment: &'a Deployment) -> Vec<wire::RoleInstance<'a>> {
        let roles = deployment.roles.values();
        roles.flat_map(|role| self.instances_of(role, deployment)).collect()
    }

    fn instances_of<'a>(
        &self,
        role: &'a Role,
        deployment: &'a Deployment,
    ) -> impl Iterator<Item = wire::RoleInstance<'a>> {
        let has_domains = self.knows(ApiVersion::V2011_06_01);
        let has_details = self.knows(ApiVersion::V2011_10_01);
        let has_power = self.knows(ApiVersion::V2012_03_01);
        let is_live = deployment.stage != Stage::Modelled;
        role.instances.iter().map(move |(&index, instance)| wire::RoleInstance {
            role_name: &role.name,
            instance_name: role.instance_name(index),
            instance_status: if is_live { instance.phase.as_str() } else { "RoleStateUnknown" },
            instance_upgrade_domain: has_domains.then_some(index % deployment.domains),
            instance_fault_domain: has_domains.then_some(index % FAULT_DOMAINS),
            instance_size: has_domains.then_some("Small"),
            instance_state_details: has_details.then(|| details(instance.phase)),
            ip_address: has_power.then(|| instance.address.to_string()),
            power_state: has_power
                .then(|| if is_live { instance.phase.power_state() } else { "Unknown" }),
        })
    }

    fn knows(&self, since: ApiVersion) -> bool {
        self.version >= since
    }

    fn time(&self, moment: Instant) -> Option<DateTime> {
        DateTime::from_unix_seconds(self.settings.unix_seconds(moment))
    }
}

pub(crate) fn operation(id: &RequestId, progress: &Progress) -> wire::Operation {
    let (http_status_code, error) = match progress {
        Progress::Running => (None, None),
        Progress::Succeeded(status) => (Some(status.as_u16()), None),
        Progress::Failed(status, error) => (Some(status.as_u16()), Some(error.clone())),
    };
    wire::Operation { id: id.dashed(), status: progress.as_str(), http_status_code, error }
}

const FAULT_DOMAINS: u32 = 2;

fn status(deployment: &Deployment) -> &'static str {
    let is_changing = deployment.update.is_some();
    match (deployment.stage, deployment.is_started) {
        (Stage::Announced | Stage::Modelled, _) => "Deploying",
        (Stage::Deleting, _) => "Deleting",
        (Stage::Live, true) if is_changing => "RunningTransitioning",
        (Stage::Live, true) => "Running",
        (Stage::Live, false) if is_changing => "SuspendedTransitioning",
        (Stage::Live, false) => "Suspended",
    }
}

fn upgrade_status(update: &update::Update) -> wire::UpgradeStatus {
    wire::UpgradeStatus {
        upgrade_type: match update.mode {
            Mode::Auto => "Auto",
            Mode::Manual => "Manual",
            Mode::Simultaneous => "Simultaneous",
        },
        current_upgrade_domain_state: match update.progress {
            update::Progress::Preparing | update::Progress::Before => "Before",
            update::Progress::During => "During",
        },
        current_upgrade_domain: update.domain,
    }
}

/// What a stuck instance says; the others say nothing.
fn details(phase: Phase) -> &'static str {
    match phase {
        Phase::RestartingRole => "The role has not started and is being restarted.",
        _ => "",
    }
}

/// The public address: the name of the service in production, a random one in staging.
fn url(deployment: &Deployment) -> String {
    let name = match deployment.slot {
        Slot::Production => &deployment.service,
        Slot::Staging => &deployment.private_id,
    };
    format!("http://{name}.cloudapp.net/")
}

/// An address of 203.0.113.0/24, which is reserved for documentation.
fn virtual_ip(deployment: &Deployment) -> String {
    format!("203.0.113.{}", deployment.id.0 % 254 + 1)
}

fn list(properties: &Properties) -> Vec<wire::ExtendedProperty<'_>> {
    properties.iter().map(|(name, value)| wire::ExtendedProperty { name, value }).collect()
}
