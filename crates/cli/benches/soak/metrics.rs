//! The counters of all threads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Counts of requests, and the first broken invariant.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// By status; `None` where no response came.
    responses: BTreeMap<Option<u16>, u64>,
    hostile: BTreeMap<&'static str, u64>,
    acknowledged: u64,
    /// The longest that the admin port took.
    health: Duration,
    failure: Option<String>,
}

impl Metrics {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn response(&self, status: Option<u16>) {
        *self.counts().responses.entry(status).or_default() += 1;
    }

    pub(crate) fn hostile(&self, kind: &'static str) {
        *self.counts().hostile.entry(kind).or_default() += 1;
    }

    pub(crate) fn acknowledged(&self) {
        self.counts().acknowledged += 1;
    }

    /// How many changes were acknowledged.
    pub(crate) fn changes(&self) -> u64 {
        self.counts().acknowledged
    }

    pub(crate) fn health(&self, took: Duration) {
        let mut counts = self.counts();
        counts.health = counts.health.max(took);
    }

    /// Keeps the first one.
    pub(crate) fn fail(&self, failure: String) {
        self.counts().failure.get_or_insert(failure);
    }

    pub(crate) fn failure(&self) -> Option<String> {
        self.counts().failure.clone()
    }

    /// All requests that had a response.
    pub(crate) fn responses(&self) -> u64 {
        self.counts().responses.iter().filter(|(status, _)| status.is_some()).map(|(_, n)| n).sum()
    }

    pub(crate) fn summary(&self) -> String {
        let counts = self.counts();
        let mut text = format!("{} changes acknowledged; responses:", counts.acknowledged);
        for (status, count) in &counts.responses {
            let _ = match status {
                Some(status) => write!(text, " {status}: {count}"),
                None => write!(text, " none: {count}"),
            };
        }
        text.push_str("\nhostile:");
        for (kind, count) in &counts.hostile {
            let _ = write!(text, " {kind}: {count}");
        }
        let _ = write!(text, "\nslowest /health: {} ms", counts.health.as_millis());
        text
    }
}
