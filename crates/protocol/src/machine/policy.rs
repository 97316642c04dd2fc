use std::time::Duration;

/// The retries of a call: their number, their pauses and their time limit.
///
/// This policy does not decide which calls may be retried. A request that certainly did not arrive (unless
/// the failure is [`permanent`](crate::SendError::permanent)), and a busy response (503, 429), are always
/// retried. A request that may have arrived, and a response with an internal error (500 and above) or a
/// timeout (408), are retried only for [idempotent](crate::Idempotency::Idempotent) operations. A response
/// that names [another operation that blocks](OnConflict) has its own policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// The maximal number of attempts, including the first. Default: 5.
    pub attempts: u32,
    /// The pause before the second attempt; each further pause is twice as long. Default: 1 s.
    pub first_delay: Duration,
    /// The maximal pause, unless the service requests a longer one. Default: 30 s.
    pub max_delay: Duration,
    /// The time after the first attempt within which the last one must start. Default: 2 minutes. Waiting for
    /// a blocking operation has its own deadline and does not count.
    pub max_elapsed: Duration,
    /// The reaction when another operation holds the deployment. Default: fail, and name it.
    pub on_conflict: OnConflict,
    /// The maximal number of redirects. Default: 3.
    pub redirects: u32,
    /// Shortens each pause by up to a tenth, at random from this seed, so that clients that failed together
    /// do not retry together: give each client its own. Default: `None`, exact pauses.
    pub seed: Option<u64>,
}

impl Retry {
    /// Sends every request once, and follows redirects.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 5,
            first_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
            max_elapsed: Duration::from_secs(120),
            on_conflict: OnConflict::Fail,
            redirects: 3,
            seed: None,
        }
    }
}

/// The reaction to 409 `ConflictError` that names the request which holds the deployment.
///
/// A conflict that names no request is always an error: usually the resource to create exists.
///
/// # Example
///
/// Waits at most ten minutes for any blocking operation:
///
/// ```
/// use std::time::Duration;
/// use azure_classic_protocol::machine::{OnConflict, Poll, Retry};
///
/// let patience = Poll { deadline: Some(Duration::from_secs(600)), ..Poll::default() };
/// let retry = Retry { on_conflict: OnConflict::WaitFor(patience), ..Retry::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub enum OnConflict {
    /// Fail with the error, which contains [`conflicting_request_id`](crate::Error::conflicting_request_id).
    #[default]
    Fail,
    /// Poll the blocking operation until it ends, with success or failure, and then retry.
    ///
    /// [`Poll::deadline`] bounds the waiting of the whole call, for any number of operations one after the
    /// other. If it expires, or if the blocking operation cannot be polled, the call fails with the 409,
    /// whose [`source`](std::error::Error::source) says what ended the wait.
    ///
    /// The next attempt is a new request with the same content. Choose this only for changes that are right
    /// after any other operation.
    WaitFor(Poll),
}

/// How often to poll a state, and for how long.
///
/// A response's `Retry-After` lengthens the pause after it, for any response. [`Retry`] decides the retries
/// of each poll; [`tolerated_failures`](Self::tolerated_failures) bounds the consecutive failed polls.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// The pause after the first poll; for an accepted operation also the pause before it. Default: 2 s.
    pub first_delay: Duration,
    /// The factor by which each pause is longer than the previous one. Default: 1.5.
    pub growth: f64,
    /// The maximal pause. Default: 30 s.
    pub max_delay: Duration,
    /// The time limit; the last poll is at its end. Default: one hour; `None` waits forever.
    pub deadline: Option<Duration>,
    /// The number of consecutive polls that may fail, after their own retries, with transient errors.
    /// Default: 5.
    pub tolerated_failures: u32,
    /// Shortens each pause by up to a tenth, as [`Retry::seed`] does. Default: `None`, exact pauses.
    pub seed: Option<u64>,
}

impl Poll {
    /// The pauses between polls.
    pub fn backoff(&self) -> Backoff {
        Backoff::for_poll(self)
    }
}

