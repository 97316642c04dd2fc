//! Get Package, and what the address of a package says about it.

use crate::bench::{BY_NAME, BY_SLOT, Bench, Reply, create_deployment, create_service};

const WEB: &[(&str, u32)] = &[("Web", 1)];
const CONTAINER: &str = "https%3A%2F%2Fcontoso.blob.example.net%2Fpackages";

fn fetch(bench: &mut Bench, query: &str) -> Reply {
    bench.post(&format!("{BY_NAME}/package?{query}"), "")
}

#[test]
fn a_package_is_written_once_unless_it_may_be_overwritten() {
    let mut bench = Bench::running(WEB);
    let mut run = |query: &str| {
        let accepted = fetch(&mut bench, query).expect(202);
        assert_eq!(accepted.body(), "");
        assert_eq!(bench.operation(&accepted.id()), "InProgress");
        assert_eq!(bench.board(), "Running [ReadyRole]", "it does not hold the deployment");
        bench.pass(10);
        bench.operation(&accepted.id())
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
fn the_container_must_be_an_address() {
    let mut bench = Bench::running(WEB);
    for (query, code) in [
        ("", "400 MissingOrInvalidRequiredQueryParameter"),
        ("containerUri=", "400 MissingOrInvalidRequiredQueryParameter"),
        ("containerUri=packages", "400 BadRequest"),
        ("containerUri=https%3A%2F%2Fcontoso.blob.example.net", "400 BadRequest"),
    ] {
        assert_eq!(fetch(&mut bench, query).code(), code, "{query}");
    }
    assert_eq!(
        fetch(&mut bench, &format!("containerUri={CONTAINER}&overwriteExisting=perhaps")).code(),
        "400 MissingOrInvalidRequiredQueryParameter"
    );
    bench.version = "2011-10-01";
    assert_eq!(
        fetch(&mut bench, &format!("containerUri={CONTAINER}")).code(),
        "400 MissingOrIncorrectVersionHeader"
    );
}

#[test]
fn the_package_of_a_deployment_that_goes_cannot_be_fetched() {
    let mut bench = Bench::running(WEB);
    bench.delete(BY_SLOT).expect(202);
    let accepted = fetch(&mut bench, &format!("containerUri={CONTAINER}")).expect(202);
    bench.settle();
    assert_eq!(bench.operation(&accepted.id()), "Failed 404 ResourceNotFound");
    assert_eq!(
        fetch(&mut bench, &format!("containerUri={CONTAINER}")).code(),
        "404 ResourceNotFound"
    );
}

#[test]
fn endpoints_belong_to_roles_that_there_are() {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let create = |endpoints: &str| {
        create_deployment("first", "one", WEB, true)
            .replace("1.cspkg", &format!("1.cspkg?endpoints={endpoints}"))
    };
    let refused = bench.post(BY_SLOT, &create("Jobs:HttpIn:http:80"));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("'Jobs'"), "{}", refused.message());
    assert_eq!(bench.post(BY_SLOT, &create("Web:HttpIn")).code(), "400 BadRequest");
    bench.post(BY_SLOT, &create("Web:HttpIn:http:80")).expect(202);
}

#[test]
fn settings_out_of_their_range_are_taken_as_the_nearest_number_in_it() {
    for (setting, domains) in [(0, "1"), (20, "20"), (u32::MAX, "20")] {
        let mut bench = Bench::with(|settings| settings.upgrade_domains = setting);
        bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
        bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
        bench.settle();
        assert_eq!(bench.get(BY_NAME).text("UpgradeDomainCount"), domains);
        bench.reload();
    }
}
