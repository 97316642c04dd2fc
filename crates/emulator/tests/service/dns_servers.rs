//! The DNS servers of a deployment.

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, base64, create_deployment, create_service, cscfg, root,
};

const WEB: &[(&str, u32)] = &[("Web", 1)];

fn server_xml(name: &str, address: &str) -> String {
    root("DnsServer", &format!("<Name>{name}</Name><Address>{address}</Address>"))
}

fn path(name: &str) -> String {
    format!("{BY_NAME}/dnsservers/{name}")
}

#[test]
fn adds_updates_and_deletes_servers() {
    let mut harness = Harness::with_deployment(WEB);
    let all = format!("{BY_NAME}/dnsservers");
    let accepted = harness.post(&all, &server_xml("Primary", "10.0.0.10")).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(harness.summary(), "Running locked [ReadyRole]");
    assert!(!harness.get(BY_NAME).has_element("Dns"));
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    harness.post(&all, &server_xml("second", "10.0.0.11")).expect(202);
    harness.settle();
    let deployment = harness.get(BY_NAME);
    assert!(
        deployment.body().contains(
            "<ExtendedProperties/><Dns><DnsServers>\
             <DnsServer><Name>Primary</Name><Address>10.0.0.10</Address></DnsServer>\
             <DnsServer><Name>second</Name><Address>10.0.0.11</Address></DnsServer>\
             </DnsServers></Dns><VirtualIPs>"
        ),
        "{}",
        deployment.body()
    );

    harness.send("PUT", &path("primary"), &server_xml("PRIMARY", "10.0.0.12")).expect(202);
    harness.settle();
    let deployment = harness.get(BY_SLOT);
    assert_eq!(deployment.texts_in("DnsServer", "Name"), ["Primary", "second"]);
    assert_eq!(deployment.texts_in("DnsServer", "Address"), ["10.0.0.12", "10.0.0.11"]);

    harness.delete(&path("primary")).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).texts_in("DnsServer", "Name"), ["second"]);
    assert_eq!(harness.delete(&path("primary")).code(), "404 ResourceNotFound");
    harness.version = "2011-10-01";
    assert!(!harness.get(BY_NAME).has_element("Dns"));
}

#[test]
fn rejects_invalid_servers() {
    let mut harness = Harness::with_deployment(WEB);
    let all = format!("{BY_NAME}/dnsservers");
    harness.post(&all, &server_xml("primary", "10.0.0.10")).expect(202);
    harness.settle();
    for (method, path, body, code) in [
        ("POST", all.clone(), server_xml("PRIMARY", "10.0.0.11"), "409 ConflictError"),
        ("POST", all.clone(), server_xml("", "10.0.0.11"), "400 BadRequest"),
        ("POST", all.clone(), server_xml("other", "10.0.0"), "400 BadRequest"),
        ("POST", all.clone(), server_xml("other", "::1"), "400 BadRequest"),
        ("POST", all.clone(), root("DnsServer", "<Name>a</Name>"), "400 InvalidXmlRequest"),
        ("PUT", path("other"), server_xml("other", "10.0.0.11"), "404 ResourceNotFound"),
        ("PUT", path("primary"), server_xml("other", "10.0.0.11"), "400 BadRequest"),
        ("DELETE", path("other"), String::new(), "404 ResourceNotFound"),
        (
            "DELETE",
            path("primary").replace("first", "second"),
            String::new(),
            "404 ResourceNotFound",
        ),
        (
            "POST",
            all.replace("deployments/first", "deploymentslots/production"),
            server_xml("b", "10.0.0.1"),
            "404 ResourceNotFound",
        ),
    ] {
        assert_eq!(harness.send(method, &path, &body).code(), code, "{method} {path} {body}");
    }
    harness.version = "2014-05-01";
    assert_eq!(harness.delete(&path("primary")).code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn rejects_changes_to_locked_deployment() {
    let mut harness = Harness::with_deployment(WEB);
    let all = format!("{BY_NAME}/dnsservers");
    let first = harness.post(&all, &server_xml("primary", "10.0.0.10")).expect(202);
    let second = harness.post(&all, &server_xml("second", "10.0.0.11"));
    assert_eq!(second.code(), "409 ConflictError");
    assert!(second.message().contains(&first.id()), "{}", second.message());
}

#[test]
fn new_deployment_uses_servers_of_its_configuration() {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let create = |servers: &str| {
        let network = format!(
            "<NetworkConfiguration><Dns><DnsServers>{servers}</DnsServers></Dns></NetworkConfiguration>"
        );
        let configuration = cscfg(WEB)
            .replace("</ServiceConfiguration>", &format!("{network}</ServiceConfiguration>"));
        create_deployment("first", "one", WEB, true)
            .replace(&base64(&cscfg(WEB)), &base64(&configuration))
    };
    let refused = harness.post(BY_SLOT, &create(r#"<DnsServer name="a" IPAddress="b"/>"#));
    assert_eq!(refused.code(), "400 BadRequest");
    harness.post(BY_SLOT, &create(r#"<DnsServer name="a" IPAddress="10.0.0.9"/>"#)).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).texts_in("DnsServer", "Address"), ["10.0.0.9"]);
    // Updates leave them as they are.
    harness.change("Auto", WEB).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).texts_in("DnsServer", "Address"), ["10.0.0.9"]);
}
