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
    /// The time allowed for waiting ran out. Accepted work that was followed goes on at the service
    /// ([`Error::work`](crate::Error::work)); a watch has no work there, and its error holds the
    /// [last reading](crate::Error::last_reading).
    DeadlinePassed,
}
