//! Compares requests and responses with goldens: texts typed from the reference, never pasted from the
//! crate's own output.
//!
//! A request golden is formatted for readers: method and path, headers, an empty line, the body. White space
//! at the start of lines is ignored, and so is a line break between two tags.

use bytes::Bytes;
use http::Response;

use crate::{Accepted, ApiVersion, Endpoint, ErrorKind, Operation, RequestId};

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const REQUEST_ID: &str = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";

/// The endpoint of the goldens.
pub(crate) fn endpoint() -> Endpoint {
    Endpoint::new("https://management.example.net", SUBSCRIPTION.parse().unwrap()).unwrap()
}

/// Asserts that the operation builds exactly this request, in the default version or, if it is newer than
/// that, in its own.
pub(crate) fn request<O: Operation>(operation: &O, golden: &str) {
    let endpoint = endpoint().with_version(ApiVersion::DEFAULT.max(O::METADATA.min_version));
    let request = endpoint.request(operation).expect("the request is valid");
    assert_eq!(request.uri().host(), Some("management.example.net"));

    let mut written = format!("{} {}\n", request.method(), request.uri().path_and_query().unwrap());
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .filter(|(name, _)| *name != http::header::CONTENT_LENGTH)
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort_unstable_by(|a, b| b.cmp(a));
    written.extend(headers);
    if !request.body().is_empty() {
        written.push('\n');
        written.push_str(std::str::from_utf8(request.body()).unwrap());
    }

    let length = request.headers().get(http::header::CONTENT_LENGTH);
    match length {
        Some(length) => assert_eq!(length.to_str().unwrap(), request.body().len().to_string()),
        None => assert!(
            request.method() == http::Method::GET || request.method() == http::Method::DELETE,
            "the service rejects a {} without Content-Length",
            request.method()
        ),
    }
    assert_eq!(written.trim_end(), laid_out(golden));
}

/// Removes the formatting of a golden.
fn laid_out(golden: &str) -> String {
    let (head, body) = golden.split_once("\n\n").unwrap_or((golden, ""));
    let head: Vec<_> = head.lines().map(str::trim_start).collect();
    let body: String = body.lines().map(str::trim_start).collect();
    let mut text = head.join("\n");
    if !body.is_empty() {
        text.push_str("\n\n");
        text.push_str(&body);
    }
    text
}

/// Reads a response of status 200 with this body.
pub(crate) fn response<O: Operation>(body: &str) -> O::Output {
    Endpoint::response::<O>(&http_response(200, body)).expect("the response is valid")
}

/// Asserts that 202 and 200 are both accepted, and that the request id is read.
pub(crate) fn accepted<O: Operation<Output = Accepted>>() {
    let accepted = Endpoint::response::<O>(&http_response(202, "")).expect("202 is success");
    assert_eq!(accepted.request_id(), Some(&RequestId::new(REQUEST_ID)));
    assert!(!accepted.is_finished());

    let accepted = Endpoint::response::<O>(&http_response(200, "")).expect("200 is success");
    assert!(accepted.is_finished());

    let nameless = Response::builder().status(202).body(Bytes::new()).unwrap();
    let error = Endpoint::response::<O>(&nameless).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.to_string().contains("no x-ms-request-id"), "{error}");
}

/// Asserts that an empty response of this status is success.
pub(crate) fn empty<O: Operation<Output = ()>>(status: u16) {
    Endpoint::response::<O>(&http_response(status, "")).expect("an empty response is success");
}

/// Asserts that the request is rejected before it is sent, for this reason.
pub(crate) fn rejected<O: Operation>(operation: &O, why: &str) {
    let error = endpoint().request(operation).expect_err("the request is wrong");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.operation(), Some(O::METADATA.name));
    assert!(error.to_string().contains(why), "{error}\n   does not contain\n{why}");
}

/// A response of the service.
pub(crate) fn http_response(status: u16, body: &str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("x-ms-request-id", REQUEST_ID)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}
