use serde::Serialize;

use super::ReservedIpRef;
use crate::{
    Accepted, ApiVersion, Body, DeploymentRef, Error, Idempotency, Metadata, Method, Operation,
    RequestBuilder,
};

/// Reserves a public address, or keeps the one that a deployment has.
///
/// A new deployment takes it up by the `NetworkConfiguration` of its service configuration. It stays
/// reserved, and costs money, until it is deleted. Since 2014-05-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Create Reserved IP Address* (`create-reserved-ip-address`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ReservedIpRef;
///
/// let create = ReservedIpRef::new("shop").create("West Europe").label("Contoso shop");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "ReservedIP", rename_all = "PascalCase")]
pub struct CreateReservedIpAddress {
    #[serde(skip)]
    reserved_ip: ReservedIpRef,
    #[serde(skip)]
    deployment: Option<DeploymentRef>,
    name: String,
    label: Option<String>,
    service_name: Option<String>,
    deployment_name: Option<String>,
    location: String,
    #[serde(rename = "VirtualIPName")]
    virtual_ip_name: Option<String>,
}

impl ReservedIpRef {
    /// Reserves an address in a location, which must be that of the cloud service to use it.
    pub fn create(&self, location: impl Into<String>) -> CreateReservedIpAddress {
        CreateReservedIpAddress {
            reserved_ip: self.clone(),
            deployment: None,
            name: self.name.clone(),
            label: None,
            service_name: None,
            deployment_name: None,
            location: location.into(),
            virtual_ip_name: None,
        }
    }
}

impl CreateReservedIpAddress {
    /// Describes it for people; at most 100 characters, which are sent as they are.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Keeps the public address that this running deployment has, in place of a new one. The
    /// deployment must be given by its name, not by its slot.
    pub fn of_deployment(mut self, deployment: &DeploymentRef) -> Self {
        self.service_name = Some(deployment.service().name().to_owned());
        self.deployment_name = deployment.name().map(str::to_owned);
        self.deployment = Some(deployment.clone());
        self
    }

    /// Selects one of the deployment's public addresses by [its
    /// name](crate::deployment::model::VirtualIp::name). The default is not documented here; an association
    /// uses the default address.
    pub fn virtual_ip(mut self, name: impl Into<String>) -> Self {
        self.virtual_ip_name = Some(name.into());
        self
    }
}

impl Operation for CreateReservedIpAddress {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Create Reserved IP Address",
        method: Method::POST,
        route: "/services/networking/reservedips",
        min_version: ApiVersion::V2014_05_01,
        docs_slug: "create-reserved-ip-address",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.reserved_ip.check(request);
        if let Some(label) = &self.label {
            request.max_length("label", label, 100);
        }
        if let Some(deployment) = &self.deployment {
            deployment.check_name(request);
        }
        if self.location.is_empty() {
            request.reject(Error::invalid(
                "the location is empty; give the location of the cloud service",
            ));
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
    use crate::{CloudServiceRef, Slot};

    fn create() -> CreateReservedIpAddress {
        ReservedIpRef::new("shop").create("West Europe")
    }

    #[test]
    fn request_with_the_least() {
        golden::request(
            &create(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/reservedips
             x-ms-version: 2015-04-01
             content-type: application/xml

             <ReservedIP xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>shop</Name>
               <Location>West Europe</Location>
             </ReservedIP>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &create()
                .virtual_ip("front")
                .of_deployment(&CloudServiceRef::new("contoso").deployment("release-42"))
                .label("Contoso & shop"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/reservedips
             x-ms-version: 2015-04-01
             content-type: application/xml

             <ReservedIP xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>shop</Name>
               <Label>Contoso &amp; shop</Label>
               <ServiceName>contoso</ServiceName>
               <DeploymentName>release-42</DeploymentName>
               <Location>West Europe</Location>
               <VirtualIPName>front</VirtualIPName>
             </ReservedIP>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<CreateReservedIpAddress>();
    }

    #[test]
    fn limits() {
        assert!(golden::endpoint().request(&create().label("ü".repeat(100))).is_ok());
        golden::rejected(
            &create().label("ü".repeat(101)),
            "the label has 101 characters, more than the allowed 100",
        );
        golden::rejected(&ReservedIpRef::new("shop").create(""), "the location is empty");
    }

    #[test]
    fn a_slot_and_hostile_names_are_refused() {
        golden::rejected(
            &create().of_deployment(&CloudServiceRef::new("contoso").slot(Slot::Staging)),
            "the deployment is given by its slot, Staging, but this operation takes a name only",
        );
        golden::rejected(
            &create().of_deployment(&CloudServiceRef::new("a b").deployment("release-42")),
            "the cloud service name \"a b\" has ' '",
        );
        golden::rejected(
            &ReservedIpRef::new("..").create("West Europe"),
            "the name of the reserved IP \"..\" would change the path",
        );
    }
}
