//! The network configuration and what follows from it.

use bytes::Bytes;
use http::Request;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, SUBSCRIPTION, base64, create_deployment, create_service, cscfg,
    root,
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

fn site(name: &str) -> String {
    format!(
        "<VirtualNetworkSite name=\"{name}\" Location=\"West US\"><AddressSpace><AddressPrefix>10.0.0.0/8\
         </AddressPrefix></AddressSpace><Subnets><Subnet name=\"front\"><AddressPrefix>10.0.0.0/29\
         </AddressPrefix></Subnet><Subnet name=\"back\"><AddressPrefix>10.1.0.0/16</AddressPrefix></Subnet>\
         </Subnets></VirtualNetworkSite>"
    )
}

fn sites(inner: &str) -> String {
    network(&format!("<Dns/><VirtualNetworkSites>{inner}</VirtualNetworkSites>"))
}

fn set(bench: &mut Bench, document: &str) -> Reply {
    let reply = bench.send("PUT", MEDIA, document);
    bench.settle();
    reply
}

/// A deployment in the network `shop`.
fn deployed() -> Bench {
    let mut bench = Bench::new();
    set(&mut bench, &sites(&site("shop"))).expect(202);
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &in_network("shop")).expect(202);
    bench.settle();
    bench
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
fn a_configuration_is_set_and_read() {
    let mut bench = Bench::new();
    assert_eq!(bench.get(MEDIA).code(), "404 ResourceNotFound");
    let sent = sites(&site("shop"));
    let body = format!("\u{feff}<?xml version='1.0' encoding='utf-8'?>\r\n{sent}\n");
    let accepted = bench.send("PUT", MEDIA, &body).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(bench.get(MEDIA).code(), "404 ResourceNotFound");
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");

    let read = bench.get(MEDIA).expect(200);
    assert_eq!(read.header("content-type"), "text/plain");
    assert_eq!(read.body(), format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{sent}"));
    // It replaces everything.
    set(&mut bench, &network("")).expect(202);
    assert!(bench.get(MEDIA).body().ends_with(&network("")));
    assert_eq!(bench.get(SITES).all("VirtualNetworkSite").len(), 0);
}

#[test]
fn the_document_comes_as_a_file_and_not_as_xml() {
    let mut bench = Bench::new();
    let mut send = |kind: &str| {
        let request = Request::put(format!("/{SUBSCRIPTION}{MEDIA}"))
            .header("x-ms-version", "2012-03-01")
            .header("content-type", kind)
            .body(Bytes::from(network("")))
            .unwrap();
        bench.handle(&request)
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
fn what_does_not_fit_together_is_refused() {
    let mut bench = Bench::new();
    let good = site("shop");
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
        (sites(&good.replace("shop", "")), "400 BadRequest", "has no name"),
        (sites(&format!("{good}{}", site("Shop"))), "400 BadRequest", "'Shop' is given twice"),
        (sites(&good.replace("back", "front")), "400 BadRequest", "'front' is given twice"),
        (sites(&good.replace("10.1.0.0/16", "10.0.0.0/16")), "400 BadRequest", "overlap"),
        (sites(&good.replace("10.1.0.0/16", "11.1.0.0/16")), "400 BadRequest", "outside"),
        (sites(&good.replace("10.1.0.0/16", "10.1.0.1/16")), "400 BadRequest", "is no network"),
        (sites(&good.replace("West US", "Atlantis")), "400 BadRequest", "location constraint"),
        (
            sites(&good.replace("Location=\"West US\"", "AffinityGroup=\"none\"")),
            "404 ResourceNotFound",
            "affinity group",
        ),
        (sites(&good.replace("10.0.0.0/8", "ten")), "400 BadRequest", "'ten'"),
        (
            sites(&good.replace("Location=", "AffinityGroup=\"a\" Location=")),
            "400 BadRequest",
            "both an affinity group and a location",
        ),
        (
            sites(&good.replace(
                "</Subnets>",
                "</Subnets><DnsServersRef><DnsServerRef name=\"a\"/></DnsServersRef>",
            )),
            "400 BadRequest",
            "DNS server 'a', which is not there",
        ),
        (
            sites(&good.replace(
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
        let refused = bench.send("PUT", MEDIA, &document);
        assert_eq!(refused.code(), code, "{document}");
        assert!(refused.message().contains(reason), "{reason}: {}", refused.message());
    }
    assert_eq!(bench.get(MEDIA).code(), "404 ResourceNotFound");
}

#[test]
fn sites_are_listed_as_the_document_has_them() {
    let mut bench = Bench::new();
    let empty = bench.get(SITES).expect(200);
    assert!(empty.has("VirtualNetworkSites") && !empty.has("VirtualNetworkSite"));

    let group = root(
        "CreateAffinityGroup",
        &format!("<Name>group</Name><Label>{}</Label><Location>West US</Location>", base64("g")),
    );
    bench.post("/affinitygroups", &group).expect(201);
    let joined = site("shop").replace(
        "</Subnets>",
        "</Subnets><DnsServersRef><DnsServerRef name=\"a\"/></DnsServersRef><Gateway>\
         <ConnectionsToLocalNetwork><LocalNetworkSiteRef name=\"hq\"><Connection type=\"IPsec\"/>\
         </LocalNetworkSiteRef></ConnectionsToLocalNetwork></Gateway>",
    );
    let plain = site("plain").replace("Location=\"West US\"", "AffinityGroup=\"group\"");
    let document = network(&format!(
        "<Dns><DnsServers><DnsServer name=\"a\" IPAddress=\"10.0.0.9\"/></DnsServers></Dns>\
         <LocalNetworkSites><LocalNetworkSite name=\"hq\"><AddressSpace><AddressPrefix>192.168.0.0/24\
         </AddressPrefix></AddressSpace><VPNGatewayAddress>198.51.100.7</VPNGatewayAddress>\
         </LocalNetworkSite></LocalNetworkSites><VirtualNetworkSites>{joined}{plain}</VirtualNetworkSites>"
    ));
    set(&mut bench, &document).expect(202);
    let list = bench.get(SITES).expect(200);
    let ids = list.all("Id");
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

    assert_eq!(bench.delete("/affinitygroups/group").code(), "409 ConflictError");
    set(&mut bench, &document.replace("plain", "other")).expect(202);
    let again = bench.get(SITES).all("Id");
    assert_eq!(again[0], ids[0], "a network of the same name is the same");
    assert_ne!(again[1], ids[1]);
}

#[test]
fn a_deployment_lies_in_a_network_that_there_is() {
    let mut bench = deployed();
    assert_eq!(bench.get(BY_NAME).text("VirtualNetworkName"), "shop");
    assert!(bench.get(BY_NAME).has("InternalDnsSuffix"));
    assert_eq!(bench.get(SITES).text("InUse"), "true");
    let refused = set(&mut bench, &sites(&site("other")));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("'shop' is in use"), "{}", refused.message());
    assert_eq!(bench.change("Auto", WEB).code(), "400 BadRequest");

    let staging = BY_SLOT.replace("production", "staging");
    let unknown = bench.post(&staging, &in_network("none").replace("first", "second"));
    assert_eq!(unknown.message(), "Virtual network 'none' not found.");
    assert_eq!(unknown.code(), "400 BadRequest");

    // With DNS servers of its own, the platform gives no names.
    let dns = site("shop").replace(
        "</Subnets>",
        "</Subnets><DnsServersRef><DnsServerRef name=\"a\"/></DnsServersRef>",
    );
    let with_dns = sites(&dns).replace(
        "<Dns/>",
        "<Dns><DnsServers><DnsServer name=\"a\" IPAddress=\"10.0.0.9\"/></DnsServers></Dns>",
    );
    set(&mut bench, &with_dns).expect(202);
    assert!(!bench.get(BY_NAME).has("InternalDnsSuffix"));
    bench.version = "2011-10-01";
    assert!(!bench.get(BY_NAME).has("VirtualNetworkName"));
}

#[test]
fn a_network_that_comes_into_use_meanwhile_is_not_deleted() {
    let mut bench = Bench::new();
    set(&mut bench, &sites(&site("shop"))).expect(202);
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let accepted = bench.send("PUT", MEDIA, &network("")).expect(202);
    bench.post(BY_SLOT, &in_network("Shop")).expect(202);
    bench.settle();
    assert_eq!(bench.operation(&accepted.id()), "Failed 400 BadRequest");
    assert_eq!(bench.get(SITES).all("VirtualNetworkSite").len(), 1);
}

#[test]
fn an_address_is_free_or_others_are_offered() {
    let mut bench = deployed();
    let mut check = |network: &str, address: &str| {
        let path = format!("/services/networking/{network}?op=checkavailability&address={address}");
        let reply = bench.get(&path);
        match reply.0.status().as_u16() {
            200 => {
                format!("{} {}", reply.text("IsAvailable"), reply.all("AvailableAddress").join(" "))
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
    let told = bench.get("/services/networking/shop?op=checkavailability&address=10.0.0.6");
    assert!(
        told.body().ends_with("><IsAvailable>true</IsAvailable></AddressAvailabilityResponse>")
    );
    assert_eq!(
        bench.get("/services/networking/shop").code(),
        "400 MissingOrInvalidRequiredQueryParameter"
    );
}

#[test]
fn gateways_have_a_tracker_of_their_own_that_knows_no_operation() {
    let mut bench = Bench::new();
    let path = "/services/networking/operation/3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    assert_eq!(bench.get(path).code(), "404 ResourceNotFound");
    let accepted = bench.send("PUT", MEDIA, &network("")).expect(202);
    assert_eq!(
        bench.get(&format!("/services/networking/operation/{}", accepted.id())).code(),
        "404 ResourceNotFound"
    );
}
