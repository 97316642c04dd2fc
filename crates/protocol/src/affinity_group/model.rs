use serde::{Deserialize, Serialize};

use crate::cloud_service::{CloudServiceProperties, ComputeCapabilities};
use crate::{Base64Text, DateTime, ExtendedProperty, Model, xml};

/// What the service tells about an affinity group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AffinityGroup {
    /// What requests name it by.
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
    /// What its place can do.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// When it was made.
    pub created_time: Option<DateTime>,
    /// The role sizes that are possible in it. Recorded answers have it in lists of groups only.
    pub compute_capabilities: Option<ComputeCapabilities>,
}

impl Model for AffinityGroup {}

/// A cloud service, as its affinity group tells of it (`HostedService` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "HostedService", rename_all = "PascalCase")]
pub struct MemberCloudService {
    /// The management address. Informational: the host may be a regional one.
    #[serde(default)]
    pub url: String,
    /// The DNS prefix.
    pub service_name: String,
    /// Label, place, state and dates, not all of which are told. Undocumented.
    #[serde(rename = "HostedServiceProperties")]
    pub properties: Option<CloudServiceProperties>,
}

/// A storage account, as its affinity group tells of it (`StorageService` on the wire).
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

/// What a place can do, such as `PersistentVMRole` or `HighMemory`. An open set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Capability(pub String);
