//! What a request, a time step and a log may cost.

use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_protocol::machine::Instant;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, NAMESPACE, base64, create_deployment, create_service, cscfg, root,
};

const SERVICES: &str = "/services/hostedservices";
const MEDIA: &str = "/services/networking/media";
const NETWORK: &str = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration";
const WEB: &[(&str, u32)] = &[("Web", 2)];

fn concat_numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// Contents that would take a parser long, and the limit that each exceeds.
fn expensive_bodies() -> Vec<(String, &'static str)> {
    let attributes = concat_numbered(33, |number| format!(" a{number}=''"));
    let namespaces = concat_numbered(33, |number| format!(" xmlns:n{number}='u{number}'"));
    vec![
        (format!("<a{attributes}/>"), "Limits::attributes"),
        (format!("<a{namespaces}/>"), "(Limits::"),
        (
            concat_numbered(4_200, |number| format!("<a xmlns:n='u{number}'/>")),
            "Limits::all_namespaces",
        ),
        ("<a a='' b='' c='' d=''/>".repeat(50_001), "Limits::all_attributes"),
        ("<a>".repeat(70) + &"</a>".repeat(70), "Limits::depth"),
        ("<a/>".repeat(200_001), "Limits::elements"),
        (format!("<{}/>", "n".repeat(1_025)), "Limits::name"),
        (format!("<a xmlns:o='{}'/>", "u".repeat(1_025)), "Limits::name"),
    ]
}

#[test]
fn rejects_expensive_body_with_the_limit() {
    let mut harness = Harness::with_deployment(WEB);
    for (content, limit) in expensive_bodies() {
        let network =
            format!("<NetworkConfiguration xmlns='{NETWORK}'>{content}</NetworkConfiguration>");
        for reply in [
            harness.post(SERVICES, &root("CreateHostedService", &content)),
            harness.post(&format!("{BY_NAME}?comp=upgrade"), &root("UpgradeDeployment", &content)),
            harness.send("PUT", MEDIA, &network),
        ] {
            assert_eq!(reply.code(), "400 InvalidXmlRequest", "{limit}");
            assert!(reply.message().contains(limit), "{limit}: {}", reply.message());
        }
    }
}

#[test]
fn rejects_expensive_configuration_with_the_limit() {
    let mut harness = Harness::with_deployment(WEB);
    for (content, limit) in expensive_bodies() {
        let end = "</ServiceConfiguration>";
        let configuration = cscfg(WEB).replace(end, &format!("{content}{end}"));
        let configuration = format!("<Configuration>{}</Configuration>", base64(&configuration));
        let body = root("ChangeConfiguration", &configuration);
        let reply = harness.post(&format!("{BY_NAME}?comp=config"), &body);
        assert_eq!(reply.code(), "400 BadRequest", "{limit}");
        assert!(reply.message().contains(limit), "{limit}: {}", reply.message());
    }
}

#[test]
fn accepts_large_valid_bodies() {
    let mut harness = Harness::with_deployment(WEB);
    let settings = concat_numbered(20_000, |number| {
        format!("\n      <Setting name=\"Setting{number}\" value=\"the value of {number}\" />")
    });
    let settings = format!("<ConfigurationSettings>{settings}</ConfigurationSettings></Role>");
    let configuration = cscfg(WEB).replacen("</Role>", &settings, 1);
    let body = root(
        "ChangeConfiguration",
        &format!("<Configuration>{}</Configuration>", base64(&configuration)),
    );
    assert!(body.len() > 1_000_000);
    harness.post(&format!("{BY_NAME}?comp=config"), &body).expect(202);

    let sites = concat_numbered(400, |number| {
        let subnets = concat_numbered(50, |subnet| {
            format!(
                "<Subnet name=\"s{subnet}\"><AddressPrefix>10.0.{subnet}.0/24</AddressPrefix></Subnet>"
            )
        });
        format!(
            "<VirtualNetworkSite name=\"site{number}\" Location=\"West US\"><AddressSpace>\
             <AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets>{subnets}</Subnets>\
             </VirtualNetworkSite>"
        )
    });
    harness
        .send(
            "PUT",
            MEDIA,
            &network(&format!("<VirtualNetworkSites>{sites}</VirtualNetworkSites>")),
        )
        .expect(202);
}

