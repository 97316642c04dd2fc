//! Service principals that may manage the subscription.

use crate::bench::{Bench, Reply, root};

const PRINCIPALS: &str = "/servicePrincipals";
const ID: &str = "F3f1a8c2-5d1b-4b6e-9a57-0c5b4d0e2b10";

fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.version = "2018-06-01";
    bench
}

fn principal(id: &str, rest: &str) -> String {
    root("ServicePrincipal", &format!("<ServicePrincipalId>{id}</ServicePrincipalId>{rest}"))
}

#[test]
fn a_principal_is_added_read_and_deleted() {
    let mut bench = bench();
    let rest = "<Description>the pipeline</Description><ExtendedProperties><ExtendedProperty>\
                <Name>Team</Name><Value>blue</Value></ExtendedProperty></ExtendedProperties>";
    let added = bench.post(PRINCIPALS, &principal(ID, rest)).expect(200);
    assert_eq!(added.body(), "");
    assert_eq!(bench.operation(&added.id()), "Succeeded 200");
    bench.post(PRINCIPALS, &principal("another", "")).expect(200);

    let own = format!("<ServicePrincipalId>{ID}</ServicePrincipalId>{rest}</ServicePrincipal>");
    let read = bench.get(&format!("{PRINCIPALS}/{}", ID.to_lowercase())).expect(200);
    assert!(read.body().starts_with("<ServicePrincipal xmlns="), "{}", read.body());
    assert!(read.body().ends_with(&own), "{}", read.body());
    let list = bench.get("/serviceprincipals").expect(200);
    let all =
        "<ServicePrincipal><ServicePrincipalId>another</ServicePrincipalId></ServicePrincipal>\
               <ServicePrincipal>"
            .to_owned()
            + &own
            + "</ServicePrincipals>";
    assert!(list.body().ends_with(&all), "{}", list.body());

    bench.delete(&format!("{PRINCIPALS}/{ID}")).expect(200);
    for reply in
        [bench.get(&format!("{PRINCIPALS}/{ID}")), bench.delete(&format!("{PRINCIPALS}/{ID}"))]
    {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The service principal was not found.");
    }
}

#[test]
fn there_is_none_at_first() {
    let list = bench().get(PRINCIPALS).expect(200);
    assert!(!list.has("ServicePrincipal"));
    assert!(list.body().starts_with("<ServicePrincipals xmlns="), "{}", list.body());
}

#[test]
fn what_cannot_be_added_is_refused() {
    let mut bench = bench();
    bench.post(PRINCIPALS, &principal(ID, "")).expect(200);
    let long = |count| "a".repeat(count);
    let described = |count| format!("<Description>{}</Description>", long(count));
    let mut refused = |body: &str| -> String { Reply::code(&bench.post(PRINCIPALS, body)) };
    assert_eq!(refused(&principal(&ID.to_lowercase(), "")), "409 ConflictError");
    assert_eq!(refused(&root("ServicePrincipal", "")), "400 InvalidXmlRequest");
    for body in [
        principal("", ""),
        principal("a/b", ""),
        principal(&long(257), ""),
        principal("a", &described(257)),
        principal("a", "<ExtendedProperties><ExtendedProperty/></ExtendedProperties>"),
    ] {
        assert_eq!(refused(&body), "400 BadRequest", "{body}");
    }
    bench.post(PRINCIPALS, &principal(&long(256), &described(256))).expect(200);
}

#[test]
fn they_are_as_young_as_2018() {
    let mut bench = Bench::new();
    bench.version = "2017-01-01";
    assert_eq!(bench.get(PRINCIPALS).code(), "400 MissingOrIncorrectVersionHeader");
}
