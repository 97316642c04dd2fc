use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) type AdminResponse = Response<Bytes>;

/// The page loads nothing from other hosts, and must not be framed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Why something is not done, for people.
pub(crate) struct AdminError {
    status: StatusCode,
    message: String,
    /// For programs: an object.
    details: Value,
}

impl AdminError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: json!({}) }
    }

    /// The request is invalid.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// With members besides the error.
    pub(super) fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }

    pub(crate) fn into_response(self) -> AdminResponse {
        let mut body = self.details;
        body["error"] = self.message.into();
        complete_response(self.status, "application/json", body.to_string().into())
    }
}

pub(super) fn json(value: &impl Serialize) -> Result<AdminResponse, AdminError> {
    let body = serde_json::to_vec(value)
        .map_err(|why| AdminError::new(StatusCode::INTERNAL_SERVER_ERROR, why.to_string()))?;
    Ok(complete_response(StatusCode::OK, "application/json", body.into()))
}

/// Returns text that is JSON already.
pub(super) fn text(json: String) -> AdminResponse {
    complete_response(StatusCode::OK, "application/json", json.into())
}

pub(super) fn file(content_type: &'static str, text: &'static str) -> AdminResponse {
    let mut response =
        complete_response(StatusCode::OK, content_type, Bytes::from_static(text.as_bytes()));
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    response
}

fn complete_response(status: StatusCode, content_type: &'static str, body: Bytes) -> AdminResponse {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
