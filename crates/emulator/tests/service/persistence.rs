//! A cloud that is written down and read again.

use std::marker::PhantomData;

use azure_classic_emulator::{LoadError, Settings, Simulator, Timing};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::actions::{action, cases, configure, new_harness, path, perform, timing};
use crate::harness::{Harness, SUBSCRIPTION, THUMBPRINT, TIMING};

fn settings(seed: u64, timing: &Timing) -> Settings {
    let mut settings = Settings::new(SUBSCRIPTION.parse().unwrap()).allow(THUMBPRINT);
    configure(&mut settings, seed, timing);
    settings
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn reloaded_simulator_behaves_identically(
        seed: u64, timing in timing(), actions in vec((action(), any::<bool>()), 1..60),
    ) {
        let mut one = new_harness(seed, &timing);
        let mut other = new_harness(seed, &timing);
        for (action, is_loaded) in &actions {
            if *is_loaded {
                let saved = other.simulator.save();
                // The seed counts for nothing any more.
                other.simulator = Simulator::load(settings(0, &timing), &saved).unwrap();
                prop_assert_eq!(other.simulator.save(), saved);
            }
            let (expected, reply) = (perform(&mut one, action), perform(&mut other, action));
            let parts = |reply: crate::harness::TestResponse| {
                let (head, body) = reply.0.into_parts();
                (head.status, head.headers, body)
            };
            prop_assert_eq!(reply.map(parts), expected.map(parts));
            prop_assert_eq!(other.instances(), one.instances());
            prop_assert_eq!(other.simulator.next_event(), one.simulator.next_event());
        }
    }

    /// Somebody has changed the file: it is refused, or the cloud lives with it.
    #[test]
    fn tampered_state_never_panics(
        seed: u64, timing in timing(), before in vec(action(), 1..40), after in vec(action(), 1..40),
        changes in vec((any::<prop::sample::Index>(), 0..6_u8), 1..4),
    ) {
        let mut harness = new_harness(seed, &timing);
        for action in &before {
            perform(&mut harness, action);
        }
        let mut file: Value = serde_json::from_str(&harness.simulator.save()).unwrap();
        for (place, change) in changes {
            let mut places = Vec::new();
            collect_pointers(&file, &mut String::new(), &mut places);
            if !places.is_empty() {
                tamper(&mut file, &places[place.index(places.len())], change);
            }
        }
        let Ok(simulator) = Simulator::load(settings(0, &timing), &file.to_string()) else { return Ok(()) };
        harness.simulator = simulator;
        for action in &after {
            perform(&mut harness, action);
            for target in 0..2 {
                harness.get(&path(target, ""));
            }
            harness.instances();
        }
        harness.settle();
        harness.simulator.save();
    }

    #[test]
    fn unchanged_revision_means_unchanged_state(
        seed: u64, timing in timing(), actions in vec(action(), 1..40),
    ) {
        let mut harness = new_harness(seed, &timing);
        for action in &actions {
            let before = (harness.simulator.revision(), without_ids(&harness));
            let reply = perform(&mut harness, action);
            if reply.is_some() && harness.simulator.revision() == before.0 {
                prop_assert_eq!(without_ids(&harness), before.1, "{:?}", action);
            }
        }
    }
}

/// A cloud with a manual upgrade of four instances, the first upgrade domain of which is in work.
fn state_with_domain_in_progress() -> Value {
    let mut harness = Harness::with_deployment(&[("Web", 4)]);
    harness.upgrade("Manual", "two", &[("Web", 4)]).expect(202);
    harness.settle();
    harness.walk(0).expect(202);
    harness.block_start("Batch_IN_0");
    serde_json::from_str(&harness.simulator.save()).unwrap()
}

