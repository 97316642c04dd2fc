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
use crate::faults::{AsyncFailure, Effect, FaultResponse, FaultRule};
use crate::observer::Observer;
use crate::shared::Shared;
use crate::{Caller, Delay, Timing};

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const PACKAGE: &str = "https://contoso.example.net/shop.cspkg";

/// A cloud with a state file, in a folder that goes away.
struct Harness {
    shared: Arc<Shared>,
    folder: TempDir,
}

fn settings(operation: Delay) -> Settings {
    let mut settings = Settings::new(SUBSCRIPTION.parse().unwrap()).allow(THUMBPRINT);
    settings.timing = Timing { operation, ..Timing::BRISK };
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

fn open_at(path: &Path, operation: Delay) -> Result<Arc<Shared>, StartError> {
    let (file, simulator) =
        open(path, settings(operation), |settings| Ok(Simulator::new(settings)))?;
    let clock = Clock::new(0.0, simulator.now());
    let recorder = Recorder::start(file, &simulator).unwrap();
    Ok(Arc::new(Shared::new(simulator, Some(recorder), clock, Observer::default())))
}

impl Harness {
    fn new(operation: Delay) -> Self {
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
        while let Some(delayed) = outcome.delayed {
            self.shared.step(outcome.delay);
            outcome = runtime.block_on(self.shared.resume(delayed));
        }
        let response = outcome.response.unwrap();
        let id = response.headers()["x-ms-request-id"].to_str().unwrap().to_owned();
        (response.status(), id)
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

    /// The state if the process had ended now.
    fn image(&self) -> PathBuf {
        let copy = self.folder.path().join("copy");
        fs::copy(self.file(), &copy).unwrap();
        copy
    }
}

/// All of a cloud but the ids of its next requests.
fn state(simulator: &Simulator) -> Value {
    let mut saved: Value = serde_json::from_str(&simulator.save()).unwrap();
    saved["simulator"]["shared"]["ids"].take();
    saved
}

#[derive(Debug, Clone)]
enum Action {
    Read,
    ReadOther,
    Upgrade(u32),
    Walk(u32),
    RollBack,
    Delete,
    Create,
    Step(u64),
    AddStuckDomain,
    AddFault(usize),
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => Just(Action::Read),
        1 => Just(Action::ReadOther),
        2 => (1..5_u32).prop_map(Action::Upgrade),
        3 => (0..5_u32).prop_map(Action::Walk),
        1 => Just(Action::RollBack),
        1 => Just(Action::Delete),
        1 => Just(Action::Create),
        3 => (0..2000_u64).prop_map(Action::Step),
        1 => Just(Action::AddStuckDomain),
        2 => (0..5_usize).prop_map(Action::AddFault),
    ]
}

fn execute(harness: &Harness, action: &Action) {
    let shop = contoso().deployment("shop");
    match action {
        Action::Read => drop(harness.send(&shop.get())),
        Action::ReadOther => drop(harness.send(&contoso().get())),
        Action::Upgrade(count) => {
            let mode = if count % 2 == 0 { UpdateMode::Manual } else { UpdateMode::Auto };
            drop(harness.send(&shop.upgrade(mode, PACKAGE, configuration(*count), "new")));
        }
        Action::Walk(domain) => drop(harness.send(&shop.walk_upgrade_domain(*domain))),
        Action::RollBack => {
            drop(harness.send(&shop.rollback(azure_classic_protocol::RollbackMode::Auto)));
        }
        Action::Delete => drop(harness.send(&shop.delete())),
        Action::Create => {
            let create =
                contoso().create_deployment(Slot::Staging, "shop", PACKAGE, configuration(3));
            drop(harness.send(&create.label("old").start(true)));
        }
        Action::Step(millis) => {
            harness.shared.step(Duration::from_millis(*millis));
        }
        Action::AddStuckDomain => {
            let rule =
                FaultRule::new("stuck", Effect::NeverStarts).instance("Web_IN_0").label("new");
            harness.shared.simulator().add_fault(rule).unwrap();
        }
        Action::AddFault(which) => {
            let slow = Effect::Slow { time: Duration::from_millis(1500), after_processing: false };
            let effect = match which {
                0 | 1 => slow.clone(),
                2 => Effect::Respond(FaultResponse::new(500, "InternalError").after_processing()),
                3 => Effect::FailAsync(AsyncFailure::new(409, "ConflictError")),
                _ => Effect::Conflict { request_id: None },
            };
            let mut simulator = harness.shared.simulator();
            simulator.add_fault(FaultRule::new("delayed", slow).probability(0.7)).unwrap();
            simulator.add_fault(FaultRule::new("disturbed", effect).times(2)).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_was_responded_is_there_at_any_time(
        is_polled: bool, actions in vec((action(), any::<bool>()), 1..16),
    ) {
        let takes = if is_polled { Delay::Polls(2) } else { Delay::seconds(1) };
        let harness = Harness::new(takes);
        harness.deploy();
        for (action, is_looked_at) in &actions {
            execute(&harness, action);
            if !is_looked_at {
                continue;
            }
            // Steps and rules are not awaited by their callers here, but by every response.
            harness.send(&contoso().get());
            let copy = open_at(&harness.image(), takes).unwrap();
            prop_assert_eq!(state(&copy.simulator()), state(&harness.shared.simulator()), "{:?}", action);
        }
    }
}

/// Else each of them would cost a snapshot.
#[test]
fn delayed_requests_are_recorded() {
    let harness = Harness::new(Delay::seconds(1));
    harness.deploy();
    execute(&harness, &Action::AddFault(0));
    harness.send(&contoso().get());
    let inputs = || StateFile::open(&harness.image()).unwrap().1.inputs.len();
    let before = inputs();
    for action in [Action::Upgrade(2), Action::Walk(0), Action::RollBack] {
        execute(&harness, &action);
    }
    assert!(inputs() > before + 3, "{}", inputs());
    let copy = open_at(&harness.image(), Delay::seconds(1)).unwrap();
    assert_eq!(state(&copy.simulator()), state(&harness.shared.simulator()));
}

#[test]
fn operations_and_ids_continue_after_a_stop() {
    let harness = Harness::new(Delay::seconds(1));
    harness.deploy();
    let before = harness.shared.simulator().save();
    harness.shared.close().unwrap();
    let again = open_at(&harness.file(), Delay::seconds(1)).unwrap();
    assert_eq!(again.simulator().save(), before);
}

#[test]
fn time_never_decreases_and_follows_the_calendar() {
    let settings = settings(Delay::IMMEDIATE);
    let (origin, mut simulator) = (settings.origin, Simulator::new(settings));
    let at = |seconds| Instant::from_origin(Duration::from_secs(seconds));
    simulator.advance(at(60));
    assert_eq!(simulator.start_time(1.0, origin + 3600), at(3600));
    assert_eq!(simulator.start_time(60.0, origin + 59), at(60));
    assert_eq!(simulator.start_time(1.0, origin - 1), at(60));
    // By hand alone.
    assert_eq!(simulator.start_time(0.0, origin + 3600), at(60));
}

#[test]
fn ids_are_unique_although_reads_are_not_recorded() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.deploy();
    let mut ids: Vec<String> = (0..50).map(|_| harness.send(&contoso().get()).1).collect();
    for _ in 0..3 {
        let copy = Harness {
            shared: open_at(&harness.image(), Delay::IMMEDIATE).unwrap(),
            folder: tempfile::tempdir().unwrap(),
        };
        ids.extend((0..50).map(|_| copy.send(&contoso().get()).1));
        drop(copy.shared);
        fs::rename(harness.folder.path().join("copy"), harness.file()).unwrap();
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn reads_without_changes_are_not_written() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.deploy();
    harness.send(&contoso().get());
    let before = fs::read(harness.file()).unwrap();
    for _ in 0..20 {
        harness.send(&contoso().get());
    }
    assert!(fs::read(harness.file()).unwrap() == before);
    // But time is not forgotten for long.
    harness.shared.simulator().advance(Instant::from_origin(Duration::from_secs(1000)));
    harness.send(&contoso().get());
    assert!(fs::read(harness.file()).unwrap() != before);
}

#[test]
fn the_file_size_stays_bounded() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.deploy();
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
        assert_eq!(harness.handle(&request).0, 404, "{round}");
        sizes.push(fs::metadata(harness.file()).unwrap().len());
    }
    assert!(sizes.iter().max() < Some(&4_000_000), "{sizes:?}");
}

#[test]
fn a_file_in_use_is_rejected() {
    let harness = Harness::new(Delay::IMMEDIATE);
    let error = open_at(&harness.file(), Delay::IMMEDIATE).err().unwrap();
    assert!(matches!(error, StartError::State { source: StateError::InUse, .. }), "{error:?}");
}

#[test]
fn requests_after_the_stop_are_not_acknowledged() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.shared.close().unwrap();
    let place = Placement::Location("West Europe".into());
    assert_eq!(harness.send(&contoso().create(place, "Contoso shop")).0, 500);
    assert_eq!(harness.send(&contoso().get()).0, 500);
    let again = open_at(&harness.file(), Delay::IMMEDIATE).unwrap();
    assert!(!again.simulator().save().contains("Contoso shop"));
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
fn a_removed_or_replaced_file_is_an_error() {
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
        let harness = Harness::new(Delay::Polls(0));
        let place = Placement::Location("West Europe".into());
        assert_eq!(harness.send(&contoso().create(place, "Contoso shop")).0, 201);
        change(&harness.file()).unwrap();
        assert_eq!(harness.send(&contoso().delete()).0, 500);
        let error = harness.shared.close().unwrap_err().to_string();
        assert!(error.contains("not written") && error.contains("removed or replaced"), "{error}");
    }
    let harness = Harness::new(Delay::Polls(0));
    fs::remove_file(harness.file()).unwrap();
    assert!(harness.shared.close().is_err());
}

