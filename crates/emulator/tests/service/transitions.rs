//! The state machine as tables: each stage of a deployment's life with each operation.

use std::collections::BTreeSet;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SERVICE, TestResponse, change, create_deployment, create_service,
    rollback, root, set_status, swap, upgrade, walk,
};

const WEB: &[(&str, u32)] = &[("Web", 2)];

/// What each stage answers to each operation: `ok` is 202, `delayed` is 409 with the id of the operation
/// that holds the deployment.
const EXPECTED_RESPONSES: &str = "
                 create config upgrade walk rollback run  suspend swap reboot reimage rebuild scale package delete
nothing          ok     404    404     404  404      404  404     ok   404    404     404     404   404     404
pending          409    held   held    held held     held held    held 404    404     404     404   ok      held
provisioned      409    held   held    held held     held held    held held   held    held    held  ok      held
running          409    ok     ok      400  400      ok   ok      ok   ok     ok      ok      ok    ok      ok
suspended        409    ok     ok      400  400      ok   ok      ok   ok     ok      ok      ok    ok      ok
accepted         409    held   held    held held     held held    held held   held    held    held  ok      held
waiting          409    ok     ok      ok   ok       ok   ok      409  ok     ok      ok      ok    ok      ok
walking          409    ok     ok      held ok       ok   ok      409  ok     ok      ok      ok    ok      ok
rolling          409    ok     ok      400  ok       ok   ok      409  ok     ok      ok      ok    ok      ok
nearly-done      409    ok     ok      400  ok       ok   ok      409  ok     ok      ok      ok    ok      ok
back             409    ok     ok      400  400      ok   ok      409  ok     ok      ok      ok    ok      ok
stopped-waiting  409    ok     ok      ok   ok       ok   ok      409  ok     ok      ok      ok    ok      ok
suspending       409    held   held    held held     held held    held held   held    held    held  ok      held
starting         409    held   held    held held     held held    held held   held    held    held  ok      held
rebooting        409    held   held    held held     held held    held held   held    held    held  ok      held
deleting         409    held   held    held held     held held    held held   held    held    held  ok      held
";

