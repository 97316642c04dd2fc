use std::fmt;

use azure_classic_text::sanitize;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::operation::foreign_encoding;
use crate::{RequestId, xml};

open_enum! {
    /// The `Code` of an error answer. The set is open; a code that is not listed is kept.
    pub enum ErrorCode {
        /// 400: the `x-ms-version` header is missing or holds an unknown version.
        MissingOrIncorrectVersionHeader,
        /// 400: the body does not parse or does not fit.
        InvalidXmlRequest,
        /// 400: a query parameter is missing or wrong.
        MissingOrInvalidRequiredQueryParameter,
        /// 400: the method does not exist here.
        InvalidHttpVerb,
        /// 400: a name, a state or a value is wrong.
        BadRequest,
        /// 401 or 403: the credential was not accepted.
        AuthenticationFailed,
        /// 403: the certificate or principal does not belong to the subscription.
        ForbiddenError,
        /// 403: the subscription is disabled.
        SubscriptionDisabled,
        /// 404: there is no such thing, or the slot is empty.
        ResourceNotFound,
        /// 409: another operation holds the deployment, or the thing exists already.
        ConflictError,
        /// 307: ask another host.
        TemporaryRedirect,
        /// 500: the service failed inside; the request may have taken effect.
        InternalError,
        /// 500: the service ran out of time; the request may have taken effect.
        OperationTimedOut,
        /// 503: come back later.
        ServerBusy,
        /// 503, not 429: too many requests, come back later.
        TooManyRequests,
    }
}

/// What the service says when it refuses a request or when accepted work fails.
///
/// `Display` is fit for a terminal: what the service sent is escaped, and clipped when it is long.
///
/// An answer that is not the expected XML (a proxy's page, an empty body) has no
/// [`code`](Self::code) of the service: then the code is empty and the
/// [`message`](Self::message) is the beginning of the body as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    status: Option<StatusCode>,
    body: ErrorBody,
    request_id: Option<RequestId>,
    conflicting_request_id: Option<RequestId>,
}

/// The `Error` element, as a whole answer and inside an operation's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Error", rename_all = "PascalCase")]
pub struct ErrorBody {
    /// What went wrong, for programs.
    #[serde(default)]
    pub code: ErrorCode,
    /// What went wrong, for people.
    #[serde(default)]
    pub message: String,
    /// Warnings about the package or the configuration. Contract only; never seen in recorded calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub configuration_warnings: Vec<ConfigurationWarning>,
    /// The request that holds the deployment. Contract only; recorded answers name it in the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicting_operation_id: Option<RequestId>,
}

/// A warning about a package or a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConfigurationWarning {
    /// What is doubtful, for programs.
    #[serde(default)]
    pub warning_code: String,
    /// What is doubtful, for people.
    #[serde(default)]
    pub warning_message: String,
}

/// How much of a body that is not the service's XML is kept, in characters.
const KEPT: usize = 500;

/// How much of a code and of a message `Display` shows, in characters.
const SHOWN_CODE: usize = 100;
const SHOWN_MESSAGE: usize = 1000;

impl ServiceError {
    pub(crate) fn from_response(response: &Response<Bytes>, request_id: Option<RequestId>) -> Self {
        let body = xml::from_slice(response.body()).unwrap_or_else(|_| ErrorBody {
            code: ErrorCode::Other(String::new()),
            message: foreign_encoding(response).map_or_else(
                || beginning_of(response.body()),
                |encoding| format!("a body encoded as {encoding:?}, which was not asked for"),
            ),
            configuration_warnings: Vec::new(),
            conflicting_operation_id: None,
        });
        Self::new(Some(response.status()), body, request_id)
    }

    pub(crate) fn new(
        status: Option<StatusCode>,
        body: ErrorBody,
        request_id: Option<RequestId>,
    ) -> Self {
        let conflicting_request_id = body.conflicting_operation_id.clone().or_else(|| {
            (body.code == ErrorCode::ConflictError)
                .then(|| RequestId::find_in(&body.message))
                .flatten()
        });
        Self { status, body, request_id, conflicting_request_id }
    }

    /// The HTTP status: of the answer, or the one reported for the failed work.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// What went wrong, for programs. Empty where the answer was not the service's.
    pub fn code(&self) -> &ErrorCode {
        &self.body.code
    }

    /// What went wrong, for people; in the words of the service. Do not match on it.
    pub fn message(&self) -> &str {
        &self.body.message
    }

    /// The whole error element.
    pub fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// The request that was refused.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    /// The request that holds the deployment, for a `ConflictError`: from its element, else from
    /// the message.
    pub fn conflicting_request_id(&self) -> Option<&RequestId> {
        self.conflicting_request_id.as_ref()
    }
}

fn beginning_of(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * KEPT)]);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "an empty body".to_owned() } else { words.chars().take(KEPT).collect() }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "{} ", status.as_u16())?;
        }
        let message = sanitize(self.message().trim()).at_most(SHOWN_MESSAGE);
        match self.code().as_str() {
            "" => write!(f, "without the service's error body: {message}"),
            code => write!(f, "{}: {message}", sanitize(code).at_most(SHOWN_CODE)),
        }
    }
}
