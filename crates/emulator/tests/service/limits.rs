//! How much a subscription may have.

use azure_classic_emulator::SubscriptionLimits;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, base64, change, create_deployment, create_service, root, upgrade,
};

const SERVICES: &str = "/services/hostedservices";
const ACCOUNTS: &str = "/services/storageservices";

fn with_small_limits() -> Harness {
    Harness::with(|settings| settings.limits = SubscriptionLimits::NEW_SUBSCRIPTION)
}

#[test]
fn limits_cloud_services_to_20() {
    let mut harness = with_small_limits();
    for at in 0..20 {
        harness.post(SERVICES, &create_service(&format!("contoso{at}"))).expect(201);
    }
    let refused = harness.post(SERVICES, &create_service("fabrikam")).expect(400);
    assert_eq!(refused.code(), "400 BadRequest");
    assert_eq!(
        refused.message(),
        "The subscription policy limit for resource type 'hosted service count' was exceeded. The \
         limit for resource type 'hosted service count' is 20 per subscription, the current count \
         is 20, and the requested increment is 1."
    );
    harness.delete("/services/hostedservices/contoso7").expect(200);
    harness.post(SERVICES, &create_service("fabrikam")).expect(201);
}

#[test]
fn limits_storage_accounts_to_100() {
    let mut harness = with_small_limits();
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
        harness.post(ACCOUNTS, &create(&format!("contoso{at}"))).expect(202);
    }
    let refused = harness.post(ACCOUNTS, &create("fabrikam"));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("is 100 per subscription"), "{}", refused.message());
}

#[test]
fn limits_cores_to_20() {
    let mut harness = with_small_limits();
    let staging = BY_SLOT.replace("production", "staging");
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    let create = |name: &str, count| create_deployment(name, "one", &[("Web", count)], true);
    assert_eq!(harness.post(BY_SLOT, &create("first", 21)).code(), "400 BadRequest");
    harness.post(BY_SLOT, &create("first", 12)).expect(202);
    let refused = harness.post(&staging, &create("second", 9));
    assert_eq!(
        refused.message(),
        "The subscription policy limit for resource type 'cores count' was exceeded. The limit for \
         resource type 'cores count' is 20 per subscription, the current count is 12, and the \
         requested increment is 9."
    );
    harness.post(&staging, &create("second", 8)).expect(202);
    harness.settle();

    // There is no room for one more; what does not grow is free to change.
    let (config, new) = (format!("{BY_NAME}/?comp=config"), format!("{BY_NAME}/?comp=upgrade"));
    assert_eq!(harness.post(&config, &change("Auto", &[("Web", 13)])).code(), "400 BadRequest");
    let more = upgrade("Auto", "two", &[("Web", 12), ("Batch", 1)]);
    assert_eq!(harness.post(&new, &more).code(), "400 BadRequest");
    harness.post(&new, &upgrade("Auto", "two", &[("Web", 12)])).expect(202);
    harness.settle();
    harness.post(&config, &change("Auto", &[("Web", 10)])).expect(202);
    harness.settle();
    harness.post(&config, &change("Auto", &[("Web", 12)])).expect(202);
    harness.settle();

    harness.delete(&staging).expect(202);
    harness.settle();
    harness.post(&config, &change("Auto", &[("Web", 20)])).expect(202);
}

#[test]
fn default_limits_allow_thousands_of_instances() {
    let mut harness = Harness::with_deployment(&[("Web", 3)]);
    harness.upgrade("Auto", "two", &[("Web", 9_000)]).expect(202);
}