/// Where, which value, and what is said of it.
const INVALID_STATES: &[(&str, &str, &str)] = &[
    (
        "/simulator/shared/now",
        "{\"secs\": 1099511627777, \"nanos\": 0}",
        "shared.now is beyond the end",
    ),
    (
        "/simulator/shared/now",
        "{\"secs\": 18446744073709551615, \"nanos\": 0}",
        "shared.now is beyond",
    ),
    ("/format", "2", "has format 2; this version of the emulator reads format 1"),
    (
        "/simulator/services/contoso/label",
        "1",
        "cannot read the saved state at simulator.services.contoso.label: invalid type: integer `1`",
    ),
    (
        "/simulator/services/contoso/name",
        r#""fabrikam""#,
        "services.contoso is not its name in lower case",
    ),
    (
        "/simulator/services/contoso/slots/1",
        "7",
        "services.contoso.slots names the deployment 7, which does not exist",
    ),
    (
        "/simulator/services/contoso/slots/0",
        "null",
        "deployments.1 is not in the Production slot of its service",
    ),
    (
        "/simulator/deployments/1/service",
        r#""fabrikam""#,
        "deployments.1 is not in the Production slot of its service",
    ),
    ("/simulator/deployments/1/id", "2", "deployments.1.id is another one"),
    ("/simulator/deployments/1/domains", "0", "deployments.1.domains is 0; 1 to 20 are possible"),
    (
        "/simulator/deployments/1/address_offset",
        "8388608",
        "deployments.1.address_offset is not below 8388608",
    ),
    (
        "/simulator/deployments/1/current",
        "9",
        "deployments.1.current is 9, which is not among the versions",
    ),
    (
        "/simulator/deployments/1/stable",
        "9",
        "deployments.1.stable is 9, which is not among the versions",
    ),
    (
        "/simulator/deployments/1/last_version",
        "1",
        "deployments.1.last_version is 1, but 2 is in use",
    ),
    (
        "/simulator/deployments/1/last_number",
        "4294967295",
        "deployments.1.last_number is 4294967295; at most 2147483647 is allowed",
    ),
    (
        "/simulator/deployments/1/last_package",
        "0",
        "deployments.1.last_package is 0, but 2 is in use",
    ),
    (
        "/simulator/deployments/1/last_update",
        "0",
        "deployments.1.last_update is 0, but 1 is in use",
    ),
    (
        "/simulator/deployments/1/update/domain",
        "5",
        "deployments.1.update.domain is 5, and there are 5 domains",
    ),
    (
        "/simulator/deployments/1/update/pending",
        "2",
        "deployments.1.update.pending is 2, but 1 instances are awaited",
    ),
    (
        "/simulator/deployments/1/update/progress",
        r#""Before""#,
        "deployments.1.update.pending awaits instances, but no domain is in work",
    ),
    (
        "/simulator/deployments/1/roles/0/target/version",
        "3",
        "deployments.1.roles.0.target.version is 3, which is not among the versions",
    ),
    (
        "/simulator/deployments/1/roles/0/target/indices/end",
        "10001",
        "deployments.1.roles.0.target.indices.end is 10001; at most 10000 instances are allowed",
    ),
    (
        "/simulator/deployments/1/roles/0/stable/indices/end",
        "10001",
        "deployments.1.roles.0.stable.indices.end is 10001; at most 10000 instances are allowed",
    ),
    (
        "/simulator/deployments/1/roles/0/target/indices/gaps",
        "[1, 3]",
        "deployments.1.roles.0.target.indices.gaps names 3, but the numbers end below 4",
    ),
    (
        "/simulator/deployments/1/roles/0/instances/2/installs",
        "4294967295",
        "deployments.1.roles.0.instances.2.installs is 4294967295; at most 2147483647 is allowed",
    ),
    (
        "/simulator/deployments/1/events/dropped",
        "18446744073709551615",
        "deployments.1.events.dropped is 18446744073709551615; at most 9223372036854775807",
    ),
    (
        "/simulator/deployments/1/roles/0/instances/3/version",
        "8",
        "deployments.1.roles.0.instances.3.version is 8, which is not among the versions",
    ),
    (
        "/simulator/deployments/1/versions/1/configuration",
        r#""<a/>""#,
        "cannot read the saved state at simulator.deployments.1.versions.1.configuration: The service configuration is not valid: its root",
    ),
    ("/simulator/last_deployment", "0", "last_deployment is 0, but 1 is in use"),
    (
        "/simulator/tasks/last",
        "18446744073709551615",
        "tasks.last is 18446744073709551615; at most 9223372036854775807 is allowed",
    ),
    ("/simulator/shared/events/sequence", "1", "shared.events.sequence is 1, but"),
    ("/simulator/shared/operations/last", "1", "shared.operations.last is 1, but 4 is in use"),
    (
        "/simulator/shared/faults/rules/0/rule/id",
        r#""""#,
        "shared.faults.rules.0.rule the fault \"\" cannot be used: id: it is empty",
    ),
    (
        "/simulator/shared/faults/rules/0/applied",
        "1",
        "shared.faults.rules.0.matched is 0, but 1 is in use",
    ),
    ("/simulator/shared/faults/last", "0", "shared.faults.last is 0, but 1 is in use"),
];

#[test]
fn rejects_invalid_state_with_its_path() {
    let known = state_with_domain_in_progress();
    for (place, value, expected) in INVALID_STATES {
        let mut file = known.clone();
        *file.pointer_mut(place).expect(place) = serde_json::from_str(value).unwrap();
        let error =
            Simulator::load(settings(0, &TIMING), &file.to_string()).expect_err(place).to_string();
        assert!(error.contains(expected), "{place}: {error}");
    }
}

/// `load` is the only way in: serde would pass over its checks, and over the form's number.
#[test]
fn simulator_is_not_deserializable_directly() {
    trait Deserializable {
        fn can_be_read(&self) -> bool {
            true
        }
    }
    impl<T: DeserializeOwned> Deserializable for PhantomData<T> {}
    trait NotDeserializable {
        fn can_be_read(&self) -> bool {
            false
        }
    }
    impl<T> NotDeserializable for &PhantomData<T> {}

    // The compiler takes the first where it can, and looks behind a reference for the second.
    assert!(PhantomData::<Settings>.can_be_read());
    assert!(!(&PhantomData::<Simulator>).can_be_read());
}

