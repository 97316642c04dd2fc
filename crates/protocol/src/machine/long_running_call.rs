use std::fmt;
use std::ops::ControlFlow;

use super::progress::Observer;
use super::{
    Call, Instant, Machine, OperationHandle, OperationPoller, Poll, Progress, Retry, Step,
    TransportResult,
};
use crate::{Accepted, Endpoint, Operation, OperationStatus, RequestId};

/// A call, and then the operation that it started, polled until it ends.
///
/// If the service completes the operation at once (200 instead of 202), there is nothing to poll. An
/// operation that is synchronous in one version and asynchronous in another works in both.
///
/// It ends with the operation: the platform has taken over the change. To wait until the deployment has
/// settled, use a [`PollUntil`](super::PollUntil) with
/// [`Deployment::is_settled`](crate::Deployment::is_settled); the docs of each operation say which of the two
/// to wait for.
///
/// Dropping it only cancels the wait: an accepted operation continues, and [`handle`](Self::handle) returns
/// the handle to poll it again.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Poll, Retry, LongRunningCall};
/// use azure_classic_protocol::{CloudServiceRef, Endpoint, RollbackMode, Slot};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let rollback = CloudServiceRef::new("contoso").slot(Slot::Production).rollback(RollbackMode::Auto);
/// let run = LongRunningCall::new(&endpoint, &rollback, &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct LongRunningCall<O: Operation<Output = Accepted>> {
    endpoint: Endpoint,
    poll: Poll,
    retry: Retry,
    observer: Option<Observer>,
    state: State<O>,
}

enum State<O: Operation<Output = Accepted>> {
    Calling(Box<Call<O>>),
    Polling(Box<OperationPoller>),
}

/// An accepted operation that has succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// The id of the request, if the service returned one.
    pub request_id: Option<RequestId>,
    /// The last output of Get Operation Status; `None` if the service completed the operation at once.
    pub status: Option<OperationStatus>,
}

impl<O: Operation<Output = Accepted>> LongRunningCall<O> {
    /// Creates the machine.
    pub fn new(endpoint: &Endpoint, operation: &O, poll: &Poll, retry: &Retry) -> Self {
        Self {
            endpoint: endpoint.clone(),
            poll: poll.clone(),
            retry: retry.clone(),
            observer: None,
            state: State::Calling(Box::new(Call::new(endpoint, operation, retry))),
        }
    }

    /// Reports each step to the observer; see [`Progress`].
    pub fn on_progress(mut self, observer: impl FnMut(Progress<'_>) + Send + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Returns the id of the accepted operation, once there is one.
    pub fn request_id(&self) -> Option<&RequestId> {
        match &self.state {
            State::Calling(_) => None,
            State::Polling(tracker) => Some(tracker.request_id()),
        }
    }

    /// Returns the handle of the accepted operation, once there is one. Store it, and continue with
    /// [`OperationPoller::resume`] if this machine is dropped.
    pub fn handle(&self) -> Option<OperationHandle> {
        let operation = Some(O::METADATA.name.to_owned());
        self.request_id()
            .map(|request_id| OperationHandle { request_id: request_id.clone(), operation })
    }

    /// The consequence of the response: an end, or an operation to poll.
    fn accepted(&mut self, accepted: Accepted) -> Option<Completed> {
        let request_id = accepted.request_id().cloned();
        match accepted.pending() {
            None => Some(Completed { request_id, status: None }),
            Some(work) => {
                let mut tracker =
                    OperationPoller::new(&self.endpoint, work, &self.poll, &self.retry)
                        .started_by(O::METADATA.name);
                if let Some(mut observer) = self.observer.take() {
                    let request_id = tracker.request_id().clone();
                    let operation = Some(O::METADATA.name.to_owned());
                    observer(Progress::Accepted(&OperationHandle { request_id, operation }));
                    tracker = tracker.on_progress(observer);
                }
                self.state = State::Polling(Box::new(tracker));
                None
            }
        }
    }
}

impl<O: Operation<Output = Accepted>> Machine for LongRunningCall<O> {
    type Output = Completed;

    fn step(&mut self, now: Instant) -> Step<Completed> {
        loop {
            match &mut self.state {
                State::Calling(exchange) => match exchange.step(now).into_control_flow() {
                    ControlFlow::Continue(step) => return step,
                    ControlFlow::Break(Err(error)) => return Step::Done(Err(error)),
                    ControlFlow::Break(Ok(accepted)) => {
                        if let Some(completed) = self.accepted(accepted) {
                            return Step::Done(Ok(completed));
                        }
                    }
                },
                State::Polling(tracker) => {
                    return match tracker.step(now).into_control_flow() {
                        ControlFlow::Continue(step) => step,
                        ControlFlow::Break(outcome) => {
                            Step::Done(outcome.map(|status| Completed {
                                request_id: Some(tracker.request_id().clone()),
                                status: Some(status),
                            }))
                        }
                    };
                }
            }
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        match &mut self.state {
            State::Calling(exchange) => {
                let was_blocked = exchange.blocked_by().is_some();
                exchange.receive(now, reply);
                if let (false, Some(work), Some(observer)) =
                    (was_blocked, exchange.blocked_by(), &mut self.observer)
                {
                    observer(Progress::Blocked(work));
                }
            }
            State::Polling(tracker) => tracker.receive(now, reply),
        }
    }
}

impl<O: Operation<Output = Accepted>> fmt::Debug for LongRunningCall<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("operation", &O::METADATA.name)
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}
