//! Sequences of requests to the emulated simulator. Each is answered, and the state that it leaves is saved
//! and loads equal.
//!
//! An input has blocks that lines of three hyphens separate. A block is one of
//! - `POST /services/hostedservices?x=y`, and the body from the second line on, in which `{{…}}` stands
//!   for the Base64 of what is inside;
//! - `+90`, which lets that many seconds pass;
//! - `!`, and a fault rule as JSON.
#![cfg_attr(fuzzing, no_main)]

use std::time::Duration;

use azure_classic_emulator::faults::FaultRule;
use azure_classic_emulator::{Caller, Settings, Simulator, Timing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;

azure_classic_fuzz::target!(check);

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const MOST_BLOCKS: usize = 24;

fn settings() -> Settings {
    let mut settings = Settings::new(SUBSCRIPTION.parse().expect("an id")).allow(THUMBPRINT);
    settings.timing = Timing::BRISK;
    settings.max_instances = 40;
    settings
}

fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut simulator = Simulator::new(settings());
    for block in azure_classic_fuzz::blocks(&text, MOST_BLOCKS) {
        match block.split_at_checked(1) {
            Some(("+", seconds)) => {
                let seconds: u16 = seconds.trim_ascii().parse().unwrap_or(30);
                simulator.advance(simulator.now() + Duration::from_secs(seconds.into()));
            }
            Some(("!", rule)) => {
                if let Ok(rule) = serde_json::from_str::<FaultRule>(rule) {
                    let _ = simulator.add_fault(rule);
                }
            }
            _ => send(&mut simulator, block),
        }
        let saved = simulator.save();
        simulator = Simulator::load(settings(), &saved)
            .unwrap_or_else(|error| panic!("it does not load: {error}\n{saved}"));
        assert_eq!(simulator.save(), saved);
    }
}

fn send(simulator: &mut Simulator, block: &str) {
    let (line, body) = block.split_once('\n').unwrap_or((block, ""));
    let Some((method, path)) = line.split_once(' ') else { return };
    let request = Request::builder()
        .method(method)
        .uri(format!("/{SUBSCRIPTION}{path}"))
        .header("x-ms-version", "2018-06-01")
        .body(Bytes::from(with_base64(body)));
    let Ok(request) = request else { return };
    let caller = Caller::thumbprint(THUMBPRINT);
    let mut outcome = simulator.handle(simulator.now(), &caller, &request);
    for _ in 0..8 {
        let Some(delayed) = outcome.delayed else { return };
        let now = simulator.now() + outcome.delay.min(Duration::from_secs(3600));
        outcome = simulator.resume(now, delayed);
    }
    panic!("a request is delayed back again and again");
}

fn with_base64(body: &str) -> String {
    let mut pieces = body.split("{{");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (inside, after) = piece.split_once("}}").unwrap_or((piece, ""));
        STANDARD.encode_string(inside, &mut text);
        text.push_str(after);
    }
    text
}
