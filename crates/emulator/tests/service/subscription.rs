//! What is told of the subscription, and the services of the platform that it uses.

use bytes::Bytes;
use http::Request;

use azure_classic_emulator::Limits;

use crate::bench::{BY_SLOT, Bench, SUBSCRIPTION, create_deployment, create_service, root};

fn providers(action: &str, name: &str) -> String {
    format!("/services?service={name}&action={action}")
}

#[test]
fn the_subscription_is_told_in_the_order_of_the_wire() {
    let mut bench = Bench::with(|settings| settings.limits = Limits::NEW_SUBSCRIPTION);
    let told = bench.get("").expect(200);
    let document = roxmltree::Document::parse(told.body()).unwrap();
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
        assert_eq!(told.text(name), text, "{name}");
    }
}

#[test]
fn what_there_is_counts() {
    let mut bench = Bench::running(&[("Web", 2), ("Batch", 3)]);
    bench.post("/services/hostedservices", &create_service("fabrikam")).expect(201);
    let staging = BY_SLOT.replace("production", "staging");
    bench.post(&staging, &create_deployment("second", "two", &[("Web", 1)], false)).expect(202);
    bench.settle();
    let told = bench.get("/").expect(200);
    assert_eq!(told.text("CurrentHostedServices"), "2");
    assert_eq!(told.text("CurrentCoreCount"), "6");
}

#[test]
fn networks_and_reserved_addresses_count() {
    const NETWORK: &str = r#"<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"><VirtualNetworkConfiguration>
        <Dns><DnsServers><DnsServer name="a" IPAddress="10.0.0.4"/><DnsServer name="b" IPAddress="10.0.0.5"/></DnsServers></Dns>
        <LocalNetworkSites><LocalNetworkSite name="hq"><AddressSpace><AddressPrefix>192.168.0.0/24</AddressPrefix></AddressSpace></LocalNetworkSite></LocalNetworkSites>
        <VirtualNetworkSites>
          <VirtualNetworkSite name="shop" Location="West US"><AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name="all"><AddressPrefix>10.0.0.0/8</AddressPrefix></Subnet></Subnets></VirtualNetworkSite>
        </VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"#;
    let mut bench = Bench::new();
    bench.put("/services/networking/media", NETWORK).expect(202);
    let address = root("ReservedIP", "<Name>front</Name><Location>West US</Location>");
    bench.post("/services/networking/reservedips", &address).expect(202);
    bench.settle();
    bench.reload();
    let told = bench.get("").expect(200);
    for (element, count) in [
        ("CurrentVirtualNetworkSites", "1"),
        ("CurrentLocalNetworkSites", "1"),
        ("CurrentDnsServers", "2"),
        ("CurrentReservedIPs", "1"),
    ] {
        assert_eq!(told.text(element), count, "{element}");
    }
}

#[test]
fn a_certificate_finds_its_own_subscription() {
    let mut bench = Bench::new();
    let own = bench.get("").body().to_owned();
    let list = |bench: &mut Bench, version: &str| {
        let request = Request::get("/subscriptions").header("x-ms-version", version);
        bench.handle(&request.body(Bytes::new()).unwrap())
    };
    let listed = list(&mut bench, "2013-08-01").expect(200);
    let inner = own.split_once("<SubscriptionID>").unwrap().1;
    assert!(listed.body().starts_with("<Subscriptions xmlns="), "{}", listed.body());
    assert!(
        listed.body().ends_with(&format!("<Subscription><SubscriptionID>{inner}</Subscriptions>")),
        "{}",
        listed.body()
    );
    assert_eq!(list(&mut bench, "2013-06-01").code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn the_subscription_is_as_young_as_2011() {
    let mut bench = Bench::new();
    bench.version = "2011-08-01";
    assert_eq!(bench.get("").code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn resource_providers_are_registered_once() {
    let mut bench = Bench::new();
    let mut change = |action: &str, name: &str| {
        let reply = bench.send("PUT", &providers(action, name), "");
        bench.pass(10);
        match reply.0.status().as_u16() {
            202 => bench.operation(&reply.id()),
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
fn the_second_of_two_registrations_at_once_fails() {
    let mut bench = Bench::new();
    let register = providers("register", "mobileservice");
    let accepted = [1, 2].map(|_| bench.send("PUT", &register, "").expect(202).id());
    bench.pass(10);
    let ends = accepted.map(|id| bench.operation(&id));
    assert_eq!(ends, ["Succeeded 200", "Failed 409 ConflictError"]);
}
