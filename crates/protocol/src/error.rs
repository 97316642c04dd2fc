mod kind;
mod last_reading;

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

use azure_classic_text::sanitize;
use http::StatusCode;

pub use self::kind::ErrorKind;
use crate::machine::OperationHandle;
use crate::verification_read::verification_read;
use crate::{
    ErrorCode, GetOperationStatus, LikelyCause, Operation, RequestId, SendError, ServiceError,
};

/// The reason why a call failed, and its stage: [`kind`](Self::kind).
///
/// The whole workspace has one error type. `Display` names the operation and, if there was a response,
/// its status, code, message and request id; it does not repeat [`source`](StdError::source). Text of the
/// service is escaped and truncated. Key material and request bodies never appear.
///
/// # Example
///
/// ```
/// # use azure_classic_protocol::{Error, ErrorKind};
/// fn explain(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Invalid => "the request was wrong; nothing was sent",
///         ErrorKind::NotSent => "nothing reached the service; retry",
///         ErrorKind::MaybeSent => "read the state before you repeat it",
///         ErrorKind::Rejected => "the service rejected the request",
///         ErrorKind::OperationFailed => "it was accepted and failed later",
///         ErrorKind::InvalidResponse => "the response cannot be read",
///         ErrorKind::TimedOut => "the operation goes on at the service",
///         _ => "a kind of a later version",
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    detail: Detail,
    /// The name of the operation, once known.
    operation: Option<&'static str>,
    /// Whether the operation is a write.
    changes_state: bool,
    /// The accepted operation that was polled when the error occurred.
    accepted: Option<&'static str>,
    request_id: Option<RequestId>,
    /// Whether the error occurred while an accepted operation was polled that has not ended.
    is_about_operation: bool,
    /// Whether a read has shown that the request had no effect.
    disproved: bool,
    /// The last reading of a poll before its timeout.
    last_reading: Option<Box<dyn Any + Send + Sync>>,
    /// The error of an attempted recovery.
    because: Option<Error>,
    /// The transport's facts about a rejection.
    likely_cause: Option<LikelyCause>,
}

#[derive(Debug)]
enum Detail {
    Invalid(String, Option<Source>),
    Send(SendError),
    Rejected(ServiceError),
    OperationFailed(ServiceError),
    InvalidResponse { status: StatusCode, what: String, source: Option<Source> },
    TimedOut { waited_for: &'static str, last: Option<Error> },
}

/// The maximal length of a text in `Display`, in characters.
const SHOWN: usize = 2000;

type Source = Box<dyn StdError + Send + Sync>;

impl Error {
    /// The error for a request that cannot be built. `what` names the thing, its value and the way out.
    pub fn invalid(what: impl Into<String>) -> Self {
        Self::new(Detail::Invalid(what.into(), None))
    }

    pub(crate) fn invalid_because(
        what: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::new(Detail::Invalid(what.into(), Some(Box::new(source))))
    }

    pub(crate) fn send_error(lost: SendError) -> Self {
        Self::new(Detail::Send(lost))
    }

    pub(crate) fn rejected(error: ServiceError) -> Self {
        let request_id = error.request_id().cloned();
        let mut this = Self::new(Detail::Rejected(error));
        this.0.request_id = request_id;
        this
    }

    pub(crate) fn operation_failed(error: ServiceError) -> Self {
        let request_id = error.request_id().cloned();
        let mut this = Self::new(Detail::OperationFailed(error));
        this.0.request_id = request_id;
        this.0.changes_state = true;
        this
    }

    /// The error for a response that cannot be read.
    pub fn invalid_response(status: StatusCode, what: impl Into<String>) -> Self {
        Self::new(Detail::InvalidResponse { status, what: what.into(), source: None })
    }

    pub(crate) fn invalid_response_because(
        status: StatusCode,
        what: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        let (what, source) = (what.into(), Some::<Source>(Box::new(source)));
        Self::new(Detail::InvalidResponse { status, what, source })
    }

    pub(crate) fn timed_out(waited_for: &'static str, last: Option<Self>) -> Self {
        Self::new(Detail::TimedOut { waited_for, last })
    }

