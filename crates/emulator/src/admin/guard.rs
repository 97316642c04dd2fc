//! Keeps the pages of strangers, open in a browser on this machine, away from the admin port.

use std::net::IpAddr;

use http::uri::Authority;
use http::{Method, Request, StatusCode, header};

use super::admin_response::AdminError;

/// Rejects foreign names in `Host`, which another site's page could resolve to this machine. A write needs a
/// content type that a browser sends to other origins only after a preflight, which the port never allows.
pub(super) fn check<B>(request: &Request<B>) -> Result<(), AdminError> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if !host.is_some_and(is_loopback) {
        return Err(AdminError::new(
            StatusCode::FORBIDDEN,
            "the admin port accepts requests to localhost and loopback addresses only; set Host accordingly",
        ));
    }
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = content_type.split(';').next().is_some_and(|it| it.trim() == "application/json");
    if matches!(*request.method(), Method::POST | Method::PUT) && !is_json {
        return Err(AdminError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send JSON, with Content-Type: application/json",
        ));
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn checked(method: &str, host: &str, content_type: &str) -> u16 {
        let request = Request::builder()
            .method(method)
            .header("host", host)
            .header("content-type", content_type)
            .body(Bytes::new())
            .unwrap();
        check(&request).map_or_else(|error| error.into_response().status().as_u16(), |()| 200)
    }

    #[test]
    fn only_loopback_hosts_are_accepted() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.1.2.3", "[::1]:9"] {
            assert_eq!(checked("GET", host, ""), 200, "{host}");
        }
        for host in ["", "contoso.example.net", "localhost.example.net", "10.0.0.1", "[::2]", "a b"]
        {
            assert_eq!(checked("GET", host, ""), 403, "{host}");
        }
    }

    #[test]
    fn writes_must_be_json() {
        for content_type in ["application/json", "application/json; charset=utf-8"] {
            assert_eq!(checked("POST", "localhost", content_type), 200, "{content_type}");
        }
        for content_type in ["", "text/plain", "application/x-www-form-urlencoded"] {
            assert_eq!(checked("PUT", "localhost", content_type), 415, "{content_type}");
        }
        // A browser sends a preflight for any content type.
        assert_eq!(checked("DELETE", "localhost", ""), 200);
    }
}
