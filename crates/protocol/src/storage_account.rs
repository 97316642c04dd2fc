//! Storage accounts, which contain packages, disks and diagnostics of deployments.

mod check_name_availability;
mod create;
mod delete;
mod get;
mod get_keys;
mod list;
mod model;
mod regenerate_key;
mod update;

pub use self::check_name_availability::CheckStorageAccountNameAvailability;
pub use self::create::CreateStorageAccount;
pub use self::delete::DeleteStorageAccount;
pub use self::get::GetStorageAccountProperties;
pub use self::get_keys::GetStorageAccountKeys;
pub use self::list::{ListStorageAccounts, StorageAccounts};
pub use self::model::keys::{KeyPair, KeyType, StorageAccountKeys};
pub use self::model::{
    AccountType, CustomDomain, RegionStatus, StorageAccount, StorageAccountProperties,
    StorageAccountStatus, StorageEndpoint,
};
pub use self::regenerate_key::RegenerateStorageAccountKeys;
pub use self::update::UpdateStorageAccount;
use crate::{Error, ExtendedProperty, RequestBuilder, extended_property};

/// Refers to a storage account of the subscription.
///
/// A name is 3 to 24 lower-case letters and digits. Building a request with any other name fails.
///
/// ```
/// use azure_classic_protocol::StorageAccountRef;
///
/// let get = StorageAccountRef::new("contosodisks").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StorageAccountRef {
    name: String,
}

impl StorageAccountRef {
    /// Refers to the account with this DNS prefix: `contosodisks` for `contosodisks.blob.core.windows.net`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// Returns the DNS prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Rejects a name that is invalid for a storage account.
    fn check(&self, request: &mut RequestBuilder) {
        let shown: String = self.name.chars().take(60).collect();
        let mut refuse = |why: String| {
            request.reject(Error::invalid(format!("the storage account name {shown:?} {why}")));
        };
        let is_possible =
            |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
        if let Some(character) = self.name.chars().find(|&character| !is_possible(character)) {
            refuse(format!("has {character:?}; a name consists of lower-case letters and digits"));
        }
        let length = self.name.len();
        if !(3..=24).contains(&length) {
            refuse(format!("has {length} characters; it must have 3 to 24"));
        }
    }

    /// Fills the placeholder `{account}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.check(request);
        request.segment("account", "storage account name", &self.name);
    }
}

/// Checks the properties of a request: unlike those of a deployment, they need a value.
fn check_properties(request: &mut RequestBuilder, properties: &[ExtendedProperty]) {
    extended_property::check(request, properties, extended_property::PER_CLOUD_SERVICE);
    if let Some(bare) = properties.iter().find(|property| property.value.is_none()) {
        request.reject(Error::invalid(format!(
            "the extended property {:?} has no value; one of a storage account needs a value, and \
             cannot be deleted",
            bare.name
        )));
    }
}
