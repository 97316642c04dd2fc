use super::ExtensionImages;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

/// Lists the extensions that can be added to cloud services.
///
/// Not tied to a cloud service. Since 2013-03-01; younger elements, such as `SupportedOS`, come with
/// younger versions.
///
/// Reference page: *List Available Extensions* (`rest-list-available-extensions`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListAvailableExtensions;
///
/// let list = ListAvailableExtensions::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListAvailableExtensions;

impl ListAvailableExtensions {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListAvailableExtensions {
    type Output = ExtensionImages;

    const METADATA: Metadata = Metadata {
        name: "List Available Extensions",
        method: Method::GET,
        route: "/services/extensions",
        min_version: ApiVersion::V2013_03_01,
        docs_slug: "rest-list-available-extensions",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
mod tests;
