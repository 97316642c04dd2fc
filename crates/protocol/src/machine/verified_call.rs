use std::ops::ControlFlow;
use std::time::Duration;
use std::{fmt, mem};

use super::policy::Backoff;
use super::{Call, Instant, Machine, Poll, Retry, Step, TransportResult};
use crate::{Endpoint, Error, Operation};

/// A write and, if its response is lost, reads that show whether it took effect.
///
/// While the service responds, it is a [`Call`]. If the call ends with an error for which
/// [`may_have_applied`](Error::may_have_applied) is true, the machine reads the state, as [`Poll`] says,
/// until there is conclusive [`Evidence`]:
///
/// - The write took effect: [`VerifiedOutcome::Applied`]. The response stays lost, and with it the id of the
///   accepted operation: poll the state if the end of the operation matters.
/// - The write had no effect, which two consecutive reads must show, because a request can be in flight for a
///   while: the error of the call, after which `may_have_applied` is false.
/// - No conclusion within [`Poll::deadline`], or no successful read: the error of the call, after which
///   `may_have_applied` stays true and whose source has the reason.
///
/// It never sends a request twice because of the evidence; that decision is the caller's.
///
/// # Example
///
/// With your own classifier, for an upgrade that gave the deployment its own label:
///
/// ```
/// use azure_classic_protocol::machine::{Poll, VerifiedCall, Retry, Evidence};
/// use azure_classic_protocol::{CloudServiceRef, Deployment, Endpoint, UpdateMode};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let deployment = CloudServiceRef::new("contoso").deployment("release-42");
/// let package = "https://contoso.blob.core.windows.net/packages/43.cspkg";
/// let upgrade = deployment.upgrade(UpdateMode::Auto, package, "<ServiceConfiguration/>", "43");
/// let judge = |found: Option<&Deployment>| match found {
///     Some(deployment) if deployment.label.as_str() == "43" => Evidence::Applied,
///     Some(_) => Evidence::NotApplied,
///     None => Evidence::Inconclusive,
/// };
/// let (poll, retry) = (Poll::default(), Retry::default());
/// let reconcile = VerifiedCall::new(&endpoint, &upgrade, deployment.get(), judge, &poll, &retry);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct VerifiedCall<O: Operation, R: Operation, F> {
    endpoint: Endpoint,
    read: R,
    classify: F,
    poll: Poll,
    retry: Retry,
    state: State<O, R>,
}

enum State<O: Operation, R: Operation> {
    Calling(Box<Call<O>>),
    Waiting(Instant, AmbiguousCall),
    Reading(Box<Call<R>>, AmbiguousCall),
    Over,
}

/// The next state, or the outcome.
type Next<O, R> =
    ControlFlow<Result<VerifiedOutcome<<O as Operation>::Output>, Error>, State<O, R>>;

/// The facts about a call whose response was lost.
struct AmbiguousCall {
    error: Error,
    backoff: Backoff,
    deadline: Option<Instant>,
    /// The number of consecutive reads without the effect.
    denials: u32,
    /// The number of consecutive failed reads.
    failures: u32,
}

/// The conclusion of a read about a call whose response was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The state is the one that the call requested.
    Applied,
    /// The state is the earlier one.
    NotApplied,
    /// The state is inconclusive, and is read again.
    Inconclusive,
}

/// The outcome of a call that was verified if necessary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifiedOutcome<T> {
    /// The service responded.
    Response(T),
    /// The response was lost, and the state shows that the call took effect.
    Applied,
}

/// An operation with a read that shows whether it took effect.
///
/// The docs of each implementation describe the evidence.
pub trait Verifiable: Operation {
    /// The operation that reads the state.
    type Read: Operation;

    /// Creates the read of the state that the operation changes.
    fn verification_read(&self) -> Self::Read;

    /// Classifies a reading; `None` stands for 404, "does not exist".
    fn evidence(&self, found: Option<&<Self::Read as Operation>::Output>) -> Evidence;
}

/// The classifier of an operation that implements [`Verifiable`].
pub type Classifier<R> = Box<dyn FnMut(Option<&<R as Operation>::Output>) -> Evidence + Send>;

/// The number of consecutive reads that must show no effect.
const DENIALS: u32 = 2;

impl<O> VerifiedCall<O, O::Read, Classifier<O::Read>>
where
    O: Verifiable + Clone + Send + 'static,
{
    /// Creates the machine for an operation with its own classifier.
    pub fn for_operation(endpoint: &Endpoint, operation: &O, poll: &Poll, retry: &Retry) -> Self {
        let judge: Classifier<O::Read> = {
            let operation = operation.clone();
            Box::new(move |found| operation.evidence(found))
        };
        Self::new(endpoint, operation, operation.verification_read(), judge, poll, retry)
    }
}

