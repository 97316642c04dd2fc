//! After the handshake: responses of every form, broken connections, limits.

use std::time::Duration;

use azure_classic_transport::{HttpsTransport, Transport, TransportErrorKind as Kind};
use bytes::Bytes;
use http::Request;
use http::header::CONTENT_LENGTH;

use crate::pki::Authority;
use crate::server::{Link, Server};
use crate::{explained, get, text, trusting, verdict};

/// A server that sends these bytes for one request per connection and closes, with a client for it.
pub(crate) async fn saying(response: &'static str, properly: bool) -> (Server, HttpsTransport) {
    let authority = Authority::new("contoso");
    let server =
        Server::open(&authority, move |link| link.say_and_close(response.as_bytes(), properly))
            .await;
    let transport = trusting(&authority).max_response_bytes(1000).build().unwrap();
    (server, transport)
}

/// A server that returns every request as its response, with a client for it.
pub(crate) async fn echoing() -> (Server, HttpsTransport) {
    let authority = Authority::new("contoso");
    let server = Server::open(&authority, |link: Link| link.serve(str::to_owned)).await;
    (server, trusting(&authority).build().unwrap())
}

#[tokio::test]
async fn requests_are_sent_as_built() {
    let (server, transport) = echoing().await;
    let request = Request::post(format!("{}services?comp=rollback", server.address()))
        .header("x-ms-version", "2015-04-01")
        .body(Bytes::from_static(b"<Rollback/>"))
        .unwrap();
    let response = transport.send(request).await.unwrap();
    let mut lines = text(&response).split("\r\n").collect::<Vec<_>>();
    lines[1..4].sort_unstable();
    assert_eq!(
        lines,
        [
            "POST /services?comp=rollback HTTP/1.1",
            "content-length: 11",
            &format!("host: 127.0.0.1:{}", server.port()),
            "x-ms-version: 2015-04-01",
            "",
            "<Rollback/>",
        ]
    );
}

#[tokio::test]
async fn a_post_without_body_has_content_length_zero() {
    let (server, transport) = echoing().await;
    let request =
        Request::post(server.address()).header(CONTENT_LENGTH, "0").body(Bytes::new()).unwrap();
    let response = transport.send(request).await.unwrap();
    assert_eq!(text(&response).matches("content-length: 0\r\n").count(), 1, "{}", text(&response));
}

#[tokio::test]
async fn all_forms_of_responses_are_read() {
    for (response, status, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
            200,
            "hello",
        ),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", 200, "hello"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n",
            200,
            "hello",
        ),
        ("HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello"),
        ("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 202, ""),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ""),
        ("HTTP/1.1 307 Moved\r\nLocation: https://x/\r\nContent-Length: 0\r\n\r\n", 307, ""),
        ("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", 500, "oops"),
    ] {
        let (server, transport) = saying(response, true).await;
        let received = transport.send(get(&server.address())).await.unwrap();
        assert_eq!((received.status().as_u16(), text(&received)), (status, body), "{response:?}");
    }
}

#[tokio::test]
async fn a_truncated_response_is_ambiguous() {
    for (response, properly) in [
        ("", true),
        ("", false),
        ("HTTP/1.1 200 OK\r\nContent-Le", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true),
        // Without a length, only the TLS close distinguishes a complete response from a truncated one.
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", false),
    ] {
        let (server, transport) = saying(response, properly).await;
        let lost = transport.send(get(&server.address())).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::ConnectionLost, true), "{response:?} {lost:?}");
        assert_eq!(server.connections(), 1, "the request must not be sent twice");
    }
}

#[tokio::test]
async fn a_connection_closed_after_the_response_does_no_harm() {
    let (server, transport) =
        saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false).await;
    let response = transport.send(get(&server.address())).await.unwrap();
    assert_eq!(text(&response), "hello");
}

#[tokio::test]
async fn oversized_responses_are_rejected() {
    let body = "x".repeat(1001);
    let with_length = format!("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n{body}");
    let in_chunks =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n{body}\r\n0\r\n\r\n");
    for response in [with_length, in_chunks] {
        let (server, transport) = saying(response.leak(), true).await;
        let lost = transport.send(get(&server.address())).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::ResponseTooLarge, true));
        assert!(lost.is_permanent(), "another attempt would end the same way");
        let message = explained(&lost).to_string();
        assert!(message.contains("longer than 1000 bytes"), "{message}");
    }
    let just_fits = format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", &body[1..]);
    let (server, transport) = saying(just_fits.leak(), true).await;
    assert_eq!(transport.send(get(&server.address())).await.unwrap().body().len(), 1000);
}

#[tokio::test]
async fn endless_headers_are_rejected() {
    let authority = Authority::new("contoso");
    let server = Server::open(&authority, |mut link: Link| async move {
        link.request().await;
        link.write("HTTP/1.1 200 OK\r\n").await;
        let field = format!("X-Padding: {}\r\n", "x".repeat(1000));
        while link.write(&field).await {}
    })
    .await;
    let transport = trusting(&authority).build().unwrap();
    let lost = transport.send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::MalformedResponse, true));
}

#[tokio::test]
async fn a_response_may_have_at_most_a_hundred_fields() {
    for (fields, status) in [(99, Some(200)), (100, None)] {
        let padding = "X-Padding: x\r\n".repeat(fields);
        let response = format!("HTTP/1.1 200 OK\r\n{padding}Content-Length: 0\r\n\r\n");
        let (server, transport) = saying(response.leak(), true).await;
        let reply = transport.send(get(&server.address())).await;
        assert_eq!(reply.as_ref().ok().map(|response| response.status().as_u16()), status);
        if let Err(lost) = reply {
            assert_eq!(verdict(&lost), (Kind::MalformedResponse, true));
        }
    }
}

#[tokio::test]
async fn a_response_that_arrives_byte_by_byte_is_read() {
    let authority = Authority::new("contoso");
    let server = Server::open(&authority, |mut link: Link| async move {
        link.request().await;
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" {
            link.write([*byte]).await;
            tokio::task::yield_now().await;
        }
    })
    .await;
    let transport = trusting(&authority).build().unwrap();
    let response = transport.send(get(&server.address())).await.unwrap();
    assert_eq!(text(&response), "hello");
}

#[tokio::test]
async fn a_response_that_is_not_http_is_reported() {
    for response in ["220 smtp.example.net ready\r\n", "<html>\r\n\r\n", "HTTP/1.1 OK\r\n\r\n"] {
        let (server, transport) = saying(response, true).await;
        let lost = transport.send(get(&server.address())).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::MalformedResponse, true), "{response:?} {lost:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_times_out() {
    for beginning in ["", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"] {
        let authority = Authority::new("contoso");
        let server = Server::open(&authority, move |mut link: Link| async move {
            link.request().await;
            link.write(beginning).await;
            // Keeps the connection open until the client gives up.
            assert_eq!(link.request().await, None);
        })
        .await;
        let transport = trusting(&authority).build().unwrap();
        let lost = transport.send(get(&server.address())).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::RequestTimeout, true), "{lost:?}");
        assert!(explained(&lost).to_string().ends_with("within 300s"), "{}", explained(&lost));
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_before_the_connection_means_not_sent() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let transport = trusting(&Authority::new("contoso"))
        .request_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let address = format!("https://{}/", silent.local_addr().unwrap());
    let lost = transport.send(get(&address)).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::RequestTimeout, false));
}
