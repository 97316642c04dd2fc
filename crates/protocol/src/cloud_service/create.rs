use serde::Serialize;

use super::{CloudService, CloudServiceRef, GetCloudServiceProperties};
use crate::machine::{Evidence, Verifiable};
use crate::{
    ApiVersion, Base64Text, Body, ExtendedProperty, Idempotency, Metadata, Method, Operation,
    RequestBuilder, extended_property,
};

/// Creates an empty cloud service: a DNS name in a location, with two empty slots.
///
/// Synchronous although its reference page says otherwise: the response is 201, and the cloud service can be
/// used at once. The name is unique across all subscriptions; for a name in use the response is 409. Since
/// 2010-10-28.
///
/// Reference page: *Create Cloud Service* (`rest-create-cloud-service`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, Placement};
///
/// let create = CloudServiceRef::new("contoso")
///     .create(Placement::Location("West Europe".into()), "Contoso shop")
///     .description("keeps the old shop alive");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "CreateHostedService", rename_all = "PascalCase")]
pub struct CreateCloudService {
    #[serde(skip)]
    service: CloudServiceRef,
    service_name: String,
    label: Base64Text,
    description: Option<String>,
    location: Option<String>,
    affinity_group: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
    reverse_dns_fqdn: Option<String>,
}

/// Where a cloud service lives: the API takes exactly one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Placement {
    /// A location by name, such as `West Europe`.
    Location(String),
    /// An existing affinity group by name.
    AffinityGroup(String),
}

impl CloudServiceRef {
    /// Creates this cloud service. The label is for people: at most 100 characters.
    pub fn create(&self, place: Placement, label: impl Into<Base64Text>) -> CreateCloudService {
        let (location, affinity_group) = match place {
            Placement::Location(name) => (Some(name), None),
            Placement::AffinityGroup(name) => (None, Some(name)),
        };
        CreateCloudService {
            service: self.clone(),
            service_name: self.name().to_owned(),
            label: label.into(),
            description: None,
            location,
            affinity_group,
            extended_properties: Vec::new(),
            reverse_dns_fqdn: None,
        }
    }
}

impl CreateCloudService {
    /// Adds a description: at most 1024 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Attaches a property; at most 50. Since 2012-03-01.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }

    /// Sets the name that the service's address resolves back to. Since 2014-06-01.
    pub fn reverse_dns_fqdn(mut self, name: impl Into<String>) -> Self {
        self.reverse_dns_fqdn = Some(name.into());
        self
    }
}

impl Operation for CreateCloudService {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Create Cloud Service",
        method: Method::POST,
        route: "/services/hostedservices",
        min_version: ApiVersion::V2010_10_28,
        docs_slug: "rest-create-cloud-service",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.check(request);
        request.max_length("label", self.label.as_str(), 100);
        if let Some(description) = &self.description {
            request.max_length("description", description, 1024);
        }
        extended_property::check(
            request,
            &self.extended_properties,
            extended_property::PER_CLOUD_SERVICE,
        );
        if self.reverse_dns_fqdn.is_some() {
            request.requires(ApiVersion::V2014_06_01, "ReverseDnsFqdn");
        }
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

/// Applied: the cloud service exists with the requested label and location. Not applied: it does not exist.
/// One with another label or location may belong to any subscription, so it is inconclusive.
impl Verifiable for CreateCloudService {
    type Read = GetCloudServiceProperties;

    fn verification_read(&self) -> GetCloudServiceProperties {
        self.service.get()
    }

    fn evidence(&self, found: Option<&CloudService>) -> Evidence {
        match found.map(|service| &service.properties) {
            None => Evidence::NotApplied,
            Some(there)
                if there.label == self.label
                    && there.location == self.location
                    && there.affinity_group == self.affinity_group =>
            {
                Evidence::Applied
            }
            Some(_) => Evidence::Inconclusive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn contoso() -> CloudServiceRef {
        CloudServiceRef::new("contoso")
    }

    #[test]
    fn request_with_a_location() {
        golden::request(
            &contoso().create(Placement::Location("West Europe".into()), "Contoso shop"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateHostedService xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServiceName>contoso</ServiceName>
               <Label>Q29udG9zbyBzaG9w</Label>
               <Location>West Europe</Location>
             </CreateHostedService>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &contoso()
                .create(Placement::AffinityGroup("contoso-group".into()), "Contoso shop")
                .description("shop & till")
                .extended_property(ExtendedProperty::new("Owner", "shop team"))
                .reverse_dns_fqdn("shop.contoso.example."),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateHostedService xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServiceName>contoso</ServiceName>
               <Label>Q29udG9zbyBzaG9w</Label>
               <Description>shop &amp; till</Description>
               <AffinityGroup>contoso-group</AffinityGroup>
               <ExtendedProperties>
                 <ExtendedProperty>
                   <Name>Owner</Name>
                   <Value>shop team</Value>
                 </ExtendedProperty>
               </ExtendedProperties>
               <ReverseDnsFqdn>shop.contoso.example.</ReverseDnsFqdn>
             </CreateHostedService>",
        );
    }

    #[test]
    fn response_is_created_without_a_body() {
        golden::empty::<CreateCloudService>(201);
    }

    #[test]
    fn limits_are_named() {
        let create = || contoso().create(Placement::Location("West Europe".into()), "shop");
        golden::rejected(
            &create().description("x".repeat(1025)),
            "1025 characters, more than the allowed 1024",
        );
        golden::rejected(
            &create().extended_property(ExtendedProperty::new("1st", "x")),
            "\"1st\": a name is a letter followed by",
        );
        golden::rejected(
            &create()
                .extended_property(ExtendedProperty::new("A", "x"))
                .extended_property(ExtendedProperty::new("A", "y")),
            "\"A\" is given twice",
        );
        let many = (0..51).fold(create(), |create, at| {
            create.extended_property(ExtendedProperty::new(format!("P{at}"), "x"))
        });
        golden::rejected(&many, "51 extended properties, more than the allowed 50");
        golden::rejected(
            &contoso().create(Placement::Location("West Europe".into()), "é".repeat(101)),
            "the label has 101 characters, more than the allowed 100",
        );
    }

    #[test]
    fn hostile_names_are_refused() {
        for (name, why) in [
            ("", "is empty"),
            ("..", "has '.'"),
            ("a/b", "has '/'"),
            ("a?comp=media", "has '?'"),
            ("a b", "has ' '"),
            ("bücher", "has 'ü'"),
            ("-shop", "starts or ends with a hyphen"),
        ] {
            let create = CloudServiceRef::new(name)
                .create(Placement::Location("West Europe".into()), "shop");
            golden::rejected(&create, why);
        }
    }
}
