//! What is told of the subscription, and the services of the platform that it uses.

use bytes::Bytes;
use http::Request;

use azure_classic_emulator::SubscriptionLimits;

use crate::harness::{BY_SLOT, Harness, SUBSCRIPTION, create_deployment, create_service, root};

fn providers(action: &str, name: &str) -> String {
    format!("/services?service={name}&action={action}")
}

#[test]
fn subscription_elements_follow_wire_order() {
    let mut harness =
        Harness::with(|settings| settings.limits = SubscriptionLimits::NEW_SUBSCRIPTION);
    let subscription = harness.get("").expect(200);
    let document = roxmltree::Document::parse(subscription.body()).unwrap();
    let names: Vec<_> =
        document.root_element().children().map(|child| child.tag_name().name()).collect();
    assert_eq!(document.root_element().tag_name().name(), "Subscription");
    assert_eq!(
        names,
        [
            "SubscriptionID",
            "SubscriptionName",
            "SubscriptionStatus",
            "AccountAdminLiveEmailId",
            "ServiceAdminLiveEmailId",
            "MaxCoreCount",
            "MaxStorageAccounts",
            "MaxHostedServices",
            "CurrentCoreCount",
            "CurrentHostedServices",
            "CurrentStorageAccounts",
            "MaxVirtualNetworkSites",
            "MaxLocalNetworkSites",
            "MaxDnsServers",
            "CreatedTime",
            "MaxReservedIPs",
            "CurrentReservedIPs",
            "MaxPublicIPCount",
            "CurrentNetworkSecurityGroups",
            "MaxNetworkSecurityGroups",
            "MaxNetworkSecurityRulesPerGroup",
            "MaxRouteTables",
            "MaxRoutesPerRouteTable",
        ]
    );
    for (name, text) in [
        ("SubscriptionID", SUBSCRIPTION),
        ("SubscriptionStatus", "Active"),
        ("MaxCoreCount", "20"),
        ("MaxStorageAccounts", "100"),
        ("MaxHostedServices", "20"),
        ("CurrentCoreCount", "0"),
        ("CreatedTime", "2015-01-01T00:00:00Z"),
    ] {
        assert_eq!(subscription.text(name), text, "{name}");
    }
}

#[test]
fn counts_existing_resources() {
    let mut harness = Harness::with_deployment(&[("Web", 2), ("Batch", 3)]);
    harness.post("/services/hostedservices", &create_service("fabrikam")).expect(201);
    let staging = BY_SLOT.replace("production", "staging");
    harness.post(&staging, &create_deployment("second", "two", &[("Web", 1)], false)).expect(202);
    harness.settle();
    let subscription = harness.get("/").expect(200);
    assert_eq!(subscription.text("CurrentHostedServices"), "2");
    assert_eq!(subscription.text("CurrentCoreCount"), "6");
}

#[test]
fn counts_networks_and_reserved_addresses() {
    const NETWORK: &str = r#"<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"><VirtualNetworkConfiguration>
        <Dns><DnsServers><DnsServer name="a" IPAddress="10.0.0.4"/><DnsServer name="b" IPAddress="10.0.0.5"/></DnsServers></Dns>
        <LocalNetworkSites><LocalNetworkSite name="hq"><AddressSpace><AddressPrefix>192.168.0.0/24</AddressPrefix></AddressSpace></LocalNetworkSite></LocalNetworkSites>
        <VirtualNetworkSites>
          <VirtualNetworkSite name="shop" Location="West US"><AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name="all"><AddressPrefix>10.0.0.0/8</AddressPrefix></Subnet></Subnets></VirtualNetworkSite>
        </VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"#;
    let mut harness = Harness::new();
    harness.put("/services/networking/media", NETWORK).expect(202);
    let address = root("ReservedIP", "<Name>front</Name><Location>West US</Location>");
    harness.post("/services/networking/reservedips", &address).expect(202);
    harness.settle();
    harness.reload();
    let subscription = harness.get("").expect(200);
    for (element, count) in [
        ("CurrentVirtualNetworkSites", "1"),
        ("CurrentLocalNetworkSites", "1"),
        ("CurrentDnsServers", "2"),
        ("CurrentReservedIPs", "1"),
    ] {
        assert_eq!(subscription.text(element), count, "{element}");
    }
}

#[test]
fn lists_subscription_of_certificate() {
    let mut harness = Harness::new();
    let own = harness.get("").body().to_owned();
    let list = |harness: &mut Harness, version: &str| {
        let request = Request::get("/subscriptions").header("x-ms-version", version);
        harness.handle(&request.body(Bytes::new()).unwrap())
    };
    let listed = list(&mut harness, "2013-08-01").expect(200);
    let inner = own.split_once("<SubscriptionID>").unwrap().1;
    assert!(listed.body().starts_with("<Subscriptions xmlns="), "{}", listed.body());
    assert!(
        listed.body().ends_with(&format!("<Subscription><SubscriptionID>{inner}</Subscriptions>")),
        "{}",
        listed.body()
    );
    assert_eq!(list(&mut harness, "2013-06-01").code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn subscription_requires_2011() {
    let mut harness = Harness::new();
    harness.version = "2011-08-01";
    assert_eq!(harness.get("").code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn rejects_second_registration_of_provider() {
    let mut harness = Harness::new();
    let mut change = |action: &str, name: &str| {
        let reply = harness.send("PUT", &providers(action, name), "");
        harness.advance(10);
        match reply.0.status().as_u16() {
            202 => harness.operation(&reply.id()),
            _ => format!("{}: {}", reply.code(), reply.message()),
        }
    };
    let not_registered = "404 ResourceNotFound: The resource type website is not registered for \
                          this subscription.";
    let registered = "409 ConflictError: The resource type website is already registered for this \
                      subscription.";
    assert_eq!(change("unregister", "website"), not_registered);
    assert_eq!(change("register", "website"), "Succeeded 200");
    assert_eq!(change("Register", "WebSite"), registered);
    assert_eq!(change("register", "sqlserver"), "Succeeded 200");
    assert_eq!(change("unregister", "website"), "Succeeded 200");
    assert_eq!(change("unregister", "website"), not_registered);
    assert_eq!(change("register", "x"), "404 ResourceNotFound: The service name is unknown.");
    let incomplete = "400 MissingOrInvalidRequiredQueryParameter: ";
    assert!(change("register", "").starts_with(incomplete));
    assert!(change("", "website").starts_with(incomplete));
}

#[test]
fn second_concurrent_registration_fails() {
    let mut harness = Harness::new();
    let register = providers("register", "mobileservice");
    let accepted = [1, 2].map(|_| harness.send("PUT", &register, "").expect(202).id());
    harness.advance(10);
    let ends = accepted.map(|id| harness.operation(&id));
    assert_eq!(ends, ["Succeeded 200", "Failed 409 ConflictError"]);
}
