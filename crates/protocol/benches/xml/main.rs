//! How long reading a large deployment takes, as ratios to quick-xml's bare event loop and to its
//! own serde deserializer: `cargo bench -p azure-classic-protocol --bench xml`.
//!
//! The three take turns within each round, and each figure is the median of the rounds' ratios, so
//! that a machine which changes its pace changes them little. Times are of the fastest round.

mod document;
#[expect(clippy::struct_field_names, reason = "they are the service's")]
mod mirror;

use std::hint::black_box;
use std::time::{Duration, Instant};

use azure_classic_protocol::{Deployment, xml};
use quick_xml::events::Event;

const ROUNDS: usize = 151;

fn main() {
    let document = document::deployment(1400, 100);
    let read: Deployment = xml::from_slice(document.as_bytes()).expect("the model fits");
    let mirrored: mirror::Deployment = quick_xml::de::from_str(&document).expect("the mirror fits");
    assert_eq!(values(&read), values(&mirrored), "both readers must have done the same work");

    println!("{} bytes, {} events", document.len(), events(&document));
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push([
            timed(|| events(&document)),
            timed(|| xml::from_slice::<Deployment>(document.as_bytes())),
            timed(|| quick_xml::de::from_str::<mirror::Deployment>(&document)),
        ]);
    }
    let [raw, ours, serde] =
        [0, 1, 2].map(|column| rounds.iter().map(|round| round[column]).min().unwrap_or_default());
    println!("event loop {raw:.2?}, this crate {ours:.2?}, quick_xml::de {serde:.2?}");
    println!("this crate / event loop     {:.2}", median(&rounds, 1, 0));
    println!("quick_xml::de / event loop  {:.2}", median(&rounds, 2, 0));
    println!("this crate / quick_xml::de  {:.2}", median(&rounds, 1, 2));
}

/// All that was read, but for the texts that only one of the two readers knows to be base64.
fn values(deployment: &impl serde::Serialize) -> serde_json::Value {
    let mut values = serde_json::to_value(deployment).expect("a model is JSON");
    for base64 in ["Label", "Configuration"] {
        values[base64].take();
    }
    values
}

fn events(document: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut count = 0;
    while !matches!(reader.read_event().expect("well-formed"), Event::Eof) {
        count += 1;
    }
    count
}

/// How long the work takes, without the freeing of what it made.
#[expect(clippy::disallowed_methods, reason = "a benchmark needs the clock")]
fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let made = black_box(work());
    let elapsed = start.elapsed();
    drop(made);
    elapsed
}

fn median(rounds: &[[Duration; 3]], column: usize, to: usize) -> f64 {
    let mut ratios: Vec<f64> =
        rounds.iter().map(|round| round[column].div_duration_f64(round[to])).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}
