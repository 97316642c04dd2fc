//! Durations as numbers of seconds, to the millisecond.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub(super) fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    Seconds::of(*time).serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<Duration, D::Error> {
    Seconds::deserialize(reader)?.duration().map_err(D::Error::custom)
}

#[derive(Serialize, Deserialize)]
struct Seconds(f64);

impl Seconds {
    fn of(time: Duration) -> Self {
        Self((time.as_secs_f64() * 1000.0).round() / 1000.0)
    }

    fn duration(&self) -> Result<Duration, std::time::TryFromFloatSecsError> {
        // Written to the millisecond; the rest comes from the binary fraction.
        Duration::try_from_secs_f64((self.0 * 1000.0).round() / 1000.0)
    }
}

pub(super) mod maybe {
    use super::{Deserialize, Deserializer, Duration, Seconds, Serialize, Serializer};
    use serde::de::Error as _;

    #[expect(clippy::ref_option, reason = "serde passes the field by reference")]
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(Seconds::of).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        reader: D,
    ) -> Result<Option<Duration>, D::Error> {
        let seconds = Option::<Seconds>::deserialize(reader)?;
        seconds.map(|seconds| seconds.duration()).transpose().map_err(D::Error::custom)
    }
}

pub(super) mod list {
    use super::{Deserialize, Deserializer, Duration, Seconds, Serializer};
    use serde::de::Error as _;

    pub(crate) fn serialize<S: Serializer>(
        times: &[Duration],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(times.iter().map(|time| Seconds::of(*time)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        reader: D,
    ) -> Result<Vec<Duration>, D::Error> {
        let list = Vec::<Seconds>::deserialize(reader)?;
        list.iter().map(|it| it.duration().map_err(D::Error::custom)).collect()
    }
}
