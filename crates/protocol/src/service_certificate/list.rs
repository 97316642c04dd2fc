use super::ServiceCertificates;
use crate::{
    ApiVersion, CloudServiceRef, Idempotency, Metadata, Method, Operation, RequestBuilder,
};

/// Lists the certificates of a cloud service, without their private keys.
///
/// Since 2009-10-01.
///
/// Reference page: *List Service Certificates* (`list-service-certificates`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let list = CloudServiceRef::new("contoso").list_certificates();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListServiceCertificates {
    service: CloudServiceRef,
}

impl CloudServiceRef {
    /// Lists the certificates of this cloud service.
    pub fn list_certificates(&self) -> ListServiceCertificates {
        ListServiceCertificates { service: self.clone() }
    }
}

impl Operation for ListServiceCertificates {
    type Output = ServiceCertificates;

    const METADATA: Metadata = Metadata {
        name: "List Service Certificates",
        method: Method::GET,
        route: "/services/hostedservices/{service}/certificates",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "list-service-certificates",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Base64Bytes;
    use crate::service_certificate::ServiceCertificate;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").list_certificates(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let certificates = golden::response::<ListServiceCertificates>(
            r#"<Certificates xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Certificate>
                   <CertificateUrl>https://management.core.windows.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates/sha1-6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</CertificateUrl>
                   <Thumbprint>6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</Thumbprint>
                   <ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>
                   <Data>MIIB</Data>
                 </Certificate>
               </Certificates>"#,
        );
        let certificate = ServiceCertificate {
            certificate_url: Some("https://management.core.windows.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates/sha1-6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C".into()),
            thumbprint: Some("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C".into()),
            thumbprint_algorithm: Some("sha1".into()),
            data: Some(Base64Bytes::from(vec![0x30, 0x82, 0x01])),
        };
        assert_eq!(certificates, ServiceCertificates(vec![certificate]));
    }

    #[test]
    fn response_without_certificates() {
        let none = golden::response::<ListServiceCertificates>(
            r#"<Certificates xmlns="http://schemas.microsoft.com/windowsazure"/>"#,
        );
        assert_eq!(none, ServiceCertificates(Vec::new()));
    }
}
