//! What a service configuration says of the network: in which one the roles are, and whom their
//! endpoints let in.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::{SERVICE_CONFIGURATION, child};
use crate::simulator::dns_server::DnsServer;
use crate::simulator::network_configuration::Prefix;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Network {
    /// The virtual network that the deployment is in.
    pub(crate) site: Option<String>,
    /// The subnets of each role.
    pub(crate) subnets: BTreeMap<String, Vec<String>>,
    pub(crate) dns_servers: Vec<DnsServer>,
    /// The reserved IP address that the deployment has.
    pub(crate) reserved_ip: Option<String>,
    /// Whom an endpoint lets in, by the names of its role and of itself.
    pub(crate) access_rules: BTreeMap<(String, String), Vec<Rule>>,
    pub(crate) load_balancers: Vec<LoadBalancer>,
}

/// An entry of an access control list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) order: u32,
    /// `permit` or `deny`, as it was written.
    pub(crate) action: String,
    pub(crate) remote_subnet: Prefix,
    pub(crate) description: Option<String>,
}

/// A load balancer inside a virtual network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoadBalancer {
    pub(crate) name: String,
    pub(crate) subnet: Option<String>,
    pub(crate) address: Option<String>,
}

impl Network {
    /// Reads the element `NetworkConfiguration`, if there is one; or says what is wrong with it.
    pub(super) fn parse(element: Option<Node<'_, '_>>, roles: &[&str]) -> Result<Self, String> {
        let Some(element) = element else { return Ok(Self::default()) };
        let addresses = child(element, "AddressAssignments");
        let reserved_ip = items(addresses, "ReservedIPs", "ReservedIP").next();
        let dns_servers = items(child(element, "Dns"), "DnsServers", "DnsServer").map(|node| {
            DnsServer::read(attribute_or_empty(node, "name"), attribute_or_empty(node, "IPAddress"))
        });
        Ok(Self {
            site: child(element, "VirtualNetworkSite").and_then(name),
            subnets: parse_subnets(addresses, roles)?,
            dns_servers: dns_servers.collect::<Result<_, _>>()?,
            reserved_ip: reserved_ip.and_then(name),
            access_rules: parse_access_rules(element, roles)?,
            load_balancers: items(Some(element), "LoadBalancers", "LoadBalancer")
                .map(parse_load_balancer)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The subnets that something in it is in.
    pub(crate) fn named_subnets(&self) -> impl Iterator<Item = &str> {
        let of_balancers = self.load_balancers.iter().filter_map(|it| it.subnet.as_ref());
        self.subnets.values().flatten().chain(of_balancers).map(String::as_str)
    }
}

fn parse_subnets(
    addresses: Option<Node<'_, '_>>,
    roles: &[&str],
) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut subnets = BTreeMap::new();
    for node in addresses.into_iter().flat_map(|list| children(list, "InstanceAddress")) {
        let role = known_role(node, "roleName", roles)?;
        let names = items(Some(node), "Subnets", "Subnet").filter_map(name).collect();
        if subnets.insert(role.to_owned(), names).is_some() {
            return Err(format!("the role {role} has two InstanceAddress"));
        }
    }
    Ok(subnets)
}

fn parse_access_rules(
    element: Node<'_, '_>,
    roles: &[&str],
) -> Result<BTreeMap<(String, String), Vec<Rule>>, String> {
    let mut lists = BTreeMap::new();
    for list in items(Some(element), "AccessControls", "AccessControl") {
        let entries = children(list, "Rule").map(parse_rule).collect::<Result<Vec<_>, _>>()?;
        lists.insert(attribute_or_empty(list, "name"), entries);
    }
    let mut access = BTreeMap::new();
    for acl in items(Some(element), "EndpointAcls", "EndpointAcl") {
        let role = known_role(acl, "role", roles)?;
        let list = attribute_or_empty(acl, "accessControl");
        let entries = lists.get(list).ok_or_else(|| {
            format!("an EndpointAcl refers to the AccessControl '{list}', which is not there")
        })?;
        access.insert(
            (role.to_owned(), attribute_or_empty(acl, "endPoint").to_owned()),
            entries.clone(),
        );
    }
    Ok(access)
}

fn parse_rule(node: Node<'_, '_>) -> Result<Rule, String> {
    let order = attribute_or_empty(node, "order");
    let expected = |what: &str| format!("the access control rule '{order}' has no {what}");
    let action = attribute_or_empty(node, "action");
    Ok(Rule {
        order: order.trim().parse().map_err(|_| expected("number as its order"))?,
        action: ["permit", "deny"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(action))
            .then(|| action.to_owned())
            .ok_or_else(|| expected("action permit or deny"))?,
        remote_subnet: attribute_or_empty(node, "remoteSubnet")
            .parse()
            .map_err(|()| expected("remoteSubnet such as 10.0.0.0/8"))?,
        description: node.attribute("description").map(str::to_owned),
    })
}

fn parse_load_balancer(node: Node<'_, '_>) -> Result<LoadBalancer, String> {
    let name = name(node).ok_or("a LoadBalancer has no name")?;
    let frontend = child(node, "FrontendIPConfiguration");
    let frontend = frontend
        .filter(|it| attribute_or_empty(*it, "type").eq_ignore_ascii_case("private"))
        .ok_or_else(|| {
            format!("the LoadBalancer '{name}' has no private FrontendIPConfiguration")
        })?;
    let given = |name| frontend.attribute(name).map(str::to_owned);
    Ok(LoadBalancer {
        name,
        subnet: given("subnet"),
        address: given("staticVirtualNetworkIPAddress"),
    })
}

fn known_role<'n>(node: Node<'n, '_>, attribute: &str, roles: &[&str]) -> Result<&'n str, String> {
    let role = attribute_or_empty(node, attribute);
    if roles.contains(&role) {
        return Ok(role);
    }
    let element = node.tag_name().name();
    Err(format!("the role '{role}' of an {element} does not exist"))
}

fn attribute_or_empty<'n>(node: Node<'n, '_>, attribute: &str) -> &'n str {
    node.attribute(attribute).unwrap_or_default()
}

fn name(node: Node<'_, '_>) -> Option<String> {
    node.attribute("name").map(str::to_owned)
}

/// The items of a list in an element.
fn items<'a>(
    of: Option<Node<'a, 'a>>,
    list: &str,
    item: &'static str,
) -> impl Iterator<Item = Node<'a, 'a>> {
    let list = of.and_then(|of| child(of, list));
    list.into_iter().flat_map(move |list| children(list, item))
}

fn children<'a>(of: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    of.children().filter(move |node| node.has_tag_name((SERVICE_CONFIGURATION, name)))
}

