//! The sockets: the service's HTTP/1.1 over mutual TLS, and the admin port's without; until told to stop.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::admin::{Admin, BODY_LIMIT};
use crate::shared::Shared;
use crate::{Caller, Cloud};

/// The largest head that is read.
const HEAD_LIMIT: usize = 64 * 1024;
/// How long a peer may take for its handshake, and then for each head.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long answers under way may take when the server stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// A server that runs; stops when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves the cloud.
    pub(crate) fn start(listener: TcpListener, tls: ServerConfig, shared: Arc<Shared>) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        Self::spawn(listener, move |stream, watcher| {
            serve(stream, acceptor.clone(), shared.clone(), watcher)
        })
    }

    /// Serves the admin port.
    pub(crate) fn start_admin(listener: TcpListener, admin: Admin) -> Self {
        let admin = Arc::new(admin);
        Self::spawn(listener, move |stream, watcher| serve_admin(stream, admin.clone(), watcher))
    }

    fn spawn<F>(
        listener: TcpListener,
        serve: impl Fn(TcpStream, Watcher) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        Self { stop: Some(stop), task: tokio::spawn(run(listener, serve, stopped)) }
    }

    /// Takes no more connections, lets answers under way go out, and closes the rest.
    pub(crate) async fn stop(mut self) {
        self.stop.take();
        // The task ends of itself now; if it panicked there is nothing left to stop.
        let _ = (&mut self.task).await;
    }
}

async fn run<F>(
    listener: TcpListener,
    serve: impl Fn(TcpStream, Watcher) -> F,
    mut stopped: oneshot::Receiver<()>,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, graceful.watcher()));
                }
                // Out of file descriptors, most likely: the next try must not come at once.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
            _ = &mut stopped => break,
        }
    }
    drop(listener);
    // Whoever has not finished by then is cut off when the set is dropped.
    let _ = timeout(FAREWELL, graceful.shutdown()).await;
}

/// One connection. What goes wrong with it concerns its peer alone.
async fn serve(stream: TcpStream, acceptor: TlsAcceptor, shared: Arc<Shared>, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr();
    let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await else { return };
    let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let caller = certificates.first().map_or(Caller::NOBODY, |der| Caller::certificate(der));
    let caller = match peer {
        Ok(peer) => caller.at(peer.ip()),
        Err(_) => caller,
    };

    let service = service_fn(|request| answer(&shared, &caller, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    let _ = watcher.watch(connection).await;
}

async fn serve_admin(stream: TcpStream, admin: Arc<Admin>, watcher: Watcher) {
    let service = service_fn(|request: Request<Incoming>| async {
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head, read(body, BODY_LIMIT).await?);
        Ok::<_, io::Error>(admin.promise(&request).await.map(Full::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    let _ = watcher.watch(connection).await;
}

async fn answer(
    shared: &Shared,
    caller: &Caller,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    if lacks_length(&request) {
        return Ok(length_required());
    }
    let (head, body) = request.into_parts();
    let request = Request::from_parts(head, read(body, Cloud::BODY_LIMIT).await?);
    let mut outcome = shared.handle(caller, &request).await;
    loop {
        shared.clock.pass(outcome.delay).await;
        match outcome.held {
            Some(rest) => outcome = shared.resume(rest).await,
            None => break,
        }
    }
    match outcome.answer {
        Some(answer) => Ok(answer.map(Full::new)),
        // An error here makes the connection end without an answer.
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

/// What it says otherwise: no XML, and none of the service's headers.
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

/// Reads a body as far as it could be wanted: a little over the limit is enough to be refused.
async fn read(mut body: Incoming, limit: usize) -> io::Result<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = timeout(PATIENCE, body.frame()).await? {
        if let Ok(data) = frame.map_err(io::Error::other)?.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() > limit {
            break;
        }
    }
    Ok(bytes.freeze())
}
