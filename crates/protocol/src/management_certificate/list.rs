use super::ManagementCertificates;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

/// Lists the certificates that grant access to the subscription.
///
/// In one piece, however many there are. Since 2012-03-01.
///
/// Reference page: *List Management Certificates* (`list-management-certificates`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListManagementCertificates;
///
/// let list = ListManagementCertificates::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListManagementCertificates;

impl ListManagementCertificates {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListManagementCertificates {
    type Output = ManagementCertificates;

    const METADATA: Metadata = Metadata {
        name: "List Management Certificates",
        method: Method::GET,
        route: "/certificates",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "list-management-certificates",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::management_certificate::ManagementCertificate;
    use crate::testing::golden;
    use crate::{Base64Bytes, Secret};

    #[test]
    fn request() {
        golden::request(
            &ListManagementCertificates::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/certificates
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let certificates = golden::response::<ListManagementCertificates>(
            r#"<SubscriptionCertificates xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <SubscriptionCertificate>
                   <SubscriptionCertificatePublicKey>MIGJ</SubscriptionCertificatePublicKey>
                   <SubscriptionCertificateThumbprint>0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D</SubscriptionCertificateThumbprint>
                   <SubscriptionCertificateData>MIIB</SubscriptionCertificateData>
                   <Created>2014-10-02T07:18:33.452341Z</Created>
                 </SubscriptionCertificate>
                 <SubscriptionCertificate>
                   <SubscriptionCertificatePublicKey/>
                   <SubscriptionCertificateThumbprint>6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</SubscriptionCertificateThumbprint>
                   <SubscriptionCertificateData i:nil="true"/>
                 </SubscriptionCertificate>
               </SubscriptionCertificates>"#,
        );
        let whole = ManagementCertificate {
            public_key: Some(Base64Bytes::from(vec![0x30, 0x81, 0x89])),
            thumbprint: "0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D".into(),
            data: Some(Secret::new(vec![0x30, 0x82, 0x01])),
            created: Some("2014-10-02T07:18:33.452341Z".into()),
        };
        let bare = ManagementCertificate {
            thumbprint: "6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C".into(),
            ..ManagementCertificate::default()
        };
        assert_eq!(certificates, ManagementCertificates(vec![whole, bare]));
        assert!(!format!("{certificates:?}").contains("MIIB"), "it may hold a private key");
    }

    #[test]
    fn response_without_certificates() {
        let none = golden::response::<ListManagementCertificates>(
            r#"<SubscriptionCertificates xmlns="http://schemas.microsoft.com/windowsazure"/>"#,
        );
        assert_eq!(none, ManagementCertificates(Vec::new()));
    }
}