/// What becomes of a deployment by what was accepted: at once, when nothing more happens of itself,
/// and which versions its instances then run.
const OUTCOMES: &[(&str, &str, &str, &str, &str)] = &[
    ("nothing", "create", "Deploying locked", "Running", "1 1"),
    ("nothing", "swap", "404 ResourceNotFound", "404 ResourceNotFound", ""),
    ("pending provisioned", "package", "Deploying locked", "Running", "1 1"),
    (
        "running",
        "config",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1 1",
    ),
    ("running", "upgrade", "RunningTransitioning locked Auto Before 0", "Running", "2 2"),
    ("running", "run swap reboot reimage rebuild", "Running locked", "Running", "1 1"),
    ("running", "scale", "Running locked", "Running", "1"),
    ("running", "package", "Running", "Running", "1 1"),
    ("running", "suspend", "Suspending locked", "Suspended", "1 1"),
    (
        "suspended",
        "config",
        "SuspendedTransitioning locked Manual Before 0",
        "SuspendedTransitioning rollback Manual Before 0",
        "1 1",
    ),
    ("suspended", "upgrade", "SuspendedTransitioning locked Auto Before 0", "Suspended", "2 2"),
    ("suspended", "run", "Starting locked", "Running", "1 1"),
    ("suspended", "suspend swap reboot reimage rebuild", "Suspended locked", "Suspended", "1 1"),
    ("suspended", "scale", "Suspended locked", "Suspended", "1"),
    ("suspended", "package", "Suspended", "Suspended", "1 1"),
    (
        "accepted",
        "package",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "waiting",
        "config",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "waiting walking rolling nearly-done back",
        "upgrade",
        "RunningTransitioning locked Auto Before 0",
        "Running",
        "3 3",
    ),
    (
        "waiting",
        "walk",
        "RunningTransitioning rollback Manual During 0",
        "RunningTransitioning rollback Manual Before 1",
        "2 1",
    ),
    (
        "waiting walking rolling nearly-done",
        "rollback",
        "RunningTransitioning locked Auto Before 0",
        "Running",
        "1 1",
    ),
    (
        "waiting",
        "run reboot reimage rebuild",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "waiting",
        "scale",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1",
    ),
    (
        "waiting",
        "suspend",
        "Suspending locked Manual Before 0",
        "SuspendedTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "waiting",
        "package",
        "RunningTransitioning rollback Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1 1",
    ),
    // Instances under way arrive, whatever comes after.
    (
        "walking rolling",
        "config",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "2 1",
    ),
    (
        "walking",
        "run reboot reimage rebuild",
        "RunningTransitioning locked Manual During 0",
        "RunningTransitioning rollback Manual Before 1",
        "2 1",
    ),
    (
        "walking",
        "scale",
        "RunningTransitioning locked Manual During 0",
        "RunningTransitioning Manual Before 1",
        "2",
    ),
    (
        "walking",
        "suspend",
        "Suspending locked Manual During 0",
        "SuspendedTransitioning rollback Manual Before 1",
        "2 1",
    ),
    (
        "walking",
        "package",
        "RunningTransitioning rollback Manual During 0",
        "RunningTransitioning rollback Manual Before 1",
        "2 1",
    ),
    (
        "rolling",
        "run reboot reimage rebuild",
        "RunningTransitioning locked Auto During 0",
        "Running",
        "2 2",
    ),
    ("rolling", "scale", "RunningTransitioning locked Auto During 0", "Running", "2"),
    ("rolling", "suspend", "Suspending locked Auto During 0", "Suspended", "2 2"),
    ("rolling", "package", "RunningTransitioning rollback Auto During 0", "Running", "2 2"),
    (
        "nearly-done",
        "config",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "2 2",
    ),
    (
        "nearly-done",
        "run reboot reimage rebuild",
        "RunningTransitioning locked Auto During 1",
        "Running",
        "2 2",
    ),
    ("nearly-done", "scale", "RunningTransitioning locked Auto During 1", "Running", "2"),
    ("nearly-done", "suspend", "Suspending locked Auto During 1", "Suspended", "2 2"),
    ("nearly-done", "package", "RunningTransitioning rollback Auto During 1", "Running", "2 2"),
    (
        "back",
        "config",
        "RunningTransitioning locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "back",
        "run reboot reimage rebuild",
        "RunningTransitioning locked Auto During 0",
        "Running",
        "1 1",
    ),
    ("back", "scale", "RunningTransitioning locked Auto During 0", "Running", "1"),
    ("back", "suspend", "Suspending locked Auto During 0", "Suspended", "1 1"),
    ("back", "package", "RunningTransitioning Auto During 0", "Running", "1 1"),
    (
        "stopped-waiting",
        "config",
        "SuspendedTransitioning locked Manual Before 0",
        "SuspendedTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "stopped-waiting",
        "upgrade",
        "SuspendedTransitioning locked Auto Before 0",
        "Suspended",
        "3 3",
    ),
    (
        "stopped-waiting",
        "walk",
        "SuspendedTransitioning rollback Manual During 0",
        "SuspendedTransitioning rollback Manual Before 1",
        "2 1",
    ),
    (
        "stopped-waiting",
        "rollback",
        "SuspendedTransitioning locked Auto Before 0",
        "Suspended",
        "1 1",
    ),
    (
        "stopped-waiting",
        "run",
        "Starting locked Manual Before 0",
        "RunningTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "stopped-waiting",
        "suspend reboot reimage rebuild",
        "SuspendedTransitioning locked Manual Before 0",
        "SuspendedTransitioning rollback Manual Before 0",
        "1 1",
    ),
    (
        "stopped-waiting",
        "scale",
        "SuspendedTransitioning locked Manual Before 0",
        "SuspendedTransitioning rollback Manual Before 0",
        "1",
    ),
    (
        "stopped-waiting",
        "package",
        "SuspendedTransitioning rollback Manual Before 0",
        "SuspendedTransitioning rollback Manual Before 0",
        "1 1",
    ),
    ("suspending", "package", "Suspending locked", "Suspended", "1 1"),
    ("starting", "package", "Starting locked", "Running", "1 1"),
    ("rebooting", "package", "Running locked", "Running", "1 1"),
    (
        "running suspended waiting walking rolling nearly-done back stopped-waiting",
        "delete",
        "Deleting locked",
        "404 ResourceNotFound",
        "",
    ),
    ("deleting", "package", "Deleting locked", "404 ResourceNotFound", ""),
];

/// The service `contoso` with a deployment `first` of two domains in this stage; in staging, another
/// one is running.
fn harness_in_stage(stage: &str) -> Harness {
    let mut harness = Harness::with(|settings| settings.upgrade_domains = 2);
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness = harness.with_staging("https://contoso.example.net/1.cspkg");
    if stage == "nothing" {
        return harness;
    }
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    match stage {
        "pending" => return harness,
        "provisioned" => harness.advance(5),
        _ => harness.settle(),
    }
    match stage {
        "suspended" | "starting" | "stopped-waiting" => {
            harness.set_status("Suspended").expect(202);
            harness.settle();
        }
        "accepted" | "waiting" | "walking" | "back" => {
            harness.upgrade("Manual", "two", WEB).expect(202);
        }
        "rolling" | "nearly-done" => drop(harness.upgrade("Auto", "two", WEB).expect(202)),
        "suspending" => drop(harness.set_status("Suspended").expect(202)),
        "rebooting" => {
            harness.post(&format!("{BY_NAME}/roleinstances/Web_IN_0?comp=reboot"), "").expect(202);
        }
        "deleting" => drop(harness.delete(BY_NAME).expect(202)),
        _ => {}
    }
    match stage {
        "starting" => drop(harness.set_status("Running").expect(202)),
        "stopped-waiting" => drop(harness.upgrade("Manual", "two", WEB).expect(202)),
        _ => {}
    }
    match stage {
        "waiting" | "walking" | "back" | "stopped-waiting" => harness.advance(10),
        "rolling" => harness.advance(20),
        // The last instance is on its way.
        "nearly-done" => harness.advance(65),
        _ => {}
    }
    match stage {
        "walking" => drop(harness.walk(0).expect(202)),
        "back" => {
            harness.walk(0).expect(202);
            harness.settle();
            harness.roll_back("Auto").expect(202);
            harness.advance(15);
        }
        _ => {}
    }
    harness
}

