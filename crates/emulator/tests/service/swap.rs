//! Production and staging change places.

use azure_classic_emulator::Takes;
use azure_classic_emulator::faults::{Failure, Rule};

use crate::bench::{BY_NAME, BY_SLOT, Bench, Reply, SERVICE, STAGING, create_deployment, swap};

const WEB: &[(&str, u32)] = &[("Web", 1)];
const PLAIN: &str = "https://contoso.example.net/2.cspkg";
const PRODUCTION: &str = "<Production>first</Production>";

fn both() -> Bench {
    Bench::running(WEB).with_staging(PLAIN)
}

/// Only staging holds a deployment.
fn staged() -> Bench {
    let mut bench = both();
    bench.delete(BY_SLOT).expect(202);
    bench.settle();
    bench
}

fn place(reply: &Reply) -> [String; 5] {
    [
        reply.within("Deployment", "Name")[0].clone(),
        reply.text("DeploymentSlot"),
        reply.text("PrivateID"),
        reply.text("Url"),
        reply.text("Address"),
    ]
}

#[test]
fn names_and_private_ids_stay_and_addresses_follow_the_slot() {
    let mut bench = both();
    let [first, second] = [BY_SLOT, STAGING].map(|slot| place(&bench.get(slot)));
    assert_ne!(first[4], second[4]);
    let accepted = bench.post(SERVICE, &swap(PRODUCTION, "second")).expect(202);
    assert_eq!(accepted.body(), "");
    for slot in [BY_SLOT, STAGING] {
        assert_eq!(bench.get(slot).text("Locked"), "true", "{slot}");
        assert_eq!(bench.delete(slot).code(), "409 ConflictError");
    }
    bench.pass(9);
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    assert_eq!(place(&bench.get(BY_SLOT)), first);
    bench.pass(1);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");

    let [production, staging] = [BY_SLOT, STAGING].map(|slot| bench.get(slot));
    let url = |reply: &Reply| format!("http://{}.cloudapp.net/", reply.text("PrivateID"));
    assert_eq!(
        place(&production),
        ["second", "Production", &second[2], "http://contoso.cloudapp.net/", &first[4]]
    );
    assert_eq!(place(&staging), ["first", "Staging", &first[2], &url(&staging), &second[4]]);
    for reply in [&production, &staging] {
        assert_eq!(reply.text("Locked"), "false");
        assert_eq!(reply.text("Status"), "Running");
        assert_eq!(reply.text("RollbackAllowed"), "false");
        assert!(!reply.has("UpgradeStatus"));
        assert_eq!(reply.text("LastModifiedTime"), "2015-01-01T00:02:10Z");
    }
    // By name it is the same deployment in another place.
    assert_eq!(bench.get(BY_NAME).text("DeploymentSlot"), "Staging");
    let service = bench.get(&format!("{SERVICE}?embed-detail=true"));
    assert_eq!(service.within("Deployment", "Name"), ["second", "first"]);

    // The way back is another swap.
    bench.post(SERVICE, &swap("<Production>SECOND</Production>", "First")).expect(202);
    bench.settle();
    assert_eq!(place(&bench.get(BY_SLOT)), first);
    assert_eq!(place(&bench.get(STAGING)), second);
}

#[test]
fn with_production_empty_staging_moves_there() {
    for production in ["", "<Production/>", "<Production></Production>"] {
        let mut bench = staged();
        let before = place(&bench.get(STAGING));
        let accepted = bench.post(SERVICE, &swap(production, "second")).expect(202);
        bench.settle();
        assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
        assert_eq!(bench.get(STAGING).code(), "404 ResourceNotFound");
        let after = place(&bench.get(BY_SLOT));
        assert_eq!(after[..3], ["second", "Production", &before[2]]);
        assert_eq!(after[4], before[4], "the only address stays");
        bench.post(STAGING, &create_deployment("third", "three", WEB, true)).expect(202);
    }
}

#[test]
fn the_slot_that_a_deployment_moves_to_is_taken() {
    let mut bench = staged();
    let swap = bench.post(SERVICE, &swap("", "second")).expect(202);
    let refused = bench.post(BY_SLOT, &create_deployment("third", "three", WEB, true));
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains(&swap.id()), "{}", refused.message());
    bench.settle();
    assert_eq!(bench.get(BY_SLOT).text("Name"), "second");
}

