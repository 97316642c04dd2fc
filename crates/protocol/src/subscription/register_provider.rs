use super::ResourceProviderRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Registers the subscription with a resource provider, so that it can use what that provides.
///
/// 409 `ConflictError` means that it is already registered, 404 that the provider does not exist. The
/// response is 202 with an operation to poll, or 200. Since 2012-08-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Register Resource Provider* (`register-resource-provider`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ResourceProviderRef;
///
/// let register = ResourceProviderRef::new("website").register();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterResourceProvider {
    provider: ResourceProviderRef,
}

impl ResourceProviderRef {
    /// Registers the subscription with this provider.
    pub fn register(&self) -> RegisterResourceProvider {
        RegisterResourceProvider { provider: self.clone() }
    }
}

impl Operation for RegisterResourceProvider {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Register Resource Provider",
        method: Method::PUT,
        route: "/services?action=register",
        min_version: ApiVersion::V2012_08_01,
        docs_slug: "register-resource-provider",
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
            &ResourceProviderRef::new("website").register(),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services?action=register&service=website
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<RegisterResourceProvider>();
    }

    #[test]
    fn hostile_names_stay_in_their_place() {
        golden::request(
            &ResourceProviderRef::new("a&action=unregister#").register(),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services?action=register&service=a%26action%3Dunregister%23
             x-ms-version: 2015-04-01",
        );
        golden::rejected(
            &ResourceProviderRef::new("").register(),
            "the name of the resource provider is empty",
        );
    }
}
