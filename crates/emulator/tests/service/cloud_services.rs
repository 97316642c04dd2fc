//! Cloud services as such: listed, changed, taken away with everything in them.

use bytes::Bytes;
use http::Request;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, SUBSCRIPTION, base64, create_deployment, create_service, root,
    unbase64, upgrade,
};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";
const ALL_OF_CONTOSO: &str = "/services/hostedservices/contoso?comp=media";
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
fn told(bench: &mut Bench) -> String {
    let reply = bench.get(CONTOSO).expect(200);
    let path = "HostedServiceProperties/ExtendedProperties/ExtendedProperty";
    let (names, values) = (reply.at(&format!("{path}/Name")), reply.at(&format!("{path}/Value")));
    let pairs = names.iter().zip(&values).map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join(" ")
}

/// A page of the list.
fn page(bench: &mut Bench, token: &str) -> Reply {
    let request = Request::get(format!("/{SUBSCRIPTION}{SERVICES}"))
        .header("x-ms-version", bench.version)
        .header("x-ms-continuation-token", token)
        .body(Bytes::new())
        .unwrap();
    bench.handle(&request)
}

#[test]
fn a_service_is_told_in_the_order_of_the_wire() {
    let mut bench = Bench::new();
    let more = format!(
        "</Location>{}<ReverseDnsFqdn>shop.contoso.com.</ReverseDnsFqdn>",
        properties(&property("Stage", "<Value>test</Value>"))
    );
    bench.post(SERVICES, &create_service("Contoso").replace("</Location>", &more)).expect(201);
    let told = bench.get(CONTOSO).expect(200);
    let (begin, sizes) = told.inner().split_once("<ComputeCapabilities>").unwrap();
    assert_eq!(
        begin,
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
    let list = bench.get(SERVICES).expect(200);
    assert_eq!(list.inner(), format!("<HostedService>{}</HostedService>", told.inner()));
}

#[test]
fn the_list_has_every_service_and_no_deployments() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.get(SERVICES).expect(200).body(),
        "<HostedServices xmlns=\"http://schemas.microsoft.com/windowsazure\" \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/>"
    );
    let mut bench = Bench::running(WEB);
    bench.post(SERVICES, &create_service("Fabrikam")).expect(201);
    let list = bench.get(&format!("{SERVICES}/?embed-detail=true")).expect(200);
    assert_eq!(list.at("HostedService/ServiceName"), ["contoso", "Fabrikam"]);
    assert!(!list.has("Deployments"));
    assert_eq!(list.header("x-ms-continuation-token"), "");
}

#[test]
fn the_list_is_read_page_by_page() {
    let mut bench = Bench::with(|settings| settings.page_size = 2);
    for name in ["e", "b", "D", "a", "c"] {
        bench.post(SERVICES, &create_service(name)).expect(201);
    }
    let mut told = Vec::new();
    let mut token = String::new();
    loop {
        let page = page(&mut bench, &token).expect(200);
        told.push(page.at("HostedService/ServiceName").join(" "));
        token = page.header("x-ms-continuation-token").to_owned();
        if token.is_empty() {
            break;
        }
        // It does not matter that the last one told goes, or that one comes before it.
        bench.delete("/services/hostedservices/b");
        bench.post(SERVICES, &create_service("a1"));
    }
    assert_eq!(told, ["a b", "c D", "e"]);
    assert_eq!(page(&mut bench, "no base64!").code(), "400 BadRequest");
    assert_eq!(page(&mut bench, "enp6").expect(200).at("HostedService"), [""; 0]);
}

#[test]
fn a_full_page_that_is_the_last_has_no_token() {
    let mut bench = Bench::with(|settings| settings.page_size = 2);
    for name in ["a", "b"] {
        bench.post(SERVICES, &create_service(name)).expect(201);
    }
    assert_eq!(bench.get(SERVICES).header("x-ms-continuation-token"), "");
}

