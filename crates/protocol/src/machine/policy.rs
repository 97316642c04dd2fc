use std::time::Duration;

/// When a call is tried again: how often, how long apart, and within which bounds.
///
/// What may be tried again does not depend on it: a request that certainly did not arrive (unless
/// another attempt is [`hopeless`](crate::SendError::permanent)), and an answer that says "busy" (503, 429),
/// always; a request that may have arrived, and an answer that says that the service failed inside (500
/// and above) or ran out of time (408), only for operations that are [`Safe`](crate::Idempotency::Idempotent) to
/// repeat. What an answer says of
/// [another operation that blocks](OnConflict) is a matter of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// How often the request is sent at the most, the first time included. Default 5.
    pub attempts: u32,
    /// The pause before the second attempt; it doubles from then on. Default 1 s.
    pub first_delay: Duration,
    /// The longest pause, unless the service asks for a longer one. Default 30 s.
    pub max_delay: Duration,
    /// Within which time after the first attempt the last one must begin. Default 2 minutes. Waiting
    /// for an operation that blocks has a deadline of its own and is not counted.
    pub max_elapsed: Duration,
    /// What to do when another operation holds the deployment. Default: fail, and name it.
    pub on_conflict: OnConflict,
    /// How many redirects are followed. Default 3.
    pub redirects: u32,
    /// Shortens each pause by up to a tenth, at random from this seed, so that clients which failed
    /// together do not return together: give each client its own. Default `None`: exact pauses.
    pub seed: Option<u64>,
}

impl Retry {
    /// Every request is sent once, and redirects are followed.
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

/// What to do about 409 `ConflictError` that names the request which holds the deployment.
///
/// A conflict that names no request is always an error: most often the thing to be made exists.
///
/// # Example
///
/// Waits ten minutes at the most for whatever is in the way:
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
    /// End with the error, which carries
    /// [`conflicting_request_id`](crate::Error::conflicting_request_id).
    #[default]
    Fail,
    /// Follow the very operation that blocks to its end, good or bad, as this says, and then try
    /// again.
    ///
    /// [`Poll::deadline`] bounds the waiting of the whole call, for however many operations one after
    /// the other. When it passes, or when the operation that blocks cannot be followed, the call ends
    /// with the 409, whose [`source`](std::error::Error::source) says what ended the waiting.
    ///
    /// The next attempt is a new request with whatever the caller decided before the other operation
    /// ended: choose this only for what is right after any other operation.
    WaitFor(Poll),
}

/// How often a state is asked for while something is waited for, and for how long.
///
/// An answer's `Retry-After` lengthens the pause after it, whatever the answer says. Which failures of
/// the question itself are borne is a policy of its own: [`Retry`] for each question, and
/// [`tolerated_failures`](Self::tolerated_failures) for questions in a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// The pause after the first question; for accepted work also the pause before it. Default 2 s.
    pub first_delay: Duration,
    /// By how much each pause is longer than the one before. Default 1.5.
    pub growth: f64,
    /// The longest pause. Default 30 s.
    pub max_delay: Duration,
    /// How long to wait in all; a last question is asked at the end. Default one hour; `None` waits
    /// for ever.
    pub deadline: Option<Duration>,
    /// How many questions in a row may fail, after their own retries, for reasons that may pass.
    /// Default 5.
    pub tolerated_failures: u32,
    /// Shortens each pause by up to a tenth, as [`Retry::seed`] does. Default `None`: exact pauses.
    pub seed: Option<u64>,
}

impl Poll {
    /// The pauses between questions.
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

/// Pauses that grow up to a bound, one after the other: what a machine of one's own waits between its
/// questions.
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
        // A growth below 1, or no number at all, would let the pauses shrink to nothing.
        let growth = if growth >= 1.0 { growth } else { 1.0 };
        Self { next: first.min(max), growth, max, random: seed.map(fastrand::Rng::with_seed) }
    }

    /// The next pause.
    pub fn pause(&mut self) -> Duration {
        let pause = match &mut self.random {
            // Multiplied as a float, the longest durations would overflow.
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
    fn pauses_grow_to_their_bound_and_repeat_from_their_seed() {
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
    fn a_senseless_growth_keeps_the_pause() {
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
