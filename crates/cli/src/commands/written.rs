//! Requests as they are printed.

use std::fmt::Write as _;

use azure_classic::protocol::Bytes;
use http::Request;

use crate::printable::printable;

/// The request as it goes over the wire.
pub(crate) fn written(request: &Request<Bytes>) -> String {
    let mut text = format!("  {} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    let _ = write!(text, "\n  {}", printable(&String::from_utf8_lossy(request.body())));
    text
}
