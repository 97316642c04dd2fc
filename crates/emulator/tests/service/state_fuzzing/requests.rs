//! Requests that change something, with names and values at the edge of what is possible.

use std::fmt;

use fastrand::Rng;

use super::documents::Element;
use crate::fixtures::{RSA, RSA_PEM, data};
use crate::harness::{NAMESPACE, base64};

pub(super) struct SentRequest {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: String,
}

/// Without the body, which the seed makes again.
impl fmt::Display for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

const CONFIGURATION: &str =
    "http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration";
const NETWORK: &str = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration";
const SERVICE: &str = "/services/hostedservices/contoso";
const PRODUCTION: &str = "/services/hostedservices/contoso/deploymentslots/production";
const STAGING: &str = "/services/hostedservices/contoso/deploymentslots/staging";
const RESERVED: &str = "/services/networking/reservedips";

/// What shows the whole cloud.
pub(super) fn reads() -> [&'static str; 14] {
    [
        "/services/hostedservices",
        "/services/hostedservices/contoso?embed-detail=true",
        "/services/hostedservices/contoso/extensions",
        "/services/hostedservices/contoso/certificates",
        PRODUCTION,
        STAGING,
        RESERVED,
        "/services/networking/media",
        "/services/networking/virtualnetwork",
        "/services/storageservices",
        "/affinitygroups",
        "/servicePrincipals",
        "/certificates",
        "/operations?starttime=2014-12-31T00:00:00Z&endtime=2016-01-01T00:00:00Z",
    ]
}

/// One of them; the first two make what the others are about.
pub(super) fn random(rng: &mut Rng, step: usize) -> SentRequest {
    let kind = match step {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => rng.usize(..22),
    };
    let slot = if rng.u8(..4) == 0 { STAGING } else { PRODUCTION };
    match kind {
        0 => post("/services/hostedservices", &service("CreateHostedService", rng), rng),
        1 => post(RESERVED, &reserved_ip(rng), rng),
        2 | 3 => post(if step == 2 { PRODUCTION } else { slot }, &deployment(rng), rng),
        4 | 5 => post(&format!("{slot}/?comp=upgrade"), &upgrade(rng), rng),
        6 | 7 => post(&format!("{slot}/?comp=config"), &change(rng), rng),
        8 => sent("PUT", SERVICE, &service("UpdateHostedService", rng), NAMESPACE, rng),
        9 => post(
            &format!("{RESERVED}/{}/operations/associate", reserved_path(rng)),
            &holder(rng),
            rng,
        ),
        10 => post(
            &format!("{RESERVED}/{}/operations/disassociate", reserved_path(rng)),
            &holder(rng),
            rng,
        ),
        11 => post(&format!("{SERVICE}/extensions"), &extension(rng), rng),
        12 => sent("PUT", "/services/networking/media", &network(rng), NETWORK, rng),
        13 => post("/services/storageservices", &storage(rng), rng),
        14 => post("/affinitygroups", &affinity_group(rng), rng),
        15 => post("/servicePrincipals", &principal(rng), rng),
        16 => post(&format!("{slot}/dnsservers"), &dns_server(rng), rng),
        17 => post(&format!("{SERVICE}/certificates"), &certificate(), rng),
        18 => post(&format!("{slot}/roleinstances/?comp=delete"), &instances(rng), rng),
        19 => post(SERVICE, &swap(rng), rng),
        20 => {
            let rollback = Element::new("RollbackUpdateOrUpgrade")
                .with([Element::text("Mode", "Auto"), Element::text("Force", "true")]);
            post(&format!("{slot}/?comp=rollback"), &rollback, rng)
        }
        _ => SentRequest { method: "DELETE", path: deleted(rng), body: String::new() },
    }
}

fn post(path: &str, body: &Element, rng: &mut Rng) -> SentRequest {
    sent("POST", path, body, NAMESPACE, rng)
}

fn sent(
    method: &'static str,
    path: &str,
    body: &Element,
    namespace: &str,
    rng: &mut Rng,
) -> SentRequest {
    SentRequest { method, path: path.to_owned(), body: body.write(namespace, rng) }
}

fn pick<T: Copy>(from: &[T], rng: &mut Rng) -> T {
    from[rng.usize(..from.len())]
}

