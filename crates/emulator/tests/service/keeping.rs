//! A cloud that is written down and read again.

use std::marker::PhantomData;

use azure_classic_emulator::{Cloud, LoadError, Pace, Settings};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::bench::{Bench, PACE, SUBSCRIPTION, THUMBPRINT};
use crate::deeds::{cases, deed, new_bench, pace, path, perform, settle_on};

fn settings(seed: u64, pace: &Pace) -> Settings {
    let mut settings = Settings::new(SUBSCRIPTION.parse().unwrap()).allow(THUMBPRINT);
    settle_on(&mut settings, seed, pace);
    settings
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn one_that_is_loaded_in_the_middle_answers_the_same(
        seed: u64, pace in pace(), deeds in vec((deed(), any::<bool>()), 1..60),
    ) {
        let mut one = new_bench(seed, &pace);
        let mut other = new_bench(seed, &pace);
        for (deed, is_loaded) in &deeds {
            if *is_loaded {
                let saved = other.cloud.save();
                // The seed counts for nothing any more.
                other.cloud = Cloud::load(settings(0, &pace), &saved).unwrap();
                prop_assert_eq!(other.cloud.save(), saved);
            }
            let (expected, reply) = (perform(&mut one, deed), perform(&mut other, deed));
            let parts = |reply: crate::bench::Reply| {
                let (head, body) = reply.0.into_parts();
                (head.status, head.headers, body)
            };
            prop_assert_eq!(reply.map(parts), expected.map(parts));
            prop_assert_eq!(other.instances(), one.instances());
            prop_assert_eq!(other.cloud.next_event(), one.cloud.next_event());
        }
    }

    /// Somebody has changed the file: it is refused, or the cloud lives with it.
    #[test]
    fn one_that_is_changed_by_hand_never_fails(
        seed: u64, pace in pace(), before in vec(deed(), 1..40), after in vec(deed(), 1..40),
        changes in vec((any::<prop::sample::Index>(), 0..6_u8), 1..4),
    ) {
        let mut bench = new_bench(seed, &pace);
        for deed in &before {
            perform(&mut bench, deed);
        }
        let mut file: Value = serde_json::from_str(&bench.cloud.save()).unwrap();
        for (place, change) in changes {
            let mut places = Vec::new();
            collect(&file, &mut String::new(), &mut places);
            if !places.is_empty() {
                tamper(&mut file, &places[place.index(places.len())], change);
            }
        }
        let Ok(cloud) = Cloud::load(settings(0, &pace), &file.to_string()) else { return Ok(()) };
        bench.cloud = cloud;
        for deed in &after {
            perform(&mut bench, deed);
            for target in 0..2 {
                bench.get(&path(target, ""));
            }
            bench.instances();
        }
        bench.settle();
        bench.cloud.save();
    }

    #[test]
    fn a_request_that_leaves_the_revision_changes_nothing_but_time_and_ids(
        seed: u64, pace in pace(), deeds in vec(deed(), 1..40),
    ) {
        let mut bench = new_bench(seed, &pace);
        for deed in &deeds {
            let before = (bench.cloud.revision(), without_ids(&bench));
            let reply = perform(&mut bench, deed);
            if reply.is_some() && bench.cloud.revision() == before.0 {
                prop_assert_eq!(without_ids(&bench), before.1, "{:?}", deed);
            }
        }
    }
}

/// A cloud with a manual upgrade of four instances, the first upgrade domain of which is in work.
fn in_work() -> Value {
    let mut bench = Bench::running(&[("Web", 4)]);
    bench.upgrade("Manual", "two", &[("Web", 4)]).expect(202);
    bench.settle();
    bench.walk(0).expect(202);
    bench.stick("Batch_IN_0");
    serde_json::from_str(&bench.cloud.save()).unwrap()
}