impl Default for Poll {
    fn default() -> Self {
        Self {
            first_delay: Duration::from_secs(2),
            growth: 1.5,
            max_delay: Duration::from_secs(30),
            deadline: Some(Duration::from_secs(3600)),
            tolerated_failures: 5,
            seed: None,
        }
    }
}

/// A sequence of pauses that grow up to a limit, for your own machines.
///
/// ```
/// use std::time::Duration;
/// use azure_classic_protocol::machine::Poll;
///
/// let mut backoff = Poll::default().backoff();
/// assert_eq!(backoff.pause(), Duration::from_secs(2));
/// assert_eq!(backoff.pause(), Duration::from_secs(3));
/// ```
#[derive(Debug, Clone)]
pub struct Backoff {
    next: Duration,
    growth: f64,
    max: Duration,
    random: Option<fastrand::Rng>,
}

impl Backoff {
    pub(super) fn for_retry(retry: &Retry) -> Self {
        Self::new(retry.first_delay, 2.0, retry.max_delay, retry.seed)
    }

    pub(super) fn for_poll(poll: &Poll) -> Self {
        Self::new(poll.first_delay, poll.growth, poll.max_delay, poll.seed)
    }

    fn new(first: Duration, growth: f64, max: Duration, seed: Option<u64>) -> Self {
        // A factor below 1, or NaN, would let the pauses shrink to nothing.
        let growth = if growth >= 1.0 { growth } else { 1.0 };
        Self { next: first.min(max), growth, max, random: seed.map(fastrand::Rng::with_seed) }
    }

    /// Returns the next pause.
    pub fn pause(&mut self) -> Duration {
        let pause = match &mut self.random {
            // As floats, the longest durations would overflow.
            None => self.next,
            Some(random) => {
                let cut = self.next.as_secs_f64() * random.f64() / 10.0;
                let cut = Duration::try_from_secs_f64(cut).unwrap_or_default();
                self.next.saturating_sub(cut)
            }
        };
        let longer = self.next.as_secs_f64() * self.growth;
        self.next = Duration::try_from_secs_f64(longer).map_or(self.max, |next| next.min(self.max));
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Instant;

    #[test]
    fn pauses_grow_to_their_limit_and_follow_their_seed() {
        let pauses = |seed| -> Vec<Duration> {
            let retry = Retry { seed, ..Retry::default() };
            let mut backoff = Backoff::for_retry(&retry);
            (0..8).map(|_| backoff.pause()).collect()
        };
        for (pause, full) in pauses(Some(7)).iter().zip([1, 2, 4, 8, 16, 30, 30, 30]) {
            let full = Duration::from_secs(full);
            assert!(*pause <= full && *pause >= full.mul_f64(0.9), "{pause:?} of {full:?}");
        }
        assert_eq!(pauses(Some(7)), pauses(Some(7)));
        assert_ne!(pauses(Some(7)), pauses(Some(8)));
        assert_eq!(pauses(None)[..5], [1, 2, 4, 8, 16].map(Duration::from_secs));
    }

    #[test]
    fn the_longest_pauses_do_not_overflow() {
        for seed in [None, Some(7), Some(8)] {
            for first_delay in [Duration::MAX, Duration::from_secs(u64::MAX), Duration::ZERO] {
                let poll = Poll {
                    first_delay,
                    max_delay: Duration::MAX,
                    seed,
                    growth: f64::MAX,
                    ..Poll::default()
                };
                let mut backoff = Backoff::for_poll(&poll);
                for _ in 0..4 {
                    let pause = backoff.pause();
                    assert!(first_delay.is_zero() || pause > first_delay / 2, "{pause:?}");
                    assert!(Instant::from_origin(pause) + Duration::MAX >= Instant::ORIGIN);
                }
            }
        }
    }

    #[test]
    fn an_invalid_growth_keeps_the_pause() {
        for growth in [0.0, -3.0, f64::NAN] {
            let mut backoff = Backoff::for_poll(&Poll { growth, ..Poll::default() });
            backoff.pause();
            assert!(backoff.pause() >= Duration::from_millis(1800));
        }
        let mut backoff = Backoff::for_poll(&Poll { growth: f64::INFINITY, ..Poll::default() });
        backoff.pause();
        assert!(backoff.pause() <= Duration::from_secs(30));
    }
}
