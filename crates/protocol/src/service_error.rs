use std::fmt;

use azure_classic_text::sanitize;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::operation::unsupported_encoding;
use crate::{RequestId, xml};

open_enum! {
    /// The `Code` of an error response. The set is open; an unlisted code is kept.
    pub enum ErrorCode {
        /// 400: the `x-ms-version` header is missing or has an unknown version.
        MissingOrIncorrectVersionHeader,
        /// 400: the body is malformed or does not match the operation.
        InvalidXmlRequest,
        /// 400: a query parameter is missing or invalid.
        MissingOrInvalidRequiredQueryParameter,
        /// 400: the address does not support the method.
        InvalidHttpVerb,
        /// 400: a name, a state or a value is invalid.
        BadRequest,
        /// 401 or 403: the service did not accept the credential.
        AuthenticationFailed,
        /// 403: the certificate or principal does not belong to the subscription.
        ForbiddenError,
        /// 403: the subscription is disabled.
        SubscriptionDisabled,
        /// 404: the resource does not exist, or the slot is empty.
        ResourceNotFound,
        /// 409: another operation holds the deployment, or the resource already exists.
        ConflictError,
        /// 307: send the request to another host.
        TemporaryRedirect,
        /// 500: internal error; the request may have taken effect.
        InternalError,
        /// 500: timeout in the service; the request may have taken effect.
        OperationTimedOut,
        /// 503: retry later.
        ServerBusy,
        /// 503, not 429: too many requests; retry later.
        TooManyRequests,
    }
}

/// The error of the service when it rejects a request or when an accepted operation fails.
///
/// `Display` is safe for a terminal: text of the service is escaped, and truncated if it is long.
///
/// A response without the expected XML (a proxy's page, an empty body) has no [`code`](Self::code) of the
/// service: the code is empty and the [`message`](Self::message) is the start of the body as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    status: Option<StatusCode>,
    body: ErrorBody,
    request_id: Option<RequestId>,
    conflicting_request_id: Option<RequestId>,
}

/// The `Error` element, as a whole response or in an operation's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Error", rename_all = "PascalCase")]
pub struct ErrorBody {
    /// The error for programs.
    #[serde(default)]
    pub code: ErrorCode,
    /// The error for people.
    #[serde(default)]
    pub message: String,
    /// Warnings about the package or the configuration. Documented only; never seen in recorded calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub configuration_warnings: Vec<ConfigurationWarning>,
    /// The request that holds the deployment. Documented only; recorded responses have its id in the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicting_operation_id: Option<RequestId>,
}

/// A warning about a package or a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConfigurationWarning {
    /// The warning for programs.
    #[serde(default)]
    pub warning_code: String,
    /// The warning for people.
    #[serde(default)]
    pub warning_message: String,
}

impl ErrorBody {
    /// Reads an `Error` document of any namespace, as gateways and related services send it, and reports its
    /// unknown parts.
    ///
    /// # Errors
    ///
    /// If the document is not XML, or its root element is not named `Error`.
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_protocol::{ErrorBody, ErrorCode};
    ///
    /// let (error, unknown) = ErrorBody::read(b"<Error><Code>ServerBusy</Code><Message>later</Message></Error>")?;
    /// assert_eq!(error.code, ErrorCode::ServerBusy);
    /// assert!(unknown.is_empty());
    /// # Ok::<(), azure_classic_protocol::xml::ReadError>(())
    /// ```
    pub fn read(document: &[u8]) -> Result<(Self, xml::Unknown), xml::ReadError> {
        let namespace =
            xml::root_namespace(document).unwrap_or_else(|| xml::WINDOWS_AZURE.to_owned());
        xml::Reader::new().namespace(&namespace).read_with_unknown(document)
    }
}

/// The length of a kept body that is not the service's XML, in characters.
const KEPT: usize = 500;

/// The longest code and the longest message in `Display`, in characters.
const SHOWN_CODE: usize = 100;
const SHOWN_MESSAGE: usize = 1000;

