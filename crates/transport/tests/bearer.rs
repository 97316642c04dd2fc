//! Bearer tokens: where they are sent, when they are renewed, and the errors when they are rejected.

use std::collections::VecDeque;
use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic_protocol::{Endpoint, GetCloudServiceProperties, SendError};
use azure_classic_transport::{
    BearerTransport, CredentialError, HttpsTransport, Identity, ResponseFuture, Token, TokenSource,
    Transport, TransportError, TransportErrorKind,
};
use bytes::Bytes;
use http::{Request, Response, StatusCode};

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

fn endpoint() -> Endpoint {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    Endpoint::new("https://management.example.net", subscription).unwrap()
}

fn to(address: &str) -> Request<Bytes> {
    Request::post(address).body(Bytes::from_static(b"<x/>")).unwrap()
}

fn get() -> Request<Bytes> {
    to("https://management.example.net/services")
}

/// Rejects the given tokens, and records each request.
#[derive(Clone, Default)]
struct Service {
    refused: Arc<Mutex<Vec<String>>>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn refusing(tokens: &[&str]) -> Self {
        let service = Self::default();
        service.refuse(tokens);
        service
    }

    fn refuse(&self, tokens: &[&str]) {
        *self.refused.lock().unwrap() =
            tokens.iter().map(|text| format!("Bearer {text}")).collect();
    }

    fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    fn response(&self, request: &Request<Bytes>) -> Response<Bytes> {
        assert_eq!(request.body(), "<x/>");
        let token = request.headers()["authorization"].clone();
        assert!(token.is_sensitive());
        let token = token.to_str().unwrap().to_owned();
        let mut response = Response::new(Bytes::new());
        if self.refused.lock().unwrap().contains(&token) {
            *response.status_mut() = StatusCode::UNAUTHORIZED;
        }
        self.seen.lock().unwrap().push(token);
        response
    }
}

impl Transport for Service {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        let response = self.response(&request);
        Box::pin(async { Ok(response) })
    }
}

/// Returns its tokens in order, each after a second, and fails when none is left.
#[derive(Clone, Default)]
struct Tokens {
    left: Arc<Mutex<VecDeque<Token>>>,
    requested: Arc<AtomicUsize>,
}

impl Tokens {
    fn of(texts: &[&str], lifetime: Duration) -> Self {
        let token = |text: &&str| Token::new(*text).unwrap().valid_for(lifetime);
        let left = Arc::new(Mutex::new(texts.iter().map(token).collect()));
        Self { left, ..Self::default() }
    }

    fn requested(&self) -> usize {
        self.requested.load(Ordering::Relaxed)
    }

    fn source(&self) -> impl TokenSource + 'static {
        let this = self.clone();
        move || {
            let this = this.clone();
            async move {
                this.requested.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_secs(1)).await;
                let next = this.left.lock().unwrap().pop_front();
                next.ok_or_else(|| "the token service is closed".into())
            }
        }
    }
}

fn bearer(service: &Service, source: impl TokenSource + 'static) -> BearerTransport<Service> {
    BearerTransport::new(service.clone(), &endpoint(), source)
}

fn cause(lost: &SendError) -> &TransportError {
    TransportError::find_in(lost).expect("a transport error among the sources")
}

#[tokio::test]
async fn tokens_are_sent_and_never_shown() {
    let service = Service::default();
    let transport = bearer(&service, Token::new(" secret\n").unwrap());
    transport.send(get()).await.unwrap();
    assert_eq!(service.seen(), ["Bearer secret"]);

    let tls = HttpsTransport::builder().root_certificates_pem(include_bytes!("fixtures/rsa.pem"));
    let token = Token::new("secret").unwrap();
    let shown = format!("{token:?}");
    let transport = BearerTransport::new(tls.build().unwrap(), &endpoint(), token);
    assert!(!format!("{shown} {transport:?}").contains("secret"), "{shown} {transport:?}");
}

