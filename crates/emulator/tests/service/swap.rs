//! Production and staging change places.

use azure_classic_emulator::Delay;
use azure_classic_emulator::faults::{AsyncFailure, FaultRule};

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SERVICE, STAGING, TestResponse, create_deployment, swap,
};

const WEB: &[(&str, u32)] = &[("Web", 1)];
const PLAIN: &str = "https://contoso.example.net/2.cspkg";
const PRODUCTION: &str = "<Production>first</Production>";

fn both_slots() -> Harness {
    Harness::with_deployment(WEB).with_staging(PLAIN)
}

/// Only staging holds a deployment.
fn only_staging() -> Harness {
    let mut harness = both_slots();
    harness.delete(BY_SLOT).expect(202);
    harness.settle();
    harness
}

fn slot_identity(reply: &TestResponse) -> [String; 5] {
    [
        reply.texts_in("Deployment", "Name")[0].clone(),
        reply.text("DeploymentSlot"),
        reply.text("PrivateID"),
        reply.text("Url"),
        reply.text("Address"),
    ]
}

#[test]
fn swap_keeps_names_and_ids_and_addresses_stay_with_slots() {
    let mut harness = both_slots();
    let [first, second] = [BY_SLOT, STAGING].map(|slot| slot_identity(&harness.get(slot)));
    assert_ne!(first[4], second[4]);
    let accepted = harness.post(SERVICE, &swap(PRODUCTION, "second")).expect(202);
    assert_eq!(accepted.body(), "");
    for slot in [BY_SLOT, STAGING] {
        assert_eq!(harness.get(slot).text("Locked"), "true", "{slot}");
        assert_eq!(harness.delete(slot).code(), "409 ConflictError");
    }
    harness.advance(9);
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    assert_eq!(slot_identity(&harness.get(BY_SLOT)), first);
    harness.advance(1);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");

    let [production, staging] = [BY_SLOT, STAGING].map(|slot| harness.get(slot));
    let url = |reply: &TestResponse| format!("http://{}.cloudapp.net/", reply.text("PrivateID"));
    assert_eq!(
        slot_identity(&production),
        ["second", "Production", &second[2], "http://contoso.cloudapp.net/", &first[4]]
    );
    assert_eq!(
        slot_identity(&staging),
        ["first", "Staging", &first[2], &url(&staging), &second[4]]
    );
    for reply in [&production, &staging] {
        assert_eq!(reply.text("Locked"), "false");
        assert_eq!(reply.text("Status"), "Running");
        assert_eq!(reply.text("RollbackAllowed"), "false");
        assert!(!reply.has_element("UpgradeStatus"));
        assert_eq!(reply.text("LastModifiedTime"), "2015-01-01T00:02:10Z");
    }
    // By name it is the same deployment in another place.
    assert_eq!(harness.get(BY_NAME).text("DeploymentSlot"), "Staging");
    let service = harness.get(&format!("{SERVICE}?embed-detail=true"));
    assert_eq!(service.texts_in("Deployment", "Name"), ["second", "first"]);

    // The way back is another swap.
    harness.post(SERVICE, &swap("<Production>SECOND</Production>", "First")).expect(202);
    harness.settle();
    assert_eq!(slot_identity(&harness.get(BY_SLOT)), first);
    assert_eq!(slot_identity(&harness.get(STAGING)), second);
}

#[test]
fn swap_moves_staging_to_empty_production() {
    for production in ["", "<Production/>", "<Production></Production>"] {
        let mut harness = only_staging();
        let before = slot_identity(&harness.get(STAGING));
        let accepted = harness.post(SERVICE, &swap(production, "second")).expect(202);
        harness.settle();
        assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
        assert_eq!(harness.get(STAGING).code(), "404 ResourceNotFound");
        let after = slot_identity(&harness.get(BY_SLOT));
        assert_eq!(after[..3], ["second", "Production", &before[2]]);
        assert_eq!(after[4], before[4], "the only address stays");
        harness.post(STAGING, &create_deployment("third", "three", WEB, true)).expect(202);
    }
}

#[test]
fn target_slot_of_swap_is_occupied() {
    let mut harness = only_staging();
    let swap = harness.post(SERVICE, &swap("", "second")).expect(202);
    let refused = harness.post(BY_SLOT, &create_deployment("third", "three", WEB, true));
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains(&swap.id()), "{}", refused.message());
    harness.settle();
    assert_eq!(harness.get(BY_SLOT).text("Name"), "second");
}

