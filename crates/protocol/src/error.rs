mod kind;
mod last_reading;

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

use azure_classic_text::sanitize;
use http::StatusCode;

pub use self::kind::ErrorKind;
use crate::machine::Work;
use crate::settling_read::settling_read;
use crate::{ErrorCode, GetOperationStatus, LikelyCause, Lost, Operation, RequestId, ServiceError};

/// What went wrong, with the stage at which it did: [`kind`](Self::kind).
///
/// One type serves the whole workspace. `Display` is one phrase that names the operation and, where
/// the service spoke, status, code, message and request id; it does not repeat
/// [`source`](StdError::source). It is fit for a terminal: what the service sent is escaped, and clipped
/// when it is long. Key material and request bodies never appear.
///
/// # Example
///
/// ```
/// # use azure_classic_protocol::{Error, ErrorKind};
/// fn explain(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Invalid => "the request was wrong; nothing was sent",
///         ErrorKind::NotSent => "nothing reached the service; try again",
///         ErrorKind::PerhapsSent if error.may_have_happened() => "read the state before you repeat it",
///         ErrorKind::PerhapsSent => "nothing can have changed; try again",
///         ErrorKind::Refused if error.is_conflict() => "wait for the other operation",
///         ErrorKind::Refused => "the service said no",
///         ErrorKind::Failed => "it was accepted and failed later",
///         ErrorKind::Unreadable => "the answer made no sense",
///         ErrorKind::DeadlinePassed => "it goes on without us",
///         _ => "something new",
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    detail: Detail,
    /// The operation's name, once known.
    operation: Option<&'static str>,
    /// Whether the operation changes anything at the service.
    changes_state: bool,
    /// The operation whose accepted work was followed when it went wrong.
    accepted: Option<&'static str>,
    request_id: Option<RequestId>,
    /// Whether it came up while accepted work was followed that has not ended.
    is_about_work: bool,
    /// Whether a read has shown that nothing came of the request.
    disproved: bool,
    /// What a watch read last before its time ran out.
    last_reading: Option<Box<dyn Any + Send + Sync>>,
    /// What came up while a way out was tried.
    because: Option<Error>,
    /// What the transport knows about a refusal.
    likely_cause: Option<LikelyCause>,
}

#[derive(Debug)]
enum Detail {
    Invalid(String, Option<Source>),
    Lost(Lost),
    Refused(ServiceError),
    Failed(ServiceError),
    Unreadable { status: StatusCode, what: String, source: Option<Source> },
    DeadlinePassed { waited_for: &'static str, last: Option<Error> },
}

/// How much of a text `Display` shows, in characters.
const SHOWN: usize = 2000;

type Source = Box<dyn StdError + Send + Sync>;

impl Error {
    /// Says that a request cannot be built. `what` names the thing, its value and the way out.
    pub fn invalid(what: impl Into<String>) -> Self {
        Self::new(Detail::Invalid(what.into(), None))
    }

    pub(crate) fn invalid_because(
        what: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::new(Detail::Invalid(what.into(), Some(Box::new(source))))
    }

    pub(crate) fn lost(lost: Lost) -> Self {
        Self::new(Detail::Lost(lost))
    }

    pub(crate) fn refused(error: ServiceError) -> Self {
        let request_id = error.request_id().cloned();
        let mut this = Self::new(Detail::Refused(error));
        this.0.request_id = request_id;
        this
    }

    pub(crate) fn failed(error: ServiceError) -> Self {
        let request_id = error.request_id().cloned();
        let mut this = Self::new(Detail::Failed(error));
        this.0.request_id = request_id;
        this.0.changes_state = true;
        this
    }

    /// Says that an answer cannot be read.
    pub fn unreadable(status: StatusCode, what: impl Into<String>) -> Self {
        Self::new(Detail::Unreadable { status, what: what.into(), source: None })
    }

    pub(crate) fn unreadable_because(
        status: StatusCode,
        what: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::new(Detail::Unreadable { status, what: what.into(), source: Some(Box::new(source)) })
    }

