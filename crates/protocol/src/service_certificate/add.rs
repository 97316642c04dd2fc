use serde::Serialize;

use crate::{
    Accepted, ApiVersion, Base64Bytes, Body, CloudServiceRef, Error, Idempotency, Metadata, Method,
    Operation, RequestBuilder, Secret,
};

/// Adds a certificate to a cloud service, with its private key or without.
///
/// Roles and extensions refer to it by its thumbprint. The private key cannot be got back. Since
/// 2009-10-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Add Service Certificate* (`add-service-certificate`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// # let (pfx, password) = (vec![0x30], "");
/// let add = CloudServiceRef::new("contoso").add_pfx_certificate(pfx, password);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "CertificateFile", rename_all = "PascalCase")]
pub struct AddServiceCertificate {
    #[serde(skip)]
    service: CloudServiceRef,
    data: Secret<Base64Bytes>,
    certificate_format: &'static str,
    password: Option<Secret>,
}

impl CloudServiceRef {
    /// Adds a certificate with its private key: the bytes of a PKCS#12 file (`.pfx`) and the password
    /// that protects them, which may be empty.
    pub fn add_pfx_certificate(
        &self,
        pfx: impl Into<Base64Bytes>,
        password: impl Into<String>,
    ) -> AddServiceCertificate {
        AddServiceCertificate {
            service: self.clone(),
            data: Secret::new(pfx),
            certificate_format: "pfx",
            password: Some(Secret::new(password)),
        }
    }

    /// Adds a certificate without a private key: the bytes of a `.cer` file in DER, not PEM.
    pub fn add_cer_certificate(&self, cer: impl Into<Base64Bytes>) -> AddServiceCertificate {
        AddServiceCertificate {
            service: self.clone(),
            data: Secret::new(cer),
            certificate_format: "cer",
            password: None,
        }
    }
}

impl Operation for AddServiceCertificate {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Add Service Certificate",
        method: Method::POST,
        route: "/services/hostedservices/{service}/certificates",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "add-service-certificate",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        // The bytes may hold a private key: they are not repeated here.
        match self.data.expose().to_bytes() {
            Some(bytes) if !bytes.is_empty() => {}
            Some(_) => request.reject(Error::invalid(format!(
                "the certificate is empty; give the bytes of the .{} file",
                self.certificate_format
            ))),
            None => request.reject(Error::invalid("the certificate is not base64")),
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

    fn contoso() -> CloudServiceRef {
        CloudServiceRef::new("contoso")
    }

    #[test]
    fn request_with_a_private_key() {
        golden::request(
            &contoso().add_pfx_certificate(vec![0x30, 0x82, 0x01], "a<b"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CertificateFile xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Data>MIIB</Data>
               <CertificateFormat>pfx</CertificateFormat>
               <Password>a&lt;b</Password>
             </CertificateFile>",
        );
    }

    #[test]
    fn request_with_a_private_key_and_an_empty_password() {
        golden::request(
            &contoso().add_pfx_certificate(Base64Bytes::from_base64("MIIB"), ""),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CertificateFile xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Data>MIIB</Data>
               <CertificateFormat>pfx</CertificateFormat>
               <Password/>
             </CertificateFile>",
        );
    }

    #[test]
    fn request_without_a_private_key() {
        golden::request(
            &contoso().add_cer_certificate(vec![0x30, 0x82, 0x01]),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/certificates
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CertificateFile xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Data>MIIB</Data>
               <CertificateFormat>cer</CertificateFormat>
             </CertificateFile>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<AddServiceCertificate>();
    }

    #[test]
    fn what_cannot_be_a_certificate_is_refused_without_repeating_it() {
        golden::rejected(&contoso().add_cer_certificate(vec![]), "the bytes of the .cer file");
        let add = contoso().add_pfx_certificate(Base64Bytes::from_base64("se-same"), "open");
        golden::rejected(&add, "the certificate is not base64");
        let error = golden::endpoint().request(&add).unwrap_err();
        for shown in [format!("{add:?}"), format!("{error} {error:?}")] {
            assert!(!shown.contains("se-same") && !shown.contains("open"), "{shown}");
        }
    }
}
