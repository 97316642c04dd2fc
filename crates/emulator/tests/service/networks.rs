//! The network configuration and what follows from it.

use bytes::Bytes;
use http::Request;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, TestResponse, base64, create_deployment,
    create_service, cscfg, root,
};

const MEDIA: &str = "/services/networking/media";
const SITES: &str = "/services/networking/virtualnetwork";
const NAMESPACE: &str = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration";
const WEB: &[(&str, u32)] = &[("Web", 2)];

fn network(inner: &str) -> String {
    format!(
        "<NetworkConfiguration xmlns=\"{NAMESPACE}\"><VirtualNetworkConfiguration>{inner}\
         </VirtualNetworkConfiguration></NetworkConfiguration>"
    )
}

fn site_xml(name: &str) -> String {
    format!(
        "<VirtualNetworkSite name=\"{name}\" Location=\"West US\"><AddressSpace><AddressPrefix>10.0.0.0/8\
         </AddressPrefix></AddressSpace><Subnets><Subnet name=\"front\"><AddressPrefix>10.0.0.0/29\
         </AddressPrefix></Subnet><Subnet name=\"back\"><AddressPrefix>10.1.0.0/16</AddressPrefix></Subnet>\
         </Subnets></VirtualNetworkSite>"
    )
}

fn sites_xml(inner: &str) -> String {
    network(&format!("<Dns/><VirtualNetworkSites>{inner}</VirtualNetworkSites>"))
}

fn set(harness: &mut Harness, document: &str) -> TestResponse {
    let reply = harness.send("PUT", MEDIA, document);
    harness.settle();
    reply
}

/// A deployment in the network `shop`.
fn with_deployment_in_network() -> Harness {
    let mut harness = Harness::new();
    set(&mut harness, &sites_xml(&site_xml("shop"))).expect(202);
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &in_network("shop")).expect(202);
    harness.settle();
    harness
}

fn in_network(name: &str) -> String {
    let inner = format!(
        "<NetworkConfiguration><VirtualNetworkSite name=\"{name}\"/></NetworkConfiguration>"
    );
    let configuration =
        cscfg(WEB).replace("</ServiceConfiguration>", &format!("{inner}</ServiceConfiguration>"));
    create_deployment("first", "one", WEB, true)
        .replace(&base64(&cscfg(WEB)), &base64(&configuration))
}

