use std::fmt;
use std::time::Duration;

use crate::certificate_request::CertificateRequests;
use crate::tls::client_config;
use crate::{CredentialError, HttpsTransport, Identity, Proxy};

/// The default limit for the body of a response, in bytes.
pub(crate) const MAX_RESPONSE_BYTES: usize = 64 << 20;

/// Settings of an [`HttpsTransport`].
#[derive(Clone)]
#[must_use = "settings do nothing until `build`"]
pub struct HttpsTransportBuilder {
    pub(crate) identity: Option<Identity>,
    roots_pem: Option<Vec<u8>>,
    pub(crate) connect_timeout: Duration,
    pub(crate) request_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) fresh_connection_for_writes: bool,
    pub(crate) max_response_bytes: usize,
    pub(crate) proxy: Option<Proxy>,
}

impl HttpsTransportBuilder {
    pub(crate) fn new() -> Self {
        Self {
            identity: None,
            roots_pem: None,
            connect_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(300),
            idle_timeout: Duration::from_secs(45),
            fresh_connection_for_writes: true,
            max_response_bytes: MAX_RESPONSE_BYTES,
            proxy: None,
        }
    }

    /// Presents this certificate to servers that request one. Default: none.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Trusts exactly these authorities (PEM, DER or PKCS#7) instead of those of the operating system. Use it
    /// for private endpoints. A second call replaces the first.
    pub fn root_certificates_pem(mut self, pem: &[u8]) -> Self {
        self.roots_pem = Some(pem.to_vec());
        self
    }

    /// Sends https requests through this proxy, except to exempt hosts. Default: none; the environment is
    /// read only by [`Proxy::from_variables`].
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Limits the time to establish a connection: name lookup, TCP, the proxy's tunnel and TLS together.
    /// Default: 30 seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Limits the time of a request, from the first attempt to connect to the last byte of the response.
    /// Default: 5 minutes; the service itself responds within one minute, or with 202.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = limit;
        self
    }

    /// Keeps an idle connection open for this long, at most one day. Default: 45 seconds.
    ///
    /// If the server closes idle connections earlier, a request may meet a closing connection and fail as
    /// [ambiguous](crate::SendError::is_ambiguous). Choose a time below the server's own limit. Writes avoid
    /// this risk while [`fresh_connection_for_writes`](Self::fresh_connection_for_writes) is on.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        // The pool adds the duration to an `Instant`, which overflows for huge values.
        self.idle_timeout = limit.min(Duration::from_secs(24 * 60 * 60));
        self
    }

    /// Sends each request whose method is not GET, HEAD, OPTIONS or TRACE over a new connection, and closes
    /// it after the response. Default: on.
    ///
    /// A server may close an idle connection at the very time a request is written to it. The client cannot
    /// know whether the server read that request, so the failure is
    /// [ambiguous](crate::SendError::is_ambiguous) and a write is not retried. A new connection avoids this.
    /// It costs one TCP and one TLS handshake per write; TLS sessions are resumed if the server supports it.
    /// Switch it off for thousands of writes a minute, or if the server is certain to keep idle connections
    /// open.
    pub fn fresh_connection_for_writes(mut self, on: bool) -> Self {
        self.fresh_connection_for_writes = on;
        self
    }

    /// Rejects responses with a longer body, in bytes. Default: 64 MiB. (Heads are limited to 256 KiB and 100
    /// fields.)
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Builds the transport. It opens no connection. It reads the root certificates of the operating system
    /// unless others were given.
    ///
    /// # Errors
    ///
    /// A [`CredentialError`] if the root certificates, given or the system's, cannot be used.
    pub fn build(self) -> Result<HttpsTransport, CredentialError> {
        let requests = CertificateRequests::default();
        let tls = client_config(self.identity.as_ref(), self.roots_pem.as_deref(), &requests)?;
        Ok(HttpsTransport::new(tls, requests, self))
    }
}

impl fmt::Debug for HttpsTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("identity", &self.identity)
            .field("own_roots", &self.roots_pem.is_some())
            .field("connect_timeout", &self.connect_timeout)
            .field("request_timeout", &self.request_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("fresh_connection_for_writes", &self.fresh_connection_for_writes)
            .field("max_response_bytes", &self.max_response_bytes)
            .field("proxy", &self.proxy)
            .finish()
    }
}
