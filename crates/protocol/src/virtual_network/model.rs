use serde::{Deserialize, Serialize};

use crate::Model;
use crate::deployment::model::Dns;
pub use crate::network_configuration::AddressPrefix;
use crate::open_enum::open_enum;
use crate::xml::or_default;

/// The virtual networks of a subscription; none is an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VirtualNetworkSites(pub Vec<VirtualNetworkSite>);

impl Model for VirtualNetworkSites {}

/// A virtual network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VirtualNetworkSite {
    /// Its name.
    pub name: String,
    /// For people.
    pub label: Option<String>,
    /// The platform's own id, a GUID.
    pub id: Option<String>,
    /// The affinity group that it is in.
    pub affinity_group: Option<String>,
    /// Where it is in its life.
    #[serde(default)]
    pub state: VirtualNetworkState,
    /// Whether anything is in it; the service drops a false.
    #[serde(default, deserialize_with = "or_default")]
    pub in_use: bool,
    /// Its addresses.
    #[serde(default)]
    pub address_space: AddressSpace,
    /// Its parts.
    #[serde(default)]
    pub subnets: Vec<Subnet>,
    /// The DNS servers that it uses.
    pub dns: Option<Dns>,
    /// Its way out.
    pub gateway: Option<Gateway>,
    /// The location that it is in.
    pub location: Option<String>,
    /// How far its migration has come. By a client library of 2016.
    pub migration_state: Option<String>,
}

open_enum! {
    /// The state of a virtual network. No source lists the values; these were recorded.
    pub enum VirtualNetworkState {
        /// Being made.
        Creating,
        /// There.
        Created,
    }
}

/// Ranges of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AddressSpace {
    /// The ranges.
    #[serde(default)]
    pub address_prefixes: Vec<AddressPrefix>,
}

/// A part of a virtual network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Subnet {
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub address_prefix: Option<String>,
    /// The network security group that guards it. By a client library.
    pub network_security_group: Option<String>,
    /// The route table that it uses. Undocumented.
    pub route_table_name: Option<String>,
}

/// The way out of a virtual network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Gateway {
    /// Its size.
    pub profile: Option<GatewayProfile>,
    /// The networks outside that it leads to.
    #[serde(default)]
    pub sites: Vec<LocalNetworkSite>,
    /// The addresses that single machines outside get.
    #[serde(rename = "VPNClientAddressPool")]
    pub vpn_client_address_pool: Option<AddressSpace>,
    /// Other virtual networks. Undocumented: recorded responses have it empty or nil, so the name of its
    /// items is not known, and the text of each is read.
    #[serde(default)]
    pub vnet_names: Vec<String>,
}

open_enum! {
    /// The size of a gateway. No source lists the values; one was recorded.
    pub enum GatewayProfile {
        /// The smallest.
        Small,
    }
}

/// A network outside.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LocalNetworkSite {
    /// Its name.
    pub name: String,
    /// Its addresses.
    #[serde(default)]
    pub address_space: AddressSpace,
    /// The public address of its gateway.
    pub vpn_gateway_address: Option<String>,
    /// How it is joined.
    #[serde(default)]
    pub connections: Vec<Connection>,
}

/// How two networks are joined.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Connection {
    /// Such as `IPsec`.
    #[serde(rename = "Type")]
    pub kind: Option<String>,
}