#[test]
fn sets_and_reads_configuration() {
    let mut harness = Harness::new();
    assert_eq!(harness.get(MEDIA).code(), "404 ResourceNotFound");
    let sent = sites_xml(&site_xml("shop"));
    let body = format!("\u{feff}<?xml version='1.0' encoding='utf-8'?>\r\n{sent}\n");
    let accepted = harness.send("PUT", MEDIA, &body).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(harness.get(MEDIA).code(), "404 ResourceNotFound");
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");

    let read = harness.get(MEDIA).expect(200);
    assert_eq!(read.header("content-type"), "text/plain");
    assert_eq!(read.body(), format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{sent}"));
    // It replaces everything.
    set(&mut harness, &network("")).expect(202);
    assert!(harness.get(MEDIA).body().ends_with(&network("")));
    assert_eq!(harness.get(SITES).texts("VirtualNetworkSite").len(), 0);
}

#[test]
fn returns_configuration_as_text_file() {
    let mut harness = Harness::new();
    let mut send = |kind: &str| {
        let request = Request::put(format!("/{SUBSCRIPTION}{MEDIA}"))
            .header("x-ms-version", "2012-03-01")
            .header("content-type", kind)
            .body(Bytes::from(network("")))
            .unwrap();
        harness.handle(&request)
    };
    for kind in ["text/plain", "Text/Plain; charset=utf-8", "application/octet-stream"] {
        send(kind).expect(202);
    }
    for kind in
        ["application/xml", "application/xml; charset=utf-8", "text/xml", "", "text/plainer"]
    {
        let reply = send(kind);
        assert_eq!(reply.code(), "400 InvalidContentType", "{kind}");
        assert_eq!(reply.message(), "Invalid ContentType header specified for the request.");
    }
}

#[test]
fn rejects_inconsistent_configuration() {
    let mut harness = Harness::new();
    let good = site_xml("shop");
    let dns = "<Dns><DnsServers><DnsServer name=\"a\" IPAddress=\"10.0.0.9\"/></DnsServers></Dns>";
    let local = "<LocalNetworkSite name=\"hq\"><AddressSpace><AddressPrefix>192.168.0.0/24\
                 </AddressPrefix></AddressSpace></LocalNetworkSite>";
    let locals = |inner: &str| network(&format!("<LocalNetworkSites>{inner}</LocalNetworkSites>"));
    for (document, code, reason) in [
        (String::new(), "400 InvalidXmlRequest", "XML"),
        ("<NetworkConfiguration/>".to_owned(), "400 InvalidXmlRequest", "namespace"),
        (
            format!("<NetworkConfiguration xmlns=\"{NAMESPACE}\"/>"),
            "400 InvalidXmlRequest",
            "VirtualNetworkConfiguration",
        ),
        (sites_xml(&good.replace("shop", "")), "400 BadRequest", "has no name"),
        (
            sites_xml(&format!("{good}{}", site_xml("Shop"))),
            "400 BadRequest",
            "'Shop' is given twice",
        ),
        (sites_xml(&good.replace("back", "front")), "400 BadRequest", "'front' is given twice"),
        (sites_xml(&good.replace("10.1.0.0/16", "10.0.0.0/16")), "400 BadRequest", "overlap"),
        (sites_xml(&good.replace("10.1.0.0/16", "11.1.0.0/16")), "400 BadRequest", "outside"),
        (sites_xml(&good.replace("10.1.0.0/16", "10.1.0.1/16")), "400 BadRequest", "is no network"),
        (sites_xml(&good.replace("West US", "Atlantis")), "400 BadRequest", "location constraint"),
        (
            sites_xml(&good.replace("Location=\"West US\"", "AffinityGroup=\"none\"")),
            "404 ResourceNotFound",
            "affinity group",
        ),
        (sites_xml(&good.replace("10.0.0.0/8", "ten")), "400 BadRequest", "'ten'"),
        (
            sites_xml(&good.replace("Location=", "AffinityGroup=\"a\" Location=")),
            "400 BadRequest",
            "both an affinity group and a location",
        ),
        (
            sites_xml(&good.replace(
                "</Subnets>",
                "</Subnets><DnsServersRef><DnsServerRef name=\"a\"/></DnsServersRef>",
            )),
            "400 BadRequest",
            "DNS server 'a', which is not there",
        ),
        (
            sites_xml(&good.replace(
                "</Subnets>",
                "</Subnets><Gateway><ConnectionsToLocalNetwork><LocalNetworkSiteRef name=\"hq\"/>\
                 </ConnectionsToLocalNetwork></Gateway>",
            )),
            "400 BadRequest",
            "local network 'hq', which is not there",
        ),
        (network(&dns.replace("10.0.0.9", "9")), "400 BadRequest", "no IPv4 address"),
        (
            network(&dns.replace(
                "<DnsServers>",
                "<DnsServers><DnsServer name=\"A\" IPAddress=\"10.0.0.9\"/>",
            )),
            "400 BadRequest",
            "twice",
        ),
        (locals(&format!("{local}{local}")), "400 BadRequest", "twice"),
        (locals(&local.replace("192.168.0.0/24", "")), "400 BadRequest", "is no network"),
        (
            locals(&local.replace(
                "</AddressSpace>",
                "</AddressSpace><VPNGatewayAddress>x</VPNGatewayAddress>",
            )),
            "400 BadRequest",
            "gateway address",
        ),
    ] {
        let refused = harness.send("PUT", MEDIA, &document);
        assert_eq!(refused.code(), code, "{document}");
        assert!(refused.message().contains(reason), "{reason}: {}", refused.message());
    }
    assert_eq!(harness.get(MEDIA).code(), "404 ResourceNotFound");
}

#[test]
fn lists_sites_in_document_order() {
    let mut harness = Harness::new();
    let empty = harness.get(SITES).expect(200);
    assert!(empty.has_element("VirtualNetworkSites") && !empty.has_element("VirtualNetworkSite"));

    let group = root(
        "CreateAffinityGroup",
        &format!("<Name>group</Name><Label>{}</Label><Location>West US</Location>", base64("g")),
    );
    harness.post("/affinitygroups", &group).expect(201);
    let joined = site_xml("shop").replace(
        "</Subnets>",
        "</Subnets><DnsServersRef><DnsServerRef name=\"a\"/></DnsServersRef><Gateway>\
         <ConnectionsToLocalNetwork><LocalNetworkSiteRef name=\"hq\"><Connection type=\"IPsec\"/>\
         </LocalNetworkSiteRef></ConnectionsToLocalNetwork></Gateway>",
    );
    let plain = site_xml("plain").replace("Location=\"West US\"", "AffinityGroup=\"group\"");
    let document = network(&format!(
        "<Dns><DnsServers><DnsServer name=\"a\" IPAddress=\"10.0.0.9\"/></DnsServers></Dns>\
         <LocalNetworkSites><LocalNetworkSite name=\"hq\"><AddressSpace><AddressPrefix>192.168.0.0/24\
         </AddressPrefix></AddressSpace><VPNGatewayAddress>198.51.100.7</VPNGatewayAddress>\
         </LocalNetworkSite></LocalNetworkSites><VirtualNetworkSites>{joined}{plain}</VirtualNetworkSites>"
    ));
    set(&mut harness, &document).expect(202);
    let list = harness.get(SITES).expect(200);
    let ids = list.texts("Id");
    let addresses = "<AddressSpace><AddressPrefixes><AddressPrefix>10.0.0.0/8</AddressPrefix>\
                     </AddressPrefixes></AddressSpace><Subnets>\
                     <Subnet><Name>front</Name><AddressPrefix>10.0.0.0/29</AddressPrefix></Subnet>\
                     <Subnet><Name>back</Name><AddressPrefix>10.1.0.0/16</AddressPrefix></Subnet></Subnets>";
    let expected = format!(
        "<VirtualNetworkSite><Name>shop</Name><Id>{}</Id><State>Created</State>{addresses}\
         <Dns><DnsServers><DnsServer><Name>a</Name><Address>10.0.0.9</Address></DnsServer></DnsServers></Dns>\
         <Gateway><Profile>Small</Profile><Sites><LocalNetworkSite><Name>hq</Name>\
         <AddressSpace><AddressPrefixes><AddressPrefix>192.168.0.0/24</AddressPrefix></AddressPrefixes>\
         </AddressSpace><VpnGatewayAddress>198.51.100.7</VpnGatewayAddress>\
         <Connections><Connection><Type>IPsec</Type></Connection></Connections></LocalNetworkSite></Sites></Gateway>\
         <Location>West US</Location></VirtualNetworkSite>\
         <VirtualNetworkSite><Name>plain</Name><Id>{}</Id><AffinityGroup>group</AffinityGroup>\
         <State>Created</State>{addresses}</VirtualNetworkSite></VirtualNetworkSites>",
        ids[0], ids[1]
    );
    assert!(list.body().ends_with(&expected), "{}\n{expected}", list.body());
    assert_eq!(ids[0].len(), 36);

    assert_eq!(harness.delete("/affinitygroups/group").code(), "409 ConflictError");
    set(&mut harness, &document.replace("plain", "other")).expect(202);
    let again = harness.get(SITES).texts("Id");
    assert_eq!(again[0], ids[0], "a network of the same name is the same");
    assert_ne!(again[1], ids[1]);
}

#[test]
fn deployment_requires_existing_network() {
    let mut harness = with_deployment_in_network();
    assert_eq!(harness.get(BY_NAME).text("VirtualNetworkName"), "shop");
    assert!(harness.get(BY_NAME).has_element("InternalDnsSuffix"));
    assert_eq!(harness.get(SITES).text("InUse"), "true");
    let refused = set(&mut harness, &sites_xml(&site_xml("other")));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("'shop' is in use"), "{}", refused.message());
    assert_eq!(harness.change("Auto", WEB).code(), "400 BadRequest");

    let staging = BY_SLOT.replace("production", "staging");
    let unknown = harness.post(&staging, &in_network("none").replace("first", "second"));
    assert_eq!(unknown.message(), "Virtual network 'none' not found.");
    assert_eq!(unknown.code(), "400 BadRequest");

    // With DNS servers of its own, the platform gives no names.
    let dns = site_xml("shop").replace(
        "</Subnets>",
        "</Subnets><DnsServersRef><DnsServerRef name=\"a\"/></DnsServersRef>",
    );
    let with_dns = sites_xml(&dns).replace(
        "<Dns/>",
        "<Dns><DnsServers><DnsServer name=\"a\" IPAddress=\"10.0.0.9\"/></DnsServers></Dns>",
    );
    set(&mut harness, &with_dns).expect(202);
    assert!(!harness.get(BY_NAME).has_element("InternalDnsSuffix"));
    harness.version = "2011-10-01";
    assert!(!harness.get(BY_NAME).has_element("VirtualNetworkName"));
}

