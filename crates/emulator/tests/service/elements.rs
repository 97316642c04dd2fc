//! Holds what the emulator sends against the elements that `docs/elements` lists for every answer.
//!
//! A cloud that has everything is asked for everything, in every version of the API. What is listed and
//! never comes has a reason in `elements/unsent.rs`.

#[path = "../../../protocol/tests/elements/outline.rs"]
#[expect(dead_code, reason = "the lists say more than answers need")]
mod outline;
mod sent;
mod unsent;

use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_emulator::{Caller, Fixture, Simulator};

use self::sent::SentElements;
use self::unsent::UNSENT;
use crate::fixtures::{RSA, RSA_PEM, der};
use crate::harness::{
    BY_NAME, BY_SLOT, Harness, THUMBPRINT, base64, create_deployment, cscfg, root, settings,
    upgrade,
};

const SERVICE: &str = "/services/hostedservices/contoso";
const LOG_START: &str = "2014-12-31T00:00:00Z";
const LOG_END: &str = "2015-02-01T00:00:00Z";

#[test]
fn every_listed_element_is_sent_or_excused() {
    let mut sent = SentElements::new();
    send_all_requests(&mut sent);

    let missing = sent.missing();
    let mut errors: Vec<String> = missing
        .iter()
        .filter(|path| {
            !UNSENT.iter().any(|(elements, _)| elements.iter().any(|it| is_within(path, it)))
        })
        .map(|path| format!("{path} is listed, and never sent; send it, or say why not"))
        .collect();
    for element in UNSENT.iter().flat_map(|(elements, _)| *elements) {
        if !missing.iter().any(|path| is_within(path, element)) {
            errors.push(format!(
                "{element} has a reason for not being sent, and is sent, or not listed"
            ));
        }
    }
    errors.extend(sent.errors);
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// Whether the last parts of the path of an element, or of one that it is in, are these.
fn is_within(path: &str, element: &str) -> bool {
    let path = path.replace(": ", ":/");
    format!("/{path}/").contains(&format!("/{}/", element.replace(": ", ":/")))
}

/// Asks for everything.
fn send_all_requests(sent: &mut SentElements) {
    let mut harness = harness_with_fixture();
    read_everything(sent, &mut harness);

    // While things are made.
    harness
        .post(
            BY_SLOT,
            &create_deployment("first", "one", &[("Web", 2)], true)
                .replace("1.cspkg", "1.cspkg?warning=old&amp;endpoints=Web:HttpIn:http:80:8080"),
        )
        .expect(202);
    read_deployments(sent, &mut harness);
    harness.advance(5);
    read_deployments(sent, &mut harness);
    harness.settle();

    // While one is changed, and something is wrong.
    harness.add_fault(FaultRule::new("ill", Effect::Unresponsive).instance("Web_IN_1"));
    assert!(harness.simulator.reboot_for_maintenance("contoso", "Web_IN_0"));
    harness.settle();
    let refused = upgrade("Manual", "two", &[("Web", 2)])
        .replace("2.cspkg", "2.cspkg?warning=old")
        .replace("<Force>", "<TreatWarningsAsError>true</TreatWarningsAsError><Force>");
    let refused = harness.post(&format!("{BY_NAME}/?comp=upgrade"), &refused).expect(202);
    sent.read(&mut harness, &format!("/operations/{}", refused.id()));
    harness.settle();
    harness.upgrade("Manual", "two", &[("Web", 2)]).expect(202);
    harness.settle();
    read_deployments(sent, &mut harness);
    sent.read(&mut harness, &format!("/operations/{}", refused.id()));

    // More than there is on a page.
    for _ in 0..101 {
        assert!(harness.simulator.reboot_for_maintenance("contoso", "Web_IN_0"));
        let elsewhere = Caller::thumbprint(THUMBPRINT).at("198.51.100.7".parse().unwrap());
        let update = harness.request("PUT", "/affinitygroups/shops", &update_group());
        let now = harness.simulator.now();
        assert_eq!(
            harness.simulator.handle(now, &elsewhere, &update).response.unwrap().status(),
            200
        );
    }
    read_everything(sent, &mut harness);
}

fn update_group() -> String {
    root("UpdateAffinityGroup", &format!("<Label>{}</Label>", base64("shops")))
}

fn read_deployments(sent: &mut SentElements, harness: &mut Harness) {
    for path in [
        format!("{SERVICE}/deploymentslots/production"),
        format!("{SERVICE}/deploymentslots/staging"),
        format!("{SERVICE}?embed-detail=true"),
    ] {
        sent.read(harness, &path);
    }
}

fn read_everything(sent: &mut SentElements, harness: &mut Harness) {
    read_deployments(sent, harness);
    for path in [
        "",
        "/affinitygroups",
        "/affinitygroups/shops",
        "/certificates",
        &format!("/certificates/{RSA}"),
        "/locations",
        "/operatingsystemfamilies",
        "/operatingsystems",
        &format!("/operations?StartTime={LOG_START}&EndTime={LOG_END}"),
        "/rolesizes",
        "/servicePrincipals",
        "/servicePrincipals/robot",
        "/services/extensions",
        "/services/extensions/Microsoft.Windows.Azure.Extensions/RDP",
        "/services/hostedservices",
        "/services/hostedservices/operations/isavailable/contoso",
        &format!("{SERVICE}/certificates"),
        &format!("{SERVICE}/certificates/sha1-{RSA}"),
        &format!(
            "{SERVICE}/deploymentslots/production/events?starttime={LOG_START}&endtime={LOG_END}"
        ),
        &format!("{SERVICE}/extensions"),
        &format!("{SERVICE}/extensions/own"),
        "/services/networking/media",
        "/services/networking/office?op=checkavailability&address=10.0.0.1",
        "/services/networking/reservedips",
        "/services/networking/reservedips/front",
        "/services/networking/virtualnetwork",
        "/services/storageservices",
        "/services/hostedservices/fabrikam",
        "/services/storageservices/contosodisks",
        "/services/storageservices/contosologs",
        "/services/storageservices/contosodisks/keys",
        "/services/storageservices/operations/isavailable/contosodisks",
    ] {
        sent.read(harness, path);
    }
    sent.read_without_subscription(harness, "/subscriptions");
    let keys = root("RegenerateKeys", "<KeyType>Primary</KeyType>");
    let again = "/services/storageservices/contosodisks/keys?action=regenerate";
    let again = harness.request("POST", again, &keys);
    sent.record(harness, &again);
}

const FIXTURE: &str = r#"{
  "management_certificates": [{ "file": "own.cer" }],
  "service_principals": [{ "id": "robot", "description": "builds", "properties": { "Team": "tools" } }],
  "affinity_groups": [{ "name": "shops", "description": "near each other", "location": "West US" }],
  "network_configuration_file": "network.xml",
  "reserved_ips": [{ "name": "front", "label": "Front", "location": "West US" }],
  "storage_accounts": [
    { "name": "contosodisks", "affinity_group": "shops", "description": "disks", "type": "Standard_RAGRS",
      "custom_domain": "disks.contoso.example" },
    { "name": "contosologs", "location": "West US", "type": "Standard_LRS" }
  ],
  "services": [
    { "name": "fabrikam", "location": "West US" },
    {
      "name": "contoso",
      "description": "sells things",
      "affinity_group": "shops",
      "reverse_dns": "contoso.example.",
      "properties": { "Owner": "sales" },
      "certificates": [{ "file": "own.cer" }],
      "extensions": [
        { "id": "own", "provider": "Contoso.Tools", "type": "Probe", "version": "1.*",
          "thumbprint": "6740A0B2DECFF6CC5ACD90B8C9F64BAC1B4671B6", "public_configuration": "{}" }
      ],
      "deployments": [
        {
          "slot": "staging",
          "name": "next",
          "package": "https://contoso.example.net/1.cspkg?endpoints=Web:HttpIn:http:80:8080&idleTimeout=15&probe=http:8080:/up",
          "configuration_file": "next.cscfg",
          "reserved_ip": "front",
          "dns_servers": [{ "name": "one", "address": "10.0.0.9" }],
          "extensions": [{ "id": "own" }, { "id": "own", "roles": ["Web"], "state": "enable" }],
          "properties": { "Build": "17" }
        }
      ]
    }
  ]
}"#;

