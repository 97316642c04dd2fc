use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment, as the time since an origin that the caller chose.
///
/// Not `std::time::Instant`, because that cannot be made without a clock: not on
/// `wasm32-unknown-unknown`, not by a test that jumps ahead, not when a conversation is stored and
/// taken up by another process.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(Duration);

impl Instant {
    /// The moment from which the caller counts.
    pub const ORIGIN: Self = Self(Duration::ZERO);

    /// The moment that lies this long after the origin.
    pub const fn from_origin(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// How long after the origin the moment lies.
    pub const fn since_origin(self) -> Duration {
        self.0
    }
}

/// Saturates at the far end of time.
impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

/// How long after `earlier` the moment lies; zero when it does not.
impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{:?}", self.0)
    }
}
