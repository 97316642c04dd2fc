//! The log of what was changed, by whom, and how it went.

use std::net::Ipv4Addr;

use azure_classic_emulator::Caller;
use azure_classic_protocol::machine::{Call, Instant, Machine as _, Retry, Step};
use azure_classic_protocol::{Endpoint, ListSubscriptionOperations};
use bytes::Bytes;
use http::Request;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, THUMBPRINT, TestResponse, base64, create_deployment,
    create_service, cscfg, root,
};

const DAY: &str = "StartTime=2015-01-01&EndTime=2015-01-02";
const PARAMETERS: &str =
    "http://schemas.datacontract.org/2004/07/Microsoft.WindowsAzure.ServiceManagement";

fn get_log(harness: &mut Harness, query: &str) -> TestResponse {
    harness.get(&format!("/operations?{query}"))
}

fn names(harness: &mut Harness, query: &str) -> Vec<String> {
    get_log(harness, query).expect(200).texts("OperationName")
}

/// With three successes and a failure, each at its hour.
fn new_harness() -> Harness {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.advance(3600);
    let register = "/services?service=website&action=register";
    for _ in 0..2 {
        harness.send("PUT", register, "").expect(202);
    }
    harness.advance(3600);
    harness.delete("/services/hostedservices/contoso/").expect(200);
    harness
}

#[test]
fn operation_elements_follow_wire_order() {
    let mut harness = Harness::new();
    let request = Request::post(format!("/{SUBSCRIPTION}/services/hostedservices/"))
        .header("x-ms-version", "2015-04-01")
        .body(Bytes::from(create_service("contoso")))
        .unwrap();
    let caller = Caller::thumbprint(THUMBPRINT).at(Ipv4Addr::new(192, 0, 2, 7).into());
    let created = harness.simulator.handle(Instant::ORIGIN, &caller, &request).response.unwrap();
    let id = created.headers()["x-ms-request-id"].to_str().unwrap();
    let dashed = harness.get(&format!("/operations/{id}")).text("ID");
    let label = base64("a label");
    assert_eq!(
        get_log(&mut harness, DAY).expect(200).body(),
        format!(
            "<SubscriptionOperationCollection xmlns=\"http://schemas.microsoft.com/windowsazure\" \
             xmlns:a=\"{PARAMETERS}\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <SubscriptionOperations><SubscriptionOperation><OperationId>{id}</OperationId>\
             <OperationObjectId>/{SUBSCRIPTION}/services/hostedservices/contoso</OperationObjectId>\
             <OperationName>CreateHostedService</OperationName><OperationParameters>\
             <OperationParameter><a:Name>subscriptionID</a:Name><a:Value>{SUBSCRIPTION}</a:Value>\
             </OperationParameter><OperationParameter><a:Name>input</a:Name><a:Value>\
             &lt;CreateHostedService&gt;&lt;ServiceName&gt;contoso&lt;/ServiceName&gt;\
             &lt;Label&gt;{label}&lt;/Label&gt;&lt;Location&gt;West US&lt;/Location&gt;\
             &lt;/CreateHostedService&gt;</a:Value></OperationParameter></OperationParameters>\
             <OperationCaller><UsedServiceManagementApi>true</UsedServiceManagementApi>\
             <SubscriptionCertificateThumbprint>{THUMBPRINT}</SubscriptionCertificateThumbprint>\
             <ClientIP>192.0.2.7</ClientIP></OperationCaller>\
             <OperationStatus><ID>{dashed}</ID><Status>Succeeded</Status>\
             <HttpStatusCode>200</HttpStatusCode></OperationStatus>\
             <OperationStartedTime>2015-01-01T00:00:00Z</OperationStartedTime>\
             <OperationCompletedTime>2015-01-01T00:00:00Z</OperationCompletedTime>\
             </SubscriptionOperation></SubscriptionOperations></SubscriptionOperationCollection>"
        )
    );
}