/// Where, which value, and what is said of it.
const NONSENSE: &[(&str, &str, &str)] = &[
    ("/cloud/world/now", "{\"secs\": 1099511627777, \"nanos\": 0}", "world.now is beyond the end"),
    ("/cloud/world/now", "{\"secs\": 18446744073709551615, \"nanos\": 0}", "world.now is beyond"),
    ("/format", "2", "has the format 2; this version of the emulator reads 1"),
    (
        "/cloud/services/contoso/label",
        "1",
        "cannot be read at cloud.services.contoso.label: invalid type: integer `1`",
    ),
    (
        "/cloud/services/contoso/name",
        r#""fabrikam""#,
        "services.contoso is not its name in lower case",
    ),
    (
        "/cloud/services/contoso/slots/1",
        "7",
        "services.contoso.slots names the deployment 7, which does not exist",
    ),
    (
        "/cloud/services/contoso/slots/0",
        "null",
        "deployments.1 is not in the Production slot of its service",
    ),
    (
        "/cloud/deployments/1/service",
        r#""fabrikam""#,
        "deployments.1 is not in the Production slot of its service",
    ),
    ("/cloud/deployments/1/id", "2", "deployments.1.id is another one"),
    ("/cloud/deployments/1/domains", "0", "deployments.1.domains is 0; 1 to 20 are possible"),
    ("/cloud/deployments/1/addresses", "8388608", "deployments.1.addresses is not below 8388608"),
    (
        "/cloud/deployments/1/current",
        "9",
        "deployments.1.current is 9, which is not among the versions",
    ),
    (
        "/cloud/deployments/1/settled",
        "9",
        "deployments.1.settled is 9, which is not among the versions",
    ),
    ("/cloud/deployments/1/last_version", "1", "deployments.1.last_version is 1, but 2 is in use"),
    (
        "/cloud/deployments/1/numbers",
        "4294967295",
        "deployments.1.numbers is 4294967295; at most 2147483647 makes sense",
    ),
    ("/cloud/deployments/1/packages", "0", "deployments.1.packages is 0, but 2 is in use"),
    ("/cloud/deployments/1/updates", "0", "deployments.1.updates is 0, but 1 is in use"),
    (
        "/cloud/deployments/1/update/domain",
        "5",
        "deployments.1.update.domain is 5, and there are 5 domains",
    ),
    (
        "/cloud/deployments/1/update/pending",
        "2",
        "deployments.1.update.pending is 2, but 1 instances are awaited",
    ),
    (
        "/cloud/deployments/1/update/progress",
        r#""Before""#,
        "deployments.1.update.pending awaits instances, but no domain is in work",
    ),
    (
        "/cloud/deployments/1/roles/0/goal/version",
        "3",
        "deployments.1.roles.0.goal.version is 3, which is not among the versions",
    ),
    (
        "/cloud/deployments/1/roles/0/goal/indices/end",
        "10001",
        "deployments.1.roles.0.goal.indices.end is 10001; at most 10000 instances are allowed",
    ),
    (
        "/cloud/deployments/1/roles/0/settled/indices/end",
        "10001",
        "deployments.1.roles.0.settled.indices.end is 10001; at most 10000 instances are allowed",
    ),
    (
        "/cloud/deployments/1/roles/0/goal/indices/gaps",
        "[1, 3]",
        "deployments.1.roles.0.goal.indices.gaps names 3, but the numbers end below 4",
    ),
    (
        "/cloud/deployments/1/roles/0/instances/2/installs",
        "4294967295",
        "deployments.1.roles.0.instances.2.installs is 4294967295; at most 2147483647 makes sense",
    ),
    (
        "/cloud/deployments/1/events/forgotten",
        "18446744073709551615",
        "deployments.1.events.forgotten is 18446744073709551615; at most 9223372036854775807",
    ),
    (
        "/cloud/deployments/1/roles/0/instances/3/version",
        "8",
        "deployments.1.roles.0.instances.3.version is 8, which is not among the versions",
    ),
    (
        "/cloud/deployments/1/versions/1/configuration",
        r#""<a/>""#,
        "cannot be read at cloud.deployments.1.versions.1.configuration: The service configuration is not valid: its root",
    ),
    ("/cloud/last_deployment", "0", "last_deployment is 0, but 1 is in use"),
    (
        "/cloud/works/last",
        "18446744073709551615",
        "works.last is 18446744073709551615; at most 9223372036854775807 makes sense",
    ),
    ("/cloud/world/timeline/sequence", "1", "world.timeline.sequence is 1, but"),
    ("/cloud/world/operations/last", "1", "world.operations.last is 1, but 4 is in use"),
    (
        "/cloud/world/faults/armed/0/rule/id",
        r#""""#,
        "world.faults.armed.0.rule the fault \"\" cannot be used: id: it is empty",
    ),
    (
        "/cloud/world/faults/armed/0/taken",
        "1",
        "world.faults.armed.0.matched is 0, but 1 is in use",
    ),
    ("/cloud/world/faults/last", "0", "world.faults.last is 0, but 1 is in use"),
];

