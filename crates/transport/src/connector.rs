use std::error::Error as StdError;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tower_service::Service;

use crate::certificate_request::CertificateRequests;
use crate::proxy::Server;
use crate::{InvalidProxy, Proxy, tunnel};

type Tcp = TokioIo<TcpStream>;
type BoxError = Box<dyn StdError + Send + Sync>;

/// Opens connections within one time limit for name lookup, TCP, the proxy's tunnel and TLS together.
///
/// The limit of `HttpConnector` covers TCP only: a silent peer would block the TLS handshake forever.
#[derive(Clone)]
pub(crate) struct Connector {
    tcp: HttpConnector<Resolver>,
    tls: Arc<ClientConfig>,
    proxy: Option<Arc<Proxy>>,
    limit: Duration,
}

/// The time limit of [`Connector`] has passed.
#[derive(Debug)]
pub(crate) struct ConnectTimedOut;

/// The proxy caused the failure; the error's context has its address.
#[derive(Debug)]
pub(crate) struct ProxyFailed(BoxError);

impl Connector {
    pub(crate) fn new(tls: ClientConfig, proxy: Option<Proxy>, limit: Duration) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Resolver);
        // An earlier check has decided which addresses may go without TLS.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        Self { tcp, tls: Arc::new(tls), proxy: proxy.map(Arc::new), limit }
    }

    async fn connect(self, address: Uri) -> Result<MaybeHttpsStream<Tcp>, BoxError> {
        let mut left = Allowance::new(self.limit);
        let tcp = match self.proxy.as_ref().and_then(|proxy| proxy.intercept(&address)) {
            Some(proxy) => left.run(self.tunnel(proxy, &address)).await.map_err(ProxyFailed)?,
            None => left.run(self.tcp.clone().call(address.clone())).await?,
        };
        let server = address.authority().cloned();
        let handshake = left.run(HttpsConnector::from((Dialed(Some(tcp)), self.tls)).call(address));
        match &server {
            Some(server) => CertificateRequests::note(server, handshake).await,
            None => handshake.await,
        }
    }

    async fn tunnel(
        &self,
        proxy: &Result<Server, InvalidProxy>,
        address: &Uri,
    ) -> Result<Tcp, BoxError> {
        let proxy = proxy.as_ref().map_err(Clone::clone)?;
        let target = address.authority().ok_or("the address names no host")?;
        let dialed = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(proxy.authority.clone())
            .path_and_query("/")
            .build()?;
        let mut stream = self.tcp.clone().call(dialed).await?.into_inner();
        tunnel::connect(&mut stream, proxy, target).await?;
        Ok(TokioIo::new(stream))
    }
}

/// The rest of a time limit that several steps share.
struct Allowance(Duration);

impl Allowance {
    fn new(limit: Duration) -> Self {
        Self(limit)
    }

    async fn run<T, E: Into<BoxError>>(
        &mut self,
        step: impl Future<Output = Result<T, E>>,
    ) -> Result<T, BoxError> {
        let start = Instant::now();
        let outcome = tokio::time::timeout(self.0, step).await;
        self.0 = self.0.saturating_sub(start.elapsed());
        outcome.map_err(|_| ConnectTimedOut)?.map_err(Into::into)
    }
}

/// Hands an existing connection to the TLS layer.
struct Dialed(Option<Tcp>);

impl Service<Uri> for Dialed {
    type Response = Tcp;
    type Error = BoxError;
    type Future = Ready<Result<Tcp, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| "the connection is used only once".into()))
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Tcp>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        Box::pin(self.clone().connect(address))
    }
}

impl std::fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("timed out while connecting")
    }
}

impl StdError for ConnectTimedOut {}

impl std::fmt::Display for ProxyFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot connect through the proxy")
    }
}

impl StdError for ProxyFailed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

/// The system's name lookup, with an error type that distinguishes its failures.
#[derive(Clone)]
pub(crate) struct Resolver;

/// The system found no address for the name.
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
