//! Why an answer could not be decoded.

use std::error::Error as StdError;
use std::fmt;

use azure_classic::Error;
use azure_classic::protocol::xml::ReadError;
use azure_classic_text::sanitize;
use http::StatusCode;

/// The longest explanation, in characters; it may quote the archive.
const LONGEST: usize = 400;

#[derive(Debug)]
pub(crate) struct Trouble {
    /// What many answers may have in common.
    pub(crate) kind: String,
    /// What is wrong with this one.
    detail: String,
}

impl Trouble {
    pub(crate) fn new(kind: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = sanitize(&detail.into()).at_most(LONGEST).to_string();
        Self { kind: kind.into(), detail }
    }

    pub(crate) fn unreadable(operation: &str, error: &Error) -> Self {
        let detail = read_error(error).map_or_else(|| error.to_string(), ToString::to_string);
        Self::new(format!("{operation} cannot be read"), detail)
    }

    pub(crate) fn not_the_service(status: StatusCode, error: &ReadError) -> Self {
        Self::new(
            "an error answer without the service's Error",
            format!("status {}: {error}", status.as_u16()),
        )
    }

    pub(crate) fn not_final(status: StatusCode) -> Self {
        if status.is_redirection() {
            return Self::new(
                "a redirect",
                format!("status {} holds no answer; it is at another address", status.as_u16()),
            );
        }
        Self::new("not a final answer", format!("status {}", status.as_u16()))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.detail)
    }
}

impl StdError for Trouble {}

/// What is wrong with the XML, where that is what is wrong.
pub(crate) fn read_error(error: &Error) -> Option<&ReadError> {
    error.source()?.downcast_ref()
}