#[test]
fn what_makes_no_sense_is_refused_with_the_place() {
    let known = in_work();
    for (place, value, expected) in NONSENSE {
        let mut file = known.clone();
        *file.pointer_mut(place).expect(place) = serde_json::from_str(value).unwrap();
        let error =
            Cloud::load(settings(0, &PACE), &file.to_string()).expect_err(place).to_string();
        assert!(error.contains(expected), "{place}: {error}");
    }
}

/// `load` is the only way in: serde would pass over its checks, and over the form's number.
#[test]
fn no_cloud_is_read_past_the_checks() {
    trait Open {
        fn can_be_read(&self) -> bool {
            true
        }
    }
    impl<T: DeserializeOwned> Open for PhantomData<T> {}
    trait Closed {
        fn can_be_read(&self) -> bool {
            false
        }
    }
    impl<T> Closed for &PhantomData<T> {}

    // The compiler takes the first where it can, and looks behind a reference for the second.
    assert!(PhantomData::<Settings>.can_be_read());
    assert!(!(&PhantomData::<Cloud>).can_be_read());
}

#[test]
fn limits_that_are_lower_now_are_named() {
    let mut narrow = settings(0, &PACE);
    narrow.most_instances = 3;
    let error = Cloud::load(narrow, &in_work().to_string()).unwrap_err().to_string();
    assert!(
        error.ends_with("deployments.1.versions.1 asks for 4 instances; at most 3 are allowed"),
        "{error}"
    );
}

#[test]
fn a_text_that_is_no_file_of_ours_is_refused() {
    for (text, expected) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{}", "missing field `format`"),
        (r#"{"format": 1}"#, "missing field `cloud`"),
        (r#"{"format": 1, "cloud": {}}"#, "missing field `world`"),
    ] {
        let error = Cloud::load(settings(0, &PACE), text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let whole = in_work().to_string();
    let error = Cloud::load(settings(0, &PACE), &(whole + "}")).unwrap_err().to_string();
    assert!(error.contains("trailing characters"), "{error}");
}

#[test]
fn the_settings_count_but_for_the_origin_and_the_seed() {
    let mut bench = Bench::running(&[("Web", 1)]);
    let saved = bench.cloud.save();
    let date = bench.get("/services/hostedservices/contoso").header("date").to_owned();

    let mut other = settings(99, &Pace::IMMEDIATE);
    other.origin += 1_000_000;
    other.endpoint = "https://elsewhere.example.net".to_owned();
    let mut loaded = Bench { cloud: Cloud::load(other, &saved).unwrap(), version: bench.version };
    assert_eq!(loaded.get("/services/hostedservices/contoso").header("date"), date);
    let reply = loaded.get("/services/hostedservices/contoso");
    assert!(
        reply.text("Url").starts_with("https://elsewhere.example.net/"),
        "{}",
        reply.text("Url")
    );
    loaded.upgrade("Auto", "two", &[("Web", 1)]).expect(202);
    loaded.pass(0);
    assert_eq!(loaded.board(), "Running [ReadyRole]");
    assert_eq!(loaded.versions(), [2]);

    let mut foreign = settings(0, &PACE);
    foreign.subscription = "0b7a5c5e-3d3c-4a4e-8a5c-6f1d2e3c4b5a".parse().unwrap();
    let error = Cloud::load(foreign, &saved).unwrap_err();
    assert!(matches!(error, LoadError::Subscription { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "the saved cloud is of the subscription {SUBSCRIPTION}, not of 0b7a5c5e-3d3c-4a4e-8a5c-6f1d2e3c4b5a"
        )
    );
}

fn without_ids(bench: &Bench) -> Value {
    let mut file: Value = serde_json::from_str(&bench.cloud.save()).unwrap();
    file["cloud"]["world"]["ids"].take();
    file
}

/// The pointers to everything in a document.
fn collect(value: &Value, here: &mut String, all: &mut Vec<String>) {
    let mut enter = |name: String, inner: &Value| {
        let length = here.len();
        here.push('/');
        here.push_str(&name.replace('~', "~0").replace('/', "~1"));
        all.push(here.clone());
        collect(inner, here, all);
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
