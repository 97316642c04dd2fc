use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use http::Request;

use super::policy::Backoff;
use super::{Call, Instant, Machine, Poll, Retry, Step, TransportResult};
use crate::{Bytes, Endpoint, Error, Operation};

/// Repeats a read until a condition holds, and ends with the value for which it holds.
///
/// The condition sees every value; [`on_progress`](Self::on_progress) also reports failures. Reads that fail
/// with transient errors are repeated, within [`Poll::tolerated_failures`]. After the deadline it ends with
/// [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut), never with a value; the error contains the [last
/// reading](Error::last_reading). Dropping it only cancels the wait.
///
/// # Example
///
/// Waits until the instances are ready:
///
/// ```
/// use azure_classic_protocol::machine::{Poll, Retry, PollUntil};
/// use azure_classic_protocol::{CloudServiceRef, Deployment, Endpoint, Slot};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let production = CloudServiceRef::new("contoso").slot(Slot::Production);
/// let watch = PollUntil::new(&endpoint, &production.get(), Deployment::is_settled, &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct PollUntil<O: Operation, F> {
    endpoint: Endpoint,
    request: Request<Bytes>,
    until: F,
    observer: Option<Observer<O::Output>>,
    condition: &'static str,
    retry: Retry,
    backoff: Backoff,
    poll: Poll,
    deadline: Option<Instant>,
    failures: u32,
    /// The last value.
    last: Option<O::Output>,
    /// How many "not found" responses count as "not yet".
    pub(super) not_found_means_not_yet: u32,
    state: State<O>,
}

/// Gets every value and every transient failure.
type Observer<T> = Box<dyn FnMut(Result<&T, &Error>) + Send>;

enum State<O: Operation> {
    /// Not started; with the pause before the first read.
    New {
        pause_first: bool,
    },
    Reading(Box<Call<O>>),
    Waiting(Instant),
}

impl<O, F> PollUntil<O, F>
where
    O: Operation,
    F: FnMut(&O::Output) -> bool,
{
    /// Reads at once, and then again until the condition holds.
    pub fn new(endpoint: &Endpoint, operation: &O, until: F, poll: &Poll, retry: &Retry) -> Self {
        let (request, state) = match endpoint.request(operation) {
            Ok(request) => (request, State::New { pause_first: false }),
            Err(error) => {
                let exchange = Call::of(endpoint, Err(error), retry);
                (Request::default(), State::Reading(Box::new(exchange)))
            }
        };
        Self {
            endpoint: endpoint.clone(),
            request,
            until,
            observer: None,
            condition: "the condition held",
            retry: retry.clone(),
            backoff: Backoff::for_poll(poll),
            poll: poll.clone(),
            deadline: None,
            failures: 0,
            last: None,
            not_found_means_not_yet: 0,
            state,
        }
    }

    /// Reports to the observer every value, and every failure after which the machine reads again.
    pub fn on_progress(
        mut self,
        observer: impl FnMut(Result<&O::Output, &Error>) + Send + 'static,
    ) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    fn report(&mut self, progress: Result<&O::Output, &Error>) {
        if let Some(observer) = &mut self.observer {
            observer(progress);
        }
    }

    /// Adds a pause before the first read, and sets what errors say was waited for.
    pub(super) fn with_initial_delay(mut self, waited_for: &'static str) -> Self {
        self.condition = waited_for;
        if let State::New { pause_first } = &mut self.state {
            *pause_first = true;
        }
        self
    }

    fn start(&mut self, now: Instant, pause_first: bool) -> State<O> {
        self.deadline = self.poll.deadline.map(|duration| now + duration);
        if pause_first { self.pause(now, None) } else { self.read() }
    }

    fn read(&self) -> State<O> {
        State::Reading(Box::new(Call::of(&self.endpoint, Ok(self.request.clone()), &self.retry)))
    }

    fn pause(&mut self, now: Instant, requested: Option<Duration>) -> State<O> {
        let pause = self.backoff.pause();
        let instant = now + requested.map_or(pause, |requested| requested.max(pause));
        // The last read is at the deadline, not before.
        let instant = self.deadline.map_or(instant, |deadline| instant.min(deadline));
        State::Waiting(instant)
    }

    /// The consequence of a read: the outcome, or the next state.
    fn evaluate(
        &mut self,
        now: Instant,
        requested: Option<Duration>,
        outcome: Result<O::Output, Error>,
    ) -> ControlFlow<Result<O::Output, Error>, State<O>> {
        if let Ok(value) = &outcome {
            self.report(Ok(value));
        }
        let failure = match outcome {
            Ok(value) if (self.until)(&value) => return ControlFlow::Break(Ok(value)),
            Ok(value) => {
                self.failures = 0;
                self.last = Some(value);
                None
            }
            Err(error) if self.tolerates(&error) => {
                self.report(Err(&error));
                Some(error)
            }
            Err(error) => return ControlFlow::Break(Err(error)),
        };
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            let error = Error::timed_out(self.condition, failure).during(&O::METADATA);
            return ControlFlow::Break(Err(error.with_last_reading(self.last.take())));
        }
        ControlFlow::Continue(self.pause(now, requested))
    }

    /// Whether the error permits another read.
    fn tolerates(&mut self, error: &Error) -> bool {
        if error.is_not_found() && self.not_found_means_not_yet > 0 {
            self.not_found_means_not_yet -= 1;
            return true;
        }
        self.failures += 1;
        self.failures <= self.poll.tolerated_failures && error.is_transient()
    }
}

impl<O, F> Machine for PollUntil<O, F>
where
    O: Operation,
    F: FnMut(&O::Output) -> bool,
{
    type Output = O::Output;

    fn step(&mut self, now: Instant) -> Step<O::Output> {
        loop {
            let next = match &mut self.state {
                State::New { pause_first } => {
                    let pause_first = *pause_first;
                    self.start(now, pause_first)
                }
                State::Waiting(instant) if *instant > now => return Step::WaitUntil(*instant),
                State::Waiting(_) => self.read(),
                State::Reading(exchange) => match exchange.step(now) {
                    Step::Done(outcome) => {
                        let requested = exchange.retry_after();
                        match self.evaluate(now, requested, outcome) {
                            ControlFlow::Continue(next) => next,
                            ControlFlow::Break(outcome) => return Step::Done(outcome),
                        }
                    }
                    step => return step,
                },
            };
            self.state = next;
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        if let State::Reading(exchange) = &mut self.state {
            exchange.receive(now, reply);
        }
    }
}

impl<O: Operation, F> fmt::Debug for PollUntil<O, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("operation", &O::METADATA.name)
            .field("waited_for", &self.condition)
            .field("deadline", &self.deadline)
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}
