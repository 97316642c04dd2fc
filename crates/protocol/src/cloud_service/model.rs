use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::{Base64Text, DateTime, Deployment, ExtendedProperty, Model, xml};

/// A cloud service (`HostedService` on the wire).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename = "HostedService", rename_all = "PascalCase")]
pub struct CloudService {
    /// The management address of the cloud service. Informational: the host may be a regional one.
    #[serde(default)]
    pub url: String,
    /// The DNS prefix.
    pub service_name: String,
    /// Label, place, state and dates.
    #[serde(rename = "HostedServiceProperties", default)]
    pub properties: CloudServiceProperties,
    /// The deployments in the slots: `None` unless requested, empty if both slots are empty.
    #[serde(default, deserialize_with = "xml::present_list")]
    pub deployments: Option<Vec<Deployment>>,
    /// `false` when details of the deployments are missing. Contract only.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub is_complete: Option<bool>,
    /// The thumbprint of the `WinRM` certificate that the platform made. Since about 2012-03-01.
    #[serde(alias = "DefaultWinRMCertificateThumbprint")]
    pub default_win_rm_certificate_thumbprint: Option<String>,
    /// The role sizes that are possible in this cloud service. Since 2014-05-01.
    pub compute_capabilities: Option<ComputeCapabilities>,
}

impl Model for CloudService {}

/// Label, place, state and dates of a cloud service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "HostedServiceProperties", rename_all = "PascalCase")]
pub struct CloudServiceProperties {
    /// For people.
    pub description: Option<String>,
    /// The affinity group; either this or `location`.
    pub affinity_group: Option<String>,
    /// The location; either this or `affinity_group`.
    pub location: Option<String>,
    /// For people.
    #[serde(default)]
    pub label: Base64Text,
    /// The state of the cloud service itself. Since 2012-03-01.
    pub status: Option<CloudServiceStatus>,
    /// When it was made. Since 2012-03-01.
    pub date_created: Option<DateTime>,
    /// When it was last changed. Since 2012-03-01.
    pub date_last_modified: Option<DateTime>,
    /// Names and values, the platform's own among them. Since 2012-03-01.
    #[serde(default)]
    pub extended_properties: Vec<ExtendedProperty>,
    /// `ProdGA`, `TestGA` or `HotfixGA`, in any case. Undocumented.
    pub guest_agent_type: Option<String>,
    /// The name that the address resolves back to, with a dot at its end. Since 2014-06-01.
    pub reverse_dns_fqdn: Option<String>,
}

/// The role sizes that are possible in a cloud service or a location.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ComputeCapabilities {
    /// For web and worker roles.
    #[serde(default)]
    pub web_worker_role_sizes: Vec<RoleSize>,
    /// For virtual machines.
    #[serde(default, alias = "VirtualMachineRoleSizes")]
    pub virtual_machines_role_sizes: Vec<RoleSize>,
}

/// The name of a role size, such as `Small` or `Standard_D1`. An open set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoleSize(pub String);

open_enum! {
    /// The state of a cloud service itself; says nothing about its deployments.
    pub enum CloudServiceStatus {
        /// Being made.
        Creating,
        /// There.
        Created,
        /// Being deleted.
        Deleting,
        /// Gone.
        Deleted,
        /// Being changed.
        Changing,
        /// Its DNS name is being set up.
        ResolvingDns,
    }
}