    pub(crate) fn deadline_passed(waited_for: &'static str, last: Option<Self>) -> Self {
        Self::new(Detail::DeadlinePassed { waited_for, last })
    }

    fn new(detail: Detail) -> Self {
        Self(Box::new(Inner {
            detail,
            operation: None,
            changes_state: false,
            accepted: None,
            request_id: None,
            is_about_work: false,
            disproved: false,
            last_reading: None,
            because: None,
            likely_cause: None,
        }))
    }

    pub(crate) fn conversation_is_over() -> Self {
        Self::invalid("the conversation is over; its outcome was handed out before")
    }

    /// Says that a read has shown that nothing came of the request.
    pub(crate) fn disproved(mut self) -> Self {
        self.0.disproved = true;
        self
    }

    /// Says what ended the attempt to find a way out.
    pub(crate) fn because(mut self, error: Self) -> Self {
        self.0.because = Some(error);
        self
    }

    pub(crate) fn during(mut self, spec: &crate::Spec) -> Self {
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

    /// Says that the error came up while this work was followed.
    pub(crate) fn about_work(mut self, work: RequestId) -> Self {
        self.0.request_id = Some(work);
        self.0.is_about_work = true;
        self.0.changes_state = true;
        self
    }

    /// As [`about_work`](Self::about_work), for work that Get Operation Status does not know.
    pub(crate) fn about_gateway_work(self, work: RequestId) -> Self {
        let mut this = self.about_work(work);
        this.0.is_about_work = false;
        this
    }

    /// Says which operation started the work that was followed.
    pub(crate) fn of_accepted(mut self, operation: &'static str) -> Self {
        match self.0.detail {
            Detail::Failed(_) | Detail::DeadlinePassed { .. } => self.0.operation = Some(operation),
            _ => self.0.accepted = Some(operation),
        }
        self
    }

    /// Whether the same question may be answered later: nothing came back, the service is busy, or
    /// it failed inside. It says nothing about requests that change something: ask
    /// [`may_have_happened`](Self::may_have_happened) before one is repeated.
    pub fn may_pass(&self) -> bool {
        matches!(&self.0.detail, Detail::Lost(lost) if !lost.is_hopeless())
            || self.is_busy()
            || self.status().is_some_and(may_be_repeated)
    }

    /// The stage at which it went wrong.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.detail {
            Detail::Invalid(..) => ErrorKind::Invalid,
            Detail::Lost(lost) if lost.is_maybe_sent() => ErrorKind::PerhapsSent,
            Detail::Lost(_) => ErrorKind::NotSent,
            Detail::Refused(_) => ErrorKind::Refused,
            Detail::Failed(_) => ErrorKind::Failed,
            Detail::Unreadable { .. } => ErrorKind::Unreadable,
            Detail::DeadlinePassed { .. } => ErrorKind::DeadlinePassed,
        }
    }

