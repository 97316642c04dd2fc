//! Virtual networks in their actual state; the [network configuration](crate::network_configuration) has the
//! desired state.

mod check_address;
mod list;
mod model;

pub use self::check_address::{AddressAvailability, AvailableAddress, CheckStaticIpAvailability};
pub use self::list::ListVirtualNetworkSites;
pub use self::model::{
    AddressPrefix, AddressSpace, Connection, Gateway, GatewayProfile, LocalNetworkSite, Subnet,
    VirtualNetworkSite, VirtualNetworkSites, VirtualNetworkState,
};

/// Refers to a virtual network of the subscription.
///
/// A name consists of letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VirtualNetworkRef {
    name: String,
}

impl VirtualNetworkRef {
    /// Refers to the virtual network with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }
}
