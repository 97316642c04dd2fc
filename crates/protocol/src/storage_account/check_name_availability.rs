use super::StorageAccountRef;
use crate::{
    ApiVersion, Idempotency, Metadata, Method, NameAvailability, Operation, RequestBuilder,
};

/// Checks whether the name of a storage account is available, without reserving it.
///
/// A name that no account can have is refused here and not asked about; the service answers it with
/// 400. Since 2012-03-01.
///
/// Reference page: *Check Storage Account Name Availability* (`check-storage-account-name-availability`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::StorageAccountRef;
///
/// let check = StorageAccountRef::new("contosodisks").check_name_availability();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckStorageAccountNameAvailability {
    account: StorageAccountRef,
}

impl StorageAccountRef {
    /// Creates the check of this name.
    pub fn check_name_availability(&self) -> CheckStorageAccountNameAvailability {
        CheckStorageAccountNameAvailability { account: self.clone() }
    }
}

impl Operation for CheckStorageAccountNameAvailability {
    type Output = NameAvailability;

    const METADATA: Metadata = Metadata {
        name: "Check Storage Account Name Availability",
        method: Method::GET,
        route: "/services/storageservices/operations/isavailable/{account}",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "check-storage-account-name-availability",
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
            &StorageAccountRef::new("contosodisks").check_name_availability(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/storageservices/operations/isavailable/contosodisks
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_for_a_free_name() {
        let response = golden::response::<CheckStorageAccountNameAvailability>(
            r#"<AvailabilityResponse xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Result>true</Result><Reason i:nil="true"/></AvailabilityResponse>"#,
        );
        assert_eq!(response, NameAvailability { is_available: true, reason: None });
    }

    #[test]
    fn response_for_a_name_in_use() {
        let response = golden::response::<CheckStorageAccountNameAvailability>(
            r#"<AvailabilityResponse xmlns="http://schemas.microsoft.com/windowsazure"><Result>false</Result><Reason>The name is taken.</Reason></AvailabilityResponse>"#,
        );
        let reason = Some("The name is taken.".to_owned());
        assert_eq!(response, NameAvailability { is_available: false, reason });
    }

    #[test]
    fn a_name_that_no_account_can_have_is_not_requested_about() {
        let check = StorageAccountRef::new("contoso-disks").check_name_availability();
        golden::rejected(&check, "has '-'; a name consists of lower-case letters and digits");
    }
}
