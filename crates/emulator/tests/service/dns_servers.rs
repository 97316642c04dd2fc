//! The DNS servers of a deployment.

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, base64, create_deployment, create_service, cscfg, root,
};

const WEB: &[(&str, u32)] = &[("Web", 1)];

fn server(name: &str, address: &str) -> String {
    root("DnsServer", &format!("<Name>{name}</Name><Address>{address}</Address>"))
}

fn path(name: &str) -> String {
    format!("{BY_NAME}/dnsservers/{name}")
}

#[test]
fn servers_are_added_changed_and_deleted() {
    let mut bench = Bench::running(WEB);
    let all = format!("{BY_NAME}/dnsservers");
    let accepted = bench.post(&all, &server("Primary", "10.0.0.10")).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(bench.board(), "Running locked [ReadyRole]");
    assert!(!bench.get(BY_NAME).has("Dns"));
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    bench.post(&all, &server("second", "10.0.0.11")).expect(202);
    bench.settle();
    let told = bench.get(BY_NAME);
    assert!(
        told.body().contains(
            "<ExtendedProperties/><Dns><DnsServers>\
             <DnsServer><Name>Primary</Name><Address>10.0.0.10</Address></DnsServer>\
             <DnsServer><Name>second</Name><Address>10.0.0.11</Address></DnsServer>\
             </DnsServers></Dns><VirtualIPs>"
        ),
        "{}",
        told.body()
    );

    bench.send("PUT", &path("primary"), &server("PRIMARY", "10.0.0.12")).expect(202);
    bench.settle();
    let told = bench.get(BY_SLOT);
    assert_eq!(told.within("DnsServer", "Name"), ["Primary", "second"]);
    assert_eq!(told.within("DnsServer", "Address"), ["10.0.0.12", "10.0.0.11"]);

    bench.delete(&path("primary")).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).within("DnsServer", "Name"), ["second"]);
    assert_eq!(bench.delete(&path("primary")).code(), "404 ResourceNotFound");
    bench.version = "2011-10-01";
    assert!(!bench.get(BY_NAME).has("Dns"));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut bench = Bench::running(WEB);
    let all = format!("{BY_NAME}/dnsservers");
    bench.post(&all, &server("primary", "10.0.0.10")).expect(202);
    bench.settle();
    for (method, path, body, code) in [
        ("POST", all.clone(), server("PRIMARY", "10.0.0.11"), "409 ConflictError"),
        ("POST", all.clone(), server("", "10.0.0.11"), "400 BadRequest"),
        ("POST", all.clone(), server("other", "10.0.0"), "400 BadRequest"),
        ("POST", all.clone(), server("other", "::1"), "400 BadRequest"),
        ("POST", all.clone(), root("DnsServer", "<Name>a</Name>"), "400 InvalidXmlRequest"),
        ("PUT", path("other"), server("other", "10.0.0.11"), "404 ResourceNotFound"),
        ("PUT", path("primary"), server("other", "10.0.0.11"), "400 BadRequest"),
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
            server("b", "10.0.0.1"),
            "404 ResourceNotFound",
        ),
    ] {
        assert_eq!(bench.send(method, &path, &body).code(), code, "{method} {path} {body}");
    }
    bench.version = "2014-05-01";
    assert_eq!(bench.delete(&path("primary")).code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn a_deployment_that_is_held_takes_no_change() {
    let mut bench = Bench::running(WEB);
    let all = format!("{BY_NAME}/dnsservers");
    let first = bench.post(&all, &server("primary", "10.0.0.10")).expect(202);
    let second = bench.post(&all, &server("second", "10.0.0.11"));
    assert_eq!(second.code(), "409 ConflictError");
    assert!(second.message().contains(&first.id()), "{}", second.message());
}

#[test]
fn a_new_deployment_has_those_of_its_configuration() {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let create = |servers: &str| {
        let network = format!(
            "<NetworkConfiguration><Dns><DnsServers>{servers}</DnsServers></Dns></NetworkConfiguration>"
        );
        let configuration = cscfg(WEB)
            .replace("</ServiceConfiguration>", &format!("{network}</ServiceConfiguration>"));
        create_deployment("first", "one", WEB, true)
            .replace(&base64(&cscfg(WEB)), &base64(&configuration))
    };
    let refused = bench.post(BY_SLOT, &create(r#"<DnsServer name="a" IPAddress="b"/>"#));
    assert_eq!(refused.code(), "400 BadRequest");
    bench.post(BY_SLOT, &create(r#"<DnsServer name="a" IPAddress="10.0.0.9"/>"#)).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).within("DnsServer", "Address"), ["10.0.0.9"]);
    // Updates leave them as they are.
    bench.change("Auto", WEB).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).within("DnsServer", "Address"), ["10.0.0.9"]);
}
