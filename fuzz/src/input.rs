//! How inputs of several parts are written: as text, so that mutations keep most of it and people can
//! read it.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};

/// The parts of an input, which lines of three hyphens separate; at most `limit`.
pub fn blocks(text: &str, limit: usize) -> impl Iterator<Item = &str> {
    text.split("\n---\n").take(limit)
}

/// An HTTP response: the status on the first line, a header on each following one, an empty line, and
/// the body. An unusable status is 200; an unusable header is left out.
pub fn response(data: &[u8]) -> Response<Bytes> {
    let (head, body) = match data.windows(2).position(|pair| pair == b"\n\n") {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (data, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut response = Response::new(Bytes::copy_from_slice(body));
    let status = lines.next().and_then(|line| StatusCode::from_bytes(line.trim_ascii()).ok());
    *response.status_mut() = status.unwrap_or(StatusCode::OK);
    for line in lines {
        let mut parts = line.splitn(2, |byte| *byte == b':').map(<[u8]>::trim_ascii);
        let name = parts.next().and_then(|name| HeaderName::from_bytes(name).ok());
        let value = parts.next().and_then(|value| HeaderValue::from_bytes(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_has_status_headers_and_body() {
        let read = response(b"404\nx-a: 1\nnothing\nx-b:2\n\n<a>\n\n</a>");
        assert_eq!(read.status(), 404);
        assert_eq!(read.headers().len(), 2);
        assert_eq!(read.headers()["x-a"], "1");
        assert_eq!(&read.body()[..], b"<a>\n\n</a>");
    }

    #[test]
    fn blocks_are_separated_by_hyphens() {
        assert_eq!(blocks("a\nb\n---\n\n---\nc", 9).collect::<Vec<_>>(), ["a\nb", "", "c"]);
        assert_eq!(blocks("a\n---\nb", 1).count(), 1);
    }
}
