//! Cloud services as such: listed, changed, taken away with everything in them.

use bytes::Bytes;
use http::Request;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, TestResponse, base64, create_deployment,
    create_service, decode_base64, root, upgrade,
};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";
const CONTOSO_WITH_DEPLOYMENTS: &str = "/services/hostedservices/contoso?comp=media";
const WEB: &[(&str, u32)] = &[("Web", 2)];

fn property(name: &str, value: &str) -> String {
    format!("<ExtendedProperty><Name>{name}</Name>{value}</ExtendedProperty>")
}

fn properties(properties: &str) -> String {
    format!("<ExtendedProperties>{properties}</ExtendedProperties>")
}

fn update(children: &str) -> String {
    root("UpdateHostedService", children)
}

/// `Name=Value` of a service's properties.
fn property_list(harness: &mut Harness) -> String {
    let reply = harness.get(CONTOSO).expect(200);
    let path = "HostedServiceProperties/ExtendedProperties/ExtendedProperty";
    let (names, values) =
        (reply.texts_at(&format!("{path}/Name")), reply.texts_at(&format!("{path}/Value")));
    let pairs = names.iter().zip(&values).map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join(" ")
}

/// A page of the list.
fn page(harness: &mut Harness, token: &str) -> TestResponse {
    let request = Request::get(format!("/{SUBSCRIPTION}{SERVICES}"))
        .header("x-ms-version", harness.version)
        .header("x-ms-continuation-token", token)
        .body(Bytes::new())
        .unwrap();
    harness.handle(&request)
}

#[test]
fn service_elements_follow_wire_order() {
    let mut harness = Harness::new();
    let more = format!(
        "</Location>{}<ReverseDnsFqdn>shop.contoso.com.</ReverseDnsFqdn>",
        properties(&property("Stage", "<Value>test</Value>"))
    );
    harness.post(SERVICES, &create_service("Contoso").replace("</Location>", &more)).expect(201);
    let response = harness.get(CONTOSO).expect(200);
    let (start, sizes) = response.inner_xml().split_once("<ComputeCapabilities>").unwrap();
    assert_eq!(
        start,
        format!(
            "<Url>https://management.example.net/{SUBSCRIPTION}/services/hostedservices/Contoso</Url>\
             <ServiceName>Contoso</ServiceName><HostedServiceProperties><Description i:nil=\"true\"/>\
             <Location>West US</Location><Label>YSBsYWJlbA==</Label><Status>Created</Status>\
             <DateCreated>2015-01-01T00:00:00Z</DateCreated>\
             <DateLastModified>2015-01-01T00:00:00Z</DateLastModified><ExtendedProperties>\
             <ExtendedProperty><Name>ResourceGroup</Name><Value>Contoso</Value></ExtendedProperty>\
             <ExtendedProperty><Name>ResourceLocation</Name><Value>West US</Value></ExtendedProperty>\
             <ExtendedProperty><Name>Stage</Name><Value>test</Value></ExtendedProperty>\
             </ExtendedProperties><ReverseDnsFqdn>shop.contoso.com.</ReverseDnsFqdn>\
             </HostedServiceProperties>"
        )
    );
    assert!(sizes.starts_with("<WebWorkerRoleSizes><RoleSize>A10</RoleSize>"), "{sizes}");
    assert!(sizes.contains("</WebWorkerRoleSizes><VirtualMachinesRoleSizes><RoleSize>A10<"));
    let list = harness.get(SERVICES).expect(200);
    assert_eq!(
        list.inner_xml(),
        format!("<HostedService>{}</HostedService>", response.inner_xml())
    );
}

#[test]
fn list_has_all_services_without_deployments() {
    let mut harness = Harness::new();
    assert_eq!(
        harness.get(SERVICES).expect(200).body(),
        "<HostedServices xmlns=\"http://schemas.microsoft.com/windowsazure\" \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/>"
    );
    let mut harness = Harness::with_deployment(WEB);
    harness.post(SERVICES, &create_service("Fabrikam")).expect(201);
    let list = harness.get(&format!("{SERVICES}/?embed-detail=true")).expect(200);
    assert_eq!(list.texts_at("HostedService/ServiceName"), ["contoso", "Fabrikam"]);
    assert!(!list.has_element("Deployments"));
    assert_eq!(list.header("x-ms-continuation-token"), "");
}

