use super::{Association, ReservedIpRef};
use crate::{
    Accepted, ApiVersion, Body, DeploymentRef, Idempotency, Metadata, Method, Operation,
    RequestBuilder,
};

/// Gives a reserved IP to a running deployment as its public address.
///
/// The service then rewrites the configuration of the deployment, which contains the reserved IP in
/// `NetworkConfiguration/AddressAssignments/ReservedIPs`. Before you send another configuration, read the
/// present one. Since 2015-02-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Associate Reserved IP Address* (`associate-reserved-ip-address`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, ReservedIpRef};
///
/// let release = CloudServiceRef::new("contoso").deployment("release-42");
/// let associate = ReservedIpRef::new("shop").associate(&release);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociateReservedIpAddress {
    reserved_ip: ReservedIpRef,
    deployment: DeploymentRef,
    body: Association,
}

impl ReservedIpRef {
    /// Gives this reserved IP to a deployment, which must be given by its name,
    /// not by its slot.
    pub fn associate(&self, deployment: &DeploymentRef) -> AssociateReservedIpAddress {
        AssociateReservedIpAddress {
            reserved_ip: self.clone(),
            deployment: deployment.clone(),
            body: Association::with(deployment),
        }
    }
}

impl AssociateReservedIpAddress {
    /// Says which of the deployment's public addresses is meant, by
    /// [its name](crate::deployment::model::VirtualIp::name). The default one otherwise.
    pub fn virtual_ip(mut self, name: impl Into<String>) -> Self {
        self.body.virtual_ip = Some(name.into());
        self
    }
}

impl Operation for AssociateReservedIpAddress {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Associate Reserved IP Address",
        method: Method::POST,
        route: "/services/networking/reservedips/{reserved-ip}/operations/associate",
        min_version: ApiVersion::V2015_02_01,
        docs_slug: "associate-reserved-ip-address",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.reserved_ip.fill(request);
        self.deployment.check_name(request);
    }

    fn body(&self) -> Body {
        Body::xml(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;
    use crate::{CloudServiceRef, Slot};

    fn associate() -> AssociateReservedIpAddress {
        ReservedIpRef::new("shop")
            .associate(&CloudServiceRef::new("contoso").deployment("release-42"))
    }

    #[test]
    fn request() {
        golden::request(
            &associate(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/reservedips/shop/operations/associate
             x-ms-version: 2015-04-01
             content-type: application/xml

             <ReservedIPAssociation xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServiceName>contoso</ServiceName>
               <DeploymentName>release-42</DeploymentName>
             </ReservedIPAssociation>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &associate().virtual_ip("front"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/reservedips/shop/operations/associate
             x-ms-version: 2015-04-01
             content-type: application/xml

             <ReservedIPAssociation xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ServiceName>contoso</ServiceName>
               <DeploymentName>release-42</DeploymentName>
               <VirtualIPName>front</VirtualIPName>
             </ReservedIPAssociation>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<AssociateReservedIpAddress>();
    }

    #[test]
    fn a_slot_and_hostile_names_are_refused() {
        let contoso = CloudServiceRef::new("contoso");
        golden::rejected(
            &ReservedIpRef::new("shop").associate(&contoso.slot(Slot::Production)),
            "the deployment is given by its slot, Production, but this operation takes a name only",
        );
        golden::rejected(
            &ReservedIpRef::new("shop").associate(&contoso.deployment("")),
            "the deployment name is empty",
        );
        golden::rejected(
            &ReservedIpRef::new("..").associate(&contoso.deployment("release-42")),
            "the name of the reserved IP \"..\" would change the path",
        );
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2014_10_01);
        let error = older.request(&associate()).unwrap_err().to_string();
        assert!(error.contains("the operation needs x-ms-version 2015-02-01"), "{error}");
    }
}
