use http::StatusCode;

use super::{
    Instant, Machine, OperationHandle, Poll, PollUntil, Progress, Retry, Step, TransportResult,
};
use crate::{
    Endpoint, Error, ErrorBody, ErrorCode, GetOperationStatus, OPERATIONS, OperationState,
    OperationStatus, RequestId, ServiceError,
};

/// Follows accepted work to its end through Get Operation Status.
///
/// It ends well only when the work has succeeded; failed work is an error with the service's code and
/// message, and so is a deadline that passes first
/// ([`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut)): the work goes on then and can be
/// followed again, also from another process, because the request id is all that is needed. The same
/// holds for a tracker that is dropped: only the waiting ends.
///
/// Success means that the platform has taken the change over. Where the instances matter, watch the
/// deployment afterwards.
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
    /// The operation that started the work, where it is known.
    started_by: Option<&'static str>,
    watch: PollUntil<GetOperationStatus, fn(&OperationStatus) -> bool>,
}

/// How many times the service may not yet know the work that it has just accepted.
pub(super) const MAY_BE_UNKNOWN: u32 = 2;

impl OperationPoller {
    /// Follows the work that this request started; the first question comes after
    /// [`Poll::first_delay`].
    pub fn new(endpoint: &Endpoint, request_id: RequestId, poll: &Poll, retry: &Retry) -> Self {
        let get = GetOperationStatus::new(request_id.clone());
        let mut watch = PollUntil::new(endpoint, &get, has_ended as fn(&_) -> bool, poll, retry)
            .with_initial_delay("the accepted work had ended; the work goes on at the service");
        watch.not_found_means_not_yet = MAY_BE_UNKNOWN;
        Self { request_id, started_by: None, watch }
    }

    /// Takes up stored work. Errors name the operation that started it, if this crate knows it.
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

    /// Shows the observer [how the work stands](Progress::Read) each time it is read, and
    /// [what went wrong](Progress::Failed) where the question is asked again.
    pub fn on_progress(self, mut observer: impl FnMut(Progress<'_>) + Send + 'static) -> Self {
        let watch = self.watch.on_progress(move |progress| {
            observer(match progress {
                Ok(status) => Progress::Read(status),
                Err(error) => Progress::Failed(error),
            });
        });
        Self { watch, ..self }
    }

    /// Names the work that is followed.
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

/// Work that ended without success.
pub(super) struct Ended {
    pub status: Option<StatusCode>,
    pub error: Option<ErrorBody>,
    pub request_id: RequestId,
}

/// The error of failed work, in the words of the service where it gives any.
pub(super) fn failed(ended: Ended) -> Error {
    let body = ended.error.unwrap_or_else(|| ErrorBody {
        code: ErrorCode::default(),
        message: "the service gives no reason".to_owned(),
        configuration_warnings: Vec::new(),
        conflicting_operation_id: None,
    });
    Error::operation_failed(ServiceError::new(ended.status, body, Some(ended.request_id)))
}

/// A state that is not known is taken for "goes on": to take it for an end would be a guess.
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