fn network(inner: &str) -> String {
    format!(
        "<NetworkConfiguration xmlns=\"{NETWORK}\"><VirtualNetworkConfiguration>{inner}\
         </VirtualNetworkConfiguration></NetworkConfiguration>"
    )
}

#[test]
fn limits_copies_made_by_references() {
    let prefixes = "<AddressPrefix>10.0.0.0/8</AddressPrefix>".repeat(400);
    let local = format!(
        "<LocalNetworkSites><LocalNetworkSite name=\"far\"><AddressSpace>{prefixes}</AddressSpace>\
         </LocalNetworkSite></LocalNetworkSites>"
    );
    let site = |number: usize, references: usize| {
        let references = "<LocalNetworkSiteRef name=\"far\"/>".repeat(references);
        format!(
            "<VirtualNetworkSite name=\"site{number}\" Location=\"West US\"><AddressSpace>\
             <AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name=\"s\">\
             <AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet></Subnets><Gateway>\
             <ConnectionsToLocalNetwork>{references}</ConnectionsToLocalNetwork></Gateway>\
             </VirtualNetworkSite>"
        )
    };
    let sites = |inner: String| {
        network(&format!("{local}<VirtualNetworkSites>{inner}</VirtualNetworkSites>"))
    };
    let mut harness = Harness::new();
    harness.send("PUT", MEDIA, &sites(concat_numbered(20, |number| site(number, 2)))).expect(202);
    harness.settle();
    for (body, expected) in [
        (sites(site(0, 501)), "more than 500 elements LocalNetworkSiteRef"),
        (sites(concat_numbered(2, |number| site(number, 100))), "more than 50000"),
        (
            sites(site(0, 1)).replace("\"far\"", &format!("\"{}\"", "f".repeat(261))),
            "longer than 260",
        ),
        (sites(site(0, 1)).replace("10.0.0.0/8", &"1".repeat(5_000)), "…"),
    ] {
        let reply = harness.send("PUT", MEDIA, &body);
        assert_eq!(reply.code(), "400 BadRequest", "{expected}");
        assert!(reply.message().contains(expected), "{expected}: {}", reply.message());
        assert!(reply.message().len() < 2_500, "{}", reply.message().len());
    }
}

#[test]
fn request_numbers_do_not_size_allocations() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    for (count, address) in [
        (4_294_967_295, "https://contoso.example.net/1.cspkg"),
        (99_999, "https://contoso.example.net/1.cspkg"),
        (1, "https://contoso.example.net/1.cspkg?upgradeDomainCount=4294967295"),
    ] {
        let body = create_deployment("first", "one", &[("Web", count)], true);
        let body = body.replace("https://contoso.example.net/1.cspkg", address);
        assert_eq!(harness.post(BY_SLOT, &body).code(), "400 BadRequest", "{count} {address}");
    }
    let span = "StartTime=0001-01-01&EndTime=9999-12-31";
    let reply = harness.get(&format!("/operations?{span}"));
    assert_eq!(reply.code(), "400 MissingOrInvalidRequiredQueryParameter");
}

#[test]
fn rejects_certificate_with_excessive_key_derivation() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    // The checksum's number of rounds, 2048, is the file's last element. It grows by a byte to 8,388,607,
    // and so do the two sequences around it.
    let mut file = crate::fixtures::fixture!("legacy.pfx").to_vec();
    let end = file.len();
    assert_eq!(file[end - 4..], [2, 2, 8, 0]);
    file.splice(end - 4.., [2, 3, 127, 255, 255]);
    let mac = end - 0x31 - 2;
    assert_eq!(file[mac..mac + 2], [0x30, 0x31]);
    file[mac + 1] += 1;
    let length = u16::from_be_bytes([file[2], file[3]]) + 1;
    file[2..4].copy_from_slice(&length.to_be_bytes());
    let body = root(
        "CertificateFile",
        &format!(
            "<Data>{}</Data><CertificateFormat>pfx</CertificateFormat><Password>secret</Password>",
            base64_of(&file)
        ),
    );
    let reply = harness.post("/services/hostedservices/contoso/certificates", &body);
    assert_eq!(reply.code(), "400 BadRequest");
    assert!(reply.message().contains("more key derivation"), "{}", reply.message());
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A cloud where an instance is ready and down in turn, a second each, for ever.
fn flapping_instance() -> Harness {
    let second = Duration::from_secs(1);
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(
        FaultRule::new("flaps", Effect::Flaps { ready: second, down: second }).instance("Web_IN_0"),
    );
    harness
}

