/// The stage of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built; nothing was sent.
    Invalid,
    /// The request certainly did not reach the service.
    NotSent,
    /// The request, or a part of it, may have reached the service, and there was no response.
    MaybeSent,
    /// The service responded with an error.
    Rejected,
    /// The service accepted the request, and its operation failed later.
    OperationFailed,
    /// The response could not be read.
    InvalidResponse,
    /// A poll exceeded its deadline. An accepted operation continues at the service
    /// ([`Error::handle`](crate::Error::handle)). A poll of a state has no operation, and its error contains
    /// the [last reading](crate::Error::last_reading).
    TimedOut,
}
