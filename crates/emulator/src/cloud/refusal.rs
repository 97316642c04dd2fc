//! The service's refusals: status, code, and the words of the service where they are known.

use azure_classic_protocol::{ApiVersion, ErrorBody, ErrorCode, RequestId};
use http::StatusCode;

#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: ErrorCode,
    message: String,
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn body(&self) -> ErrorBody {
        ErrorBody {
            code: self.code.clone(),
            message: self.message.clone(),
            configuration_warnings: Vec::new(),
            conflicting_operation_id: None,
        }
    }

    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ErrorCode::ForbiddenError,
            "The server failed to authenticate the request. Verify that the certificate is valid \
             and is associated with this subscription.",
        )
    }

    pub(crate) fn no_version() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::MissingOrIncorrectVersionHeader,
            "The versioning header is not specified or was specified incorrectly.",
        )
    }

    pub(crate) fn version_too_old(operation: &str, since: ApiVersion) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::MissingOrIncorrectVersionHeader,
            format!("{operation} needs the x-ms-version {since} or a newer one."),
        )
    }

    pub(crate) fn bad_xml(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidXmlRequest, message)
    }

    pub(crate) fn bad_query(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::MissingOrInvalidRequiredQueryParameter,
            message,
        )
    }

    pub(crate) fn bad_verb(method: &http::Method) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidHttpVerb,
            format!("The HTTP verb {method} is not supported for this resource."),
        )
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::ResourceNotFound, message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, ErrorCode::ConflictError, message)
    }

    pub(crate) fn locked(holder: &RequestId) -> Self {
        Self::conflict(format!(
            "Windows Azure is currently performing an operation with x-ms-requestid {holder} on \
             this deployment that requires exclusive access."
        ))
    }

    /// What becomes of a walk whose update was replaced.
    pub(crate) fn superseded(by: &RequestId) -> Self {
        Self::conflict(format!(
            "The update was replaced by the operation with x-ms-requestid {by}."
        ))
    }

    /// What was done may be forgotten.
    pub(crate) fn unwritten(why: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::InternalError,
            format!("The emulator cannot write its state file any more: {why}. Start it again."),
        )
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::InternalError,
            "The server encountered an internal error. Please retry the request.",
        )
    }
}
