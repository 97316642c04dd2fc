use super::CloudServiceRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes a cloud service with everything in it: the deployments of both slots, and the operating
/// system disks and data disks of their virtual machines together with the blobs behind them.
///
/// Nothing of it can be restored. Unlike [`DeleteCloudService`](super::DeleteCloudService) it is
/// asynchronous: the response is 202. Since 2013-08-01.
///
/// When the accepted operation has succeeded, the cloud service is gone, and there is nothing more to
/// wait for.
///
/// Reference page: *Delete Cloud Service (comp=media)* (`rest-delete-cloud-service`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let delete = CloudServiceRef::new("contoso").delete_with_disks();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteCloudServiceWithDisks {
    service: CloudServiceRef,
}

impl CloudServiceRef {
    /// Deletes this cloud service with its deployments and their disks.
    pub fn delete_with_disks(&self) -> DeleteCloudServiceWithDisks {
        DeleteCloudServiceWithDisks { service: self.clone() }
    }
}

impl Operation for DeleteCloudServiceWithDisks {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Delete Cloud Service (comp=media)",
        method: Method::DELETE,
        route: "/services/hostedservices/{service}?comp=media",
        min_version: ApiVersion::V2013_08_01,
        docs_slug: "rest-delete-cloud-service",
        idempotency: Idempotency::NonIdempotent,
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
            &CloudServiceRef::new("contoso").delete_with_disks(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso?comp=media
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<DeleteCloudServiceWithDisks>();
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2013_06_01);
        let error = older.request(&CloudServiceRef::new("contoso").delete_with_disks());
        let error = error.unwrap_err().to_string();
        assert!(error.contains("needs x-ms-version 2013-08-01"), "{error}");
    }

    #[test]
    fn hostile_names_are_refused() {
        golden::rejected(&CloudServiceRef::new("").delete_with_disks(), "is empty");
        golden::rejected(&CloudServiceRef::new("a/../b").delete_with_disks(), "has '/'");
    }
}
