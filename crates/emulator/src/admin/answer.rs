use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) type Answer = Response<Bytes>;

/// The page takes nothing from anywhere else, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Why something is not done, for people.
pub(crate) struct Trouble {
    status: StatusCode,
    message: String,
    /// For programs: an object.
    details: Value,
}

impl Trouble {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: json!({}) }
    }

    /// What was sent cannot be used.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// With members besides the error.
    pub(super) fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }

    pub(crate) fn answer(self) -> Answer {
        let mut body = self.details;
        body["error"] = self.message.into();
        whole(self.status, "application/json", body.to_string().into())
    }
}

pub(super) fn json(value: &impl Serialize) -> Result<Answer, Trouble> {
    let body = serde_json::to_vec(value)
        .map_err(|why| Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, why.to_string()))?;
    Ok(whole(StatusCode::OK, "application/json", body.into()))
}

/// What is JSON already.
pub(super) fn text(json: String) -> Answer {
    whole(StatusCode::OK, "application/json", json.into())
}

pub(super) fn file(content_type: &'static str, text: &'static str) -> Answer {
    let mut answer = whole(StatusCode::OK, content_type, Bytes::from_static(text.as_bytes()));
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answer
}

fn whole(status: StatusCode, content_type: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}
