use std::time::Duration;

use azure_classic_protocol::RequestId;
use http::Uri;
use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::fault_response::{AsyncFailure, FaultResponse};
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::random::Random;

/// The effects of the rules on a request.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct AppliedFaults {
    /// The ids of the rules that took effect.
    pub(crate) rules: Vec<String>,
    /// How long nothing happens at first.
    pub(crate) delay_before: Duration,
    /// How long the response is delayed.
    pub(crate) delay_after: Duration,
    /// The replacement of the response.
    pub(crate) response: Option<FaultReply>,
    /// How the work fails in the end.
    pub(crate) failure: Option<AsyncFailure>,
    /// How long the work takes.
    pub(crate) operation_delay: Option<Duration>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum FaultReply {
    Respond(FaultResponse),
    Conflict(RequestId),
    Redirect { to: String },
    Disconnect { after_processing: bool },
}

impl AppliedFaults {
    /// Adds what a rule does; `false` when an earlier one has decided that already.
    pub(super) fn add(&mut self, effect: &Effect, random: &mut Random) -> bool {
        match effect {
            Effect::Slow { time, after_processing } => {
                let sum =
                    if *after_processing { &mut self.delay_after } else { &mut self.delay_before };
                *sum = sum.saturating_add(*time);
                true
            }
            Effect::FailAsync(failure) => set(&mut self.failure, || failure.clone()),
            Effect::SlowOperation { time } => set(&mut self.operation_delay, || *time),
            Effect::Respond(reply) => {
                set(&mut self.response, || FaultReply::Respond(reply.clone()))
            }
            Effect::Conflict { request_id } => set(&mut self.response, || {
                let id = request_id.clone().unwrap_or_else(|| random.hex_id());
                FaultReply::Conflict(RequestId::new(&id))
            }),
            Effect::Redirect { to } => {
                set(&mut self.response, || FaultReply::Redirect { to: to.clone() })
            }
            Effect::Disconnect { after_processing } => set(&mut self.response, || {
                FaultReply::Disconnect { after_processing: *after_processing }
            }),
            _ => false,
        }
    }

    /// Whether the request is performed.
    pub(crate) fn executes(&self) -> bool {
        match &self.response {
            None => true,
            Some(FaultReply::Respond(reply)) => reply.after_processing,
            Some(FaultReply::Disconnect { after_processing }) => *after_processing,
            Some(FaultReply::Conflict(_) | FaultReply::Redirect { .. }) => false,
        }
    }
}

/// Sets what is not set yet; whether it did.
fn set<T>(place: &mut Option<T>, value: impl FnOnce() -> T) -> bool {
    let is_free = place.is_none();
    if is_free {
        *place = Some(value());
    }
    is_free
}

impl FaultReply {
    /// The response to a request for this address; `None` if the connection must be closed.
    pub(crate) fn response(&self, uri: &Uri) -> Option<Result<ApiResponse, ApiError>> {
        Some(match self {
            Self::Disconnect { .. } => return None,
            Self::Conflict(holder) => Err(ApiError::locked(holder)),
            Self::Redirect { to } => {
                let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
                Ok(ApiResponse::redirect(format!("{to}{path}")))
            }
            Self::Respond(reply) => match reply.error() {
                Some(error) => Err(error.retry_after(reply.retry_after)),
                None => Ok(ApiResponse::empty(reply.status()).retry_after(reply.retry_after)),
            },
        })
    }
}
