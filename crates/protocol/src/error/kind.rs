/// The stage at which something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built; nothing was sent.
    Invalid,
    /// The request certainly did not reach the service.
    NotSent,
    /// The request, or a part of it, may have reached the service, and no answer came back.
    MaybeSent,
    /// The service answered with an error.
    Rejected,
    /// The service accepted the request, and the work it started failed later.
    OperationFailed,
    /// An answer came that could not be read.
    InvalidResponse,
    /// The time allowed for waiting ran out. Accepted work that was followed goes on at the service
    /// ([`Error::handle`](crate::Error::handle)); a watch has no work there, and its error holds the
    /// [last reading](crate::Error::last_reading).
    TimedOut,
}
