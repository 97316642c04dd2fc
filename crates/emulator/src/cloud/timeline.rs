//! What is going to happen, in the order in which it will.

use std::collections::BTreeMap;

use azure_classic_protocol::machine::Instant;

/// Future events, each of which can be called off.
#[derive(Debug)]
pub(crate) struct Timeline<E> {
    events: BTreeMap<Timer, E>,
    sequence: u64,
}

/// Names one future event. Events of the same moment happen in the order of their scheduling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timer {
    at: Instant,
    sequence: u64,
}

impl<E> Timeline<E> {
    pub(crate) fn new() -> Self {
        Self { events: BTreeMap::new(), sequence: 0 }
    }

    pub(crate) fn schedule(&mut self, at: Instant, event: E) -> Timer {
        self.sequence += 1;
        let timer = Timer { at, sequence: self.sequence };
        self.events.insert(timer, event);
        timer
    }

    /// Calls an event off; one that has happened is left alone.
    pub(crate) fn cancel(&mut self, timer: Option<Timer>) {
        if let Some(timer) = timer {
            self.events.remove(&timer);
        }
    }

    pub(crate) fn next(&self) -> Option<Instant> {
        self.events.keys().next().map(|timer| timer.at)
    }

    /// Takes the first event that is due.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<(Instant, E)> {
        let first = self.events.first_entry().filter(|entry| entry.key().at <= now)?;
        let (timer, event) = first.remove_entry();
        Some((timer.at, event))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::from_origin(Duration::from_secs(seconds))
    }

    #[test]
    fn events_come_in_order_of_time_and_then_of_scheduling() {
        let mut timeline = Timeline::new();
        timeline.schedule(at(2), "c");
        timeline.schedule(at(1), "a");
        timeline.schedule(at(1), "b");
        let called_off = timeline.schedule(at(1), "never");
        timeline.cancel(Some(called_off));

        assert_eq!(timeline.next(), Some(at(1)));
        assert_eq!(timeline.take_due(at(1)), Some((at(1), "a")));
        assert_eq!(timeline.take_due(at(1)), Some((at(1), "b")));
        assert_eq!(timeline.take_due(at(1)), None);
        assert_eq!(timeline.take_due(at(9)), Some((at(2), "c")));
        assert_eq!(timeline.next(), None);
    }
}
