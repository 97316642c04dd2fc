//! The inputs of a simulator, in their stored form.

use azure_classic_protocol::machine::Instant;
use bytes::Bytes;
use http::Request;
use serde::{Deserialize, Serialize};

use super::StateError;
use crate::simulator::{Decision, Random};
use crate::{Caller, Outcome, Simulator};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Input {
    /// Time was moved by hand.
    Step {
        at: Instant,
    },
    Request(Box<RecordedRequest>),
}

/// A request, with its time and the state of the id generator.
#[derive(Serialize, Deserialize)]
pub(crate) struct RecordedRequest {
    at: Instant,
    ids: Random,
    caller: Caller,
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    #[serde(skip)]
    body: Bytes,
    /// The earlier decision, if a fault delayed the request and it continues here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
    /// The status of the response; `None` if the connection was closed instead.
    status: Option<u16>,
}

impl Input {
    pub(crate) fn request(
        at: Instant,
        ids: Random,
        caller: &Caller,
        request: &Request<Bytes>,
        decision: Option<Decision>,
        outcome: &Outcome,
    ) -> Self {
        let headers = request.headers().iter().map(|(name, value)| {
            // A character for each byte: values need not be ASCII.
            let value = value.as_bytes().iter().copied().map(char::from).collect();
            (name.as_str().to_owned(), value)
        });
        Self::Request(Box::new(RecordedRequest {
            at,
            ids,
            caller: caller.clone(),
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            headers: headers.collect(),
            body: request.body().clone(),
            decision,
            status: status(outcome),
        }))
    }

    pub(super) fn at(&self) -> Instant {
        match self {
            Self::Step { at } => *at,
            Self::Request(recorded) => recorded.at,
        }
    }

    pub(super) fn body(&self) -> Bytes {
        match self {
            Self::Step { .. } => Bytes::new(),
            Self::Request(request) => request.body.clone(),
        }
    }

    pub(super) fn read(text: &str, body: &[u8]) -> Result<Self, StateError> {
        let mut input: Self = serde_json::from_str(text).map_err(StateError::damaged)?;
        if let Self::Request(request) = &mut input {
            request.body = Bytes::copy_from_slice(body);
        }
        Ok(input)
    }

    /// Replays the input. The response must be the same as the original one.
    pub(super) fn replay(self, number: u64, simulator: &mut Simulator) -> Result<(), StateError> {
        let recorded = match self {
            Self::Step { at } => {
                catch_up(simulator, at);
                return Ok(());
            }
            Self::Request(recorded) => recorded,
        };
        let mut request = Request::builder().method(&*recorded.method).uri(&recorded.uri);
        for (name, value) in &recorded.headers {
            let value: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
            request = request.header(name, value.map_err(StateError::damaged)?);
        }
        let request = request.body(recorded.body).map_err(StateError::damaged)?;
        catch_up(simulator, recorded.at);
        simulator.set_ids(recorded.ids);
        let outcome = match recorded.decision {
            None => simulator.handle(recorded.at, &recorded.caller, &request),
            Some(decision) => {
                let delayed = simulator.delayed(decision, recorded.caller, request);
                simulator.resume(recorded.at, delayed)
            }
        };
        match (recorded.status, status(&outcome)) {
            (then, now) if then == now => Ok(()),
            (then, now) => Err(StateError::Differs {
                number,
                then: then.unwrap_or_default(),
                now: now.unwrap_or_default(),
            }),
        }
    }
}

/// Lets everything happen again that had happened by then. The recorder takes a snapshot before that
/// becomes much.
fn catch_up(simulator: &mut Simulator, at: Instant) {
    while !simulator.advance(at).is_complete() {}
}

fn status(outcome: &Outcome) -> Option<u16> {
    outcome.response.as_ref().map(|response| response.status().as_u16())
}
