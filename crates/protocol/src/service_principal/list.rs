use super::ServicePrincipals;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

/// Lists the service principals of the subscription.
///
/// Since 2018-06-01, the newest version known: the endpoint must be raised to it
/// ([`Endpoint::with_version`](crate::Endpoint::with_version)).
///
/// Reference page: *List Subscription Service Principals* (`list-subscription-service-principals`).
/// Such a page was never published; the name follows those of the other operations.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListSubscriptionServicePrincipals;
///
/// let list = ListSubscriptionServicePrincipals::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListSubscriptionServicePrincipals;

impl ListSubscriptionServicePrincipals {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListSubscriptionServicePrincipals {
    type Output = ServicePrincipals;

    const METADATA: Metadata = Metadata {
        name: "List Subscription Service Principals",
        method: Method::GET,
        route: "/servicePrincipals",
        min_version: ApiVersion::V2018_06_01,
        docs_slug: "list-subscription-service-principals",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ExtendedProperty;
    use crate::service_principal::ServicePrincipal;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ListSubscriptionServicePrincipals::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/servicePrincipals
             x-ms-version: 2018-06-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let principals = golden::response::<ListSubscriptionServicePrincipals>(
            r#"<ServicePrincipals xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <ServicePrincipal>
                   <ServicePrincipalId>11111111-2222-3333-4444-555555555555</ServicePrincipalId>
                   <Description>nightly</Description>
                   <ExtendedProperties>
                     <ExtendedProperty><Name>Owner</Name><Value>shop team</Value></ExtendedProperty>
                   </ExtendedProperties>
                 </ServicePrincipal>
                 <ServicePrincipal>
                   <ServicePrincipalId>66666666-7777-8888-9999-000000000000</ServicePrincipalId>
                   <Description i:nil="true"/>
                   <ExtendedProperties/>
                 </ServicePrincipal>
               </ServicePrincipals>"#,
        );
        let whole = ServicePrincipal {
            service_principal_id: "11111111-2222-3333-4444-555555555555".into(),
            description: Some("nightly".into()),
            extended_properties: vec![ExtendedProperty::new("Owner", "shop team")],
        };
        let bare = ServicePrincipal {
            service_principal_id: "66666666-7777-8888-9999-000000000000".into(),
            ..ServicePrincipal::default()
        };
        assert_eq!(principals, ServicePrincipals(vec![whole, bare]));
    }

    #[test]
    fn the_default_version_does_not_know_it() {
        let list = ListSubscriptionServicePrincipals::new();
        let error = golden::endpoint().request(&list).unwrap_err().to_string();
        assert!(error.contains("needs x-ms-version 2018-06-01 or newer"), "{error}");
    }
}
