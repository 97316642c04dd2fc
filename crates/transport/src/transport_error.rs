use std::error::Error as StdError;
use std::fmt;

use azure_classic_text::sanitize;

use crate::classify::find;

/// Why a request got no answer: which side stopped, and the way out.
///
/// It is the source of a [`SendError`](crate::SendError), and can be had back from there, or from any error
/// that has the `SendError`'s source as its own, with [`of`](Self::find_in). Whether the request may have
/// reached the service is said by the `SendError`, not by the kind.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What stopped a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The address is not absolute, or would need a connection without TLS to another machine.
    UnusableAddress,
    /// The server's name is not known.
    Dns,
    /// The server accepts no connection.
    Connect,
    /// Name lookup, TCP, the proxy's tunnel and TLS together took longer than allowed.
    ConnectTimeout,
    /// The proxy's address cannot be used: it cannot be read, or is of a SOCKS or https proxy.
    UnusableProxy,
    /// The proxy is not known, accepts no connection, or does not answer as an HTTP proxy.
    Proxy,
    /// The proxy demands credentials (407), or refuses those given.
    ProxyAuthentication,
    /// The proxy does not allow a tunnel to the server (another 4xx status).
    ProxyForbidden,
    /// The proxy cannot reach the server (502, 504 or another status).
    ProxyCannotConnect,
    /// No trusted authority signed the server's certificate.
    UntrustedServer,
    /// The server's certificate is trusted, and made for another name than the one in the address.
    ServerNameMismatch,
    /// The server's certificate has expired.
    ServerCertificateExpired,
    /// The server's certificate is not valid yet.
    ServerCertificateNotYetValid,
    /// The server's certificate cannot be used for another reason: it is revoked, malformed, or not made
    /// for a server.
    InvalidServerCertificate,
    /// The server demands a client certificate, and none was given, or none that it can take.
    ServerWantsCertificate,
    /// The server refused the client certificate in the handshake. Most servers, the live service
    /// among them, take any in the handshake and answer 403 to one they do not know.
    CertificateRejected,
    /// A client certificate was given, and the server did not ask for it in the handshake: it may ask by
    /// renegotiation only, which rustls does not support; `crates/transport/examples/native-tls` in the repository is a
    /// transport that does. As the likely cause of an answer with status
    /// 401 or 403 it may also mean that the server takes no certificates.
    CertificateNotRequested,
    /// TLS failed otherwise.
    Tls,
    /// The whole answer took longer than allowed.
    RequestTimeout,
    /// The connection ended before the whole answer had come.
    ConnectionLost,
    /// The answer's body is longer than allowed.
    ResponseTooLarge,
    /// The answer is not HTTP/1.1, or its head is too long.
    MalformedResponse,
    /// The source of tokens gave none.
    TokenUnavailable,
    /// The address is not one that the token may go to.
    TokenWithheld,
    /// The request has a token, and the connection would present a certificate as well.
    CertificateAndToken,
}

impl TransportError {
    pub(crate) fn new(kind: TransportErrorKind, message: String) -> Self {
        Self { kind, message, source: None }
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Finds the transport error among an error and its sources.
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_transport::{TransportError, TransportErrorKind};
    ///
    /// fn is_ours_to_fix(error: &(dyn std::error::Error + 'static)) -> bool {
    ///     TransportError::find_in(error).is_some_and(|error| {
    ///         matches!(
    ///             error.kind(),
    ///             TransportErrorKind::UntrustedServer | TransportErrorKind::ServerWantsCertificate
    ///         )
    ///     })
    /// }
    /// ```
    pub fn find_in<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Self> {
        find(error)
    }

    /// What stopped the request.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

/// One line, in which control characters and the like are escaped.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        sanitize(&self.message).fmt(f)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_in_a_message_is_escaped() {
        for (foreign, shown) in [
            ("\u{1b}]0;x\u{7}", r"\u{1b}]0;x\u{7}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("\u{202e}gpj", r"\u{202e}gpj"),
            ("x\nerror: y", r"x\nerror: y"),
            ("\u{200b}\u{2028}", r"\u{200b}\u{2028}"),
        ] {
            let message = format!("the proxy answered {foreign}");
            let error = TransportError::new(TransportErrorKind::Proxy, message);
            assert_eq!(error.to_string(), format!("the proxy answered {shown}"));
        }
    }
}
