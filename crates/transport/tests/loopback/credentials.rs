//! Servers that reject a credential: one they requested, one they never requested, and an expired token.

use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use azure_classic_protocol::{Endpoint, Error, GetCloudServiceProperties};
use azure_classic_transport::{
    BearerTransport, HttpsTransport, Identity, Token, Transport, TransportError,
    TransportErrorKind as Kind,
};
use bytes::Bytes;
use http::{Request, StatusCode};

use crate::handshake::{TLS_1_2, TLS_1_3};
use crate::pki::Authority;
use crate::server::{Link, Server, Versions};
use crate::{explained, get, trusting, verdict};

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

async fn forbid(link: Link) {
    link.say_and_close(FORBIDDEN.as_bytes(), true).await;
}

/// A server that does not request a certificate.
async fn unasking<F>(
    authority: &Authority,
    versions: Versions,
    play: impl Fn(Link) -> F + Send + 'static,
) -> Server
where
    F: Future<Output = ()> + Send + 'static,
{
    Server::start(versions, &authority.server(&["127.0.0.1"]), None, play).await
}

fn offering(authority: &Authority) -> HttpsTransport {
    let identity = Identity::from_pem(authority.client().pem.as_bytes()).unwrap();
    trusting(authority).identity(identity).build().unwrap()
}

async fn rejection(server: &Server, transport: &HttpsTransport) -> Error {
    let response = transport.send(get(&server.address())).await.unwrap();
    Endpoint::response::<GetCloudServiceProperties>(&response).unwrap_err()
}

#[tokio::test]
async fn a_rejection_without_certificate_request_names_the_likely_cause() {
    for versions in [TLS_1_2, TLS_1_3] {
        let authority = Authority::new("contoso");
        let server = unasking(&authority, versions, forbid).await;
        let error = rejection(&server, &offering(&authority)).await;
        let cause = TransportError::find_in(&error).expect("a likely cause");
        assert_eq!(cause.kind(), Kind::CertificateNotRequested);
        assert!(cause.to_string().contains("by renegotiation"), "{cause}");
    }
}

#[tokio::test]
async fn a_rejection_after_certificate_request_has_no_added_cause() {
    for versions in [TLS_1_2, TLS_1_3] {
        let authority = Authority::new("contoso");
        let server = Server::curious(&authority, versions, forbid).await;
        let transport = offering(&authority);
        // The second connection resumes the session of the first, so the server does not request the
        // certificate again.
        for _ in 0..2 {
            let error = rejection(&server, &transport).await;
            assert!(error.source().is_none(), "{:?}", error.source());
        }
    }
}

#[tokio::test]
async fn no_cause_about_certificates_without_a_certificate() {
    let authority = Authority::new("contoso");
    let server = unasking(&authority, TLS_1_3, forbid).await;
    let transport = trusting(&authority).build().unwrap();
    assert!(rejection(&server, &transport).await.source().is_none());
}

#[tokio::test]
async fn responses_other_than_rejections_have_no_cause() {
    let authority = Authority::new("contoso");
    let server = unasking(&authority, TLS_1_3, |link| async {
        link.say_and_close(FORBIDDEN.replace("403", "404").as_bytes(), true).await;
    })
    .await;
    assert!(rejection(&server, &offering(&authority)).await.source().is_none());
}

#[tokio::test]
async fn a_connection_closed_without_certificate_request_names_the_likely_cause() {
    let authority = Authority::new("contoso");
    let server = unasking(&authority, TLS_1_2, |link| link.say_and_close(b"", true)).await;
    let lost = offering(&authority).send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::ConnectionLost, true));
    let message = explained(&lost).to_string();
    assert!(message.contains("has not requested the client certificate"), "{message}");
}

/// The bodies of five POSTs; the token expires before the third.
#[tokio::test]
async fn a_token_is_renewed_between_requests_without_duplicates() {
    let authority = Authority::new("contoso");
    let executed = Arc::new(Mutex::new(Vec::new()));
    let journal = Arc::clone(&executed);
    let server = Server::open(&authority, move |mut link| {
        let journal = Arc::clone(&journal);
        async move {
            while let Some(request) = link.request().await {
                let body = request.rsplit("\r\n").next().unwrap().to_owned();
                let has_ended = journal.lock().unwrap().len() >= 2
                    && request.contains("authorization: Bearer first");
                let status = if has_ended { "401 Unauthorized" } else { "200 OK" };
                if !has_ended {
                    journal.lock().unwrap().push(body);
                }
                link.write(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n")).await;
            }
        }
    })
    .await;

    let requested = AtomicUsize::new(0);
    let source = move || {
        let text = ["first", "second"][requested.fetch_add(1, Ordering::Relaxed)];
        async move { Ok(Token::new(text)?) }
    };
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let endpoint = Endpoint::new(&server.address(), subscription).unwrap();
    let transport = BearerTransport::new(trusting(&authority).build().unwrap(), &endpoint, source);
    for body in ["a", "b", "c", "d", "e"] {
        let request = Request::post(server.address()).body(Bytes::from_static(body.as_bytes()));
        let response = transport.send(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{body}");
    }
    assert_eq!(*executed.lock().unwrap(), ["a", "b", "c", "d", "e"]);
}
