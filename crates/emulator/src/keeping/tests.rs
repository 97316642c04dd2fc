//! Each test that lets an emulator end without a farewell looks at a copy of its file: that is what a
//! killed process leaves behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{CloudServiceRef, Endpoint, Operation, Placement, Slot, UpdateMode};
use bytes::Bytes;
use http::{Request, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use super::*;
use crate::clock::Clock;
use crate::faults::{Effect, Failure, Reply, Rule};
use crate::observer::Observer;
use crate::shared::Shared;
use crate::{Caller, Pace, Takes};

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const PACKAGE: &str = "https://contoso.example.net/shop.cspkg";

/// A cloud with a state file, in a folder that goes away.
struct Bench {
    shared: Arc<Shared>,
    folder: TempDir,
}

fn settings(operation: Takes) -> Settings {
    let mut settings = Settings::new(SUBSCRIPTION.parse().unwrap()).allow(THUMBPRINT);
    settings.pace = Pace { operation, ..Pace::BRISK };
    settings
}

fn configuration(instances: u32) -> String {
    format!(
        "<ServiceConfiguration serviceName=\"Contoso\" xmlns=\"http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration\">\
         <Role name=\"Web\"><Instances count=\"{instances}\" /></Role></ServiceConfiguration>"
    )
}

fn request(operation: &impl Operation) -> Request<Bytes> {
    let endpoint = Endpoint::new("https://127.0.0.1", SUBSCRIPTION.parse().unwrap()).unwrap();
    endpoint.request(operation).unwrap()
}

fn contoso() -> CloudServiceRef {
    CloudServiceRef::new("contoso")
}

fn open_at(path: &Path, operation: Takes) -> Result<Arc<Shared>, StartError> {
    let (file, cloud) = open(path, settings(operation), |settings| Ok(Cloud::new(settings)))?;
    let clock = Clock::new(0.0, cloud.now());
    let recorder = Recorder::start(file, &cloud).unwrap();
    Ok(Arc::new(Shared::new(cloud, Some(recorder), clock, Observer::default())))
}

impl Bench {
    fn new(operation: Takes) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shared = open_at(&folder.path().join("state"), operation).unwrap();
        Self { shared, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn handle(&self, request: &Request<Bytes>) -> (StatusCode, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let caller = Caller::thumbprint(THUMBPRINT);
        let mut outcome = runtime.block_on(self.shared.handle(&caller, request.clone()));
        while let Some(held) = outcome.held {
            self.shared.step(outcome.delay);
            outcome = runtime.block_on(self.shared.resume(held));
        }
        let answer = outcome.answer.unwrap();
        let id = answer.headers()["x-ms-request-id"].to_str().unwrap().to_owned();
        (answer.status(), id)
    }

    fn send(&self, operation: &impl Operation) -> (StatusCode, String) {
        self.handle(&request(operation))
    }

    fn deploy(&self) {
        let place = Placement::Location("West Europe".into());
        assert_eq!(self.send(&contoso().create(place, "Contoso shop")).0, 201);
        let create =
            contoso().create_deployment(Slot::Production, "shop", PACKAGE, configuration(2));
        assert_eq!(self.send(&create.label("old").start(true)).0, 202);
        self.shared.step(Duration::from_secs(60));
    }

    /// What would be there if the process had ended now.
    fn image(&self) -> PathBuf {
        let copy = self.folder.path().join("copy");
        fs::copy(self.file(), &copy).unwrap();
        copy
    }
}

/// All of a cloud but the ids of its next requests.
fn state(cloud: &Cloud) -> Value {
    let mut saved: Value = serde_json::from_str(&cloud.save()).unwrap();
    saved["cloud"]["world"]["ids"].take();
    saved
}

#[derive(Debug, Clone)]
enum Deed {
    Look,
    LookElsewhere,
    Upgrade(u32),
    Walk(u32),
    RollBack,
    Delete,
    Create,
    Step(u64),
    Stick,
    Disturb(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Look),
        1 => Just(Deed::LookElsewhere),
        2 => (1..5_u32).prop_map(Deed::Upgrade),
        3 => (0..5_u32).prop_map(Deed::Walk),
        1 => Just(Deed::RollBack),
        1 => Just(Deed::Delete),
        1 => Just(Deed::Create),
        3 => (0..2000_u64).prop_map(Deed::Step),
        1 => Just(Deed::Stick),
        2 => (0..5_usize).prop_map(Deed::Disturb),
    ]
}

fn perform(bench: &Bench, deed: &Deed) {
    let shop = contoso().deployment("shop");
    match deed {
        Deed::Look => drop(bench.send(&shop.get())),
        Deed::LookElsewhere => drop(bench.send(&contoso().get())),
        Deed::Upgrade(count) => {
            let mode = if count % 2 == 0 { UpdateMode::Manual } else { UpdateMode::Auto };
            drop(bench.send(&shop.upgrade(mode, PACKAGE, configuration(*count), "new")));
        }
        Deed::Walk(domain) => drop(bench.send(&shop.walk_upgrade_domain(*domain))),
        Deed::RollBack => {
            drop(bench.send(&shop.rollback(azure_classic_protocol::RollbackMode::Auto)));
        }
        Deed::Delete => drop(bench.send(&shop.delete())),
        Deed::Create => {
            let create =
                contoso().create_deployment(Slot::Staging, "shop", PACKAGE, configuration(3));
            drop(bench.send(&create.label("old").start(true)));
        }
        Deed::Step(millis) => {
            bench.shared.step(Duration::from_millis(*millis));
        }
        Deed::Stick => {
            let rule = Rule::new("stuck", Effect::NeverStarts).instance("Web_IN_0").label("new");
            bench.shared.cloud().add_fault(rule).unwrap();
        }
        Deed::Disturb(which) => {
            let slow = Effect::Slow { time: Duration::from_millis(1500), after_work: false };
            let effect = match which {
                0 | 1 => slow.clone(),
                2 => Effect::Answer(Reply::new(500, "InternalError").after_work()),
                3 => Effect::FailsLate(Failure::new(409, "ConflictError")),
                _ => Effect::Conflict { request_id: None },
            };
            let mut simulator = bench.shared.cloud();
            simulator.add_fault(Rule::new("delayed", slow).probability(0.7)).unwrap();
            simulator.add_fault(Rule::new("disturbed", effect).times(2)).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_was_answered_is_there_at_any_moment(
        is_polled: bool, deeds in vec((deed(), any::<bool>()), 1..16),
    ) {
        let takes = if is_polled { Takes::Polls(2) } else { Takes::seconds(1) };
        let bench = Bench::new(takes);
        bench.deploy();
        for (deed, is_looked_at) in &deeds {
            perform(&bench, deed);
            if !is_looked_at {
                continue;
            }
            // Steps and rules are not waited for by those who make them here, but by any answer.
            bench.send(&contoso().get());
            let copy = open_at(&bench.image(), takes).unwrap();
            prop_assert_eq!(state(&copy.cloud()), state(&bench.shared.cloud()), "{:?}", deed);
        }
    }
}

/// Else each of them would cost a snapshot.
#[test]
fn a_delayed_request_is_recorded_like_any_other() {
    let bench = Bench::new(Takes::seconds(1));
    bench.deploy();
    perform(&bench, &Deed::Disturb(0));
    bench.send(&contoso().get());
    let inputs = || StateFile::open(&bench.image()).unwrap().1.inputs.len();
    let before = inputs();
    for deed in [Deed::Upgrade(2), Deed::Walk(0), Deed::RollBack] {
        perform(&bench, &deed);
    }
    assert!(inputs() > before + 3, "{}", inputs());
    let copy = open_at(&bench.image(), Takes::seconds(1)).unwrap();
    assert_eq!(state(&copy.cloud()), state(&bench.shared.cloud()));
}

#[test]
fn after_a_stop_everything_goes_on_and_ids_do_too() {
    let bench = Bench::new(Takes::seconds(1));
    bench.deploy();
    let before = bench.shared.cloud().save();
    bench.shared.close().unwrap();
    let again = open_at(&bench.file(), Takes::seconds(1)).unwrap();
    assert_eq!(again.cloud().save(), before);
}

#[test]
fn time_never_goes_back_and_does_not_lag_behind_the_calendar() {
    let settings = settings(Takes::AT_ONCE);
    let (origin, mut cloud) = (settings.origin, Cloud::new(settings));
    let at = |seconds| Instant::from_origin(Duration::from_secs(seconds));
    cloud.advance(at(60));
    assert_eq!(cloud.begins(1.0, origin + 3600), at(3600));
    assert_eq!(cloud.begins(60.0, origin + 59), at(60));
    assert_eq!(cloud.begins(1.0, origin - 1), at(60));
    // By hand alone.
    assert_eq!(cloud.begins(0.0, origin + 3600), at(60));
}

#[test]
fn ids_never_come_twice_though_reads_are_not_recorded() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.deploy();
    let mut ids: Vec<String> = (0..50).map(|_| bench.send(&contoso().get()).1).collect();
    for _ in 0..3 {
        let copy = Bench {
            shared: open_at(&bench.image(), Takes::AT_ONCE).unwrap(),
            folder: tempfile::tempdir().unwrap(),
        };
        ids.extend((0..50).map(|_| copy.send(&contoso().get()).1));
        drop(copy.shared);
        fs::rename(bench.folder.path().join("copy"), bench.file()).unwrap();
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn a_read_that_changes_nothing_is_not_written() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.deploy();
    bench.send(&contoso().get());
    let before = fs::read(bench.file()).unwrap();
    for _ in 0..20 {
        bench.send(&contoso().get());
    }
    assert!(fs::read(bench.file()).unwrap() == before);
    // But time is not forgotten for long.
    bench.shared.cloud().advance(Instant::from_origin(Duration::from_secs(1000)));
    bench.send(&contoso().get());
    assert!(fs::read(bench.file()).unwrap() != before);
}

#[test]
fn the_file_does_not_grow_with_time() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.deploy();
    let long = "x".repeat(100_000);
    let mut sizes = Vec::new();
    for round in 0..60 {
        // Refused, and yet a request of 100,000 bytes that has to be written.
        let mut request = request(&contoso().deployment("shop").delete());
        *request.body_mut() = Bytes::from(long.clone());
        *request.uri_mut() =
            format!("/{SUBSCRIPTION}/services/hostedservices/contoso/deployments/none")
                .parse()
                .unwrap();
        assert_eq!(bench.handle(&request).0, 404, "{round}");
        sizes.push(fs::metadata(bench.file()).unwrap().len());
    }
    assert!(sizes.iter().max() < Some(&4_000_000), "{sizes:?}");
}

#[test]
fn two_emulators_do_not_share_a_file() {
    let bench = Bench::new(Takes::AT_ONCE);
    let error = open_at(&bench.file(), Takes::AT_ONCE).err().unwrap();
    assert!(matches!(error, StartError::State { source: StateError::InUse, .. }), "{error:?}");
}

#[test]
fn a_request_after_the_end_is_not_said_to_be_done() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.shared.close().unwrap();
    let place = Placement::Location("West Europe".into());
    assert_eq!(bench.send(&contoso().create(place, "Contoso shop")).0, 500);
    assert_eq!(bench.send(&contoso().get()).0, 500);
    let again = open_at(&bench.file(), Takes::AT_ONCE).unwrap();
    assert!(!again.cloud().save().contains("Contoso shop"));
}

/// A disk that can be full.
#[derive(Debug, Default)]
struct Disk {
    inner: redb::backends::InMemoryBackend,
    is_full: Arc<AtomicBool>,
}

impl redb::StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.inner.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.inner.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.inner.write(offset, data)
    }
}

