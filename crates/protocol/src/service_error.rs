use std::fmt;

use azure_classic_text::sanitize;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::operation::unsupported_encoding;
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

impl ErrorBody {
    /// Reads an `Error` document of any namespace, as gateways and other services of the family send it,
    /// and reports what of it the model does not hold.
    ///
    /// # Errors
    ///
    /// When the document is not XML, or its root element is not named `Error`.
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

/// How much of a body that is not the service's XML is kept, in characters.
const KEPT: usize = 500;

/// How much of a code and of a message `Display` shows, in characters.
const SHOWN_CODE: usize = 100;
const SHOWN_MESSAGE: usize = 1000;

impl ServiceError {
    pub(crate) fn from_response(response: &Response<Bytes>, request_id: Option<RequestId>) -> Self {
        let body = ErrorBody::read(response.body()).map_or_else(
            |_| ErrorBody {
                code: ErrorCode::Other(String::new()),
                message: unsupported_encoding(response).map_or_else(
                    || described(response.body()),
                    |encoding| format!("a body encoded as {encoding:?}, which was not asked for"),
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

/// What a body that is not the service's says to people.
fn described(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * KEPT)]);
    let prefix = text.trim_start_matches('\u{feff}').trim_start();
    let is_html = ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| {
        prefix.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    });
    if is_html {
        let words = words(&html_text(prefix));
        return match words.as_str() {
            "" => "an HTML page, most likely of a proxy or gateway on the way".to_owned(),
            words => format!("an HTML page, most likely of a proxy or gateway on the way: {words}"),
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

/// What a page shows: its text without tags, and without style sheets and scripts.
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
        // What closes the sheet or the script is the end of a tag.
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
    fn another_document_has_no_code_of_the_service() {
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
    fn an_html_page_is_shown_as_its_text_and_names_its_likely_source() {
        let by = "an HTML page, most likely of a proxy or gateway on the way";
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
