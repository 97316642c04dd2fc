//! Why a response could not be decoded.

use std::error::Error as StdError;
use std::fmt;

use azure_classic::Error;
use azure_classic::protocol::xml::ReadError;
use azure_classic_text::sanitize;
use http::StatusCode;

/// The longest explanation, in characters; it may quote the archive.
const MAX_DETAIL_CHARS: usize = 400;

#[derive(Debug)]
pub(crate) struct ResponseDecodeError {
    /// The kind of error, which many responses may share.
    pub(crate) kind: String,
    /// The details of this one.
    detail: String,
}

impl ResponseDecodeError {
    pub(crate) fn new(kind: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = sanitize(&detail.into()).truncated_to(MAX_DETAIL_CHARS).to_string();
        Self { kind: kind.into(), detail }
    }

    pub(crate) fn invalid_response(operation: &str, error: &Error) -> Self {
        let detail = read_error(error).map_or_else(|| error.to_string(), ToString::to_string);
        Self::new(format!("{operation} cannot be read"), detail)
    }

    pub(crate) fn invalid_service_error(status: StatusCode, error: &ReadError) -> Self {
        Self::new(
            "an error response without the service's Error",
            format!("status {}: {error}", status.as_u16()),
        )
    }

    pub(crate) fn not_final_response(status: StatusCode) -> Self {
        if status.is_redirection() {
            return Self::new(
                "a redirect",
                format!("status {} holds no response; it is at another address", status.as_u16()),
            );
        }
        Self::new("not a final response", format!("status {}", status.as_u16()))
    }
}

impl fmt::Display for ResponseDecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.detail)
    }
}

impl StdError for ResponseDecodeError {}

/// The problem of the XML, if it is one.
pub(crate) fn read_error(error: &Error) -> Option<&ReadError> {
    error.source()?.downcast_ref()
}
