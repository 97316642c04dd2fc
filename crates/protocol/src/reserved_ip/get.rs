use super::{ReservedIp, ReservedIpRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads a reserved IP: its address, and who uses it.
///
/// Since 2014-05-01, by its family: the reference dates Create and Delete only.
///
/// Reference page: *Get Reserved IP Address* (`get-reserved-ip-address`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ReservedIpRef;
///
/// let get = ReservedIpRef::new("shop").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetReservedIpAddress {
    reserved_ip: ReservedIpRef,
}

impl ReservedIpRef {
    /// Reads this reserved IP.
    pub fn get(&self) -> GetReservedIpAddress {
        GetReservedIpAddress { reserved_ip: self.clone() }
    }
}

impl Operation for GetReservedIpAddress {
    type Output = ReservedIp;

    const METADATA: Metadata = Metadata {
        name: "Get Reserved IP Address",
        method: Method::GET,
        route: "/services/networking/reservedips/{reserved-ip}",
        min_version: ApiVersion::V2014_05_01,
        docs_slug: "get-reserved-ip-address",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.reserved_ip.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reserved_ip::ReservedIpState;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ReservedIpRef::new("shop").get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/reservedips/shop
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let address = golden::response::<GetReservedIpAddress>(
            r#"<ReservedIP xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Name>shop</Name>
                 <Address>203.0.113.7</Address>
                 <Id>5b7f1c02-4d3e-4a59-8f60-2b9a1c3d4e5f</Id>
                 <Label>Contoso shop</Label>
                 <State>Created</State>
                 <InUse>true</InUse>
                 <ServiceName>contoso</ServiceName>
                 <DeploymentName>release-42</DeploymentName>
                 <Location>West Europe</Location>
                 <VirtualIPName>contosoContractContract</VirtualIPName>
               </ReservedIP>"#,
        );
        let expected = ReservedIp {
            name: "shop".into(),
            address: Some("203.0.113.7".into()),
            id: Some("5b7f1c02-4d3e-4a59-8f60-2b9a1c3d4e5f".into()),
            label: Some("Contoso shop".into()),
            state: ReservedIpState::Created,
            in_use: true,
            service_name: Some("contoso".into()),
            deployment_name: Some("release-42".into()),
            location: Some("West Europe".into()),
            virtual_ip_name: Some("contosoContractContract".into()),
        };
        assert_eq!(address, expected);
    }

    #[test]
    fn hostile_names_are_refused() {
        for (name, why) in [
            ("", "the name of the reserved IP is empty"),
            ("..", "the name of the reserved IP \"..\" would change the path"),
            ("a/b", "the name of the reserved IP \"a/b\" has '/'"),
        ] {
            golden::rejected(&ReservedIpRef::new(name).get(), why);
        }
    }
}