    /// The name of the operation, as its reference page is headed: of the one that was asked for,
    /// also when it was accepted and something went wrong while its work was followed.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.accepted.or(self.0.operation)
    }

    /// What the service said, where it refused the request or the accepted work failed.
    pub fn service_error(&self) -> Option<&ServiceError> {
        match &self.0.detail {
            Detail::Refused(error) | Detail::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.detail {
            Detail::Refused(error) | Detail::Failed(error) => error.status(),
            Detail::Unreadable { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Names the request, or the accepted work, that the error is about.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.0.request_id.as_ref()
    }

    /// The accepted work that goes on, or may, without anybody following it: to be stored, and taken up
    /// with [`Tracker::resume`](crate::machine::Tracker::resume).
    ///
    /// There after a deadline, and when the work could not be followed any more.
    pub fn work(&self) -> Option<Work> {
        if !self.0.is_about_work {
            return None;
        }
        let started_by = self.operation().filter(|name| *name != GetOperationStatus::SPEC.name);
        let operation = started_by.map(str::to_owned);
        self.request_id().cloned().map(|request_id| Work { request_id, operation })
    }

    /// The request that holds the deployment, where the service refused because of it.
    pub fn conflicting_request_id(&self) -> Option<&RequestId> {
        self.service_error().and_then(ServiceError::conflicting_request_id)
    }

    /// The thing named does not exist, or the slot asked for is empty.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Another operation holds the deployment, or the thing to be made exists.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(StatusCode::CONFLICT)
    }

    /// The service asks to come back later: 503 of any code, or 429.
    pub fn is_busy(&self) -> bool {
        matches!(
            self.status(),
            Some(StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
        ) || matches!(
            self.service_error().map(ServiceError::code),
            Some(ErrorCode::TooManyRequests | ErrorCode::ServerBusy)
        )
    }

    /// Whether the service may have changed something in spite of the error.
    ///
    /// Always false for operations that only read. For the others true when the request may have
    /// arrived and no answer came, when the service failed inside (500), when the answer could not
    /// be read (a redirect that is not followed apart: nothing was done), and whenever the request was
    /// accepted and its work failed or could not be followed.
    /// Read the state before you repeat such a request: [`settled_by`](Self::settled_by) says which
    /// read tells, and [`Reconcile`](crate::machine::Reconcile) does it for you, after which this is
    /// false where nothing has happened.
    pub fn may_have_happened(&self) -> bool {
        if self.0.disproved {
            return false;
        }
        self.0.accepted.is_some()
            || self.0.changes_state
                && match &self.0.detail {
                    Detail::Invalid(..) => false,
                    Detail::Lost(lost) => lost.is_maybe_sent(),
                    Detail::Refused(error) => error.status().is_none_or(|status| {
                        may_be_repeated(status) && status != StatusCode::SERVICE_UNAVAILABLE
                    }),
                    // What is sent elsewhere has not been done here.
                    Detail::Unreadable { status, .. } => !status.is_redirection(),
                    Detail::Failed(_) | Detail::DeadlinePassed { .. } => true,
                }
    }
}

impl Error {
    /// The read that settles whether the request happened, by its name as the reference has it: where
    /// [`may_have_happened`](Self::may_have_happened) is true and the operation is one of this crate.
    ///
    /// `None` where no read tells, as for the restart of an instance.
    pub fn settled_by(&self) -> Option<&'static str> {
        self.operation().filter(|_| self.may_have_happened()).and_then(settling_read)
    }
}

/// Whether the same request may get another answer later: after 408, and when the service failed inside.
fn may_be_repeated(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(accepted) = self.0.accepted {
            write!(f, "{accepted} was accepted, but how it goes cannot be read: ")?;
        }
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        match &self.0.detail {
            Detail::Invalid(what, _) => sanitize(what).at_most(SHOWN).fmt(f)?,
            Detail::Lost(lost) => lost.fmt(f)?,
            Detail::Refused(error) => write!(f, "the service answered {error}")?,
            Detail::Failed(error) => write!(f, "accepted, but failed later with {error}")?,
            Detail::Unreadable { status, what, .. } => {
                write!(
                    f,
                    "the answer ({}) cannot be read: {}",
                    status.as_u16(),
                    sanitize(what).at_most(SHOWN)
                )?;
            }
            Detail::DeadlinePassed { waited_for, .. } => {
                write!(f, "the time allowed ran out before {waited_for}")?;
            }
        }
        if self.0.disproved {
            f.write_str(", and reading the state shows that nothing came of it")?;
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
            Detail::Invalid(_, source) | Detail::Unreadable { source, .. } => {
                source.as_deref().map(|source| source as _)
            }
            Detail::Lost(lost) => lost.source(),
            Detail::DeadlinePassed { last, .. } => last.as_ref().map(|last| last as _),
            Detail::Refused(_) | Detail::Failed(_) => {
                self.0.likely_cause.as_ref().map(LikelyCause::as_source)
            }
        }
    }
}

#[cfg(test)]
mod tests;
