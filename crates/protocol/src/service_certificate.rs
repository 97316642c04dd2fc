//! Certificates of a cloud service: what its roles, endpoints and extensions use. Not to be confused
//! with the [management certificates](crate::management_certificate) that grant access to the API.

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

/// Names a certificate of a cloud service, by its thumbprint.
///
/// Made by [`CloudServiceRef::certificate`]. A thumbprint consists of hexadecimal digits, without
/// spaces or colons; it is sent as given. The service writes it in upper case, and whether it takes
/// another case is not known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServiceCertificateRef {
    service: CloudServiceRef,
    algorithm: String,
    thumbprint: String,
}

impl CloudServiceRef {
    /// The certificate of this SHA-1 thumbprint.
    pub fn certificate(&self, thumbprint: impl Into<String>) -> ServiceCertificateRef {
        ServiceCertificateRef {
            service: self.clone(),
            algorithm: "sha1".to_owned(),
            thumbprint: thumbprint.into(),
        }
    }
}

impl ServiceCertificateRef {
    /// Says that the thumbprint was made otherwise than with `sha1`, the only algorithm ever seen.
    pub fn algorithm(mut self, algorithm: impl Into<String>) -> Self {
        self.algorithm = algorithm.into();
        self
    }

    /// The cloud service that it belongs to.
    pub fn service(&self) -> &CloudServiceRef {
        &self.service
    }

    /// The thumbprint.
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
