use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::xml;
use crate::{DateTime, Model};

/// The subscriptions that a token reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Subscriptions(pub Vec<Subscription>);

impl Model for Subscriptions {}

/// A subscription: its state, and how much of its limits is in use.
///
/// The limits are those of the subscription; Microsoft raised them on request. -1 occurs in recorded
/// responses, where a limit does not apply.
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
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_core_count: Option<i64>,
    /// How many storage accounts it may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_storage_accounts: Option<i64>,
    /// How many cloud services it may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_hosted_services: Option<i64>,
    /// How many cores it uses.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub current_core_count: Option<i64>,
    /// How many cloud services it has.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub current_hosted_services: Option<i64>,
    /// How many storage accounts it has.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub current_storage_accounts: Option<i64>,
    /// How many virtual networks it may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_virtual_network_sites: Option<i64>,
    /// How many virtual networks it has; the service drops a zero.
    #[serde(default, deserialize_with = "xml::or_default")]
    pub current_virtual_network_sites: i64,
    /// How many local networks it may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_local_network_sites: Option<i64>,
    /// How many local networks it has; the service drops a zero.
    #[serde(default, deserialize_with = "xml::or_default")]
    pub current_local_network_sites: i64,
    /// How many DNS servers it may name.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_dns_servers: Option<i64>,
    /// How many DNS servers it names; the service drops a zero.
    #[serde(default, deserialize_with = "xml::or_default")]
    pub current_dns_servers: i64,
    /// The kinds of offer that it belongs to, with semicolons between them.
    pub offer_categories: Option<String>,
    /// How many extra addresses it has; the service drops a zero. Contract only.
    #[serde(rename = "CurrentExtraVIPCount", default, deserialize_with = "xml::or_default")]
    pub current_extra_vip_count: i64,
    /// How many extra addresses it may have. Contract only.
    #[serde(rename = "MaxExtraVIPCount")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_extra_vip_count: Option<i64>,
    /// The directory that issues its tokens: a GUID.
    #[serde(rename = "AADTenantID")]
    pub aad_tenant_id: Option<String>,
    /// When it was made.
    pub created_time: Option<DateTime>,
    /// How many reserved addresses it may have.
    #[serde(rename = "MaxReservedIPs")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_reserved_ips: Option<i64>,
    /// How many reserved addresses it has.
    #[serde(rename = "CurrentReservedIPs")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub current_reserved_ips: Option<i64>,
    /// How many public addresses of instances it may have.
    #[serde(rename = "MaxPublicIPCount")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_public_ip_count: Option<i64>,
    /// How many network security groups it has.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub current_network_security_groups: Option<i64>,
    /// How many network security groups it may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_network_security_groups: Option<i64>,
    /// How many rules one of them may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_network_security_rules_per_group: Option<i64>,
    /// How many route tables it may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_route_tables: Option<i64>,
    /// How many routes one of them may have.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_routes_per_route_table: Option<i64>,
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
