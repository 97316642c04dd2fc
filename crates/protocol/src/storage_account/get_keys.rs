use super::{StorageAccountKeys, StorageAccountRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads both keys of a storage account; each grants everything that can be done with its content.
///
/// Since 2009-10-01.
///
/// Reference page: *Get Storage Account Keys* (`get-storage-account-keys`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::StorageAccountRef;
///
/// let get = StorageAccountRef::new("contosodisks").get_keys();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetStorageAccountKeys {
    account: StorageAccountRef,
}

impl StorageAccountRef {
    /// Reads both keys of this storage account.
    pub fn get_keys(&self) -> GetStorageAccountKeys {
        GetStorageAccountKeys { account: self.clone() }
    }
}

impl Operation for GetStorageAccountKeys {
    type Output = StorageAccountKeys;

    const METADATA: Metadata = Metadata {
        name: "Get Storage Account Keys",
        method: Method::GET,
        route: "/services/storageservices/{account}/keys",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "get-storage-account-keys",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.account.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &StorageAccountRef::new("contosodisks").get_keys(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/contosodisks/keys
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element_shows_no_key() {
        let keys = golden::response::<GetStorageAccountKeys>(
            r#"<StorageService xmlns="http://schemas.microsoft.com/windowsazure">
                 <Url>https://management.core.windows.net/x/services/storageservices/contosodisks</Url>
                 <StorageServiceKeys>
                   <Primary>Zmlyc3Qga2V5</Primary>
                   <Secondary>c2Vjb25kIGtleQ==</Secondary>
                 </StorageServiceKeys>
               </StorageService>"#,
        );
        assert!(keys.url.ends_with("/contosodisks"));
        let (primary, secondary) = (keys.keys.primary.as_ref(), keys.keys.secondary.as_ref());
        assert_eq!(primary.unwrap().expose().to_bytes().unwrap(), b"first key");
        assert_eq!(secondary.unwrap().expose().as_str(), "c2Vjb25kIGtleQ==");
        let shown = format!("{keys:?}");
        assert!(!shown.contains("Zmlyc3Qg") && !shown.contains("c2Vjb25k"), "{shown}");
    }

    #[test]
    fn a_name_that_no_account_can_have_is_refused() {
        golden::rejected(&StorageAccountRef::new("a/../b").get_keys(), "has '/'");
    }
}
