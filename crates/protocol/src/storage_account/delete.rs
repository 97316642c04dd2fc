use super::StorageAccountRef;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes a storage account **with everything that it stores**.
///
/// The DNS name becomes available for every subscription. Synchronous although its reference page says
/// otherwise: the response is 200, and the account is deleted then. Since 2011-06-01.
///
/// Reference page: *Delete Storage Account* (`delete-storage-account`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::StorageAccountRef;
///
/// let delete = StorageAccountRef::new("contosodisks").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteStorageAccount {
    account: StorageAccountRef,
}

impl StorageAccountRef {
    /// Deletes this storage account with everything that it stores.
    pub fn delete(&self) -> DeleteStorageAccount {
        DeleteStorageAccount { account: self.clone() }
    }
}

impl Operation for DeleteStorageAccount {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Delete Storage Account",
        method: Method::DELETE,
        route: "/services/storageservices/{account}",
        min_version: ApiVersion::V2011_06_01,
        docs_slug: "delete-storage-account",
        idempotency: Idempotency::NonIdempotent,
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
            &StorageAccountRef::new("contosodisks").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/contosodisks
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<DeleteStorageAccount>(200);
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2011_04_01);
        let delete = StorageAccountRef::new("contosodisks").delete();
        let error = older.request(&delete).unwrap_err().to_string();
        assert!(error.contains("needs x-ms-version 2011-06-01"), "{error}");
    }
}