#[test]
fn list_is_paged() {
    let mut harness = Harness::with(|settings| settings.page_size = 2);
    for name in ["e", "b", "D", "a", "c"] {
        harness.post(SERVICES, &create_service(name)).expect(201);
    }
    let mut pages = Vec::new();
    let mut token = String::new();
    loop {
        let page = page(&mut harness, &token).expect(200);
        pages.push(page.texts_at("HostedService/ServiceName").join(" "));
        token = page.header("x-ms-continuation-token").to_owned();
        if token.is_empty() {
            break;
        }
        // It does not matter that the last one told goes, or that one comes before it.
        harness.delete("/services/hostedservices/b");
        harness.post(SERVICES, &create_service("a1"));
    }
    assert_eq!(pages, ["a b", "c D", "e"]);
    assert_eq!(page(&mut harness, "no base64!").code(), "400 BadRequest");
    assert_eq!(page(&mut harness, "enp6").expect(200).texts_at("HostedService"), [""; 0]);
}

#[test]
fn full_last_page_has_no_continuation_token() {
    let mut harness = Harness::with(|settings| settings.page_size = 2);
    for name in ["a", "b"] {
        harness.post(SERVICES, &create_service(name)).expect(201);
    }
    assert_eq!(harness.get(SERVICES).header("x-ms-continuation-token"), "");
}

#[test]
fn update_changes_only_given_elements() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    harness.advance(60);
    let mut update = |children: &str| {
        let reply = harness.put(CONTOSO, &update(children)).expect(200);
        assert_eq!((reply.body(), harness.operation(&reply.id()).as_str()), ("", "Succeeded 200"));
        let response = harness.get(CONTOSO);
        let label = decode_base64(&response.text("Label"));
        [label, response.text("Description"), response.text("ReverseDnsFqdn")].join("|")
    };
    assert_eq!(update(&format!("<Label>{}</Label>", base64("new"))), "new||");
    assert_eq!(update("<Description>shop</Description>"), "new|shop|");
    let fqdn = "<ReverseDnsFqdn>shop.contoso.com</ReverseDnsFqdn>";
    assert_eq!(update(fqdn), "new|shop|shop.contoso.com");
    assert_eq!(update(&properties("")), "new|shop|shop.contoso.com");
    assert_eq!(update("<Description/><ReverseDnsFqdn/>"), "new||");

    let response = harness.get(CONTOSO);
    assert_eq!(response.text("DateCreated"), "2015-01-01T00:00:00Z");
    assert_eq!(response.text("DateLastModified"), "2015-01-01T00:01:00Z");
}

#[test]
fn merges_extended_properties() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    let nil = r#"<Value xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>"#;
    for (change, then) in [
        (property("A", "<Value>1</Value>") + &property("B", "<Value>2</Value>"), "A=1 B=2 "),
        (property("B", "<Value/>") + &property("C", "<Value>3</Value>"), "A=1 B= C=3 "),
        (property("A", nil), "B= C=3 "),
        (property("B", "") + &property("gone", ""), "C=3 "),
    ] {
        harness.put(CONTOSO, &update(&properties(&change))).expect(200);
        let platform = "ResourceGroup=contoso ResourceLocation=West US";
        assert_eq!(property_list(&mut harness), format!("{then}{platform}"));
    }
    // Which are only the platform's until somebody else sets them.
    let own = property("ResourceGroup", "<Value>shop</Value>") + &property("C", "");
    harness.put(CONTOSO, &update(&properties(&own))).expect(200);
    assert_eq!(property_list(&mut harness), "ResourceGroup=shop ResourceLocation=West US");
    let given = format!("</Location>{}", properties(&own));
    harness.delete(CONTOSO).expect(200);
    harness.post(SERVICES, &create_service("contoso").replace("</Location>", &given)).expect(201);
    assert_eq!(property_list(&mut harness), "ResourceGroup=shop ResourceLocation=West US");
}

#[test]
fn allows_fifty_custom_properties() {
    let mut harness = Harness::new();
    let many = |range: std::ops::Range<u32>| {
        let all = range.map(|at| property(&format!("P{at}"), "<Value>v</Value>"));
        update(&properties(&all.collect::<String>()))
    };
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    harness.put(CONTOSO, &many(0..40)).expect(200);
    harness.put(CONTOSO, &many(30..50)).expect(200);
    assert_eq!(harness.put(CONTOSO, &many(50..51)).code(), "400 BadRequest");
    assert_eq!(harness.put(CONTOSO, &many(0..51)).code(), "400 BadRequest");
}

#[test]
fn update_accepts_both_element_orders() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    let fqdn = "<ReverseDnsFqdn>a.contoso.com</ReverseDnsFqdn>";
    let one = properties(&property("A", "<Value>1</Value>"));
    harness.put(CONTOSO, &update(&format!("{one}{fqdn}"))).expect(200);
    assert!(property_list(&mut harness).starts_with("A=1 "));
    let two = properties(&property("A", "<Value>2</Value>"));
    harness.put(CONTOSO, &update(&format!("{fqdn}{two}"))).expect(200);
    assert!(property_list(&mut harness).starts_with("A=2 "));
    // Older versions do not know them.
    harness.version = "2011-10-01";
    let label = format!("<Label>{}</Label>", base64("old"));
    harness.put(CONTOSO, &update(&format!("{label}{one}{fqdn}"))).expect(200);
    harness.version = "2015-04-01";
    assert!(property_list(&mut harness).starts_with("A=2 "));
}