/// A name that something of an emulator could stumble over.
fn name(rng: &mut Rng) -> String {
    let odd = [
        "d",
        "D",
        "a b",
        "\u{e9}\u{1f600}",
        "a&b<c>\"'",
        "]]>",
        "..a",
        "%41%00",
        "a+b",
        "\u{202e}x",
        "\u{200b}",
        "\u{85}",
        "\u{2028}",
        "\u{fffd}",
        "x\ty",
        "x\ny",
        "a/b",
        "-",
        "{}",
        "null",
    ];
    match rng.u8(..12) {
        0 => "n".repeat(pick(&[63, 64, 128, 129, 255, 256, 260, 261], rng)),
        1 => "\u{1f600}".repeat(pick(&[64, 100, 128, 260], rng)),
        2..=6 => pick(&odd, rng).to_owned(),
        _ => pick(&["d1", "d2"], rng).to_owned(),
    }
}

/// Plain text of any characters, control characters too where they are inside of base64.
fn label(rng: &mut Rng) -> String {
    let odd =
        ["one", "\u{0}", "a\u{1b}[2J\u{7}", "\r\n", "\u{feff}x", "\u{fffe}", "<&>", "\u{202e}"];
    base64(&match rng.u8(..6) {
        0 => "l".repeat(pick(&[99, 100, 101], rng)),
        1 => "\u{1f600}".repeat(100),
        _ => pick(&odd, rng).to_owned(),
    })
}

fn properties(rng: &mut Rng) -> Element {
    let count = pick(&[0, 1, 3, 25, 26, 51], rng);
    Element::new("ExtendedProperties").with((0..count).map(|number| {
        let key = match rng.u8(..9) {
            0 => name(rng),
            1 => "k".repeat(64),
            _ => format!("k{number}"),
        };
        let value = if rng.u8(..5) == 0 { "v".repeat(255) } else { name(rng) };
        Element::new("ExtendedProperty")
            .with([Element::text("Name", key), Element::text("Value", value)])
    }))
}

fn optionally(element: Element, rng: &mut Rng) -> Option<Element> {
    (rng.u8(..3) == 0).then_some(element)
}

fn service(root: &'static str, rng: &mut Rng) -> Element {
    let is_new = root == "CreateHostedService";
    let description = Element::text("Description", name(rng).repeat(pick(&[1, 16, 1024], rng)));
    let parts = [
        is_new.then(|| Element::text("ServiceName", "contoso")),
        Some(Element::text("Label", if is_new { base64("one") } else { label(rng) })),
        if is_new { None } else { optionally(description, rng) },
        is_new.then(|| Element::text("Location", "West US")),
        if is_new { None } else { Some(properties(rng)) },
        if is_new { None } else { optionally(Element::text("ReverseDnsFqdn", name(rng)), rng) },
    ];
    Element::new(root).with(parts.into_iter().flatten())
}

/// Names of reserved addresses that are short, so that they are met again.
const RESERVED_NAMES: [&str; 4] = ["front", "a & b", "\"'<>", "\u{e9} \u{1f600}"];

fn reserved_ip(rng: &mut Rng) -> Element {
    let name = if rng.u8(..6) == 0 { name(rng) } else { pick(&RESERVED_NAMES, rng).to_owned() };
    Element::new("ReservedIP").with([
        Element::text("Name", name),
        Element::text("Label", pick(&["", "x", "\u{1f600}"], rng)),
        Element::text("Location", "West US"),
    ])
}

fn reserved_path(rng: &mut Rng) -> &'static str {
    pick(&["front", "a%20%26%20b", "%22%27%3C%3E", "%C3%A9%20%F0%9F%98%80", "a%01b"], rng)
}

fn holder(rng: &mut Rng) -> Element {
    Element::new("ReservedIPAssociation").with([
        Element::text("ServiceName", pick(&["contoso", "Contoso"], rng)),
        Element::text("DeploymentName", pick(&["d1", "d2"], rng)),
    ])
}

const ROLES: [&str; 4] = ["Web", "a<b>&'\"", "\u{e9}\u{1f600}", "W b"];