#[test]
fn lists_only_accepted_changes() {
    let mut harness = new_harness();
    harness.get("/services/hostedservices/contoso").expect(404);
    harness.delete("/services/hostedservices/contoso").expect(404);
    assert_eq!(
        names(&mut harness, DAY),
        [
            "CreateHostedService",
            "RegisterResourceProvider",
            "RegisterResourceProvider",
            "DeleteHostedService"
        ]
    );
    let response = get_log(&mut harness, DAY);
    assert_eq!(response.texts("Status"), ["Succeeded", "Succeeded", "Failed", "Succeeded"]);
    assert_eq!(response.texts("Code"), ["ConflictError"]);
    assert_eq!(
        response.texts("OperationObjectId"),
        [
            format!("/{SUBSCRIPTION}/services/hostedservices/contoso"),
            format!("/{SUBSCRIPTION}/services"),
            format!("/{SUBSCRIPTION}/services"),
            format!("/{SUBSCRIPTION}/services/hostedservices/contoso"),
        ]
    );
}

#[test]
fn time_range_includes_both_ends() {
    let mut harness = new_harness();
    for (start, end, found) in [
        ("2015-01-01T00:00:00Z", "2015-01-01T00:00:00Z", 1),
        ("2015-01-01T00:00:01Z", "2015-01-01T01:00:00Z", 2),
        ("2015-01-01T00:00:00.0000001Z", "2015-01-01T00:59:59.9999999Z", 0),
        ("2015-01-01T01:00:00.000Z", "2015-01-01T02:00:00.000Z", 3),
        ("2015-01-01", "2015-01-01", 1),
        ("2014-12-31", "2099-01-01", 4),
        ("2014-10-03", "2014-10-04", 0),
    ] {
        let query = format!("starttime={start}&endtime={end}").replace(':', "%3A");
        assert_eq!(names(&mut harness, &query).len(), found, "{query}");
    }
}

#[test]
fn filters_by_object_and_result() {
    let mut harness = new_harness();
    let contoso = format!("/{SUBSCRIPTION}/services/hostedservices/contoso");
    for (query, found) in [
        (format!("ObjectIdFilter={contoso}"), 2),
        (format!("objectidfilter={}/", contoso.to_uppercase().replace('/', "%2F")), 2),
        (format!("ObjectIdFilter=/{SUBSCRIPTION}/services/hostedservices"), 0),
        ("OperationResultFilter=Failed".to_owned(), 1),
        ("OperationResultFilter=succeeded".to_owned(), 3),
        ("OperationResultFilter=InProgress".to_owned(), 0),
        (format!("OperationResultFilter=Failed&ObjectIdFilter={contoso}"), 0),
        ("OperationResultFilter=&ObjectIdFilter=".to_owned(), 4),
    ] {
        assert_eq!(names(&mut harness, &format!("{DAY}&{query}")).len(), found, "{query}");
    }
    harness.send("PUT", "/services?service=sqlserver&action=register", "").expect(202);
    let running = get_log(&mut harness, &format!("{DAY}&OperationResultFilter=InProgress"));
    assert_eq!(running.texts("Status"), ["InProgress"]);
    assert!(
        !running.has_element("HttpStatusCode") && !running.has_element("OperationCompletedTime")
    );
}

#[test]
fn rejects_invalid_queries() {
    let mut harness = new_harness();
    for query in [
        "",
        "StartTime=2015-01-01",
        "EndTime=2015-01-01",
        "StartTime=yesterday&EndTime=2015-01-02",
        "StartTime=2015-01-01T00:00:00&EndTime=2015-01-02",
        "StartTime=2015-13-01&EndTime=2015-01-02",
        "StartTime=2015-01-02&EndTime=2015-01-01",
        "StartTime=2014-10-02&EndTime=2015-01-01",
        "StartTime=2015-01-01&EndTime=2015-01-02&OperationResultFilter=Lost",
        "StartTime=2015-01-01&EndTime=2015-01-02&ContinuationToken=next",
    ] {
        let reply = get_log(&mut harness, query);
        assert_eq!(reply.code(), "400 MissingOrInvalidRequiredQueryParameter", "{query}");
    }
}

