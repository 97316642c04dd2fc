//! The driver: it reads, decides, sends, and updates the record.

mod act;
mod clock;
mod confirmation;
mod counters;
mod differences;
mod gate;
mod inputs;
mod operation;
mod read;
mod send;
mod start;

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::{fmt, mem};

use azure_classic_protocol::deployment::model::RoleInstance;
use azure_classic_protocol::machine::{
    Backoff, Call, Instant, Machine, Poll, Retry, Step, TransportResult,
};
use azure_classic_protocol::{
    Accepted, Deployment, DeploymentRef, Endpoint, Error, GetDeployment, GetOperationStatus,
    RequestId,
};

use self::clock::Clock;
use self::confirmation::PendingConfirmation;
use self::counters::Counters;
use self::gate::Gate;
use self::operation::TrackedOperation;
use crate::expectation::Expectation;
use crate::known::KnownInstance;
use crate::observed::Observed;
use crate::record::FORMAT;
use crate::{Event, Gap, Plan, Policy, Record, RolloutError, RolloutOutcome, StopReason};

/// A rolling update that is walked domain by domain, checked for health, and rolled back on failure.
///
/// It is a [`Machine`]: the caller sends its requests and sleeps for its pauses. In between it takes
/// [inputs](Self::input) and the results of [probes](Self::probes). The next step depends only on the state
/// of the service and the [`Record`]. The rollout can be dropped at any time and [resumed](Self::resume):
/// dropping it stops nothing at the service.
///
/// It ends with a [`RolloutOutcome`], which the state of the service proves, or with a [`RolloutError`],
/// which contains the state of the deployment.
#[must_use = "nothing is sent until the machine is driven"]
pub struct Rollout {
    endpoint: Endpoint,
    deployment: DeploymentRef,
    poll: Poll,
    retry: Retry,
    origin: Origin,
    recorder: Option<Recorder>,
    observer: Option<Observer>,
    inputs: VecDeque<Input>,
    /// `None` before the first reading.
    record: Option<Record>,
    /// Whether the record has changed since it was handed out.
    is_dirty: bool,
    /// Whether the record was ever handed out; nothing is sent before.
    is_persisted: bool,
    /// The last reading, the time of its request, and its classification.
    read: Option<Arc<Deployment>>,
    read_at: Instant,
    observed: Observed,
    /// The same for the last reading that showed the progress of the update.
    reported: Observed,
    gate: Gate,
    clock: Clock,
    backoff: Backoff,
    work: TrackedOperation,
    /// The request id of the blocking operation.
    blocked: Option<RequestId>,
    pending: Option<PendingConfirmation>,
    expectation: Expectation,
    /// The instances that the last reading listed for the first time.
    added: Vec<KnownInstance>,
    /// The gaps of the last reading.
    gaps: Vec<Gap>,
    /// Whether the update is walked to its end, because it cannot be rolled back any more.
    is_completing: bool,
    counts: Counters,
    state: State,
}

/// The origin of a rollout.
enum Origin {
    Plan(Box<Plan>),
    Adopted(Policy),
    Record,
}

enum State {
    Waiting(Instant),
    Reading(Instant, Box<Call<GetDeployment>>),
    ReadingOperation(Box<Call<GetOperationStatus>>),
    Changing(send::Attempt, Box<dyn Machine<Output = Accepted> + Send>),
    Over,
}

/// Persists a record, or fails.
type Recorder = Box<dyn FnMut(&Record) -> Result<(), Box<dyn StdError + Send + Sync>> + Send>;
type Observer = Box<dyn FnMut(Instant, &Event) + Send>;

/// A command of an operator, accepted at any time by [`Rollout::input`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Pause: send nothing until another input. An operation in progress continues at the service.
    Pause,
    /// End a pause. After a failure its timeout restarts.
    Resume,
    /// Promote: open the gates of the domains walked so far regardless of health, now and later, and end a
    /// pause. The operation of the walk must still end first, because the service accepts no other walk
    /// before.
    Promote,
    /// Abort: roll back.
    Abort,
}

/// The result of one step: an action for the caller, or the end.
type Flow<T> = ControlFlow<Result<RolloutOutcome, RolloutError>, T>;

impl Rollout {
    /// Creates a rollout of this plan, from its preflight to its end.
    pub fn new(endpoint: &Endpoint, plan: Plan) -> Self {
        let deployment = plan.deployment.clone();
        Self::new_with_origin(endpoint, deployment, Origin::Plan(Box::new(plan)))
    }