#[test]
fn an_update_changes_what_it_names() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    bench.pass(60);
    let mut update = |children: &str| {
        let reply = bench.put(CONTOSO, &update(children)).expect(200);
        assert_eq!((reply.body(), bench.operation(&reply.id()).as_str()), ("", "Succeeded 200"));
        let told = bench.get(CONTOSO);
        let label = unbase64(&told.text("Label"));
        [label, told.text("Description"), told.text("ReverseDnsFqdn")].join("|")
    };
    assert_eq!(update(&format!("<Label>{}</Label>", base64("new"))), "new||");
    assert_eq!(update("<Description>shop</Description>"), "new|shop|");
    let fqdn = "<ReverseDnsFqdn>shop.contoso.com</ReverseDnsFqdn>";
    assert_eq!(update(fqdn), "new|shop|shop.contoso.com");
    assert_eq!(update(&properties("")), "new|shop|shop.contoso.com");
    assert_eq!(update("<Description/><ReverseDnsFqdn/>"), "new||");

    let told = bench.get(CONTOSO);
    assert_eq!(told.text("DateCreated"), "2015-01-01T00:00:00Z");
    assert_eq!(told.text("DateLastModified"), "2015-01-01T00:01:00Z");
}

#[test]
fn extended_properties_are_merged() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    let nil = r#"<Value xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>"#;
    for (change, then) in [
        (property("A", "<Value>1</Value>") + &property("B", "<Value>2</Value>"), "A=1 B=2 "),
        (property("B", "<Value/>") + &property("C", "<Value>3</Value>"), "A=1 B= C=3 "),
        (property("A", nil), "B= C=3 "),
        (property("B", "") + &property("gone", ""), "C=3 "),
    ] {
        bench.put(CONTOSO, &update(&properties(&change))).expect(200);
        let platform = "ResourceGroup=contoso ResourceLocation=West US";
        assert_eq!(told(&mut bench), format!("{then}{platform}"));
    }
    // Which are only the platform's until somebody else sets them.
    let own = property("ResourceGroup", "<Value>shop</Value>") + &property("C", "");
    bench.put(CONTOSO, &update(&properties(&own))).expect(200);
    assert_eq!(told(&mut bench), "ResourceGroup=shop ResourceLocation=West US");
    let given = format!("</Location>{}", properties(&own));
    bench.delete(CONTOSO).expect(200);
    bench.post(SERVICES, &create_service("contoso").replace("</Location>", &given)).expect(201);
    assert_eq!(told(&mut bench), "ResourceGroup=shop ResourceLocation=West US");
}

#[test]
fn there_are_at_most_fifty_properties_of_ones_own() {
    let mut bench = Bench::new();
    let many = |range: std::ops::Range<u32>| {
        let all = range.map(|at| property(&format!("P{at}"), "<Value>v</Value>"));
        update(&properties(&all.collect::<String>()))
    };
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    bench.put(CONTOSO, &many(0..40)).expect(200);
    bench.put(CONTOSO, &many(30..50)).expect(200);
    assert_eq!(bench.put(CONTOSO, &many(50..51)).code(), "400 BadRequest");
    assert_eq!(bench.put(CONTOSO, &many(0..51)).code(), "400 BadRequest");
}

#[test]
fn updates_are_read_in_both_orders_that_clients_write() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    let fqdn = "<ReverseDnsFqdn>a.contoso.com</ReverseDnsFqdn>";
    let one = properties(&property("A", "<Value>1</Value>"));
    bench.put(CONTOSO, &update(&format!("{one}{fqdn}"))).expect(200);
    assert!(told(&mut bench).starts_with("A=1 "));
    let two = properties(&property("A", "<Value>2</Value>"));
    bench.put(CONTOSO, &update(&format!("{fqdn}{two}"))).expect(200);
    assert!(told(&mut bench).starts_with("A=2 "));
    // Older versions do not know them.
    bench.version = "2011-10-01";
    let label = format!("<Label>{}</Label>", base64("old"));
    bench.put(CONTOSO, &update(&format!("{label}{one}{fqdn}"))).expect(200);
    bench.version = "2015-04-01";
    assert!(told(&mut bench).starts_with("A=2 "));
}

