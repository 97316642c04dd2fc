use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic::protocol::Bytes;
use azure_classic::{ResponseFuture, SendError, Transport, TransportResult};
use http::{Request, Response};
use tokio::time::Instant;

const NAMESPACE: &str = "http://schemas.microsoft.com/windowsazure";

/// A transport that plays replies in order, and notes what was sent when.
#[derive(Clone)]
pub(crate) struct Script(Arc<Inner>);

struct Inner {
    replies: Mutex<VecDeque<TransportResult>>,
    otherwise: Option<fn() -> Response<Bytes>>,
    begun: Instant,
    sent: Mutex<Vec<(u64, String)>>,
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Response<Bytes>>) -> Self {
        Self::of(answers.into_iter().map(Ok).collect(), None)
    }

    pub(crate) fn losing(lost: SendError) -> Self {
        Self::of([Err(lost)].into(), None)
    }

    pub(crate) fn losing_first(
        lost: SendError,
        answers: impl IntoIterator<Item = Response<Bytes>>,
    ) -> Self {
        let replies = std::iter::once(Err(lost)).chain(answers.into_iter().map(Ok));
        Self::of(replies.collect(), None)
    }

    pub(crate) fn repeating(answer: fn() -> Response<Bytes>) -> Self {
        Self::of(VecDeque::new(), Some(answer))
    }

    fn of(replies: VecDeque<TransportResult>, otherwise: Option<fn() -> Response<Bytes>>) -> Self {
        Self(Arc::new(Inner {
            replies: Mutex::new(replies),
            otherwise,
            begun: Instant::now(),
            sent: Mutex::default(),
        }))
    }

    /// What was sent, each with the second in which it was, rounded.
    pub(crate) fn sent(&self) -> Vec<String> {
        let sent = self.0.sent.lock().unwrap();
        sent.iter().map(|(second, request)| format!("{second} s: {request}")).collect()
    }

    /// The seconds in which something was sent, rounded.
    pub(crate) fn times(&self) -> Vec<u64> {
        self.0.sent.lock().unwrap().iter().map(|(second, _)| *second).collect()
    }
}

impl Transport for Script {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        let second = (self.0.begun.elapsed() + Duration::from_millis(500)).as_secs();
        let path = request.uri().path_and_query().unwrap();
        self.0.sent.lock().unwrap().push((second, format!("{} {path}", request.method())));
        let next = self.0.replies.lock().unwrap().pop_front();
        let reply = next.or_else(|| self.0.otherwise.map(|answer| Ok(answer())));
        Box::pin(async { reply.expect("the script is at its end") })
    }
}

pub(crate) fn status(code: u16) -> Response<Bytes> {
    Response::builder().status(code).body(Bytes::new()).unwrap()
}

pub(crate) fn accepted(request_id: &str) -> Response<Bytes> {
    let answer = Response::builder().status(202).header("x-ms-request-id", request_id);
    answer.body(Bytes::new()).unwrap()
}

pub(crate) fn operation(state: &str) -> Response<Bytes> {
    answer(&format!(
        "<Operation xmlns=\"{NAMESPACE}\"><ID>1</ID><Status>{state}</Status></Operation>"
    ))
}

pub(crate) fn deployment(state: &str) -> Response<Bytes> {
    answer(&format!(
        "<Deployment xmlns=\"{NAMESPACE}\"><Name>release-42</Name><Status>{state}</Status></Deployment>"
    ))
}

/// An operation holds it.
pub(crate) fn held_deployment() -> Response<Bytes> {
    answer(&format!(
        "<Deployment xmlns=\"{NAMESPACE}\"><Name>release-42</Name><Status>Running</Status>\
         <Locked>true</Locked></Deployment>"
    ))
}

fn answer(body: &str) -> Response<Bytes> {
    Response::new(Bytes::from(body.to_owned()))
}