    /// Resumes a rollout from its record, after a crash or on another machine.
    ///
    /// It continues from the state of the service. It never starts an update: if the response to the start
    /// was lost and no reading shows the update, it stops with that reason.
    ///
    /// # Errors
    ///
    /// If the record is of a rollout that has ended or of another subscription than the endpoint's, was
    /// written by a newer version of this crate, or has an impossible value.
    pub fn resume(endpoint: &Endpoint, record: Record) -> Result<Self, RolloutError> {
        let refused = |why: String| Err(RolloutError::new(StopReason::CannotResume(why)));
        if record.format != FORMAT {
            return refused(format!("its record has format {}", record.format));
        }
        if let Err(invalid) = record.check() {
            return refused(invalid);
        }
        if record.subscription != endpoint.subscription().as_str() {
            return refused(format!("it is of the subscription {}", record.subscription));
        }
        if let Some(ending) = record.ended {
            return refused(format!("it has ended ({ending:?})"));
        }
        let mut this = Self::new_with_origin(endpoint, record.deployment(), Origin::Record);
        this.clock.way = record.spent_at_resumption();
        this.work = if record.accepted.is_some() {
            TrackedOperation::InProgress
        } else {
            TrackedOperation::Unknown
        };
        this.expectation = Expectation::of(&record);
        this.record = Some(record);
        this.is_persisted = true;
        Ok(this)
    }

    /// Takes over the manual update in progress in its present state, whichever tool or operator started it.
    ///
    /// The old version is not known then: after a rollback, the rollout accepts whatever version the
    /// service shows. It also walks a rollback that another operator started in manual mode, and ends
    /// with [`RolloutOutcome::Upgraded`], because the service does not distinguish the two.
    pub fn adopt(endpoint: &Endpoint, deployment: DeploymentRef, policy: Policy) -> Self {
        Self::new_with_origin(endpoint, deployment, Origin::Adopted(policy))
    }

    fn new_with_origin(endpoint: &Endpoint, deployment: DeploymentRef, origin: Origin) -> Self {
        let poll = Poll::default();
        Self {
            endpoint: endpoint.clone(),
            deployment,
            backoff: poll.backoff(),
            poll,
            retry: Retry::default(),
            origin,
            recorder: None,
            observer: None,
            inputs: VecDeque::new(),
            record: None,
            is_dirty: false,
            is_persisted: false,
            read: None,
            read_at: Instant::ORIGIN,
            observed: Observed::Unknown,
            reported: Observed::Unknown,
            gate: Gate::default(),
            clock: Clock::default(),
            work: TrackedOperation::Unknown,
            blocked: None,
            pending: None,
            expectation: Expectation::default(),
            added: Vec::new(),
            gaps: Vec::new(),
            is_completing: false,
            counts: Counters::default(),
            state: State::Waiting(Instant::ORIGIN),
        }
    }

    /// Sets how to poll the state: delays, growth, seed, and tolerated consecutive failures. The deadline has
    /// no effect.
    pub fn with_poll(mut self, poll: Poll) -> Self {
        self.backoff = poll.backoff();
        self.poll = poll;
        self
    }

    /// Sets the retries of readings. A change is sent once; after a rejection by a busy service it is retried
    /// only after another reading.
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Persists the record: the closure gets it after each change, before the next step and therefore before
    /// each write is sent. When the closure returns, it must have stored the record durably. If it fails, the
    /// rollout stops before it sends.
    pub fn persist_with(
        mut self,
        keep: impl FnMut(&Record) -> Result<(), Box<dyn StdError + Send + Sync>> + Send + 'static,
    ) -> Self {
        self.recorder = Some(Box::new(keep));
        self
    }

