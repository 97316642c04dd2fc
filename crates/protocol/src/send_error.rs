use std::error::Error as StdError;
use std::fmt;

/// A request without a response: the error of a [`TransportResult`](crate::machine::TransportResult).
///
/// Transports create it. [`is_ambiguous`](Self::is_ambiguous) decides which requests may be retried, so a
/// transport that is not certain uses [`ambiguous`](Self::ambiguous).
#[derive(Debug)]
pub struct SendError {
    ambiguous: bool,
    permanent: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl SendError {
    /// The request certainly did not reach the service: there was no connection or no handshake, and no byte
    /// was sent.
    pub fn not_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { ambiguous: false, permanent: false, source: source.into() }
    }

    /// The request certainly did not reach the service, and a retry would fail in the same way: the server is
    /// not trusted, the client certificate is rejected, or the address is unusable.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { ambiguous: false, permanent: true, source: source.into() }
    }

    /// A part of the request was written, or may have been.
    pub fn ambiguous(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { ambiguous: true, permanent: false, source: source.into() }
    }

    /// Marks a failure that a retry would repeat, such as a response that is too large.
    pub fn into_permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// Whether the service may have received the request.
    pub fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// Whether a retry would fail in the same way.
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.ambiguous {
            "no response; the request may have reached the service"
        } else {
            "cannot send the request"
        })
    }
}

impl StdError for SendError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
