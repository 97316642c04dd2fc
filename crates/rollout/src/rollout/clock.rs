use std::time::Duration;

use azure_classic_protocol::machine::Instant;

/// The time that a driver has watched, without pauses.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last: Option<Instant>,
    /// On the way forward, or on the way back.
    pub(super) way: Duration,
    /// Since the last domain was begun.
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
