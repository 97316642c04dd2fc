use super::*;
use crate::deployment::model::{Dns, DnsServer};
use crate::testing::golden;
use crate::virtual_network::{
    AddressPrefix, AddressSpace, Connection, Gateway, GatewayProfile, LocalNetworkSite, Subnet,
    VirtualNetworkSite, VirtualNetworkState,
};

#[test]
fn request() {
    golden::request(
        &ListVirtualNetworkSites::new(),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/virtualnetwork
         x-ms-version: 2015-04-01",
    );
}

const EVERY_ELEMENT: &str = include_str!("every_element.xml");

fn space(prefix: &str) -> AddressSpace {
    AddressSpace { address_prefixes: vec![AddressPrefix(prefix.to_owned())] }
}

#[test]
fn response_with_every_element() {
    let sites = golden::response::<ListVirtualNetworkSites>(EVERY_ELEMENT);
    let office = LocalNetworkSite {
        name: "head office".into(),
        address_space: space("192.168.0.0/24"),
        vpn_gateway_address: Some("203.0.113.9".into()),
        connections: vec![Connection { kind: Some("IPsec".into()) }],
    };
    let front = Subnet {
        name: "front".into(),
        address_prefix: Some("10.0.1.0/24".into()),
        network_security_group: Some("guard".into()),
        route_table_name: Some("routes".into()),
    };
    let back = Subnet {
        name: "back".into(),
        address_prefix: Some("10.0.2.0/24".into()),
        ..Subnet::default()
    };
    let shop = VirtualNetworkSite {
        name: "shop".into(),
        label: Some("Contoso shop".into()),
        id: Some("7b7f1c02-4d3e-4a59-8f60-2b9a1c3d4e5f".into()),
        affinity_group: Some("contoso-group".into()),
        state: VirtualNetworkState::Created,
        in_use: true,
        address_space: space("10.0.0.0/16"),
        subnets: vec![front, back],
        dns: Some(Dns {
            dns_servers: vec![DnsServer { name: "internal".into(), address: "10.0.0.4".into() }],
        }),
        gateway: Some(Gateway {
            profile: Some(GatewayProfile::Small),
            sites: vec![office],
            vpn_client_address_pool: Some(space("172.16.0.0/24")),
            vnet_names: Vec::new(),
        }),
        location: Some("West Europe".into()),
        migration_state: Some("Prepared".into()),
    };
    let lab = VirtualNetworkSite {
        name: "lab".into(),
        id: Some("8b7f1c02-4d3e-4a59-8f60-2b9a1c3d4e5f".into()),
        state: VirtualNetworkState::Creating,
        gateway: Some(Gateway { vnet_names: vec!["shop".into()], ..Gateway::default() }),
        ..VirtualNetworkSite::default()
    };
    assert_eq!(sites, VirtualNetworkSites(vec![shop, lab]));
}

#[test]
fn response_of_none() {
    let VirtualNetworkSites(none) = golden::response::<ListVirtualNetworkSites>(
        "<VirtualNetworkSites xmlns=\"http://schemas.microsoft.com/windowsazure\"/>",
    );
    assert_eq!(none, []);
}