#[test]
fn a_file_that_is_removed_or_replaced_is_an_error() {
    let changes: [fn(&Path) -> io::Result<()>; 4] = [
        |file| fs::remove_file(file),
        |file| fs::rename(file, file.with_extension("old")),
        |file| {
            fs::copy(file, file.with_extension("copy"))
                .and_then(|_| fs::rename(file.with_extension("copy"), file))
        },
        |file| fs::remove_file(file).and_then(|()| fs::create_dir(file)),
    ];
    for change in changes {
        let bench = Bench::new(Takes::Polls(0));
        let place = Placement::Location("West Europe".into());
        assert_eq!(bench.send(&contoso().create(place, "Contoso shop")).0, 201);
        change(&bench.file()).unwrap();
        assert_eq!(bench.send(&contoso().delete()).0, 500);
        let error = bench.shared.close().unwrap_err().to_string();
        assert!(error.contains("not written") && error.contains("removed or replaced"), "{error}");
    }
    let bench = Bench::new(Takes::Polls(0));
    fs::remove_file(bench.file()).unwrap();
    assert!(bench.shared.close().is_err());
}

#[test]
fn with_a_full_disk_nothing_is_said_to_be_done() {
    let disk = Disk::default();
    let is_full = disk.is_full.clone();
    let cloud = Cloud::new(settings(Takes::AT_ONCE));
    let recorder = Recorder::start(StateFile::over(disk), &cloud).unwrap();
    let clock = Clock::new(0.0, cloud.now());
    let shared = Arc::new(Shared::new(cloud, Some(recorder), clock, Observer::default()));
    let bench = Bench { shared, folder: tempfile::tempdir().unwrap() };
    bench.deploy();
    // An answer has waited for all that came before.
    assert_eq!(bench.send(&contoso().get()).0, 200);

    is_full.store(true, Ordering::Relaxed);
    assert_eq!(bench.send(&contoso().get()).0, 200);
    assert_eq!(bench.send(&contoso().deployment("shop").delete()).0, 500);
    // The cloud has gone on, and nobody may hear of it.
    assert_eq!(bench.send(&contoso().get()).0, 500);
    is_full.store(false, Ordering::Relaxed);
    assert_eq!(bench.send(&contoso().get()).0, 500);
    let error = bench.shared.close().unwrap_err();
    assert!(error.to_string().starts_with("the last state was not written"), "{error}");
}

