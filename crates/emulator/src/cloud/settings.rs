use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{DateTime, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::pace::Pace;

/// The least and the most upgrade domains that a deployment can have.
pub(crate) const UPGRADE_DOMAINS: std::ops::RangeInclusive<u32> = 1..=20;

/// What a [`Cloud`](crate::Cloud) is made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The subscription that exists.
    #[serde(with = "as_text")]
    pub subscription: SubscriptionId,
    /// Thumbprints of the management certificates that may call: SHA-1 of the DER form, in
    /// hexadecimal digits, in any case.
    pub management_certificates: Vec<String>,
    /// Where the service is reached, for addresses in answers: `https://127.0.0.1:8443`.
    pub endpoint: String,
    /// The calendar time of [`Instant::ORIGIN`],
    /// in seconds since the start of 1970.
    pub origin: i64,
    /// How many upgrade domains a deployment has whose package address does not say, 1 to 20.
    pub upgrade_domains: u32,
    /// The most role instances that one deployment can have.
    pub most_instances: u32,
    /// How long things take.
    pub pace: Pace,
    /// Decides every id and every variation.
    pub seed: u64,
}

impl Settings {
    /// Five upgrade domains, at most 10,000 instances, the default pace, seed 0, and a clock that
    /// starts with the year 2015. No certificate may call.
    pub fn new(subscription: SubscriptionId) -> Self {
        Self {
            subscription,
            management_certificates: Vec::new(),
            endpoint: "https://management.example.net".to_owned(),
            origin: 1_420_070_400,
            upgrade_domains: 5,
            most_instances: 10_000,
            pace: Pace::default(),
            seed: 0,
        }
    }

    /// Lets the certificate of this thumbprint call.
    pub fn allow(mut self, thumbprint: impl Into<String>) -> Self {
        self.management_certificates.push(thumbprint.into());
        self
    }

    /// Where a thing of the subscription is managed.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.endpoint, self.subscription)
    }

    /// What the service tells of a new thing in `Location`: no address that it serves.
    pub(crate) fn created_at(&self, kind: &str, name: &str) -> String {
        format!("{}/subscriptions/{}/{kind}/{name}", self.endpoint, self.subscription)
    }

    pub(crate) fn date_time(&self, moment: Instant) -> Option<DateTime> {
        DateTime::from_unix_seconds(self.unix_seconds(moment))
    }

    pub(crate) fn unix_seconds(&self, moment: Instant) -> i64 {
        let elapsed = i64::try_from(moment.since_origin().as_secs()).unwrap_or(i64::MAX);
        self.origin.saturating_add(elapsed)
    }

    pub(crate) fn unix_nanoseconds(&self, moment: Instant) -> i128 {
        let fraction = moment.since_origin().subsec_nanos();
        i128::from(self.unix_seconds(moment)) * 1_000_000_000 + i128::from(fraction)
    }
}

/// Writes what has a text form of its own as that.
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
