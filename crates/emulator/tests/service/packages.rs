//! Get Package, and what the address of a package says about it.

use crate::harness::{BY_NAME, BY_SLOT, Harness, TestResponse, create_deployment, create_service};

const WEB: &[(&str, u32)] = &[("Web", 1)];
const CONTAINER: &str = "https%3A%2F%2Fcontoso.blob.example.net%2Fpackages";

fn get_package(harness: &mut Harness, query: &str) -> TestResponse {
    harness.post(&format!("{BY_NAME}/package?{query}"), "")
}

#[test]
fn rejects_second_write_without_overwrite() {
    let mut harness = Harness::with_deployment(WEB);
    let mut run = |query: &str| {
        let accepted = get_package(&mut harness, query).expect(202);
        assert_eq!(accepted.body(), "");
        assert_eq!(harness.operation(&accepted.id()), "InProgress");
        assert_eq!(harness.summary(), "Running [ReadyRole]", "it does not hold the deployment");
        harness.advance(10);
        harness.operation(&accepted.id())
    };
    assert_eq!(run(&format!("containerUri={CONTAINER}")), "Succeeded 200");
    assert_eq!(run(&format!("containerUri={CONTAINER}%20+")), "Failed 409 ConflictError");
    assert_eq!(
        run(&format!("containerUri={CONTAINER}&overwriteExisting=false")),
        "Failed 409 ConflictError"
    );
    assert_eq!(run(&format!("containerUri={CONTAINER}&overwriteExisting=true")), "Succeeded 200");
    assert_eq!(run(&format!("containerUri={CONTAINER}2")), "Succeeded 200");
}

#[test]
fn container_must_be_a_valid_uri() {
    let mut harness = Harness::with_deployment(WEB);
    for (query, code) in [
        ("", "400 MissingOrInvalidRequiredQueryParameter"),
        ("containerUri=", "400 MissingOrInvalidRequiredQueryParameter"),
        ("containerUri=packages", "400 BadRequest"),
        ("containerUri=https%3A%2F%2Fcontoso.blob.example.net", "400 BadRequest"),
    ] {
        assert_eq!(get_package(&mut harness, query).code(), code, "{query}");
    }
    assert_eq!(
        get_package(&mut harness, &format!("containerUri={CONTAINER}&overwriteExisting=perhaps"))
            .code(),
        "400 MissingOrInvalidRequiredQueryParameter"
    );
    harness.version = "2011-10-01";
    assert_eq!(
        get_package(&mut harness, &format!("containerUri={CONTAINER}")).code(),
        "400 MissingOrIncorrectVersionHeader"
    );
}

#[test]
fn rejects_package_of_deployment_being_deleted() {
    let mut harness = Harness::with_deployment(WEB);
    harness.delete(BY_SLOT).expect(202);
    let accepted = get_package(&mut harness, &format!("containerUri={CONTAINER}")).expect(202);
    harness.settle();
    assert_eq!(harness.operation(&accepted.id()), "Failed 404 ResourceNotFound");
    assert_eq!(
        get_package(&mut harness, &format!("containerUri={CONTAINER}")).code(),
        "404 ResourceNotFound"
    );
}

#[test]
fn rejects_endpoints_of_unknown_roles() {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let create = |endpoints: &str| {
        create_deployment("first", "one", WEB, true)
            .replace("1.cspkg", &format!("1.cspkg?endpoints={endpoints}"))
    };
    let refused = harness.post(BY_SLOT, &create("Jobs:HttpIn:http:80"));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("'Jobs'"), "{}", refused.message());
    assert_eq!(harness.post(BY_SLOT, &create("Web:HttpIn")).code(), "400 BadRequest");
    harness.post(BY_SLOT, &create("Web:HttpIn:http:80")).expect(202);
}

#[test]
fn clamps_settings_to_their_range() {
    for (setting, domains) in [(0, "1"), (20, "20"), (u32::MAX, "20")] {
        let mut harness = Harness::with(|settings| settings.upgrade_domains = setting);
        harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
        harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
        harness.settle();
        assert_eq!(harness.get(BY_NAME).text("UpgradeDomainCount"), domains);
        harness.reload();
    }
}
