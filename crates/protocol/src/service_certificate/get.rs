use super::{ServiceCertificate, ServiceCertificateRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads a certificate of a cloud service: its DER bytes, and nothing else.
///
/// The service never returns the private key. Since 2009-10-01.
///
/// Reference page: *Get Service Certificate* (`get-service-certificate`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let get = CloudServiceRef::new("contoso")
///     .certificate("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C")
///     .get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetServiceCertificate {
    certificate: ServiceCertificateRef,
}

impl ServiceCertificateRef {
    /// Reads this certificate.
    pub fn get(&self) -> GetServiceCertificate {
        GetServiceCertificate { certificate: self.clone() }
    }
}

impl Operation for GetServiceCertificate {
    type Output = ServiceCertificate;

    const METADATA: Metadata = Metadata {
        name: "Get Service Certificate",
        method: Method::GET,
        route: "/services/hostedservices/{service}/certificates/{algorithm}-{thumbprint}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "get-service-certificate",
        idempotency: Idempotency::Idempotent,
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

    const THUMBPRINT: &str = "6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C";

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").certificate(THUMBPRINT).get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates/sha1-6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_with_another_algorithm() {
        golden::request(
            &CloudServiceRef::new("contoso").certificate("00ff").algorithm("sha256").get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates/sha256-00ff
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn http_response() {
        let certificate = golden::response::<GetServiceCertificate>(
            r#"<Certificate xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Data>MIIB</Data></Certificate>"#,
        );
        assert_eq!(certificate.data.unwrap().to_bytes(), Some(vec![0x30, 0x82, 0x01]));
        assert_eq!(certificate.thumbprint, None);
    }

    #[test]
    fn hostile_thumbprints_are_refused() {
        let service = CloudServiceRef::new("contoso");
        for (thumbprint, why) in [
            ("", "the thumbprint of the certificate is empty"),
            ("6F:9B", "\"6F:9B\" has ':' as its character 3"),
            ("\u{200e}6F9B", "as its character 1; a thumbprint consists of hexadecimal digits"),
            ("../../x", "has '.'"),
        ] {
            golden::rejected(&service.certificate(thumbprint).get(), why);
        }
        golden::rejected(
            &service.certificate(THUMBPRINT).algorithm("a/b").get(),
            "the thumbprint algorithm \"a/b\" has '/'",
        );
    }
}
