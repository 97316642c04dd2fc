//! What the cloud tells about a deployment, as far as the `x-ms-version` of the request knows it.
//!
//! The elements are its own, and not the models of the protocol crate: so a wrong name there does not
//! find its equal here, and an element younger than the version can be left out.

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, Base64Text, DateTime};
use serde::Serialize;

use super::extension_states::ResourceExtensionStatus;
use super::instance::Phase;
use super::requests::Mode;
use super::{Deployment as State, Stage, role, update};
use crate::cloud::call::Slot;
use crate::cloud::extension::configuration::Told as ExtensionConfiguration;
use crate::cloud::settings::Settings;
use crate::cloud::values::{ExtendedProperty, listed};
use crate::cloud::world::World;

/// Tells things to one request.
pub(in crate::cloud) struct Narrator<'w> {
    settings: &'w Settings,
    version: ApiVersion,
}

impl<'w> Narrator<'w> {
    pub(in crate::cloud) fn new(world: &'w World, version: ApiVersion) -> Self {
        Self { settings: &world.settings, version }
    }

    pub(in crate::cloud) fn deployment<'a>(&self, deployment: &'a State) -> Deployment<'a> {
        let has_domains = self.knows(ApiVersion::V2011_06_01);
        let has_lock = self.knows(ApiVersion::V2011_10_01);
        let has_properties = self.knows(ApiVersion::V2012_03_01);
        let is_known = deployment.stage != Stage::Announced;
        let is_reachable = matches!(deployment.stage, Stage::Live | Stage::Deleting);
        let current = deployment.current();
        Deployment {
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
                .map(|role| Role {
                    role_name: &role.name,
                    os_version: &current.configuration.os_version,
                })
                .collect(),
            locked: has_lock.then(|| deployment.lock.is_some()),
            rollback_allowed: has_lock.then(|| deployment.rollback_allowed()),
            created_time: self.time(deployment.created).filter(|_| has_domains),
            last_modified_time: self.time(deployment.modified).filter(|_| has_domains),
            extended_properties: has_properties.then(|| listed(&deployment.properties)),
            extension_configuration: current
                .extensions
                .told(self.version)
                .filter(|_| is_known && self.knows(ApiVersion::V2013_03_01)),
            virtual_ips: has_properties.then(|| {
                let address = is_reachable.then(|| virtual_ip(deployment));
                address.map(|address| VirtualIp { address }).into_iter().collect()
            }),
        }
    }

    fn instances<'a>(&self, deployment: &'a State) -> Vec<RoleInstance<'a>> {
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
        let has_extensions =
            self.knows(ApiVersion::V2014_04_01) && !deployment.current().extensions.is_empty();
        let is_live = deployment.stage != Stage::Modelled;
        role.instances.iter().map(move |(&index, instance)| RoleInstance {
            role_name: &role.name,
            instance_name: role.instance_name(index),
            instance_status: if is_live { self.status(instance.phase) } else { "RoleStateUnknown" },
            instance_upgrade_domain: has_domains.then_some(index % deployment.domains),
            instance_fault_domain: has_domains.then_some(index % FAULT_DOMAINS),
            instance_size: has_domains.then_some("Small"),
            instance_state_details: has_details.then(|| details(instance.phase)),
            instance_error_code: error_code(instance.phase).filter(|_| has_details),
            ip_address: has_power.then(|| instance.address.to_string()),
            power_state: has_power
                .then(|| if is_live { instance.phase.power_state() } else { "Unknown" }),
            resource_extension_status_list: has_extensions
                .then(|| deployment.extension_states(role, instance)),
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

    fn knows(&self, since: ApiVersion) -> bool {
        self.version >= since
    }

    fn time(&self, moment: Instant) -> Option<DateTime> {
        self.settings.date_time(moment)
    }
}

const FAULT_DOMAINS: u32 = 2;

pub(in crate::cloud) fn status(deployment: &State) -> &'static str {
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

pub(in crate::cloud) fn upgrade_status(update: &update::Update) -> UpgradeStatus {
    UpgradeStatus {
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

/// What an instance in trouble says; the others say nothing.
fn details(phase: Phase) -> &'static str {
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

/// The public address: the name of the service in production, a random one in staging.
fn url(deployment: &State) -> String {
    let name = match deployment.slot {
        Slot::Production => &deployment.service,
        Slot::Staging => &deployment.private_id,
    };
    format!("http://{name}.cloudapp.net/")
}

/// An address of 203.0.113.0/24, which is reserved for documentation.
fn virtual_ip(deployment: &State) -> String {
    format!("203.0.113.{}", deployment.id.0 % 254 + 1)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cloud) struct Deployment<'a> {
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
    locked: Option<bool>,
    rollback_allowed: Option<bool>,
    created_time: Option<DateTime>,
    last_modified_time: Option<DateTime>,
    extended_properties: Option<Vec<ExtendedProperty<'a>>>,
    extension_configuration: Option<ExtensionConfiguration<'a>>,
    #[serde(rename = "VirtualIPs")]
    virtual_ips: Option<Vec<VirtualIp>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleInstance<'a> {
    role_name: &'a str,
    instance_name: String,
    instance_status: &'static str,
    instance_upgrade_domain: Option<u32>,
    instance_fault_domain: Option<u32>,
    instance_size: Option<&'static str>,
    instance_state_details: Option<&'static str>,
    instance_error_code: Option<&'static str>,
    ip_address: Option<String>,
    power_state: Option<&'static str>,
    resource_extension_status_list: Option<Vec<ResourceExtensionStatus<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cloud) struct UpgradeStatus {
    pub(in crate::cloud) upgrade_type: &'static str,
    pub(in crate::cloud) current_upgrade_domain_state: &'static str,
    pub(in crate::cloud) current_upgrade_domain: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Role<'a> {
    role_name: &'a str,
    os_version: &'a str,
}

#[derive(Serialize)]
#[serde(rename = "VirtualIP", rename_all = "PascalCase")]
struct VirtualIp {
    address: String,
}