#[test]
fn invalid_tokens_are_rejected_without_showing_them() {
    for text in ["", " \n", "Bearer secret", "secret\nX-Evil: yes", "sécret"] {
        let error = Token::new(text).unwrap_err();
        assert!(matches!(error, CredentialError::MalformedToken), "{text:?}");
        assert!(!format!("{error} {error:?}").contains("cret"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_are_renewed_before_they_expire() {
    let (service, tokens) = (Service::default(), Tokens::of(&["first", "second"], HOUR));
    let transport = bearer(&service, tokens.source());
    transport.send(get()).await.unwrap();
    tokio::time::advance(54 * MINUTE).await;
    transport.send(get()).await.unwrap();
    assert_eq!(service.seen(), ["Bearer first", "Bearer first"]);
    tokio::time::advance(MINUTE).await;
    transport.send(get()).await.unwrap();
    assert_eq!(service.seen(), ["Bearer second"]);
}

#[tokio::test(start_paused = true)]
async fn short_lived_tokens_are_renewed_half_way() {
    let (service, tokens) = (Service::default(), Tokens::of(&["first", "second"], 2 * MINUTE));
    let transport = bearer(&service, tokens.source());
    transport.send(get()).await.unwrap();
    tokio::time::advance(Duration::from_secs(58)).await;
    transport.send(get()).await.unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
    transport.send(get()).await.unwrap();
    assert_eq!(service.seen(), ["Bearer first", "Bearer first", "Bearer second"]);
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_one_renewal() {
    let (service, tokens) = (Service::default(), Tokens::of(&["first", "second", "third"], HOUR));
    let transport = bearer(&service, tokens.source());
    let all = || async {
        tokio::join!(transport.send(get()), transport.send(get()), transport.send(get()))
    };
    let (a, b, c) = all().await;
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(tokens.requested(), 1);

    // The same after a rejection: concurrent calls wait for the new token.
    service.seen();
    service.refuse(&["first"]);
    let (a, b, c) = all().await;
    assert!([a, b, c].iter().all(|reply| reply.as_ref().unwrap().status() == StatusCode::OK));
    assert_eq!(tokens.requested(), 2);
    assert_eq!(service.seen(), ["Bearer first", "Bearer second", "Bearer second", "Bearer second"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_renewed_and_the_request_retried_once() {
    let tokens = Tokens::of(&["first", "second", "third"], HOUR);
    let service = Service::refusing(&["first"]);
    let transport = bearer(&service, tokens.source());
    assert_eq!(transport.send(get()).await.unwrap().status(), StatusCode::OK);
    assert_eq!(service.seen(), ["Bearer first", "Bearer second"]);

    service.refuse(&["second", "third"]);
    assert_eq!(transport.send(get()).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(service.seen(), ["Bearer second", "Bearer third"]);
}

#[tokio::test]
async fn a_static_token_is_tried_once() {
    let service = Service::refusing(&["only"]);
    let transport = bearer(&service, Token::new("only").unwrap());
    assert_eq!(transport.send(get()).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(service.seen(), ["Bearer only"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_names_the_reason_for_the_failed_renewal() {
    let service = Service::refusing(&["first"]);
    let transport = bearer(&service, Tokens::of(&["first"], HOUR).source());
    let response = transport.send(get()).await.unwrap();
    let error = Endpoint::response::<GetCloudServiceProperties>(&response).unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    let cause = TransportError::find_in(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::TokenUnavailable);
    assert_eq!(cause.source().unwrap().to_string(), "the token service is closed");
}

#[tokio::test(start_paused = true)]
async fn the_old_token_is_used_until_it_expires_if_renewal_fails() {
    let (service, tokens) = (Service::default(), Tokens::of(&["first"], HOUR));
    let transport = bearer(&service, tokens.source());
    transport.send(get()).await.unwrap();
    tokio::time::advance(58 * MINUTE).await;
    transport.send(get()).await.unwrap();
    assert_eq!((service.seen().len(), tokens.requested()), (2, 2));

    tokio::time::advance(2 * MINUTE).await;
    let lost = transport.send(get()).await.unwrap_err();
    assert!(!lost.is_ambiguous() && !lost.is_permanent());
    assert_eq!(cause(&lost).kind(), TransportErrorKind::TokenUnavailable);
    assert_eq!(service.seen(), [""; 0]);
}

#[tokio::test]
async fn tokens_are_sent_to_no_other_host() {
    let service = Service::default();
    let transport = bearer(&service, Token::new("secret").unwrap());
    for address in [
        "http://management.example.net/services",
        "https://management.example.com/services",
        "https://management.example.net:8443/services",
    ] {
        let lost = transport.send(to(address)).await.unwrap_err();
        assert!(lost.is_permanent(), "{address}");
        assert_eq!(cause(&lost).kind(), TransportErrorKind::TokenWithheld);
        assert!(!format!("{lost:?} {}", cause(&lost)).contains("secret"));
    }
    assert_eq!(service.seen(), [""; 0]);

    transport.send(to("https://usnorth.management.example.net/services")).await.unwrap();
    assert_eq!(service.seen(), ["Bearer secret"]);
}

#[tokio::test]
async fn a_certificate_and_a_token_are_not_sent_together() {
    let pem = include_bytes!("fixtures/rsa.pem");
    let below = HttpsTransport::builder()
        .identity(Identity::from_pem(pem).unwrap())
        .root_certificates_pem(pem)
        .build()
        .unwrap();
    let transport = BearerTransport::new(below, &endpoint(), Token::new("secret").unwrap());
    let lost = transport.send(get()).await.unwrap_err();
    assert!(lost.is_permanent());
    assert_eq!(cause(&lost).kind(), TransportErrorKind::CertificateAndToken);
}
