//! A service whose clock is wrong.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Rule};

use crate::bench::{BY_NAME, Bench};

fn skew(seconds: i64) -> Rule {
    Rule::new(format!("skew {seconds}"), Effect::ClockSkew { seconds })
}

fn times(bench: &mut Bench) -> (String, String) {
    let reply = bench.get(BY_NAME).expect(200);
    (reply.header("date").to_owned(), reply.text("CreatedTime"))
}

fn seen(date: &str, created: &str) -> (String, String) {
    (date.to_owned(), created.to_owned())
}

#[test]
fn date_and_times_are_off_for_as_long_as_the_rule_says() {
    let mut bench = Bench::running(&[("Web", 1)]);
    let seconds = bench.seconds();
    assert_eq!(seconds, 60);
    let right = seen("Thu, 01 Jan 2015 00:01:00 GMT", "2015-01-01T00:00:00Z");
    assert_eq!(times(&mut bench), right);

    bench.fault(skew(-3600).after(Duration::from_secs(10)).lasts(Duration::from_secs(20)));
    assert_eq!(times(&mut bench), right);
    bench.pass(10);
    let behind = seen("Wed, 31 Dec 2014 23:01:10 GMT", "2014-12-31T23:00:00Z");
    assert_eq!(times(&mut bench), behind);
    bench.fault(skew(3660));
    let ahead = seen("Thu, 01 Jan 2015 00:02:10 GMT", "2015-01-01T00:01:00Z");
    assert_eq!(times(&mut bench), ahead);
    bench.cloud.remove_fault("skew 3660");
    bench.pass(20);
    let right_again = seen("Thu, 01 Jan 2015 00:01:30 GMT", "2015-01-01T00:00:00Z");
    assert_eq!(times(&mut bench), right_again);
}

#[test]
fn a_clock_beyond_the_calendar_gives_its_nearest_second() {
    let mut bench = Bench::running(&[("Web", 1)]);
    for (seconds, date, created) in [
        (i64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z"),
        (i64::MIN, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
    ] {
        bench.fault(skew(seconds));
        assert_eq!(times(&mut bench), seen(date, created));
        bench.cloud.remove_fault(&format!("skew {seconds}"));
    }
    assert_eq!(times(&mut bench).1, "2015-01-01T00:00:00Z");
}

#[test]
fn what_happens_is_not_touched() {
    let mut bench = Bench::new();
    bench.fault(skew(86_400));
    bench.get(BY_NAME);
    let entry = bench.cloud.journal().entries().next_back().unwrap();
    assert_eq!(entry.time.as_str(), "2015-01-01T00:00:00Z");
    assert_eq!(bench.seconds(), 0);
}
