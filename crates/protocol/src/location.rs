//! Locations: the regions where the platform runs and stores resources.

use serde::{Deserialize, Serialize};

use crate::cloud_service::ComputeCapabilities;
use crate::{ApiVersion, Idempotency, Metadata, Method, Model, Operation};

/// Lists the locations that the subscription may use, and their services.
///
/// The response is complete, without pages. Since 2010-10-28.
///
/// Reference page: *List Locations* (`list-locations`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListLocations;
///
/// let list = ListLocations::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListLocations;

impl ListLocations {
    /// Creates the operation.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListLocations {
    type Output = Locations;

    const METADATA: Metadata = Metadata {
        name: "List Locations",
        method: Method::GET,
        route: "/locations",
        min_version: ApiVersion::V2010_10_28,
        docs_slug: "list-locations",
        idempotency: Idempotency::Idempotent,
    };
}

/// Locations that a subscription may use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Locations(pub Vec<Location>);

impl Model for Locations {}

/// A location and its services.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Location {
    /// The name in requests, such as `West Europe`.
    pub name: String,
    /// The display name.
    pub display_name: Option<String>,
    /// The available services.
    #[serde(default)]
    pub available_services: Vec<AvailableService>,
    /// The available role sizes.
    pub compute_capabilities: Option<ComputeCapabilities>,
    /// The available kinds of storage accounts. Absent in some locations.
    pub storage_capabilities: Option<StorageCapabilities>,
}

/// The name of a service, such as `Compute`, `Storage`, `PersistentVMRole` or `HighMemory`. An open set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AvailableService(pub String);

/// The storage that a location offers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StorageCapabilities {
    /// The available account types.
    #[serde(default)]
    pub storage_account_types: Vec<StorageAccountType>,
}

/// The name of an account type, such as `Standard_GRS`: a value of
/// [`AccountType`](crate::storage_account::AccountType).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StorageAccountType(pub String);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud_service::RoleSize;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ListLocations::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/locations
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let locations = golden::response::<ListLocations>(
            r#"<Locations xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Location>
                   <Name>West Europe</Name>
                   <DisplayName>West Europe (shown)</DisplayName>
                   <AvailableServices>
                     <AvailableService>Compute</AvailableService>
                     <AvailableService>HighMemory</AvailableService>
                   </AvailableServices>
                   <ComputeCapabilities>
                     <WebWorkerRoleSizes><RoleSize>Small</RoleSize><RoleSize>A5</RoleSize></WebWorkerRoleSizes>
                     <VirtualMachinesRoleSizes><RoleSize>Basic_A0</RoleSize></VirtualMachinesRoleSizes>
                   </ComputeCapabilities>
                   <StorageCapabilities>
                     <StorageAccountTypes>
                       <StorageAccountType>Standard_LRS</StorageAccountType>
                       <StorageAccountType>Premium_LRS</StorageAccountType>
                     </StorageAccountTypes>
                   </StorageCapabilities>
                 </Location>
               </Locations>"#,
        );
        let [location] = locations.0.as_slice() else { panic!("one location, not {locations:?}") };
        assert_eq!(location.name, "West Europe");
        assert_eq!(location.display_name.as_deref(), Some("West Europe (shown)"));
        let services = ["Compute", "HighMemory"].map(|name| AvailableService(name.into()));
        assert_eq!(location.available_services, services);
        let compute = location.compute_capabilities.as_ref().unwrap();
        assert_eq!(
            compute.web_worker_role_sizes,
            ["Small", "A5"].map(|size| RoleSize(size.into()))
        );
        assert_eq!(compute.virtual_machines_role_sizes, [RoleSize("Basic_A0".into())]);
        let storage = location.storage_capabilities.as_ref().unwrap();
        let types = ["Standard_LRS", "Premium_LRS"].map(|name| StorageAccountType(name.into()));
        assert_eq!(storage.storage_account_types, types);
    }

    #[test]
    fn response_of_an_older_version() {
        let locations = golden::response::<ListLocations>(
            r#"<Locations xmlns="http://schemas.microsoft.com/windowsazure"><Location><Name>Anywhere Europe</Name></Location></Locations>"#,
        );
        let anywhere = Location { name: "Anywhere Europe".into(), ..Location::default() };
        assert_eq!(locations, Locations(vec![anywhere]));
    }

    #[test]
    fn response_with_the_element_that_the_reference_misspells() {
        let locations = golden::response::<ListLocations>(
            r#"<Locations xmlns="http://schemas.microsoft.com/windowsazure">
                 <Location>
                   <Name>West Europe</Name>
                   <ComputeCapabilities>
                     <VirtualMachineRoleSizes><RoleSize>Basic_A0</RoleSize></VirtualMachineRoleSizes>
                   </ComputeCapabilities>
                 </Location>
               </Locations>"#,
        );
        let compute = locations.0[0].compute_capabilities.as_ref().unwrap();
        assert_eq!(compute.virtual_machines_role_sizes, [RoleSize("Basic_A0".into())]);
    }
}
