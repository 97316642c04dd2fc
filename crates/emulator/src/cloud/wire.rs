//! The elements that the emulator answers with, in the order of the wire.
//!
//! Its own, and not the models of the protocol crate: so a wrong name there does not find its equal
//! here, and an element younger than the `x-ms-version` of the request can be left out.

use azure_classic_protocol::{Base64Text, DateTime, ErrorBody};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HostedService<'a> {
    pub(crate) url: String,
    pub(crate) service_name: &'a str,
    #[serde(rename = "HostedServiceProperties")]
    pub(crate) properties: HostedServiceProperties<'a>,
    pub(crate) deployments: Option<Vec<Deployment<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HostedServiceProperties<'a> {
    pub(crate) description: Option<&'a str>,
    pub(crate) affinity_group: Option<&'a str>,
    pub(crate) location: Option<&'a str>,
    pub(crate) label: Base64Text,
    pub(crate) status: Option<&'static str>,
    pub(crate) date_created: Option<DateTime>,
    pub(crate) date_last_modified: Option<DateTime>,
    pub(crate) extended_properties: Option<Vec<ExtendedProperty<'a>>>,
    pub(crate) reverse_dns_fqdn: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExtendedProperty<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Deployment<'a> {
    pub(crate) name: &'a str,
    #[serde(rename = "DeploymentSlot")]
    pub(crate) slot: &'static str,
    #[serde(rename = "PrivateID")]
    pub(crate) private_id: &'a str,
    pub(crate) status: &'static str,
    pub(crate) label: Base64Text,
    pub(crate) url: Option<String>,
    pub(crate) configuration: Option<Base64Text>,
    pub(crate) role_instance_list: Vec<RoleInstance<'a>>,
    pub(crate) upgrade_status: Option<UpgradeStatus>,
    pub(crate) upgrade_domain_count: Option<u32>,
    pub(crate) role_list: Vec<Role<'a>>,
    pub(crate) locked: Option<bool>,
    pub(crate) rollback_allowed: Option<bool>,
    pub(crate) created_time: Option<DateTime>,
    pub(crate) last_modified_time: Option<DateTime>,
    pub(crate) extended_properties: Option<Vec<ExtendedProperty<'a>>>,
    #[serde(rename = "VirtualIPs")]
    pub(crate) virtual_ips: Option<Vec<VirtualIp>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleInstance<'a> {
    pub(crate) role_name: &'a str,
    pub(crate) instance_name: String,
    pub(crate) instance_status: &'static str,
    pub(crate) instance_upgrade_domain: Option<u32>,
    pub(crate) instance_fault_domain: Option<u32>,
    pub(crate) instance_size: Option<&'static str>,
    pub(crate) instance_state_details: Option<&'static str>,
    pub(crate) ip_address: Option<String>,
    pub(crate) power_state: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UpgradeStatus {
    pub(crate) upgrade_type: &'static str,
    pub(crate) current_upgrade_domain_state: &'static str,
    pub(crate) current_upgrade_domain: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role<'a> {
    pub(crate) role_name: &'a str,
    pub(crate) os_version: &'a str,
}

#[derive(Serialize)]
#[serde(rename = "VirtualIP", rename_all = "PascalCase")]
pub(crate) struct VirtualIp {
    pub(crate) address: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Operation {
    #[serde(rename = "ID")]
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) http_status_code: Option<u16>,
    pub(crate) error: Option<ErrorBody>,
}
