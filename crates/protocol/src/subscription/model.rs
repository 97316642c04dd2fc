use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::or_default::or_default;
use crate::{DateTime, Model};

/// The subscriptions that a token reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Subscriptions(pub Vec<Subscription>);

impl Model for Subscriptions {}

/// A subscription: its state, and how much of its limits is in use.
///
/// The limits are those of the subscription; Microsoft raised them on request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Subscription {
    /// Its id: a GUID, which [`SubscriptionId`](crate::SubscriptionId) parses.
    #[serde(rename = "SubscriptionID")]
    pub subscription_id: String,
    /// For people.
    #[serde(default)]
    pub subscription_name: String,
    /// Its state.
    #[serde(default)]
    pub subscription_status: SubscriptionStatus,
    /// Who owns the account that pays.
    pub account_admin_live_email_id: Option<String>,
    /// Who administrates it.
    pub service_admin_live_email_id: Option<String>,
    /// How many cores it may use.
    pub max_core_count: Option<u32>,
    /// How many storage accounts it may have.
    pub max_storage_accounts: Option<u32>,
    /// How many cloud services it may have.
    pub max_hosted_services: Option<u32>,
    /// How many cores it uses.
    pub current_core_count: Option<u32>,
    /// How many cloud services it has.
    pub current_hosted_services: Option<u32>,
    /// How many storage accounts it has.
    pub current_storage_accounts: Option<u32>,
    /// How many virtual networks it may have.
    pub max_virtual_network_sites: Option<u32>,
    /// How many virtual networks it has; the service drops a zero.
    #[serde(default, deserialize_with = "or_default")]
    pub current_virtual_network_sites: u32,
    /// How many local networks it may have.
    pub max_local_network_sites: Option<u32>,
    /// How many local networks it has; the service drops a zero.
    #[serde(default, deserialize_with = "or_default")]
    pub current_local_network_sites: u32,
    /// How many DNS servers it may name.
    pub max_dns_servers: Option<u32>,
    /// How many DNS servers it names; the service drops a zero.
    #[serde(default, deserialize_with = "or_default")]
    pub current_dns_servers: u32,
    /// The kinds of offer that it belongs to, with semicolons between them.
    pub offer_categories: Option<String>,
    /// How many extra addresses it has; the service drops a zero. Contract only.
    #[serde(rename = "CurrentExtraVIPCount", default, deserialize_with = "or_default")]
    pub current_extra_vip_count: u32,
    /// How many extra addresses it may have. Contract only.
    #[serde(rename = "MaxExtraVIPCount")]
    pub max_extra_vip_count: Option<u32>,
    /// The directory whose tokens are asked for: a GUID.
    #[serde(rename = "AADTenantID")]
    pub aad_tenant_id: Option<String>,
    /// When it was made.
    pub created_time: Option<DateTime>,
    /// How many reserved addresses it may have.
    #[serde(rename = "MaxReservedIPs")]
    pub max_reserved_ips: Option<u32>,
    /// How many reserved addresses it has.
    #[serde(rename = "CurrentReservedIPs")]
    pub current_reserved_ips: Option<u32>,
    /// How many public addresses of instances it may have.
    #[serde(rename = "MaxPublicIPCount")]
    pub max_public_ip_count: Option<u32>,
    /// How many network security groups it has.
    pub current_network_security_groups: Option<u32>,
    /// How many network security groups it may have.
    pub max_network_security_groups: Option<u32>,
    /// How many rules one of them may have.
    pub max_network_security_rules_per_group: Option<u32>,
    /// How many route tables it may have.
    pub max_route_tables: Option<u32>,
    /// How many routes one of them may have.
    pub max_routes_per_route_table: Option<u32>,
}

impl Model for Subscription {}

open_enum! {
    /// The state of a subscription.
    pub enum SubscriptionStatus {
        /// In use.
        Active,
        /// Switched off: requests are refused with `SubscriptionDisabled`.
        Disabled,
        /// Being deleted.
        Deleting,
        /// Gone.
        Deleted,
        /// In use, with a warning.
        Warned,
    }
}
