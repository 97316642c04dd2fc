//! The driver: reads, decides, sends, and keeps the record.

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

/// A rolling update that is walked domain by domain, watched, and rolled back where it fails.
///
/// It is a [`Machine`]: whoever drives it sends what it wants sent and sleeps while it waits; in between
/// it takes [inputs](Self::input) and the verdicts of [probes](Self::probes). What to do next follows
/// from what the service says, together with the [`Record`]. So it can be dropped at any moment, and
/// taken up again with [`resume`](Self::resume): dropping it stops nothing at the service.
///
/// It ends in an [`RolloutOutcome`], which is what the service's state shows, or it has [`RolloutError`] and says
/// what it left behind.
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
    /// `None` until the first reading.
    record: Option<Record>,
    /// Whether the record has changed since it was handed out.
    is_dirty: bool,
    /// Whether it has ever been handed out; nothing is sent before.
    is_persisted: bool,
    /// The last reading, when it was asked for, and what it says.
    read: Option<Arc<Deployment>>,
    read_at: Instant,
    observed: Observed,
    /// The same of the last reading that showed how far the update is.
    reported: Observed,
    gate: Gate,
    clock: Clock,
    backoff: Backoff,
    work: TrackedOperation,
    /// The request that is in the way.
    blocked: Option<RequestId>,
    pending: Option<PendingConfirmation>,
    expectation: Expectation,
    /// The instances that were listed for the first time by the last reading.
    added: Vec<KnownInstance>,
    /// What the last reading lacks.
    gaps: Vec<Gap>,
    /// Whether the update is walked to its end, because it can be rolled back no more.
    is_completing: bool,
    counts: Counters,
    state: State,
}

/// Where a rollout comes from.
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

/// Keeps a record; fails if it cannot.
type Recorder = Box<dyn FnMut(&Record) -> Result<(), Box<dyn StdError + Send + Sync>> + Send>;
type Observer = Box<dyn FnMut(Instant, &Event) + Send>;

/// What a person wants. Taken at any time with [`Rollout::input`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Send nothing until further notice. What is in work goes on at the service.
    Pause,
    /// Go on after a pause. Where something failed, it gets its time once more.
    Resume,
    /// Let the domains that were walked so far pass whatever their health, now and at later gates, and
    /// go on after a pause. The walk's work must have ended all the same, because the service takes no
    /// other walk before.
    Promote,
    /// Roll back.
    Abort,
}

/// The outcome of a turn: the step for the caller, or the end.
type Flow<T> = ControlFlow<Result<RolloutOutcome, RolloutError>, T>;

impl Rollout {
    /// A rollout of this plan, from its preflight to its end.
    pub fn new(endpoint: &Endpoint, plan: Plan) -> Self {
        let deployment = plan.deployment.clone();
        Self::new_with_origin(endpoint, deployment, Origin::Plan(Box::new(plan)))
    }

    /// Takes up a rollout from its record, after a crash or on another machine.
    ///
    /// It goes on from what the service says. It never starts an update: where the answer to the start
    /// was lost and the update is not to be seen, it says so.
    ///
    /// # Errors
    ///
    /// When the record is of a rollout that has ended, or of another subscription than the endpoint's,
    /// was written by a newer version of this crate, or has a value that no rollout could have stored.
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

    /// Takes up the manual update that is in progress, whoever began it, where it stands.
    ///
    /// What ran before is not known then; after a rollback, whatever the service shows is taken for it.
    /// A rollback that somebody began in manual mode is walked, too, and ends in
    /// [`RolloutOutcome::Upgraded`]: the service does not tell the one from the other.
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

    /// Reads the state as often as this says: its delays, growth, seed, and the failures in a row that it
    /// tolerates; its deadline is without effect.
    pub fn with_poll(mut self, poll: Poll) -> Self {
        self.backoff = poll.backoff();
        self.poll = poll;
        self
    }

    /// Tries readings again as this says. A change is sent once and, where the service was busy, again
    /// only after another reading.
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Keeps the record: the closure is handed it whenever it has changed, before the next step is handed
    /// out, and so before a request that changes something is sent. It must have stored the record for good when it returns; if
    /// it fails, the rollout stops before it sends.
    pub fn persist_with(
        mut self,
        keep: impl FnMut(&Record) -> Result<(), Box<dyn StdError + Send + Sync>> + Send + 'static,
    ) -> Self {
        self.recorder = Some(Box::new(keep));
        self
    }

    /// Shows the observer each [`Event`] with its moment.
    pub fn on_event(mut self, observer: impl FnMut(Instant, &Event) + Send + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// What has to be kept of the rollout; `None` until the preflight is passed.
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// The deployment as it was read last.
    pub fn deployment(&self) -> Option<&Deployment> {
        self.read.as_deref()
    }

    /// The same, to be kept without a copy. Another reading is another allocation.
    pub fn shared_deployment(&self) -> Option<Arc<Deployment>> {
        self.read.clone()
    }

    /// Takes an input. It has its effect at the next step, which may be made at once.
    pub fn input(&mut self, input: Input) {
        self.inputs.push_back(input);
    }

    /// Whether every input has had its effect, and the record has been kept with it.
    pub fn has_handled_inputs(&self) -> bool {
        self.inputs.is_empty()
    }

    /// The instances that the caller should probe now, where [`Health::probe`](crate::Health::probe) asks
    /// for it: those of the domains whose gate is next that are well by what the service says.
    ///
    /// Probe each as often as is sensible and hand in every verdict with [`probed`](Self::probed). A
    /// verdict stands until the next one, or until a domain is walked.
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

    /// Takes the verdict of a probe: whether the instance is well, or what is wrong with it.
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

    /// Goes on until there is something for the caller to do.
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
                    let over = "the rollout is over; its outcome was handed out before";
                    return ControlFlow::Continue(Step::Done(Err(Error::invalid(over))));
                }
            };
            self.state = next;
            // Whoever is handed a step may never make it.
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
