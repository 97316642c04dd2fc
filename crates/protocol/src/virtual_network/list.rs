use super::VirtualNetworkSites;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

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

    const METADATA: Metadata = Metadata {
        name: "List Virtual Network Sites",
        method: Method::GET,
        route: "/services/networking/virtualnetwork",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "list-virtual-network-sites",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
mod tests;
