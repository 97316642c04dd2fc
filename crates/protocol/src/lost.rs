use std::error::Error as StdError;
use std::fmt;

/// A request that got no answer: the failing half of a [`Reply`](crate::machine::Reply).
///
/// Transports make it; [`maybe_sent`](Self::maybe_sent) decides what may be repeated, so a transport
/// that is not certain says `true`.
#[derive(Debug)]
pub struct Lost {
    maybe_sent: bool,
    hopeless: bool,
    source: Box<dyn StdError + Send + Sync>,
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
