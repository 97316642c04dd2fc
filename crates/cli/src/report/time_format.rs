//! Formats times and durations for people and for JSON.

use std::time::{Duration, SystemTime};

use serde::{Serialize as _, Serializer};

#[expect(clippy::ref_option, reason = "serde hands the field by reference")]
pub(super) fn serialize_timestamp<S: Serializer>(
    timestamp: &Option<SystemTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    timestamp
        .map(|timestamp| humantime::format_rfc3339_millis(timestamp).to_string())
        .serialize(serializer)
}

pub(super) fn serialize_seconds<S: Serializer>(
    time: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((time.as_secs_f64() * 1000.0).round() / 1000.0)
}

/// `2 h 5 min`, `3 min 10 s`, `45 s`, `0.3 s`.
pub(super) fn human_duration(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths < 100 && !tenths.is_multiple_of(10) {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = time.as_secs() + u64::from(time.subsec_millis() >= 500);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "min"), (if hours > 0 { 0 } else { rest }, "s")];
    let spoken = parts.iter().filter(|(count, _)| *count > 0);
    let spoken: Vec<String> = spoken.map(|(count, unit)| format!("{count} {unit}")).collect();
    if spoken.is_empty() { "0 s".to_owned() } else { spoken.join(" ") }
}

/// The duration from one time to another, as [`spoken`].
pub(super) fn human_duration_between(from: Duration, to: Duration) -> String {
    human_duration(to.saturating_sub(from))
}

/// `0:03:10`.
pub(super) fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `02:05:30`, in UTC.
pub(super) fn time_of_day(timestamp: SystemTime) -> String {
    humantime::format_rfc3339_seconds(timestamp).to_string()[11..19].to_owned()
}

/// `2015-01-01 02:05:30 UTC`.
pub(super) fn date_and_time(timestamp: SystemTime) -> String {
    let text = humantime::format_rfc3339_seconds(timestamp).to_string();
    format!("{} {} UTC", &text[..10], &text[11..19])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_as_exact_as_they_are_short() {
        let spoken = |millis| human_duration(Duration::from_millis(millis));
        assert_eq!([spoken(0), spoken(20), spoken(260)], ["0 s", "0 s", "0.3 s"]);
        assert_eq!([spoken(2000), spoken(9940), spoken(9960)], ["2 s", "9.9 s", "10 s"]);
        assert_eq!([spoken(59_600), spoken(190_000)], ["1 min", "3 min 10 s"]);
        assert_eq!([spoken(7_200_000), spoken(7_545_000)], ["2 h", "2 h 5 min"]);
    }
}
