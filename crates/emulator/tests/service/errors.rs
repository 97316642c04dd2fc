//! What the service does not do, and how it says so.

use azure_classic_emulator::{Caller, Simulator};
use bytes::Bytes;
use http::Request;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, THUMBPRINT, base64, create_deployment, create_service,
    cscfg, rollback, root, upgrade, walk,
};

const SERVICES: &str = "/services/hostedservices";
const WEB: &[(&str, u32)] = &[("Web", 1)];

const FORBIDDEN: &str = "The server failed to authenticate the request. Verify that the \
                         certificate is valid and is associated with this subscription.";

fn request(subscription: &str, version: Option<&str>) -> Request<Bytes> {
    let mut request =
        Request::get(format!("/{subscription}{SERVICES}/contoso")).body(Bytes::new()).unwrap();
    if let Some(version) = version {
        request.headers_mut().insert("x-ms-version", version.parse().unwrap());
    }
    request
}

#[test]
fn unknown_caller_gets_error_of_the_service() {
    let mut harness = Harness::new();
    let now = harness.simulator.now();
    let own = request(SUBSCRIPTION, Some("2015-04-01"));
    let other = request("00000000-0000-0000-0000-000000000000", Some("2015-04-01"));
    let friend = Caller::thumbprint(THUMBPRINT);
    for (caller, request) in [
        (&Caller::ANONYMOUS, &own),
        (&Caller::thumbprint("00"), &own),
        (&Caller::certificate(b"another certificate"), &own),
        (&friend, &other),
    ] {
        let response = harness.simulator.handle(now, caller, request).response.unwrap();
        assert_eq!(response.status(), 403);
        let body = std::str::from_utf8(response.body()).unwrap();
        assert!(body.contains("<Code>ForbiddenError</Code>") && body.contains(FORBIDDEN), "{body}");
    }
    assert_eq!(harness.simulator.handle(now, &friend, &own).response.unwrap().status(), 404);
}

#[test]
fn rejects_unknown_version_header() {
    let mut harness = Harness::with_deployment(WEB);
    for version in [None, Some(""), Some("latest"), Some("2015-04-02"), Some("2015-4-1")] {
        let reply = harness.handle(&request(SUBSCRIPTION, version));
        assert_eq!(reply.code(), "400 MissingOrIncorrectVersionHeader", "{version:?}");
    }
    assert_eq!(harness.handle(&request(SUBSCRIPTION, Some(" 2009-10-01 "))).0.status(), 200);
}

#[test]
fn rejects_operation_newer_than_version() {
    let mut harness = Harness::with_deployment(WEB);
    harness.version = "2011-08-01";
    let refused = harness.post(&format!("{BY_NAME}/?comp=rollback"), &rollback("Auto"));
    assert_eq!(refused.code(), "400 MissingOrIncorrectVersionHeader");
    assert!(refused.message().contains("2011-10-01"), "{}", refused.message());
    harness.version = "2010-04-01";
    assert_eq!(
        harness.post(SERVICES, &create_service("fabrikam")).code(),
        "400 MissingOrIncorrectVersionHeader"
    );
}

#[test]
fn rejects_malformed_bodies() {
    let mut harness = Harness::with_deployment(WEB);
    let too_large = " ".repeat(Simulator::MAX_BODY_BYTES + 1);
    for (body, code) in [
        ("", "400 InvalidXmlRequest"),
        ("no xml", "400 InvalidXmlRequest"),
        ("<WalkUpgradeDomain>", "400 InvalidXmlRequest"),
        (
            "<WalkUpgradeDomain><UpgradeDomain>0</UpgradeDomain></WalkUpgradeDomain>",
            "400 InvalidXmlRequest",
        ),
        (&rollback("Auto"), "400 InvalidXmlRequest"),
        (&root("WalkUpgradeDomain", ""), "400 InvalidXmlRequest"),
        (&root("WalkUpgradeDomain", "<UpgradeDomain/>"), "400 InvalidXmlRequest"),
        (&root("WalkUpgradeDomain", "<UpgradeDomain>-1</UpgradeDomain>"), "400 InvalidXmlRequest"),
        (
            &root("WalkUpgradeDomain", "<UpgradeDomain>99999999999</UpgradeDomain>"),
            "400 InvalidXmlRequest",
        ),
        (&too_large, "400 BadRequest"),
        (&walk(0), "400 BadRequest"),
    ] {
        let reply = harness.post(&format!("{BY_NAME}/?comp=walkupgradedomain"), body);
        assert_eq!(reply.code(), code, "{}", &body[..body.len().min(200)]);
    }
}

