//! The sizes of role instances and virtual machines.

use serde::{Deserialize, Serialize};

use crate::xml;
use crate::{ApiVersion, Idempotency, Metadata, Method, Model, Operation};

/// Lists every role size with its cores, memory and disks.
///
/// List Locations returns the sizes that a location offers. Since 2013-08-01.
///
/// Reference page: *List Role Sizes* (`list-role-sizes`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListRoleSizes;
///
/// let list = ListRoleSizes::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListRoleSizes;

impl ListRoleSizes {
    /// Creates the operation.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListRoleSizes {
    type Output = RoleSizes;

    const METADATA: Metadata = Metadata {
        name: "List Role Sizes",
        method: Method::GET,
        route: "/rolesizes",
        min_version: ApiVersion::V2013_08_01,
        docs_slug: "list-role-sizes",
        idempotency: Idempotency::Idempotent,
    };
}

/// The role sizes of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoleSizes(pub Vec<RoleSizeDetails>);

impl Model for RoleSizes {}

/// A role size (`RoleSize` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "RoleSize", rename_all = "PascalCase")]
pub struct RoleSizeDetails {
    /// The name in definitions and requests, such as `Small` or `Standard_D1`.
    pub name: String,
    /// The display name. Plain text, unlike other labels.
    pub label: Option<String>,
    /// The number of processor cores; 1 for a shared core.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub cores: Option<u32>,
    /// Memory in MiB.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub memory_in_mb: Option<u32>,
    /// Whether web and worker roles support it.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub supported_by_web_worker_roles: Option<bool>,
    /// Whether virtual machines support it.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub supported_by_virtual_machines: Option<bool>,
    /// The maximal number of data disks of a virtual machine.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub max_data_disk_count: Option<u32>,
    /// The local disk of a web or worker role in MiB; 0 if they do not support the size.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub web_worker_resource_disk_size_in_mb: Option<u32>,
    /// The local disk of a virtual machine in MiB.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub virtual_machine_resource_disk_size_in_mb: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ListRoleSizes::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/rolesizes
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let sizes = golden::response::<ListRoleSizes>(
            r#"<RoleSizes xmlns="http://schemas.microsoft.com/windowsazure">
                 <RoleSize>
                   <Name>Basic_A1</Name>
                   <Label>Basic_A1 (1 cores, 1792 MB)</Label>
                   <Cores>1</Cores>
                   <MemoryInMb>1792</MemoryInMb>
                   <SupportedByWebWorkerRoles>false</SupportedByWebWorkerRoles>
                   <SupportedByVirtualMachines>true</SupportedByVirtualMachines>
                   <MaxDataDiskCount>2</MaxDataDiskCount>
                   <WebWorkerResourceDiskSizeInMb>0</WebWorkerResourceDiskSizeInMb>
                   <VirtualMachineResourceDiskSizeInMb>40960</VirtualMachineResourceDiskSizeInMb>
                 </RoleSize>
                 <RoleSize><Name>Small</Name></RoleSize>
               </RoleSizes>"#,
        );
        let basic = RoleSizeDetails {
            name: "Basic_A1".into(),
            label: Some("Basic_A1 (1 cores, 1792 MB)".into()),
            cores: Some(1),
            memory_in_mb: Some(1792),
            supported_by_web_worker_roles: Some(false),
            supported_by_virtual_machines: Some(true),
            max_data_disk_count: Some(2),
            web_worker_resource_disk_size_in_mb: Some(0),
            virtual_machine_resource_disk_size_in_mb: Some(40960),
        };
        let small = RoleSizeDetails { name: "Small".into(), ..RoleSizeDetails::default() };
        assert_eq!(sizes, RoleSizes(vec![basic, small]));
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2013_06_01);
        let error = older.request(&ListRoleSizes::new()).unwrap_err().to_string();
        assert!(error.contains("needs x-ms-version 2013-08-01"), "{error}");
    }
}
