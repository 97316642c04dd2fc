use std::fmt;
use std::time::Duration;

use crate::certificate_request::CertificateRequests;
use crate::tls::client_config;
use crate::{CredentialError, HttpsTransport, Identity, Proxy};

/// How long the body of an answer may be by default.
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

    /// Presents this certificate to servers that ask for one. Default: none.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Trusts exactly these authorities, in PEM (or DER, or PKCS#7), and no longer those of the operating system: for
    /// private endpoints. A second call replaces the first.
    pub fn root_certificates_pem(mut self, pem: &[u8]) -> Self {
        self.roots_pem = Some(pem.to_vec());
        self
    }

    /// Sends https requests through this proxy, but for the hosts that are exempt from it. Default: none;
    /// the environment is not read unless [`Proxy::from_variables`] is asked to.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Allows this long for a connection: name lookup, TCP, the proxy's tunnel and TLS together.
    /// Default: 30 seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Allows this long for a request, from the first attempt to connect to the last byte of the
    /// answer. Default: 5 minutes; the service itself answers within one, or with 202.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = limit;
        self
    }

    /// Keeps an unused connection this long, a day at the most. Default: 45 seconds.
    ///
    /// A server that closes earlier leaves a short time in which a request meets a dying connection
    /// and fails as [perhaps sent](crate::SendError::is_ambiguous); stay below the server's own limit.
    /// Requests that change something are out of that danger as long as
    /// [`fresh_connection_for_writes`](Self::fresh_connection_for_writes) is on.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        // The pool adds it to the time of day, which ends somewhere.
        self.idle_timeout = limit.min(Duration::from_secs(24 * 60 * 60));
        self
    }

    /// Sends each request whose method is not GET, HEAD, OPTIONS or TRACE over a new connection, which
    /// is closed after the answer. Default: on.
    ///
    /// An idle connection may be closed by the server at the very moment at which a request is written
    /// into it. That the server never saw the request cannot be known then, so it counts as
    /// [perhaps sent](crate::SendError::is_ambiguous), and one that changes something is not repeated. On a
    /// new connection that does not happen. The price is one TCP and one TLS handshake for each such
    /// request; TLS sessions are resumed where the server takes part. Switch it off for thousands of
    /// changes a minute, or where the server keeps idle connections for certain.
    pub fn fresh_connection_for_writes(mut self, on: bool) -> Self {
        self.fresh_connection_for_writes = on;
        self
    }

    /// Refuses answers whose body is longer. Default: 64 MiB. (Heads are limited to 256 KiB and
    /// 100 fields.)
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Makes the transport. Opens no connection; reads the operating system's root certificates
    /// unless others were given.
    ///
    /// # Errors
    ///
    /// A [`CredentialError`] when the root certificates, given or the system's, cannot be used.
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
