use super::ReservedIps;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

/// Lists the reserved IPs of the subscription.
///
/// Since 2014-05-01, by its family: the reference dates Create and Delete only.
///
/// Reference page: *List Reserved IP Addresses* (`list-reserved-ip-addresses`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListReservedIpAddresses;
///
/// let list = ListReservedIpAddresses::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListReservedIpAddresses(());

impl ListReservedIpAddresses {
    /// Lists all of them.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Operation for ListReservedIpAddresses {
    type Output = ReservedIps;

    const METADATA: Metadata = Metadata {
        name: "List Reserved IP Addresses",
        method: Method::GET,
        route: "/services/networking/reservedips",
        min_version: ApiVersion::V2014_05_01,
        docs_slug: "list-reserved-ip-addresses",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reserved_ip::{ReservedIp, ReservedIpState};
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ListReservedIpAddresses::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/reservedips
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let addresses = golden::response::<ListReservedIpAddresses>(
            r#"<ReservedIPs xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <ReservedIP>
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
                 </ReservedIP>
                 <ReservedIP>
                   <Name>spare</Name>
                   <Id>6b7f1c02-4d3e-4a59-8f60-2b9a1c3d4e5f</Id>
                   <Label i:nil="true"/>
                   <State>Quarantined</State>
                   <Location>West Europe</Location>
                 </ReservedIP>
               </ReservedIPs>"#,
        );
        let shop = ReservedIp {
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
        let spare = ReservedIp {
            name: "spare".into(),
            id: Some("6b7f1c02-4d3e-4a59-8f60-2b9a1c3d4e5f".into()),
            state: ReservedIpState::Other("Quarantined".into()),
            location: Some("West Europe".into()),
            ..ReservedIp::default()
        };
        assert_eq!(addresses, ReservedIps(vec![shop, spare]));
    }

    #[test]
    fn response_of_none() {
        let ReservedIps(none) = golden::response::<ListReservedIpAddresses>(
            "<ReservedIPs xmlns=\"http://schemas.microsoft.com/windowsazure\"/>",
        );
        assert_eq!(none, []);
    }
}
