//! Service principals that may manage the subscription.

use crate::harness::{Harness, TestResponse, root};

const PRINCIPALS: &str = "/servicePrincipals";
const ID: &str = "F3f1a8c2-5d1b-4b6e-9a57-0c5b4d0e2b10";

fn new_harness() -> Harness {
    let mut harness = Harness::new();
    harness.version = "2018-06-01";
    harness
}

fn principal_xml(id: &str, rest: &str) -> String {
    root("ServicePrincipal", &format!("<ServicePrincipalId>{id}</ServicePrincipalId>{rest}"))
}

#[test]
fn adds_reads_and_deletes_principal() {
    let mut harness = new_harness();
    let rest = "<Description>the pipeline</Description><ExtendedProperties><ExtendedProperty>\
                <Name>Team</Name><Value>blue</Value></ExtendedProperty></ExtendedProperties>";
    let added = harness.post(PRINCIPALS, &principal_xml(ID, rest)).expect(200);
    assert_eq!(added.body(), "");
    assert_eq!(harness.operation(&added.id()), "Succeeded 200");
    harness.post(PRINCIPALS, &principal_xml("another", "")).expect(200);

    let own = format!("<ServicePrincipalId>{ID}</ServicePrincipalId>{rest}</ServicePrincipal>");
    let read = harness.get(&format!("{PRINCIPALS}/{}", ID.to_lowercase())).expect(200);
    assert!(read.body().starts_with("<ServicePrincipal xmlns="), "{}", read.body());
    assert!(read.body().ends_with(&own), "{}", read.body());
    let list = harness.get("/serviceprincipals").expect(200);
    let all =
        "<ServicePrincipal><ServicePrincipalId>another</ServicePrincipalId></ServicePrincipal>\
               <ServicePrincipal>"
            .to_owned()
            + &own
            + "</ServicePrincipals>";
    assert!(list.body().ends_with(&all), "{}", list.body());

    harness.delete(&format!("{PRINCIPALS}/{ID}")).expect(200);
    for reply in
        [harness.get(&format!("{PRINCIPALS}/{ID}")), harness.delete(&format!("{PRINCIPALS}/{ID}"))]
    {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The service principal was not found.");
    }
}

#[test]
fn list_is_initially_empty() {
    let list = new_harness().get(PRINCIPALS).expect(200);
    assert!(!list.has_element("ServicePrincipal"));
    assert!(list.body().starts_with("<ServicePrincipals xmlns="), "{}", list.body());
}

#[test]
fn rejects_invalid_principals() {
    let mut harness = new_harness();
    harness.post(PRINCIPALS, &principal_xml(ID, "")).expect(200);
    let long = |count| "a".repeat(count);
    let described = |count| format!("<Description>{}</Description>", long(count));
    let mut refused =
        |body: &str| -> String { TestResponse::code(&harness.post(PRINCIPALS, body)) };
    assert_eq!(refused(&principal_xml(&ID.to_lowercase(), "")), "409 ConflictError");
    assert_eq!(refused(&root("ServicePrincipal", "")), "400 InvalidXmlRequest");
    for body in [
        principal_xml("", ""),
        principal_xml("a/b", ""),
        principal_xml(&long(257), ""),
        principal_xml("a", &described(257)),
        principal_xml("a", "<ExtendedProperties><ExtendedProperty/></ExtendedProperties>"),
    ] {
        assert_eq!(refused(&body), "400 BadRequest", "{body}");
    }
    harness.post(PRINCIPALS, &principal_xml(&long(256), &described(256))).expect(200);
}

#[test]
fn service_principals_require_2018() {
    let mut harness = Harness::new();
    harness.version = "2017-01-01";
    assert_eq!(harness.get(PRINCIPALS).code(), "400 MissingOrIncorrectVersionHeader");
}