#[test]
fn long_log_is_paged() {
    let mut harness = Harness::new();
    let service = |number: usize| create_service(&format!("contoso{number}"));
    for number in 0..250 {
        harness.post("/services/hostedservices", &service(number)).expect(201);
    }
    let mut sizes = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut query = DAY.to_owned();
    loop {
        let page = get_log(&mut harness, &query).expect(200);
        sizes.push(page.texts("OperationId").len());
        seen.extend(page.texts("OperationId"));
        // What is new in between comes last and does not disturb.
        harness.post("/services/hostedservices", &service(1000 + sizes.len())).expect(201);
        match page.text("ContinuationToken").as_str() {
            "" => break,
            token => query = format!("{DAY}&ContinuationToken={token}"),
        }
    }
    assert_eq!(sizes, [100, 100, 52]);
    assert_eq!(seen.len(), 252);
}

#[test]
fn log_contains_no_secrets() {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let configuration = base64("<PrivateConfig><Password>hush</Password></PrivateConfig>");
    let extension = root(
        "Extension",
        &format!(
            "<ProviderNameSpace>Contoso.Extensions</ProviderNameSpace><Type>Audit</Type>\
             <Id>audit</Id><PublicConfiguration>{configuration}</PublicConfiguration>\
             <PrivateConfiguration>{configuration}</PrivateConfiguration>"
        ),
    );
    harness.post("/services/hostedservices/contoso/extensions", &extension).expect(202);
    let file = root(
        "CertificateFile",
        &format!(
            "<Data>{}</Data><CertificateFormat>cer</CertificateFormat><Password>hush</Password>",
            crate::fixtures::data(crate::fixtures::RSA_PEM)
        ),
    );
    harness.post("/services/hostedservices/contoso/certificates", &file).expect(202);
    let create = create_deployment("first", "one", &[("Web", 1)], true)
        .replace("1.cspkg", "1.cspkg?sig=hush");
    harness.post(BY_SLOT, &create).expect(202);
    let response = get_log(&mut harness, DAY).expect(200);
    for secret in [
        "hush",
        "sig=",
        &configuration,
        &base64(&cscfg(&[("Web", 1)])),
        &crate::fixtures::data(crate::fixtures::RSA_PEM),
    ] {
        assert!(!response.body().contains(secret), "{secret}");
    }
    for harmless in ["audit", "CertificateFormat&gt;cer", "&lt;Name&gt;first", "deploymentSlot"] {
        assert!(response.body().contains(harmless), "{harmless}");
    }
    let objects = response.texts("OperationObjectId");
    assert!(objects[1].ends_with("/contoso/extensions/audit"), "{objects:?}");
    assert!(objects[3].ends_with("/contoso/deploymentslots/production"), "{objects:?}");
}

#[test]
fn operations_by_slot_have_separate_names() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    harness.delete(BY_NAME).expect(202);
    let logged = names(&mut harness, DAY);
    assert_eq!(logged, ["CreateHostedService", "CreateDeploymentBySlot", "DeleteDeployment"]);
}

#[test]
fn times_are_included_since_june_2011() {
    let mut harness = new_harness();
    for (version, has_times) in [("2011-02-25", false), ("2011-04-01", false), ("2011-06-01", true)]
    {
        harness.version = version;
        let reply = get_log(&mut harness, DAY).expect(200);
        assert_eq!(reply.has_element("OperationStartedTime"), has_times, "{version}");
        assert_eq!(reply.has_element("OperationCompletedTime"), has_times, "{version}");
    }
    harness.version = "2010-10-28";
    assert_eq!(get_log(&mut harness, DAY).code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn protocol_crate_parses_log() {
    let mut harness = new_harness();
    let endpoint =
        Endpoint::new("https://management.example.net", SUBSCRIPTION.parse().unwrap()).unwrap();
    let list = ListSubscriptionOperations::between("2015-01-01", "2015-01-02T00:00:00Z");
    let retry = Retry::default();
    let mut machine = Call::new(&endpoint, &list, &retry);
    let page = loop {
        match machine.step(Instant::ORIGIN) {
            Step::Send(request) => machine.receive(Instant::ORIGIN, Ok(harness.handle(&request).0)),
            Step::WaitUntil(_) => panic!("nothing is to be waited for"),
            Step::Done(page) => break page.unwrap(),
        }
    };
    let first = &page.subscription_operations[0];
    assert_eq!(first.operation_name, "CreateHostedService");
    assert_eq!(first.operation_parameters[0].name, "subscriptionID");
    assert_eq!(first.operation_parameters[0].value.expose(), SUBSCRIPTION);
}
