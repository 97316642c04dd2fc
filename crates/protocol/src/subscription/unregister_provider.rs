use super::ResourceProviderRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Ends the registration of the subscription with a resource provider.
///
/// The effect on the provider's resources in the subscription is not documented. The response is 202 with an
/// operation to poll, or 200. Since 2012-08-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Unregister Resource Provider* (`unregister-resource-provider`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ResourceProviderRef;
///
/// let unregister = ResourceProviderRef::new("website").unregister();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnregisterResourceProvider {
    provider: ResourceProviderRef,
}

impl ResourceProviderRef {
    /// Ends the registration of the subscription with this provider.
    pub fn unregister(&self) -> UnregisterResourceProvider {
        UnregisterResourceProvider { provider: self.clone() }
    }
}

impl Operation for UnregisterResourceProvider {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Unregister Resource Provider",
        method: Method::PUT,
        route: "/services?action=unregister",
        min_version: ApiVersion::V2012_08_01,
        docs_slug: "unregister-resource-provider",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.provider.query(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ResourceProviderRef::new("sqlserver").unregister(),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services?action=unregister&service=sqlserver
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<UnregisterResourceProvider>();
    }
}
