//! Saved clouds: what loads saves equal, goes on, and loads again.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_emulator::{Caller, Settings, Simulator};
use bytes::Bytes;
use http::Request;

azure_classic_fuzz::target!(check);

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const MOST_EVENTS: usize = 50;

fn settings() -> Settings {
    Settings::new(SUBSCRIPTION.parse().expect("an id")).allow(THUMBPRINT)
}

fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(mut simulator) = Simulator::load(settings(), text) else { return };
    simulator = reload(&simulator);
    for path in READS {
        let request = Request::get(format!("/{SUBSCRIPTION}{path}"))
            .header("x-ms-version", "2018-06-01")
            .body(Bytes::new())
            .expect("a request");
        let _ = simulator.handle(simulator.now(), &Caller::thumbprint(THUMBPRINT), &request);
    }
    for _ in 0..MOST_EVENTS {
        let Some(next) = simulator.next_event() else { break };
        simulator.advance(next);
    }
    reload(&simulator);
}

const READS: [&str; 4] = [
    "/services/hostedservices",
    "/services/hostedservices/contoso?embed-detail=true",
    "/services/hostedservices/contoso/deploymentslots/production",
    "/services/storageservices",
];

fn reload(simulator: &Simulator) -> Simulator {
    let saved = simulator.save();
    let loaded = Simulator::load(settings(), &saved)
        .unwrap_or_else(|error| panic!("it does not load again: {error}"));
    assert_eq!(loaded.save(), saved);
    loaded
}
