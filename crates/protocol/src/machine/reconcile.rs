use std::ops::ControlFlow;
use std::time::Duration;
use std::{fmt, mem};

use super::policy::Backoff;
use super::{Exchange, Instant, Machine, Poll, Reply, Retry, Step};
use crate::{Endpoint, Error, Operation};

/// A call of an operation that changes something, and where its answer is lost, reads that settle
/// whether it happened.
///
/// As long as the service answers, it is an [`Exchange`]. When the call ends in an error after which
/// [`may_have_happened`](Error::may_have_happened) is true, the state is read, as [`Poll`] says, until
/// a [`Verdict`] is found:
///
/// - It happened: [`Reconciled::Happened`]. The answer stays lost, and with it the id of accepted
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
/// use azure_classic_protocol::machine::{Poll, Reconcile, Retry, Verdict};
/// use azure_classic_protocol::{CloudServiceRef, Deployment, Endpoint, UpdateMode};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let deployment = CloudServiceRef::new("contoso").deployment("release-42");
/// let package = "https://contoso.blob.core.windows.net/packages/43.cspkg";
/// let upgrade = deployment.upgrade(UpdateMode::Auto, package, "<ServiceConfiguration/>", "43");
/// let judge = |found: Option<&Deployment>| match found {
///     Some(deployment) if deployment.label.as_str() == "43" => Verdict::Happened,
///     Some(_) => Verdict::NotHappened,
///     None => Verdict::Unknown,
/// };
/// let (poll, retry) = (Poll::default(), Retry::default());
/// let reconcile = Reconcile::new(&endpoint, &upgrade, deployment.get(), judge, &poll, &retry);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct Reconcile<O: Operation, R: Operation, F> {
    endpoint: Endpoint,
    read: R,
    judge: F,
    poll: Poll,
    retry: Retry,
    state: State<O, R>,
}

enum State<O: Operation, R: Operation> {
    Calling(Box<Exchange<O>>),
    Waiting(Instant, Doubt),
    Reading(Box<Exchange<R>>, Doubt),
    Over,
}

/// The state to go on in, or the outcome.
type Next<O, R> = ControlFlow<Result<Reconciled<<O as Operation>::Output>, Error>, State<O, R>>;

/// What is known of a call whose answer was lost.
struct Doubt {
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
pub enum Verdict {
    /// The state is what the call asked for.
    Happened,
    /// The state is what it was before.
    NotHappened,
    /// The state tells neither; it is read again.
    Unknown,
}

/// How a call ended that was read after where needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciled<T> {
    /// The service answered.
    Answered(T),
    /// The answer was lost, and the state shows that the call had its effect.
    Happened,
}

/// An operation for which a read is known that tells whether it happened.
///
/// What the verdicts go by is in the docs of each implementation.
pub trait Reconcilable: Operation {
    /// The read.
    type Read: Operation;

    /// Reads what the operation changes.
    fn settling_read(&self) -> Self::Read;

    /// Judges what was read; `None` stands for 404, "there is no such thing".
    fn verdict(&self, found: Option<&<Self::Read as Operation>::Output>) -> Verdict;
}

/// The judgement of an operation that brings its own.
pub type Judge<R> = Box<dyn FnMut(Option<&<R as Operation>::Output>) -> Verdict + Send>;

/// How many reads in a row must say that nothing happened.
const DENIALS: u32 = 2;

impl<O> Reconcile<O, O::Read, Judge<O::Read>>
where
    O: Reconcilable + Clone + Send + 'static,
{
    /// Makes the conversation for an operation that brings its own judgement.
    pub fn of(endpoint: &Endpoint, operation: &O, poll: &Poll, retry: &Retry) -> Self {
        let judge: Judge<O::Read> = {
            let operation = operation.clone();
            Box::new(move |found| operation.verdict(found))
        };
        Self::new(endpoint, operation, operation.settling_read(), judge, poll, retry)
    }
}

