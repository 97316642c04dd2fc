use serde::Serialize;

use super::{AccountType, CustomDomain, StorageAccountRef, check_properties};
use crate::{
    ApiVersion, Base64Text, Body, Error, ExtendedProperty, Idempotency, Metadata, Method,
    Operation, RequestBuilder,
};

/// Changes label, description, extended properties, custom domains or type of a storage account.
///
/// At least one value must be given. Omitted extended properties stay unchanged; whether an omitted label and
/// description do is not known, so give them again to be sure. Synchronous: the response is 200. Since
/// 2011-06-01, by inference.
///
/// Reference page: *Update Storage Account* (`update-storage-account`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::StorageAccountRef;
/// use azure_classic_protocol::storage_account::AccountType;
///
/// let update = StorageAccountRef::new("contosodisks")
///     .update()
///     .label("Contoso disks")
///     .account_type(AccountType::StandardLrs);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "UpdateStorageServiceInput", rename_all = "PascalCase")]
pub struct UpdateStorageAccount {
    #[serde(skip)]
    account: StorageAccountRef,
    description: Option<String>,
    label: Option<Base64Text>,
    geo_replication_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom_domains: Vec<CustomDomain>,
    secondary_read_enabled: Option<bool>,
    account_type: Option<AccountType>,
}

impl StorageAccountRef {
    /// Changes this storage account; the methods of the result say what.
    pub fn update(&self) -> UpdateStorageAccount {
        UpdateStorageAccount {
            account: self.clone(),
            description: None,
            label: None,
            geo_replication_enabled: None,
            extended_properties: Vec::new(),
            custom_domains: Vec::new(),
            secondary_read_enabled: None,
            account_type: None,
        }
    }
}

impl UpdateStorageAccount {
    /// Sets the description: at most 1024 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the label, for people: at most 100 characters.
    pub fn label(mut self, label: impl Into<Base64Text>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets a property, which needs a value; at most 50. Since 2012-03-01.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }

    /// Adds a name of one's own that leads to the account. Contract only.
    pub fn custom_domain(mut self, domain: CustomDomain) -> Self {
        self.custom_domains.push(domain);
        self
    }

    /// Says how often and where the content is stored.
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

impl Operation for UpdateStorageAccount {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Update Storage Account",
        method: Method::PUT,
        route: "/services/storageservices/{account}",
        min_version: ApiVersion::V2011_06_01,
        docs_slug: "update-storage-account",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.account.fill(request);
        if *self == self.account.update() {
            request.reject(Error::invalid(
                "the update changes nothing; give a label, a description, an extended property, a custom domain or an account type",
            ));
        }
        if let Some(label) = &self.label {
            request.max_length("label", label.as_str(), 100);
        }
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

    fn update() -> UpdateStorageAccount {
        StorageAccountRef::new("contosodisks").update()
    }

    #[test]
    fn request_with_one_thing() {
        golden::request(
            &update().account_type(AccountType::PremiumLrs),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/contosodisks
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateStorageServiceInput xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <AccountType>Premium_LRS</AccountType>
             </UpdateStorageServiceInput>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &update()
                .account_type(AccountType::StandardGrs)
                .secondary_read(false)
                .custom_domain(CustomDomain {
                    name: "disks.contoso.example".into(),
                    use_sub_domain_name: Some(true),
                })
                .extended_property(ExtendedProperty::new("Team", "shop"))
                .geo_replication(true)
                .label("Contoso disks")
                .description("disks & logs"),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/contosodisks
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateStorageServiceInput xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Description>disks &amp; logs</Description>
               <Label>Q29udG9zbyBkaXNrcw==</Label>
               <GeoReplicationEnabled>true</GeoReplicationEnabled>
               <ExtendedProperties>
                 <ExtendedProperty>
                   <Name>Team</Name>
                   <Value>shop</Value>
                 </ExtendedProperty>
               </ExtendedProperties>
               <CustomDomains>
                 <CustomDomain>
                   <Name>disks.contoso.example</Name>
                   <UseSubDomainName>true</UseSubDomainName>
                 </CustomDomain>
               </CustomDomains>
               <SecondaryReadEnabled>false</SecondaryReadEnabled>
               <AccountType>Standard_GRS</AccountType>
             </UpdateStorageServiceInput>",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<UpdateStorageAccount>(200);
    }

    #[test]
    fn limits_are_named() {
        golden::rejected(&update(), "the update changes nothing; give a label");
        golden::rejected(
            &update().description("x".repeat(1025)),
            "the description has 1025 characters, more than the allowed 1024",
        );
        golden::rejected(
            &update().label("é".repeat(101)),
            "the label has 101 characters, more than the allowed 100",
        );
        golden::rejected(
            &update().extended_property(ExtendedProperty::delete("Team")),
            "the extended property \"Team\" has no value",
        );
        let many = (0..51).fold(update(), |update, at| {
            update.extended_property(ExtendedProperty::new(format!("P{at}"), "x"))
        });
        golden::rejected(&many, "51 extended properties, more than the allowed 50");
    }

    #[test]
    fn an_older_version_has_no_extended_properties() {
        let older = golden::endpoint().with_version(ApiVersion::V2011_10_01);
        let update = update().extended_property(ExtendedProperty::new("Team", "shop"));
        let error = older.request(&update).unwrap_err().to_string();
        assert!(error.contains("ExtendedProperties needs x-ms-version 2012-03-01"), "{error}");
    }
}
