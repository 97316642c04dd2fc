//! A service whose clock is wrong.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultRule};

use crate::harness::{BY_NAME, Harness};

fn skew(seconds: i64) -> FaultRule {
    FaultRule::new(format!("skew {seconds}"), Effect::ClockSkew { seconds })
}

fn times(harness: &mut Harness) -> (String, String) {
    let reply = harness.get(BY_NAME).expect(200);
    (reply.header("date").to_owned(), reply.text("CreatedTime"))
}

fn expected_times(date: &str, created: &str) -> (String, String) {
    (date.to_owned(), created.to_owned())
}

#[test]
fn clock_skew_lasts_for_rule_duration() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    let seconds = harness.seconds();
    assert_eq!(seconds, 60);
    let right = expected_times("Thu, 01 Jan 2015 00:01:00 GMT", "2015-01-01T00:00:00Z");
    assert_eq!(times(&mut harness), right);

    harness.add_fault(skew(-3600).after(Duration::from_secs(10)).duration(Duration::from_secs(20)));
    assert_eq!(times(&mut harness), right);
    harness.advance(10);
    let behind = expected_times("Wed, 31 Dec 2014 23:01:10 GMT", "2014-12-31T23:00:00Z");
    assert_eq!(times(&mut harness), behind);
    harness.add_fault(skew(3660));
    let ahead = expected_times("Thu, 01 Jan 2015 00:02:10 GMT", "2015-01-01T00:01:00Z");
    assert_eq!(times(&mut harness), ahead);
    harness.simulator.remove_fault("skew 3660");
    harness.advance(20);
    let right_again = expected_times("Thu, 01 Jan 2015 00:01:30 GMT", "2015-01-01T00:00:00Z");
    assert_eq!(times(&mut harness), right_again);
}

#[test]
fn out_of_range_clock_is_clamped() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    for (seconds, date, created) in [
        (i64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z"),
        (i64::MIN, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
    ] {
        harness.add_fault(skew(seconds));
        assert_eq!(times(&mut harness), expected_times(date, created));
        harness.simulator.remove_fault(&format!("skew {seconds}"));
    }
    assert_eq!(times(&mut harness).1, "2015-01-01T00:00:00Z");
}

#[test]
fn skew_does_not_affect_events() {
    let mut harness = Harness::new();
    harness.add_fault(skew(86_400));
    harness.get(BY_NAME);
    let entry = harness.simulator.journal().entries().next_back().unwrap();
    assert_eq!(entry.time.as_str(), "2015-01-01T00:00:00Z");
    assert_eq!(harness.seconds(), 0);
}
