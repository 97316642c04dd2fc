use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant as WallInstant};

use azure_classic_protocol::machine::Instant;

/// Where a running emulator takes its time from: the wall clock at some speed, plus jumps by hand.
#[derive(Debug)]
pub(crate) struct Clock {
    started: WallInstant,
    /// Emulated seconds per second of the wall clock; 0 for time that moves by hand alone.
    speed: f64,
    skipped: Mutex<Duration>,
}

impl Clock {
    /// Starts at this moment.
    pub(crate) fn new(speed: f64, at: Instant) -> Self {
        Self { started: WallInstant::now(), speed, skipped: Mutex::new(at.since_origin()) }
    }

    pub(crate) fn now(&self) -> Instant {
        let passed = self.started.elapsed().as_secs_f64() * self.speed;
        let passed = Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX);
        let skipped = *self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        Instant::from_origin(passed.saturating_add(skipped))
    }

    pub(crate) fn step(&self, duration: Duration) {
        let mut skipped = self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        *skipped = skipped.saturating_add(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stepped_time_moves_by_hand_alone() {
        let at = |seconds| Instant::from_origin(Duration::from_secs(seconds));
        let clock = Clock::new(0.0, at(7));
        assert_eq!(clock.now(), at(7));
        clock.step(Duration::from_secs(90));
        assert_eq!(clock.now(), at(97));
        clock.step(Duration::MAX);
        assert_eq!(clock.now(), Instant::from_origin(Duration::MAX));
    }

    #[test]
    fn scaled_time_runs_with_the_wall_clock() {
        let clock = Clock::new(1e9, Instant::ORIGIN);
        let first = clock.now();
        while clock.now() == first {}
        assert!(clock.now() > first);
    }
}
