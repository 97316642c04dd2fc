use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// When something that has begun is over.
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::Takes;
///
/// let _ = [Takes::AT_ONCE, Takes::Time(Duration::from_secs(30)), Takes::Polls(3)];
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// After so much of the emulator's own time.
    Time(Duration),
    /// Not by time, but when it is asked about: the last of so many questions finds it done; 0 is as
    /// good as no time. About a deployment asks who reads it (Get Deployment, or Get Cloud Service
    /// Properties with details) or the status of one of its operations, and about a swap who reads the
    /// deployment that was in staging; about a storage account that is being made, a cloud service
    /// that is being deleted with everything in it, and a reserved IP address that is being made or
    /// deleted, likewise.
    Polls(u32),
}

impl Takes {
    /// No time at all.
    pub const AT_ONCE: Self = Self::Time(Duration::ZERO);

    /// So many seconds.
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

    /// What is left after the [`half`](Self::half).
    pub(crate) fn rest(self) -> Self {
        match self {
            Self::Time(time) => Self::Time(time.saturating_sub(time / 2)),
            Self::Polls(polls) => Self::Polls(polls - polls / 2),
        }
    }
}

impl From<Duration> for Takes {
    fn from(time: Duration) -> Self {
        Self::Time(time)
    }
}

/// How long things take.
///
/// ```
/// use azure_classic_emulator::{Pace, Takes};
///
/// let slow_operations = Pace { operation: Takes::seconds(5), ..Pace::default() };
/// let by_polls = Pace { operation: Takes::Polls(3), ..Pace::IMMEDIATE };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// From the answer 202 to the end of an operation. A deployment is locked meanwhile.
    pub operation: Takes,
    /// Each of `CreatingVM`, `StartingVM`, `StoppingVM` and `DeletingVM`.
    pub machine: Takes,
    /// Each of `CreatingRole`, `StartingRole`, `BusyRole` and `StoppingRole`.
    pub role: Takes,
    /// How long an automatic update stands before an upgrade domain (`Before`) until it begins.
    pub domain: Takes,
    /// How long an update waits for the instances of an upgrade domain before it goes on without
    /// them. The service's update guide gives 30 minutes.
    pub patience: Takes,
    /// States of instances that take something else, by their names: `StartingRole`.
    pub states: BTreeMap<String, Takes>,
    /// By how many percent of itself each time but the patience varies, at most 100; the seed
    /// decides.
    pub spread: u8,
}

const HALF_AN_HOUR: Takes = Takes::seconds(30 * 60);

impl Pace {
    /// The pace to look at: an instance starts in about one and a half seconds.
    pub const BRISK: Self = Self {
        operation: Takes::millis(300),
        machine: Takes::millis(400),
        role: Takes::millis(250),
        domain: Takes::millis(250),
        patience: HALF_AN_HOUR,
        states: BTreeMap::new(),
        spread: 40,
    };

    /// Everything that needs no one to act happens at once.
    pub const IMMEDIATE: Self = Self {
        operation: Takes::AT_ONCE,
        machine: Takes::AT_ONCE,
        role: Takes::AT_ONCE,
        domain: Takes::AT_ONCE,
        patience: HALF_AN_HOUR,
        states: BTreeMap::new(),
        spread: 0,
    };

    /// As slow as the service was: an operation ends after half a minute, an instance starts in five.
    pub const REALISTIC: Self = Self {
        operation: Takes::seconds(30),
        machine: Takes::seconds(90),
        role: Takes::seconds(40),
        domain: Takes::seconds(10),
        patience: HALF_AN_HOUR,
        states: BTreeMap::new(),
        spread: 25,
    };
}

/// [`Pace::BRISK`].
impl Default for Pace {
    fn default() -> Self {
        Self::BRISK
    }
}
