use std::fmt;

use super::{Exchange, Instant, Machine, Poll, Reply, Retry, Step, Tracker};
use crate::{Accepted, Endpoint, Error, Operation, OperationStatus, RequestId};

/// A call, and then the work that it started, followed to its end.
///
/// Where the service finishes the work at once (200 instead of 202) nothing is followed.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Poll, Retry, Run};
/// use azure_classic_protocol::{CloudServiceRef, Endpoint, RollbackMode, Slot};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let rollback = CloudServiceRef::new("contoso").slot(Slot::Production).rollback(RollbackMode::Auto);
/// let run = Run::new(&endpoint, &rollback, &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct Run<O: Operation<Output = Accepted>> {
    endpoint: Endpoint,
    poll: Poll,
    retry: Retry,
    state: State<O>,
}

enum State<O: Operation<Output = Accepted>> {
    Asking(Box<Exchange<O>>),
    Following(Box<Tracker>),
}

/// Accepted work that has ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// Names the request, where the service gave it a name.
    pub request_id: Option<RequestId>,
    /// What Get Operation Status said at the end; `None` when the service had finished at once.
    pub status: Option<OperationStatus>,
}

impl<O: Operation<Output = Accepted>> Run<O> {
    /// Makes the conversation.
    pub fn new(endpoint: &Endpoint, operation: &O, poll: &Poll, retry: &Retry) -> Self {
        Self {
            endpoint: endpoint.clone(),
            poll: poll.clone(),
            retry: retry.clone(),
            state: State::Asking(Box::new(Exchange::new(endpoint, operation, retry))),
        }
    }

    /// Names the accepted work, once there is some: enough to follow it in another process.
    pub fn request_id(&self) -> Option<&RequestId> {
        match &self.state {
            State::Asking(_) => None,
            State::Following(tracker) => Some(tracker.request_id()),
        }
    }

    /// What follows the answer: an end, or work to follow.
    fn accepted(&mut self, accepted: Accepted) -> Option<Completed> {
        let request_id = accepted.request_id().cloned();
        match accepted.pending() {
            None => Some(Completed { request_id, status: None }),
            Some(work) => {
                let tracker = Tracker::new(&self.endpoint, work, &self.poll, &self.retry);
                self.state = State::Following(Box::new(tracker));
                None
            }
        }
    }
}

impl<O: Operation<Output = Accepted>> Machine for Run<O> {
    type Output = Completed;

    fn step(&mut self, now: Instant) -> Step<Completed> {
        loop {
            match &mut self.state {
                State::Asking(exchange) => match exchange.step(now) {
                    Step::Send(request) => return Step::Send(request),
                    Step::WaitUntil(moment) => return Step::WaitUntil(moment),
                    Step::Done(Err(error)) => return Step::Done(Err(error)),
                    Step::Done(Ok(accepted)) => {
                        if let Some(completed) = self.accepted(accepted) {
                            return Step::Done(Ok(completed));
                        }
                    }
                },
                State::Following(tracker) => {
                    return match tracker.step(now) {
                        Step::Send(request) => Step::Send(request),
                        Step::WaitUntil(moment) => Step::WaitUntil(moment),
                        Step::Done(outcome) => Step::Done(
                            outcome
                                .map(|status| Completed {
                                    request_id: Some(tracker.request_id().clone()),
                                    status: Some(status),
                                })
                                .map_err(|error: Error| error.of_accepted(&O::SPEC)),
                        ),
                    };
                }
            }
        }
    }

    fn receive(&mut self, now: Instant, reply: Reply) {
        match &mut self.state {
            State::Asking(exchange) => exchange.receive(now, reply),
            State::Following(tracker) => tracker.receive(now, reply),
        }
    }
}

impl<O: Operation<Output = Accepted>> fmt::Debug for Run<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("operation", &O::SPEC.name)
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}
