//! Acting: what was decided is sent, or ends the rollout.

use std::error::Error as StdError;
use std::ops::ControlFlow;
use std::time::Duration;

use azure_classic_protocol::machine::Instant;

use super::work::WorkState;
use super::{Origin, Rollout, State, Turn};
use crate::decide::{Move, Seen, decide};
use crate::place::Place;
use crate::{
    Change, Ending, Event, Failure, OnFailure, Outcome, Pause, Phase, Standing, Stopped, Why,
};

impl Rollout {
    /// Decides, and does it.
    pub(super) fn act(&mut self, now: Instant) -> Turn<State> {
        loop {
            let Some(record) = &self.record else { return self.pause(now) };
            let patience = record.policy.doubt;
            let seen = Seen {
                place: self.place,
                work: self.work.as_work(),
                is_healthy: self.gate.is_open,
                unwell: &self.gate.unwell,
                gaps: &self.gaps,
                is_late: self.is_late(),
                is_overdue: self.is_overdue(),
                is_exhausted: self.is_exhausted(),
                denials: self.counts.denials,
                is_rest_empty: self.is_rest_empty(),
                confirmed: self.confirmed(patience),
                seems_restarted: self.seems_restarted(),
                is_completing: self.is_completing,
            };
            let next = decide(record, &seen);
            if let Move::Doubt(why) = next {
                return self.doubt(now, why);
            }
            self.doubt = None;
            let is_way_back = record.phase == Phase::RollingBack && !record.has_turned;
            self.is_completing |= is_way_back && matches!(next, Move::Send(Change::Walk { .. }));
            match next {
                Move::Started => self.start_to_walk(now),
                Move::Turned => self.turn_with_the_others(now),
                Move::Fail(failure) => self.fail(now, failure),
                Move::Wait if self.is_to_ask() => return self.ask_about_work(now),
                Move::Wait | Move::Doubt(_) => return self.pause(now),
                Move::Ask => return self.ask_about_work(now),
                Move::Send(Change::Start) if self.is_too_old(now) => {
                    return ControlFlow::Continue(self.read_again(now));
                }
                Move::Send(change) => return self.send(now, change),
                Move::Stop(why) => return self.stop(now, why, None),
                Move::End(ending) => return self.end(now, ending),
            }
        }
    }

    fn start_to_walk(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        record.has_started();
        let phase = record.phase;
        self.work = WorkState::Unknown;
        self.is_unkept = true;
        // Package and configuration are not needed any more.
        self.origin = Origin::Record;
        self.begin_way(now, phase);
        self.note_domains(now);
    }

    /// Takes down which domains others have begun before this rollout looked.
    fn note_domains(&mut self, now: Instant) {
        let (Some(record), Some(read)) = (&mut self.record, &self.read) else { return };
        let is_back = record.phase == Phase::RollingBack;
        let is_walked = self.place.waits_for_walks();
        let domains = record.domains.or(read.upgrade_domain_count).unwrap_or_default();
        let new = record.note(self.place, domains);
        for (domain, is_ours) in new {
            let by_another = !is_ours && (is_walked || !is_back);
            self.tell(now, &Event::DomainBegun { domain, is_back, by_another });
        }
    }

    /// Somebody else has rolled back what was to be rolled back.
    fn turn_with_the_others(&mut self, now: Instant) {
        let Some(record) = &mut self.record else { return };
        record.turn();
        self.is_unkept = true;
        self.gate.begin_anew();
        self.gate.pass(0);
        self.clock.domain = Duration::ZERO;
        self.note_domains(now);
    }

    /// Counts time and domains from here on.
    pub(super) fn begin_way(&mut self, now: Instant, phase: Phase) {
        self.clock.domain = Duration::ZERO;
        self.gate.begin_anew();
        self.gate.pass(0);
        self.backoff = self.poll.backoff();
        self.counts.denials = 0;
        self.counts.refusals = 0;
        self.is_completing = false;
        self.tell(now, &Event::Entered { phase });
    }

    /// Rolls back or pauses.
    fn fail(&mut self, now: Instant, failure: Failure) {
        self.tell(now, &Event::Failed { failure: failure.clone() });
        let Some(record) = &mut self.record else { return };
        match record.policy.on_failure {
            OnFailure::RollBack => self.turn_back(now, failure),
            OnFailure::Pause => {
                let pause = Pause::Failed(failure);
                record.pause = Some(pause.clone());
                self.is_unkept = true;
                self.tell(now, &Event::Paused { pause });
            }
        }
    }