fn perform(harness: &mut Harness, operation: &str) -> TestResponse {
    let instance = format!("{BY_NAME}/roleinstances/Web_IN_1");
    let at = |query: &str| format!("{BY_NAME}/?comp={query}");
    match operation {
        "create" => harness.post(BY_SLOT, &create_deployment("first", "three", WEB, true)),
        "config" => harness.post(&at("config"), &change("Manual", WEB)),
        "upgrade" => harness.post(&at("upgrade"), &upgrade("Auto", "three", WEB)),
        "walk" => harness.post(&at("walkupgradedomain"), &walk(0)),
        "rollback" => harness.post(&format!("{BY_SLOT}/?comp=rollback"), &rollback("Auto")),
        "run" => harness.post(&at("status"), &set_status("Running")),
        "suspend" => harness.post(&at("status"), &set_status("Suspended")),
        "swap" => {
            let is_there = harness.get(BY_SLOT).0.status() == 200;
            let production = if is_there { "<Production>first</Production>" } else { "" };
            harness.post(SERVICE, &swap(production, "second"))
        }
        "reboot" => harness.post(&format!("{instance}?comp=reboot"), ""),
        "reimage" => harness.post(&format!("{instance}?comp=reimage"), ""),
        "rebuild" => harness.post(&format!("{instance}?comp=rebuild&resources=allLocalDrives"), ""),
        "scale" => {
            let body = root("RoleInstances", "<Name>Web_IN_1</Name>");
            harness.post(&format!("{BY_NAME}/roleinstances/?comp=delete"), &body)
        }
        "package" => harness
            .post(&format!("{BY_NAME}/package?containerUri=https://contoso.example.net/c"), ""),
        "delete" => harness.delete(BY_NAME),
        _ => panic!("{operation}"),
    }
}

/// `ok`, `delayed` (409 with the id of the operation that holds the deployment), or the status.
fn response_kind(harness: &mut Harness, operation: &str) -> String {
    let before = harness.get(BY_SLOT).0.into_body();
    let reply = perform(harness, operation);
    let status = reply.0.status().as_u16();
    match status {
        202 => "ok".to_owned(),
        status => {
            assert_eq!(harness.get(BY_SLOT).0.into_body(), before, "a refusal changes nothing");
            let is_held = status == 409 && reply.message().contains("exclusive access");
            if is_held { "held".to_owned() } else { status.to_string() }
        }
    }
}

/// Status, lock, rollback and update of the board, without the instances.
fn outline(harness: &mut Harness) -> String {
    let snapshot = harness.summary();
    snapshot.split(" [").next().unwrap_or_default().to_owned()
}

/// Every stage with every operation, and what the first table says of the two.
fn table() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut lines = EXPECTED_RESPONSES.trim().lines();
    let operations: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    let mut table = Vec::new();
    for line in lines {
        let mut columns = line.split_whitespace();
        let stage = columns.next().unwrap();
        table.extend(
            operations
                .iter()
                .zip(columns)
                .map(|(operation, expected)| (stage, *operation, expected)),
        );
    }
    assert_eq!(table.len(), 16 * 14);
    table
}

#[test]
fn stages_accept_and_reject_operations() {
    for (stage, operation, expected) in table() {
        assert_eq!(
            response_kind(&mut harness_in_stage(stage), operation),
            expected,
            "{operation} while {stage}"
        );
    }
}

#[test]
fn accepted_operations_lead_to_expected_outcomes() {
    let mut left: BTreeSet<_> = table()
        .into_iter()
        .filter(|(.., expected)| *expected == "ok")
        .map(|(at, to, _)| (at, to))
        .collect();
    for (stages, operations, at_once, at_rest, versions) in OUTCOMES {
        for stage in stages.split(' ') {
            for operation in operations.split(' ') {
                assert!(
                    left.remove(&(stage, operation)),
                    "{operation} while {stage} is there twice"
                );
                let mut harness = harness_in_stage(stage);
                perform(&mut harness, operation).expect(202);
                let is = outline(&mut harness);
                assert_eq!(is, *at_once, "{operation} while {stage}, at once");
                harness.settle();
                let is = outline(&mut harness);
                assert_eq!(is, *at_rest, "{operation} while {stage}, at rest");
                let instances =
                    harness.instances().into_iter().filter(|it| it.deployment != "second");
                let run: Vec<_> = instances.map(|it| it.version.to_string()).collect();
                assert_eq!(run.join(" "), *versions, "{operation} while {stage}");
            }
        }
    }
    assert!(left.is_empty(), "{left:?} are missing");
}
