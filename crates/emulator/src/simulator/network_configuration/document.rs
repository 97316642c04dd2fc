//! Reads a network configuration and says what does not fit together.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use roxmltree::{Document, Node};

use super::prefix::Prefix;
use super::{LocalSite, NetworkConfiguration, Site, Subnet};
use crate::simulator::api_error::ApiError;
use crate::simulator::contract::text_of;
use crate::simulator::dns_server::DnsServer;

const NAMESPACE: &str = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration";

/// The maximal number of referenced DNS servers and address prefixes in all virtual networks: each reference
/// becomes a copy, and a small document could cause millions of them.
const MAX_COPIES: usize = 50_000;
/// The most address prefixes, subnets or references in one network.
const MAX_ITEMS: usize = 500;
/// The longest name, in characters.
const MAX_NAME_LENGTH: usize = 260;

/// Reads a body.
pub(crate) fn parse(document: &Document<'_>) -> Result<NetworkConfiguration, ApiError> {
    let root = document.root_element();
    if !root.has_tag_name((NAMESPACE, "NetworkConfiguration")) {
        return Err(ApiError::bad_xml(format!(
            "The body must be the element NetworkConfiguration in the namespace {NAMESPACE}."
        )));
    }
    let Some(all) = child(root, "VirtualNetworkConfiguration") else {
        return Err(ApiError::bad_xml("The element VirtualNetworkConfiguration is missing."));
    };
    let text = document.input_text()[root.range()].to_owned();
    parse_networks(all, text).map_err(|why| {
        ApiError::bad_request(format!("The network configuration is not valid: {why}."))
    })
}

fn parse_networks(all: Node<'_, '_>, text: String) -> Result<NetworkConfiguration, String> {
    let dns_servers = list_items(child(all, "Dns"), "DnsServers", "DnsServer")
        .map(|node| DnsServer::read(name(node), node.attribute("IPAddress").unwrap_or_default()))
        .collect::<Result<Vec<_>, _>>()?;
    let local_sites = list_items(Some(all), "LocalNetworkSites", "LocalNetworkSite")
        .map(parse_local_site)
        .collect::<Result<Vec<_>, _>>()?;
    let mut copies = 0;
    let sites = list_items(Some(all), "VirtualNetworkSites", "VirtualNetworkSite")
        .map(|node| {
            let site = parse_site(node, &dns_servers, &local_sites)?;
            copies += site.copied_element_count();
            if copies > MAX_COPIES {
                return Err(format!(
                    "its virtual networks refer to more than {MAX_COPIES} DNS servers and addresses \
                     of local networks"
                ));
            }
            Ok(site)
        })
        .collect::<Result<Vec<_>, _>>()?;
    check_unique("DNS server", dns_servers.iter().map(|server| server.name.as_str()))?;
    check_unique("local network", local_sites.iter().map(|site| site.name.as_str()))?;
    check_unique("virtual network", sites.iter().map(|site| site.name.as_str()))?;
    Ok(NetworkConfiguration {
        text,
        sites,
        local_sites: local_sites.len(),
        dns_servers: dns_servers.len(),
    })
}

impl Site {
    /// The values from its references.
    fn copied_element_count(&self) -> usize {
        let local_sites = self.gateway.iter().flatten();
        let addresses: usize = local_sites.map(|site| site.address_space.len()).sum();
        self.dns_servers.len() + addresses
    }
}

fn parse_local_site(node: Node<'_, '_>) -> Result<LocalSite, String> {
    let of = format!("the local network '{}'", name(node));
    let gateway_address = child(node, "VPNGatewayAddress").map(text_of);
    if gateway_address.as_deref().is_some_and(|text| text.trim().parse::<Ipv4Addr>().is_err()) {
        return Err(format!("the gateway address of {of} is no IPv4 address"));
    }
    Ok(LocalSite {
        name: required_name(node, "local network")?,
        address_space: parse_prefixes(child(node, "AddressSpace"), &of)?,
        gateway_address,
        connections: Vec::new(),
    })
}