#[test]
fn a_state_that_would_not_open_does_not_replace_one_that_does() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.deploy();
    bench.send(&contoso().get());
    let before = state(&bench.shared.cloud());
    // No request leads there: a limit that the deployment exceeds.
    bench.shared.cloud().limit_instances(1);
    assert_eq!(bench.send(&contoso().deployment("shop").delete()).0, 500);
    let error = bench.shared.close().unwrap_err().to_string();
    assert!(error.contains("at most 1 are allowed"), "{error}");
    let again = open_at(&bench.file(), Takes::AT_ONCE).unwrap();
    assert_eq!(state(&again.cloud()), before);
}

#[test]
fn headers_of_any_bytes_are_repeated_as_they_were() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.deploy();
    for value in [&b"2015-04-01"[..], b"caf\xe9", b"\xff\xfe", b"\xc3\xa9\t"] {
        let mut request = request(&contoso().deployment("shop").delete());
        let value = http::HeaderValue::from_bytes(value).unwrap();
        request.headers_mut().insert("x-ms-version", value.clone());
        request.headers_mut().insert("content-type", value);
        bench.handle(&request);
    }
    let copy = open_at(&bench.image(), Takes::AT_ONCE).unwrap();
    assert_eq!(state(&copy.cloud()), state(&bench.shared.cloud()));
}

