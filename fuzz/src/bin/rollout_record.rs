//! Records of rollouts: one that is resumed and driven against any responses panics never and waits
//! without turning in place.
//!
//! An input is the record as JSON, and after each line of three hyphens an input of a person (`pause`,
//! `resume`, `promote`, `abort`) or a response, which also answers later requests when there is no other.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_protocol::machine::{Instant, Machine as _, Step};
use azure_classic_protocol::{Endpoint, SendError};
use azure_classic_rollout::{Input, Record, Rollout};

azure_classic_fuzz::target!(check);

const MOST_BLOCKS: usize = 40;
const MOST_STEPS: usize = 300;

fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut blocks = azure_classic_fuzz::blocks(&text, MOST_BLOCKS);
    let Some(record) = blocks.next() else { return };
    let Ok(record) = serde_json::from_str::<Record>(record) else { return };
    let written = serde_json::to_string(&record).expect("a record has a JSON form");
    assert_eq!(serde_json::from_str::<Record>(&written).expect("our own record"), record);

    let Ok(subscription) = record.subscription().parse() else { return };
    let endpoint = Endpoint::new("https://127.0.0.1:8443", subscription).expect("an endpoint");
    let Ok(rollout) = Rollout::resume(&endpoint, record) else { return };
    let rollout = rollout.persist_with(|record| {
        let written = serde_json::to_string(record)?;
        let read: Record = serde_json::from_str(&written)?;
        assert_eq!(read, *record);
        Ok(())
    });
    drive(rollout, &blocks.collect::<Vec<_>>());
}

fn drive(mut rollout: Rollout, blocks: &[&str]) {
    let mut now = Instant::ORIGIN;
    let mut next = 0;
    for _ in 0..MOST_STEPS {
        match rollout.step(now) {
            Step::Done(_) => return,
            Step::WaitUntil(time) => {
                assert!(time > now, "it waits for a moment that has passed");
                now = time;
            }
            Step::Send(_) => {
                while let Some(input) = blocks.get(next).copied().and_then(input) {
                    rollout.input(input);
                    next += 1;
                }
                let reply = match blocks.get(next).or(blocks.last()) {
                    Some(block) if !block.starts_with("lost") => {
                        Ok(azure_classic_fuzz::response(block.as_bytes()))
                    }
                    _ => Err(SendError::ambiguous("the connection was cut")),
                };
                next += 1;
                rollout.receive(now, reply);
                probe(&mut rollout);
            }
        }
    }
}

fn input(block: &str) -> Option<Input> {
    Some(match block.trim_ascii() {
        "pause" => Input::Pause,
        "resume" => Input::Resume,
        "promote" => Input::Promote,
        "abort" => Input::Abort,
        _ => return None,
    })
}

fn probe(rollout: &mut Rollout) {
    let names: Vec<String> =
        rollout.probes().take(5).map(|instance| instance.instance_name.clone()).collect();
    for (index, name) in names.iter().enumerate() {
        let verdict = if index < 4 { Ok(()) } else { Err("it does not respond".to_owned()) };
        rollout.probed(name, verdict);
    }
}
