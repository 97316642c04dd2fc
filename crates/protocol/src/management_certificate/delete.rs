use super::ManagementCertificateRef;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes a management certificate: its private key no longer grants access.
///
/// Its users lose access, including the caller; after the last one only a token reaches the subscription.
/// Synchronous: the response is 200. Since 2012-03-01.
///
/// Reference page: *Delete Management Certificate* (`delete-management-certificate`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ManagementCertificateRef;
///
/// let delete = ManagementCertificateRef::new("0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteManagementCertificate {
    certificate: ManagementCertificateRef,
}

impl ManagementCertificateRef {
    /// Deletes this certificate, which then no longer grants access.
    pub fn delete(&self) -> DeleteManagementCertificate {
        DeleteManagementCertificate { certificate: self.clone() }
    }
}

impl Operation for DeleteManagementCertificate {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Delete Management Certificate",
        method: Method::DELETE,
        route: "/certificates/{thumbprint}",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "delete-management-certificate",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.certificate.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ManagementCertificateRef::new("0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/certificates/0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<DeleteManagementCertificate>(200);
    }

    #[test]
    fn an_empty_thumbprint_does_not_reach_the_list() {
        golden::rejected(&ManagementCertificateRef::new("").delete(), "is empty");
    }
}