#[test]
fn rejects_names_not_in_the_slots() {
    for (production, source) in [
        (PRODUCTION, "first"),
        ("<Production>second</Production>", "first"),
        ("<Production>third</Production>", "second"),
        (PRODUCTION, "third"),
        (PRODUCTION, ""),
        ("", "second"),
        ("<Production/>", "second"),
    ] {
        let refused = both_slots().post(SERVICE, &swap(production, source));
        assert_eq!(refused.code(), "409 ConflictError", "{production} {source}");
    }
    assert_eq!(
        only_staging().post(SERVICE, &swap(PRODUCTION, "second")).code(),
        "409 ConflictError"
    );
    let mut alone = Harness::with_deployment(WEB);
    assert_eq!(alone.post(SERVICE, &swap(PRODUCTION, "second")).code(), "409 ConflictError");
    assert_eq!(alone.post(SERVICE, &swap(PRODUCTION, "first")).code(), "409 ConflictError");
}

#[test]
fn rejects_missing_source_and_unknown_service() {
    let mut harness = both_slots();
    let body = swap(PRODUCTION, "second");
    let lacking = body.replace("<SourceDeployment>second</SourceDeployment>", "");
    assert_eq!(harness.post(SERVICE, &lacking).code(), "400 InvalidXmlRequest");
    assert_eq!(harness.post(SERVICE, "").code(), "400 InvalidXmlRequest");
    let other = SERVICE.replace("contoso", "fabrikam");
    assert_eq!(harness.post(&other, &body).message(), "The hosted service does not exist.");
}

#[test]
fn rejects_different_endpoint_counts() {
    let one = "https://contoso.example.net/p?endpoints=Web:HttpIn:http:80";
    let mut harness = Harness::with_deployment(WEB).with_staging(one);
    let refused = harness.post(SERVICE, &swap(PRODUCTION, "second"));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("endpoints"), "{}", refused.message());
    harness.upgrade("Auto", "three", WEB).expect(202);
    harness.settle();

    let package = |body: String| {
        body.replace(PLAIN, "https://contoso.example.net/p?endpoints=Web:Dns:udp:53")
    };
    let body = package(crate::harness::upgrade("Auto", "four", WEB));
    harness.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    harness.settle();
    harness.post(SERVICE, &swap(PRODUCTION, "second")).expect(202);
}

#[test]
fn rejects_swap_of_locked_or_updating_deployment() {
    let mut harness = both_slots();
    let update = harness.change("Manual", WEB).expect(202);
    let locked = harness.post(SERVICE, &swap(PRODUCTION, "second"));
    assert_eq!(locked.code(), "409 ConflictError");
    assert!(locked.message().contains(&update.id()), "{}", locked.message());
    harness.settle();
    let updating = harness.post(SERVICE, &swap(PRODUCTION, "second"));
    assert_eq!(updating.code(), "409 ConflictError");
    assert!(updating.message().contains("'first'"), "{}", updating.message());
}

#[test]
fn promotes_suspended_deployment() {
    let mut harness = only_staging();
    harness
        .post(&format!("{STAGING}/?comp=status"), &crate::harness::set_status("Suspended"))
        .expect(202);
    harness.settle();
    harness.post(SERVICE, &swap("", "second")).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_SLOT).text("Status"), "Suspended");
}

#[test]
fn poll_timed_swap_completes_by_polls_of_staging() {
    let mut harness = Harness::with(|settings| settings.timing.operation = Delay::Polls(3));
    harness
        .post("/services/hostedservices", &crate::harness::create_service("contoso"))
        .expect(201);
    harness.post(STAGING, &create_deployment("second", "two", WEB, true)).expect(202);
    let polled = |harness: &mut Harness| {
        let slots: Vec<_> = (0..3).map(|_| harness.get(&second()).text("DeploymentSlot")).collect();
        slots.join(" ")
    };
    assert_eq!(polled(&mut harness), "Staging Staging Staging");
    harness.settle();
    harness.post(SERVICE, &swap("", "second")).expect(202);
    assert_eq!(polled(&mut harness), "Staging Staging Production");
}

fn second() -> String {
    BY_NAME.replace("first", "second")
}

#[test]
fn failed_swap_leaves_both_in_place() {
    let mut harness = both_slots();
    let failure = AsyncFailure::new(400, "Compute.OverconstrainedAllocationRequest");
    harness.add_fault(FaultRule::new("late", failure).on("Swap Deployment"));
    let [first, second] = [BY_SLOT, STAGING].map(|slot| slot_identity(&harness.get(slot)));
    let accepted = harness.post(SERVICE, &swap(PRODUCTION, "second")).expect(202);
    assert_eq!([BY_SLOT, STAGING].map(|slot| harness.get(slot).text("Locked")), ["true"; 2]);
    harness.settle();
    assert_eq!(
        harness.operation(&accepted.id()),
        "Failed 400 Compute.OverconstrainedAllocationRequest"
    );
    assert_eq!([BY_SLOT, STAGING].map(|slot| slot_identity(&harness.get(slot))), [first, second]);
    assert_eq!([BY_SLOT, STAGING].map(|slot| harness.get(slot).text("Locked")), ["false"; 2]);
}