/// Base64 of a service configuration.
fn configuration(rng: &mut Rng) -> String {
    let mut root = Element::new("ServiceConfiguration")
        .attribute("serviceName", name(rng))
        .attribute("osFamily", pick(&["", "1", "4", "\u{1f600}"], rng))
        .attribute("osVersion", pick(&["*", "", "WA-GUEST-OS-4.39_201612-01", "<&>"], rng));
    let mut named = Vec::new();
    for at in 0..pick(&[1, 1, 2, 3], rng) {
        let role = if at == 0 { "Web" } else { pick(&ROLES, rng) };
        if rng.u8(..20) != 0 && named.contains(&role) {
            continue;
        }
        named.push(role);
        let count = pick(&["1", " 2 ", "3", "5", "+4", "12"], rng);
        let settings = Element::new("ConfigurationSettings").with([Element::new("Setting")
            .attribute("name", name(rng))
            .attribute("value", "</Role>")]);
        let parts = [Element::new("Instances").attribute("count", count), settings];
        root = root.with([Element::new("Role").attribute("name", role).with(parts)]);
    }
    for _ in 0..pick(&[0, 1, 1, 1, 2], rng) {
        root = root.with([network_of(rng)]);
    }
    base64(&root.write(CONFIGURATION, rng))
}

fn network_of(rng: &mut Rng) -> Element {
    let list = |rng: &mut Rng| {
        let name = pick(&RESERVED_NAMES, rng);
        let item = Element::new("ReservedIP").attribute("name", name);
        Element::new("ReservedIPs").with(optionally(item, rng))
    };
    let mut addresses = Element::new("AddressAssignments");
    for _ in 0..pick(&[0, 0, 1, 2], rng) {
        addresses = addresses.with([list(rng)]);
    }
    let server =
        Element::new("DnsServer").attribute("name", name(rng)).attribute("IPAddress", "10.0.0.4");
    let dns = Element::new("Dns").with([Element::new("DnsServers").with([server])]);
    let site = Element::new("VirtualNetworkSite").attribute("name", pick(&["shop", "\u{e9}"], rng));
    let site = if rng.u8(..6) == 0 { Some(site) } else { None };
    let parts = [site, optionally(dns, rng), if rng.bool() { Some(addresses) } else { None }];
    Element::new("NetworkConfiguration").with(parts.into_iter().flatten())
}

fn package(rng: &mut Rng) -> String {
    let queries = [
        "",
        "",
        "?upgradeDomainCount=20",
        "?roleSize=Large",
        "?endpoints=Web:Http:http:80",
        "?endpoints=Web:a%01b:tcp:1",
        "?warning=%1B%5B2J",
        "?warning=%00",
        "?localStorage=5",
        "?endpoints=Web:Http:http:80&probe=http:80:/%02",
        "?sdkVersion=a%0Ab",
        "?endpoints=Web:%3C:udp:9",
    ];
    format!("https://contoso.example.net/1.cspkg{}", pick(&queries, rng))
}

fn extensions(rng: &mut Rng) -> Element {
    let item = |rng: &mut Rng| {
        Element::new("Extension").with([Element::text("Id", pick(&["e1", "E2"], rng))])
    };
    let all = Element::new("AllRoles").with([item(rng)]);
    let role = [Element::text("RoleName", "Web"), Element::new("Extensions").with([item(rng)])];
    let named = Element::new("NamedRoles").with([Element::new("Role").with(role)]);
    Element::new("ExtensionConfiguration")
        .with([optionally(all, rng), optionally(named, rng)].into_iter().flatten())
}

fn deployment(rng: &mut Rng) -> Element {
    let name = if rng.u8(..3) == 0 { name(rng) } else { pick(&["d1", "d2"], rng).to_owned() };
    let parts = [
        Some(Element::text("Name", name)),
        Some(Element::text("PackageUrl", package(rng))),
        Some(Element::text("Label", label(rng))),
        Some(Element::text("Configuration", configuration(rng))),
        Some(Element::text("StartDeployment", pick(&["true", " 0 ", "False"], rng))),
        optionally(Element::text("TreatWarningsAsError", "true"), rng),
        optionally(properties(rng), rng),
        optionally(extensions(rng), rng),
    ];
    Element::new("CreateDeployment").with(parts.into_iter().flatten())
}

fn upgrade(rng: &mut Rng) -> Element {
    let parts = [
        Some(Element::text("Mode", pick(&["Auto", "Manual", " simultaneous "], rng))),
        Some(Element::text("PackageUrl", package(rng))),
        Some(Element::text("Configuration", configuration(rng))),
        Some(Element::text("Label", label(rng))),
        optionally(Element::text("RoleToUpgrade", "Web"), rng),
        Some(Element::text("Force", "true")),
        optionally(properties(rng), rng),
        optionally(extensions(rng), rng),
    ];
    Element::new("UpgradeDeployment").with(parts.into_iter().flatten())
}