#[test]
fn a_full_disk_acknowledges_nothing() {
    let disk = Disk::default();
    let is_full = disk.is_full.clone();
    let simulator = Simulator::new(settings(Delay::IMMEDIATE));
    let recorder = Recorder::start(StateFile::with_backend(disk), &simulator).unwrap();
    let clock = Clock::new(0.0, simulator.now());
    let shared = Arc::new(Shared::new(simulator, Some(recorder), clock, Observer::default()));
    let harness = Harness { shared, folder: tempfile::tempdir().unwrap() };
    harness.deploy();
    // A response has waited for all earlier writes.
    assert_eq!(harness.send(&contoso().get()).0, 200);

    is_full.store(true, Ordering::Relaxed);
    assert_eq!(harness.send(&contoso().get()).0, 200);
    assert_eq!(harness.send(&contoso().deployment("shop").delete()).0, 500);
    // The simulator has continued, and no response may show it.
    assert_eq!(harness.send(&contoso().get()).0, 500);
    is_full.store(false, Ordering::Relaxed);
    assert_eq!(harness.send(&contoso().get()).0, 500);
    let error = harness.shared.close().unwrap_err();
    assert!(error.to_string().starts_with("the last state was not written"), "{error}");
}

#[test]
fn an_invalid_state_does_not_replace_a_valid_one() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.deploy();
    harness.send(&contoso().get());
    let before = state(&harness.shared.simulator());
    // No request leads there: a limit that the deployment exceeds.
    harness.shared.simulator().limit_instances(1);
    assert_eq!(harness.send(&contoso().deployment("shop").delete()).0, 500);
    let error = harness.shared.close().unwrap_err().to_string();
    assert!(error.contains("at most 1 are allowed"), "{error}");
    let again = open_at(&harness.file(), Delay::IMMEDIATE).unwrap();
    assert_eq!(state(&again.simulator()), before);
}

