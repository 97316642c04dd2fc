//! The HTTP response around the output of the simulator.

use azure_classic_protocol::{ErrorBody, RequestId, xml};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use time::UtcDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::api_error::ApiError;
use super::values;

/// The response to a request that is not rejected.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: StatusCode,
    /// The work goes on; its operation ends when that does.
    pub(crate) has_accepted_operation: bool,
    body: Option<String>,
    content_type: &'static str,
    header: Option<(HeaderName, String)>,
    /// Whether the response has the id of its request; only a redirect does not.
    has_id: bool,
}

impl ApiResponse {
    /// Success without content.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            has_accepted_operation: false,
            body: None,
            content_type: XML,
            header: None,
            has_id: true,
        }
    }

    /// Accepted: the work goes on.
    pub(crate) fn accepted() -> Self {
        Self { has_accepted_operation: true, ..Self::empty(StatusCode::ACCEPTED) }
    }

    pub(crate) fn created(location: String) -> Self {
        Self::empty(StatusCode::CREATED).with(header::LOCATION, location)
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with one more header.
    pub(crate) fn with(self, name: HeaderName, value: String) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// A document, as it is.
    pub(crate) fn text(content_type: &'static str, body: String) -> Self {
        Self { body: Some(body), content_type, ..Self::empty(StatusCode::OK) }
    }

    /// A successful body.
    pub(crate) fn xml(value: &impl Serialize) -> Result<Self, ApiError> {
        let text = xml::to_string(value).map_err(|_| ApiError::internal())?;
        Ok(Self::text(XML, declare_instance(&text)))
    }

    pub(crate) fn from_error(error: &ApiError) -> Self {
        let status = error.status();
        let body = error.body();
        // Percent-encoded characters of the path may be invalid in XML.
        let response = Self::xml(&body).or_else(|_| {
            let carried = |c| if values::is_xml(c) { c } else { char::REPLACEMENT_CHARACTER };
            let message = body.message.chars().map(carried).collect();
            Self::xml(&ErrorBody { message, ..body })
        });
        let response = response.unwrap_or_else(|_| Self::empty(status));
        Self { status, ..response }.retry_after(error.retry_after_seconds())
    }

    /// A redirect to another host, in the recorded form.
    pub(crate) fn redirect(location: String) -> Self {
        const NOTHING: &str =
            "<string xmlns=\"http://schemas.microsoft.com/2003/10/Serialization/\"/>";
        Self {
            status: StatusCode::TEMPORARY_REDIRECT,
            has_id: false,
            ..Self::text(XML, NOTHING.to_owned()).with(header::LOCATION, location)
        }
    }

    /// With the header `Retry-After`, if there are seconds for it.
    pub(crate) fn retry_after(self, seconds: Option<u64>) -> Self {
        match seconds {
            Some(seconds) => self.with(header::RETRY_AFTER, seconds.to_string()),
            None => self,
        }
    }

    /// Every response has the emulated time and, with one exception, the id of its request.
    pub(crate) fn into_response(self, id: &RequestId, unix_seconds: i64) -> Response<Bytes> {
        let has_body = self.body.is_some();
        let mut response = Response::new(Bytes::from(self.body.unwrap_or_default()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::CACHE_CONTROL, "no-cache");
        set(header::SERVER, SERVER);
        set(HeaderName::from_static("x-ms-servedbyregion"), "emulator");
        if self.has_id {
            set(HeaderName::from_static("x-ms-request-id"), id.as_str());
        }
        if let Some(date) = http_date(unix_seconds) {
            set(header::DATE, &date);
        }
        if has_body {
            set(header::CONTENT_TYPE, self.content_type);
        }
        if let Some((name, value)) = self.header {
            set(name, &value);
        }
        response
    }
}

/// The server's response to a connection beyond the limit. It belongs to no request.
pub(crate) fn too_many_connections() -> Response<Bytes> {
    let error = ApiError::busy("Too many connections are in use. Retry later.");
    server_response(&error.retry_after(Some(1)))
}

/// The server's response to a body beyond its memory budget.
pub(crate) fn too_many_bodies() -> Response<Bytes> {
    let error = ApiError::busy("Too many large request bodies are in flight. Retry later.");
    server_response(&error.retry_after(Some(1)))
}

/// The server's response to a slow body.
pub(crate) fn slow_body() -> Response<Bytes> {
    server_response(&ApiError::slow_body())
}

/// Without id and emulated time, because the cloud knows nothing of it.
fn server_response(error: &ApiError) -> Response<Bytes> {
    let response = ApiResponse { has_id: false, ..ApiResponse::from_error(error) };
    let mut response = response.into_response(&RequestId::new(""), 0);
    response.headers_mut().remove(header::DATE);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A text, or an element that says that there is none.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Nillable<'a> {
    Text(&'a str),
    Nil(()),
}

impl<'a> From<Option<&'a str>> for Nillable<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nil(()), Self::Text)
    }
}

const XML: &str = "application/xml; charset=utf-8";

const SERVER: &str = concat!("azure-classic-emulator/", env!("CARGO_PKG_VERSION"));

/// The service declares the namespace of `nil` on every root, whether it is used or not.
fn declare_instance(text: &str) -> String {
    const DECLARATION: &str = " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";
    let end = text.find('>').unwrap_or_default();
    let end = if text[..end].ends_with('/') { end - 1 } else { end };
    if text[..end].contains(DECLARATION) {
        return text.to_owned();
    }
    format!("{}{DECLARATION}{}", &text[..end], &text[end..])
}

fn http_date(unix_seconds: i64) -> Option<String> {
    const FORMAT: &[BorrowedFormatItem<'_>] = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    UtcDateTime::from_unix_timestamp(unix_seconds).ok()?.format(FORMAT).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_wants_them() {
        assert_eq!(http_date(784_111_777).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn the_root_declares_both_namespaces() {
        assert_eq!(
            declare_instance("<A xmlns=\"n\"><B/></A>"),
            "<A xmlns=\"n\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><B/></A>"
        );
        assert_eq!(
            declare_instance("<A xmlns=\"n\"/>"),
            "<A xmlns=\"n\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/>"
        );
    }
}
