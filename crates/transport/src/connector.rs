use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use rustls::ClientConfig;
use tower_service::Service;

use crate::certificate_request::CertificateRequests;

type Tcp = HttpConnector<Resolver>;
type Connecting<T> =
    Pin<Box<dyn Future<Output = Result<T, Box<dyn StdError + Send + Sync>>> + Send>>;

/// Opens connections within one limit for name lookup, TCP and TLS together.
///
/// The limit of `HttpConnector` ends with TCP: a peer that accepts and keeps silent would hold the
/// handshake for ever.
#[derive(Clone)]
pub(crate) struct Connector {
    https: HttpsConnector<Tcp>,
    limit: Duration,
}

/// The limit of [`Connector`] has passed.
#[derive(Debug)]
pub(crate) struct ConnectTimedOut;

impl Connector {
    pub(crate) fn new(tls: ClientConfig, limit: Duration) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Resolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Which addresses may go without TLS is decided once, before a request gets here.
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Self { https, limit }
    }
}

impl Service<Uri> for Connector {
    type Response = <HttpsConnector<Tcp> as Service<Uri>>::Response;
    type Error = Box<dyn StdError + Send + Sync>;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let server = address.authority().cloned();
        let connecting = self.https.call(address);
        let limit = self.limit;
        Box::pin(async move {
            let connecting = tokio::time::timeout(limit, connecting);
            let outcome = match &server {
                Some(server) => CertificateRequests::note(server, connecting).await,
                None => connecting.await,
            };
            outcome.unwrap_or_else(|_| Err(ConnectTimedOut.into()))
        })
    }
}

impl std::fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the time for connecting ran out")
    }
}

impl StdError for ConnectTimedOut {}

/// The system's name lookup, with an error type of its own so that it can be told from others.
#[derive(Clone)]
pub(crate) struct Resolver;

/// The system knows no address for the name.
#[derive(Debug)]
pub(crate) struct LookupFailed(io::Error);

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = LookupFailed;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, LookupFailed>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), LookupFailed>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            // The connector sets the port.
            let addresses =
                tokio::net::lookup_host((name.as_str(), 0)).await.map_err(LookupFailed)?;
            Ok(addresses.collect::<Vec<_>>().into_iter())
        })
    }
}

impl std::fmt::Display for LookupFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name lookup failed")
    }
}

impl StdError for LookupFailed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}
