//! The sockets: the service's HTTP/1.1 over mutual TLS, and the admin port without TLS.

mod body;
mod connections;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use self::body::{BodyError, ByteBudget};
pub(crate) use self::connections::Connections;
use self::connections::{Connection, Port};
use crate::admin::{Admin, AdminError, AdminResponse, body_limit};
use crate::shared::Shared;
use crate::simulator::{slow_body, too_many_bodies, too_many_connections};
use crate::tls::certificate_error;
use crate::{Caller, Simulator};

/// The largest head that is read.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How many bytes of bodies the service's port holds at a time.
const BODY_BUDGET_BYTES: usize = 128 * 1024 * 1024;
/// How many the admin port holds: the largest state, and some small ones.
const ADMIN_BODY_BUDGET_BYTES: usize = 264 * 1024 * 1024;
/// How long a peer may take for its handshake, and then for each head.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a refused peer may take to read that it is.
const REJECTION_TIMEOUT: Duration = Duration::from_secs(5);
/// The time limit for responses in flight when the connection must close.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// The limits of a port for its peers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PortLimits {
    pub(crate) connections: usize,
    /// How long a body may take, besides the time that its bytes take at a slow rate.
    pub(crate) body: Duration,
}

/// How the bodies of a port are read.
#[derive(Debug, Clone)]
struct BodyLimits {
    timeout: Duration,
    budget: ByteBudget,
}

/// A server that runs; stops when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves the cloud.
    pub(crate) fn start(
        listener: TcpListener,
        tls: ServerConfig,
        shared: Arc<Shared>,
        connections: &Arc<Connections>,
        limits: PortLimits,
    ) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let port = connections.port(limits.connections);
        let bodies =
            BodyLimits { timeout: limits.body, budget: ByteBudget::new(BODY_BUDGET_BYTES) };
        Self::spawn(listener, port, move |stream, connection| {
            serve(stream, acceptor.clone(), shared.clone(), connection, bodies.clone())
        })
    }

    /// Serves the admin port.
    pub(crate) fn start_admin(
        listener: TcpListener,
        admin: Admin,
        connections: &Arc<Connections>,
        limits: PortLimits,
    ) -> Self {
        let admin = Arc::new(admin);
        let port = connections.port(limits.connections);
        let bodies =
            BodyLimits { timeout: limits.body, budget: ByteBudget::new(ADMIN_BODY_BUDGET_BYTES) };
        Self::spawn(listener, port, move |stream, connection| {
            serve_admin(stream, admin.clone(), connection, bodies.clone())
        })
    }

    fn spawn<F>(
        listener: TcpListener,
        port: Port,
        serve: impl Fn(TcpStream, Connection) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        Self { stop: Some(stop), task: tokio::spawn(run(listener, port, serve, stopped)) }
    }

    /// Accepts no more connections, finishes responses in flight, and closes the rest.
    pub(crate) async fn stop(mut self) {
        self.stop.take();
        // The task ends of itself now; if it panicked there is nothing left to stop.
        let _ = (&mut self.task).await;
    }
}

async fn run<F>(
    listener: TcpListener,
    port: Port,
    serve: impl Fn(TcpStream, Connection) -> F,
    mut stopped: oneshot::Receiver<()>,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                // Without a place not even for a refusal, the connection is closed.
                if let Some(connection) = port.enter() {
                    tasks.spawn(serve(stream, connection));
                }
            } else {
                // Out of file descriptors, most likely: the next try must not come at once.
                port.make_room();
                sleep(Duration::from_millis(50)).await;
            },
            Some(_) = tasks.join_next() => {}
            _ = &mut stopped => break,
        }
    }
    drop(listener);
    port.close();
    // Connections that are not finished by then are closed when the set is dropped.
    let _ = timeout(SHUTDOWN_TIMEOUT, async { while tasks.join_next().await.is_some() {} }).await;
}

/// Serves one connection. Its errors concern only its peer.
async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    shared: Arc<Shared>,
    connection: Connection,
    bodies: BodyLimits,
) {
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr();
    let handshake = timeout(connection.timeout(), acceptor.accept(stream));
    let stream = tokio::select! {
        shaken = handshake => match shaken {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                if let Some(why) = certificate_error(&error) {
                    shared.reject(&why);
                }
                return;
            }
            Err(_) => return,
        },
        () = connection.closed() => return,
    };
    let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let caller = certificates.first().map_or(Caller::ANONYMOUS, |der| Caller::certificate(der));
    let caller = match peer {
        Ok(peer) => caller.at(peer.ip()),
        Err(_) => caller,
    };
    let service = service_fn(async |request| {
        if connection.is_refused() {
            return Ok(too_many_connections().map(Full::new));
        }
        let _busy = connection.busy();
        respond(&shared, &caller, request, &bodies).await
    });
    serve_connection(stream, service, &connection).await;
}

