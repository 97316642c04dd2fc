use serde::Serialize;

use super::ManagementCertificateRef;
use crate::{
    ApiVersion, Base64Bytes, Body, Error, Idempotency, Metadata, Method, Operation, RequestBuilder,
    Secret,
};

/// Adds a certificate whose private key then grants access to everything in the subscription.
///
/// A subscription has at most 100, and all subscriptions of one service administrator together have at most
/// 100. Synchronous: the response is 201. Its `Location` header is not an address of this API. Since
/// 2012-03-01.
///
/// Reference page: *Add Management Certificate* (`add-management-certificate`).
///
/// # Example
///
/// Any certificate library returns the public key; for a PEM file, OpenSSL does: `openssl x509 -in c.pem
/// -noout -pubkey | openssl rsa -pubin -RSAPublicKey_out -outform DER`.
///
/// ```
/// use azure_classic_protocol::ManagementCertificateRef;
///
/// # let (public_key, certificate) = (vec![0x30], vec![0x30]);
/// let add = ManagementCertificateRef::new("0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D")
///     .add(public_key, certificate);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "SubscriptionCertificate")]
pub struct AddManagementCertificate {
    #[serde(skip)]
    certificate: ManagementCertificateRef,
    #[serde(rename = "SubscriptionCertificatePublicKey")]
    public_key: Base64Bytes,
    #[serde(rename = "SubscriptionCertificateThumbprint")]
    thumbprint: String,
    /// The service keeps whatever it gets, and people have sent it private keys.
    #[serde(rename = "SubscriptionCertificateData")]
    data: Secret<Base64Bytes>,
}

impl ManagementCertificateRef {
    /// Adds this certificate: its public key as the DER of a PKCS#1 `RSAPublicKey`, and the
    /// certificate itself in DER (`.cer`), without the private key.
    pub fn add(
        &self,
        public_key: impl Into<Base64Bytes>,
        certificate: impl Into<Base64Bytes>,
    ) -> AddManagementCertificate {
        AddManagementCertificate {
            certificate: self.clone(),
            public_key: public_key.into(),
            thumbprint: self.thumbprint.clone(),
            data: Secret::new(certificate),
        }
    }
}

impl Operation for AddManagementCertificate {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Add Management Certificate",
        method: Method::POST,
        route: "/certificates",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "add-management-certificate",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.certificate.check(request);
        for (what, data) in [("public key", &self.public_key), ("certificate", self.data.expose())]
        {
            if data.to_bytes().is_none_or(|bytes| bytes.is_empty()) {
                request.reject(Error::invalid(format!(
                    "the {what} is empty or not base64; give its DER bytes"
                )));
            }
        }
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn contoso() -> ManagementCertificateRef {
        ManagementCertificateRef::new("0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D")
    }

    #[test]
    fn request() {
        golden::request(
            &contoso().add(vec![0x30, 0x81, 0x89], vec![0x30, 0x82, 0x01]),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/certificates
             x-ms-version: 2015-04-01
             content-type: application/xml

             <SubscriptionCertificate xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <SubscriptionCertificatePublicKey>MIGJ</SubscriptionCertificatePublicKey>
               <SubscriptionCertificateThumbprint>0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D0A1B2C3D</SubscriptionCertificateThumbprint>
               <SubscriptionCertificateData>MIIB</SubscriptionCertificateData>
             </SubscriptionCertificate>",
        );
    }

    #[test]
    fn response_is_created_without_a_body() {
        golden::empty::<AddManagementCertificate>(201);
    }

    #[test]
    fn what_cannot_be_a_certificate_is_refused() {
        golden::rejected(&contoso().add(vec![], vec![0x30]), "the public key is empty");
        let text = Base64Bytes::from_base64("-----BEGIN");
        golden::rejected(
            &contoso().add(vec![0x30], text),
            "the certificate is empty or not base64",
        );
        golden::rejected(
            &ManagementCertificateRef::new("0A:1B").add(vec![0x30], vec![0x30]),
            "\"0A:1B\" has ':' as its character 3",
        );
    }
}
