use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use crate::{ErrorCode, RequestId, ServiceError};

/// What went wrong, with the stage at which it did: [`kind`](Self::kind).
///
/// One type serves the whole workspace. `Display` is one phrase that names the operation and, where
/// the service spoke, status, code, message and request id; it does not repeat
/// [`source`](StdError::source). Key material and request bodies never appear.
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

type Source = Box<dyn StdError + Send + Sync>;

/// The stage at which something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built; nothing was sent.
    Invalid,
    /// The request certainly did not reach the service.
    NotSent,
    /// The request, or a part of it, may have reached the service, and no answer came back.
    PerhapsSent,
    /// The service answered with an error.
    Refused,
    /// The service accepted the request, and the work it started failed later.
    Failed,
    /// An answer came that could not be read.
    Unreadable,
    /// The time allowed for waiting ran out; the work goes on at the service.
    DeadlinePassed,
}

/// A request that got no answer: the failing half of a [`Reply`](crate::machine::Reply).
///
/// Transports make it; [`maybe_sent`](Self::maybe_sent) decides what may be repeated, so a transport
/// that is not certain says `true`.
#[derive(Debug)]
pub struct Lost {
    maybe_sent: bool,
    hopeless: bool,
    source: Source,
}

impl Lost {
    /// The request certainly did not reach the service: no connection, no handshake, no byte of it.
    pub fn not_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { maybe_sent: false, hopeless: false, source: source.into() }
    }

    /// The request certainly did not reach the service, and another attempt would end the same way: a
    /// server that is not trusted, a client certificate that is refused, an address that cannot be used.
    pub fn hopeless(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { maybe_sent: false, hopeless: true, source: source.into() }
    }

    /// The request or a part of it was written, or nobody knows.
    pub fn maybe_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { maybe_sent: true, hopeless: false, source: source.into() }
    }

    /// As it is, and another attempt would end the same way: an answer that is too large.
    pub fn for_good(mut self) -> Self {
        self.hopeless = true;
        self
    }

    /// Whether the service may have seen the request.
    pub fn is_maybe_sent(&self) -> bool {
        self.maybe_sent
    }

    /// Whether another attempt would end the same way.
    pub fn is_hopeless(&self) -> bool {
        self.hopeless
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.maybe_sent {
            "no answer came; the request may have reached the service"
        } else {
            "the request could not be sent"
        })
    }
}

impl StdError for Lost {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

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
        }))
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

    /// Says that the error came up while this work was followed.
    pub(crate) fn about_work(mut self, work: RequestId) -> Self {
        self.0.request_id = Some(work);
        self.0.changes_state = true;
        self
    }

    /// Says which operation started the work that was followed.
    pub(crate) fn of_accepted(mut self, spec: &crate::Spec) -> Self {
        match self.0.detail {
            Detail::Failed(_) | Detail::DeadlinePassed { .. } => self.0.operation = Some(spec.name),
            _ => self.0.accepted = Some(spec.name),
        }
        self
    }

    /// Whether the same question may be answered later: nothing came back, the service is busy, or
    /// it failed inside.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(&self.0.detail, Detail::Lost(lost) if !lost.hopeless)
            || self.is_busy()
            || self.status().is_some_and(|status| status.is_server_error())
    }

    /// The stage at which it went wrong.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.detail {
            Detail::Invalid(..) => ErrorKind::Invalid,
            Detail::Lost(lost) if lost.maybe_sent => ErrorKind::PerhapsSent,
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
    /// be read, and whenever the request was accepted and its work failed or could not be followed.
    /// Read the state before you repeat such a request.
    pub fn may_have_happened(&self) -> bool {
        self.0.accepted.is_some()
            || self.0.changes_state
                && match &self.0.detail {
                    Detail::Invalid(..) => false,
                    Detail::Lost(lost) => lost.maybe_sent,
                    Detail::Refused(error) => error.status().is_none_or(|status| {
                        status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE
                    }),
                    Detail::Failed(_)
                    | Detail::Unreadable { .. }
                    | Detail::DeadlinePassed { .. } => true,
                }
    }
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
            Detail::Invalid(what, _) => f.write_str(what)?,
            Detail::Lost(lost) => lost.fmt(f)?,
            Detail::Refused(error) => write!(f, "the service answered {error}")?,
            Detail::Failed(error) => write!(f, "accepted, but failed later with {error}")?,
            Detail::Unreadable { status, what, .. } => {
                write!(f, "the answer ({}) cannot be read: {what}", status.as_u16())?;
            }
            Detail::DeadlinePassed { waited_for, .. } => {
                write!(
                    f,
                    "the time allowed ran out before {waited_for}; the work goes on at the service"
                )?;
            }
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
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.detail {
            Detail::Invalid(_, source) | Detail::Unreadable { source, .. } => {
                source.as_deref().map(|source| source as _)
            }
            Detail::Lost(lost) => lost.source(),
            Detail::DeadlinePassed { last, .. } => last.as_ref().map(|last| last as _),
            Detail::Refused(_) | Detail::Failed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_word_wide_and_can_cross_threads() {
        fn is_send_and_sync<T: Send + Sync + 'static>() {}
        is_send_and_sync::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn display_does_not_repeat_the_source() {
        let error = Error::lost(Lost::maybe_sent("connection reset by peer"));
        assert_eq!(error.to_string(), "no answer came; the request may have reached the service");
        assert_eq!(error.source().unwrap().to_string(), "connection reset by peer");
    }
}
