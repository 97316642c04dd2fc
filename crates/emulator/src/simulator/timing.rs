use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::{Error as _, IntoDeserializer as _};
use serde::{Deserialize, Deserializer, Serialize};

use super::deployment::instance::Phase;
use super::faults::seconds;
use super::routes::routes;

/// When a started transition ends.
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::Delay;
///
/// let takes: Vec<Delay> = serde_json::from_str(r#"[{ "seconds": 0 }, { "seconds": 30 }, { "polls": 3 }]"#)?;
/// assert_eq!(takes, [Delay::IMMEDIATE, Delay::Time(Duration::from_secs(30)), Delay::Polls(3)]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// After this much of the emulator's own time. In JSON `seconds`.
    #[serde(rename = "seconds", with = "seconds")]
    Time(Duration),
    /// Not after a time, but after a number of polls: the last of them finds it complete; 0 means at once. A
    /// read of a deployment (Get Deployment, or Get Cloud Service Properties with details) counts, and so
    /// does a read of the status of one of its operations. For a swap, a read of the deployment that was in
    /// staging counts. The same applies to a storage account that is being created, a cloud service that is
    /// being deleted with its contents, and a reserved IP address that is being created or deleted.
    Polls(u32),
}

impl Delay {
    /// No time at all.
    pub const IMMEDIATE: Self = Self::Time(Duration::ZERO);

    /// Creates a delay of this many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self::Time(Duration::from_secs(seconds))
    }

    const fn millis(millis: u64) -> Self {
        Self::Time(Duration::from_millis(millis))
    }

    pub(crate) fn half(self) -> Self {
        match self {
            Self::Time(time) => Self::Time(time / 2),
            Self::Polls(polls) => Self::Polls(polls / 2),
        }
    }

    /// The rest after the [`half`](Self::half).
    pub(crate) fn second_half(self) -> Self {
        match self {
            Self::Time(time) => Self::Time(time.saturating_sub(time / 2)),
            Self::Polls(polls) => Self::Polls(polls - polls / 2),
        }
    }
}

impl From<Duration> for Delay {
    fn from(time: Duration) -> Self {
        Self::Time(time)
    }
}

/// How long things take.
///
/// ```
/// use azure_classic_emulator::{Timing, Delay};
///
/// let slow_operations = Timing { operation: Delay::seconds(5), ..Timing::default() };
/// let by_polls = Timing { operation: Delay::Polls(3), ..Timing::IMMEDIATE };
/// let slow_start: Timing = serde_json::from_str(r#"{ "states": { "StartingRole": { "seconds": 90 } } }"#)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timing {
    /// From the 202 response to the end of an operation. The deployment is locked for that time.
    pub operation: Delay,
    /// Each of `CreatingVM`, `StartingVM`, `StoppingVM` and `DeletingVM`.
    pub machine: Delay,
    /// Each of `CreatingRole`, `StartingRole`, `BusyRole` and `StoppingRole`.
    pub role: Delay,
    /// How long an automatic update stands before an upgrade domain (`Before`) until it begins.
    pub domain: Delay,
    /// How long an update waits for the instances of an upgrade domain before it goes on without
    /// them. The service's update guide gives 30 minutes.
    #[serde(alias = "patience")]
    pub start_timeout: Delay,
    /// Operations that take something else, by the names of the reference: `Swap Deployment`. Walks end
    /// with their instances, and what is done at once has nothing to wait for.
    #[serde(deserialize_with = "known_operations")]
    pub operations: BTreeMap<String, Delay>,
    /// States of instances that take something else, by their names: `StartingRole`.
    #[serde(deserialize_with = "known_states")]
    pub states: BTreeMap<String, Delay>,
    /// The variation of each delay except `start_timeout`, in percent, at most 100; the seed determines it.
    #[serde(alias = "spread")]
    pub jitter_percent: u8,
}

const HALF_AN_HOUR: Delay = Delay::seconds(30 * 60);

impl Timing {
    /// The pace to look at: an instance starts in about one and a half seconds.
    pub const BRISK: Self = Self {
        operation: Delay::millis(300),
        machine: Delay::millis(400),
        role: Delay::millis(250),
        domain: Delay::millis(250),
        start_timeout: HALF_AN_HOUR,
        operations: BTreeMap::new(),
        states: BTreeMap::new(),
        jitter_percent: 40,
    };

    /// All automatic transitions are immediate.
    pub const IMMEDIATE: Self = Self {
        operation: Delay::IMMEDIATE,
        machine: Delay::IMMEDIATE,
        role: Delay::IMMEDIATE,
        domain: Delay::IMMEDIATE,
        start_timeout: HALF_AN_HOUR,
        operations: BTreeMap::new(),
        states: BTreeMap::new(),
        jitter_percent: 0,
    };

    /// As slow as the service was: an operation ends after half a minute, an instance starts in five.
    pub const REALISTIC: Self = Self {
        operation: Delay::seconds(30),
        machine: Delay::seconds(90),
        role: Delay::seconds(40),
        domain: Delay::seconds(10),
        start_timeout: HALF_AN_HOUR,
        operations: BTreeMap::new(),
        states: BTreeMap::new(),
        jitter_percent: 25,
    };
}

/// [`Timing::BRISK`].
impl Default for Timing {
    fn default() -> Self {
        Self::BRISK
    }
}

impl Timing {
    /// From the response to the end of an operation with this name.
    pub(crate) fn operation_delay(&self, name: &str) -> Delay {
        self.operations.get(name).copied().unwrap_or(self.operation)
    }
}

/// A misspelt operation would go unnoticed.
fn known_operations<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Delay>, D::Error> {
    let operations = BTreeMap::<String, Delay>::deserialize(deserializer)?;
    match operations.keys().find(|name| !routes().any(|route| route.operation == **name)) {
        Some(name) => Err(D::Error::custom(format_args!("there is no operation {name:?}"))),
        None => Ok(operations),
    }
}

/// A misspelt state would go unnoticed.
fn known_states<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Delay>, D::Error> {
    let states = BTreeMap::<String, Delay>::deserialize(deserializer)?;
    for name in states.keys() {
        Phase::deserialize(name.as_str().into_deserializer())?;
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timing_is_read_from_json_and_mistakes_are_named() {
        let read = |text| serde_json::from_str::<Timing>(text).map_err(|error| error.to_string());
        let text = r#"{ "operation": { "polls": 2 }, "operations": { "Swap Deployment": { "seconds": 5 } },
            "states": { "BusyRole": { "seconds": 0.5 } }, "jitter_percent": 0 }"#;
        let timing = read(text).unwrap();
        assert_eq!(timing.operation_delay("Upgrade Deployment"), Delay::Polls(2));
        assert_eq!(timing.operation_delay("Swap Deployment"), Delay::seconds(5));
        assert_eq!(timing.states["BusyRole"], Delay::millis(500));
        assert_eq!(timing.machine, Timing::BRISK.machine);
        for (text, part) in [
            (r#"{ "operation_takes": { "polls": 2 } }"#, "unknown field `operation_takes`"),
            (r#"{ "operations": { "Swap": { "polls": 2 } } }"#, "there is no operation \"Swap\""),
            (r#"{ "role": { "seconds": -1 } }"#, "-1 is not a number of seconds"),
            (r#"{ "role": { "minutes": 1 } }"#, "unknown variant `minutes`"),
            (
                r#"{ "states": { "Busy": { "polls": 1 } } }"#,
                "unknown variant `Busy`, expected one of `CreatingVM`",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
