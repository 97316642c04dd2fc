use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic::protocol::Bytes;
use azure_classic::{ResponseFuture, SendError, Transport, TransportResult};
use http::{Request, Response};
use tokio::time::Instant;

const NAMESPACE: &str = "http://schemas.microsoft.com/windowsazure";

/// A transport that returns scripted results in order, and records the time of each request.
#[derive(Clone)]
pub(crate) struct Script(Arc<Inner>);

struct Inner {
    replies: Mutex<VecDeque<TransportResult>>,
    otherwise: Option<fn() -> Response<Bytes>>,
    started: Instant,
    sent: Mutex<Vec<(u64, String)>>,
}

impl Script {
    pub(crate) fn new(responses: impl IntoIterator<Item = Response<Bytes>>) -> Self {
        Self::of(responses.into_iter().map(Ok).collect(), None)
    }

    pub(crate) fn losing(lost: SendError) -> Self {
        Self::of([Err(lost)].into(), None)
    }

    pub(crate) fn losing_first(
        lost: SendError,
        responses: impl IntoIterator<Item = Response<Bytes>>,
    ) -> Self {
        let replies = std::iter::once(Err(lost)).chain(responses.into_iter().map(Ok));
        Self::of(replies.collect(), None)
    }

    pub(crate) fn repeating(response: fn() -> Response<Bytes>) -> Self {
        Self::of(VecDeque::new(), Some(response))
    }

    fn of(replies: VecDeque<TransportResult>, otherwise: Option<fn() -> Response<Bytes>>) -> Self {
        Self(Arc::new(Inner {
            replies: Mutex::new(replies),
            otherwise,
            started: Instant::now(),
            sent: Mutex::default(),
        }))
    }

    /// The requests, each with the second at which it was sent, rounded.
    pub(crate) fn sent(&self) -> Vec<String> {
        let sent = self.0.sent.lock().unwrap();
        sent.iter().map(|(second, request)| format!("{second} s: {request}")).collect()
    }

    /// The seconds at which requests were sent, rounded.
    pub(crate) fn times(&self) -> Vec<u64> {
        self.0.sent.lock().unwrap().iter().map(|(second, _)| *second).collect()
    }
}

impl Transport for Script {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        let second = (self.0.started.elapsed() + Duration::from_millis(500)).as_secs();
        let path = request.uri().path_and_query().unwrap();
        self.0.sent.lock().unwrap().push((second, format!("{} {path}", request.method())));
        let next = self.0.replies.lock().unwrap().pop_front();
        let reply = next.or_else(|| self.0.otherwise.map(|response| Ok(response())));
        Box::pin(async { reply.expect("the script has another result") })
    }
}

pub(crate) fn status(code: u16) -> Response<Bytes> {
    Response::builder().status(code).body(Bytes::new()).unwrap()
}

pub(crate) fn accepted(request_id: &str) -> Response<Bytes> {
    let response = Response::builder().status(202).header("x-ms-request-id", request_id);
    response.body(Bytes::new()).unwrap()
}

pub(crate) fn operation(state: &str) -> Response<Bytes> {
    response(&format!(
        "<Operation xmlns=\"{NAMESPACE}\"><ID>1</ID><Status>{state}</Status></Operation>"
    ))
}

pub(crate) fn deployment(state: &str) -> Response<Bytes> {
    response(&format!(
        "<Deployment xmlns=\"{NAMESPACE}\"><Name>release-42</Name><Status>{state}</Status></Deployment>"
    ))
}

/// A deployment that an operation has locked.
pub(crate) fn held_deployment() -> Response<Bytes> {
    response(&format!(
        "<Deployment xmlns=\"{NAMESPACE}\"><Name>release-42</Name><Status>Running</Status>\
         <Locked>true</Locked></Deployment>"
    ))
}

fn response(body: &str) -> Response<Bytes> {
    Response::new(Bytes::from(body.to_owned()))
}