async fn serve_admin(
    stream: TcpStream,
    admin: Arc<Admin>,
    connection: Connection,
    bodies: BodyLimits,
) {
    let service = service_fn(async |request: Request<Incoming>| {
        let _busy = connection.busy();
        let response = if connection.is_refused() {
            busy_admin("too many connections to the admin port are in use").into_response()
        } else {
            respond_admin(&admin, request, &bodies).await?
        };
        Ok::<_, io::Error>(response.map(Full::new))
    });
    serve_connection(stream, service, &connection).await;
}

/// Serves requests until the peer has no more, takes too long, or the connection must close.
async fn serve_connection<S>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    service: S,
    connection: &Connection,
) where
    S: HttpService<
            Incoming,
            ResBody = Full<Bytes>,
            Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        >,
{
    let mut conversation = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(connection.timeout())
            .keep_alive(!connection.is_refused())
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = &mut conversation => return,
        () = connection.closed() => conversation.as_mut().graceful_shutdown(),
    }
    let _ = timeout(SHUTDOWN_TIMEOUT, conversation).await;
}

async fn respond(
    shared: &Arc<Shared>,
    caller: &Caller,
    request: Request<Incoming>,
    bodies: &BodyLimits,
) -> io::Result<Response<Full<Bytes>>> {
    if lacks_length(&request) {
        return Ok(length_required());
    }
    let (head, body) = request.into_parts();
    // A little over the limit is enough to be refused.
    let read = body::read(body, Simulator::MAX_BODY_BYTES, bodies.timeout, &bodies.budget).await;
    let (body, _share) = match read {
        Ok(read) => read,
        Err(BodyError::Slow) => return Ok(slow_body().map(Full::new)),
        Err(BodyError::Busy) => return Ok(too_many_bodies().map(Full::new)),
        Err(BodyError::Lost(error)) => return Err(error),
    };
    let mut outcome = shared.handle(caller, Request::from_parts(head, body)).await;
    loop {
        shared.clock.sleep(outcome.delay).await;
        match outcome.delayed {
            Some(rest) => outcome = shared.resume(rest).await,
            None => break,
        }
    }
    match outcome.response {
        Some(response) => Ok(response.map(Full::new)),
        // An error here ends the connection without a response.
        None => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// The web server before the service wants to know how long the body of a POST or PUT is, even of
/// none.
fn lacks_length(request: &Request<Incoming>) -> bool {
    let headers = request.headers();
    matches!(*request.method(), Method::POST | Method::PUT)
        && !headers.contains_key(header::CONTENT_LENGTH)
        && !headers.contains_key(header::TRANSFER_ENCODING)
}

/// Unlike all other responses, it has no XML and none of the service's headers.
fn length_required() -> Response<Full<Bytes>> {
    const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Length Required</title></head>\n\
        <body><h2>Length Required</h2><hr><p>HTTP Error 411. The request must be chunked or have a \
        content length.</p></body></html>\n";
    let mut response = Response::new(Full::new(Bytes::from_static(PAGE.as_bytes())));
    *response.status_mut() = StatusCode::LENGTH_REQUIRED;
    let html = HeaderValue::from_static("text/html; charset=us-ascii");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

/// An unauthorized caller is rejected before the body is read, and so is a body with a declared length that
/// is too large.
async fn respond_admin(
    admin: &Arc<Admin>,
    request: Request<Incoming>,
    bodies: &BodyLimits,
) -> io::Result<AdminResponse> {
    let limit = match body_limit(&request) {
        Ok(limit) => limit,
        Err(error) => return Ok(error.into_response()),
    };
    let (head, body) = request.into_parts();
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Ok(too_large(limit).into_response());
    }
    match body::read(body, limit, bodies.timeout, &bodies.budget).await {
        Ok((body, _)) if body.len() > limit => Ok(too_large(limit).into_response()),
        Ok((body, _share)) => Ok(admin.handle(Request::from_parts(head, body)).await),
        Err(BodyError::Busy) => {
            Ok(busy_admin("too many large bodies are in flight").into_response())
        }
        Err(BodyError::Slow) => {
            Ok(AdminError::new(StatusCode::REQUEST_TIMEOUT, "the body came too slowly")
                .into_response())
        }
        Err(BodyError::Lost(error)) => Err(error),
    }
}

fn too_large(limit: usize) -> AdminError {
    AdminError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body is larger than the {limit} bytes that are possible here"),
    )
}

fn busy_admin(why: &str) -> AdminError {
    AdminError::new(StatusCode::SERVICE_UNAVAILABLE, format!("{why}; retry later"))
}
