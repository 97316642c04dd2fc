//! What is accepted can be stored, and what is stored can be opened: random requests, written as
//! awkwardly as XML allows, to two clouds of which one is stored and opened after each.

mod documents;
mod requests;

use azure_classic_emulator::{Settings, Simulator};
use fastrand::Rng;
use serde_json::Value;

use self::requests::{SentRequest, reads};
use crate::harness::{
    BY_NAME, BY_SLOT, Harness, TestResponse, create_deployment, create_service, settings, upgrade,
};

/// The same requests in every run.
const CASES: u64 = 200;
const REQUESTS: usize = 12;

#[test]
fn accepted_requests_leave_loadable_equivalent_state() {
    let cases = std::env::var("STORABLE_CASES").ok().and_then(|text| text.parse().ok());
    let cases = cases.unwrap_or(CASES);
    let accepted: u64 = (0..cases).map(|seed| Pair::new(seed).run()).sum();
    // Else the requests would be refused before they could do harm.
    assert!(accepted > cases * 4, "{accepted} requests were accepted");
}

#[test]
fn single_role_upgrade_counts_instances_of_other_roles() {
    let mut pair = Pair::new(0);
    let upgrade = |web: u32, batch: u32| {
        upgrade("Auto", "two", &[("Web", web), ("Batch", batch)])
            .replace("<Force>", "<RoleToUpgrade>Web</RoleToUpgrade><Force>")
    };
    let roles: &[_] = &[("Web", 6), ("Batch", 6)];
    pair.post("/services/hostedservices", create_service("contoso")).expect(201);
    pair.post(BY_SLOT, create_deployment("first", "one", roles, true)).expect(202);
    pair.settle();
    let path = format!("{BY_NAME}/?comp=upgrade");
    assert_eq!(pair.post(&path, upgrade(11, 1)).expect(400).code(), "400 BadRequest");
    pair.post(&path, upgrade(6, 1)).expect(202);
    pair.settle();
}

/// Two clouds that get the same requests; one is stored and opened after each.
struct Pair {
    seed: u64,
    rng: Rng,
    original: Harness,
    reloaded: Harness,
    /// What was stored last.
    saved: String,
}

impl Pair {
    fn new(seed: u64) -> Self {
        let harness =
            || Harness { simulator: Simulator::new(limited_settings(seed)), version: "2018-06-01" };
        let (whole, opened) = (harness(), harness());
        let saved = whole.simulator.save();
        Self { seed, rng: Rng::with_seed(seed), original: whole, reloaded: opened, saved }
    }

    /// Tells how many requests were accepted.
    fn run(mut self) -> u64 {
        let mut accepted = 0;
        for step in 0..REQUESTS {
            let sent = requests::random(&mut self.rng, step);
            let is_accepted = self.send(&sent).0.status().is_success();
            accepted += u64::from(is_accepted);
            let settles = self.rng.bool();
            if settles {
                self.settle();
            }
            if is_accepted || settles {
                self.compare_reads(&sent);
            }
        }
        accepted
    }

    fn post(&mut self, path: &str, body: String) -> TestResponse {
        self.send(&SentRequest { method: "POST", path: path.to_owned(), body })
    }

    fn send(&mut self, sent: &SentRequest) -> TestResponse {
        let reply = self.original.send(sent.method, &sent.path, &sent.body);
        let again = self.reloaded.send(sent.method, &sent.path, &sent.body);
        self.assert_same(&reply, &again, sent);
        assert_ne!(reply.0.status(), 500, "seed {}: {sent}: {:?}", self.seed, reply.0.body());
        let before = std::mem::take(&mut self.saved);
        self.reload(sent);
        if reply.0.status().as_u16() >= 400 {
            assert_eq!(
                comparable_state(&self.saved),
                comparable_state(&before),
                "seed {}: refused: {sent}",
                self.seed
            );
        }
        reply
    }

    fn settle(&mut self) {
        self.original.settle();
        self.reloaded.settle();
        self.reload(&SentRequest { method: "time", path: String::new(), body: String::new() });
    }

    /// Stores the cloud, and goes on with what was stored.
    fn reload(&mut self, after: &SentRequest) {
        let Self { seed, reloaded: opened, .. } = self;
        let saved = opened.simulator.save();
        opened.simulator = Simulator::load(limited_settings(*seed), &saved)
            .unwrap_or_else(|error| panic!("seed {seed}: after {after}: {error}"));
        assert_eq!(opened.simulator.save(), saved, "seed {seed}: after {after}");
        self.saved = saved;
    }

    fn compare_reads(&mut self, after: &SentRequest) {
        for path in reads() {
            let (reply, again) = (self.original.get(path), self.reloaded.get(path));
            self.assert_same(&reply, &again, after);
            let status = reply.0.status().as_u16();
            assert!([200, 404].contains(&status), "seed {}: {path} after {after}", self.seed);
            let read = roxmltree::Document::parse(reply.body());
            assert!(read.is_ok(), "seed {}: {path} after {after}: {}", self.seed, reply.body());
        }
        self.saved = self.reloaded.simulator.save();
    }

    fn assert_same(&self, left: &TestResponse, right: &TestResponse, sent: &SentRequest) {
        let Self { seed, .. } = self;
        assert_eq!(left.0.status(), right.0.status(), "seed {seed}: {sent}");
        assert_eq!(left.0.headers(), right.0.headers(), "seed {seed}: {sent}");
        assert_eq!(left.0.body(), right.0.body(), "seed {seed}: {sent}");
    }
}

fn limited_settings(seed: u64) -> Settings {
    let mut settings = settings();
    settings.max_instances = 12;
    settings.seed = seed;
    settings
}

/// Everything but what counts requests, whatever becomes of them.
fn comparable_state(saved: &str) -> Value {
    let mut saved: Value = serde_json::from_str(saved).unwrap();
    let shared = saved["simulator"]["shared"].as_object_mut().unwrap();
    assert!(shared.remove("ids").is_some() && shared.remove("revision").is_some());
    assert!(shared["operations"].as_object_mut().unwrap().remove("last").is_some());
    saved
}