    pub(super) fn turn_back(&mut self, now: Instant, because: Failure) {
        let Some(record) = &mut self.record else { return };
        record.turn_back(because.clone());
        let phase = record.phase;
        self.is_unkept = true;
        self.blocked = None;
        self.clock.way = Duration::ZERO;
        self.tell(now, &Event::TurnedBack { because });
        if phase == Phase::RollingBack {
            self.work = WorkState::Unknown;
            self.begin_way(now, phase);
        }
    }

    /// Whether nobody is in the domains that are still to be walked.
    fn is_rest_empty(&self) -> bool {
        let Place::Moving(moving) = self.place else { return false };
        let instances = self.read.as_deref().into_iter().flat_map(|read| &read.role_instance_list);
        let mut domains = instances.map(|instance| instance.instance_upgrade_domain);
        domains.all(|domain| domain.is_some_and(|domain| domain < moving.begun()))
            && self.expectation.is_rest_empty(moving.begun())
    }

    /// Whether the reading is too old to start an update from it: it would replace one that somebody else
    /// has begun meanwhile. A service that is always slow is believed in the end.
    fn is_too_old(&mut self, now: Instant) -> bool {
        let is_old = now - self.asked > FRESH;
        self.counts.reread = if is_old { self.counts.reread + 1 } else { 0 };
        is_old && self.counts.reread <= REREADINGS
    }

    /// Waits, until it is time to read again: after a pause, or when the settle time or a deadline ends.
    pub(super) fn pause(&mut self, now: Instant) -> Turn<State> {
        let mut moment = now + self.backoff.pause();
        if let Some(record) = &self.record {
            let policy = &record.policy;
            let rest = policy.domain_deadline.saturating_sub(self.clock.domain);
            if !rest.is_zero() && record.pause.is_none() {
                moment = moment.min(now + rest);
            }
            if let Some(due) = self.gate.due(record) {
                moment = moment.min(due.max(now));
            }
        }
        ControlFlow::Continue(State::Waiting(moment))
    }

    fn end(&mut self, now: Instant, ending: Ending) -> Turn<State> {
        let parts = self.record.as_mut().zip(self.read.as_ref());
        let Some((record, read)) = parts else { return self.pause(now) };
        let standing = Standing { gaps: self.gaps.clone(), ..Standing::of(read) };
        let because = record.back.clone().unwrap_or(Failure::Aborted);
        record.ended = Some(ending);
        record.spent = self.clock.way;
        if let Some(recorder) = &mut self.recorder {
            // What has ended has ended; taken up once more, it would end again.
            let _ = recorder(record);
        }
        if self.gate.is_open && record.begun > 0 {
            let (domain, is_back) = (record.begun - 1, record.phase == Phase::RollingBack);
            self.tell(now, &Event::DomainHealthy { domain, is_back });
        }
        self.tell(now, &Event::Ended { ending });
        ControlFlow::Break(Ok(match ending {
            Ending::Upgraded => Outcome::Upgraded(standing),
            Ending::RolledBack => Outcome::RolledBack { because, standing },
            Ending::CompletedBeforeRollback => {
                Outcome::CompletedBeforeRollback { because, standing }
            }
        }))
    }

    pub(super) fn stop<T>(
        &mut self,
        now: Instant,
        why: Why,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Turn<T> {
        // Whoever takes it up should know the latest; if that fails, the record before is good enough.
        if let (true, Some(record), Some(recorder)) =
            (why != Why::NotRecorded, &mut self.record, &mut self.recorder)
        {
            record.spent = self.clock.way;
            self.is_recorded |= recorder(record).is_ok();
        }
        self.tell(now, &Event::Stopped { why: why.clone() });
        let read = self.read.as_deref().filter(|_| why != Why::Deleted);
        let standing = read.map(|read| Box::new(Standing::of(read)));
        ControlFlow::Break(Err(Stopped { why, standing, is_recorded: self.is_recorded, source }))
    }
}

/// How long a reading may have taken after which an update is started.
const FRESH: Duration = Duration::from_secs(10);

/// How many times in a row it is read again for that.
const REREADINGS: u32 = 3;