fn parse_site(
    node: Node<'_, '_>,
    dns_servers: &[DnsServer],
    local_sites: &[LocalSite],
) -> Result<Site, String> {
    let site_name = required_name(node, "virtual network")?;
    let of = format!("the virtual network '{site_name}'");
    let given = |name| node.attribute(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let (affinity_group, location) = (given("AffinityGroup"), given("Location"));
    if affinity_group.is_some() && location.is_some() {
        return Err(format!("{of} has both an affinity group and a location"));
    }
    let address_space = parse_prefixes(child(node, "AddressSpace"), &of)?;
    let subnets = parse_subnets(node, &address_space, &of)?;
    let references = collect_limited(list_items(Some(node), "DnsServersRef", "DnsServerRef"), &of)?;
    let dns_servers = references.into_iter().map(|reference| {
        let named = dns_servers.iter().find(|server| server.has_name(name(reference)));
        let missing = || format!("{of} refers to the DNS server '{}'", name(reference));
        named.cloned().ok_or_else(|| format!("{}, which is not there", missing()))
    });
    let gateway = child(node, "Gateway").map(|gateway| {
        let references =
            list_items(Some(gateway), "ConnectionsToLocalNetwork", "LocalNetworkSiteRef");
        let references = collect_limited(references, &of)?.into_iter();
        references
            .map(|reference| connected_site(reference, local_sites, &of))
            .collect::<Result<_, _>>()
    });
    Ok(Site {
        id: String::new(),
        name: site_name,
        label: child(node, "Label").map(text_of),
        affinity_group,
        location,
        address_space,
        subnets,
        dns_servers: dns_servers.collect::<Result<_, _>>()?,
        gateway: gateway.transpose()?,
    })
}

fn parse_subnets(node: Node<'_, '_>, space: &[Prefix], of: &str) -> Result<Vec<Subnet>, String> {
    let mut subnets: Vec<Subnet> = Vec::new();
    for node in collect_limited(list_items(Some(node), "Subnets", "Subnet"), of)? {
        let subnet_name = required_name(node, "subnet")?;
        let text = child(node, "AddressPrefix").map(text_of).unwrap_or_default();
        let prefix = parse_prefix(&text, &format!("the subnet '{subnet_name}' of {of}"))?;
        if !space.iter().any(|range| range.covers(prefix)) {
            return Err(format!(
                "the subnet '{subnet_name}' lies outside of the addresses of {of}"
            ));
        }
        if let Some(other) = subnets.iter().find(|other| other.prefix.overlaps(prefix)) {
            return Err(format!(
                "the subnets '{}' and '{subnet_name}' of {of} overlap",
                other.name
            ));
        }
        subnets.push(Subnet { name: subnet_name, prefix });
    }
    check_unique("subnet", subnets.iter().map(|subnet| subnet.name.as_str()))?;
    if subnets.is_empty() {
        return Err(format!("{of} has no subnet"));
    }
    Ok(subnets)
}

fn connected_site(
    reference: Node<'_, '_>,
    local_sites: &[LocalSite],
    of: &str,
) -> Result<LocalSite, String> {
    let wanted = name(reference);
    let site = local_sites.iter().find(|site| site.name.eq_ignore_ascii_case(wanted));
    let site = site.ok_or_else(|| {
        format!("{of} refers to the local network '{wanted}', which is not there")
    })?;
    let connections = children(reference, "Connection");
    let types = connections.filter_map(|connection| connection.attribute("type"));
    Ok(LocalSite { connections: types.map(str::to_owned).collect(), ..site.clone() })
}

fn parse_prefixes(space: Option<Node<'_, '_>>, of: &str) -> Result<Vec<Prefix>, String> {
    let nodes = space.into_iter().flat_map(|space| children(space, "AddressPrefix"));
    let texts = collect_limited(nodes, of)?.into_iter().map(text_of);
    let prefixes = texts.map(|text| parse_prefix(&text, of)).collect::<Result<Vec<_>, _>>()?;
    if prefixes.is_empty() { Err(format!("{of} has no addresses")) } else { Ok(prefixes) }
}

fn parse_prefix(text: &str, of: &str) -> Result<Prefix, String> {
    text.parse().map_err(|()| format!("the address prefix '{text}' of {of} is no network"))
}

fn check_unique<'n>(kind: &str, names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.to_ascii_lowercase()) {
            return Err(format!("the {kind} '{name}' is given twice"));
        }
    }
    Ok(())
}

fn required_name(node: Node<'_, '_>, kind: &str) -> Result<String, String> {
    match name(node) {
        "" => Err(format!("a {kind} has no name")),
        name if name.chars().nth(MAX_NAME_LENGTH).is_some() => {
            Err(format!("the name of a {kind} is longer than {MAX_NAME_LENGTH} characters"))
        }
        name => Ok(name.to_owned()),
    }
}

fn name<'a>(node: Node<'a, '_>) -> &'a str {
    node.attribute("name").unwrap_or_default().trim()
}

/// The parts of one network, which are compared with each other.
fn collect_limited<'a>(
    parts: impl Iterator<Item = Node<'a, 'a>>,
    of: &str,
) -> Result<Vec<Node<'a, 'a>>, String> {
    let parts: Vec<_> = parts.take(MAX_ITEMS + 1).collect();
    match parts.get(MAX_ITEMS) {
        Some(part) => {
            Err(format!("{of} has more than {MAX_ITEMS} elements {}", part.tag_name().name()))
        }
        None => Ok(parts),
    }
}

/// The items of a list in an element.
fn list_items<'a>(
    of: Option<Node<'a, 'a>>,
    list: &'static str,
    item: &'static str,
) -> impl Iterator<Item = Node<'a, 'a>> {
    let list = of.and_then(|of| child(of, list));
    list.into_iter().flat_map(move |list| children(list, item))
}

fn child<'a>(of: Node<'a, 'a>, name: &'static str) -> Option<Node<'a, 'a>> {
    children(of, name).next()
}

fn children<'a>(of: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    of.children().filter(move |node| node.has_tag_name((NAMESPACE, name)))
}