#[test]
fn headers_of_any_bytes_are_replayed_unchanged() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.deploy();
    for value in [&b"2015-04-01"[..], b"caf\xe9", b"\xff\xfe", b"\xc3\xa9\t"] {
        let mut request = request(&contoso().deployment("shop").delete());
        let value = http::HeaderValue::from_bytes(value).unwrap();
        request.headers_mut().insert("x-ms-version", value.clone());
        request.headers_mut().insert("content-type", value);
        harness.handle(&request);
    }
    let copy = open_at(&harness.image(), Delay::IMMEDIATE).unwrap();
    assert_eq!(state(&copy.simulator()), state(&harness.shared.simulator()));
}

#[test]
fn damaged_files_are_rejected() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.deploy();
    harness.send(&contoso().get());
    let expected = state(&harness.shared.simulator());
    let whole = fs::read(harness.image()).unwrap();
    let page = 4096;
    let damaged = (0..whole.len() / page).flat_map(|at| {
        let at = at * page;
        let mut flipped = whole.clone();
        flipped[at + (at / page * 37) % 300] ^= 1;
        let mut zeroed = whole.clone();
        zeroed[at..at + page].fill(0);
        [whole[..at].to_vec(), whole[..at + 100].to_vec(), flipped, zeroed]
    });
    let path = harness.folder.path().join("damaged");
    let mut refused = 0;
    for (case, content) in damaged.enumerate() {
        fs::write(&path, content).unwrap();
        match open_at(&path, Delay::IMMEDIATE) {
            Ok(open) => assert_eq!(state(&open.simulator()), expected, "{case}"),
            Err(StartError::State { source: StateError::Damaged(_), .. }) => refused += 1,
            Err(other) => panic!("{case}: {other:?}"),
        }
    }
    assert!(refused > whole.len() / page * 2, "{refused}");
}

#[test]
fn other_files_are_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for content in ["", "buy milk", &"x".repeat(100_000)] {
        fs::write(&path, content).unwrap();
        let error = open_at(&path, Delay::IMMEDIATE).err().unwrap();
        assert!(
            matches!(&error, StartError::State { source: StateError::Damaged(_), .. }),
            "{error:?}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    let error = open_at(folder.path(), Delay::IMMEDIATE).err().unwrap();
    assert!(matches!(error, StartError::State { source: StateError::Io(_), .. }), "{error:?}");
    let nowhere = folder.path().join("missing/state");
    let error = open_at(&nowhere, Delay::IMMEDIATE).err().unwrap();
    assert!(matches!(error, StartError::State { source: StateError::Io(_), .. }), "{error:?}");
}

#[test]
fn a_replay_with_another_response_is_reported() {
    let harness = Harness::new(Delay::IMMEDIATE);
    harness.deploy();
    let outcome = Simulator::new(settings(Delay::IMMEDIATE)).handle(
        Instant::ORIGIN,
        &Caller::ANONYMOUS,
        &request(&contoso().get()),
    );
    let other = Input::request(
        Instant::ORIGIN,
        harness.shared.simulator().ids(),
        &Caller::thumbprint(THUMBPRINT),
        &request(&contoso().get()),
        None,
        &outcome,
    );
    let error = other.replay(7, &mut harness.shared.simulator()).unwrap_err().to_string();
    assert!(
        error.starts_with("the request 7 in this file would now get 200 instead of 403"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let harness = Harness::new(Delay::IMMEDIATE);
    assert_eq!(fs::metadata(harness.file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(harness.folder.path()).unwrap().count(), 1);
}