impl ServiceError {
    pub(crate) fn from_response(response: &Response<Bytes>, request_id: Option<RequestId>) -> Self {
        let body = ErrorBody::read(response.body()).map_or_else(
            |_| ErrorBody {
                code: ErrorCode::Other(String::new()),
                message: unsupported_encoding(response).map_or_else(
                    || described(response.body()),
                    |encoding| format!("a body encoded as {encoding:?}, which was not requested"),
                ),
                configuration_warnings: Vec::new(),
                conflicting_operation_id: None,
            },
            |(body, _)| body,
        );
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

    /// Returns the HTTP status of the response, or the reported status of the failed operation.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns the code. Empty if the response was not the service's.
    pub fn code(&self) -> &ErrorCode {
        &self.body.code
    }

    /// Returns the message of the service, for people. Do not match on it.
    pub fn message(&self) -> &str {
        &self.body.message
    }

    /// Returns the whole error element.
    pub fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// Returns the id of the rejected request.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    /// Returns the id of the request that holds the deployment, for a `ConflictError`: from its element,
    /// otherwise from the message.
    pub fn conflicting_request_id(&self) -> Option<&RequestId> {
        self.conflicting_request_id.as_ref()
    }
}

/// Describes a body that is not the service's XML.
fn described(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * KEPT)]);
    let prefix = text.trim_start_matches('\u{feff}').trim_start();
    let is_html = ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| {
        prefix.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    });
    if is_html {
        let words = words(&html_text(prefix));
        return match words.as_str() {
            "" => "an HTML page, most likely of a proxy or gateway".to_owned(),
            words => format!("an HTML page, most likely of a proxy or gateway: {words}"),
        };
    }
    match words(prefix).as_str() {
        "" => "an empty body".to_owned(),
        words => words.to_owned(),
    }
}

fn words(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(KEPT).collect()
}

/// The visible text of a page, without tags, style sheets and scripts.
fn html_text(page: &str) -> String {
    let mut shown = String::new();
    let mut rest = page;
    while let Some((text, tag_on)) = rest.split_once('<') {
        shown.push_str(text);
        shown.push(' ');
        let (tag, after) = tag_on.split_once('>').unwrap_or((tag_on, ""));
        let name = tag.split(|character: char| !character.is_ascii_alphanumeric()).next();
        rest = match name.unwrap_or_default().to_ascii_lowercase().as_str() {
            "style" => after.split_once("</style").map_or("", |(_, after)| after),
            "script" => after.split_once("</script").map_or("", |(_, after)| after),
            _ => after,
        };
        // The end of a style sheet or script is the end of a tag.
        rest = rest.strip_prefix('>').unwrap_or(rest);
    }
    shown.push_str(rest);
    shown
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "{} ", status.as_u16())?;
        }
        let message = sanitize(self.message().trim()).truncated_to(SHOWN_MESSAGE);
        match self.code().as_str() {
            "" => write!(f, "without the service's error body: {message}"),
            code => write!(f, "{}: {message}", sanitize(code).truncated_to(SHOWN_CODE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> ServiceError {
        let response = Response::builder().status(status).body(Bytes::from(body.to_owned()));
        ServiceError::from_response(&response.unwrap(), None)
    }

    #[test]
    fn an_error_is_read_in_any_namespace() {
        for start in [
            "<Error xmlns='http://schemas.microsoft.com/windowsazure'>",
            "<Error>",
            "<?xml version='1.0'?>\n<!-- of a gateway --><Error xmlns=''>",
            "<Error xmlns='http://schemas.microsoft.com/ado/2007/08/dataservices/metadata'>",
            "\u{feff}<Error xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>",
        ] {
            let content = "<Code>ConflictError</Code><Message>held</Message></Error>";
            let error = read(409, &format!("{start}{content}"));
            assert_eq!(*error.code(), ErrorCode::ConflictError, "{start}");
            assert_eq!(error.message(), "held", "{start}");
        }
        let prefixed = "<a:Error xmlns:a='urn:other'><a:Code>ServerBusy</a:Code></a:Error>";
        assert_eq!(*read(503, prefixed).code(), ErrorCode::ServerBusy);
    }

    #[test]
    fn other_documents_have_no_code() {
        for body in
            ["<Fault><Code>ServerBusy</Code></Fault>", "{\"error\":{\"code\":\"x\"}}", "busy"]
        {
            let error = read(503, body);
            assert_eq!(error.code().as_str(), "");
            assert_eq!(error.message(), body);
        }
        assert_eq!(read(503, " \n").message(), "an empty body");
    }

    #[test]
    fn an_html_page_is_reported_as_text_with_its_likely_source() {
        let by = "an HTML page, most likely of a proxy or gateway";
        for (page, text) in [
            (
                "<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>",
                "502 Bad Gateway nginx",
            ),
            ("<!DOCTYPE html>\n<HTML><style>a{b:c}</style><p>No<br>access", "No access"),
            (
                " <Html><script type=x>if (a<b) c()</script>Blocked by policy</html>",
                "Blocked by policy",
            ),
        ] {
            assert_eq!(read(502, page).message(), format!("{by}: {text}"), "{page}");
        }
        assert_eq!(read(502, "<html></html>").message(), by);
        assert!(read(502, &format!("<html>{}", "x ".repeat(9000))).message().len() < 1000);
    }
}
