//! Extensions: agents of the platform, such as remote desktop, that a cloud service configures and its
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

/// Refers to an extension of a cloud service by its id.
///
/// Created by [`CloudServiceRef::extension`]. An id consists of letters, digits, `-`, `_` and `.`. An
/// [`ExtensionConfiguration`](crate::deployment::model::ExtensionConfiguration) refers to extensions by id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExtensionRef {
    service: CloudServiceRef,
    id: String,
}

impl CloudServiceRef {
    /// Refers to the extension with this id.
    pub fn extension(&self, id: impl Into<String>) -> ExtensionRef {
        ExtensionRef { service: self.clone(), id: id.into() }
    }
}

impl ExtensionRef {
    /// Returns the cloud service of the extension.
    pub fn service(&self) -> &CloudServiceRef {
        &self.service
    }

    /// Returns the id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Fills the placeholders `{service}` and `{extension}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        request.segment("extension", "extension id", &self.id);
    }
}

/// Identifies a kind of extension by provider and type.
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
    /// Takes provider and type from the output of [`ListAvailableExtensions`].
    pub fn new(provider_namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { provider_namespace: provider_namespace.into(), name: name.into() }
    }

    /// Identifies an extension of Microsoft, such as `RDP`: provider `Microsoft.Windows.Azure.Extensions`.
    ///
    /// Two reference pages print `Microsoft.WindowsAzure.Extensions`; recorded calls have the former.
    pub fn microsoft(name: impl Into<String>) -> Self {
        Self::new("Microsoft.Windows.Azure.Extensions", name)
    }

    /// Returns the provider.
    pub fn provider_namespace(&self) -> &str {
        &self.provider_namespace
    }

    /// Returns the type.
    pub fn name(&self) -> &str {
        &self.name
    }
}
