use std::time::{Duration, Instant as WallInstant};

use azure_classic_protocol::machine::Instant;
use tokio::sync::watch;
use tokio::time::sleep;

/// Where a running emulator takes its time from: the wall clock at some speed, plus jumps by hand.
#[derive(Debug)]
pub(crate) struct Clock {
    /// Emulated seconds per second of the wall clock; 0 for time that moves by hand alone.
    speed: f64,
    set: watch::Sender<ClockSetting>,
    lost: watch::Sender<Duration>,
}

/// A time of the wall clock, and the emulated time at that time.
#[derive(Debug, Clone, Copy)]
struct ClockSetting {
    at: WallInstant,
    emulated: Duration,
}

impl Clock {
    /// Starts at this time.
    pub(crate) fn new(speed: f64, at: Instant) -> Self {
        let dropped = watch::Sender::new(Duration::ZERO);
        Self { speed, set: watch::Sender::new(ClockSetting::now(at)), lost: dropped }
    }

    pub(crate) fn now(&self) -> Instant {
        let ClockSetting { at, emulated } = *self.set.borrow();
        let passed = at.elapsed().as_secs_f64() * self.speed;
        let passed = Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX);
        Instant::from_origin(passed.saturating_add(emulated))
    }

    /// Continues from this time.
    pub(crate) fn set(&self, at: Instant) {
        self.set.send_replace(ClockSetting::now(at));
    }

    /// Continues from this time, because the events took longer than their time allowed.
    pub(crate) fn skip_lost_time(&self, reached: Instant) {
        let dropped = self.now() - reached;
        self.set(reached);
        self.lost.send_modify(|all| *all = all.saturating_add(dropped));
    }

    /// How much time was dropped in all.
    pub(crate) fn dropped(&self) -> Duration {
        *self.lost.borrow()
    }

    pub(crate) fn speed(&self) -> f64 {
        self.speed
    }

    pub(crate) fn step(&self, duration: Duration) {
        self.set.send_modify(|set| set.emulated = set.emulated.saturating_add(duration));
    }

    /// Waits until this much of the clock's time has passed, by itself or through steps.
    pub(crate) async fn sleep(&self, time: Duration) {
        let end = self.now() + time;
        let mut steps = self.set.subscribe();
        loop {
            let left = end - self.now();
            if left.is_zero() {
                return;
            }
            // At speed 0 that is endless, and a step ends it.
            let by_itself = Duration::try_from_secs_f64(left.as_secs_f64() / self.speed);
            tokio::select! {
                () = sleep(by_itself.unwrap_or(Duration::MAX)) => {}
                _ = steps.changed() => {}
            }
        }
    }
}

impl ClockSetting {
    fn now(emulated: Instant) -> Self {
        Self { at: WallInstant::now(), emulated: emulated.since_origin() }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::task::Poll;

    use super::*;

    #[test]
    fn a_manual_clock_moves_only_by_steps() {
        let at = |seconds| Instant::from_origin(Duration::from_secs(seconds));
        let clock = Clock::new(0.0, at(7));
        assert_eq!(clock.now(), at(7));
        clock.step(Duration::from_secs(90));
        assert_eq!(clock.now(), at(97));
        clock.set(at(5));
        assert_eq!(clock.now(), at(5));
        clock.step(Duration::MAX);
        assert_eq!(clock.now(), Instant::from_origin(Duration::MAX));
    }

    #[tokio::test]
    async fn a_sleep_on_a_manual_clock_ends_with_the_last_step() {
        let clock = Clock::new(0.0, Instant::ORIGIN);
        let mut wait = std::pin::pin!(clock.sleep(Duration::from_secs(20)));
        let mut is_over = async |step: u64| {
            clock.step(Duration::from_secs(step));
            std::future::poll_fn(|context| Poll::Ready(wait.as_mut().poll(context).is_ready()))
                .await
        };
        assert!(!is_over(0).await);
        assert!(!is_over(19).await);
        assert!(is_over(1).await);
    }

    #[tokio::test]
    async fn a_sleep_in_scaled_time_ends_by_itself() {
        let clock = Clock::new(1e6, Instant::ORIGIN);
        let before = clock.now();
        clock.sleep(Duration::from_secs(3600)).await;
        assert!(clock.now() - before >= Duration::from_secs(3600));
    }

    #[test]
    fn scaled_time_follows_the_wall_clock() {
        let clock = Clock::new(1e9, Instant::ORIGIN);
        let first = clock.now();
        while clock.now() == first {}
        assert!(clock.now() > first);
    }
}
