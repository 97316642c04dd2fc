use std::error::Error as StdError;
use std::fmt;

use azure_classic_text::sanitize;

use crate::classify::find;

/// The reason why a request got no response: the side that failed, and the way out.
///
/// It is the source of a [`SendError`](crate::SendError). [`find_in`](Self::find_in) finds it there, or in
/// any error that has the `SendError` or its source among its sources. The `SendError`, not the kind, says
/// whether the request may have reached the service.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kind of a transport failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The address is not absolute, or would need a connection without TLS to another machine.
    UnusableAddress,
    /// Name lookup found no address for the server.
    Dns,
    /// The server does not accept connections.
    Connect,
    /// Name lookup, TCP, the proxy's tunnel and TLS together exceeded the time limit.
    ConnectTimeout,
    /// The proxy's address is malformed, or is that of a SOCKS or https proxy.
    UnusableProxy,
    /// The proxy has no address, does not accept connections, or does not respond as an HTTP proxy.
    Proxy,
    /// The proxy requires credentials (407), or rejects those given.
    ProxyAuthentication,
    /// The proxy does not allow a tunnel to the server (another 4xx status).
    ProxyForbidden,
    /// The proxy cannot reach the server (502, 504 or another status).
    ProxyCannotConnect,
    /// The server's certificate is not signed by a trusted authority.
    UntrustedServer,
    /// The server's certificate is trusted, but is for another name than the one in the address.
    ServerNameMismatch,
    /// The server's certificate has expired.
    ServerCertificateExpired,
    /// The server's certificate is not valid yet.
    ServerCertificateNotYetValid,
    /// The server's certificate cannot be used for another reason: it is revoked, malformed, or not a server
    /// certificate.
    InvalidServerCertificate,
    /// The server requires a client certificate, and none was given, or none with a key type that it accepts.
    ServerWantsCertificate,
    /// The server rejected the client certificate in the handshake. Most servers, including the live service,
    /// accept any certificate in the handshake and respond with 403 to an unknown one.
    CertificateRejected,
    /// A client certificate was given, and the server did not request it in the handshake. It may request it
    /// by renegotiation only, which rustls does not support; `crates/transport/examples/native-tls` in the
    /// repository is a transport that does. As the likely cause of a response with status 401 or 403, it may
    /// also mean that the server takes no certificates.
    CertificateNotRequested,
    /// Any other failure of TLS.
    Tls,
    /// The whole response exceeded the time limit.
    RequestTimeout,
    /// The connection ended before the response was complete.
    ConnectionLost,
    /// The body of the response is longer than the limit.
    ResponseTooLarge,
    /// The response is not HTTP/1.1, or its head is too long.
    MalformedResponse,
    /// The token source returned no token.
    TokenUnavailable,
    /// The token may not be sent to this address.
    TokenWithheld,
    /// The request has a token, and the connection would also present a certificate.
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

    /// Returns the kind of the failure.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

/// Formats the message as one line, with control characters and similar ones escaped.
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
    fn display_escapes_foreign_text() {
        for (foreign, shown) in [
            ("\u{1b}]0;x\u{7}", r"\u{1b}]0;x\u{7}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("\u{202e}gpj", r"\u{202e}gpj"),
            ("x\nerror: y", r"x\nerror: y"),
            ("\u{200b}\u{2028}", r"\u{200b}\u{2028}"),
        ] {
            let message = format!("the proxy responded with {foreign}");
            let error = TransportError::new(TransportErrorKind::Proxy, message);
            assert_eq!(error.to_string(), format!("the proxy responded with {shown}"));
        }
    }
}
