//! Reading: the deployment, and how accepted work stands.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use azure_classic_protocol::deployment::model::{DeploymentStatus, RoleInstance};
use azure_classic_protocol::machine::{Exchange, Instant};
use azure_classic_protocol::{
    Deployment, Error, ErrorKind, GetOperationStatus, OperationState, OperationStatus, RequestId,
    RollbackMode,
};

use super::gate::When;
use super::{Origin, Rollout, State, Turn};
use crate::change::Work;
use crate::place::{Moving, Place, Whose};
use crate::preflight::chain;
use crate::{Change, Event, Phase, Record, Stopped, Version, Why};

/// How the work of the change that was accepted last stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WorkState {
    Unknown,
    Going,
    Ended,
    Failed(String),
}

impl WorkState {
    pub(super) fn as_work(&self) -> Work<'_> {
        match self {
            Self::Unknown => Work::Unknown,
            Self::Going => Work::Going,
            Self::Ended => Work::Ended,
            Self::Failed(reason) => Work::Failed(reason),
        }
    }
}

impl Rollout {
    /// Asks whatever is to be known first.
    pub(super) fn look(&mut self, now: Instant) -> State {
        match &self.blocked {
            Some(by) if !self.is_overdue() && !self.is_late() => self.ask(&by.clone()),
            _ => self.read_again(now),
        }
    }

    pub(super) fn read_again(&mut self, now: Instant) -> State {
        self.blocked = None;
        let exchange = Exchange::new(&self.endpoint, &self.deployment.get(), &self.retry);
        State::Reading(now, Box::new(exchange))
    }

    pub(super) fn ask(&self, work: &RequestId) -> State {
        let get = GetOperationStatus::of(work.clone());
        State::Asking(Box::new(Exchange::new(&self.endpoint, &get, &self.retry)))
    }

    /// The deployment has been read, or not.
    pub(super) fn have_read(
        &mut self,
        now: Instant,
        asked: Instant,
        outcome: Result<Deployment, Error>,
    ) -> Turn<State> {
        self.asked = asked;
        match outcome {
            Ok(read) => {
                self.unread = 0;
                self.show_differences(now, &read);
                if self.record.is_none() {
                    let is_begun = self.begin(now, &read)?;
                    if !is_begun {
                        self.read = Some(read);
                        return self.pause(now);
                    }
                }
                self.take_in(now, asked, read);
                self.heed(now)?;
                self.act(now)
            }
            Err(error) if error.is_not_found() && self.record.is_some() => {
                self.place = Place::Gone;
                self.act(now)
            }
            Err(error) => self.have_not_read(now, error),
        }
    }

    /// Waits before the next question, unless there were too many that failed.
    fn have_not_read(&mut self, now: Instant, error: Error) -> Turn<State> {
        self.unread += 1;
        // For all that is known, the health was interrupted.
        self.gate.break_off();
        let is_tolerable = error.may_pass() || error.kind() == ErrorKind::Unreadable;
        if !is_tolerable || self.unread > self.poll.tolerated_failures {
            return self.stop_because(now, Why::Unreadable, Some(error.into()));
        }
        self.tell(now, &Event::Unread { error: chain(&error) });
        self.pause(now)
    }

    /// Makes the record. Whether there is one now.
    fn begin(&mut self, now: Instant, read: &Deployment) -> Turn<bool> {
        let deployment = self.deployment.pinned(read);
        let subscription = self.endpoint.subscription().as_str().to_owned();
        let record = match &self.origin {
            Origin::Plan(plan) => {
                let plan = plan.clone();
                self.check(now, &plan, read)?;
                let (before, after) = (Version::of(read), plan.version(read));
                Record::new(subscription, &deployment, read, plan.policy.clone(), before, after)
            }
            Origin::Adopted(policy) => {
                let is_in_time = self.clock.way < policy.deadline;
                let is_held =
                    read.locked == Some(true) && read.status != DeploymentStatus::Deleting;
                if is_held && is_in_time {
                    return ControlFlow::Continue(false);
                }
                let parts = Moving::read(read, Whose::After).zip(Version::of(read));
                let Some((moving, present)) = parts else {
                    return self.stop_because(now, Why::NothingToAdopt, None);
                };
                if !moving.is_manual {
                    return self.stop_because(now, Why::MovesByItself, None);
                }
                let policy = policy.clone();
                let mut record =
                    Record::new(subscription, &deployment, read, policy, None, present);
                record.phase = Phase::Walking;
                record.begun = moving.begun();
                record
            }
            Origin::Record => return ControlFlow::Continue(true),
        };
        self.deployment = deployment;
        self.record = Some(record);
        self.is_unkept = true;
        ControlFlow::Continue(true)
    }