    fn new(detail: Detail) -> Self {
        Self(Box::new(Inner {
            detail,
            operation: None,
            changes_state: false,
            accepted: None,
            request_id: None,
            is_about_operation: false,
            disproved: false,
            last_reading: None,
            because: None,
            likely_cause: None,
        }))
    }

    pub(crate) fn already_done() -> Self {
        Self::invalid("the machine has ended; its outcome was returned before")
    }

    /// Records that a read has shown that the request had no effect.
    pub(crate) fn disproved(mut self) -> Self {
        self.0.disproved = true;
        self
    }

    /// Records the error that ended an attempted recovery.
    pub(crate) fn because(mut self, error: Self) -> Self {
        self.0.because = Some(error);
        self
    }

    pub(crate) fn during(mut self, spec: &crate::Metadata) -> Self {
        self.0.operation = Some(spec.name);
        self.0.changes_state = spec.changes_state();
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<RequestId>) -> Self {
        self.0.request_id = self.0.request_id.or(request_id);
        self
    }

    pub(crate) fn with_likely_cause(mut self, cause: Option<LikelyCause>) -> Self {
        self.0.likely_cause = cause;
        self
    }

    /// Records that the error occurred while this operation was polled.
    pub(crate) fn about_operation(mut self, work: RequestId) -> Self {
        self.0.request_id = Some(work);
        self.0.is_about_operation = true;
        self.0.changes_state = true;
        self
    }

    /// Does the same for an operation that Get Operation Status does not know.
    pub(crate) fn about_gateway_operation(self, work: RequestId) -> Self {
        let mut this = self.about_operation(work);
        this.0.is_about_operation = false;
        this
    }

    /// Records which operation started the polled one.
    pub(crate) fn of_accepted(mut self, operation: &'static str) -> Self {
        match self.0.detail {
            Detail::OperationFailed(_) | Detail::TimedOut { .. } => {
                self.0.operation = Some(operation);
            }
            _ => self.0.accepted = Some(operation),
        }
        self
    }

    /// Whether a retry may succeed: there was no response, the service is busy, or it had an internal error.
    /// It does not apply to writes: check [`may_have_applied`](Self::may_have_applied) before you repeat one.
    pub fn is_transient(&self) -> bool {
        matches!(&self.0.detail, Detail::Send(lost) if !lost.is_permanent())
            || self.is_busy()
            || self.status().is_some_and(is_retryable)
    }