#[test]
fn rejects_invalid_values() {
    let good = upgrade("Auto", "two", WEB);
    let configuration = base64(&cscfg(WEB));
    let label = base64("two");
    let mut harness = Harness::with_deployment(WEB);
    for (from, to, code) in [
        ("Auto", "Sideways", "400 InvalidXmlRequest"),
        ("<Force>true", "<Force>yes", "400 InvalidXmlRequest"),
        ("https://", "ftp://", "400 BadRequest"),
        ("2.cspkg", "2.cspkg?upgradeDomainCount=4", "400 BadRequest"),
        (&configuration, "%%%", "400 InvalidXmlRequest"),
        (&configuration, "", "400 BadRequest"),
        (&configuration, &base64("<html/>"), "400 BadRequest"),
        (&configuration, &base64(&cscfg(&[("Web", 10_001)])), "400 BadRequest"),
        (&label, &base64(&"x".repeat(101)), "400 BadRequest"),
        (&label, "", "400 BadRequest"),
        ("<PackageUrl>", "<PackageUri>", "400 InvalidXmlRequest"),
    ] {
        assert!(good.contains(from), "{from}");
        let reply = harness.post(&format!("{BY_NAME}/?comp=upgrade"), &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    harness.post(&format!("{BY_NAME}/?comp=upgrade"), &good).expect(202);

    let rollback = rollback("Simultaneous");
    assert_eq!(
        harness.post(&format!("{BY_NAME}/?comp=rollback"), &rollback).code(),
        "400 InvalidXmlRequest"
    );
}

#[test]
fn service_requires_free_name_and_one_location() {
    let mut harness = Harness::with_deployment(WEB);
    let good = create_service("fabrikam");
    for (from, to, code) in [
        ("fabrikam", "contoso", "409 ConflictError"),
        ("fabrikam", "CONTOSO", "409 ConflictError"),
        ("fabrikam", "-a", "400 BadRequest"),
        ("fabrikam", "a/b", "400 BadRequest"),
        ("fabrikam", "", "400 BadRequest"),
        ("<Location>West US</Location>", "", "400 BadRequest"),
        ("<Location>West US</Location>", "<Location/>", "400 BadRequest"),
        ("</Location>", "</Location><AffinityGroup>a</AffinityGroup>", "400 BadRequest"),
        ("<ServiceName>fabrikam</ServiceName>", "", "400 InvalidXmlRequest"),
    ] {
        let reply = harness.post(SERVICES, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    assert_eq!(
        harness.post(SERVICES, &good.replace("fabrikam", "a b")).message(),
        "The hosted service name is invalid."
    );
    harness.post(SERVICES, &good).expect(201);
}

#[test]
fn rejects_occupied_slot_and_duplicate_name() {
    let mut harness = Harness::with_deployment(WEB);
    let staging = BY_SLOT.replace("production", "staging");
    let create = |name: &str| create_deployment(name, "one", WEB, true);
    assert_eq!(harness.post(BY_SLOT, &create("second")).code(), "409 ConflictError");
    assert_eq!(harness.post(&staging, &create("FIRST")).code(), "409 ConflictError");
    assert_eq!(harness.post(&staging, &create("a/b")).code(), "400 BadRequest");
    assert_eq!(
        harness.post(&staging.replace("contoso", "fabrikam"), &create("second")).code(),
        "404 ResourceNotFound"
    );
    harness.post(&staging, &create("second")).expect(202);
}

#[test]
fn missing_resources_are_not_found() {
    let mut harness = Harness::with_deployment(WEB);
    let staging = BY_SLOT.replace("production", "staging");
    for (path, message) in [
        (&staging, "No deployments were found."),
        (&BY_NAME.replace("first", "second"), "The deployment name 'second' does not exist."),
        (&BY_NAME.replace("contoso", "fabrikam"), "The hosted service does not exist."),
        (&format!("{SERVICES}/fabrikam"), "The hosted service does not exist."),
        (
            &"/operations/00000000000000000000000000000000".to_owned(),
            "The operation request ID was not found.",
        ),
    ] {
        let reply = harness.get(path);
        assert_eq!(reply.code(), "404 ResourceNotFound", "{path}");
        assert_eq!(reply.message(), message);
    }
    assert_eq!(harness.delete(&staging).code(), "404 ResourceNotFound");
    assert_eq!(
        harness.post(&format!("{staging}?comp=upgrade"), &upgrade("Auto", "two", WEB)).code(),
        "404 ResourceNotFound"
    );
}

#[test]
fn reads_and_rejections_create_no_operations() {
    let mut harness = Harness::with_deployment(WEB);
    let read = harness.get(BY_NAME).expect(200).id();
    let refused = harness.walk(0).expect(400).id();
    for id in [read, refused] {
        assert_eq!(harness.get(&format!("/operations/{id}")).code(), "404 ResourceNotFound");
    }
}

#[test]
fn limits_extended_properties() {
    let mut harness = Harness::new();
    let property = |name: &str, value: &str| {
        format!("<ExtendedProperty><Name>{name}</Name><Value>{value}</Value></ExtendedProperty>")
    };
    let many = |count| (0..count).map(|at| property(&format!("P{at}"), "v")).collect::<String>();
    let mut create = |properties: &str| {
        let list = format!("</Location><ExtendedProperties>{properties}</ExtendedProperties>");
        let body = create_service("contoso").replace("</Location>", &list);
        harness.post(SERVICES, &body).0.status().as_u16()
    };
    for properties in [
        property("", "v"),
        property("1a", "v"),
        property("a-b", "v"),
        property(&"a".repeat(65), "v"),
        property("a", &"v".repeat(256)),
        property("a", "v") + &property("a", "w"),
        many(51),
    ] {
        assert_eq!(create(&properties), 400, "{properties}");
    }
    assert_eq!(create(&many(50)), 201);
}
