use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{DateTime, SubscriptionId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::limits::SubscriptionLimits;
use super::timing::Timing;

/// The least and the most upgrade domains that a deployment can have.
pub(crate) const UPGRADE_DOMAINS: std::ops::RangeInclusive<u32> = 1..=20;

/// The seconds since the start of 1970 that an emulated date can have: to the end of the year 9999, after
/// which neither RFC 3339 nor HTTP can write one. Time itself goes on, and the date stays there.
const CALENDAR: std::ops::RangeInclusive<i64> = 0..=253_402_300_799;

/// The settings of a [`Simulator`](crate::Simulator).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The subscription that exists.
    #[serde(with = "as_text")]
    pub subscription: SubscriptionId,
    /// Thumbprints of the management certificates that may call from the start: SHA-1 of the DER
    /// form, in hexadecimal digits, in any case. Callers can add others, and delete these.
    pub management_certificates: Vec<String>,
    /// The same, where more than the thumbprint is known: base64 of the DER form.
    pub(crate) full_certificates: Vec<String>,
    /// The address of the service in responses: `https://127.0.0.1:8443`.
    pub endpoint: String,
    /// The calendar time of [`Instant::ORIGIN`],
    /// in seconds since the start of 1970. Dates lie between that year and the end of the year 9999, and
    /// one beyond is the nearest of them.
    pub origin: i64,
    /// How many upgrade domains a deployment has whose package address does not say: 1 to 20, and for
    /// another number the nearest of them.
    pub upgrade_domains: u32,
    /// The most role instances that one deployment can have.
    pub max_instances: u32,
    /// How much the subscription may have.
    pub limits: SubscriptionLimits,
    /// The maximal number of cloud services in one response of List Cloud Services; at least 1.
    pub page_size: u32,
    /// How long things take.
    pub timing: Timing,
    /// Decides every id and every variation.
    pub seed: u64,
    /// How many entries the journal keeps.
    pub journal_entries: usize,
}

impl Settings {
    /// Five upgrade domains, at most 10,000 instances in a deployment, the default limits, 10,000
    /// cloud services on a page, the default pace, seed 0, 1,000 entries in the journal, and a clock
    /// that starts with the year 2015. No certificate may call.
    pub fn new(subscription: SubscriptionId) -> Self {
        Self {
            subscription,
            management_certificates: Vec::new(),
            full_certificates: Vec::new(),
            endpoint: "https://management.example.net".to_owned(),
            origin: 1_420_070_400,
            upgrade_domains: 5,
            max_instances: 10_000,
            limits: SubscriptionLimits::default(),
            page_size: 10_000,
            timing: Timing::default(),
            seed: 0,
            journal_entries: 1_000,
        }
    }

    /// Lets the certificate of this thumbprint call.
    pub fn allow(mut self, thumbprint: impl Into<String>) -> Self {
        self.management_certificates.push(thumbprint.into());
        self
    }

    /// Lets this certificate call, in its DER form: unlike one of which only the thumbprint is known,
    /// it can be read back, with its public key.
    pub fn allow_certificate(mut self, der: &[u8]) -> Self {
        self.full_certificates.push(STANDARD.encode(der));
        self
    }

    pub(crate) fn default_domain_count(&self) -> u32 {
        self.upgrade_domains.clamp(*UPGRADE_DOMAINS.start(), *UPGRADE_DOMAINS.end())
    }

    /// Where a thing of the subscription is managed.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.endpoint, self.subscription)
    }

    /// The `Location` of a new resource, which is not an address of the API.
    pub(crate) fn created_at(&self, kind: &str, name: &str) -> String {
        format!("{}/subscriptions/{}/{kind}/{name}", self.endpoint, self.subscription)
    }

    pub(crate) fn date_time(&self, time: Instant) -> DateTime {
        DateTime::from_unix_seconds(self.unix_seconds(time)).expect("the calendar has the date")
    }

    /// With up to seven fraction digits, as the service writes some times.
    pub(crate) fn exact_date_time(&self, time: Instant) -> DateTime {
        let ticks = time.since_origin().subsec_nanos() / 100;
        let seconds = self.date_time(time);
        if ticks == 0 {
            return seconds;
        }
        let fraction = format!("{ticks:07}");
        let whole = seconds.as_str().trim_end_matches('Z');
        DateTime::from(format!("{whole}.{}Z", fraction.trim_end_matches('0')).as_str())
    }

    /// In nanoseconds since the start of 1970.
    pub(crate) fn unix_nanoseconds(&self, time: Instant) -> i128 {
        i128::from(self.unix_seconds(time)) * 1_000_000_000
            + i128::from(time.since_origin().subsec_nanos())
    }

    /// In seconds since the start of 1970, within [`CALENDAR`].
    pub(crate) fn unix_seconds(&self, time: Instant) -> i64 {
        let elapsed = i64::try_from(time.since_origin().as_secs()).unwrap_or(i64::MAX);
        self.origin.saturating_add(elapsed).clamp(*CALENDAR.start(), *CALENDAR.end())
    }
}

/// Serializes a value by its text form.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_calendar_stops_at_its_last_second() {
        let settings = |origin| Settings {
            origin,
            ..Settings::new("8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap())
        };
        let last = 253_402_300_799;
        for (origin, seconds, expected) in [
            (0, 0, "1970-01-01T00:00:00Z"),
            (last - 1, 1, "9999-12-31T23:59:59Z"),
            (last, 1, "9999-12-31T23:59:59Z"),
            (1_420_070_400, 1_000_000_000_000, "9999-12-31T23:59:59Z"),
            (0, u64::MAX, "9999-12-31T23:59:59Z"),
            (i64::MAX, u64::MAX, "9999-12-31T23:59:59Z"),
            (i64::MIN, 0, "1970-01-01T00:00:00Z"),
            (-1, 0, "1970-01-01T00:00:00Z"),
        ] {
            let time = Instant::from_origin(Duration::new(seconds, 0));
            let settings = settings(origin);
            assert_eq!(settings.date_time(time).as_str(), expected);
            assert_eq!(settings.exact_date_time(time).as_str(), expected);
            let nanoseconds = settings.date_time(time).unix_nanoseconds();
            assert_eq!(nanoseconds, Some(settings.unix_nanoseconds(time)));
        }
    }
}
