//! What is accepted can be stored, and what is stored can be opened: random requests, written as
//! awkwardly as XML allows, to two clouds of which one is stored and opened after each.

mod documents;
mod requests;

use azure_classic_emulator::{Cloud, Settings};
use fastrand::Rng;
use serde_json::Value;

use self::requests::{Sent, reads};
use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, create_deployment, create_service, settings, upgrade,
};

/// The same requests in every run.
const CASES: u64 = 200;
const REQUESTS: usize = 12;

#[test]
fn every_accepted_request_leaves_a_state_that_opens_and_answers_alike() {
    let cases = std::env::var("STORABLE_CASES").ok().and_then(|text| text.parse().ok());
    let cases = cases.unwrap_or(CASES);
    let accepted: u64 = (0..cases).map(|seed| Pair::new(seed).run()).sum();
    // Else the requests would be refused before they could do harm.
    assert!(accepted > cases * 4, "{accepted} requests were accepted");
}

#[test]
fn an_upgrade_of_one_role_counts_the_instances_of_the_others() {
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
    whole: Bench,
    opened: Bench,
    /// What was stored last.
    saved: String,
}

impl Pair {
    fn new(seed: u64) -> Self {
        let bench = || Bench { cloud: Cloud::new(limited(seed)), version: "2018-06-01" };
        let (whole, opened) = (bench(), bench());
        let saved = whole.cloud.save();
        Self { seed, rng: Rng::with_seed(seed), whole, opened, saved }
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

    fn post(&mut self, path: &str, body: String) -> Reply {
        self.send(&Sent { method: "POST", path: path.to_owned(), body })
    }

    fn send(&mut self, sent: &Sent) -> Reply {
        let reply = self.whole.send(sent.method, &sent.path, &sent.body);
        let again = self.opened.send(sent.method, &sent.path, &sent.body);
        self.assert_same(&reply, &again, sent);
        assert_ne!(reply.0.status(), 500, "seed {}: {sent}: {:?}", self.seed, reply.0.body());
        let before = std::mem::take(&mut self.saved);
        self.open_again(sent);
        if reply.0.status().as_u16() >= 400 {
            assert_eq!(state(&self.saved), state(&before), "seed {}: refused: {sent}", self.seed);
        }
        reply
    }

    fn settle(&mut self) {
        self.whole.settle();
        self.opened.settle();
        self.open_again(&Sent { method: "time", path: String::new(), body: String::new() });
    }

    /// Stores the cloud, and goes on with what was stored.
    fn open_again(&mut self, after: &Sent) {
        let Self { seed, opened, .. } = self;
        let saved = opened.cloud.save();
        opened.cloud = Cloud::load(limited(*seed), &saved)
            .unwrap_or_else(|error| panic!("seed {seed}: after {after}: {error}"));
        assert_eq!(opened.cloud.save(), saved, "seed {seed}: after {after}");
        self.saved = saved;
    }

    fn compare_reads(&mut self, after: &Sent) {
        for path in reads() {
            let (reply, again) = (self.whole.get(path), self.opened.get(path));
            self.assert_same(&reply, &again, after);
            let status = reply.0.status().as_u16();
            assert!([200, 404].contains(&status), "seed {}: {path} after {after}", self.seed);
            let read = roxmltree::Document::parse(reply.body());
            assert!(read.is_ok(), "seed {}: {path} after {after}: {}", self.seed, reply.body());
        }
        self.saved = self.opened.cloud.save();
    }

    fn assert_same(&self, left: &Reply, right: &Reply, sent: &Sent) {
        let Self { seed, .. } = self;
        assert_eq!(left.0.status(), right.0.status(), "seed {seed}: {sent}");
        assert_eq!(left.0.headers(), right.0.headers(), "seed {seed}: {sent}");
        assert_eq!(left.0.body(), right.0.body(), "seed {seed}: {sent}");
    }
}

fn limited(seed: u64) -> Settings {
    let mut settings = settings();
    settings.most_instances = 12;
    settings.seed = seed;
    settings
}

/// Everything but what counts requests, whatever becomes of them.
fn state(saved: &str) -> Value {
    let mut saved: Value = serde_json::from_str(saved).unwrap();
    let world = saved["cloud"]["world"].as_object_mut().unwrap();
    assert!(world.remove("ids").is_some() && world.remove("revision").is_some());
    assert!(world["operations"].as_object_mut().unwrap().remove("last").is_some());
    saved
}