    /// Takes in a reading of the deployment: what it says of changes, of domains, of health.
    fn take_in(&mut self, now: Instant, asked: Instant, read: Deployment) {
        let Some(record) = &mut self.record else { return };
        let mut place = Place::of(record, &read);
        if let Some(turned) = turned_to_the_unknown(record, place, &read) {
            record.before = Some(turned);
            place = Place::of(record, &read);
            self.is_unkept = true;
        }
        let was = (record.sent, record.has_turned);
        let domains = read.upgrade_domain_count.unwrap_or_default();
        let new = record.note(place, domains);
        self.is_unkept |= was != (record.sent, record.has_turned) || !new.is_empty();
        let has_turned = record.has_turned && !was.1;
        let is_settled = record.sent.is_none() || place == Place::Held;
        self.denials = if is_settled { 0 } else { self.denials + 1 };
        if has_turned {
            self.gate.begin_anew();
            self.gate.pass(0);
        }
        for (domain, _) in &new {
            self.gate.begin(*domain, Some(&read));
        }
        if has_turned || !new.is_empty() {
            self.clock.domain = std::time::Duration::ZERO;
            self.backoff = self.poll.backoff();
        }
        self.gate.look(When { asked, read: now }, record, place, &read);
        let is_back = record.phase == Phase::RollingBack;
        // What waited for walks on the way forward may come back by itself.
        let is_walked = !is_back || record.policy.rollback == RollbackMode::Manual;
        if let (Place::Moving(Moving { is_manual: false, .. }), Place::Resting(_)) =
            (self.place, place)
        {
            // The platform took its time; the instances get theirs.
            self.clock.domain = std::time::Duration::ZERO;
        }
        let is_manual = is_walked && [self.place, place].iter().any(Place::waits_for_walks);
        self.place = place;
        self.read = Some(read);
        for (domain, is_ours) in new {
            let by_another = is_manual && !is_ours;
            self.tell(now, &Event::DomainBegun { domain, is_back, by_another });
        }
    }

    /// Tells what is new about instances and slot.
    fn show_differences(&mut self, now: Instant, read: &Deployment) {
        if self.observer.is_none() {
            return;
        }
        let before = self.read.take();
        for event in differences(before.as_ref(), read) {
            self.tell(now, &event);
        }
        self.read = before;
    }

    /// How some work stands has been asked: of the change that was accepted, or of what is in the way.
    pub(super) fn have_asked(
        &mut self,
        now: Instant,
        outcome: Result<OperationStatus, Error>,
    ) -> Turn<State> {
        if self.blocked.is_some() {
            return self.have_asked_what_blocks(now, outcome);
        }
        let ended = match outcome {
            Ok(status) if status.status == OperationState::Succeeded => WorkState::Ended,
            Ok(status) if status.status == OperationState::Failed => {
                let reason = status.error.map_or_else(
                    || "the service gives no reason".to_owned(),
                    |error| format!("{}: {}", error.code, error.message),
                );
                WorkState::Failed(reason)
            }
            // A state that is not known is taken for "goes on".
            Ok(_) => {
                self.unknown = 0;
                return self.pause(now);
            }
            Err(error) if error.is_not_found() => return self.have_no_work(now),
            Err(error) => return self.have_not_read(now, error),
        };
        self.unread = 0;
        self.unknown = 0;
        if let Some(accepted) = self.record.as_ref().and_then(|record| record.accepted.clone()) {
            let failure = match &ended {
                WorkState::Failed(reason) => Some(reason.clone()),
                _ => None,
            };
            self.tell(now, &Event::WorkEnded { change: accepted.change, failure });
        }
        let is_settling = ended == WorkState::Ended
            && self.record.as_ref().is_some_and(|record| self.gate.due(record).is_some());
        self.work = ended;
        // What was read before may be from before the end; but where instances have to settle first, it
        // is soon enough to read when they have.
        if is_settling { self.pause(now) } else { ControlFlow::Continue(self.read_again(now)) }
    }