#[test]
fn error_names_exceeded_limits() {
    let mut narrow = settings(0, &TIMING);
    narrow.max_instances = 3;
    let error = Simulator::load(narrow, &state_with_domain_in_progress().to_string())
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("deployments.1.versions.1 asks for 4 instances; at most 3 are allowed"),
        "{error}"
    );
}

#[test]
fn rejects_foreign_files() {
    for (text, expected) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{}", "missing field `format`"),
        (r#"{"format": 1}"#, "missing field `simulator`"),
        (r#"{"format": 1, "simulator": {}}"#, "missing field `shared`"),
    ] {
        let error = Simulator::load(settings(0, &TIMING), text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let whole = state_with_domain_in_progress().to_string();
    let error = Simulator::load(settings(0, &TIMING), &(whole + "}")).unwrap_err().to_string();
    assert!(error.contains("trailing characters"), "{error}");
}

#[test]
fn settings_apply_except_origin_and_seed() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    let saved = harness.simulator.save();
    let date = harness.get("/services/hostedservices/contoso").header("date").to_owned();

    let mut other = settings(99, &Timing::IMMEDIATE);
    other.origin += 1_000_000;
    other.endpoint = "https://elsewhere.example.net".to_owned();
    let mut loaded =
        Harness { simulator: Simulator::load(other, &saved).unwrap(), version: harness.version };
    assert_eq!(loaded.get("/services/hostedservices/contoso").header("date"), date);
    let reply = loaded.get("/services/hostedservices/contoso");
    assert!(
        reply.text("Url").starts_with("https://elsewhere.example.net/"),
        "{}",
        reply.text("Url")
    );
    loaded.upgrade("Auto", "two", &[("Web", 1)]).expect(202);
    loaded.advance(0);
    assert_eq!(loaded.summary(), "Running [ReadyRole]");
    assert_eq!(loaded.versions(), [2]);

    let mut foreign = settings(0, &TIMING);
    foreign.subscription = "0b7a5c5e-3d3c-4a4e-8a5c-6f1d2e3c4b5a".parse().unwrap();
    let error = Simulator::load(foreign, &saved).unwrap_err();
    assert!(matches!(error, LoadError::Subscription { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "the saved state belongs to subscription {SUBSCRIPTION}, not to 0b7a5c5e-3d3c-4a4e-8a5c-6f1d2e3c4b5a"
        )
    );
}

fn without_ids(harness: &Harness) -> Value {
    let mut file: Value = serde_json::from_str(&harness.simulator.save()).unwrap();
    file["simulator"]["shared"]["ids"].take();
    file
}

/// The pointers to everything in a document.
fn collect_pointers(value: &Value, here: &mut String, all: &mut Vec<String>) {
    let mut enter = |name: String, inner: &Value| {
        let length = here.len();
        here.push('/');
        here.push_str(&name.replace('~', "~0").replace('/', "~1"));
        all.push(here.clone());
        collect_pointers(inner, here, all);
        here.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, it)| enter(name.clone(), it)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, it)| enter(at.to_string(), it));
        }
        _ => {}
    }
}

fn tamper(file: &mut Value, place: &str, change: u8) {
    let (outer, name) = place.rsplit_once('/').unwrap();
    let Some(value) = file.pointer_mut(place) else { return };
    match (change, &mut *value) {
        (0, _) => *value = Value::Null,
        (1, Value::Number(_)) => *value = json!(0),
        (2, Value::Number(_)) => *value = json!(u32::MAX),
        (3, Value::Number(_)) => *value = json!(u64::MAX),
        (4, Value::Number(number)) => *value = json!(number.as_u64().map(|number| number ^ 1)),
        (1..=3, Value::String(text)) => *text = text.to_uppercase(),
        (4, Value::String(text)) => text.clear(),
        (1, Value::Array(items)) => items.clear(),
        (2, Value::Array(items)) => items.extend(items.clone()),
        (3 | 4, Value::Bool(it)) => *it = !*it,
        (3, _) => *value = json!({ "secs": u64::MAX, "nanos": 0 }),
        _ => match file.pointer_mut(outer) {
            Some(Value::Object(members)) => drop(members.remove(name)),
            Some(Value::Array(items)) => drop(items.remove(name.parse().unwrap())),
            _ => {}
        },
    }
}

/// The inputs of the fuzz target for saved states are useful only while they load.
#[test]
fn loads_every_state_of_the_fuzz_corpus() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/emulator_state");
    let mut loaded = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let state = std::fs::read_to_string(&path).unwrap();
        if let Err(error) = Simulator::load(settings(0, &TIMING), &state) {
            panic!("{}: {error}", path.display());
        }
        loaded += 1;
    }
    assert!(loaded >= 20, "{loaded}");
}