impl<O, R, F> Reconcile<O, R, F>
where
    O: Operation,
    R: Operation,
    F: FnMut(Option<&R::Output>) -> Verdict,
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
            judge,
            poll: poll.clone(),
            retry: retry.clone(),
            state: State::Calling(Box::new(Exchange::new(endpoint, operation, retry))),
        }
    }

    fn called(&self, now: Instant, outcome: Result<O::Output, Error>) -> Next<O, R> {
        match outcome {
            Err(error) if error.may_have_happened() => {
                let doubt = Doubt {
                    error,
                    backoff: Backoff::for_poll(&self.poll),
                    deadline: self.poll.deadline.map(|deadline| now + deadline),
                    denials: 0,
                    failures: 0,
                };
                ControlFlow::Continue(doubt.pause(now, None))
            }
            outcome => ControlFlow::Break(outcome.map(Reconciled::Answered)),
        }
    }

    fn judged(
        &mut self,
        now: Instant,
        asked: Option<Duration>,
        mut doubt: Doubt,
        outcome: Result<R::Output, Error>,
    ) -> Next<O, R> {
        let mut last = None;
        let verdict = match outcome {
            Ok(found) => (self.judge)(Some(&found)),
            Err(error) if error.is_not_found() => (self.judge)(None),
            Err(error) => {
                doubt.failures += 1;
                if doubt.failures > self.poll.tolerated_failures || !error.may_pass() {
                    return ControlFlow::Break(Err(doubt.error.because(error)));
                }
                last = Some(error);
                Verdict::Unknown
            }
        };
        if last.is_none() {
            doubt.failures = 0;
        }
        match verdict {
            Verdict::Happened => return ControlFlow::Break(Ok(Reconciled::Happened)),
            Verdict::NotHappened => doubt.denials += 1,
            Verdict::Unknown => doubt.denials = 0,
        }
        if doubt.denials == DENIALS {
            return ControlFlow::Break(Err(doubt.error.disproved()));
        }
        if doubt.deadline.is_some_and(|deadline| now >= deadline) {
            let why = Error::deadline_passed("the state told whether it happened", last);
            return ControlFlow::Break(Err(doubt.error.because(why.during(&R::SPEC))));
        }
        ControlFlow::Continue(doubt.pause(now, asked))
    }
}

impl Doubt {
    fn pause<O: Operation, R: Operation>(
        mut self,
        now: Instant,
        asked: Option<Duration>,
    ) -> State<O, R> {
        let pause = self.backoff.pause();
        let moment = now + asked.map_or(pause, |asked| asked.max(pause));
        let moment = self.deadline.map_or(moment, |deadline| moment.min(deadline));
        State::Waiting(moment, self)
    }
}

impl<O, R, F> Machine for Reconcile<O, R, F>
where
    O: Operation,
    R: Operation,
    F: FnMut(Option<&R::Output>) -> Verdict,
{
    type Output = Reconciled<O::Output>;

    fn step(&mut self, now: Instant) -> Step<Self::Output> {
        loop {
            let next = match mem::replace(&mut self.state, State::Over) {
                State::Calling(mut exchange) => match exchange.step(now).passing() {
                    ControlFlow::Break(outcome) => self.called(now, outcome),
                    ControlFlow::Continue(step) => {
                        self.state = State::Calling(exchange);
                        return step;
                    }
                },
                State::Waiting(moment, doubt) if moment > now => {
                    self.state = State::Waiting(moment, doubt);
                    return Step::WaitUntil(moment);
                }
                State::Waiting(_, doubt) => {
                    let exchange = Exchange::new(&self.endpoint, &self.read, &self.retry);
                    ControlFlow::Continue(State::Reading(Box::new(exchange), doubt))
                }
                State::Reading(mut exchange, doubt) => match exchange.step(now).passing() {
                    ControlFlow::Break(outcome) => {
                        self.judged(now, exchange.asked(), doubt, outcome)
                    }
                    ControlFlow::Continue(step) => {
                        self.state = State::Reading(exchange, doubt);
                        return step;
                    }
                },
                State::Over => ControlFlow::Break(Err(Error::conversation_is_over())),
            };
            match next {
                ControlFlow::Continue(state) => self.state = state,
                ControlFlow::Break(outcome) => return Step::Done(outcome),
            }
        }
    }

    fn receive(&mut self, now: Instant, reply: Reply) {
        match &mut self.state {
            State::Calling(exchange) => exchange.receive(now, reply),
            State::Reading(exchange, _) => exchange.receive(now, reply),
            State::Waiting(..) | State::Over => {}
        }
    }
}

impl<O: Operation, R: Operation, F> fmt::Debug for Reconcile<O, R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconcile")
            .field("operation", &O::SPEC.name)
            .field("read", &R::SPEC.name)
            .field("is_in_doubt", &!matches!(self.state, State::Calling(_)))
            .finish_non_exhaustive()
    }
}