const NETWORK: &str = r#"<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
<VirtualNetworkConfiguration>
  <Dns><DnsServers><DnsServer name="one" IPAddress="10.0.0.9"/></DnsServers></Dns>
  <LocalNetworkSites>
    <LocalNetworkSite name="hq">
      <AddressSpace><AddressPrefix>192.168.0.0/24</AddressPrefix></AddressSpace>
      <VPNGatewayAddress>198.51.100.1</VPNGatewayAddress>
    </LocalNetworkSite>
  </LocalNetworkSites>
  <VirtualNetworkSites>
    <VirtualNetworkSite name="office" Location="West US">
      <Label>Office</Label>
      <AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace>
      <Subnets><Subnet name="front"><AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet></Subnets>
      <DnsServersRef><DnsServerRef name="one"/></DnsServersRef>
      <Gateway>
        <ConnectionsToLocalNetwork>
          <LocalNetworkSiteRef name="hq"><Connection type="IPsec"/></LocalNetworkSiteRef>
        </ConnectionsToLocalNetwork>
      </Gateway>
    </VirtualNetworkSite>
    <VirtualNetworkSite name="shops" AffinityGroup="shops">
      <AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace>
      <Subnets><Subnet name="all"><AddressPrefix>10.0.0.0/8</AddressPrefix></Subnet></Subnets>
    </VirtualNetworkSite>
  </VirtualNetworkSites>
</VirtualNetworkConfiguration>
</NetworkConfiguration>"#;

/// The network part of the configuration of what is in staging.
const NEXT: &str = r#"<NetworkConfiguration>
  <AccessControls>
    <AccessControl name="us">
      <Rule order="1" action="permit" remoteSubnet="198.51.100.0/24" description="ours"/>
    </AccessControl>
  </AccessControls>
  <EndpointAcls><EndpointAcl role="Web" endPoint="HttpIn" accessControl="us"/></EndpointAcls>
  <VirtualNetworkSite name="office"/>
  <AddressAssignments>
    <InstanceAddress roleName="Web"><Subnets><Subnet name="front"/></Subnets></InstanceAddress>
  </AddressAssignments>
  <LoadBalancers>
    <LoadBalancer name="inner">
      <FrontendIPConfiguration type="private" subnet="front" staticVirtualNetworkIPAddress="10.0.0.9"/>
    </LoadBalancer>
  </LoadBalancers>
</NetworkConfiguration>"#;

fn harness_with_fixture() -> Harness {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
    write("own.cer", &der(RSA_PEM));
    write("network.xml", NETWORK.as_bytes());
    let end = "</ServiceConfiguration>";
    let next = cscfg(&[("Web", 2)])
        .replace("<Role ", "<Role vmName=\"shop\" ")
        .replace(end, &format!("{NEXT}{end}"));
    write("next.cscfg", next.as_bytes());
    let mut harness = Harness { simulator: Simulator::new(settings()), version: "2018-06-01" };
    harness.simulator.apply_fixture(&Fixture::parse(FIXTURE, folder.path()).unwrap()).unwrap();
    harness
}