    /// Returns the stage of the failure.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.detail {
            Detail::Invalid(..) => ErrorKind::Invalid,
            Detail::Send(lost) if lost.is_ambiguous() => ErrorKind::MaybeSent,
            Detail::Send(_) => ErrorKind::NotSent,
            Detail::Rejected(_) => ErrorKind::Rejected,
            Detail::OperationFailed(_) => ErrorKind::OperationFailed,
            Detail::InvalidResponse { .. } => ErrorKind::InvalidResponse,
            Detail::TimedOut { .. } => ErrorKind::TimedOut,
        }
    }

    /// Returns the name of the operation, as the title of its reference page: of the requested operation,
    /// even if it was accepted and polling it failed.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.accepted.or(self.0.operation)
    }

    /// Returns the error of the service, if it rejected the request or the accepted operation failed.
    pub fn service_error(&self) -> Option<&ServiceError> {
        match &self.0.detail {
            Detail::Rejected(error) | Detail::OperationFailed(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the HTTP status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.detail {
            Detail::Rejected(error) | Detail::OperationFailed(error) => error.status(),
            Detail::InvalidResponse { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Returns the id of the request, or of the accepted operation, with the error.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.0.request_id.as_ref()
    }

    /// Returns the accepted operation that may still be in progress without being polled. Store it, and poll
    /// it again with [`OperationPoller::resume`](crate::machine::OperationPoller::resume).
    ///
    /// Present after a timeout, and if the operation could not be polled any more.
    pub fn handle(&self) -> Option<OperationHandle> {
        if !self.0.is_about_operation {
            return None;
        }
        let started_by = self.operation().filter(|name| *name != GetOperationStatus::METADATA.name);
        let operation = started_by.map(str::to_owned);
        self.request_id().cloned().map(|request_id| OperationHandle { request_id, operation })
    }

    /// Returns the id of the request that holds the deployment, if the service rejected the call because of
    /// it.
    pub fn conflicting_request_id(&self) -> Option<&RequestId> {
        self.service_error().and_then(ServiceError::conflicting_request_id)
    }

    /// Whether the named resource does not exist, or the slot is empty.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether another operation holds the deployment, or the resource to create exists.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(StatusCode::CONFLICT)
    }

    /// Whether the service is busy: 503 with any code, or 429.
    pub fn is_busy(&self) -> bool {
        matches!(
            self.status(),
            Some(StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
        ) || matches!(
            self.service_error().map(ServiceError::code),
            Some(ErrorCode::TooManyRequests | ErrorCode::ServerBusy)
        )
    }

    /// Whether the service may have changed something despite the error.
    ///
    /// Always false for reads. For writes it is true if the request may have arrived without a response,
    /// after an internal error (500), if the response could not be read (except for a redirect, which
    /// executes nothing), and if the request was accepted but its operation failed or could not be polled.
    /// Read the state before you repeat such a request: [`verify_with`](Self::verify_with) names the read,
    /// and [`VerifiedCall`](crate::machine::VerifiedCall) does it for you. After that, this is false if the
    /// request had no effect.
    pub fn may_have_applied(&self) -> bool {
        if self.0.disproved {
            return false;
        }
        self.0.accepted.is_some()
            || self.0.changes_state
                && match &self.0.detail {
                    Detail::Invalid(..) => false,
                    Detail::Send(lost) => lost.is_ambiguous(),
                    Detail::Rejected(error) => error.status().is_none_or(|status| {
                        is_retryable(status) && status != StatusCode::SERVICE_UNAVAILABLE
                    }),
                    // A redirected request was not executed here.
                    Detail::InvalidResponse { status, .. } => !status.is_redirection(),
                    Detail::OperationFailed(_) | Detail::TimedOut { .. } => true,
                }
    }
}

impl Error {
    /// Returns the name of the read that shows whether the request took effect, if
    /// [`may_have_applied`](Self::may_have_applied) is true and the operation is one of this crate.
    ///
    /// `None` if no read shows it, as for the restart of an instance.
    pub fn verify_with(&self) -> Option<&'static str> {
        self.operation().filter(|_| self.may_have_applied()).and_then(verification_read)
    }
}

/// Whether a retry of the same request may get another response: after 408, and after an internal error.
fn is_retryable(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(accepted) = self.0.accepted {
            write!(f, "{accepted} was accepted, but its status cannot be read: ")?;
        }
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        match &self.0.detail {
            Detail::Invalid(what, _) => sanitize(what).truncated_to(SHOWN).fmt(f)?,
            Detail::Send(lost) => lost.fmt(f)?,
            Detail::Rejected(error) => write!(f, "the service responded with {error}")?,
            Detail::OperationFailed(error) => write!(f, "accepted, but failed later with {error}")?,
            Detail::InvalidResponse { status, what, .. } => {
                write!(
                    f,
                    "invalid response ({}): {}",
                    status.as_u16(),
                    sanitize(what).truncated_to(SHOWN)
                )?;
            }
            Detail::TimedOut { waited_for, .. } => {
                write!(f, "timed out before {waited_for}")?;
            }
        }
        if self.0.disproved {
            f.write_str(", and reading the state shows that it had no effect")?;
        }
        match &self.0.request_id {
            Some(id) => write!(f, " (request id {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("request_id", &self.0.request_id)
            .field("detail", &self.0.detail)
            .field("because", &self.0.because)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        if let Some(because) = &self.0.because {
            return Some(because);
        }
        match &self.0.detail {
            Detail::Invalid(_, source) | Detail::InvalidResponse { source, .. } => {
                source.as_deref().map(|source| source as _)
            }
            Detail::Send(lost) => lost.source(),
            Detail::TimedOut { last, .. } => last.as_ref().map(|last| last as _),
            Detail::Rejected(_) | Detail::OperationFailed(_) => {
                self.0.likely_cause.as_ref().map(LikelyCause::as_source)
            }
        }
    }
}

#[cfg(test)]
mod tests;