    /// Reports each [`Event`] with its time to the observer.
    pub fn on_event(mut self, observer: impl FnMut(Instant, &Event) + Send + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Returns the record of the rollout; `None` before the preflight has passed.
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// Returns the last reading of the deployment.
    pub fn deployment(&self) -> Option<&Deployment> {
        self.read.as_deref()
    }

    /// Returns the last reading without a copy. Each reading has its own allocation.
    pub fn shared_deployment(&self) -> Option<Arc<Deployment>> {
        self.read.clone()
    }

    /// Takes an input. It takes effect in the next step, which may be made at once.
    pub fn input(&mut self, input: Input) {
        self.inputs.push_back(input);
    }

    /// Whether every input has taken effect and the record that contains it has been persisted.
    pub fn has_handled_inputs(&self) -> bool {
        self.inputs.is_empty()
    }

    /// Returns the instances to probe now, if [`Health::probe`](crate::Health::probe) is on: the instances in
    /// the domains of the next gate that are healthy according to the service.
    ///
    /// Probe each one at your own interval and pass every result to [`probed`](Self::probed). A result is
    /// valid until the next one, or until a domain is walked.
    pub fn probes(&self) -> impl Iterator<Item = &RoleInstance> {
        let parts = self.read.as_deref().zip(self.record.as_ref());
        let is_time = match self.observed {
            Observed::Updating(moving) => !moving.is_during,
            Observed::Idle(_) => true,
            _ => false,
        };
        let parts = parts.filter(|(_, record)| record.policy.health.probe && is_time);
        parts.into_iter().flat_map(|(read, record)| {
            let new = self.gate.new_domains(record);
            let health = &record.policy.health;
            read.role_instance_list.iter().filter(move |instance| {
                instance.instance_upgrade_domain.is_some_and(|domain| new.contains(&domain))
                    && health.problem(read, instance).is_none()
            })
        })
    }

    /// Takes the result of a probe: `None` for a healthy instance, otherwise the problem.
    pub fn probed(&mut self, instance: &str, verdict: Result<(), String>) {
        if let (Some(record), Some(read)) = (&self.record, &self.read) {
            self.gate.probed(instance, verdict, record, read);
        }
    }

    fn emit(&mut self, now: Instant, event: &Event) {
        if let Some(observer) = &mut self.observer {
            observer(now, event);
        }
    }

    /// Runs until the caller must act.
    fn advance(&mut self, now: Instant) -> Flow<Step<Result<RolloutOutcome, RolloutError>>> {
        let is_paused = self.record.as_ref().is_some_and(|record| record.pause.is_some());
        self.clock.pass(now, is_paused);
        self.handle_inputs(now)?;
        loop {
            let next = match mem::replace(&mut self.state, State::Over) {
                State::Waiting(time) if time > now => {
                    self.state = State::Waiting(time);
                    return ControlFlow::Continue(Step::WaitUntil(time));
                }
                State::Waiting(_) => self.read_deployment(now),
                State::Reading(requested, mut call) => match call.step(now).into_control_flow() {
                    ControlFlow::Break(outcome) => self.on_read(now, requested, outcome)?,
                    ControlFlow::Continue(step) => {
                        self.state = State::Reading(requested, call);
                        return ControlFlow::Continue(step);
                    }
                },
                State::ReadingOperation(mut call) => match call.step(now).into_control_flow() {
                    ControlFlow::Break(outcome) => self.on_operation_status(now, outcome)?,
                    ControlFlow::Continue(step) => {
                        self.state = State::ReadingOperation(call);
                        return ControlFlow::Continue(step);
                    }
                },
                State::Changing(attempt, mut call) => match call.step(now).into_control_flow() {
                    ControlFlow::Break(outcome) => self.on_change_sent(now, attempt, outcome)?,
                    ControlFlow::Continue(step) => {
                        self.state = State::Changing(attempt, call);
                        return ControlFlow::Continue(step);
                    }
                },
                State::Over => {
                    let over = "the rollout has ended; its outcome was returned before";
                    return ControlFlow::Continue(Step::Done(Err(Error::invalid(over))));
                }
            };
            self.state = next;
            // The caller may never carry out the returned step.
            self.persist(now)?;
        }
    }
}

impl Machine for Rollout {
    type Output = Result<RolloutOutcome, RolloutError>;

    fn step(&mut self, now: Instant) -> Step<Self::Output> {
        match self.advance(now) {
            ControlFlow::Continue(step) => step,
            ControlFlow::Break(end) => {
                self.state = State::Over;
                Step::Done(Ok(end))
            }
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        match &mut self.state {
            State::Reading(_, call) => call.receive(now, reply),
            State::ReadingOperation(call) => call.receive(now, reply),
            State::Changing(_, call) => call.receive(now, reply),
            State::Waiting(_) | State::Over => {}
        }
    }
}

impl fmt::Debug for Rollout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rollout")
            .field("deployment", &self.deployment)
            .field("record", &self.record)
            .field("observed", &self.observed)
            .finish_non_exhaustive()
    }
}
