use super::{StorageAccount, StorageAccountRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads a storage account: label, place, state, addresses, how it is stored.
///
/// Its keys are read apart: Get Storage Account Keys. Since 2009-10-01, by inference.
///
/// Reference page: *Get Storage Account Properties* (`get-storage-account-properties`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::StorageAccountRef;
///
/// let get = StorageAccountRef::new("contosodisks").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetStorageAccountProperties {
    account: StorageAccountRef,
}

impl StorageAccountRef {
    /// Reads this storage account, without its keys.
    pub fn get(&self) -> GetStorageAccountProperties {
        GetStorageAccountProperties { account: self.clone() }
    }
}

impl Operation for GetStorageAccountProperties {
    type Output = StorageAccount;

    const METADATA: Metadata = Metadata {
        name: "Get Storage Account Properties",
        method: Method::GET,
        route: "/services/storageservices/{account}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "get-storage-account-properties",
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
    use crate::xml;

    const EVERY_ELEMENT: &str = include_str!("get/every_element.xml");

    #[test]
    fn request() {
        golden::request(
            &StorageAccountRef::new("contosodisks").get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/contosodisks
             x-ms-version: 2015-04-01",
        );
    }

    /// The document is typed from the reference in the order of the wire, so writing what was read
    /// shows that no element is lost, misnamed or misplaced.
    #[test]
    fn response_with_every_element_is_read_whole() {
        let account = golden::response::<GetStorageAccountProperties>(EVERY_ELEMENT);
        let document: String = EVERY_ELEMENT.lines().map(str::trim_start).collect();
        assert_eq!(xml::to_string(&account).unwrap(), document);
    }

    #[test]
    fn response_while_it_is_being_made() {
        let account = golden::response::<GetStorageAccountProperties>(
            r#"<StorageService xmlns="http://schemas.microsoft.com/windowsazure">
                 <ServiceName>contosodisks</ServiceName>
                 <StorageServiceProperties><Status>Creating</Status></StorageServiceProperties>
               </StorageService>"#,
        );
        assert_eq!(account.properties.status.unwrap().as_str(), "Creating");
        assert_eq!(account.properties.creation_time, None);
    }

    #[test]
    fn names_that_no_account_can_have_are_refused() {
        for (name, why) in [
            ("", "\"\" has 0 characters; it must have 3 to 24"),
            ("ab", "has 2 characters; it must have 3 to 24"),
            ("contosocontosocontosocont", "has 25 characters; it must have 3 to 24"),
            ("Contoso", "has 'C'; a name consists of lower-case letters and digits"),
            ("contoso-disks", "has '-'"),
            ("../keys", "has '.'"),
            ("größe", "has 'ö'"),
            ("con?action=x", "has '?'"),
        ] {
            golden::rejected(&StorageAccountRef::new(name).get(), why);
        }
        for name in ["abc", "contosocontosocontosocon", "123"] {
            assert!(golden::endpoint().request(&StorageAccountRef::new(name).get()).is_ok());
        }
    }
}
