use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};

use crate::{Error, FromResponse, xml};

/// The root's namespace, and that of all elements.
pub(super) const NAMESPACE: &str =
    "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration";

/// Every virtual network of a subscription, in one document.
///
/// One that was read remembers its [`document`](Self::document) and what of it is not in the fields,
/// [`unknown`](Self::unknown); two are equal only if that is equal too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkConfiguration {
    /// All of it.
    #[serde(default)]
    pub virtual_network_configuration: VirtualNetworkConfiguration,
    #[serde(skip)]
    read: Read,
}

/// The original text, for readers of more than the model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Read {
    document: String,
    unknown: xml::Unknown,
}

impl NetworkConfiguration {
    /// A configuration that consists of this and no more.
    pub fn new(virtual_network_configuration: VirtualNetworkConfiguration) -> Self {
        Self { virtual_network_configuration, read: Read::default() }
    }

    /// Reads the text of a configuration file (`.netcfg`), with a byte order mark or without.
    ///
    /// # Errors
    ///
    /// When the text is not a network configuration. The error names the place.
    pub fn read(text: &str) -> Result<Self, xml::ReadError> {
        let reader = xml::Reader::new().namespace(NAMESPACE);
        let (configuration, unknown) = reader.read_with_unknown::<Self>(text.as_bytes())?;
        let document = text.trim_start_matches('\u{feff}').to_owned();
        Ok(Self { read: Read { document, unknown }, ..configuration })
    }

    /// The text that it was read from, without a byte order mark; empty for one that was made.
    /// Changes of the fields do not show in it.
    pub fn document(&self) -> &str {
        &self.read.document
    }

    /// The parts of the text that the fields lack; empty for a new configuration.
    pub fn unknown(&self) -> &xml::Unknown {
        &self.read.unknown
    }
}

impl FromResponse for NetworkConfiguration {
    fn read(response: &Response<Bytes>) -> Result<Self, Error> {
        let text = str::from_utf8(response.body()).map_err(|error| {
            Error::invalid_response_because(response.status(), "its text is not UTF-8", error)
        })?;
        Self::read(text).map_err(|error| {
            Error::invalid_response_because(response.status(), "its XML is not as expected", error)
        })
    }

    fn read_with_unknown(response: &Response<Bytes>) -> Result<(Self, xml::Unknown), Error> {
        let configuration = <Self as FromResponse>::read(response)?;
        let unknown = configuration.unknown().clone();
        Ok((configuration, unknown))
    }
}

/// DNS servers, networks outside, and virtual networks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VirtualNetworkConfiguration {
    /// The DNS servers that virtual networks can use.
    #[serde(default)]
    pub dns: DnsConfiguration,
    /// Networks outside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub local_network_sites: Vec<ConfiguredLocalNetworkSite>,
    /// Virtual networks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub virtual_network_sites: Vec<ConfiguredVirtualNetworkSite>,
}

/// The DNS servers that virtual networks can use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Dns", rename_all = "PascalCase")]
pub struct DnsConfiguration {
    /// The servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns_servers: Vec<ConfiguredDnsServer>,
}

/// A DNS server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "DnsServer", rename_all = "PascalCase")]
pub struct ConfiguredDnsServer {
    /// Its name, by which virtual networks refer to it.
    #[serde(rename = "@name")]
    pub name: String,
    /// Its address.
    #[serde(rename = "@IPAddress")]
    pub ip_address: Option<String>,
}

/// A network outside.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "LocalNetworkSite", rename_all = "PascalCase")]
pub struct ConfiguredLocalNetworkSite {
    /// Its name, by which virtual networks refer to it.
    #[serde(rename = "@name")]
    pub name: String,
    /// Its addresses.
    #[serde(default)]
    pub address_space: Vec<AddressPrefix>,
    /// The public address of its gateway.
    #[serde(rename = "VPNGatewayAddress")]
    pub vpn_gateway_address: Option<String>,
}

/// A range of addresses, such as `10.0.0.0/16`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct AddressPrefix(pub String);

/// A virtual network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "VirtualNetworkSite", rename_all = "PascalCase")]
pub struct ConfiguredVirtualNetworkSite {
    /// Its name.
    #[serde(rename = "@name")]
    pub name: String,
    /// The affinity group that it is in.
    #[serde(rename = "@AffinityGroup")]
    pub affinity_group: Option<String>,
    /// The location that it is in.
    #[serde(rename = "@Location")]
    pub location: Option<String>,
    /// For people. In the reference only.
    pub label: Option<String>,
    /// Its addresses.
    #[serde(default)]
    pub address_space: Vec<AddressPrefix>,
    /// Its parts.
    #[serde(default)]
    pub subnets: Vec<ConfiguredSubnet>,
    /// The DNS servers that it uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns_servers_ref: Vec<DnsServerReference>,
    /// Its way out.
    pub gateway: Option<ConfiguredGateway>,
}

/// A part of a virtual network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Subnet", rename_all = "PascalCase")]
pub struct ConfiguredSubnet {
    /// Its name.
    #[serde(rename = "@name")]
    pub name: String,
    /// Its addresses.
    pub address_prefix: Option<String>,
}

/// Refers to a DNS server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "DnsServerRef")]
pub struct DnsServerReference {
    /// The server's name.
    #[serde(rename = "@name")]
    pub name: String,
}

/// The way out of a virtual network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Gateway", rename_all = "PascalCase")]
pub struct ConfiguredGateway {
    /// The networks outside that it leads to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections_to_local_network: Vec<LocalNetworkSiteReference>,
}

/// Refers to a network outside, and says how it is joined.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "LocalNetworkSiteRef", rename_all = "PascalCase")]
pub struct LocalNetworkSiteReference {
    /// The network's name.
    #[serde(rename = "@name")]
    pub name: String,
    /// How it is joined.
    #[serde(default, skip_serializing_if = "ConfiguredConnection::is_empty")]
    pub connection: ConfiguredConnection,
}

/// How two networks are joined.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Connection")]
pub struct ConfiguredConnection {
    /// `IPsec`.
    #[serde(rename = "@type")]
    pub kind: Option<String>,
}

impl ConfiguredConnection {
    fn is_empty(&self) -> bool {
        self.kind.is_none()
    }
}