#[test]
fn names_must_be_those_of_the_slots() {
    for (production, source) in [
        (PRODUCTION, "first"),
        ("<Production>second</Production>", "first"),
        ("<Production>third</Production>", "second"),
        (PRODUCTION, "third"),
        (PRODUCTION, ""),
        ("", "second"),
        ("<Production/>", "second"),
    ] {
        let refused = both().post(SERVICE, &swap(production, source));
        assert_eq!(refused.code(), "409 ConflictError", "{production} {source}");
    }
    assert_eq!(staged().post(SERVICE, &swap(PRODUCTION, "second")).code(), "409 ConflictError");
    let mut alone = Bench::running(WEB);
    assert_eq!(alone.post(SERVICE, &swap(PRODUCTION, "second")).code(), "409 ConflictError");
    assert_eq!(alone.post(SERVICE, &swap(PRODUCTION, "first")).code(), "409 ConflictError");
}

#[test]
fn a_body_without_a_source_is_refused_and_a_service_must_exist() {
    let mut bench = both();
    let body = swap(PRODUCTION, "second");
    let lacking = body.replace("<SourceDeployment>second</SourceDeployment>", "");
    assert_eq!(bench.post(SERVICE, &lacking).code(), "400 InvalidXmlRequest");
    assert_eq!(bench.post(SERVICE, "").code(), "400 InvalidXmlRequest");
    let other = SERVICE.replace("contoso", "fabrikam");
    assert_eq!(bench.post(&other, &body).message(), "The hosted service does not exist.");
}

#[test]
fn the_numbers_of_endpoints_must_be_equal() {
    let one = "https://contoso.example.net/p?endpoints=Web:HttpIn:http:80";
    let mut bench = Bench::running(WEB).with_staging(one);
    let refused = bench.post(SERVICE, &swap(PRODUCTION, "second"));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("endpoints"), "{}", refused.message());
    bench.upgrade("Auto", "three", WEB).expect(202);
    bench.settle();

    let package = |body: String| {
        body.replace(PLAIN, "https://contoso.example.net/p?endpoints=Web:Dns:udp:53")
    };
    let body = package(crate::bench::upgrade("Auto", "four", WEB));
    bench.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    bench.settle();
    bench.post(SERVICE, &swap(PRODUCTION, "second")).expect(202);
}

#[test]
fn what_is_held_or_updated_is_not_swapped() {
    let mut bench = both();
    let update = bench.change("Manual", WEB).expect(202);
    let locked = bench.post(SERVICE, &swap(PRODUCTION, "second"));
    assert_eq!(locked.code(), "409 ConflictError");
    assert!(locked.message().contains(&update.id()), "{}", locked.message());
    bench.settle();
    let updating = bench.post(SERVICE, &swap(PRODUCTION, "second"));
    assert_eq!(updating.code(), "409 ConflictError");
    assert!(updating.message().contains("'first'"), "{}", updating.message());
}

#[test]
fn a_suspended_deployment_can_be_promoted() {
    let mut bench = staged();
    bench
        .post(&format!("{STAGING}/?comp=status"), &crate::bench::set_status("Suspended"))
        .expect(202);
    bench.settle();
    bench.post(SERVICE, &swap("", "second")).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_SLOT).text("Status"), "Suspended");
}

#[test]
fn a_swap_that_waits_for_questions_is_asked_about_in_staging() {
    let mut bench = Bench::with(|settings| settings.pace.operation = Takes::Polls(3));
    bench.post("/services/hostedservices", &crate::bench::create_service("contoso")).expect(201);
    bench.post(STAGING, &create_deployment("second", "two", WEB, true)).expect(202);
    let polled = |bench: &mut Bench| {
        let slots: Vec<_> = (0..3).map(|_| bench.get(&second()).text("DeploymentSlot")).collect();
        slots.join(" ")
    };
    assert_eq!(polled(&mut bench), "Staging Staging Staging");
    bench.settle();
    bench.post(SERVICE, &swap("", "second")).expect(202);
    assert_eq!(polled(&mut bench), "Staging Staging Production");
}

fn second() -> String {
    BY_NAME.replace("first", "second")
}

#[test]
fn a_swap_that_fails_late_leaves_both_where_they_are() {
    let mut bench = both();
    let failure = Failure::new(400, "Compute.OverconstrainedAllocationRequest");
    bench.fault(Rule::new("late", failure).on("Swap Deployment"));
    let [first, second] = [BY_SLOT, STAGING].map(|slot| place(&bench.get(slot)));
    let accepted = bench.post(SERVICE, &swap(PRODUCTION, "second")).expect(202);
    assert_eq!([BY_SLOT, STAGING].map(|slot| bench.get(slot).text("Locked")), ["true"; 2]);
    bench.settle();
    assert_eq!(
        bench.operation(&accepted.id()),
        "Failed 400 Compute.OverconstrainedAllocationRequest"
    );
    assert_eq!([BY_SLOT, STAGING].map(|slot| place(&bench.get(slot))), [first, second]);
    assert_eq!([BY_SLOT, STAGING].map(|slot| bench.get(slot).text("Locked")), ["false"; 2]);
}
