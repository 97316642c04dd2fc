//! A cloud that begins with what stands in a file.

use std::fs;

use azure_classic_emulator::{Caller, Fixture, FixtureError, Simulator};

use crate::fixtures::{EC, EC_PEM, RSA, RSA_PEM, data, der, fixture};
use crate::harness::{Harness, cscfg, decode_base64, settings};

fn harness_with_fixture(json: &str, folder: &std::path::Path) -> Result<Harness, FixtureError> {
    let fixture = Fixture::parse(json, folder)?;
    let mut harness = Harness { simulator: Simulator::new(settings()), version: "2015-04-01" };
    harness.simulator.apply_fixture(&fixture)?;
    Ok(harness)
}

const EVERYTHING: &str = r#"{
  "management_certificates": [{ "file": "build.pem" }],
  "service_principals": [
    { "id": "robot", "description": "builds", "properties": { "Team": "tools" } }
  ],
  "resource_providers": ["scheduler"],
  "affinity_groups": [
    { "name": "shops", "label": "All shops", "description": "near each other", "location": "West Europe" }
  ],
  "network_configuration_file": "network.xml",
  "reserved_ips": [
    { "name": "front", "label": "Contoso's address", "location": "West Europe" },
    { "name": "spare", "location": "West US" }
  ],
  "storage_accounts": [
    { "name": "contosodisks", "affinity_group": "shops", "type": "Standard_GRS",
      "custom_domain": "disks.contoso.example", "properties": { "Tier": "hot" } },
    { "name": "contosologs", "label": "Logs", "description": "of contoso", "location": "West US" }
  ],
  "services": [
    {
      "name": "contoso",
      "label": "Contoso shop",
      "description": "sells things",
      "affinity_group": "shops",
      "properties": { "Owner": "sales" },
      "reverse_dns": "contoso.example.",
      "certificates": [{ "file": "shop.cer" }],
      "extensions": [
        { "id": "desk", "type": "RDP", "version": "1.*", "public_configuration": "<PublicConfig/>",
          "thumbprint": "6740A0B2DECFF6CC5ACD90B8C9F64BAC1B4671B6" },
        { "id": "own", "provider": "Contoso.Tools", "type": "Probe",
          "public_configuration_file": "probe.json" }
      ],
      "deployments": [
        {
          "slot": "production",
          "name": "first",
          "label": "release 1",
          "package": "https://contoso.example.net/shop.cspkg?upgradeDomainCount=2",
          "configuration_file": "shop.cscfg",
          "reserved_ip": "front",
          "dns_servers": [{ "name": "one", "address": "10.0.0.9" }, { "name": "two", "address": "10.0.0.10" }],
          "extensions": [{ "id": "desk" }, { "id": "own", "roles": ["Web"], "state": "disable" }],
          "properties": { "Build": "17" }
        },
        {
          "slot": "staging",
          "name": "next",
          "roles": [{ "name": "Web & more", "instances": 3 }, { "name": "Batch", "instances": 1 }],
          "virtual_network": "shop & office",
          "status": "suspended"
        }
      ]
    },
    { "name": "fabrikam", "location": "West US" }
  ]
}"#;

const NETWORK: &str = r#"<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"><VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="shop &amp; office" Location="West Europe"><AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name="front"><AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet></Subnets></VirtualNetworkSite></VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"#;

/// The files that fixtures here name.
fn fixture_dir() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    write("shop.cscfg", cscfg(&[("Web", 2)]).as_bytes());
    write("shop.cer", &der(RSA_PEM));
    write("shop.pfx", fixture!("aes256-empty.pfx"));
    write("build.pem", EC_PEM.as_bytes());
    write("build.cer", &der(RSA_PEM));
    write("network.xml", NETWORK.as_bytes());
    write("probe.json", br#"{ "every": 5 }"#);
    folder
}