fn change(rng: &mut Rng) -> Element {
    let parts = [
        Some(Element::text("Configuration", configuration(rng))),
        optionally(Element::text("Mode", "Manual"), rng),
        optionally(properties(rng), rng),
        optionally(extensions(rng), rng),
    ];
    Element::new("ChangeConfiguration").with(parts.into_iter().flatten())
}

fn extension(rng: &mut Rng) -> Element {
    let id = if rng.bool() { name(rng) } else { pick(&["e1", "E2"], rng).to_owned() };
    let configuration = pick(&["<P/>", "{ \"a\": 1 }", "\u{0}\u{1b}", ""], rng);
    Element::new("Extension").with([
        Element::text("ProviderNameSpace", "Microsoft.Azure.Diagnostics"),
        Element::text("Type", "PaaSDiagnostics"),
        Element::text("Id", id),
        Element::text("PublicConfiguration", base64(configuration)),
    ])
}

fn network(rng: &mut Rng) -> Element {
    let server = || Element::new("DnsServer").attribute("IPAddress", "10.9.9.9");
    let servers = Element::new("DnsServers").with([server().attribute("name", name(rng))]);
    let prefix = |text: &str| Element::text("AddressPrefix", text);
    let subnet =
        Element::new("Subnet").attribute("name", name(rng)).with([prefix(" 10.0.0.0/29 ")]);
    let site = Element::new("VirtualNetworkSite")
        .attribute("name", pick(&["shop", "\u{e9}", "<&>"], rng))
        .attribute("Location", "West US")
        .with([
            Element::text("Label", name(rng)),
            Element::new("AddressSpace").with([prefix("10.0.0.0/8")]),
            Element::new("Subnets").with([subnet]),
        ]);
    Element::new("NetworkConfiguration").with([Element::new("VirtualNetworkConfiguration").with([
        Element::new("Dns").with([servers]),
        Element::new("VirtualNetworkSites").with([site]),
    ])])
}

fn storage(rng: &mut Rng) -> Element {
    Element::new("CreateStorageServiceInput").with([
        Element::text("ServiceName", pick(&["contosodisks", "c3p", "Contoso"], rng)),
        Element::text("Description", name(rng)),
        Element::text("Label", label(rng)),
        Element::text("Location", "West US"),
        properties(rng),
    ])
}

fn affinity_group(rng: &mut Rng) -> Element {
    Element::new("CreateAffinityGroup").with([
        Element::text("Name", name(rng)),
        Element::text("Label", label(rng)),
        Element::text("Description", name(rng)),
        Element::text("Location", "West US"),
    ])
}

fn principal(rng: &mut Rng) -> Element {
    Element::new("ServicePrincipal").with([
        Element::text("ServicePrincipalId", name(rng)),
        Element::text("Description", name(rng)),
        properties(rng),
    ])
}

fn dns_server(rng: &mut Rng) -> Element {
    Element::new("DnsServer")
        .with([Element::text("Name", name(rng)), Element::text("Address", " 10.0.0.9 ")])
}

fn certificate() -> Element {
    Element::new("CertificateFile")
        .with([Element::text("Data", data(RSA_PEM)), Element::text("CertificateFormat", "cer")])
}

fn instances(rng: &mut Rng) -> Element {
    let names = (0..pick(&[1, 2], rng))
        .map(|_| Element::text("Name", format!("{}_IN_{}", pick(&ROLES, rng), rng.u8(..5))));
    Element::new("RoleInstances").with(names.collect::<Vec<_>>())
}

fn swap(rng: &mut Rng) -> Element {
    Element::new("Swap").with([
        Element::text("Production", pick(&["", "d1", "d2"], rng)),
        Element::text("SourceDeployment", pick(&["d1", "d2"], rng)),
    ])
}

fn deleted(rng: &mut Rng) -> String {
    match rng.u8(..6) {
        0 => format!("{RESERVED}/{}", reserved_path(rng)),
        1 => format!("{SERVICE}/extensions/e1"),
        2 => format!("{SERVICE}/certificates/sha1-{RSA}"),
        3 => PRODUCTION.to_owned(),
        4 => STAGING.to_owned(),
        _ => "/affinitygroups/d1".to_owned(),
    }
}
