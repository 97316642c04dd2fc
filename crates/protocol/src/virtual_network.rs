//! Virtual networks, as they are. What they are meant to be is in the
//! [network configuration](crate::network_configuration).

mod check_address;
mod list;
mod model;

pub use self::check_address::{AddressAvailability, AvailableAddress, CheckStaticIpAvailability};
pub use self::list::ListVirtualNetworkSites;
pub use self::model::{
    AddressPrefix, AddressSpace, Connection, Gateway, GatewayProfile, LocalNetworkSite, Subnet,
    VirtualNetworkSite, VirtualNetworkSites, VirtualNetworkState,
};

/// Names a virtual network of the subscription.
///
/// A name consists of letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VirtualNetworkRef {
    name: String,
}

impl VirtualNetworkRef {
    /// Takes the name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}
