use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{Request, Response, StatusCode, Uri};

use super::policy::{Backoff, retry_after};
use super::{Attempt, Instant, Machine, Reply, Retry, Step};
use crate::{Endpoint, Error, Lost, Operation, Repeat};

/// One call with its redirects and retries.
///
/// See [`Retry`] for what is tried again. A 307 keeps method, headers, body and credential; it is
/// followed only over https and only to hosts of the same cloud.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Exchange, Instant, Machine, Retry, Step};
/// use azure_classic_protocol::{CloudServiceRef, Endpoint};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let mut exchange = Exchange::new(&endpoint, &CloudServiceRef::new("contoso").get(), &Retry::default());
/// let Step::Send(request) = exchange.step(Instant::ORIGIN) else { unreachable!() };
/// # let response = http::Response::builder().status(404).body(azure_classic_protocol::Bytes::new())?;
/// exchange.receive(Instant::ORIGIN, Ok(response));
/// let Step::Done(outcome) = exchange.step(Instant::ORIGIN) else { unreachable!() };
/// assert!(outcome.unwrap_err().is_not_found());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct Exchange<O: Operation> {
    request: Request<Bytes>,
    endpoint: Endpoint,
    retry: Retry,
    backoff: Backoff,
    attempts: u32,
    redirects: u32,
    /// When the budget ends; set by the first attempt.
    deadline: Option<Instant>,
    state: State<O::Output>,
    operation: PhantomData<fn() -> O>,
}

enum State<T> {
    Ready,
    Waiting(Instant),
    Sent,
    Done(Option<Result<T, Error>>),
}

impl<O: Operation> Exchange<O> {
    /// Makes the conversation of one call. A request that cannot be built ends it at its first step.
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
            retry: retry.clone(),
            attempts: 0,
            redirects: 0,
            deadline: None,
            state,
            operation: PhantomData,
        }
    }

    fn done(&mut self, outcome: Result<O::Output, Error>) {
        self.state = State::Done(Some(outcome));
    }

    /// Ends the call with the error, or waits for another attempt.
    fn again(&mut self, now: Instant, asked: Option<Duration>, error: Error) {
        let pause = self.backoff.pause();
        let moment = now + asked.map_or(pause, |asked| asked.max(pause));
        let is_in_time = self.deadline.is_none_or(|deadline| moment <= deadline);
        if self.attempts < self.retry.attempts && is_in_time {
            self.state = State::Waiting(moment);
        } else {
            self.done(Err(error));
        }
    }

    fn lost(&mut self, now: Instant, lost: Lost) {
        let is_safe = !lost.is_maybe_sent() || O::SPEC.repeat == Repeat::Safe;
        let may_repeat = is_safe && !lost.is_hopeless();
        let error = Error::lost(lost).during(&O::SPEC);
        if may_repeat {
            self.again(now, None, error);
        } else {
            self.done(Err(error));
        }
    }

    fn answered(&mut self, now: Instant, response: &Response<Bytes>) {
        let status = response.status();
        if matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
            return self.redirected(response);
        }
        match Endpoint::response::<O>(response) {
            Err(error)
                if error.is_busy()
                    || (status.is_server_error() && O::SPEC.repeat == Repeat::Safe) =>
            {
                self.again(now, retry_after(response), error);
            }
            outcome => self.done(outcome),
        }
    }

    fn redirected(&mut self, response: &Response<Bytes>) {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        match self.follow(location) {
            Ok(uri) => {
                self.redirects += 1;
                // A redirect is not a failure: it costs no attempt.
                self.attempts -= 1;
                *self.request.uri_mut() = uri;
                self.state = State::Ready;
            }
            Err(why) => self.done(Err(Error::unreadable(response.status(), why).during(&O::SPEC))),
        }
    }

    /// The address that a redirect leads to, or why it is not followed.
    fn follow(&self, location: Option<&str>) -> Result<Uri, String> {
        if self.redirects >= self.retry.redirects {
            return Err(format!("more than {} redirects", self.retry.redirects));
        }
        let location = location.ok_or("a redirect without a Location header")?;
        let uri: Uri = location
            .parse()
            .map_err(|_| format!("a redirect to {location:?}, which is no address"))?;
        self.endpoint.check_redirect(&uri).map_err(|why| {
            let host = uri.authority().map_or("", |authority| authority.as_str());
            format!("a redirect to {host:?}, which is not followed: {why}")
        })?;
        Ok(uri)
    }
}

impl<O: Operation> Machine for Exchange<O> {
    type Output = O::Output;

    fn step(&mut self, now: Instant) -> Step<O::Output> {
        if matches!(self.state, State::Sent) {
            // The driver gave up on the reply. What it was cannot be known.
            self.receive(now, Err(Lost::maybe_sent("the reply was not handed in")));
        }
        match &mut self.state {
            State::Waiting(moment) if *moment > now => Step::WaitUntil(*moment),
            State::Done(outcome) => Step::Done(outcome.take().unwrap_or_else(|| {
                Err(Error::invalid("the conversation is over; its outcome was handed out before"))
            })),
            _ => {
                self.attempts += 1;
                self.deadline.get_or_insert(now + self.retry.budget);
                self.state = State::Sent;
                let mut request = self.request.clone();
                let attempt = Attempt { operation: O::SPEC.name, number: self.attempts };
                request.extensions_mut().insert(attempt);
                Step::Send(request)
            }
        }
    }

    fn receive(&mut self, now: Instant, reply: Reply) {
        if !matches!(self.state, State::Sent) {
            return;
        }
        match reply {
            Ok(response) => self.answered(now, &response),
            Err(lost) => self.lost(now, lost),
        }
    }
}

impl<O: Operation> fmt::Debug for Exchange<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("operation", &O::SPEC.name)
            .field("attempts", &self.attempts)
            .field("redirects", &self.redirects)
            .finish_non_exhaustive()
    }
}
