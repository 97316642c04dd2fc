//! Responses in every form that HTTP allows, and some that it does not.

use azure_classic::{ErrorKind, RequestId, RollbackMode, TransportError, TransportErrorKind};

use crate::server::{Link, Pki, Server};
use crate::{CONTOSO, ID, SUCCEEDED, accepted, client, contoso, ok, production};

/// A server that sends these bytes for each request, one request per connection, and closes properly.
async fn saying(pki: &Pki, response: impl Into<Vec<u8>>) -> Server {
    let response = response.into();
    Server::start(pki, move |mut link: Link| {
        let response = response.clone();
        async move {
            link.request().await;
            link.write(response).await;
            link.close().await;
        }
    })
    .await
}

#[tokio::test]
async fn a_read_accepts_every_form() {
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n\
         1\r\n{}\r\n{:x}\r\n{}\r\n0\r\nDigest: none\r\n\r\n",
        &CONTOSO[..1],
        CONTOSO.len() - 1,
        &CONTOSO[1..]
    );
    let pki = Pki::new();
    for response in [
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{CONTOSO}"),
        format!("HTTP/1.1 200 OK\r\n\r\n{CONTOSO}"),
        format!("HTTP/1.0 200 OK\r\n\r\n{CONTOSO}"),
        chunked,
        format!("HTTP/1.1 100 Continue\r\n\r\n{}", ok(CONTOSO)),
        format!("HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n{}", ok(CONTOSO)),
        format!("HTTP/1.1 200\r\nContent-Type: text/plain\r\n\r\n\u{feff}{CONTOSO}"),
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n{CONTOSO}"),
    ] {
        let server = saying(&pki, response.as_str()).await;
        let found = client(&server, pki.transport()).send(contoso().get()).await;
        assert_eq!(found.expect(&response).service_name, "contoso");
    }
}

#[tokio::test]
async fn an_operation_is_polled_although_responses_arrive_byte_by_byte() {
    let pki = Pki::new();
    let server = Server::start(&pki, |mut link: Link| async move {
        while let Some(request) = link.request().await {
            let response = if request.starts_with("POST") { accepted() } else { ok(SUCCEEDED) };
            for byte in response.bytes() {
                link.write([byte]).await;
                tokio::task::yield_now().await;
            }
        }
    })
    .await;
    let azure = client(&server, pki.transport());
    let done = azure.run(production().rollback(RollbackMode::Auto)).await.unwrap();
    assert_eq!(done.request_id, Some(RequestId::new(ID)));
}

/// A proxy may add its own id after that of the service.
#[tokio::test]
async fn the_first_request_id_is_used_in_any_spelling() {
    let pki = Pki::new();
    let upper = ID.to_uppercase();
    for fields in [
        format!("X-MS-REQUEST-ID: {ID}"),
        format!("x-ms-request-id:{upper}"),
        format!("x-ms-request-id:   {ID}  "),
        format!("x-ms-request-id: {ID}\r\nX-Ms-Request-Id: {ID}"),
        format!("x-ms-request-id: {ID}\r\nx-ms-request-id: 00000000000000000000000000000000"),
    ] {
        let response = format!("HTTP/1.1 202 Accepted\r\n{fields}\r\nContent-Length: 0\r\n\r\n");
        let server = saying(&pki, response).await;
        let azure = client(&server, pki.transport());
        let accepted = azure.send(production().rollback(RollbackMode::Auto)).await.unwrap();
        assert_eq!(accepted.request_id(), Some(&RequestId::new(ID)), "{fields}");
    }
}

#[tokio::test]
async fn an_unrequested_compressed_response_is_reported() {
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n";
    let pki = Pki::new();
    let server = saying(&pki, [head.as_bytes(), b"\x1f\x8b\x08\0\0"].concat()).await;
    let azure = client(&server, pki.transport());
    let error = azure.send(contoso().get()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    let said = error.to_string();
    assert!(said.contains("encoded as \"gzip\", which was not requested"), "{said}");
    let request = &server.requests()[0];
    assert!(!request.to_lowercase().contains("accept-encoding"), "{request}");
}

#[tokio::test]
async fn endless_fields_are_not_read() {
    let pki = Pki::new();
    let fields = "X-Padding: x\r\n".repeat(101);
    let server = saying(&pki, format!("HTTP/1.1 202 Accepted\r\n{fields}\r\n")).await;
    let azure = client(&server, pki.transport());
    let error = azure.send(production().rollback(RollbackMode::Auto)).await.unwrap_err();
    let cause = TransportError::find_in(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::MalformedResponse, "{cause}");
    assert!(error.may_have_applied());
    assert_eq!(server.requests().len(), 1);
}

/// Bytes after a response on its connection are not the response to another request.
#[tokio::test]
async fn an_unrequested_response_is_not_taken_for_another() {
    let pki = Pki::new();
    let stray = ok(&CONTOSO.replace("contoso", "stray"));
    let server = Server::start(&pki, move |mut link: Link| {
        let responses = ok(CONTOSO) + &stray;
        async move {
            while link.request().await.is_some() {
                link.write(&responses).await;
            }
        }
    })
    .await;
    let azure = client(&server, pki.transport());
    for _ in 0..10 {
        let found = azure.send(contoso().get()).await.unwrap();
        assert_eq!(found.service_name, "contoso");
    }
}
