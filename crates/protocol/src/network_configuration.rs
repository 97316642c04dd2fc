//! The network configuration: one document that describes every virtual network of a subscription,
//! its DNS servers, and the networks outside that it is joined with.

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
