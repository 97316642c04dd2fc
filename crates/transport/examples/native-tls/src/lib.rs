//! A transport over the TLS stack of the system: OpenSSL on Linux, Schannel on Windows, Secure
//! Transport on macOS.
//!
//! It serves servers that request the client certificate only after the request, by TLS renegotiation. The
//! transport of `azure-classic` uses rustls, which does not renegotiate. Any implementation of [`Transport`]
//! can replace it.
//!
//! # Example
//!
//! ```no_run
//! use azure_classic::{Client, CloudServiceRef, Endpoint};
//! use native_tls_transport::NativeTlsTransport;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let management = std::fs::read("management.pem")?;
//! let transport = NativeTlsTransport::new(&management, &std::fs::read("ca.pem")?)?;
//! let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
//! let azure = Client::new(Endpoint::new("https://127.0.0.1:8443", subscription)?, transport);
//! let contoso = azure.send(CloudServiceRef::new("contoso").get()).await?;
//! println!("{contoso:#?}");
//! # Ok(())
//! # }
//! ```

use std::time::Duration;

use azure_classic::{ResponseFuture, SendError, Transport, TransportResult};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_tls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use native_tls::{Certificate, Identity, TlsConnector};

/// The time limit for one request, from connecting to the last byte of the response.
const REQUEST_LIMIT: Duration = Duration::from_secs(300);
const RESPONSE_LIMIT: usize = 64 << 20;

/// Sends requests over HTTP/1.1 and the system's TLS stack, with a client certificate.
#[derive(Debug, Clone)]
pub struct NativeTlsTransport {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl NativeTlsTransport {
    /// Presents the certificate of one PEM string, which also contains its key as PKCS#8, and trusts exactly
    /// the authority of another. Opens no connection.
    ///
    /// # Errors
    ///
    /// The error of the TLS stack about the certificate, the key or the authority.
    pub fn new(management_pem: &[u8], authority_pem: &[u8]) -> Result<Self, native_tls::Error> {
        let tls = TlsConnector::builder()
            .identity(Identity::from_pkcs8(management_pem, key_of(management_pem))?)
            .disable_built_in_roots(true)
            .add_root_certificate(Certificate::from_pem(authority_pem)?)
            .build()?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let mut https = HttpsConnector::from((tcp, tls.into()));
        https.https_only(true);
        // A connection for each request: the server may close an idle one at the time a write is sent over
        // it.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(https);
        Ok(Self { client })
    }

    async fn send_once(&self, request: Request<Bytes>) -> TransportResult {
        let response = self.client.request(request.map(Full::new)).await.map_err(|error| {
            // Before there is a connection, it is certain that nothing was sent.
            if error.is_connect() {
                SendError::not_sent(error)
            } else {
                SendError::ambiguous(error)
            }
        })?;
        let (head, body) = response.into_parts();
        let body =
            Limited::new(body, RESPONSE_LIMIT).collect().await.map_err(SendError::ambiguous)?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

impl Transport for NativeTlsTransport {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        Box::pin(async move {
            tokio::time::timeout(REQUEST_LIMIT, self.send_once(request))
                .await
                .unwrap_or_else(|late| Err(SendError::ambiguous(late)))
        })
    }
}

/// The text from the key on, because native-tls takes the key alone.
fn key_of(pem: &[u8]) -> &[u8] {
    const HEADER: &[u8] = b"-----BEGIN PRIVATE KEY-----";
    let start = pem.windows(HEADER.len()).position(|window| window == HEADER);
    &pem[start.unwrap_or(0)..]
}
