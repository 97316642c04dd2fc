//! Certificates of a cloud service, for its roles, endpoints and extensions. They are not the [management
//! certificates](crate::management_certificate) that grant access to the API.

mod add;
mod delete;
mod get;
mod list;
mod model;

pub use self::add::AddServiceCertificate;
pub use self::delete::DeleteServiceCertificate;
pub use self::get::GetServiceCertificate;
pub use self::list::ListServiceCertificates;
pub use self::model::{ServiceCertificate, ServiceCertificates};
use crate::{CloudServiceRef, RequestBuilder, thumbprint};

/// Refers to a certificate of a cloud service by its thumbprint.
///
/// Created by [`CloudServiceRef::certificate`]. A thumbprint consists of hexadecimal digits, without spaces
/// or colons. It is sent unchanged. The service writes it in upper case; whether it accepts lower case is not
/// known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServiceCertificateRef {
    service: CloudServiceRef,
    algorithm: String,
    thumbprint: String,
}

impl CloudServiceRef {
    /// Refers to the certificate with this SHA-1 thumbprint.
    pub fn certificate(&self, thumbprint: impl Into<String>) -> ServiceCertificateRef {
        ServiceCertificateRef {
            service: self.clone(),
            algorithm: "sha1".to_owned(),
            thumbprint: thumbprint.into(),
        }
    }
}

impl ServiceCertificateRef {
    /// Sets the hash algorithm of the thumbprint. Default: `sha1`, the only one ever seen.
    pub fn algorithm(mut self, algorithm: impl Into<String>) -> Self {
        self.algorithm = algorithm.into();
        self
    }

    /// Returns the cloud service of the certificate.
    pub fn service(&self) -> &CloudServiceRef {
        &self.service
    }

    /// Returns the thumbprint.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Fills the placeholders `{service}`, `{algorithm}` and `{thumbprint}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        request.segment("algorithm", "thumbprint algorithm", &self.algorithm);
        thumbprint::check(request, "thumbprint of the certificate", &self.thumbprint);
        request.segment("thumbprint", "thumbprint of the certificate", &self.thumbprint);
    }
}
