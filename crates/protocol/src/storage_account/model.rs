use serde::{Deserialize, Serialize};

use crate::affinity_group::Capability;
use crate::open_enum::open_enum;
use crate::xml;
use crate::{Base64Text, DateTime, ExtendedProperty, Model};

pub(super) mod keys;

/// A storage account (`StorageService` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "StorageService", rename_all = "PascalCase")]
pub struct StorageAccount {
    /// The management address. Informational: the host may be a regional one.
    #[serde(default)]
    pub url: String,
    /// The DNS prefix.
    pub service_name: String,
    /// Label, place, state and addresses.
    #[serde(rename = "StorageServiceProperties", default)]
    pub properties: StorageAccountProperties,
    /// Names and values, the platform's own among them. Since 2012-03-01.
    #[serde(default)]
    pub extended_properties: Vec<ExtendedProperty>,
    /// The capabilities of its location. Empty in a list of accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<Capability>,
    /// How far it has moved to Azure Resource Manager. Since 2016-03-01; client libraries only.
    pub migration_state: Option<String>,
}

impl Model for StorageAccount {}

/// Label, place, state and addresses of a storage account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "StorageServiceProperties", rename_all = "PascalCase")]
pub struct StorageAccountProperties {
    /// For people.
    pub description: Option<String>,
    /// The affinity group; either this or `location`.
    pub affinity_group: Option<String>,
    /// The location; either this or `affinity_group`.
    pub location: Option<String>,
    /// For people.
    #[serde(default)]
    pub label: Base64Text,
    /// The state of the account.
    pub status: Option<StorageAccountStatus>,
    /// The addresses of its blobs, queues, tables and files.
    #[serde(default)]
    pub endpoints: Vec<StorageEndpoint>,
    /// Whether it is copied to a second region. In versions before `account_type`.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub geo_replication_enabled: Option<bool>,
    /// The region in which it can be written.
    pub geo_primary_region: Option<String>,
    /// Whether the primary region can be reached.
    pub status_of_primary: Option<RegionStatus>,
    /// When the regions last changed their parts. Client libraries only.
    pub last_geo_failover_time: Option<DateTime>,
    /// The region that it is copied to; `None` where there is none.
    pub geo_secondary_region: Option<String>,
    /// Whether the secondary region can be reached.
    pub status_of_secondary: Option<RegionStatus>,
    /// When it was made.
    pub creation_time: Option<DateTime>,
    /// Names of one's own that lead to it.
    #[serde(default)]
    pub custom_domains: Vec<CustomDomain>,
    /// Whether the second region can be read. In versions before `account_type`.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub secondary_read_enabled: Option<bool>,
    /// The addresses of its blobs, queues and tables in the second region, where they can be read.
    #[serde(default)]
    pub secondary_endpoints: Vec<StorageEndpoint>,
    /// How often and where its content is stored.
    pub account_type: Option<AccountType>,
}

/// The address of an account's blobs, queues, tables or files.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename = "Endpoint")]
pub struct StorageEndpoint(pub String);

/// A name of one's own that leads to a storage account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomDomain {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// Whether it was validated by way of a name below it.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub use_sub_domain_name: Option<bool>,
}

open_enum! {
    /// The state of a storage account. Recorded responses contain `Created` only.
    pub enum StorageAccountStatus {
        /// There.
        Created,
        /// Being made.
        Creating,
        /// Its DNS name is being set up.
        ResolvingDns,
        /// Being deleted.
        Deleting,
    }
}

open_enum! {
    /// Whether a storage account can be reached in a region.
    pub enum RegionStatus {
        /// It can.
        Available,
        /// It cannot.
        Unavailable,
    }
}

open_enum! {
    /// How often and where the content of a storage account is stored.
    pub enum AccountType {
        /// Three times in one place.
        StandardLrs = "Standard_LRS",
        /// Across places of one or two regions; for block blobs.
        StandardZrs = "Standard_ZRS",
        /// In a second region as well.
        StandardGrs = "Standard_GRS",
        /// In a second region as well, which can be read.
        StandardRagrs = "Standard_RAGRS",
        /// Three times in one place, on faster disks.
        PremiumLrs = "Premium_LRS",
    }
}