#[test]
fn fixture_creates_services_and_deployments() {
    let mut harness = harness_with_fixture(EVERYTHING, fixture_dir().path()).unwrap();

    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
    let first = harness.get("/services/hostedservices/contoso/deploymentslots/production");
    assert_eq!(decode_base64(&first.text("Label")), "release 1");
    let configuration = cscfg(&[("Web", 2)]);
    let own = configuration.strip_suffix("</ServiceConfiguration>").unwrap();
    assert!(decode_base64(&first.text("Configuration")).starts_with(own));
    assert_eq!(first.texts("InstanceUpgradeDomain"), ["0", "1"]);
    assert!(first.body().contains("<Name>Build</Name><Value>17</Value>"));

    let next = harness.get("/services/hostedservices/contoso/deploymentslots/staging");
    assert_eq!((next.text("Name"), next.text("Status")), ("next".into(), "Suspended".into()));
    assert_eq!(decode_base64(&next.text("Label")), "next");
    assert_eq!(next.texts("InstanceStatus"), ["StoppedVM"; 4]);
    assert_eq!(next.texts("InstanceName")[0], "Web & more_IN_0");

    let service = harness.get("/services/hostedservices/contoso");
    assert_eq!(decode_base64(&service.text("Label")), "Contoso shop");
    assert_eq!(service.text("Description"), "sells things");
    assert_eq!(service.text("AffinityGroup"), "shops");
    assert!(service.body().contains("<Name>Owner</Name><Value>sales</Value>"));
    let certificates = harness.get("/services/hostedservices/contoso/certificates");
    assert_eq!(certificates.texts("Thumbprint"), [RSA]);
    let fabrikam = harness.get("/services/hostedservices/fabrikam");
    assert_eq!(decode_base64(&fabrikam.text("Label")), "fabrikam");

    let disks = harness.get("/services/storageservices/contosodisks");
    assert_eq!(
        (disks.text("Status"), disks.text("AccountType")),
        ("Created".into(), "Standard_GRS".into())
    );
    let logs = harness.get("/services/storageservices/contosologs");
    assert_eq!(
        (decode_base64(&logs.text("Label")), logs.text("Location")),
        ("Logs".into(), "West US".into())
    );
    assert_eq!(logs.text("Description"), "of contoso");
    let group = harness.get("/affinitygroups/shops");
    assert_eq!(decode_base64(&group.text("Label")), "All shops");
    assert_eq!(group.text("Description"), "near each other");

    assert_eq!(harness.seconds(), 0);
    assert_eq!(harness.simulator.next_event(), None);
    assert!(harness.simulator.journal().entries().all(|entry| entry.method == "GET"));
    let log =
        harness.get("/operations?StartTime=2014-12-31T00:00:00Z&EndTime=2015-01-02T00:00:00Z");
    assert!(!log.has_element("SubscriptionOperation"), "{}", log.body());
    // From now on everything takes its time.
    harness.upgrade("Auto", "release 2", &[("Web", 2)]).expect(202);
    assert!(harness.summary().starts_with("RunningTransitioning locked"), "{}", harness.summary());
}

