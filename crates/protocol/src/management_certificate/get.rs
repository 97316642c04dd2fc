use super::{ManagementCertificate, ManagementCertificateRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads a certificate that grants access to the subscription.
///
/// 404 says that there is none of this thumbprint. Since 2012-03-01.
///
/// Reference page: *Get Management Certificate* (`get-management-certificate`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ManagementCertificateRef;
///
/// let get = ManagementCertificateRef::new("0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetManagementCertificate {
    certificate: ManagementCertificateRef,
}

impl ManagementCertificateRef {
    /// Reads this certificate.
    pub fn get(&self) -> GetManagementCertificate {
        GetManagementCertificate { certificate: self.clone() }
    }
}

impl Operation for GetManagementCertificate {
    type Output = ManagementCertificate;

    const METADATA: Metadata = Metadata {
        name: "Get Management Certificate",
        method: Method::GET,
        route: "/certificates/{thumbprint}",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "get-management-certificate",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.certificate.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;
    use crate::{Base64Bytes, Secret};

    const THUMBPRINT: &str = "0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D";

    #[test]
    fn request() {
        golden::request(
            &ManagementCertificateRef::new(THUMBPRINT).get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/certificates/0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let certificate = golden::response::<GetManagementCertificate>(
            r#"<SubscriptionCertificate xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <SubscriptionCertificatePublicKey>MIGJ</SubscriptionCertificatePublicKey>
                 <SubscriptionCertificateThumbprint>0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D</SubscriptionCertificateThumbprint>
                 <SubscriptionCertificateData>MIIB</SubscriptionCertificateData>
                 <Created>2014-10-02T07:18:33.4523417Z</Created>
               </SubscriptionCertificate>"#,
        );
        assert_eq!(
            certificate,
            ManagementCertificate {
                public_key: Some(Base64Bytes::from(vec![0x30, 0x81, 0x89])),
                thumbprint: THUMBPRINT.into(),
                data: Some(Secret::new(vec![0x30, 0x82, 0x01])),
                created: Some("2014-10-02T07:18:33.4523417Z".into()),
            }
        );
    }

    #[test]
    fn hostile_thumbprints_are_refused() {
        for (thumbprint, why) in [
            ("", "the thumbprint of the certificate is empty"),
            ("..", "has '.' as its character 1"),
            ("6F 9B", "has ' ' as its character 3"),
            ("6F9B/..", "has '/'"),
        ] {
            golden::rejected(&ManagementCertificateRef::new(thumbprint).get(), why);
        }
    }
}