#[test]
fn a_damaged_file_is_refused_or_whole() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.deploy();
    bench.send(&contoso().get());
    let expected = state(&bench.shared.cloud());
    let whole = fs::read(bench.image()).unwrap();
    let page = 4096;
    let damaged = (0..whole.len() / page).flat_map(|at| {
        let at = at * page;
        let mut flipped = whole.clone();
        flipped[at + (at / page * 37) % 300] ^= 1;
        let mut zeroed = whole.clone();
        zeroed[at..at + page].fill(0);
        [whole[..at].to_vec(), whole[..at + 100].to_vec(), flipped, zeroed]
    });
    let path = bench.folder.path().join("damaged");
    let mut refused = 0;
    for (case, content) in damaged.enumerate() {
        fs::write(&path, content).unwrap();
        match open_at(&path, Takes::AT_ONCE) {
            Ok(open) => assert_eq!(state(&open.cloud()), expected, "{case}"),
            Err(StartError::State { source: StateError::Damaged(_), .. }) => refused += 1,
            Err(other) => panic!("{case}: {other:?}"),
        }
    }
    assert!(refused > whole.len() / page * 2, "{refused}");
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for content in ["", "buy milk", &"x".repeat(100_000)] {
        fs::write(&path, content).unwrap();
        let error = open_at(&path, Takes::AT_ONCE).err().unwrap();
        assert!(
            matches!(&error, StartError::State { source: StateError::Damaged(_), .. }),
            "{error:?}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    let error = open_at(folder.path(), Takes::AT_ONCE).err().unwrap();
    assert!(matches!(error, StartError::State { source: StateError::Io(_), .. }), "{error:?}");
    let nowhere = folder.path().join("missing/state");
    let error = open_at(&nowhere, Takes::AT_ONCE).err().unwrap();
    assert!(matches!(error, StartError::State { source: StateError::Io(_), .. }), "{error:?}");
}

#[test]
fn a_request_that_would_be_answered_otherwise_now_is_named() {
    let bench = Bench::new(Takes::AT_ONCE);
    bench.deploy();
    let outcome = Cloud::new(settings(Takes::AT_ONCE)).handle(
        Instant::ORIGIN,
        &Caller::NOBODY,
        &request(&contoso().get()),
    );
    let other = Input::request(
        Instant::ORIGIN,
        bench.shared.cloud().ids(),
        &Caller::thumbprint(THUMBPRINT),
        &request(&contoso().get()),
        None,
        &outcome,
    );
    let error = other.repeat(7, &mut bench.shared.cloud()).unwrap_err().to_string();
    assert!(
        error.starts_with("the request 7 that it holds would be answered with 200 instead of 403"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn the_owner_alone_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new(Takes::AT_ONCE);
    assert_eq!(fs::metadata(bench.file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(bench.folder.path()).unwrap().count(), 1);
}
