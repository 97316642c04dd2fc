use std::error::Error as StdError;
use std::fmt;

/// A request that got no answer: the failing half of a [`TransportResult`](crate::machine::TransportResult).
///
/// Transports make it; [`maybe_sent`](Self::ambiguous) decides what may be repeated, so a transport
/// that is not certain says `true`.
#[derive(Debug)]
pub struct SendError {
    ambiguous: bool,
    permanent: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl SendError {
    /// The request certainly did not reach the service: no connection, no handshake, no byte of it.
    pub fn not_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { ambiguous: false, permanent: false, source: source.into() }
    }

    /// The request certainly did not reach the service, and another attempt would end the same way: a
    /// server that is not trusted, a client certificate that is refused, an address that cannot be used.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { ambiguous: false, permanent: true, source: source.into() }
    }

    /// The request or a part of it was written, or nobody knows.
    pub fn ambiguous(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { ambiguous: true, permanent: false, source: source.into() }
    }

    /// As it is, and another attempt would end the same way: an answer that is too large.
    pub fn into_permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// Whether the service may have seen the request.
    pub fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// Whether another attempt would end the same way.
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.ambiguous {
            "no answer came; the request may have reached the service"
        } else {
            "the request could not be sent"
        })
    }
}

impl StdError for SendError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