#[test]
fn fixture_creates_extensions_addresses_and_networks() {
    let mut harness = harness_with_fixture(EVERYTHING, fixture_dir().path()).unwrap();

    let service = harness.get("/services/hostedservices/contoso");
    assert_eq!(service.text("ReverseDnsFqdn"), "contoso.example.");
    let own = harness.get("/services/hostedservices/contoso/extensions/own");
    assert_eq!(
        (own.text("ProviderNameSpace"), own.text("Type")),
        ("Contoso.Tools".into(), "Probe".into())
    );
    assert_eq!(decode_base64(&own.text("PublicConfiguration")), r#"{ "every": 5 }"#);
    let desk = harness.get("/services/hostedservices/contoso/extensions/desk");
    assert_eq!((desk.text("Version"), desk.text("Thumbprint")), ("1.*".into(), RSA.into()));
    assert_eq!(desk.text("ProviderNameSpace"), "Microsoft.Windows.Azure.Extensions");
    assert_eq!(decode_base64(&desk.text("PublicConfiguration")), "<PublicConfig/>");

    let first = harness.get("/services/hostedservices/contoso/deploymentslots/production");
    assert_eq!(first.texts_at("ExtensionConfiguration/AllRoles/Extension/Id"), ["desk"]);
    assert_eq!(first.texts_at("ExtensionConfiguration/NamedRoles/Role/RoleName"), ["Web"]);
    let named = "ExtensionConfiguration/NamedRoles/Role/Extensions/Extension";
    assert_eq!(first.texts_at(&format!("{named}/Id")), ["own"]);
    assert!(first.texts_at(&format!("{named}/State"))[0].eq_ignore_ascii_case("disable"));
    assert_eq!(first.texts_at("Dns/DnsServers/DnsServer/Name"), ["one", "two"]);
    assert_eq!(first.texts_at("Dns/DnsServers/DnsServer/Address"), ["10.0.0.9", "10.0.0.10"]);
    assert_eq!(first.texts_at("ReservedIPName"), ["front"]);

    let front = harness.get("/services/networking/reservedips/front");
    assert_eq!((front.text("State"), front.text("InUse")), ("Created".into(), "true".into()));
    assert_eq!(front.text("Label"), "Contoso's address");
    assert_eq!([front.text("Address")], first.texts_at("VirtualIPs/VirtualIP/Address")[..]);
    let spare = harness.get("/services/networking/reservedips/spare");
    assert_eq!((spare.text("State"), spare.text("Location")), ("Created".into(), "West US".into()));

    let next = harness.get("/services/hostedservices/contoso/deploymentslots/staging");
    assert_eq!(next.text("VirtualNetworkName"), "shop & office");
    let sites = harness.get("/services/networking/virtualnetwork");
    assert_eq!(sites.texts_at("VirtualNetworkSite/Name"), ["shop & office"]);
    assert!(harness.get("/services/networking/media").body().ends_with(NETWORK));
}

#[test]
fn fixture_creates_subscription_resources() {
    let mut harness = harness_with_fixture(EVERYTHING, fixture_dir().path()).unwrap();

    let certificate = harness.get(&format!("/certificates/{EC}"));
    assert_eq!(certificate.text("SubscriptionCertificateData"), data(EC_PEM));
    let request = harness.request("GET", "/certificates", "");
    let outcome =
        harness.simulator.handle(harness.simulator.now(), &Caller::thumbprint(EC), &request);
    assert_eq!(outcome.response.unwrap().status(), 200, "it may call");

    let disks = harness.get("/services/storageservices/contosodisks");
    assert_eq!(
        disks.texts_at("StorageServiceProperties/CustomDomains/CustomDomain/Name"),
        ["disks.contoso.example"]
    );
    assert!(disks.body().contains("<Name>Tier</Name><Value>hot</Value>"));

    let registered = harness.put("/services?service=scheduler&action=register", "");
    assert_eq!(registered.code(), "409 ConflictError");

    harness.version = "2018-06-01";
    let robot = harness.get("/servicePrincipals/robot");
    assert_eq!(robot.text("Description"), "builds");
    assert!(robot.body().contains("<Name>Team</Name><Value>tools</Value>"));
}

/// Whoever copies it has a fixture that works, once the files are there.
#[test]
fn accepts_documented_example() {
    let text = include_str!("../../../../docs/src/reference/emulator-state.md");
    let (_, text) = text.split_once("## A fixture").unwrap();
    let (_, text) = text.split_once("```json\n").unwrap();
    let (example, _) = text.split_once("```").unwrap();

    let mut harness = harness_with_fixture(example, fixture_dir().path()).unwrap();
    assert_eq!(harness.instances().len(), 6);
    let production = harness.get("/services/hostedservices/contoso/deploymentslots/production");
    assert_eq!(production.text("Status"), "Running");
}

#[test]
fn invalid_fixture_error_names_path() {
    const WEB: &str = r#""roles": [{"name": "Web", "instances": 1}]"#;
    let folder = fixture_dir();
    let service = |inner: &str| {
        format!(r#"{{"services": [{{"name": "a", "location": "West US", {inner}}}]}}"#)
    };
    let deployment = |inner: &str| {
        service(&format!(r#""deployments": [{{"slot": "staging", "name": "d", {inner}}}]"#))
    };
    for (json, expected) in [
        (String::new(), "EOF while parsing a value at line 1 column 0"),
        ("{} {}".to_owned(), "trailing characters at line 1 column 4"),
        (r#"{"service": []}"#.to_owned(), "service: unknown field `service`, expected one of `management_certificates`, `service_principals`"),
        (r#"{"services": [{}]}"#.to_owned(), "services[0]: missing field `name`"),
        (service(r#""lable": "x""#), "services[0].lable: unknown field `lable`, expected one of `name`, `label`"),
        (
            service(r#""deployments": [{"slot": "prod", "name": "d"}]"#),
            "services[0].deployments[0].slot: unknown variant `prod`, expected `production` or `staging`",
        ),
        (deployment(r#""status": "off", "roles": []"#), "services[0].deployments[0].status: unknown variant `off`, expected `running` or `suspended`"),
        (deployment(r#""status": "running""#), "services[0].deployments[0]: give exactly one of roles, configuration and configuration_file"),
        (deployment(r#""roles": [], "configuration": """#), "services[0].deployments[0]: give exactly one of"),
        (deployment(r#""configuration": "", "configuration_file": "x""#), "services[0].deployments[0]: give one of configuration and configuration_file, not both"),
        (deployment(r#""configuration": "", "virtual_network": "x""#), "services[0].deployments[0]: give virtual_network together with roles; a configuration names its network itself"),
        (deployment(&format!("{WEB}, \"virtual_network\": \"x\"")), "services[0].deployments[0]: BadRequest: Virtual network 'x' not found."),
        (deployment(&format!("{WEB}, \"reserved_ip\": \"x\"")), "services[0].deployments[0].reserved_ip: ResourceNotFound: The reserved IP address 'x' does not exist."),
        (deployment(&format!(r#"{WEB}, "dns_servers": [{{"name": "n", "address": "10.0.0"}}]"#)), "services[0].deployments[0].dns_servers[0].address: invalid IPv4 address syntax"),
        (deployment(&format!(r#"{WEB}, "dns_servers": [{{"name": "n", "address": "10.0.0.1"}}, {{"name": "N", "address": "10.0.0.1"}}]"#)), "services[0].deployments[0].dns_servers[1]: ConflictError: "),
        (deployment(&format!(r#"{WEB}, "extensions": [{{"id": "x"}}]"#)), "services[0].deployments[0]: BadRequest: The extension"),
        (deployment(&format!(r#"{WEB}, "extensions": [{{"id": "x", "state": "on"}}]"#)), "services[0].deployments[0].extensions[0].state: unknown variant `on`, expected one of `enable`, `disable`, `uninstall`"),
        (service(r#""extensions": [{"id": "x", "type": "None"}]"#), "services[0].extensions[0]: BadRequest: "),
        (service(r#""extensions": [{"id": "x", "type": "RDP", "public_configuration_file": "none.xml"}]"#), "services[0].extensions[0].public_configuration_file: "),
        (service(r#""extensions": [{"id": "x", "type": "RDP", "private_configuration": "secret"}]"#), "services[0].extensions[0].private_configuration: unknown field `private_configuration`, expected one of `id`, `provider`"),
        (r#"{"management_certificates": [{"file": "none.cer"}]}"#.to_owned(), "management_certificates[0].file: "),
        (r#"{"management_certificates": [{"file": "shop.pfx"}]}"#.to_owned(), "management_certificates[0].file: shop.pfx cannot be used: it is a PKCS#12 file"),
        (r#"{"management_certificates": [{"file": "network.xml"}]}"#.to_owned(), "management_certificates[0].file: network.xml cannot be used: it is an XML document"),
        (r#"{"management_certificates": [{"file": "build.cer"}, {"file": "build.cer"}]}"#.to_owned(), "management_certificates[1].file: ConflictError: "),
        (r#"{"service_principals": [{"id": ""}]}"#.to_owned(), "service_principals[0]: "),
        (r#"{"resource_providers": ["scheduler", "bakery"]}"#.to_owned(), "resource_providers[1]: ResourceNotFound: The service name is unknown."),
        (r#"{"network_configuration": "<a/>"}"#.to_owned(), "network_configuration: "),
        (r#"{"network_configuration_file": "probe.json"}"#.to_owned(), "network_configuration_file: "),
        (r#"{"network_configuration_file": "network.xml", "network_configuration": ""}"#.to_owned(), "give one of network_configuration and network_configuration_file, not both"),
        (r#"{"reserved_ips": [{"name": "a", "location": "Atlantis"}]}"#.to_owned(), "reserved_ips[0]: BadRequest: "),
        (r#"{"storage_accounts": [{"name": "abc", "location": "West US", "type": "Cheap"}]}"#.to_owned(), "storage_accounts[0]: "),
        (deployment(r#""roles": []"#), "services[0].deployments[0]: BadRequest: The service configuration is not valid: it has no Role."),
        (
            deployment(r#""roles": [{"name": "Web", "instances": 0}]"#),
            "services[0].deployments[0]: BadRequest: The service configuration is not valid: the role Web has no instance count",
        ),
        (deployment(r#""roles": [{"name": "Web", "instances": -1}]"#), "services[0].deployments[0].roles[0].instances: invalid value: integer `-1`, expected u32"),
        (deployment(r#""configuration_file": "none.cscfg""#), "services[0].deployments[0].configuration_file: "),
        (service(r#""certificates": [{"file": "none.cer"}]"#), "services[0].certificates[0].file: "),
        (service(r#""affinity_group": "g""#), "services[0]: give exactly one of location and affinity_group"),
        (r#"{"services": [{"name": "a"}]}"#.to_owned(), "services[0]: give exactly one of location and affinity_group"),
        (r#"{"services": [{"name": "a b", "location": "West US"}]}"#.to_owned(), "services[0]: "),
        (r#"{"services": [{"name": "a", "affinity_group": "g"}]}"#.to_owned(), "services[0]: "),
        (
            r#"{"services": [{"name": "a", "location": "West US"}, {"name": "A", "location": "West US"}]}"#.to_owned(),
            "services[1]: ConflictError: ",
        ),
        (
            service(r#""deployments": [
                {"slot": "staging", "name": "d", "roles": [{"name": "Web", "instances": 1}]},
                {"slot": "staging", "name": "e", "roles": [{"name": "Web", "instances": 1}]}]"#),
            "services[0].deployments[1]: ConflictError: The specified deployment slot Staging is occupied.",
        ),
    ] {
        let error = harness_with_fixture(&json, folder.path()).err().expect(&json).to_string();
        assert!(error.starts_with(expected), "{json}\n{error}");
    }
}

#[test]
fn missing_fixture_error_names_file() {
    let error = Fixture::read("nowhere/fixture.json").unwrap_err().to_string();
    assert_eq!(error, "nowhere/fixture.json cannot be read");
}
