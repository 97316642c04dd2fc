use serde::Serialize;

use super::{KeyType, StorageAccountKeys, StorageAccountRef};
use crate::{ApiVersion, Body, Error, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Replaces one key of a storage account with a new one, and returns both.
///
/// The old key is invalid from then on, and its users lose access: move them to the other key first.
/// Synchronous although its reference page says otherwise. Since 2009-10-01.
///
/// Reference page: *Regenerate Storage Account Keys* (`regenerate-storage-account-keys`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::StorageAccountRef;
/// use azure_classic_protocol::storage_account::KeyType;
///
/// let regenerate = StorageAccountRef::new("contosodisks").regenerate_key(KeyType::Secondary);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "RegenerateKeys", rename_all = "PascalCase")]
pub struct RegenerateStorageAccountKeys {
    #[serde(skip)]
    account: StorageAccountRef,
    key_type: KeyType,
}

impl StorageAccountRef {
    /// Replaces one key of this storage account; the old one is worth nothing from then on.
    pub fn regenerate_key(&self, key_type: KeyType) -> RegenerateStorageAccountKeys {
        RegenerateStorageAccountKeys { account: self.clone(), key_type }
    }
}

impl Operation for RegenerateStorageAccountKeys {
    type Output = StorageAccountKeys;

    const METADATA: Metadata = Metadata {
        name: "Regenerate Storage Account Keys",
        method: Method::POST,
        route: "/services/storageservices/{account}/keys?action=regenerate",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "regenerate-storage-account-keys",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.account.fill(request);
        if let KeyType::Other(word) = &self.key_type {
            let shown: String = word.chars().take(60).collect();
            request.reject(Error::invalid(format!(
                "{shown:?} is not a key of a storage account; it is Primary or Secondary"
            )));
        }
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn contoso() -> StorageAccountRef {
        StorageAccountRef::new("contosodisks")
    }

    #[test]
    fn request_for_the_first_key() {
        golden::request(
            &contoso().regenerate_key(KeyType::Primary),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/contosodisks/keys?action=regenerate
             x-ms-version: 2015-04-01
             content-type: application/xml

             <RegenerateKeys xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <KeyType>Primary</KeyType>
             </RegenerateKeys>",
        );
    }

    #[test]
    fn request_for_the_second_key() {
        golden::request(
            &contoso().regenerate_key(KeyType::from("secondary")),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/contosodisks/keys?action=regenerate
             x-ms-version: 2015-04-01
             content-type: application/xml

             <RegenerateKeys xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <KeyType>Secondary</KeyType>
             </RegenerateKeys>",
        );
    }

    #[test]
    fn response_has_both_keys() {
        let keys = golden::response::<RegenerateStorageAccountKeys>(
            r#"<StorageService xmlns="http://schemas.microsoft.com/windowsazure">
                 <Url>https://management.core.windows.net/x</Url>
                 <StorageServiceKeys>
                   <Primary>bmV3IGtleQ==</Primary>
                   <Secondary>c2Vjb25kIGtleQ==</Secondary>
                 </StorageServiceKeys>
               </StorageService>"#,
        );
        assert_eq!(keys.keys.primary.unwrap().expose().to_bytes().unwrap(), b"new key");
        assert_eq!(keys.keys.secondary.unwrap().expose().to_bytes().unwrap(), b"second key");
    }

    #[test]
    fn a_third_key_does_not_exist() {
        golden::rejected(
            &contoso().regenerate_key(KeyType::from("Tertiary")),
            "\"Tertiary\" is not a key of a storage account; it is Primary or Secondary",
        );
    }

    #[test]
    fn a_name_that_no_account_can_have_is_refused() {
        let keys = StorageAccountRef::new("contoso?x").regenerate_key(KeyType::Primary);
        golden::rejected(&keys, "has '?'");
    }
}
