//! The errors of the service: status, code, and the message of the service if it is known.

use azure_classic_protocol::{ApiVersion, ConfigurationWarning, ErrorBody, ErrorCode, RequestId};
use http::StatusCode;

use super::truncate::truncate;

/// The most bytes of a message.
const MAX_MESSAGE_CHARACTERS: usize = 2048;

#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: ErrorCode,
    message: String,
    warnings: Vec<ConfigurationWarning>,
    /// The seconds in `Retry-After`. The service never sent it; a fault may.
    retry_after: Option<u64>,
}

impl ApiError {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn body(&self) -> ErrorBody {
        ErrorBody {
            code: self.code.clone(),
            message: self.message.clone(),
            configuration_warnings: self.warnings.clone(),
            conflicting_operation_id: None,
        }
    }

    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        // It may quote what the request said, and operations keep it.
        let message = truncate(&message.into(), MAX_MESSAGE_CHARACTERS);
        Self { status, code, message, warnings: Vec::new(), retry_after: None }
    }

    /// The error of a fault rule; without its own message, it has the service's.
    pub(crate) fn from_fault(status: u16, code: &str, message: Option<&str>) -> Self {
        let code = ErrorCode::from(code);
        let message = message.unwrap_or(match code {
            ErrorCode::TooManyRequests => "Too many requests received. Retry after some time.",
            ErrorCode::ServerBusy => {
                "The server is currently unable to receive requests. Please retry your request."
            }
            ErrorCode::InternalError => INTERNAL_ERROR,
            ErrorCode::OperationTimedOut => {
                "The operation could not be completed within the permitted time."
            }
            _ => "The request was refused by a fault of the emulator.",
        });
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status, code, message)
    }

    pub(crate) fn retry_after(self, seconds: Option<u64>) -> Self {
        Self { retry_after: seconds, ..self }
    }

    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after
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

    pub(crate) fn bad_content_type() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::from("InvalidContentType"),
            "Invalid ContentType header specified for the request.",
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

    /// The error of an operation that treats warnings as errors.
    pub(crate) fn warnings(warnings: &[String]) -> Self {
        let warnings = warnings.iter().map(|message| ConfigurationWarning {
            warning_code: "PackageWarning".to_owned(),
            warning_message: message.clone(),
        });
        let error = Self::bad_request("There are warnings, and they are treated as errors.");
        Self { warnings: warnings.collect(), ..error }
    }

    /// The error of an update that needs `Force`.
    pub(crate) fn would_lose_data() -> Self {
        Self::bad_request(
            "Another role size means the loss of local data, which the request does not force.",
        )
    }

    /// The error of an upgrade that removes a role and needs `Force`.
    pub(crate) fn would_remove_role(role: &str) -> Self {
        Self::bad_request(format!(
            "Removing role {role} will cause loss of data stored locally on instances of the role. \
             Repeat this operation and specify 'Force'."
        ))
    }

    /// The error of a walk whose update was replaced.
    pub(crate) fn superseded(by: &RequestId) -> Self {
        Self::conflict(format!(
            "The update was replaced by the operation with x-ms-requestid {by}."
        ))
    }

    /// The change may be lost.
    pub(crate) fn not_persisted(why: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::InternalError,
            format!("The emulator cannot write its state file any more: {why}. Start it again."),
        )
    }

    pub(crate) fn busy(message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::ServerBusy, message)
    }

    pub(crate) fn slow_body() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::OperationTimedOut,
            "The request body came too slowly.",
        )
    }

    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalError, INTERNAL_ERROR)
    }
}

const INTERNAL_ERROR: &str = "The server encountered an internal error. Please retry the request.";
