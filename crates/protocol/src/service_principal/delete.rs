use super::ServicePrincipalRef;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Takes a service principal off the list of the subscription; it may lose access.
///
/// The service principal itself stays in its directory. Synchronous: the response is 200. Since 2018-06-01,
/// the newest known version: the endpoint must be raised to it
/// ([`Endpoint::with_version`](crate::Endpoint::with_version)).
///
/// Reference page: *Delete Subscription Service Principal* (`delete-subscription-service-principal`).
/// Such a page was never published; the name follows those of the other operations.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ServicePrincipalRef;
///
/// let delete = ServicePrincipalRef::new("11111111-2222-3333-4444-555555555555").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteSubscriptionServicePrincipal {
    principal: ServicePrincipalRef,
}

impl ServicePrincipalRef {
    /// Takes this service principal off the list.
    pub fn delete(&self) -> DeleteSubscriptionServicePrincipal {
        DeleteSubscriptionServicePrincipal { principal: self.clone() }
    }
}

impl Operation for DeleteSubscriptionServicePrincipal {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Delete Subscription Service Principal",
        method: Method::DELETE,
        route: "/servicePrincipals/{service-principal-id}",
        min_version: ApiVersion::V2018_06_01,
        docs_slug: "delete-subscription-service-principal",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.principal.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ServicePrincipalRef::new("11111111-2222-3333-4444-555555555555").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/servicePrincipals/11111111-2222-3333-4444-555555555555
             x-ms-version: 2018-06-01",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<DeleteSubscriptionServicePrincipal>(200);
    }
}
