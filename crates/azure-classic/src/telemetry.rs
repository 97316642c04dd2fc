//! Spans of calls and attempts for a `tracing` subscriber: names, numbers and durations; never bodies,
//! headers or addresses. Without a subscriber a span costs the check of a flag.

use std::time::Duration;

use azure_classic_protocol::machine::{Attempt, TransportResult};
use azure_classic_protocol::{Bytes, Error, ErrorCode, RequestId, ServiceError};
use azure_classic_transport::{ResponseFuture, TransportError};
use http::Request;
use tokio::time::Instant;
use tracing::field::{Empty, debug};
use tracing::{Instrument as _, Span, debug_span, info_span};

/// A call, from its first step to its outcome.
pub(crate) struct CallSpan {
    span: Span,
    started: Instant,
    /// The operation that it started with; polls for the operation status come later.
    operation: Option<&'static str>,
    /// From the last response to that operation.
    request_id: Option<RequestId>,
}

/// One request of a call and its response.
pub(crate) struct AttemptSpan {
    span: Span,
    is_about_call: bool,
}

impl CallSpan {
    pub(crate) fn start() -> Self {
        let span = info_span!(
            "azure_classic.call",
            operation = Empty,
            request_id = Empty,
            outcome = Empty,
            code = Empty,
            elapsed_ms = Empty,
        );
        Self { span, started: Instant::now(), operation: None, request_id: None }
    }

    pub(crate) fn attempt(&mut self, request: &Request<Bytes>) -> AttemptSpan {
        let attempt = request.extensions().get::<Attempt>();
        let operation = attempt.map(|attempt| attempt.operation);
        if self.operation.is_none()
            && let Some(operation) = operation
        {
            self.operation = Some(operation);
            self.span.record("operation", operation);
        }
        let span = debug_span!(
            parent: &self.span,
            "azure_classic.attempt",
            operation,
            attempt = attempt.map(|attempt| attempt.number),
            status = Empty,
            request_id = Empty,
            lost = Empty,
            cause = Empty,
            elapsed_ms = Empty,
        );
        AttemptSpan { span, is_about_call: operation == self.operation }
    }

    /// Waits for the response, and records its facts.
    pub(crate) async fn await_response(
        &mut self,
        sent: AttemptSpan,
        sending: ResponseFuture<'_>,
    ) -> TransportResult {
        let AttemptSpan { span, is_about_call } = sent;
        let start = Instant::now();
        let reply = sending.instrument(span.clone()).await;
        span.record("elapsed_ms", milliseconds(start.elapsed()));
        match &reply {
            Ok(response) => {
                span.record("status", response.status().as_u16());
                let id = response.headers().get("x-ms-request-id").and_then(|id| id.to_str().ok());
                let id = id.map(RequestId::new);
                if let Some(id) = &id {
                    span.record("request_id", id.as_str());
                }
                if is_about_call {
                    self.request_id = id.or_else(|| self.request_id.take());
                }
            }
            Err(lost) => {
                span.record("lost", if lost.is_ambiguous() { "ambiguous" } else { "not sent" });
                if let Some(error) = TransportError::find_in(lost) {
                    span.record("cause", debug(error.kind()));
                }
            }
        }
        reply
    }

    pub(crate) fn end<T>(self, outcome: Result<T, Error>) -> Result<T, Error> {
        let Self { span, started: start, request_id, .. } = self;
        span.record("elapsed_ms", milliseconds(start.elapsed()));
        if let Some(id) = &request_id {
            span.record("request_id", id.as_str());
        }
        match &outcome {
            Ok(_) => {
                span.record("outcome", "Done");
            }
            Err(error) => {
                span.record("outcome", debug(error.kind()));
                if let Some(code) = error.service_error().map(ServiceError::code) {
                    span.record("code", ErrorCode::as_str(code));
                }
            }
        }
        outcome
    }
}

fn milliseconds(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
