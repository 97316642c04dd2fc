//! Management certificates, which grant access to the API: the holder of a private key may do everything in
//! the subscription.

mod add;
mod delete;
mod get;
mod list;
mod model;

pub use self::add::AddManagementCertificate;
pub use self::delete::DeleteManagementCertificate;
pub use self::get::GetManagementCertificate;
pub use self::list::ListManagementCertificates;
pub use self::model::{ManagementCertificate, ManagementCertificates};
use crate::{RequestBuilder, thumbprint};

/// Refers to a management certificate of the subscription by its thumbprint.
///
/// A thumbprint consists of hexadecimal digits, without spaces or colons. It is sent unchanged. The service
/// writes it in upper case; whether it accepts lower case is not known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ManagementCertificateRef {
    thumbprint: String,
}

impl ManagementCertificateRef {
    /// Refers to the certificate with this SHA-1 thumbprint.
    pub fn new(thumbprint: impl Into<String>) -> Self {
        Self { thumbprint: thumbprint.into() }
    }

    /// Returns the thumbprint.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Rejects invalid thumbprints.
    fn check(&self, request: &mut RequestBuilder) {
        thumbprint::check(request, "thumbprint of the certificate", &self.thumbprint);
    }

    /// Fills the placeholder `{thumbprint}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.check(request);
        request.segment("thumbprint", "thumbprint of the certificate", &self.thumbprint);
    }
}