#[test]
fn updates_that_make_no_sense_are_refused() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    let too_long = format!("<Description>{}</Description>", "x".repeat(1025));
    for (children, code) in [
        ("", "400 BadRequest"),
        ("<Location>East US</Location>", "400 BadRequest"),
        ("<Label/>", "400 BadRequest"),
        ("<Label>%</Label>", "400 InvalidXmlRequest"),
        (&too_long, "400 BadRequest"),
        (&properties(&property("1", "<Value>v</Value>")), "400 BadRequest"),
    ] {
        assert_eq!(bench.put(CONTOSO, &update(children)).code(), code, "{children}");
    }
    let fabrikam = bench.put("/services/hostedservices/fabrikam", &update("<Description/>"));
    assert_eq!(fabrikam.code(), "404 ResourceNotFound");
    assert_eq!(bench.put(SERVICES, &update("<Description/>")).code(), "400 InvalidHttpVerb");
    bench.version = "2010-04-01";
    let old = bench.put(CONTOSO, &update("<Description/>"));
    assert_eq!(old.code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn a_name_can_be_had_or_not() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("Contoso")).expect(201);
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
        bench.version = version;
        let told = bench.get(&format!("{SERVICES}/Operations/isavailable/{name}")).expect(200);
        assert_eq!(told.inner(), format!("<Result>{free}</Result>{reason}"), "{name} in {version}");
    }
    bench.version = "2011-10-01";
    assert_eq!(
        bench.get(&format!("{SERVICES}/operations/isavailable/fabrikam")).code(),
        "400 MissingOrIncorrectVersionHeader"
    );
}

#[test]
fn services_need_a_place_that_there_is_and_a_name_that_is_not_reserved() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    for (from, to, code, message) in [
        ("West US", "Moon", "400 BadRequest", "The location constraint is not valid"),
        ("fabrikam", "Microsoft", "400 BadRequest", "The hosted service name is invalid."),
        ("fabrikam", "contoso", "409 ConflictError", "The specified DNS name is already taken."),
    ] {
        let refused = bench.post(SERVICES, &create_service("fabrikam").replace(from, to));
        assert_eq!((refused.code().as_str(), &*refused.message()), (code, message));
    }
    // In any case, told as the service spells it.
    let body = create_service("fabrikam").replace("West US", "north EUROPE");
    bench.post(SERVICES, &body).expect(201);
    assert_eq!(bench.get("/services/hostedservices/fabrikam").text("Location"), "North Europe");
}

#[test]
fn a_service_goes_with_everything_in_it() {
    let mut bench = Bench::running(WEB);
    let staging = BY_SLOT.replace("production", "staging");
    bench.post(&staging, &create_deployment("second", "two", WEB, true)).expect(202);
    bench.settle();

    assert_eq!(bench.delete(CONTOSO).code(), "409 ConflictError");
    let accepted = bench.delete("/services/hostedservices/CONTOSO?comp=Media").expect(202);
    assert_eq!(accepted.body(), "");
    let during = bench.get(&format!("{CONTOSO}?embed-detail=true")).expect(200);
    assert_eq!(during.at("HostedServiceProperties/Status"), ["Deleting"]);
    assert_eq!(during.at("Deployments/Deployment/Status"), ["Deleting", "Deleting"]);
    assert_eq!(bench.board(), "Deleting locked [DeletingVM DeletingVM]");
    assert_eq!(
        bench.get(SERVICES).at("HostedService/HostedServiceProperties/Status"),
        ["Deleting"]
    );
    bench.pass(9);
    assert_eq!(bench.operation(&accepted.id()), "InProgress");

    bench.pass(1);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(bench.get(CONTOSO).message(), "The hosted service does not exist.");
    assert!(bench.instances().is_empty());
    assert_eq!(bench.cloud.next_event(), None);
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    assert_eq!(bench.get(BY_SLOT).message(), "No deployments were found.");
}

