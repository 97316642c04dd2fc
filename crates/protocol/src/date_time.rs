use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, PrimitiveDateTime, UtcDateTime};

/// A timestamp as the service writes it, in UTC: `2016-08-31T10:15:00Z`.
///
/// It keeps the original text, because the service varies: 0 to 7 fraction digits, sometimes no zone (then it
/// means UTC), and the years 1 and 9999 for "never". [`to_system_time`](Self::to_system_time) parses it.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateTime(String);

/// Nanoseconds per second.
const NANOSECONDS: u128 = 1_000_000_000;

impl DateTime {
    /// Creates a timestamp with a precision of one second, as the service writes the times of deployments.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        let text = OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()?;
        Some(Self(text))
    }

    /// Returns the original text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the time, or `None` if the text is not a timestamp or the system cannot represent it.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let nanoseconds = self.unix_nanoseconds()?;
        let distance = Duration::new(
            u64::try_from(nanoseconds.unsigned_abs() / NANOSECONDS).ok()?,
            u32::try_from(nanoseconds.unsigned_abs() % NANOSECONDS).ok()?,
        );
        if nanoseconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }

    /// Returns the nanoseconds since the start of 1970, or `None` if the text is not a timestamp.
    pub fn unix_nanoseconds(&self) -> Option<i128> {
        let text = self.0.trim();
        if let Ok(instant) = UtcDateTime::parse(text, &Rfc3339) {
            return Some(instant.unix_timestamp_nanos());
        }
        let zoned = format!("{text}Z");
        PrimitiveDateTime::parse(&zoned, &Rfc3339)
            .ok()
            .map(|instant| instant.assume_utc().unix_timestamp_nanos())
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanoseconds(text: &str) -> Option<i128> {
        DateTime::from(text).unix_nanoseconds()
    }

    #[test]
    fn all_spellings_of_the_service_are_parsed() {
        let second = 1_000_000_000;
        assert_eq!(nanoseconds("1970-01-01T00:00:01Z"), Some(second));
        assert_eq!(nanoseconds("1970-01-01T00:00:01.5Z"), Some(second + second / 2));
        assert_eq!(nanoseconds("1970-01-01T00:00:01.0000001Z"), Some(second + 100));
        assert_eq!(nanoseconds("1970-01-01T00:00:01"), Some(second));
        assert_eq!(nanoseconds("1970-01-01T00:00:01.25"), Some(second + second / 4));
    }

    #[test]
    fn times_before_and_after_the_epoch_are_system_times() {
        let epoch = SystemTime::UNIX_EPOCH;
        let half = Duration::from_millis(1500);
        let read = |text: &str| DateTime::from(text).to_system_time();
        assert_eq!(read("1970-01-01T00:00:01.5Z"), Some(epoch + half));
        assert_eq!(read("1969-12-31T23:59:58.5Z"), Some(epoch - half));
        assert_eq!(read("never"), None);
    }

    #[test]
    fn the_years_for_never_are_parsed() {
        assert!(nanoseconds("0001-01-01T00:00:00Z").unwrap() < 0);
        assert!(nanoseconds("9999-12-31T23:59:59.9999999Z").unwrap() > 0);
    }

    #[test]
    fn other_text_is_kept() {
        let date = DateTime::from("soon");
        assert_eq!(date.unix_nanoseconds(), None);
        assert_eq!(date.as_str(), "soon");
    }

    #[test]
    fn seconds_are_written_with_a_zone() {
        assert_eq!(
            DateTime::from_unix_seconds(1_472_638_500).unwrap().as_str(),
            "2016-08-31T10:15:00Z"
        );
    }
}
