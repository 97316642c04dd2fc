use serde::{Deserialize, Serialize};

use crate::Model;
use crate::open_enum::open_enum;
use crate::xml::or_default;

/// The reserved IPs of a subscription (`ReservedIPs` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "ReservedIPs")]
pub struct ReservedIps(pub Vec<ReservedIp>);

impl Model for ReservedIps {}

/// A public address that a subscription keeps (`ReservedIP` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "ReservedIP", rename_all = "PascalCase")]
pub struct ReservedIp {
    /// The name that operations address it by.
    pub name: String,
    /// The address.
    pub address: Option<String>,
    /// The platform's own id, a GUID.
    pub id: Option<String>,
    /// For people; plain text, unlike other labels.
    pub label: Option<String>,
    /// Where it is in its life.
    #[serde(default)]
    pub state: ReservedIpState,
    /// Whether a deployment uses it; the service drops a false.
    #[serde(default, deserialize_with = "or_default")]
    pub in_use: bool,
    /// The cloud service that uses it; absent when none does.
    pub service_name: Option<String>,
    /// The deployment that uses it; absent when none does.
    pub deployment_name: Option<String>,
    /// The location.
    pub location: Option<String>,
    /// Which of the deployment's public addresses it is.
    #[serde(rename = "VirtualIPName")]
    pub virtual_ip_name: Option<String>,
}

impl Model for ReservedIp {}

open_enum! {
    /// The state of a reserved IP. No source lists the values; one was recorded.
    pub enum ReservedIpState {
        /// There.
        Created,
    }
}
