use super::NetworkConfiguration;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

/// Reads the network configuration of the subscription.
///
/// For a subscription without one the response is 404, according to a client library; no recorded call shows
/// it. The response is a file: XML with a byte order mark and a declaration, sent as `text/plain`. Since
/// 2012-03-01.
///
/// Reference page: *Get Network Configuration* (`get-network-configuration`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::GetNetworkConfiguration;
///
/// let get = GetNetworkConfiguration::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GetNetworkConfiguration(());

impl GetNetworkConfiguration {
    /// Reads all of it.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Operation for GetNetworkConfiguration {
    type Output = NetworkConfiguration;

    const METADATA: Metadata = Metadata {
        name: "Get Network Configuration",
        method: Method::GET,
        route: "/services/networking/media",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "get-network-configuration",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network_configuration::*;
    use crate::testing::golden;
    use crate::{Endpoint, ErrorKind};

    const EVERY_ELEMENT: &str = include_str!("every_element.xml");

    #[test]
    fn request() {
        golden::request(
            &GetNetworkConfiguration::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/media
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let file = format!("\u{feff}{EVERY_ELEMENT}");
        let configuration = golden::response::<GetNetworkConfiguration>(&file);
        assert_eq!(configuration.document(), EVERY_ELEMENT);
        assert!(configuration.unknown().is_empty(), "{:?}", configuration.unknown());

        let prefix = |text: &str| AddressPrefix(text.to_owned());
        let outside = ConfiguredLocalNetworkSite {
            name: "head office".into(),
            address_space: vec![prefix("192.168.0.0/24"), prefix("192.168.1.0/24")],
            vpn_gateway_address: Some("203.0.113.9".into()),
        };
        let shop = ConfiguredVirtualNetworkSite {
            name: "shop".into(),
            location: Some("West Europe".into()),
            label: Some("Contoso shop".into()),
            address_space: vec![prefix("10.0.0.0/16")],
            subnets: vec![
                ConfiguredSubnet {
                    name: "front".into(),
                    address_prefix: Some("10.0.1.0/24".into()),
                },
                ConfiguredSubnet {
                    name: "back".into(),
                    address_prefix: Some("10.0.2.0/24".into()),
                },
            ],
            dns_servers_ref: vec![DnsServerReference { name: "internal".into() }],
            gateway: Some(ConfiguredGateway {
                connections_to_local_network: vec![LocalNetworkSiteReference {
                    name: "head office".into(),
                    connection: ConfiguredConnection { kind: Some("IPsec".into()) },
                }],
            }),
            ..ConfiguredVirtualNetworkSite::default()
        };
        let lab = ConfiguredVirtualNetworkSite {
            name: "lab".into(),
            affinity_group: Some("contoso-lab".into()),
            address_space: vec![prefix("10.1.0.0/16")],
            ..ConfiguredVirtualNetworkSite::default()
        };
        let expected = VirtualNetworkConfiguration {
            dns: DnsConfiguration {
                dns_servers: vec![ConfiguredDnsServer {
                    name: "internal".into(),
                    ip_address: Some("10.0.0.4".into()),
                }],
            },
            local_network_sites: vec![outside],
            virtual_network_sites: vec![shop, lab],
        };
        assert_eq!(configuration.virtual_network_configuration, expected);
    }

    #[test]
    fn response_of_an_empty_configuration() {
        let configuration = golden::response::<GetNetworkConfiguration>(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<NetworkConfiguration xmlns=\"http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration\"><VirtualNetworkConfiguration><Dns /></VirtualNetworkConfiguration></NetworkConfiguration>",
        );
        let empty = VirtualNetworkConfiguration::default();
        assert_eq!(configuration.virtual_network_configuration, empty);
    }

    #[test]
    fn what_the_model_does_not_carry_is_reported() {
        let with_more = EVERY_ELEMENT.replace("<Gateway>", "<Gateway profile=\"Small\"><Pool/>");
        let configuration = golden::response::<GetNetworkConfiguration>(&with_more);
        let gateway = "NetworkConfiguration/VirtualNetworkConfiguration/VirtualNetworkSites/\
                       VirtualNetworkSite[1]/Gateway";
        assert_eq!(
            configuration.unknown().paths,
            [format!("{gateway}/@profile"), format!("{gateway}/Pool")]
        );
        let response = golden::http_response(200, &with_more);
        let (_, unknown) =
            Endpoint::response_with_unknown::<GetNetworkConfiguration>(&response).unwrap();
        assert_eq!(unknown, *configuration.unknown());
    }

    #[test]
    fn another_namespace_is_refused() {
        let body = "<NetworkConfiguration xmlns=\"http://schemas.microsoft.com/windowsazure\"/>";
        let response = golden::http_response(200, body);
        let error = Endpoint::response::<GetNetworkConfiguration>(&response).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    }
}
