//! Extensions: platform software, such as remote desktop, that a cloud service configures and its
//! deployments apply to their roles.

mod add;
mod delete;
mod get;
mod image;
mod list;
mod list_available;
mod list_versions;
mod model;

pub use self::add::AddExtension;
pub use self::delete::DeleteExtension;
pub use self::get::GetExtension;
pub use self::image::{
    ExtensionCertificate, ExtensionEndpoints, ExtensionImage, ExtensionImages,
    ExtensionInputEndpoint, InstanceInputEndpoint, InternalEndpoint, LocalResource,
};
pub use self::list::ListExtensions;
pub use self::list_available::ListAvailableExtensions;
pub use self::list_versions::ListExtensionVersions;
pub use self::model::{Extension, Extensions};
use crate::{CloudServiceRef, RequestBuilder};

/// Names an extension of a cloud service, by the id that it was or will be added with.
///
/// Made by [`CloudServiceRef::extension`]. An id consists of letters, digits, `-`, `_` and `.`. It is
/// what an [`ExtensionConfiguration`](crate::deployment::model::ExtensionConfiguration) refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExtensionRef {
    service: CloudServiceRef,
    id: String,
}

impl CloudServiceRef {
    /// The extension of this id.
    pub fn extension(&self, id: impl Into<String>) -> ExtensionRef {
        ExtensionRef { service: self.clone(), id: id.into() }
    }
}

impl ExtensionRef {
    /// The cloud service that it belongs to.
    pub fn service(&self) -> &CloudServiceRef {
        &self.service
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Fills the placeholders `{service}` and `{extension}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        request.segment("extension", "extension id", &self.id);
    }
}

/// Names what an extension is: who provides it, and its type.
///
/// ```
/// use azure_classic_protocol::ExtensionTypeRef;
///
/// let rdp = ExtensionTypeRef::microsoft("RDP");
/// assert_eq!(rdp.provider_namespace(), "Microsoft.Windows.Azure.Extensions");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExtensionTypeRef {
    provider_namespace: String,
    name: String,
}

impl ExtensionTypeRef {
    /// Takes provider and type as [`ListAvailableExtensions`] tells them.
    pub fn new(provider_namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { provider_namespace: provider_namespace.into(), name: name.into() }
    }

    /// An extension of Microsoft's, such as `RDP`: provider `Microsoft.Windows.Azure.Extensions`.
    ///
    /// Two reference pages print `Microsoft.WindowsAzure.Extensions`; recorded calls have the former.
    pub fn microsoft(name: impl Into<String>) -> Self {
        Self::new("Microsoft.Windows.Azure.Extensions", name)
    }

    /// Who provides it.
    pub fn provider_namespace(&self) -> &str {
        &self.provider_namespace
    }

    /// Its type.
    pub fn name(&self) -> &str {
        &self.name
    }
}
