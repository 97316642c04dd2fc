//! How much a subscription may have.

use azure_classic_emulator::Limits;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, base64, change, create_deployment, create_service, root, upgrade,
};

const SERVICES: &str = "/services/hostedservices";
const ACCOUNTS: &str = "/services/storageservices";

fn narrow() -> Bench {
    Bench::with(|settings| settings.limits = Limits::NEW_SUBSCRIPTION)
}

#[test]
fn there_are_20_cloud_services() {
    let mut bench = narrow();
    for at in 0..20 {
        bench.post(SERVICES, &create_service(&format!("contoso{at}"))).expect(201);
    }
    let refused = bench.post(SERVICES, &create_service("fabrikam")).expect(400);
    assert_eq!(refused.code(), "400 BadRequest");
    assert_eq!(
        refused.message(),
        "The subscription policy limit for resource type 'hosted service count' was exceeded. The \
         limit for resource type 'hosted service count' is 20 per subscription, the current count \
         is 20, and the requested increment is 1."
    );
    bench.delete("/services/hostedservices/contoso7").expect(200);
    bench.post(SERVICES, &create_service("fabrikam")).expect(201);
}

#[test]
fn there_are_100_storage_accounts() {
    let mut bench = narrow();
    let create = |name: &str| {
        root(
            "CreateStorageServiceInput",
            &format!(
                "<ServiceName>{name}</ServiceName><Label>{}</Label><Location>West US</Location>",
                base64("store")
            ),
        )
    };
    for at in 0..100 {
        bench.post(ACCOUNTS, &create(&format!("contoso{at}"))).expect(202);
    }
    let refused = bench.post(ACCOUNTS, &create("fabrikam"));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("is 100 per subscription"), "{}", refused.message());
}

#[test]
fn there_are_20_cores_for_all_instances() {
    let mut bench = narrow();
    let staging = BY_SLOT.replace("production", "staging");
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    let create = |name: &str, count| create_deployment(name, "one", &[("Web", count)], true);
    assert_eq!(bench.post(BY_SLOT, &create("first", 21)).code(), "400 BadRequest");
    bench.post(BY_SLOT, &create("first", 12)).expect(202);
    let refused = bench.post(&staging, &create("second", 9));
    assert_eq!(
        refused.message(),
        "The subscription policy limit for resource type 'cores count' was exceeded. The limit for \
         resource type 'cores count' is 20 per subscription, the current count is 12, and the \
         requested increment is 9."
    );
    bench.post(&staging, &create("second", 8)).expect(202);
    bench.settle();

    // There is no room for one more; what does not grow is free to change.
    let (config, new) = (format!("{BY_NAME}/?comp=config"), format!("{BY_NAME}/?comp=upgrade"));
    assert_eq!(bench.post(&config, &change("Auto", &[("Web", 13)])).code(), "400 BadRequest");
    let more = upgrade("Auto", "two", &[("Web", 12), ("Batch", 1)]);
    assert_eq!(bench.post(&new, &more).code(), "400 BadRequest");
    bench.post(&new, &upgrade("Auto", "two", &[("Web", 12)])).expect(202);
    bench.settle();
    bench.post(&config, &change("Auto", &[("Web", 10)])).expect(202);
    bench.settle();
    bench.post(&config, &change("Auto", &[("Web", 12)])).expect(202);
    bench.settle();

    bench.delete(&staging).expect(202);
    bench.settle();
    bench.post(&config, &change("Auto", &[("Web", 20)])).expect(202);
}

#[test]
fn by_default_thousands_of_instances_have_room() {
    let mut bench = Bench::running(&[("Web", 3)]);
    bench.upgrade("Auto", "two", &[("Web", 9_000)]).expect(202);
}
