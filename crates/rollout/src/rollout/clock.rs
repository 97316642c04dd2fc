use std::time::Duration;

use azure_classic_protocol::machine::Instant;

/// The time during which a driver ran, without pauses.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last: Option<Instant>,
    /// The time in the present direction, forward or back.
    pub(super) way: Duration,
    /// The time since the start of the last domain.
    pub(super) domain: Duration,
}

impl Clock {
    pub(super) fn pass(&mut self, now: Instant, is_paused: bool) {
        if let Some(last) = self.last.replace(now)
            && !is_paused
        {
            self.way = self.way.saturating_add(now - last);
            self.domain = self.domain.saturating_add(now - last);
        }
    }
}
