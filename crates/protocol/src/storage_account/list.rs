use serde::{Deserialize, Serialize};

use super::StorageAccount;
use crate::{ApiVersion, Idempotency, Metadata, Method, Model, Operation};

/// Lists the storage accounts of the subscription.
///
/// The response is complete, as far as recorded responses show. Since 2009-10-01; versions below 2012-03-01
/// omit the extended properties.
///
/// Reference page: *List Storage Accounts* (`list-storage-accounts`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListStorageAccounts;
///
/// let list = ListStorageAccounts::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListStorageAccounts;

impl ListStorageAccounts {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListStorageAccounts {
    type Output = StorageAccounts;

    const METADATA: Metadata = Metadata {
        name: "List Storage Accounts",
        method: Method::GET,
        route: "/services/storageservices",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "list-storage-accounts",
        idempotency: Idempotency::Idempotent,
    };
}

/// Storage accounts of a subscription (`StorageServices` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "StorageServices")]
pub struct StorageAccounts(pub Vec<StorageAccount>);

impl Model for StorageAccounts {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage_account::{
        AccountType, RegionStatus, StorageAccountStatus, StorageEndpoint,
    };
    use crate::testing::golden;
    use crate::xml;

    const EVERY_ELEMENT: &str = include_str!("list/every_element.xml");

    #[test]
    fn request() {
        golden::request(
            &ListStorageAccounts::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices
             x-ms-version: 2015-04-01",
        );
    }

    /// The document is typed from the reference in the order of the wire, so writing what was read
    /// shows that no element is lost, misnamed or misplaced.
    #[test]
    fn response_with_every_element_is_read_whole() {
        let accounts = golden::response::<ListStorageAccounts>(EVERY_ELEMENT);
        let document: String = EVERY_ELEMENT.lines().map(str::trim_start).collect();
        assert_eq!(xml::to_string(&accounts).unwrap(), document);

        let properties = &accounts.0[0].properties;
        assert_eq!(properties.label.as_str(), "Contoso disks");
        assert_eq!(properties.status, Some(StorageAccountStatus::Created));
        assert_eq!(properties.status_of_primary, Some(RegionStatus::Available));
        assert_eq!(properties.status_of_secondary, Some(RegionStatus::Unavailable));
        assert_eq!(properties.account_type, Some(AccountType::StandardRagrs));
    }

    #[test]
    fn response_of_accounts_without_a_second_region() {
        let accounts = golden::response::<ListStorageAccounts>(
            r#"<StorageServices xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <StorageService>
                   <Url>https://usnorth.management.core.windows.net/x</Url>
                   <ServiceName>contosodisks</ServiceName>
                   <StorageServiceProperties>
                     <Description i:nil="true"/>
                     <AffinityGroup>contoso-group</AffinityGroup>
                     <Label>eA==</Label>
                     <Status>Created</Status>
                     <Endpoints>
                       <Endpoint>https://contosodisks.blob.core.windows.net/</Endpoint>
                     </Endpoints>
                     <GeoPrimaryRegion>West Europe</GeoPrimaryRegion>
                     <StatusOfPrimary>Available</StatusOfPrimary>
                     <GeoSecondaryRegion/>
                     <StatusOfSecondary/>
                     <CreationTime>2014-10-02T07:18:33Z</CreationTime>
                     <CustomDomains/>
                     <AccountType>Standard_LRS</AccountType>
                   </StorageServiceProperties>
                   <ExtendedProperties/>
                 </StorageService>
               </StorageServices>"#,
        );
        let account = &accounts.0[0];
        assert_eq!(account.extended_properties, []);
        let properties = &account.properties;
        assert_eq!(properties.description, None);
        assert_eq!(properties.location, None);
        assert_eq!(properties.affinity_group.as_deref(), Some("contoso-group"));
        let blobs = StorageEndpoint("https://contosodisks.blob.core.windows.net/".into());
        assert_eq!(properties.endpoints, [blobs]);
        assert_eq!(properties.geo_secondary_region, None);
        assert_eq!(properties.status_of_secondary, None);
        assert_eq!(properties.custom_domains, []);
        assert_eq!(properties.secondary_endpoints, []);
        assert_eq!(properties.account_type, Some(AccountType::StandardLrs));
    }
}
