//! Requests as they are printed.

use azure_classic::protocol::Bytes;
use http::Request;

/// The request as it goes over the wire, in lines.
pub(crate) fn http_dump(request: &Request<Bytes>) -> Vec<String> {
    let headers = request.headers().iter();
    let headers = headers
        .map(|(name, value)| format!("  {name}: {}", String::from_utf8_lossy(value.as_bytes())));
    let mut lines = vec![format!("  {} {}", request.method(), request.uri())];
    lines.extend(headers);
    lines.push(String::new());
    lines.push(format!("  {}", String::from_utf8_lossy(request.body())));
    lines
}