#[test]
fn advance_stops_at_event_limit_and_resumes() {
    let end = Instant::from_origin(Duration::from_secs(1_000_000_000_000));
    let mut harness = flapping_instance();
    let before = harness.simulator.now();
    let advance = harness.simulator.advance(end);
    assert!(!advance.is_complete());
    assert_eq!(advance.reached, harness.simulator.now());
    assert_eq!(advance.remaining, end - advance.reached);
    assert!(advance.reached - before > Duration::from_secs(10_000));

    // A request in between is handled at the time that was reached.
    harness.get(BY_NAME).expect(200);
    let again = harness.simulator.advance(advance.reached + Duration::from_secs(100));
    assert!(again.is_complete());

    // Another cloud that goes there in one piece comes to the same.
    let mut other = flapping_instance();
    while !other.simulator.advance(advance.reached).is_complete() {}
    other.get(BY_NAME).expect(200);
    other.simulator.advance(again.reached);
    assert_eq!(other.simulator.save(), harness.simulator.save());
}

#[test]
fn clock_stops_at_maximum_time() {
    let mut harness = Harness::with_deployment(WEB);
    let long = Duration::from_secs(u64::MAX / 4);
    harness.add_fault(FaultRule::new("flaps", Effect::Flaps { ready: long, down: long }));
    for _ in 0..3 {
        let advance = harness.simulator.advance(Instant::from_origin(Duration::MAX));
        assert!(advance.is_complete());
        harness.get(BY_NAME).expect(200);
    }
}

#[test]
fn journal_size_is_limited() {
    let mut harness = Harness::with(|settings| settings.journal_entries = usize::MAX);
    let namespace = "u".repeat(1_000);
    let skipped = format!("<o:a xmlns:o='{namespace}'/>").repeat(30);
    let body = format!("<CreateHostedService xmlns='{NAMESPACE}'>{skipped}</CreateHostedService>");
    let mut path = String::from(SERVICES);
    write!(path, "?x={}", "y".repeat(3_000)).unwrap();
    for _ in 0..4_000 {
        harness.post(&path, &body).expect(400);
    }
    let journal = harness.simulator.journal();
    let sizes: Vec<usize> =
        journal.entries().map(|it| serde_json::to_string(it).unwrap().len()).collect();
    assert_eq!(journal.last_number(), 4_000);
    assert!(sizes.iter().all(|size| *size < 16 * 1024), "{:?}", sizes.iter().max());
    assert!(sizes.iter().sum::<usize>() <= 16 * 1024 * 1024);
    assert!((1_000..4_000).contains(&sizes.len()), "{}", sizes.len());
    let last = journal.entries().next_back().unwrap();
    assert!(last.diagnostics[0].contains("…") && last.path.ends_with('…'), "{last}");
}

#[test]
fn journal_entry_stays_on_one_line() {
    let mut harness = Harness::new();
    let body = root("CreateHostedService", "<o:a xmlns:o='u&#10;\u{202e}\u{9b}31m'/>");
    harness.post(SERVICES, &body).expect(400);
    let rule = FaultRule::new(
        "a\n\u{1b}[31mfault\u{2028}",
        azure_classic_emulator::faults::FaultResponse::new(503, "ServerBusy"),
    );
    harness.add_fault(rule);
    harness.get(SERVICES).expect(503);
    for entry in harness.simulator.journal().entries() {
        let line = entry.to_string();
        assert!(
            !line.contains(|it: char| it.is_control() || matches!(it, '\u{202e}' | '\u{2028}')),
            "{line}"
        );
    }
}
