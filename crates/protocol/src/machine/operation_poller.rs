use http::StatusCode;

use super::{
    Instant, Machine, OperationHandle, Poll, PollUntil, Progress, Retry, Step, TransportResult,
};
use crate::{
    Endpoint, Error, ErrorBody, ErrorCode, GetOperationStatus, OPERATIONS, OperationState,
    OperationStatus, RequestId, ServiceError,
};

/// Polls an accepted operation until it ends, through Get Operation Status.
///
/// It succeeds only if the operation has succeeded. A failed operation is an error with the service's code
/// and message. An expired deadline is an error as well
/// ([`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut)): the operation then continues and can be polled
/// again, also from another process, because the request id is sufficient. Dropping the machine only cancels
/// the wait, too.
///
/// Success means that the platform has taken over the change. If the instances matter, poll the deployment
/// afterwards.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Poll, Retry, OperationPoller};
/// use azure_classic_protocol::{Endpoint, RequestId};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let stored = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";
/// let tracker = OperationPoller::new(&endpoint, RequestId::new(stored), &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent until the machine is driven"]
pub struct OperationPoller {
    request_id: RequestId,
    /// The operation that was accepted, if known.
    started_by: Option<&'static str>,
    watch: PollUntil<GetOperationStatus, fn(&OperationStatus) -> bool>,
}

/// How many times the service may not yet know an operation that it has just accepted.
pub(super) const MAY_BE_UNKNOWN: u32 = 2;

impl OperationPoller {
    /// Polls the operation that this request started, first after [`Poll::first_delay`].
    pub fn new(endpoint: &Endpoint, request_id: RequestId, poll: &Poll, retry: &Retry) -> Self {
        let get = GetOperationStatus::new(request_id.clone());
        let mut watch = PollUntil::new(endpoint, &get, has_ended as fn(&_) -> bool, poll, retry)
            .with_initial_delay("the accepted operation had ended; it continues at the service");
        watch.not_found_means_not_yet = MAY_BE_UNKNOWN;
        Self { request_id, started_by: None, watch }
    }

    /// Continues with a stored handle. Errors name the accepted operation if this crate knows it.
    pub fn resume(endpoint: &Endpoint, work: &OperationHandle, poll: &Poll, retry: &Retry) -> Self {
        let tracker = Self::new(endpoint, work.request_id.clone(), poll, retry);
        let known = OPERATIONS.iter().map(|spec| spec.name);
        let name = work.operation.as_deref();
        match known.into_iter().find(|known| Some(*known) == name) {
            Some(name) => tracker.started_by(name),
            None => tracker,
        }
    }

    pub(super) fn started_by(self, operation: &'static str) -> Self {
        Self { started_by: Some(operation), ..self }
    }

    /// Reports to the observer each [status](Progress::Read), and each [failure](Progress::Failed) after
    /// which the machine polls again.
    pub fn on_progress(self, mut observer: impl FnMut(Progress<'_>) + Send + 'static) -> Self {
        let watch = self.watch.on_progress(move |progress| {
            observer(match progress {
                Ok(status) => Progress::Read(status),
                Err(error) => Progress::Failed(error),
            });
        });
        Self { watch, ..self }
    }

    /// Returns the id of the polled operation.
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    fn conclude(&self, outcome: Result<OperationStatus, Error>) -> Result<OperationStatus, Error> {
        let error = match outcome {
            Ok(operation) if operation.status == OperationState::Failed => failed(Ended {
                status: operation.http_status_code.and_then(|code| StatusCode::from_u16(code).ok()),
                error: operation.error,
                request_id: self.request_id.clone(),
            }),
            Ok(operation) => return Ok(operation),
            Err(error) => error.about_operation(self.request_id.clone()),
        };
        Err(match self.started_by {
            Some(operation) => error.of_accepted(operation),
            None => error,
        })
    }
}

/// Handles an operation that ended without success.
pub(super) struct Ended {
    pub status: Option<StatusCode>,
    pub error: Option<ErrorBody>,
    pub request_id: RequestId,
}

/// The error of a failed operation, with the message of the service if there is one.
pub(super) fn failed(ended: Ended) -> Error {
    let body = ended.error.unwrap_or_else(|| ErrorBody {
        code: ErrorCode::default(),
        message: "the service gives no reason".to_owned(),
        configuration_warnings: Vec::new(),
        conflicting_operation_id: None,
    });
    Error::operation_failed(ServiceError::new(ended.status, body, Some(ended.request_id)))
}

/// An unknown state counts as in progress, because taking it for an end would be a guess.
fn has_ended(operation: &OperationStatus) -> bool {
    matches!(operation.status, OperationState::Succeeded | OperationState::Failed)
}

impl Machine for OperationPoller {
    type Output = OperationStatus;

    fn step(&mut self, now: Instant) -> Step<OperationStatus> {
        match self.watch.step(now) {
            Step::Done(outcome) => Step::Done(self.conclude(outcome)),
            step => step,
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        self.watch.receive(now, reply);
    }
}
