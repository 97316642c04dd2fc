//! The model of a deployment.
//!
//! It has every element in documentation, client libraries or recorded responses, including those of virtual
//! machines. Elements that the service sometimes omits are an `Option` or an empty list, and that is nearly
//! all: addresses are absent while a deployment is created, domains while it is deallocated. Structs follow
//! the order of the wire.

mod disk;
mod extension;
mod instance;
mod network;
mod role;
mod status;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize};

pub use self::disk::*;
pub use self::extension::*;
pub use self::instance::*;
pub use self::network::*;
pub use self::role::*;
pub use self::status::*;
use super::Slot;
use crate::xml;
use crate::{Base64Text, DateTime, ExtendedProperty, Model};

/// A deployment: configuration, state, instances, roles, addresses, extensions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Deployment {
    /// The name that operations address it by, whichever slot it is in.
    pub name: String,
    /// The slot that it is in.
    #[serde(default)]
    pub deployment_slot: Slot,
    /// The platform's own id: 32 hexadecimal digits.
    #[serde(rename = "PrivateID")]
    pub private_id: Option<String>,
    /// Where it is in its life. Says nothing about its instances.
    pub status: DeploymentStatus,
    /// For people.
    #[serde(default)]
    pub label: Base64Text,
    /// The public address; absent while it is being made.
    pub url: Option<String>,
    /// The configuration in effect (`.cscfg`), normalised by the service: never the same bytes as
    /// were sent. Absent in the first seconds.
    pub configuration: Option<Base64Text>,
    /// All instances of all roles.
    #[serde(default)]
    pub role_instance_list: Vec<RoleInstance>,
    /// Where an update in progress stands; absent when there is none.
    pub upgrade_status: Option<UpgradeStatus>,
    /// How many upgrade domains there are; absent while it is being made. Since 2011-06-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub upgrade_domain_count: Option<u32>,
    /// The roles, and the network settings of virtual machines.
    #[serde(default)]
    pub role_list: Vec<Role>,
    /// The SDK that built the package; empty for virtual machines. Since 2011-06-01.
    pub sdk_version: Option<String>,
    /// Endpoints as the oldest versions listed them. Undocumented.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input_endpoint_list: Vec<LegacyInputEndpoint>,
    /// Whether an operation holds the deployment, so that others are refused with 409. It does not
    /// say that an update is in progress. Since 2011-06-01 or 2011-10-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub locked: Option<bool>,
    /// Whether Rollback Update Or Upgrade can be called now. Since 2011-06-01 or 2011-10-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub rollback_allowed: Option<bool>,
    /// The virtual network that it is in. Since 2012-03-01.
    pub virtual_network_name: Option<String>,
    /// When it was made.
    pub created_time: Option<DateTime>,
    /// When it was last changed.
    pub last_modified_time: Option<DateTime>,
    /// Names and values. Since 2012-03-01.
    #[serde(default)]
    pub extended_properties: Vec<ExtendedProperty>,
    /// Its own DNS servers. Since 2012-03-01.
    pub dns: Option<Dns>,
    /// Planned downtime; in spite of its name for web and worker roles too. Since 2012-03-01.
    #[serde(rename = "PersistentVMDowntime")]
    pub persistent_vm_downtime: Option<PersistentVmDowntime>,
    /// Which extensions apply to which roles; absent until some were configured. Since 2013-03-01.
    pub extension_configuration: Option<ExtensionConfiguration>,
    /// Its public addresses. Since 2012-03-01.
    #[serde(rename = "VirtualIPs", default)]
    pub virtual_ips: Vec<VirtualIp>,
    /// The reserved address that it uses. Since 2014-05-01.
    #[serde(rename = "ReservedIPName")]
    pub reserved_ip_name: Option<String>,
    /// The suffix of its internal names. Since 2013-11-01.
    pub internal_dns_suffix: Option<String>,
    /// Its internal load balancers. Since 2014-05-01.
    #[serde(default)]
    pub load_balancers: Vec<LoadBalancer>,
    /// The id of the virtual network that it is in. Undocumented.
    pub virtual_network_id: Option<String>,
}

impl Model for Deployment {}

/// DNS servers of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Dns {
    /// The servers.
    #[serde(default)]
    pub dns_servers: Vec<DnsServer>,
}

/// A DNS server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DnsServer {
    /// Its name in the deployment.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// A planned downtime.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "PersistentVMDowntime", rename_all = "PascalCase")]
pub struct PersistentVmDowntime {
    /// When it begins.
    pub start_time: Option<DateTime>,
    /// When it ends.
    pub end_time: Option<DateTime>,
    /// Such as `PersistentVMUpdateScheduled`.
    pub status: Option<String>,
}

/// Reads the attribute `i:type`: a name of XML Schema, whose prefix says where the name is from and
/// nothing about the thing.
fn schema_type<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    let name: Option<String> = Option::deserialize(deserializer)?;
    Ok(name.map(|name| T::from(name.rsplit(':').next().unwrap_or_default())))
}
