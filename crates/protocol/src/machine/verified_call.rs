use std::ops::ControlFlow;
use std::time::Duration;
use std::{fmt, mem};

use super::policy::Backoff;
use super::{Call, Instant, Machine, Poll, Retry, Step, TransportResult};
use crate::{Endpoint, Error, Operation};

/// A call of an operation that changes something, and where its answer is lost, reads that settle
/// whether it happened.
///
/// As long as the service answers, it is an [`Call`]. When the call ends in an error after which
/// [`may_have_happened`](Error::may_have_applied) is true, the state is read, as [`Poll`] says, until
/// a [`Evidence`] is found:
///
/// - It happened: [`VerifiedOutcome::Applied`]. The answer stays lost, and with it the id of accepted
///   work: watch the state where the end of the work matters.
/// - It did not happen, which two reads in a row must say, because a request can be under way for a
///   while: the error of the call, after which `may_have_happened` is false.
/// - No verdict within [`Poll::deadline`], or no reads: the error of the call, after which
///   `may_have_happened` stays true and whose source says why.
///
/// Nothing is ever sent twice because of a verdict: that is left to the caller.
///
/// # Example
///
/// With a judgement of one's own: an upgrade that gave the deployment a label of its own.
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

/// The state to go on in, or the outcome.
type Next<O, R> =
    ControlFlow<Result<VerifiedOutcome<<O as Operation>::Output>, Error>, State<O, R>>;

/// What is known of a call whose answer was lost.
struct AmbiguousCall {
    error: Error,
    backoff: Backoff,
    deadline: Option<Instant>,
    /// How many reads in a row said that it did not happen.
    denials: u32,
    /// How many reads in a row failed.
    failures: u32,
}

/// What a read says about a call whose answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The state is what the call asked for.
    Applied,
    /// The state is what it was before.
    NotApplied,
    /// The state tells neither; it is read again.
    Inconclusive,
}

/// How a call ended that was read after where needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifiedOutcome<T> {
    /// The service answered.
    Response(T),
    /// The answer was lost, and the state shows that the call had its effect.
    Applied,
}

/// An operation for which a read is known that tells whether it happened.
///
/// What the verdicts go by is in the docs of each implementation.
pub trait Verifiable: Operation {
    /// The read.
    type Read: Operation;

    /// Reads what the operation changes.
    fn verification_read(&self) -> Self::Read;

    /// Judges what was read; `None` stands for 404, "there is no such thing".
    fn evidence(&self, found: Option<&<Self::Read as Operation>::Output>) -> Evidence;
}

/// The judgement of an operation that brings its own.
pub type Classifier<R> = Box<dyn FnMut(Option<&<R as Operation>::Output>) -> Evidence + Send>;

/// How many reads in a row must say that nothing happened.
const DENIALS: u32 = 2;

impl<O> VerifiedCall<O, O::Read, Classifier<O::Read>>
where
    O: Verifiable + Clone + Send + 'static,
{
    /// Makes the conversation for an operation that brings its own judgement.
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
    /// Makes the conversation of a call, of a read that settles it, and of the judgement on what was
    /// read: `None` stands for 404, "there is no such thing".
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
            let why = Error::timed_out("the state told whether it happened", last);
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
