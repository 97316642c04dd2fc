use serde::Serialize;

use super::{AccountType, StorageAccountRef, check_properties};
use crate::{
    Accepted, ApiVersion, Base64Text, Body, ExtendedProperty, Idempotency, Metadata, Method,
    Operation, Placement, RequestBuilder,
};

/// Creates a storage account: a DNS name, in a location or an affinity group.
///
/// The name is unique across all subscriptions. The operation continues after the response; recorded accounts
/// took 20 to 27 seconds. The platform adds its own extended properties. Since 2011-06-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Create Storage Account* (`create-storage-account`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::storage_account::AccountType;
/// use azure_classic_protocol::{Placement, StorageAccountRef};
///
/// let create = StorageAccountRef::new("contosodisks")
///     .create(Placement::Location("West Europe".into()), "Contoso disks")
///     .account_type(AccountType::StandardGrs);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "CreateStorageServiceInput", rename_all = "PascalCase")]
pub struct CreateStorageAccount {
    #[serde(skip)]
    account: StorageAccountRef,
    service_name: String,
    description: Option<String>,
    label: Base64Text,
    affinity_group: Option<String>,
    location: Option<String>,
    geo_replication_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
    secondary_read_enabled: Option<bool>,
    account_type: Option<AccountType>,
}

impl StorageAccountRef {
    /// Creates this storage account. The label is for people: at most 100 characters.
    pub fn create(&self, place: Placement, label: impl Into<Base64Text>) -> CreateStorageAccount {
        let (location, affinity_group) = match place {
            Placement::Location(name) => (Some(name), None),
            Placement::AffinityGroup(name) => (None, Some(name)),
        };
        CreateStorageAccount {
            account: self.clone(),
            service_name: self.name().to_owned(),
            description: None,
            label: label.into(),
            affinity_group,
            location,
            geo_replication_enabled: None,
            extended_properties: Vec::new(),
            secondary_read_enabled: None,
            account_type: None,
        }
    }
}

impl CreateStorageAccount {
    /// Adds a description: at most 1024 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Attaches a property, which needs a value; at most 50. Since 2012-03-01.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }

    /// Says how often and where the content is stored. Without it the platform chooses.
    pub fn account_type(mut self, account_type: AccountType) -> Self {
        self.account_type = Some(account_type);
        self
    }

    /// Says whether the content is copied to a second region. For versions before
    /// [`account_type`](Self::account_type), which took its place in 2014.
    pub fn geo_replication(mut self, enabled: bool) -> Self {
        self.geo_replication_enabled = Some(enabled);
        self
    }

    /// Says whether the second region can be read. For versions before
    /// [`account_type`](Self::account_type), which took its place in 2014.
    pub fn secondary_read(mut self, enabled: bool) -> Self {
        self.secondary_read_enabled = Some(enabled);
        self
    }
}

impl Operation for CreateStorageAccount {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Create Storage Account",
        method: Method::POST,
        route: "/services/storageservices",
        min_version: ApiVersion::V2011_06_01,
        docs_slug: "create-storage-account",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.account.check(request);
        request.max_length("label", self.label.as_str(), 100);
        if let Some(description) = &self.description {
            request.max_length("description", description, 1024);
        }
        check_properties(request, &self.extended_properties);
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn create() -> CreateStorageAccount {
        let place = Placement::Location("West Europe".into());
        StorageAccountRef::new("contosodisks").create(place, "Contoso disks")
    }

    #[test]
    fn request_with_a_location() {
        golden::request(
            &create(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateStorageServiceInput xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServiceName>contosodisks</ServiceName>
               <Label>Q29udG9zbyBkaXNrcw==</Label>
               <Location>West Europe</Location>
             </CreateStorageServiceInput>",
        );
    }

    #[test]
    fn request_with_everything() {
        let place = Placement::AffinityGroup("contoso-group".into());
        golden::request(
            &StorageAccountRef::new("contosodisks")
                .create(place, "Contoso disks")
                .account_type(AccountType::StandardRagrs)
                .secondary_read(true)
                .geo_replication(false)
                .extended_property(ExtendedProperty::new("Team", "shop"))
                .extended_property(ExtendedProperty::new("Bare", ""))
                .description("disks & logs"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateStorageServiceInput xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServiceName>contosodisks</ServiceName>
               <Description>disks &amp; logs</Description>
               <Label>Q29udG9zbyBkaXNrcw==</Label>
               <AffinityGroup>contoso-group</AffinityGroup>
               <GeoReplicationEnabled>false</GeoReplicationEnabled>
               <ExtendedProperties>
                 <ExtendedProperty>
                   <Name>Team</Name>
                   <Value>shop</Value>
                 </ExtendedProperty>
                 <ExtendedProperty>
                   <Name>Bare</Name>
                   <Value/>
                 </ExtendedProperty>
               </ExtendedProperties>
               <SecondaryReadEnabled>true</SecondaryReadEnabled>
               <AccountType>Standard_RAGRS</AccountType>
             </CreateStorageServiceInput>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<CreateStorageAccount>();
    }

    #[test]
    fn limits_are_named() {
        golden::rejected(
            &create().description("x".repeat(1025)),
            "the description has 1025 characters, more than the allowed 1024",
        );
        let place = || Placement::Location("West Europe".into());
        golden::rejected(
            &StorageAccountRef::new("contosodisks").create(place(), "é".repeat(101)),
            "the label has 101 characters, more than the allowed 100",
        );
        golden::rejected(
            &StorageAccountRef::new("ContosoDisks").create(place(), "x"),
            "the storage account name \"ContosoDisks\" has 'C'",
        );
        let many = (0..51).fold(create(), |create, at| {
            create.extended_property(ExtendedProperty::new(format!("P{at}"), "x"))
        });
        golden::rejected(&many, "51 extended properties, more than the allowed 50");
        golden::rejected(
            &create().extended_property(ExtendedProperty::delete("Team")),
            "the extended property \"Team\" has no value",
        );
    }

    #[test]
    fn an_older_version_has_no_extended_properties() {
        let older = golden::endpoint().with_version(ApiVersion::V2011_10_01);
        assert!(older.request(&create()).is_ok());
        let create = create().extended_property(ExtendedProperty::new("Team", "shop"));
        let error = older.request(&create).unwrap_err().to_string();
        assert!(error.contains("ExtendedProperties needs x-ms-version 2012-03-01"), "{error}");
    }
}
