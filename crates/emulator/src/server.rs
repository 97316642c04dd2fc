//! The socket: HTTP/1.1 over mutual TLS, until told to stop.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
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
    pub(crate) fn start(listener: TcpListener, tls: ServerConfig, shared: Arc<Shared>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let task = tokio::spawn(run(listener, acceptor, shared, stopped));
        Self { stop: Some(stop), task }
    }

    /// Takes no more connections, lets answers under way go out, and closes the rest.
    pub(crate) async fn stop(mut self) {
        self.stop.take();
        // The task ends of itself now; if it panicked there is nothing left to stop.
        let _ = (&mut self.task).await;
    }
}

async fn run(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = serve(stream, acceptor.clone(), shared.clone(), graceful.watcher());
                    connections.spawn(connection);
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
    let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await else { return };
    let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let caller = certificates.first().map_or(Caller::NOBODY, |der| Caller::certificate(der));

    let service = service_fn(|request| answer(&shared, &caller, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    let _ = watcher.watch(connection).await;
}

async fn answer(
    shared: &Shared,
    caller: &Caller,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let request = Request::from_parts(head, read(body).await?);
    let outcome = shared.handle(caller, &request).await;
    match outcome.answer {
        Some(answer) => Ok(answer.map(Full::new)),
        None => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// Reads a body as far as the cloud could want it: a little over the limit is enough to be refused.
async fn read(mut body: Incoming) -> io::Result<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = timeout(PATIENCE, body.frame()).await? {
        if let Ok(data) = frame.map_err(io::Error::other)?.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() > Cloud::BODY_LIMIT {
            break;
        }
    }
    Ok(bytes.freeze())
}
