//! `tower` services as transports.
#![cfg(feature = "tower")]

use std::cell::Cell;
use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

use azure_classic_transport::{SendError, TowerTransport, Transport, TransportResult};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower_service::Service;

type BoxedError = Box<dyn StdError + Send + Sync>;

/// Answers with what it was requested; not `Sync`, and ready at the second look only.
#[derive(Clone, Default)]
struct Echo {
    looks: Cell<u32>,
    calls: Arc<AtomicU32>,
    refuses: bool,
}

impl Service<Request<Full<Bytes>>> for Echo {
    type Response = Response<Full<Bytes>>;
    type Error = BoxedError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxedError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxedError>> {
        if self.refuses {
            return Poll::Ready(Err("closed".into()));
        }
        self.looks.set(self.looks.get() + 1);
        if self.looks.get() < 2 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        assert_eq!(self.looks.get(), 2, "it is called when it is ready");
        self.calls.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            match request.uri().path() {
                "/cut" => Err("connection reset".into()),
                "/unsent" => Err(SendError::permanent("the server is not trusted").into()),
                _ => Ok(Response::builder().status(404).body(request.into_body()).unwrap()),
            }
        })
    }
}

fn echo(path: &str) -> Request<Bytes> {
    let address = format!("https://management.example.net{path}");
    Request::post(address).body(Bytes::from_static(b"<x/>")).unwrap()
}

async fn send(transport: &dyn Transport, path: &str) -> TransportResult {
    transport.send(echo(path)).await
}

#[tokio::test]
async fn a_service_is_called_when_ready_and_returns_the_whole_response() {
    let calls = Arc::new(AtomicU32::new(0));
    let transport = TowerTransport::new(Echo { calls: Arc::clone(&calls), ..Echo::default() });
    for _ in 0..2 {
        let response = send(&transport, "/").await.unwrap();
        assert_eq!((response.status().as_u16(), &response.body()[..]), (404, &b"<x/>"[..]));
    }
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn errors_are_ambiguous_unless_they_are_send_errors() {
    let transport = TowerTransport::new(Echo::default());
    let lost = send(&transport, "/cut").await.unwrap_err();
    assert!(lost.is_ambiguous());
    assert_eq!(lost.source().unwrap().to_string(), "connection reset");

    let lost = send(&transport, "/unsent").await.unwrap_err();
    assert!(lost.is_permanent() && !lost.is_ambiguous());
    assert_eq!(lost.source().unwrap().to_string(), "the server is not trusted");

    let closed = TowerTransport::new(Echo { refuses: true, ..Echo::default() });
    assert!(!send(&closed, "/").await.unwrap_err().is_ambiguous());
}

#[tokio::test]
async fn a_long_response_is_rejected() {
    let transport = TowerTransport::new(Echo::default()).max_response_bytes(3);
    assert!(send(&transport, "/").await.unwrap_err().is_ambiguous());
}
