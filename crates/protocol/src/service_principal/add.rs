use serde::Serialize;

use super::{MOST, ServicePrincipalRef};
use crate::{
    ApiVersion, Body, Error, ExtendedProperty, Idempotency, Metadata, Method, Operation,
    RequestBuilder,
};

/// Lists a service principal with the subscription, so that its tokens may reach the API.
///
/// Its purpose is inferred; the rights of the list are not known. Synchronous: the response is 200. Since
/// 2018-06-01, the newest known version: the endpoint must be raised to it
/// ([`Endpoint::with_version`](crate::Endpoint::with_version)).
///
/// Reference page: *Add Subscription Service Principal* (`add-subscription-service-principal`).
/// Such a page was never published; the name follows those of the other operations.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ServicePrincipalRef;
///
/// let add = ServicePrincipalRef::new("11111111-2222-3333-4444-555555555555")
///     .add()
///     .description("nightly");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "ServicePrincipal", rename_all = "PascalCase")]
pub struct AddSubscriptionServicePrincipal {
    #[serde(skip)]
    principal: ServicePrincipalRef,
    service_principal_id: String,
    description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
}

impl ServicePrincipalRef {
    /// Lists this service principal with the subscription.
    pub fn add(&self) -> AddSubscriptionServicePrincipal {
        AddSubscriptionServicePrincipal {
            principal: self.clone(),
            service_principal_id: self.id.clone(),
            description: None,
            extended_properties: Vec::new(),
        }
    }
}

impl AddSubscriptionServicePrincipal {
    /// Adds a description, for people: at most 256 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Attaches a property, which must have a value. Known from the client library only.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }
}

impl Operation for AddSubscriptionServicePrincipal {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Add Subscription Service Principal",
        method: Method::POST,
        route: "/servicePrincipals",
        min_version: ApiVersion::V2018_06_01,
        docs_slug: "add-subscription-service-principal",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.principal.check(request);
        if let Some(description) = &self.description {
            request.max_length("description", description, MOST);
        }
        for property in &self.extended_properties {
            if property.value.is_none() {
                request.reject(Error::invalid(format!(
                    "the extended property {:?} has no value; there is nothing to delete yet",
                    property.name
                )));
            }
        }
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn add() -> AddSubscriptionServicePrincipal {
        ServicePrincipalRef::new("11111111-2222-3333-4444-555555555555").add()
    }

    #[test]
    fn request_with_the_least() {
        golden::request(
            &add(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/servicePrincipals
             x-ms-version: 2018-06-01
             content-type: application/xml

             <ServicePrincipal xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServicePrincipalId>11111111-2222-3333-4444-555555555555</ServicePrincipalId>
             </ServicePrincipal>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &add()
                .extended_property(ExtendedProperty::new("Owner", "shop team"))
                .description("nightly"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/servicePrincipals
             x-ms-version: 2018-06-01
             content-type: application/xml

             <ServicePrincipal xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServicePrincipalId>11111111-2222-3333-4444-555555555555</ServicePrincipalId>
               <Description>nightly</Description>
               <ExtendedProperties>
                 <ExtendedProperty><Name>Owner</Name><Value>shop team</Value></ExtendedProperty>
               </ExtendedProperties>
             </ServicePrincipal>",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<AddSubscriptionServicePrincipal>(200);
    }

    #[test]
    fn limits_are_named() {
        golden::rejected(
            &add().description("é".repeat(257)),
            "the description has 257 characters, more than the allowed 256",
        );
        golden::rejected(
            &ServicePrincipalRef::new("x".repeat(257)).add(),
            "the id of the service principal has 257 characters, more than the allowed 256",
        );
        golden::rejected(
            &add().extended_property(ExtendedProperty::delete("Owner")),
            "the extended property \"Owner\" has no value",
        );
    }
}
