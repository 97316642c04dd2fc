use serde::Serialize;

use super::CloudServiceRef;
use crate::{
    ApiVersion, Base64Text, Body, Error, ExtendedProperty, Idempotency, Metadata, Method,
    Operation, RequestBuilder, extended_property,
};

/// Changes label, description, extended properties or reverse DNS name of a cloud service.
///
/// Omitted values stay unchanged; at least one must be given. Extended properties seem to be merged, because
/// one is deleted by its name. The location cannot be changed. Synchronous: the response is 200. Since
/// 2010-10-28.
///
/// Reference page: *Update Cloud Service* (`rest-update-cloud-service`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, ExtendedProperty};
///
/// let update = CloudServiceRef::new("contoso")
///     .update()
///     .label("Contoso shop (closed)")
///     .extended_property(ExtendedProperty::delete("Team"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "UpdateHostedService", rename_all = "PascalCase")]
pub struct UpdateCloudService {
    #[serde(skip)]
    service: CloudServiceRef,
    label: Option<Base64Text>,
    description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
    reverse_dns_fqdn: Option<String>,
}

impl CloudServiceRef {
    /// Changes this cloud service; the methods of the result say what.
    pub fn update(&self) -> UpdateCloudService {
        UpdateCloudService {
            service: self.clone(),
            label: None,
            description: None,
            extended_properties: Vec::new(),
            reverse_dns_fqdn: None,
        }
    }
}

impl UpdateCloudService {
    /// Sets the label, for people: at most 100 characters.
    pub fn label(mut self, label: impl Into<Base64Text>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the description: at most 1024 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets or deletes a property; at most 50. Since 2012-03-01.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }

    /// Sets the name that the service's address resolves back to. Since 2014-06-01.
    pub fn reverse_dns_fqdn(mut self, name: impl Into<String>) -> Self {
        self.reverse_dns_fqdn = Some(name.into());
        self
    }

    fn is_empty(&self) -> bool {
        self.label.is_none()
            && self.description.is_none()
            && self.extended_properties.is_empty()
            && self.reverse_dns_fqdn.is_none()
    }
}

impl Operation for UpdateCloudService {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Update Cloud Service",
        method: Method::PUT,
        route: "/services/hostedservices/{service}",
        min_version: ApiVersion::V2010_10_28,
        docs_slug: "rest-update-cloud-service",
        // The response to the second deletion of a property is not known.
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        if self.is_empty() {
            request.reject(Error::invalid(
                "the update changes nothing; give a label, a description, an extended property or a reverse DNS name",
            ));
        }
        if let Some(label) = &self.label {
            request.max_length("label", label.as_str(), 100);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn update() -> UpdateCloudService {
        CloudServiceRef::new("contoso").update()
    }

    #[test]
    fn request_with_one_thing() {
        golden::request(
            &update().reverse_dns_fqdn("shop.contoso.example."),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateHostedService xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ReverseDnsFqdn>shop.contoso.example.</ReverseDnsFqdn>
             </UpdateHostedService>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &update()
                .reverse_dns_fqdn("shop.contoso.example.")
                .extended_property(ExtendedProperty::new("Owner", "shop & team"))
                .extended_property(ExtendedProperty::new("Ticket", ""))
                .extended_property(ExtendedProperty::delete("Team"))
                .description("")
                .label("Contoso shop"),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateHostedService xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Label>Q29udG9zbyBzaG9w</Label>
               <Description/>
               <ExtendedProperties>
                 <ExtendedProperty><Name>Owner</Name><Value>shop &amp; team</Value></ExtendedProperty>
                 <ExtendedProperty><Name>Ticket</Name><Value/></ExtendedProperty>
                 <ExtendedProperty><Name>Team</Name></ExtendedProperty>
               </ExtendedProperties>
               <ReverseDnsFqdn>shop.contoso.example.</ReverseDnsFqdn>
             </UpdateHostedService>",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<UpdateCloudService>(200);
    }

    #[test]
    fn limits_are_named() {
        golden::rejected(&update(), "the update changes nothing");
        golden::rejected(&update().label("é".repeat(101)), "the label has 101 characters");
        golden::rejected(
            &update().description("x".repeat(1025)),
            "the description has 1025 characters, more than the allowed 1024",
        );
        let many = (0..51).fold(update(), |update, at| {
            update.extended_property(ExtendedProperty::delete(format!("P{at}")))
        });
        golden::rejected(&many, "51 extended properties, more than the allowed 50");
    }

    #[test]
    fn younger_elements_need_a_newer_version() {
        let older = golden::endpoint().with_version(ApiVersion::V2010_10_28);
        assert!(older.request(&update().label("shop")).is_ok());
        let team = ExtendedProperty::new("Team", "shop");
        for (update, why) in [
            (update().extended_property(team), "ExtendedProperties needs x-ms-version 2012-03-01"),
            (update().reverse_dns_fqdn("a."), "ReverseDnsFqdn needs x-ms-version 2014-06-01"),
        ] {
            let error = older.request(&update).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