impl<O, R, F> VerifiedCall<O, R, F>
where
    O: Operation,
    R: Operation,
    F: FnMut(Option<&R::Output>) -> Evidence,
{
    /// Creates the machine from a call, a read of the state, and a classifier of the readings: `None` stands
    /// for 404, "does not exist".
    pub fn new(
        endpoint: &Endpoint,
        operation: &O,
        read: R,
        judge: F,
        poll: &Poll,
        retry: &Retry,
    ) -> Self {
        Self {
            endpoint: endpoint.clone(),
            read,
            classify: judge,
            poll: poll.clone(),
            retry: retry.clone(),
            state: State::Calling(Box::new(Call::new(endpoint, operation, retry))),
        }
    }

    fn on_call_done(&self, now: Instant, outcome: Result<O::Output, Error>) -> Next<O, R> {
        match outcome {
            Err(error) if error.may_have_applied() => {
                let doubt = AmbiguousCall {
                    error,
                    backoff: Backoff::for_poll(&self.poll),
                    deadline: self.poll.deadline.map(|deadline| now + deadline),
                    denials: 0,
                    failures: 0,
                };
                ControlFlow::Continue(doubt.pause(now, None))
            }
            outcome => ControlFlow::Break(outcome.map(VerifiedOutcome::Response)),
        }
    }

    fn on_read_done(
        &mut self,
        now: Instant,
        requested: Option<Duration>,
        mut doubt: AmbiguousCall,
        outcome: Result<R::Output, Error>,
    ) -> Next<O, R> {
        let mut last = None;
        let verdict = match outcome {
            Ok(found) => (self.classify)(Some(&found)),
            Err(error) if error.is_not_found() => (self.classify)(None),
            Err(error) => {
                doubt.failures += 1;
                if doubt.failures > self.poll.tolerated_failures || !error.is_transient() {
                    return ControlFlow::Break(Err(doubt.error.because(error)));
                }
                last = Some(error);
                Evidence::Inconclusive
            }
        };
        if last.is_none() {
            doubt.failures = 0;
        }
        match verdict {
            Evidence::Applied => return ControlFlow::Break(Ok(VerifiedOutcome::Applied)),
            Evidence::NotApplied => doubt.denials += 1,
            Evidence::Inconclusive => doubt.denials = 0,
        }
        if doubt.denials == DENIALS {
            return ControlFlow::Break(Err(doubt.error.disproved()));
        }
        if doubt.deadline.is_some_and(|deadline| now >= deadline) {
            let why = Error::timed_out("a reading showed whether it took effect", last);
            return ControlFlow::Break(Err(doubt.error.because(why.during(&R::METADATA))));
        }
        ControlFlow::Continue(doubt.pause(now, requested))
    }
}

impl AmbiguousCall {
    fn pause<O: Operation, R: Operation>(
        mut self,
        now: Instant,
        requested: Option<Duration>,
    ) -> State<O, R> {
        let pause = self.backoff.pause();
        let instant = now + requested.map_or(pause, |requested| requested.max(pause));
        let instant = self.deadline.map_or(instant, |deadline| instant.min(deadline));
        State::Waiting(instant, self)
    }
}

impl<O, R, F> Machine for VerifiedCall<O, R, F>
where
    O: Operation,
    R: Operation,
    F: FnMut(Option<&R::Output>) -> Evidence,
{
    type Output = VerifiedOutcome<O::Output>;

    fn step(&mut self, now: Instant) -> Step<Self::Output> {
        loop {
            let next = match mem::replace(&mut self.state, State::Over) {
                State::Calling(mut exchange) => match exchange.step(now).into_control_flow() {
                    ControlFlow::Break(outcome) => self.on_call_done(now, outcome),
                    ControlFlow::Continue(step) => {
                        self.state = State::Calling(exchange);
                        return step;
                    }
                },
                State::Waiting(instant, doubt) if instant > now => {
                    self.state = State::Waiting(instant, doubt);
                    return Step::WaitUntil(instant);
                }
                State::Waiting(_, doubt) => {
                    let exchange = Call::new(&self.endpoint, &self.read, &self.retry);
                    ControlFlow::Continue(State::Reading(Box::new(exchange), doubt))
                }
                State::Reading(mut exchange, doubt) => match exchange.step(now).into_control_flow()
                {
                    ControlFlow::Break(outcome) => {
                        self.on_read_done(now, exchange.retry_after(), doubt, outcome)
                    }
                    ControlFlow::Continue(step) => {
                        self.state = State::Reading(exchange, doubt);
                        return step;
                    }
                },
                State::Over => ControlFlow::Break(Err(Error::already_done())),
            };
            match next {
                ControlFlow::Continue(state) => self.state = state,
                ControlFlow::Break(outcome) => return Step::Done(outcome),
            }
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        match &mut self.state {
            State::Calling(exchange) => exchange.receive(now, reply),
            State::Reading(exchange, _) => exchange.receive(now, reply),
            State::Waiting(..) | State::Over => {}
        }
    }
}

impl<O: Operation, R: Operation, F> fmt::Debug for VerifiedCall<O, R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconcile")
            .field("operation", &O::METADATA.name)
            .field("read", &R::METADATA.name)
            .field("is_in_doubt", &!matches!(self.state, State::Calling(_)))
            .finish_non_exhaustive()
    }
}
