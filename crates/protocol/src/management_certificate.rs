//! Certificates that grant access to the API: whoever has the private key of one may do everything
//! in the subscription.

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

/// Names a management certificate of the subscription, by its thumbprint.
///
/// A thumbprint consists of hexadecimal digits, without spaces or colons; it is sent as given. The
/// service writes it in upper case, and whether it takes another case is not known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ManagementCertificateRef {
    thumbprint: String,
}

impl ManagementCertificateRef {
    /// Takes the SHA-1 thumbprint of the certificate.
    pub fn new(thumbprint: impl Into<String>) -> Self {
        Self { thumbprint: thumbprint.into() }
    }

    /// The thumbprint.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Refuses what cannot be a thumbprint.
    fn check(&self, request: &mut RequestBuilder) {
        thumbprint::check(request, "thumbprint of the certificate", &self.thumbprint);
    }

    /// Fills the placeholder `{thumbprint}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.check(request);
        request.segment("thumbprint", "thumbprint of the certificate", &self.thumbprint);
    }
}