#[test]
fn rejects_invalid_updates() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    let too_long = format!("<Description>{}</Description>", "x".repeat(1025));
    for (children, code) in [
        ("", "400 BadRequest"),
        ("<Location>East US</Location>", "400 BadRequest"),
        ("<Label/>", "400 BadRequest"),
        ("<Label>%</Label>", "400 InvalidXmlRequest"),
        (&too_long, "400 BadRequest"),
        (&properties(&property("1", "<Value>v</Value>")), "400 BadRequest"),
    ] {
        assert_eq!(harness.put(CONTOSO, &update(children)).code(), code, "{children}");
    }
    let fabrikam = harness.put("/services/hostedservices/fabrikam", &update("<Description/>"));
    assert_eq!(fabrikam.code(), "404 ResourceNotFound");
    assert_eq!(harness.put(SERVICES, &update("<Description/>")).code(), "400 InvalidHttpVerb");
    harness.version = "2010-04-01";
    let old = harness.put(CONTOSO, &update("<Description/>"));
    assert_eq!(old.code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn checks_name_availability() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("Contoso")).expect(201);
    let invalid = "<Reason>The hosted service name is invalid.</Reason>";
    let taken = "<Reason>A hosted service with the specified name already exists.</Reason>";
    let nil = "<Reason i:nil=\"true\"/>";
    for (version, name, free, reason) in [
        ("2015-04-01", "fabrikam", true, nil),
        ("2015-04-01", "CONTOSO", false, taken),
        ("2015-04-01", "microsoft", false, invalid),
        ("2015-04-01", "WindowsAzure", false, invalid),
        ("2015-04-01", "a_b", false, invalid),
        ("2013-03-01", "xbox", false, invalid),
        ("2012-12-01", "xbox", true, ""),
        ("2012-12-01", "contoso", false, ""),
        ("2012-03-01", "-a", false, ""),
    ] {
        harness.version = version;
        let response =
            harness.get(&format!("{SERVICES}/Operations/isavailable/{name}")).expect(200);
        assert_eq!(
            response.inner_xml(),
            format!("<Result>{free}</Result>{reason}"),
            "{name} in {version}"
        );
    }
    harness.version = "2011-10-01";
    assert_eq!(
        harness.get(&format!("{SERVICES}/operations/isavailable/fabrikam")).code(),
        "400 MissingOrIncorrectVersionHeader"
    );
}

#[test]
fn rejects_unknown_location_and_reserved_name() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    for (from, to, code, message) in [
        ("West US", "Moon", "400 BadRequest", "The location constraint is not valid"),
        ("fabrikam", "Microsoft", "400 BadRequest", "The hosted service name is invalid."),
        ("fabrikam", "contoso", "409 ConflictError", "The specified DNS name is already taken."),
    ] {
        let refused = harness.post(SERVICES, &create_service("fabrikam").replace(from, to));
        assert_eq!((refused.code().as_str(), &*refused.message()), (code, message));
    }
    // In any case, told as the service spells it.
    let body = create_service("fabrikam").replace("West US", "north EUROPE");
    harness.post(SERVICES, &body).expect(201);
    assert_eq!(harness.get("/services/hostedservices/fabrikam").text("Location"), "North Europe");
}

#[test]
fn deletes_service_with_deployments() {
    let mut harness = Harness::with_deployment(WEB);
    let staging = BY_SLOT.replace("production", "staging");
    harness.post(&staging, &create_deployment("second", "two", WEB, true)).expect(202);
    harness.settle();

    assert_eq!(harness.delete(CONTOSO).code(), "409 ConflictError");
    let accepted = harness.delete("/services/hostedservices/CONTOSO?comp=Media").expect(202);
    assert_eq!(accepted.body(), "");
    let during = harness.get(&format!("{CONTOSO}?embed-detail=true")).expect(200);
    assert_eq!(during.texts_at("HostedServiceProperties/Status"), ["Deleting"]);
    assert_eq!(during.texts_at("Deployments/Deployment/Status"), ["Deleting", "Deleting"]);
    assert_eq!(harness.summary(), "Deleting locked [DeletingVM DeletingVM]");
    assert_eq!(
        harness.get(SERVICES).texts_at("HostedService/HostedServiceProperties/Status"),
        ["Deleting"]
    );
    harness.advance(9);
    assert_eq!(harness.operation(&accepted.id()), "InProgress");

    harness.advance(1);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(harness.get(CONTOSO).message(), "The hosted service does not exist.");
    assert!(harness.instances().is_empty());
    assert_eq!(harness.simulator.next_event(), None);
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    assert_eq!(harness.get(BY_SLOT).message(), "No deployments were found.");
}

