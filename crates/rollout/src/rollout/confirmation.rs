//! The confirmation period: the rollout sends nothing until contradicting readings have agreed for that long.

use std::time::Duration;

use azure_classic_protocol::machine::Instant;

use super::{Flow, Rollout, State};
use crate::rollout_error::ReasonKind;
use crate::{Event, ExternalChange, StopReason};

/// When readings started to contradict the known facts.
#[derive(Debug, Clone)]
pub(super) struct PendingConfirmation {
    /// The time of the first reading of an unbroken series.
    since: Instant,
    /// Their doubt, and the first reading with it.
    why: ReasonKind,
    why_since: Instant,
    /// How many of them say that the update has started again.
    restarts: u32,
}

/// The number of confirmation periods in which readings may also contradict each other before the last one
/// counts.
const MOST_PERIODS: u32 = 3;

impl Rollout {
    /// Reads again, and stops if the doubt has lasted too long. A missing deployment must be confirmed for
    /// the whole period, because the caller then learns of nothing to clean up.
    pub(super) fn confirm(&mut self, now: Instant, why: StopReason) -> Flow<State> {
        let patience =
            self.record.as_ref().map_or(Duration::ZERO, |record| record.policy.confirm_after);
        let kind = ReasonKind::of(&why);
        if self.pending.is_none() {
            self.backoff = self.poll.backoff();
            self.emit(now, &Event::Unconfirmed { reason: why.clone() });
        }
        let doubt = self.pending.get_or_insert(PendingConfirmation {
            since: now,
            why: kind,
            why_since: now,
            restarts: 0,
        });
        if doubt.why != kind {
            (doubt.why, doubt.why_since) = (kind, now);
        }
        doubt.restarts += u32::from(why == StopReason::ExternalChange(ExternalChange::Restarted));
        let doubt = doubt.clone();
        let is_over = patience.is_zero()
            || self.has_passed(doubt.why_since, patience)
            || (kind != ReasonKind::of(&StopReason::Deleted)
                && self.has_passed(doubt.since, patience.saturating_mul(MOST_PERIODS)));
        if is_over { self.stop(now, why, None) } else { self.pause(now) }
    }

    /// The doubt that all readings of the confirmation period share.
    pub(super) fn confirmed(&self, patience: Duration) -> Option<ReasonKind> {
        let doubt = self.pending.as_ref()?;
        self.has_passed(doubt.why_since, patience).then_some(doubt.why)
    }

    /// Whether more than one reading of the present doubt says that the update has started again. A single
    /// one may be stale.
    pub(super) fn seems_restarted(&self) -> bool {
        self.pending.as_ref().is_some_and(|doubt| doubt.restarts > 1)
    }

    /// Whether the last reading was requested at least this long after a time.
    fn has_passed(&self, since: Instant, patience: Duration) -> bool {
        self.read_at >= since + patience
    }
}
