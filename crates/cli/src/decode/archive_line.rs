//! One line of an archive.

use std::collections::HashMap;

use azure_classic::protocol::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny};
use serde_json::Value;

use super::catalogue::HttpResponse;
use super::decode_error::ResponseDecodeError;
use super::request_line::RequestLine;

/// A request and its response. Fields that are not listed are passed over.
#[derive(Debug, Deserialize)]
struct ArchiveLine {
    #[serde(deserialize_with = "status")]
    status: StatusCode,
    response_body: Option<String>,
    method: Option<String>,
    path: Option<String>,
    query: Option<Query>,
    response_headers: Option<HashMap<String, Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Query {
    Text(String),
    Parameters(HashMap<String, Value>),
}

/// Reads a line of JSON; `number` is the line's, for errors.
pub(crate) fn read(
    line: &[u8],
    number: u64,
) -> Result<(RequestLine, HttpResponse), ResponseDecodeError> {
    let bad = |what: String| {
        ResponseDecodeError::new("not a usable line", format!("line {number}: {what}"))
    };
    // Without this serde would take an array for the fields in their order.
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err(bad("it is not a JSON object".to_owned()));
    }
    let record: ArchiveLine =
        serde_json::from_slice(line).map_err(|error| bad(without_line_number(&error)))?;
    Ok((record.request_line(), record.response()))
}

impl ArchiveLine {
    fn request_line(&self) -> RequestLine {
        let mut call = RequestLine::new(self.method.as_deref(), self.path.as_deref());
        match &self.query {
            None => {}
            Some(Query::Text(text)) => call.add_query(text),
            Some(Query::Parameters(parameters)) => {
                for (name, value) in parameters {
                    for_each_string(value, |value| call.add_parameter(name, value));
                }
            }
        }
        call
    }

    fn response(self) -> HttpResponse {
        let mut headers = HeaderMap::new();
        for (name, value) in self.response_headers.iter().flatten() {
            // No model needs an invalid header.
            let Ok(name) = HeaderName::try_from(name.as_str()) else { continue };
            for_each_string(value, |value| {
                if let Ok(value) = HeaderValue::try_from(value) {
                    headers.append(&name, value);
                }
            });
        }
        let mut status = self.status;
        if status == StatusCode::ACCEPTED && !headers.contains_key("x-ms-request-id") {
            // The operation will not be polled, so the id need not have been stored.
            status = StatusCode::OK;
        }
        let mut response = Response::new(Bytes::from(self.response_body.unwrap_or_default()));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

/// Shows the value as text: a string, or each string of a list. Archives write numbers and booleans of
/// queries in either form.
fn for_each_string(value: &Value, mut show: impl FnMut(&str)) {
    match value {
        Value::String(text) => show(text),
        Value::Array(values) => values.iter().filter_map(Value::as_str).for_each(show),
        Value::Number(_) | Value::Bool(_) => show(&value.to_string()),
        Value::Null | Value::Object(_) => {}
    }
}

/// A number, or its digits as a string.
fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusCode, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Status {
        Number(u16),
        Text(String),
        Other(IgnoredAny),
    }
    let status = match Status::deserialize(deserializer)? {
        Status::Number(number) => StatusCode::from_u16(number).ok(),
        Status::Text(text) => text.trim().parse().ok(),
        Status::Other(_) => None,
    };
    status.ok_or_else(|| D::Error::custom("status is not a number from 100 to 999"))
}

/// JSON's own line number is always 1 here.
fn without_line_number(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&position) {
        Some(what) => format!("{what} (column {})", error.column()),
        None => text,
    }
}
