//! The queue of future events.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

use super::map_as_pairs;
use super::shared_state::Subject;
use super::validation::{InvalidState, check_counter};

/// Future events, which can be canceled: those at a time, and those that wait for a number of polls of their
/// subject.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound(serialize = "E: Serialize", deserialize = "E: Deserialize<'de>"))]
pub(crate) struct EventQueue<E> {
    #[serde(with = "map_as_pairs")]
    timed: BTreeMap<(Instant, u64), E>,
    #[serde(with = "map_as_pairs")]
    polled: BTreeMap<(Subject, u64), Polled<E>>,
    sequence: u64,
}

/// The id of a future event. Events at the same time happen in the order of their scheduling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Timer {
    At(Instant, u64),
    Polls(Subject, u64),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Polled<E> {
    remaining: u32,
    event: E,
}

impl<E> EventQueue<E> {
    pub(crate) fn new() -> Self {
        Self { timed: BTreeMap::new(), polled: BTreeMap::new(), sequence: 0 }
    }

    pub(crate) fn schedule(&mut self, at: Instant, event: E) -> Timer {
        self.sequence += 1;
        self.timed.insert((at, self.sequence), event);
        Timer::At(at, self.sequence)
    }

    /// Schedules the event for the last of this many polls of its subject, at least one.
    pub(crate) fn schedule_polls(&mut self, subject: Subject, polls: u32, event: E) -> Timer {
        self.sequence += 1;
        self.polled.insert((subject, self.sequence), Polled { remaining: polls, event });
        Timer::Polls(subject, self.sequence)
    }

    /// Cancels an event; one that has happened is not affected.
    pub(crate) fn cancel(&mut self, timer: Option<Timer>) {
        timer.map(|timer| self.take(timer));
    }

    /// Validates the queue, as read from a file.
    pub(crate) fn check(&self) -> Result<(), InvalidState> {
        let timed = self.timed.keys().map(|(_, sequence)| *sequence);
        let used = timed.chain(self.polled.keys().map(|(_, sequence)| *sequence));
        check_counter("sequence", self.sequence, used)
    }

    /// Returns the time of the first timed event.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.timed.keys().next().map(|(at, _)| *at)
    }

    /// Takes the first event that is due.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<(Instant, E)> {
        let first = self.timed.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), event) = first.remove_entry();
        Some((at, event))
    }

    pub(crate) fn waits_for_polls(&self, subject: Subject) -> bool {
        self.polled.range(all_of(subject)).next().is_some()
    }

    /// Counts a poll of the subject. Events that have waited for it happen now, unless an earlier one cancels
    /// them.
    pub(crate) fn count_poll(&mut self, subject: Subject) -> Vec<Timer> {
        let mut ripe = Vec::new();
        for (&(subject, sequence), waiting) in self.polled.range_mut(all_of(subject)) {
            waiting.remaining = waiting.remaining.saturating_sub(1);
            if waiting.remaining == 0 {
                ripe.push(Timer::Polls(subject, sequence));
            }
        }
        ripe
    }

    /// Takes an event that has not happened.
    pub(crate) fn take(&mut self, timer: Timer) -> Option<E> {
        match timer {
            Timer::At(at, sequence) => self.timed.remove(&(at, sequence)),
            Timer::Polls(subject, sequence) => {
                self.polled.remove(&(subject, sequence)).map(|polled| polled.event)
            }
        }
    }
}

/// The keys of everything that waits for polls of the subject.
fn all_of(subject: Subject) -> RangeInclusive<(Subject, u64)> {
    (subject, 0)..=(subject, u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::shared_state::DeploymentId;
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::from_origin(Duration::from_secs(seconds))
    }

    #[test]
    fn events_are_ordered_by_time_and_then_by_scheduling() {
        let mut timeline = EventQueue::new();
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

    #[test]
    fn polled_events_count_polls_of_their_subject_only() {
        let [one, other] = [1, 2].map(|id| Subject::Deployment(DeploymentId(id)));
        let mut timeline = EventQueue::new();
        timeline.schedule_polls(one, 2, "second");
        timeline.schedule_polls(one, 1, "first");
        timeline.schedule_polls(other, 1, "other");
        let called_off = timeline.schedule_polls(one, 1, "never");
        timeline.cancel(Some(called_off));

        assert_eq!(timeline.next(), None);
        let mut poll = |subject| {
            let ripe = timeline.count_poll(subject);
            ripe.into_iter().filter_map(|timer| timeline.take(timer)).collect::<Vec<_>>()
        };
        assert_eq!(poll(one), ["first"]);
        assert_eq!(poll(one), ["second"]);
        assert!(poll(one).is_empty());
        assert_eq!(poll(other), ["other"]);
    }

    #[test]
    fn a_polled_event_can_cancel_one_due_at_the_same_poll() {
        let subject = Subject::Deployment(DeploymentId(1));
        let mut timeline = EventQueue::new();
        let first = timeline.schedule_polls(subject, 1, "first");
        let second = timeline.schedule_polls(subject, 1, "second");
        assert_eq!(timeline.count_poll(subject), [first, second]);
        assert_eq!(timeline.take(first), Some("first"));
        timeline.cancel(Some(second));
        assert_eq!(timeline.take(second), None);
    }
}
