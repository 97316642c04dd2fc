use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::time::Duration;
use std::{fmt, mem};

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, Request, Response, StatusCode, Uri};

use super::conflict::{ConflictAction, Conflicts};
use super::policy::Backoff;
use super::redirect;
use super::retry_after::retry_after;
use super::{Attempt, Instant, Machine, OnConflict, OperationPoller, Retry, Step, TransportResult};
use crate::{Endpoint, Error, ErrorKind, Idempotency, Operation, RequestId, SendError};

/// One call with its redirects and retries.
///
/// See [`Retry`] for the retries, and [`OnConflict`] for a call that another operation blocks. A 307 keeps
/// method, headers, body and credential; it is followed only over https and only to hosts that the endpoint's
/// [rule](crate::RedirectRule) allows.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Call, Instant, Machine, Retry, Step};
/// use azure_classic_protocol::{CloudServiceRef, Endpoint};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let mut exchange = Call::new(&endpoint, &CloudServiceRef::new("contoso").get(), &Retry::default());
/// let Step::Send(request) = exchange.step(Instant::ORIGIN) else { unreachable!() };
/// # let response = http::Response::builder().status(404).body(azure_classic_protocol::Bytes::new())?;
/// exchange.receive(Instant::ORIGIN, Ok(response));
/// let Step::Done(outcome) = exchange.step(Instant::ORIGIN) else { unreachable!() };
/// assert!(outcome.unwrap_err().is_not_found());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct Call<O: Operation> {
    request: Request<Bytes>,
    endpoint: Endpoint,
    retry: Retry,
    backoff: Backoff,
    attempts: u32,
    redirects: u32,
    /// When the time limit ends; set by the first attempt.
    deadline: Option<Instant>,
    conflicts: Conflicts,
    /// The pause that the last response requested.
    retry_after: Option<Duration>,
    state: State<O::Output>,
    operation: PhantomData<fn() -> O>,
}

enum State<T> {
    Ready,
    Waiting(Instant),
    Sent,
    Blocked(Box<Blocked>),
    Done(Option<Result<T, Error>>),
}

/// Another operation holds the resource of the call.
struct Blocked {
    /// The error of the call if the wait does not help.
    error: Error,
    since: Instant,
    poller: OperationPoller,
}

impl<O: Operation> Call<O> {
    /// Creates the machine of one call. A request that cannot be built ends it in its first step.
    pub fn new(endpoint: &Endpoint, operation: &O, retry: &Retry) -> Self {
        Self::of(endpoint, endpoint.request(operation), retry)
    }

    pub(super) fn of(
        endpoint: &Endpoint,
        request: Result<Request<Bytes>, Error>,
        retry: &Retry,
    ) -> Self {
        let (request, state) = match request {
            Ok(request) => (request, State::Ready),
            Err(error) => (Request::default(), State::Done(Some(Err(error)))),
        };
        Self {
            request,
            endpoint: endpoint.clone(),
            backoff: Backoff::for_retry(retry),
            conflicts: Conflicts::new(&retry.on_conflict),
            retry: retry.clone(),
            attempts: 0,
            redirects: 0,
            deadline: None,
            retry_after: None,
            state,
            operation: PhantomData,
        }
    }

    /// Returns the id of the request whose operation blocks the call, while the call waits for it.
    pub fn blocked_by(&self) -> Option<&RequestId> {
        match &self.state {
            State::Blocked(blocked) => Some(blocked.poller.request_id()),
            _ => None,
        }
    }

