//! List Virtual Network Sites.

use serde::Serialize;

use super::{LocalSite, Prefix, Site};
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::dns_server::Dns;

pub(super) fn list(simulator: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let sites = simulator.shared.network.iter().flat_map(|network| &network.sites);
    let sites = sites.map(|site| VirtualNetworkSite::new(site, simulator.is_in_use(site)));
    ApiResponse::xml(&VirtualNetworkSites(sites.collect()))
}

impl Simulator {
    fn is_in_use(&self, site: &Site) -> bool {
        let mut networks = self.deployments.values().filter_map(|it| it.virtual_network());
        networks.any(|name| name.eq_ignore_ascii_case(&site.name))
    }
}

impl<'a> VirtualNetworkSite<'a> {
    fn new(site: &'a Site, is_in_use: bool) -> Self {
        let subnets = site
            .subnets
            .iter()
            .map(|subnet| Subnet { name: &subnet.name, address_prefix: subnet.prefix.to_string() });
        Self {
            name: &site.name,
            label: site.label.as_deref(),
            id: &site.id,
            affinity_group: site.affinity_group.as_deref(),
            state: "Created",
            in_use: is_in_use.then_some(true),
            address_space: AddressSpace::new(&site.address_space),
            subnets: subnets.collect(),
            dns: Dns::new(&site.dns_servers),
            gateway: site.gateway.as_ref().map(|sites| Gateway {
                profile: "Small",
                sites: sites.iter().map(LocalNetworkSite::new).collect(),
            }),
            location: site.location.as_deref(),
        }
    }
}

impl AddressSpace {
    fn new(prefixes: &[Prefix]) -> Self {
        let prefixes = prefixes.iter().map(|prefix| AddressPrefix(prefix.to_string()));
        Self { address_prefixes: prefixes.collect() }
    }
}

impl<'a> LocalNetworkSite<'a> {
    fn new(site: &'a LocalSite) -> Self {
        let connections = site.connections.iter().map(|kind| Connection { kind });
        let connections: Vec<_> = connections.collect();
        Self {
            name: &site.name,
            address_space: AddressSpace::new(&site.address_space),
            vpn_gateway_address: site.gateway_address.as_deref(),
            connections: Some(connections).filter(|connections| !connections.is_empty()),
        }
    }
}

#[derive(Serialize)]
struct VirtualNetworkSites<'a>(Vec<VirtualNetworkSite<'a>>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VirtualNetworkSite<'a> {
    name: &'a str,
    label: Option<&'a str>,
    id: &'a str,
    affinity_group: Option<&'a str>,
    state: &'static str,
    /// Left out when it is not.
    in_use: Option<bool>,
    address_space: AddressSpace,
    subnets: Vec<Subnet<'a>>,
    dns: Option<Dns<'a>>,
    gateway: Option<Gateway<'a>>,
    location: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AddressSpace {
    address_prefixes: Vec<AddressPrefix>,
}

#[derive(Serialize)]
struct AddressPrefix(String);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Subnet<'a> {
    name: &'a str,
    address_prefix: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Gateway<'a> {
    profile: &'static str,
    sites: Vec<LocalNetworkSite<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LocalNetworkSite<'a> {
    name: &'a str,
    address_space: AddressSpace,
    vpn_gateway_address: Option<&'a str>,
    connections: Option<Vec<Connection<'a>>>,
}

#[derive(Serialize)]
struct Connection<'a> {
    #[serde(rename = "Type")]
    kind: &'a str,
}
