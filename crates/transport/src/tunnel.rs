//! A tunnel through an HTTP proxy.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use http::StatusCode;
use http::uri::Authority;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::proxy::Server;

/// The longest head of the proxy's response, together with interim responses before it.
const MAX_HEAD_BYTES: usize = 16 << 10;
const MAX_HEADERS: usize = 64;

/// The reason why there is no tunnel.
#[derive(Debug)]
pub(crate) enum TunnelError {
    /// The proxy responded with an error status.
    Rejected(StatusCode),
    /// The response is not HTTP/1, or its head is too long.
    Malformed(&'static str),
    /// The proxy closed the connection before its response was complete.
    Closed,
    Io(io::Error),
}

/// Requests a tunnel to the target from the proxy at the other end of the stream.
///
/// After success, the next byte on the stream comes from the target.
pub(crate) async fn connect(
    stream: &mut TcpStream,
    proxy: &Server,
    target: &Authority,
) -> Result<(), TunnelError> {
    let host = target.host();
    let port = target.port_u16().unwrap_or(443);
    let mut request =
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(authorization) = &proxy.authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(TunnelError::Io)?;

    let mut head = Vec::new();
    loop {
        if head.len() >= MAX_HEAD_BYTES {
            return Err(TunnelError::Malformed("its head is longer than 16 KiB"));
        }
        if stream.read_buf(&mut head).await.map_err(TunnelError::Io)? == 0 {
            return Err(TunnelError::Closed);
        }
        if let Some(status) = final_status(&head)? {
            return if status.is_success() { Ok(()) } else { Err(TunnelError::Rejected(status)) };
        }
    }
}

/// The status of the final response, once its head is complete. Interim responses are skipped.
fn final_status(head: &[u8]) -> Result<Option<StatusCode>, TunnelError> {
    let mut start = 0;
    loop {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let malformed = |_| TunnelError::Malformed("it is not HTTP/1, or has more than 64 headers");
        let httparse::Status::Complete(length) =
            response.parse(&head[start..]).map_err(malformed)?
        else {
            return Ok(None);
        };
        let code = response.code.unwrap_or_default();
        let status = StatusCode::from_u16(code)
            .map_err(|_| TunnelError::Malformed("its status is not an HTTP status"))?;
        start += length;
        if !status.is_informational() {
            // The target speaks second under TLS, so nothing can follow a success.
            return if status.is_success() && start < head.len() {
                Err(TunnelError::Malformed("data follows its head"))
            } else {
                Ok(Some(status))
            };
        }
    }
}

impl fmt::Display for TunnelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(status) => write!(f, "the proxy responded with {status}"),
            Self::Malformed(why) => write!(f, "invalid response from the proxy: {why}"),
            Self::Closed => f.write_str("the proxy closed the connection"),
            Self::Io(_) => f.write_str("the connection to the proxy failed"),
        }
    }
}

impl StdError for TunnelError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}
