use super::CloudServiceRef;
use crate::{
    ApiVersion, Idempotency, Metadata, Method, NameAvailability, Operation, RequestBuilder,
};

/// Checks whether the name of a cloud service is available, without reserving it.
///
/// A name that is not a DNS label is rejected here without a request. Versions below 2013-03-01 report
/// reserved names as available, and return no reason. Since 2012-03-01.
///
/// Reference page: *Check Cloud Service Name Availability* (`rest-check-cloud-service-name-availability`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let check = CloudServiceRef::new("contoso").check_name_availability();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckCloudServiceNameAvailability {
    service: CloudServiceRef,
}

impl CloudServiceRef {
    /// Creates the check of this name.
    pub fn check_name_availability(&self) -> CheckCloudServiceNameAvailability {
        CheckCloudServiceNameAvailability { service: self.clone() }
    }
}

impl Operation for CheckCloudServiceNameAvailability {
    type Output = NameAvailability;

    const METADATA: Metadata = Metadata {
        name: "Check Cloud Service Name Availability",
        method: Method::GET,
        route: "/services/hostedservices/operations/isavailable/{service}",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "rest-check-cloud-service-name-availability",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").check_name_availability(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/operations/isavailable/contoso
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_for_a_free_name() {
        let response = golden::response::<CheckCloudServiceNameAvailability>(
            r#"<AvailabilityResponse xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Result>true</Result><Reason i:nil="true"/></AvailabilityResponse>"#,
        );
        assert_eq!(response, NameAvailability { is_available: true, reason: None });
    }

    #[test]
    fn response_for_a_name_in_use() {
        let response = golden::response::<CheckCloudServiceNameAvailability>(
            r#"<AvailabilityResponse xmlns="http://schemas.microsoft.com/windowsazure"><Result>false</Result><Reason>HostedServiceAlreadyExists</Reason></AvailabilityResponse>"#,
        );
        let reason = Some("HostedServiceAlreadyExists".to_owned());
        assert_eq!(response, NameAvailability { is_available: false, reason });
    }

    #[test]
    fn response_of_an_older_version_has_no_reason() {
        let response = golden::response::<CheckCloudServiceNameAvailability>(
            r#"<AvailabilityResponse xmlns="http://schemas.microsoft.com/windowsazure"><Result>false</Result></AvailabilityResponse>"#,
        );
        assert_eq!(response, NameAvailability { is_available: false, reason: None });
    }

    #[test]
    fn a_name_that_is_no_dns_label_is_not_requested_about() {
        golden::rejected(
            &CloudServiceRef::new("contoso.shop").check_name_availability(),
            "\"contoso.shop\" has '.'",
        );
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2011_10_01);
        let check = CloudServiceRef::new("contoso").check_name_availability();
        let error = older.request(&check).unwrap_err().to_string();
        assert!(error.contains("needs x-ms-version 2012-03-01"), "{error}");
    }
}
