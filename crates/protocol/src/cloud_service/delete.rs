use super::{CloudService, CloudServiceRef, CloudServiceStatus, GetCloudServiceProperties};
use crate::machine::{Evidence, Verifiable};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes a cloud service; both of its slots must be empty.
///
/// The DNS name becomes available for every subscription. Synchronous: the response is 200. Since 2010-10-28.
///
/// Reference page: *Delete Cloud Service* (`rest-delete-cloud-service`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let delete = CloudServiceRef::new("contoso").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteCloudService {
    service: CloudServiceRef,
}

impl CloudServiceRef {
    /// Deletes this cloud service, whose slots must be empty.
    pub fn delete(&self) -> DeleteCloudService {
        DeleteCloudService { service: self.clone() }
    }
}

impl Operation for DeleteCloudService {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Delete Cloud Service",
        method: Method::DELETE,
        route: "/services/hostedservices/{service}",
        min_version: ApiVersion::V2010_10_28,
        docs_slug: "rest-delete-cloud-service",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
    }
}

/// Happened: there is no such cloud service. Not: it is there and is not being deleted.
impl Verifiable for DeleteCloudService {
    type Read = GetCloudServiceProperties;

    fn verification_read(&self) -> GetCloudServiceProperties {
        self.service.get()
    }

    fn evidence(&self, found: Option<&CloudService>) -> Evidence {
        match found.map(|service| &service.properties.status) {
            None => Evidence::Applied,
            Some(Some(CloudServiceStatus::Deleting | CloudServiceStatus::Deleted)) => {
                Evidence::Inconclusive
            }
            Some(_) => Evidence::NotApplied,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<DeleteCloudService>(200);
    }
}