#[test]
fn rejects_changes_to_service_being_deleted() {
    let mut harness = Harness::with_deployment(WEB);
    let id = harness.delete(CONTOSO_WITH_DEPLOYMENTS).expect(202).id();
    let staging = BY_SLOT.replace("production", "staging");
    for refused in [
        harness.delete(CONTOSO_WITH_DEPLOYMENTS),
        harness.delete(CONTOSO),
        harness.delete(BY_NAME),
        harness.put(CONTOSO, &update("<Description>late</Description>")),
        harness.post(&staging, &create_deployment("second", "two", WEB, true)),
        harness.post(&format!("{BY_NAME}/?comp=upgrade"), &upgrade("Auto", "two", WEB)),
    ] {
        assert_eq!(refused.code(), "409 ConflictError");
        assert!(refused.message().contains(&id), "{}", refused.message());
    }
    assert_eq!(harness.post(SERVICES, &create_service("contoso")).code(), "409 ConflictError");
    harness.settle();
    assert_eq!(harness.operation(&id), "Succeeded 200");
    harness.post(SERVICES, &create_service("contoso")).expect(201);
}

#[test]
fn rejects_deletion_while_a_deployment_is_locked() {
    let mut harness = Harness::with_deployment(WEB);
    let staging = BY_SLOT.replace("production", "staging");
    let accepted =
        harness.post(&staging, &create_deployment("second", "two", WEB, true)).expect(202);
    let refused = harness.delete(CONTOSO_WITH_DEPLOYMENTS);
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains(&accepted.id()), "{}", refused.message());
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
    harness.settle();
    harness.delete(CONTOSO_WITH_DEPLOYMENTS).expect(202);
}

#[test]
fn service_deletion_fails_pending_walk() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.advance(10);
    let walk = harness.walk(0).expect(202).id();
    let deletion = harness.delete(CONTOSO_WITH_DEPLOYMENTS).expect(202).id();
    assert_eq!(harness.operation(&walk), "Failed 409 ConflictError");
    harness.settle();
    assert_eq!(harness.operation(&deletion), "Succeeded 200");
}

#[test]
fn deletes_empty_service_with_either_request() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    harness.version = "2013-06-01";
    assert_eq!(
        harness.delete(CONTOSO_WITH_DEPLOYMENTS).code(),
        "400 MissingOrIncorrectVersionHeader"
    );
    harness.version = "2013-08-01";
    harness.delete(CONTOSO_WITH_DEPLOYMENTS).expect(202);
    harness.settle();
    assert_eq!(harness.delete(CONTOSO_WITH_DEPLOYMENTS).code(), "404 ResourceNotFound");
}

#[test]
fn poll_timed_deletion_completes_for_any_reader() {
    let by_polls = || {
        let mut harness = Harness::with(|settings| {
            settings.timing.operation = azure_classic_emulator::Delay::Polls(2);
        });
        harness.post(SERVICES, &create_service("contoso")).expect(201);
        let id = harness.delete(CONTOSO_WITH_DEPLOYMENTS).expect(202).id();
        (harness, id)
    };
    let (mut harness, id) = by_polls();
    assert_eq!(harness.operation(&id), "InProgress");
    assert_eq!(harness.operation(&id), "Succeeded 200");
    let (mut harness, _) = by_polls();
    assert_eq!(harness.get(CONTOSO).text("Status"), "Deleting");
    assert_eq!(harness.get(CONTOSO).code(), "404 ResourceNotFound");
}

#[test]
fn omits_elements_newer_than_request_version() {
    let mut harness = Harness::new();
    let fqdn = "</Location><ReverseDnsFqdn>a.contoso.com</ReverseDnsFqdn>";
    harness.post(SERVICES, &create_service("contoso").replace("</Location>", fqdn)).expect(201);
    for (element, since) in [
        ("Location", "2009-10-01"),
        ("Status", "2012-03-01"),
        ("DateLastModified", "2012-03-01"),
        ("ExtendedProperties", "2012-03-01"),
        ("ComputeCapabilities", "2014-05-01"),
        ("ReverseDnsFqdn", "2014-06-01"),
    ] {
        for version in ["2009-10-01", "2012-03-01", "2014-05-01", "2014-06-01", "2018-06-01"] {
            harness.version = version;
            for path in [SERVICES, CONTOSO] {
                assert_eq!(
                    harness.get(path).has_element(element),
                    version >= since,
                    "{element} {version}"
                );
            }
        }
    }
}
