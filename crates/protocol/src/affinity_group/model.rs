use serde::{Deserialize, Serialize};

use crate::cloud_service::{CloudServiceProperties, ComputeCapabilities};
use crate::{Base64Text, DateTime, ExtendedProperty, Model, xml};

/// An affinity group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AffinityGroup {
    /// The name in requests.
    pub name: String,
    /// For people.
    #[serde(default)]
    pub label: Base64Text,
    /// For people.
    pub description: Option<String>,
    /// The location in which its members are.
    #[serde(default)]
    pub location: String,
    /// The cloud services in it; `None` in a list of groups.
    #[serde(
        default,
        deserialize_with = "xml::present_list",
        skip_serializing_if = "Option::is_none"
    )]
    pub hosted_services: Option<Vec<MemberCloudService>>,
    /// The storage accounts in it; `None` in a list of groups.
    #[serde(
        default,
        deserialize_with = "xml::present_list",
        skip_serializing_if = "Option::is_none"
    )]
    pub storage_services: Option<Vec<MemberStorageAccount>>,
    /// The capabilities of its location.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// When it was made.
    pub created_time: Option<DateTime>,
    /// The role sizes that are available in it. Recorded responses have it in lists of groups only.
    pub compute_capabilities: Option<ComputeCapabilities>,
}

impl Model for AffinityGroup {}

/// A cloud service in its affinity group (`HostedService` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "HostedService", rename_all = "PascalCase")]
pub struct MemberCloudService {
    /// The management address. Informational: the host may be a regional one.
    #[serde(default)]
    pub url: String,
    /// The DNS prefix.
    pub service_name: String,
    /// Label, location, state and dates, some of which may be absent. Undocumented.
    #[serde(rename = "HostedServiceProperties")]
    pub properties: Option<CloudServiceProperties>,
}

/// A storage account in its affinity group (`StorageService` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "StorageService", rename_all = "PascalCase")]
pub struct MemberStorageAccount {
    /// The management address. Informational: the host may be a regional one.
    #[serde(default)]
    pub url: String,
    /// The DNS prefix.
    pub service_name: String,
    /// Names and values, the platform's own among them. Undocumented.
    #[serde(default)]
    pub extended_properties: Vec<ExtendedProperty>,
}

/// A capability of a location, such as `PersistentVMRole` or `HighMemory`. An open set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Capability(pub String);
