use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::VirtualNetworkRef;
use crate::xml::or_default;
use crate::{ApiVersion, Idempotency, Metadata, Method, Model, Operation, RequestBuilder};

/// Checks whether an address of a virtual network is available as the static address of a machine.
///
/// The result is only valid at that time: nothing is reserved. The first version is not known; static
/// addresses exist since 2013-11-01, and the one client library with this operation sends 2016-07-01.
///
/// Reference page: *Check Static IP Availability* (`check-static-ip-availability`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::VirtualNetworkRef;
///
/// let check = VirtualNetworkRef::new("shop").check_address([10, 0, 1, 4]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckStaticIpAvailability {
    network: VirtualNetworkRef,
    address: Ipv4Addr,
}

impl VirtualNetworkRef {
    /// Creates the check of this address in the virtual network.
    pub fn check_address(&self, address: impl Into<Ipv4Addr>) -> CheckStaticIpAvailability {
        CheckStaticIpAvailability { network: self.clone(), address: address.into() }
    }
}

/// Whether an address is free (`AddressAvailabilityResponse` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "AddressAvailabilityResponse", rename_all = "PascalCase")]
pub struct AddressAvailability {
    /// Whether it is; false when the service drops it, as it drops a false elsewhere.
    #[serde(default, deserialize_with = "or_default")]
    pub is_available: bool,
    /// Available alternatives, if it is not available; five in recorded responses.
    #[serde(default)]
    pub available_addresses: Vec<AvailableAddress>,
}

impl Model for AddressAvailability {}

/// An address that is free.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct AvailableAddress(pub String);

impl Operation for CheckStaticIpAvailability {
    type Output = AddressAvailability;

    const METADATA: Metadata = Metadata {
        name: "Check Static IP Availability",
        method: Method::GET,
        route: "/services/networking/{virtual-network}?op=checkavailability",
        min_version: ApiVersion::V2013_11_01,
        docs_slug: "check-static-ip-availability",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        request.segment("virtual-network", "name of the virtual network", self.network.name());
        request.query("address", &self.address.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &VirtualNetworkRef::new("shop").check_address([10, 0, 1, 4]),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/shop?op=checkavailability&address=10.0.1.4
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_for_a_free_address() {
        let response = golden::response::<CheckStaticIpAvailability>(
            r#"<AddressAvailabilityResponse xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <IsAvailable>true</IsAvailable>
                 <AvailableAddresses i:nil="true"/>
               </AddressAvailabilityResponse>"#,
        );
        let free = AddressAvailability { is_available: true, available_addresses: Vec::new() };
        assert_eq!(response, free);
    }

    #[test]
    fn response_for_a_taken_address() {
        let response = golden::response::<CheckStaticIpAvailability>(
            r#"<AddressAvailabilityResponse xmlns="http://schemas.microsoft.com/windowsazure">
                 <IsAvailable>false</IsAvailable>
                 <AvailableAddresses>
                   <AvailableAddress>10.0.1.5</AvailableAddress>
                   <AvailableAddress>10.0.1.6</AvailableAddress>
                   <AvailableAddress>10.0.1.7</AvailableAddress>
                   <AvailableAddress>10.0.1.8</AvailableAddress>
                   <AvailableAddress>10.0.1.9</AvailableAddress>
                 </AvailableAddresses>
               </AddressAvailabilityResponse>"#,
        );
        assert!(!response.is_available);
        let free = ["10.0.1.5", "10.0.1.6", "10.0.1.7", "10.0.1.8", "10.0.1.9"];
        assert_eq!(response.available_addresses, free.map(|free| AvailableAddress(free.into())));
    }

    #[test]
    fn hostile_names_are_refused() {
        for (name, why) in [
            ("", "the name of the virtual network is empty"),
            ("..", "the name of the virtual network \"..\" would change the path"),
            ("media?", "the name of the virtual network \"media?\" has '?'"),
        ] {
            golden::rejected(&VirtualNetworkRef::new(name).check_address([10, 0, 1, 4]), why);
        }
    }
}
