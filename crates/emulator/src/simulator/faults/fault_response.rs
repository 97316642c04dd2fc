use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::effect::is_false;
use crate::simulator::api_error::ApiError;

/// A response of a fault rule instead of the service's own.
///
/// ```
/// use azure_classic_emulator::faults::FaultResponse;
///
/// let throttled = FaultResponse::new(503, "TooManyRequests").retry_after(30);
/// // The change happens, and its answer does not say so.
/// let doubtful = FaultResponse::new(500, "OperationTimedOut").after_processing();
/// let gateway = FaultResponse::without_body(502);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultResponse {
    /// The HTTP status, 300 to 599.
    pub status: u16,
    /// The `Code` of the error. Without it the body is empty, as from a proxy in front of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The `Message` of the error. Default: the service's message for the code, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The seconds in the header `Retry-After`; without it there is none. The service sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Whether the request is performed first. Default: no.
    #[serde(default, alias = "after_work", skip_serializing_if = "is_false")]
    pub after_processing: bool,
}

impl FaultResponse {
    /// An error of this status and code.
    pub fn new(status: u16, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..Self::without_body(status) }
    }

    /// This status with an empty body.
    pub fn without_body(status: u16) -> Self {
        Self { status, code: None, message: None, retry_after: None, after_processing: false }
    }

    /// Sets the message.
    pub fn message(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    /// With the header `Retry-After`, in seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// After the request has been performed.
    pub fn after_processing(self) -> Self {
        Self { after_processing: true, ..self }
    }

    pub(in crate::simulator) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// As a refusal, if it has a code.
    pub(in crate::simulator) fn error(&self) -> Option<ApiError> {
        let code = self.code.as_deref()?;
        Some(ApiError::from_fault(self.status, code, self.message.as_deref()))
    }
}

/// How work that was accepted fails.
///
/// ```
/// use azure_classic_emulator::faults::AsyncFailure;
///
/// let full = AsyncFailure::new(400, "Compute.OverconstrainedAllocationRequest").message("No room left.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsyncFailure {
    /// The `HttpStatusCode` of the operation, 400 to 599.
    pub status: u16,
    /// The `Code` of its error.
    pub code: String,
    /// The `Message` of its error. Default: the service's message for the code, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl AsyncFailure {
    /// With this status and code.
    pub fn new(status: u16, code: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: None }
    }

    /// Sets the message.
    pub fn message(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    pub(in crate::simulator) fn error(&self) -> ApiError {
        ApiError::from_fault(self.status, &self.code, self.message.as_deref())
    }
}