#[test]
fn a_service_on_its_way_out_is_not_changed() {
    let mut bench = Bench::running(WEB);
    let id = bench.delete(ALL_OF_CONTOSO).expect(202).id();
    let staging = BY_SLOT.replace("production", "staging");
    for refused in [
        bench.delete(ALL_OF_CONTOSO),
        bench.delete(CONTOSO),
        bench.delete(BY_NAME),
        bench.put(CONTOSO, &update("<Description>late</Description>")),
        bench.post(&staging, &create_deployment("second", "two", WEB, true)),
        bench.post(&format!("{BY_NAME}/?comp=upgrade"), &upgrade("Auto", "two", WEB)),
    ] {
        assert_eq!(refused.code(), "409 ConflictError");
        assert!(refused.message().contains(&id), "{}", refused.message());
    }
    assert_eq!(bench.post(SERVICES, &create_service("contoso")).code(), "409 ConflictError");
    bench.settle();
    assert_eq!(bench.operation(&id), "Succeeded 200");
    bench.post(SERVICES, &create_service("contoso")).expect(201);
}

#[test]
fn a_service_stays_whole_while_an_operation_holds_one_of_its_deployments() {
    let mut bench = Bench::running(WEB);
    let staging = BY_SLOT.replace("production", "staging");
    let accepted = bench.post(&staging, &create_deployment("second", "two", WEB, true)).expect(202);
    let refused = bench.delete(ALL_OF_CONTOSO);
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains(&accepted.id()), "{}", refused.message());
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
    bench.settle();
    bench.delete(ALL_OF_CONTOSO).expect(202);
}

#[test]
fn a_walk_in_a_service_that_goes_has_failed() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.pass(10);
    let walk = bench.walk(0).expect(202).id();
    let deletion = bench.delete(ALL_OF_CONTOSO).expect(202).id();
    assert_eq!(bench.operation(&walk), "Failed 409 ConflictError");
    bench.settle();
    assert_eq!(bench.operation(&deletion), "Succeeded 200");
}

#[test]
fn an_empty_service_can_be_deleted_either_way_since_its_version() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    bench.version = "2013-06-01";
    assert_eq!(bench.delete(ALL_OF_CONTOSO).code(), "400 MissingOrIncorrectVersionHeader");
    bench.version = "2013-08-01";
    bench.delete(ALL_OF_CONTOSO).expect(202);
    bench.settle();
    assert_eq!(bench.delete(ALL_OF_CONTOSO).code(), "404 ResourceNotFound");
}

#[test]
fn a_deletion_by_polls_ends_for_whoever_asks() {
    let by_polls = || {
        let mut bench = Bench::with(|settings| {
            settings.pace.operation = azure_classic_emulator::Takes::Polls(2);
        });
        bench.post(SERVICES, &create_service("contoso")).expect(201);
        let id = bench.delete(ALL_OF_CONTOSO).expect(202).id();
        (bench, id)
    };
    let (mut bench, id) = by_polls();
    assert_eq!(bench.operation(&id), "InProgress");
    assert_eq!(bench.operation(&id), "Succeeded 200");
    let (mut bench, _) = by_polls();
    assert_eq!(bench.get(CONTOSO).text("Status"), "Deleting");
    assert_eq!(bench.get(CONTOSO).code(), "404 ResourceNotFound");
}

#[test]
fn what_is_younger_than_the_version_is_not_told() {
    let mut bench = Bench::new();
    let fqdn = "</Location><ReverseDnsFqdn>a.contoso.com</ReverseDnsFqdn>";
    bench.post(SERVICES, &create_service("contoso").replace("</Location>", fqdn)).expect(201);
    for (element, since) in [
        ("Location", "2009-10-01"),
        ("Status", "2012-03-01"),
        ("DateLastModified", "2012-03-01"),
        ("ExtendedProperties", "2012-03-01"),
        ("ComputeCapabilities", "2014-05-01"),
        ("ReverseDnsFqdn", "2014-06-01"),
    ] {
        for version in ["2009-10-01", "2012-03-01", "2014-05-01", "2014-06-01", "2018-06-01"] {
            bench.version = version;
            for path in [SERVICES, CONTOSO] {
                assert_eq!(bench.get(path).has(element), version >= since, "{element} {version}");
            }
        }
    }
}