#[cfg(test)]
mod tests {
    use super::super::Configuration;
    use super::*;

    fn read(network: &str) -> Result<Network, String> {
        let text = format!(
            "<ServiceConfiguration xmlns='{SERVICE_CONFIGURATION}'><Role name='Web'><Instances \
             count='1'/></Role><NetworkConfiguration>{network}</NetworkConfiguration>\
             </ServiceConfiguration>"
        );
        let read = Configuration::parse(text.as_bytes(), 100);
        read.map(|it| it.network).map_err(|error| error.body().message)
    }

    const ACCESS: &str = "<AccessControls><AccessControl name='office'>\
        <Rule order='100' action='permit' remoteSubnet='198.51.100.0/24' description='ours'/>\
        <Rule order='200' action='Deny' remoteSubnet='0.0.0.0/0'/></AccessControl></AccessControls>\
        <EndpointAcls><EndpointAcl role='Web' endPoint='HttpIn' accessControl='office'/></EndpointAcls>";

    #[test]
    fn endpoints_get_the_rules_of_their_access_lists() {
        let network = read(ACCESS).unwrap();
        let rules = &network.access_rules[&("Web".to_owned(), "HttpIn".to_owned())];
        let parsed: Vec<_> = rules.iter().map(|it| (it.order, it.action.as_str())).collect();
        assert_eq!(parsed, [(100, "permit"), (200, "Deny")]);
        assert_eq!(rules[0].remote_subnet.to_string(), "198.51.100.0/24");
        assert_eq!(rules[0].description.as_deref(), Some("ours"));
    }

    #[test]
    fn parses_subnets_of_roles_and_load_balancers() {
        let network = read(
            "<VirtualNetworkSite name='shop'/><AddressAssignments><InstanceAddress roleName='Web'>\
             <Subnets><Subnet name='front'/><Subnet name='back'/></Subnets></InstanceAddress>\
             </AddressAssignments><LoadBalancers><LoadBalancer name='inner'><FrontendIPConfiguration \
             type='private' subnet='back' staticVirtualNetworkIPAddress='10.0.0.9'/></LoadBalancer>\
             </LoadBalancers>",
        )
        .unwrap();
        assert_eq!(network.subnets["Web"], ["front", "back"]);
        assert_eq!(network.named_subnets().collect::<Vec<_>>(), ["front", "back", "back"]);
        assert_eq!(network.load_balancers[0].address.as_deref(), Some("10.0.0.9"));
    }

    #[test]
    fn rejects_unknown_references_by_name() {
        let address = "<AddressAssignments><InstanceAddress roleName='Web'/></AddressAssignments>";
        for (network, reason) in [
            (ACCESS.replace("role='Web'", "role='Batch'"), "the role 'Batch' of an EndpointAcl"),
            (ACCESS.replace("accessControl='office'", "accessControl='x'"), "AccessControl 'x'"),
            (ACCESS.replace("order='100'", "order='first'"), "rule 'first' has no number"),
            (ACCESS.replace("permit", "allow"), "rule '100' has no action permit or deny"),
            (ACCESS.replace("198.51.100.0/24", "198.51.100.1/24"), "has no remoteSubnet"),
            (address.replace("Web", "Batch"), "the role 'Batch' of an InstanceAddress"),
            (address.replace("/></A", "/><InstanceAddress roleName='Web'/></A"), "has two"),
            (
                "<LoadBalancers><LoadBalancer name='a'/></LoadBalancers>".to_owned(),
                "'a' has no private",
            ),
            ("<LoadBalancers><LoadBalancer/></LoadBalancers>".to_owned(), "has no name"),
        ] {
            let error = read(&network).unwrap_err();
            assert!(error.contains(reason), "{network}: {error}");
        }
    }
}
