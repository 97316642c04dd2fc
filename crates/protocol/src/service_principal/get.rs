use super::{ServicePrincipal, ServicePrincipalRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads a service principal of the subscription.
///
/// Since 2018-06-01, the newest version known: the endpoint must be raised to it
/// ([`Endpoint::with_version`](crate::Endpoint::with_version)).
///
/// Reference page: *Get Subscription Service Principal* (`get-subscription-service-principal`).
/// Such a page was never published; the name follows those of the other operations.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ServicePrincipalRef;
///
/// let get = ServicePrincipalRef::new("11111111-2222-3333-4444-555555555555").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetSubscriptionServicePrincipal {
    principal: ServicePrincipalRef,
}

impl ServicePrincipalRef {
    /// Reads this service principal.
    pub fn get(&self) -> GetSubscriptionServicePrincipal {
        GetSubscriptionServicePrincipal { principal: self.clone() }
    }
}

impl Operation for GetSubscriptionServicePrincipal {
    type Output = ServicePrincipal;

    const METADATA: Metadata = Metadata {
        name: "Get Subscription Service Principal",
        method: Method::GET,
        route: "/servicePrincipals/{service-principal-id}",
        min_version: ApiVersion::V2018_06_01,
        docs_slug: "get-subscription-service-principal",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.principal.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ExtendedProperty;
    use crate::testing::golden;

    const ID: &str = "11111111-2222-3333-4444-555555555555";

    #[test]
    fn request() {
        golden::request(
            &ServicePrincipalRef::new(ID).get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/servicePrincipals/11111111-2222-3333-4444-555555555555
             x-ms-version: 2018-06-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let principal = golden::response::<GetSubscriptionServicePrincipal>(
            r#"<ServicePrincipal xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <ServicePrincipalId>11111111-2222-3333-4444-555555555555</ServicePrincipalId>
                 <Description>nightly</Description>
                 <ExtendedProperties>
                   <ExtendedProperty><Name>Owner</Name><Value>shop team</Value></ExtendedProperty>
                 </ExtendedProperties>
               </ServicePrincipal>"#,
        );
        assert_eq!(
            principal,
            ServicePrincipal {
                service_principal_id: ID.into(),
                description: Some("nightly".into()),
                extended_properties: vec![ExtendedProperty::new("Owner", "shop team")],
            }
        );
    }

    #[test]
    fn hostile_and_long_ids_are_refused() {
        let long = "x".repeat(257);
        for (id, why) in [
            ("", "the id of the service principal is empty"),
            ("..", "would change the path"),
            ("a/b", "has '/'"),
            (
                &long,
                "the id of the service principal has 257 characters, more than the allowed 256",
            ),
        ] {
            golden::rejected(&ServicePrincipalRef::new(id).get(), why);
        }
    }
}
