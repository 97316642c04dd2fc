use std::fmt;
use std::sync::Arc;

use azure_classic_protocol::machine::TransportResult;
use azure_classic_protocol::{LikelyCause, SendError};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::uri::Scheme;
use http::{Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

use crate::certificate_request::CertificateRequests;
use crate::classify::ErrorContext;
use crate::connector::Connector;
use crate::loopback::is_loopback;
use crate::{HttpsTransportBuilder, ResponseFuture, Transport, TransportError, TransportErrorKind};

/// Sends requests over HTTP/1.1 and TLS 1.2 or 1.3, and reuses connections.
///
/// A clone is cheap and shares the connections. The transport needs tokio with I/O and time enabled. It
/// belongs to the runtime on which it is first used, because that runtime drives its connections.
///
/// It sends requests for `http` addresses to loopback only. It returns redirects to the caller. It never
/// resends a request that may have been written. A write uses [its own
/// connection](HttpsTransportBuilder::fresh_connection_for_writes).
///
/// # Example
///
/// ```no_run
/// use azure_classic_transport::{HttpsTransport, Identity, Transport};
/// use bytes::Bytes;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let identity = Identity::from_pem(&std::fs::read("management.pem")?)?;
/// let transport = HttpsTransport::builder().identity(identity).build()?;
/// let request = http::Request::get("https://management.example.net/").body(Bytes::new())?;
/// let response = transport.send(request).await?;
/// println!("{}", response.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HttpsTransport {
    /// Keeps its connections and reuses them.
    pooled: Client<Connector, Full<Bytes>>,
    /// Opens a connection for each request; shares TLS sessions with `pooled`.
    fresh: Client<Connector, Full<Bytes>>,
    settings: Arc<HttpsTransportBuilder>,
    /// The requests for the client certificate.
    requests: CertificateRequests,
}

/// The limit for the head of a response, with its status line.
pub(crate) const MAX_HEAD_BYTES: usize = 256 << 10;
pub(crate) const MAX_HEADERS: usize = 100;

impl HttpsTransport {
    /// Creates a builder with the defaults: no identity, and the root certificates of the operating system.
    pub fn builder() -> HttpsTransportBuilder {
        HttpsTransportBuilder::new()
    }

    pub(crate) fn new(
        tls: ClientConfig,
        requests: CertificateRequests,
        settings: HttpsTransportBuilder,
    ) -> Self {
        let connector = Connector::new(tls, settings.proxy.clone(), settings.connect_timeout);
        let pooled = builder()
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(settings.idle_timeout)
            .build(connector.clone());
        let fresh = builder().pool_max_idle_per_host(0).build(connector);
        Self { pooled, fresh, settings: Arc::new(settings), requests }
    }

    fn client_for(&self, method: &Method) -> &Client<Connector, Full<Bytes>> {
        let is_fresh = self.settings.fresh_connection_for_writes && !method.is_safe();
        if is_fresh { &self.fresh } else { &self.pooled }
    }

    async fn send_request(&self, request: Request<Bytes>) -> TransportResult {
        let with = check_address(request.uri()).map_err(SendError::permanent)?;
        self.check_credential(&request).map_err(SendError::permanent)?;
        let is_offering =
            self.settings.identity.is_some() && request.uri().scheme() == Some(&Scheme::HTTPS);
        let requests = is_offering.then_some(&self.requests);
        let proxy = self.settings.proxy.as_ref().and_then(|proxy| proxy.intercept(request.uri()));
        let proxy =
            proxy.map(|server| server.as_ref().map(ToString::to_string).unwrap_or_default());
        let conversation = ErrorContext { with, settings: &self.settings, requests, proxy };
        let mut request = request.map(Full::new);
        let connection = capture_connection(&mut request);
        let exchange = self.exchange(request, &connection, &conversation);
        match tokio::time::timeout(self.settings.request_timeout, exchange).await {
            Ok(reply) => reply,
            Err(_) => Err(conversation.timed_out(has_connection(&connection))),
        }
    }

    /// The service takes a certificate or a token; its behaviour with both is not known.
    fn check_credential(&self, request: &Request<Bytes>) -> Result<(), TransportError> {
        if self.settings.identity.is_none() || !request.headers().contains_key(AUTHORIZATION) {
            return Ok(());
        }
        let message = "the request has a token, and the transport has a management certificate; remove the certificate from the inner transport";
        Err(TransportError::new(TransportErrorKind::CertificateAndToken, message.to_owned()))
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        connection: &CaptureConnection,
        conversation: &ErrorContext<'_>,
    ) -> TransportResult {
        let response = self
            .client_for(request.method())
            .request(request)
            .await
            .map_err(|error| conversation.without_head(error, has_connection(connection)))?;
        let (mut head, body) = response.into_parts();
        let body = Limited::new(body, self.settings.max_response_bytes)
            .collect()
            .await
            .map_err(|error| conversation.without_body(error))?;
        if let Some(cause) = conversation.cause_of(head.status) {
            head.extensions.insert(LikelyCause::new(cause));
        }
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

impl Transport for HttpsTransport {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        Box::pin(self.send_request(request))
    }
}

impl fmt::Debug for HttpsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpsTransport").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Bounds the head of every response.
fn builder() -> legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.http1_max_buf_size(MAX_HEAD_BYTES).http1_max_headers(MAX_HEADERS);
    builder
}

/// Whether the request was given a connection. Before that, no part of it can have been written.
fn has_connection(connection: &CaptureConnection) -> bool {
    connection.connection_metadata().is_some()
}

/// Host and port of the address, if requests may go there.
fn check_address(address: &Uri) -> Result<String, TransportError> {
    let unusable = |why: String| TransportError::new(TransportErrorKind::UnusableAddress, why);
    let (Some(scheme), Some(authority)) = (address.scheme_str(), address.authority()) else {
        return Err(unusable("the request's address is not absolute".into()));
    };
    if authority.as_str().contains('@') {
        return Err(unusable(
            "the request's address contains user information, which is never sent".into(),
        ));
    }
    match scheme {
        "https" => Ok(authority.to_string()),
        "http" if is_loopback(authority.host()) => Ok(authority.to_string()),
        "http" => Err(unusable(format!(
            "requests to {authority} would be unencrypted; use https (http is for loopback addresses)"
        ))),
        other => {
            Err(unusable(format!("the scheme {other:?} of the request's address is not https")))
        }
    }
}
