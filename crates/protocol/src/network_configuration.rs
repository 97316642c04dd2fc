//! The network configuration: one document with all virtual networks of a subscription, its DNS servers, and
//! the connected local networks.

mod get;
mod model;
mod set;

pub use self::get::GetNetworkConfiguration;
pub use self::model::{
    AddressPrefix, ConfiguredConnection, ConfiguredDnsServer, ConfiguredGateway,
    ConfiguredLocalNetworkSite, ConfiguredSubnet, ConfiguredVirtualNetworkSite, DnsConfiguration,
    DnsServerReference, LocalNetworkSiteReference, NetworkConfiguration,
    VirtualNetworkConfiguration,
};
pub use self::set::SetNetworkConfiguration;
