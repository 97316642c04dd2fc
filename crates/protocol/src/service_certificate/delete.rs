use super::ServiceCertificateRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes a certificate, and its private key with it, from a cloud service.
///
/// The private key cannot be restored. The response is 202 with an operation to poll, or 200. Since
/// 2009-10-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Delete Service Certificate* (`delete-service-certificate`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let delete = CloudServiceRef::new("contoso")
///     .certificate("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C")
///     .delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteServiceCertificate {
    certificate: ServiceCertificateRef,
}

impl ServiceCertificateRef {
    /// Deletes this certificate.
    pub fn delete(&self) -> DeleteServiceCertificate {
        DeleteServiceCertificate { certificate: self.clone() }
    }
}

impl Operation for DeleteServiceCertificate {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Delete Service Certificate",
        method: Method::DELETE,
        route: "/services/hostedservices/{service}/certificates/{algorithm}-{thumbprint}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "delete-service-certificate",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.certificate.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloudServiceRef;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso")
                .certificate("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C")
                .delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates/sha1-6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<DeleteServiceCertificate>();
    }
}