    /// The service does not know the work: not yet, or not any more.
    fn have_no_work(&mut self, now: Instant) -> Turn<State> {
        self.unknown += 1;
        if self.unknown > MAY_BE_UNKNOWN {
            self.unknown = 0;
            self.work = WorkState::Unknown;
            if let Some(record) = &mut self.record {
                record.accepted = None;
                self.is_unkept = true;
            }
            return ControlFlow::Continue(self.read_again(now));
        }
        self.pause(now)
    }

    fn have_asked_what_blocks(
        &mut self,
        now: Instant,
        outcome: Result<OperationStatus, Error>,
    ) -> Turn<State> {
        match outcome {
            Ok(status)
                if !matches!(status.status, OperationState::Succeeded | OperationState::Failed) =>
            {
                self.pause(now)
            }
            Ok(_) => ControlFlow::Continue(self.read_again(now)),
            // It cannot be followed; the deployment says when it is free.
            Err(_) => {
                self.blocked = None;
                self.pause(now)
            }
        }
    }
}

/// How many times the service may not know the work that it has accepted, before it is taken for
/// forgotten.
const MAY_BE_UNKNOWN: u32 = 2;

/// The version that a deployment has turned back to, when it was not known what ran before.
fn turned_to_the_unknown(record: &Record, place: Place, read: &Deployment) -> Option<Version> {
    let is_sent = record.has_turned || record.sent == Some(Change::RollBack);
    let is_unknown = record.before.is_none() && record.phase == Phase::RollingBack && is_sent;
    let whose = match place {
        Place::Moving(moving) => moving.whose,
        Place::Resting(whose) => whose,
        _ => return None,
    };
    if is_unknown && whose == Whose::Other { Version::of(read) } else { None }
}

/// What has changed from one reading to the next.
fn differences(before: Option<&Deployment>, after: &Deployment) -> Vec<Event> {
    let mut events = Vec::new();
    if before.is_some_and(|before| before.deployment_slot != after.deployment_slot) {
        events.push(Event::Swapped { slot: after.deployment_slot.clone() });
    }
    let instances = before.map(|before| before.role_instance_list.as_slice()).unwrap_or_default();
    let mut known: BTreeMap<&str, &RoleInstance> =
        instances.iter().map(|instance| (instance.instance_name.as_str(), instance)).collect();
    for instance in &after.role_instance_list {
        let from = known.remove(instance.instance_name.as_str()).map(|it| &it.instance_status);
        if from != Some(&instance.instance_status) {
            let to = Some(instance.instance_status.clone());
            events.push(moved(instance, from.cloned(), to));
        }
    }
    events.extend(
        known.into_values().map(|gone| moved(gone, Some(gone.instance_status.clone()), None)),
    );
    events
}

fn moved(
    instance: &RoleInstance,
    from: Option<azure_classic_protocol::deployment::model::InstanceStatus>,
    to: Option<azure_classic_protocol::deployment::model::InstanceStatus>,
) -> Event {
    Event::Instance {
        instance: instance.instance_name.clone(),
        role: instance.role_name.clone(),
        domain: instance.instance_upgrade_domain,
        from,
        to,
    }
}

impl Rollout {
    /// Whether the time for the whole way is up.
    pub(super) fn is_overdue(&self) -> bool {
        self.record.as_ref().is_some_and(|record| {
            let policy = &record.policy;
            let limit = match record.back {
                None => policy.deadline,
                Some(_) => policy.rollback_deadline,
            };
            self.clock.way >= limit
        })
    }

    /// Whether the time for the present domain is up.
    pub(super) fn is_late(&self) -> bool {
        let policy = self.record.as_ref().map(|record| &record.policy);
        policy.is_some_and(|policy| self.clock.domain >= policy.domain_deadline)
    }

    pub(super) fn stopped(&self, why: Why) -> Stopped {
        let standing = self.read.as_ref().map(|read| Box::new(crate::Standing::of(read)));
        Stopped { why, standing, source: None }
    }
}
