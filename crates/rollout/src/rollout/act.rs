//! Acting: what was decided is sent, or ends the rollout.

use std::error::Error as StdError;
use std::ops::ControlFlow;
use std::time::Duration;

use azure_classic_protocol::machine::{Exchange, Instant, Machine, Retry};
use azure_classic_protocol::{Accepted, Deployment, Error, ErrorKind};

use super::look::WorkState;
use super::{Origin, Rollout, State, Turn};
use crate::change::Accepted as AcceptedChange;
use crate::decide::{Move, Seen, decide};
use crate::place::Place;
use crate::plan::Start;
use crate::preflight::chain;
use crate::{
    Change, Ending, Event, Failure, OnFailure, Outcome, Pause, Phase, Plan, Standing, Why,
};

impl Rollout {
    /// Decides, and does it.
    pub(super) fn act(&mut self, now: Instant) -> Turn<State> {
        loop {
            let Some(record) = &self.record else { return self.pause(now) };
            let patience = record.policy.doubt;
            let is_certain = self.is_completing
                || self.doubted.is_some_and(|since| self.has_passed(since, patience));
            let seen = Seen {
                place: self.place,
                work: self.work.as_work(),
                is_healthy: self.gate.is_open,
                unwell: &self.gate.unwell,
                is_late: self.is_late(),
                is_overdue: self.is_overdue(),
                denials: self.denials,
                is_rest_empty: self.is_rest_empty(),
                is_certain,
            };
            let next = decide(record, &seen);
            if let Move::Doubt(why) = next {
                return self.doubt(now, why);
            }
            self.doubted = None;
            let is_way_back = record.phase == Phase::RollingBack && !record.has_turned;
            self.is_completing |= is_way_back && matches!(next, Move::Send(Change::Walk { .. }));
            match next {
                Move::Started => self.start_to_walk(now),
                Move::Fail(failure) => self.fail(now, failure),
                Move::Wait if self.is_to_ask() => return self.ask_about_work(now),
                Move::Wait | Move::Doubt(_) => return self.pause(now),
                Move::Ask => return self.ask_about_work(now),
                Move::Send(Change::Start) if self.is_too_old(now) => {
                    return ControlFlow::Continue(self.read_again(now));
                }
                Move::Send(change) => return self.send(now, change),
                Move::Stop(why) => return self.stop_because(now, why, None),
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
        if let (Some(record), Some(read)) = (&mut self.record, &self.read) {
            let new = record.note(self.place, read.upgrade_domain_count.unwrap_or_default());
            for (domain, is_ours) in new {
                let by_another = !is_ours;
                self.tell(now, &Event::DomainBegun { domain, is_back: false, by_another });
            }
        }
    }

    /// Counts time and domains from here on.
    pub(super) fn begin_way(&mut self, now: Instant, phase: Phase) {
        self.clock.domain = Duration::ZERO;
        self.gate.begin_anew();
        self.gate.pass(0);
        self.backoff = self.poll.backoff();
        self.denials = 0;
        self.refusals = 0;
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

    /// Reads again, and stops if it has been so for too long.
    fn doubt(&mut self, now: Instant, why: Why) -> Turn<State> {
        let patience = self.record.as_ref().map_or(Duration::ZERO, |record| record.policy.doubt);
        let Some(since) = self.doubted else {
            self.doubted = Some(now);
            self.backoff = self.poll.backoff();
            self.tell(now, &Event::Doubted { why: why.clone() });
            return if patience.is_zero() {
                self.stop_because(now, why, None)
            } else {
                self.pause(now)
            };
        };
        if self.has_passed(since, patience) {
            self.stop_because(now, why, None)
        } else {
            self.pause(now)
        }
    }

    /// Whether the last reading was asked for so long after a moment.
    fn has_passed(&self, since: Instant, patience: Duration) -> bool {
        self.asked >= since + patience
    }

    /// Whether nobody is in the domains that are still to be walked.
    fn is_rest_empty(&self) -> bool {
        let Place::Moving(moving) = self.place else { return false };
        let instances = self.read.iter().flat_map(|read| &read.role_instance_list);
        let mut domains = instances.map(|instance| instance.instance_upgrade_domain);
        domains.all(|domain| domain.is_some_and(|domain| domain < moving.begun()))
    }

    /// Whether the reading is too old to start an update from it: it would replace one that somebody else
    /// has begun meanwhile. A service that is always slow is believed in the end.
    fn is_too_old(&mut self, now: Instant) -> bool {
        let is_old = now - self.asked > FRESH;
        self.reread = if is_old { self.reread + 1 } else { 0 };
        is_old && self.reread <= REREADINGS
    }

    /// Whether work that goes on is to be asked about although nothing depends on it yet: if it has
    /// failed, nothing may move any more.
    fn is_to_ask(&mut self) -> bool {
        self.unasked = if self.work == WorkState::Going { self.unasked + 1 } else { 0 };
        self.unasked >= ASK_EACH
    }

    fn ask_about_work(&mut self, now: Instant) -> Turn<State> {
        self.unasked = 0;
        let accepted = self.record.as_ref().and_then(|record| record.accepted.as_ref());
        match accepted {
            Some(accepted) => ControlFlow::Continue(self.ask(&accepted.request_id)),
            None => self.pause(now),
        }
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

    /// Records the intent, and sends.
    fn send(&mut self, now: Instant, change: Change) -> Turn<State> {
        if let (Change::Start, Origin::Plan(plan), Some(read)) = (change, &self.origin, &self.read)
        {
            let (plan, read) = (plan.clone(), read.clone());
            self.check(now, &plan, &read)?;
        }
        let Some(exchange) = self.exchange(change) else {
            return self.stop_because(now, Why::NeverStarted, None);
        };
        if let Change::Walk { domain } = change {
            self.pass_gate(now, domain);
        }
        if let Some(record) = &mut self.record {
            record.sent = Some(change);
            record.accepted = None;
        }
        self.work = WorkState::Unknown;
        self.denials = 0;
        self.is_unkept = true;
        self.keep(now)?;
        self.tell(now, &Event::Sending { change });
        ControlFlow::Continue(State::Changing(change, exchange))
    }

    fn pass_gate(&mut self, now: Instant, domain: u32) {
        let Some(record) = &self.record else { return };
        let is_back = record.phase == Phase::RollingBack;
        let is_promoted = record.promoted == Some(record.begun);
        let is_new = !self.gate.new_domains(record).is_empty();
        self.gate.pass(domain);
        if is_new && domain > 0 && (is_promoted || self.gate.is_open) {
            let healthy = Event::DomainHealthy { domain: domain - 1, is_back };
            self.tell(now, &if is_promoted { Event::Promoted } else { healthy });
        }
    }

    /// The call of a change. It is made once: before another attempt the deployment is read.
    fn exchange(&self, change: Change) -> Option<Box<dyn Machine<Output = Accepted> + Send>> {
        let retry = Retry { attempts: 1, ..self.retry.clone() };
        let (endpoint, deployment) = (&self.endpoint, &self.deployment);
        Some(match change {
            Change::Start => {
                let Origin::Plan(plan) = &self.origin else { return None };
                match plan.operation(deployment) {
                    Start::Upgrade(upgrade) => Box::new(Exchange::new(endpoint, &upgrade, &retry)),
                    Start::Configuration(new) => Box::new(Exchange::new(endpoint, &new, &retry)),
                }
            }
            Change::Walk { domain } => {
                let walk = deployment.walk_upgrade_domain(domain);
                Box::new(Exchange::new(endpoint, &walk, &retry))
            }
            Change::RollBack => {
                let policy = &self.record.as_ref()?.policy;
                let rollback = deployment.rollback(policy.rollback.clone()).force(policy.force);
                Box::new(Exchange::new(endpoint, &rollback, &retry))
            }
        })
    }

    /// A change has been answered, or its answer is lost.
    pub(super) fn have_changed(
        &mut self,
        now: Instant,
        change: Change,
        outcome: Result<Accepted, Error>,
    ) -> Turn<State> {
        self.backoff = self.poll.backoff();
        let error = match outcome {
            Ok(accepted) => return self.have_accepted(now, change, &accepted),
            Err(error) => error,
        };
        let shown = chain(&error);
        if error.may_have_happened() {
            self.tell(now, &Event::Lost { change, error: shown });
            return self.pause(now);
        }
        if let Some(record) = &mut self.record {
            record.sent = None;
            self.is_unkept = true;
        }
        if let Some(by) = error.conflicting_request_id().cloned() {
            self.tell(now, &Event::Blocked { change, by: by.clone() });
            self.blocked = Some(by);
            return self.pause(now);
        }
        self.tell(now, &Event::Refused { change, error: shown });
        if error.is_busy() || (error.kind() == ErrorKind::NotSent && error.may_pass()) {
            self.busy += 1;
            if self.busy <= self.poll.tolerated_failures {
                return self.pause(now);
            }
        } else {
            self.refusals += 1;
            // Somebody may have been faster; the next reading tells.
            if change != Change::Start && self.refusals <= TOLERATED_REFUSALS {
                return self.pause(now);
            }
        }
        let why = if change == Change::Start { Why::NotStarted } else { Why::Refused(change) };
        self.stop_because(now, why, Some(error.into()))
    }

    fn have_accepted(&mut self, now: Instant, change: Change, accepted: &Accepted) -> Turn<State> {
        self.busy = 0;
        self.refusals = 0;
        self.unknown = 0;
        // Where it is answered at once, the deployment tells how it goes.
        let work = accepted.request_id().filter(|_| !accepted.is_finished()).cloned();
        self.tell(now, &Event::Accepted { change, work: work.clone() });
        let Some(record) = &mut self.record else { return self.pause(now) };
        self.is_unkept = true;
        record.sent = None;
        let is_walk = matches!(change, Change::Walk { .. });
        if is_walk && record.phase == Phase::RollingBack && !record.has_turned {
            // It was called off while the answer was under way.
            return self.pause(now);
        }
        self.work = if work.is_some() { WorkState::Going } else { WorkState::Unknown };
        record.accepted = work.map(|request_id| AcceptedChange { change, request_id });
        match change {
            Change::Start => {}
            Change::Walk { domain } => {
                record.begun = record.begun.max(domain + 1);
                let is_back = record.phase == Phase::RollingBack;
                self.gate.begin(domain, self.read.as_ref());
                self.clock.domain = Duration::ZERO;
                self.tell(now, &Event::DomainBegun { domain, is_back, by_another: false });
            }
            Change::RollBack => {
                record.turn();
                self.gate.begin_anew();
                self.gate.pass(0);
                self.clock.domain = Duration::ZERO;
            }
        }
        self.keep(now)?;
        self.pause(now)
    }

    /// The preflight; made again before another attempt to start.
    pub(super) fn check(&mut self, now: Instant, plan: &Plan, read: &Deployment) -> Turn<()> {
        let findings = plan.findings(&self.endpoint, read);
        let is_hindered = plan.is_hindered_by(&findings);
        if self.record.is_none() || is_hindered {
            self.tell(now, &Event::Checked { findings: findings.clone() });
        }
        if is_hindered {
            self.read = Some(read.clone());
            return self.stop_because(now, Why::Preflight(findings), None);
        }
        ControlFlow::Continue(())
    }

    /// Hands out the record, if it has changed.
    pub(super) fn keep(&mut self, now: Instant) -> Turn<()> {
        if !std::mem::take(&mut self.is_unkept) {
            return ControlFlow::Continue(());
        }
        let (Some(record), Some(recorder)) = (&mut self.record, &mut self.recorder) else {
            return ControlFlow::Continue(());
        };
        record.spent = self.clock.way;
        match recorder(record) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => self.stop_because(now, Why::NotRecorded, Some(error)),
        }
    }

    fn end(&mut self, now: Instant, ending: Ending) -> Turn<State> {
        let parts = self.record.as_mut().zip(self.read.as_ref());
        let Some((record, read)) = parts else { return self.pause(now) };
        let standing = Standing::of(read);
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

    pub(super) fn stop_because<T>(
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
            let _ = recorder(record);
        }
        if why == Why::Deleted {
            self.place = Place::Gone;
        }
        self.tell(now, &Event::Stopped { why: why.clone() });
        let mut stopped = self.stopped(why);
        stopped.source = source;
        ControlFlow::Break(Err(stopped))
    }
}

/// How long a reading may have taken after which an update is started.
const FRESH: Duration = Duration::from_secs(10);

/// How many times in a row it is read again for that.
const REREADINGS: u32 = 3;

/// At which reading in a row work that goes on is asked about.
const ASK_EACH: u32 = 4;

/// How many times in a row a walk or a rollback may be refused that should have been possible.
const TOLERATED_REFUSALS: u32 = 2;