    /// Returns the pause that the last response requested.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    fn done(&mut self, outcome: Result<O::Output, Error>) {
        self.state = State::Done(Some(outcome));
    }

    /// Ends the call with the error, or waits for another attempt.
    fn retry_later(&mut self, now: Instant, error: Error) {
        let pause = self.backoff.pause();
        let instant = now + self.retry_after.map_or(pause, |requested| requested.max(pause));
        let is_in_time = self.deadline.is_none_or(|deadline| instant <= deadline);
        if self.attempts < self.retry.attempts && is_in_time {
            self.state = State::Waiting(instant);
        } else {
            self.done(Err(error));
        }
    }

    fn on_send_error(&mut self, now: Instant, lost: SendError) {
        let is_safe = !lost.is_ambiguous() || O::METADATA.idempotency == Idempotency::Idempotent;
        let may_repeat = is_safe && !lost.is_permanent();
        let error = Error::send_error(lost).during(&O::METADATA);
        if may_repeat {
            self.retry_later(now, error);
        } else {
            self.done(Err(error));
        }
    }

    fn on_response(&mut self, now: Instant, response: &Response<Bytes>) {
        self.retry_after = retry_after(response);
        let status = response.status();
        if matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
            return self.on_redirect(response);
        }
        match Endpoint::response::<O>(response) {
            Err(error)
                if error.is_busy()
                    || (error.is_transient()
                        && O::METADATA.idempotency == Idempotency::Idempotent) =>
            {
                self.retry_later(now, error);
            }
            Err(error) if error.conflicting_request_id().is_some() => {
                self.on_conflict(now, error);
            }
            outcome => self.done(outcome),
        }
    }

    fn on_conflict(&mut self, now: Instant, error: Error) {
        match self.conflicts.decide(now, &error) {
            ConflictAction::Fail => self.done(Err(error)),
            ConflictAction::Retry => self.retry_later(now, error),
            ConflictAction::WaitFor(work, poll) => {
                let retry = Retry { on_conflict: OnConflict::Fail, ..self.retry.clone() };
                let tracker = OperationPoller::new(&self.endpoint, work, &poll, &retry);
                self.state =
                    State::Blocked(Box::new(Blocked { error, since: now, poller: tracker }));
            }
        }
    }

    /// Continues when the blocking operation has ended, with success or failure.
    fn on_unblocked(&mut self, now: Instant, outcome: Result<(), Error>) {
        let State::Blocked(blocked) = mem::replace(&mut self.state, State::Ready) else { return };
        if let Err(error) = outcome
            && error.kind() != ErrorKind::OperationFailed
        {
            return self.done(Err(blocked.error.because(error)));
        }
        // The call itself did not fail: the wait costs neither an attempt nor time.
        self.attempts -= 1;
        self.deadline = self.deadline.map(|deadline| deadline + (now - blocked.since));
    }

    fn on_redirect(&mut self, response: &Response<Bytes>) {
        match self.redirect_target(response.headers().get(LOCATION)) {
            Ok(uri) => {
                self.redirects += 1;
                // A redirect is not a failure: it costs no attempt.
                self.attempts -= 1;
                *self.request.uri_mut() = uri;
                self.state = State::Ready;
            }
            Err(why) => {
                self.done(
                    Err(Error::invalid_response(response.status(), why).during(&O::METADATA)),
                );
            }
        }
    }

    /// The address of a redirect, or the reason why it is not followed.
    fn redirect_target(&self, location: Option<&HeaderValue>) -> Result<Uri, String> {
        if self.redirects >= self.retry.redirects {
            return Err(format!("more than {} redirects", self.retry.redirects));
        }
        let location = location.ok_or("a redirect without a Location header")?;
        let shown = redirect::displayed(location);
        let uri = redirect::resolve(self.request.uri(), location)
            .ok_or_else(|| format!("a redirect to {shown}, which is not a valid address"))?;
        self.endpoint
            .check_redirect(&uri)
            .map_err(|why| format!("a redirect to {shown}, which is not followed: {why}"))?;
        Ok(uri)
    }
}

impl<O: Operation> Machine for Call<O> {
    type Output = O::Output;

    fn step(&mut self, now: Instant) -> Step<O::Output> {
        if matches!(self.state, State::Sent) {
            // The driver dropped the result, so it is not known.
            self.receive(
                now,
                Err(SendError::ambiguous("the driver did not pass the result to the machine")),
            );
        }
        if let State::Blocked(blocked) = &mut self.state {
            match blocked.poller.step(now).into_control_flow() {
                ControlFlow::Continue(step) => return step,
                ControlFlow::Break(outcome) => self.on_unblocked(now, outcome.map(drop)),
            }
        }
        match &mut self.state {
            State::Waiting(instant) if *instant > now => Step::WaitUntil(*instant),
            State::Done(outcome) => {
                Step::Done(outcome.take().unwrap_or_else(|| Err(Error::already_done())))
            }
            _ => {
                self.attempts += 1;
                self.deadline.get_or_insert(now + self.retry.max_elapsed);
                self.state = State::Sent;
                let mut request = self.request.clone();
                let attempt = Attempt { operation: O::METADATA.name, number: self.attempts };
                request.extensions_mut().insert(attempt);
                Step::Send(request)
            }
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        if let State::Blocked(blocked) = &mut self.state {
            return blocked.poller.receive(now, reply);
        }
        if !matches!(self.state, State::Sent) {
            return;
        }
        self.retry_after = None;
        match reply {
            Ok(response) => self.on_response(now, &response),
            Err(lost) => self.on_send_error(now, lost),
        }
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("operation", &O::METADATA.name)
            .field("attempts", &self.attempts)
            .field("redirects", &self.redirects)
            .field("blocked_by", &self.blocked_by())
            .finish_non_exhaustive()
    }
}
