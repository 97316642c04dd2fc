use super::VirtualNetworkSites;
use crate::{ApiVersion, Method, Operation, Repeat, Spec};

/// Lists the virtual networks of the subscription, with their subnets and gateways.
///
/// Since 2012-03-01.
///
/// Reference page: *List Virtual Network Sites* (`list-virtual-network-sites`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListVirtualNetworkSites;
///
/// let list = ListVirtualNetworkSites::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListVirtualNetworkSites(());

impl ListVirtualNetworkSites {
    /// Lists all of them.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Operation for ListVirtualNetworkSites {
    type Output = VirtualNetworkSites;

    const SPEC: Spec = Spec {
        name: "List Virtual Network Sites",
        method: Method::GET,
        route: "/services/networking/virtualnetwork",
        since: ApiVersion::V2012_03_01,
        page: "list-virtual-network-sites",
        repeat: Repeat::Safe,
    };
}

#[cfg(test)]
mod tests;