#[test]
fn deletion_fails_if_network_comes_into_use() {
    let mut harness = Harness::new();
    set(&mut harness, &sites_xml(&site_xml("shop"))).expect(202);
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let accepted = harness.send("PUT", MEDIA, &network("")).expect(202);
    harness.post(BY_SLOT, &in_network("Shop")).expect(202);
    harness.settle();
    assert_eq!(harness.operation(&accepted.id()), "Failed 400 BadRequest");
    assert_eq!(harness.get(SITES).texts("VirtualNetworkSite").len(), 1);
}

#[test]
fn checks_address_and_suggests_alternatives() {
    let mut harness = with_deployment_in_network();
    let mut check = |network: &str, address: &str| {
        let path = format!("/services/networking/{network}?op=checkavailability&address={address}");
        let reply = harness.get(&path);
        match reply.0.status().as_u16() {
            200 => {
                format!(
                    "{} {}",
                    reply.text("IsAvailable"),
                    reply.texts("AvailableAddress").join(" ")
                )
            }
            _ => reply.code(),
        }
    };
    // The instances have 10.0.0.4 and 10.0.0.5; of the first subnet 10.0.0.6 is left.
    assert_eq!(check("SHOP", "10.0.0.6"), "true ");
    assert_eq!(check("shop", "10.1.200.1"), "true ");
    let offered = "false 10.0.0.6 10.1.0.4 10.1.0.5 10.1.0.6 10.1.0.7";
    for taken in ["10.0.0.4", "10.0.0.1", "10.0.0.7", "10.9.0.1", "192.168.0.1"] {
        assert_eq!(check("shop", taken), offered, "{taken}");
    }
    assert_eq!(check("shop", "10.1.0.3"), "false 10.1.0.4 10.1.0.5 10.1.0.6 10.1.0.7 10.1.0.8");
    assert_eq!(check("none", "10.0.0.6"), "404 ResourceNotFound");
    for address in ["", "ten", "::1"] {
        assert_eq!(check("shop", address), "400 MissingOrInvalidRequiredQueryParameter");
    }
    let availability =
        harness.get("/services/networking/shop?op=checkavailability&address=10.0.0.6");
    assert!(
        availability
            .body()
            .ends_with("><IsAvailable>true</IsAvailable></AddressAvailabilityResponse>")
    );
    assert_eq!(
        harness.get("/services/networking/shop").code(),
        "400 MissingOrInvalidRequiredQueryParameter"
    );
}

#[test]
fn gateway_operation_status_is_always_not_found() {
    let mut harness = Harness::new();
    let path = "/services/networking/operation/3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    assert_eq!(harness.get(path).code(), "404 ResourceNotFound");
    let accepted = harness.send("PUT", MEDIA, &network("")).expect(202);
    assert_eq!(
        harness.get(&format!("/services/networking/operation/{}", accepted.id())).code(),
        "404 ResourceNotFound"
    );
}
