//! Refusals by servers that asked for the client certificate, and by servers that did not.

use std::error::Error as _;
use std::sync::Arc;

use azure_classic_protocol::{Endpoint, Error, GetCloudServiceProperties};
use azure_classic_transport::{
    HttpsTransport, Identity, Transport, TransportError, TransportErrorKind,
};
use bytes::Bytes;
use http::Request;
use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Never,
    InHandshake,
}

/// A server that answers each connection's request as told, and closes it.
struct Server {
    address: String,
    root: String,
    /// Known to it.
    client: Identity,
}

/// An authority, and a client's certificate that it has signed.
fn client() -> (Certificate, Identity) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::default().signed_by(&key, &authority).unwrap();
    let pem = certificate.pem() + &key.serialize_pem();
    (authority.as_ref().clone(), Identity::from_pem(pem.as_bytes()).unwrap())
}

impl Server {
    async fn start(
        asks: Asks,
        version: &'static SupportedProtocolVersion,
        answer: &'static str,
    ) -> Self {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (issuer, client) = client();
        let provider = Arc::new(default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[version])
            .unwrap();
        let builder = match asks {
            Asks::Never => builder.with_no_client_auth(),
            Asks::InHandshake => {
                let mut roots = RootCertStore::empty();
                roots.add(issuer.der().clone()).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
        let config = builder.with_single_cert(vec![own.cert.der().clone()], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), answer));
        Self { address, root: own.cert.pem(), client }
    }

    fn transport(&self) -> HttpsTransport {
        HttpsTransport::builder()
            .identity(self.client.clone())
            .root_certificates_pem(self.root.as_bytes())
            .build()
            .unwrap()
    }

    fn request(&self) -> Request<Bytes> {
        Request::get(format!("{}/services", self.address)).body(Bytes::new()).unwrap()
    }

    async fn refusal(&self, transport: &HttpsTransport) -> Error {
        let answer = transport.send(self.request()).await.unwrap();
        Endpoint::response::<GetCloudServiceProperties>(&answer).unwrap_err()
    }
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, answer: &'static str) {
    loop {
        let (tcp, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = tls.accept(tcp).await else { continue };
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => break,
            }
        }
        // A client that is gone is no concern of the server's.
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_refusal_by_a_server_that_did_not_ask_says_so() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = Server::start(Asks::Never, version, FORBIDDEN).await;
        let transport = server.transport();
        // The second connection resumes the session of the first.
        for _ in 0..2 {
            let error = server.refusal(&transport).await;
            let cause = TransportError::of(&error).expect("a likely cause");
            assert_eq!(cause.kind(), TransportErrorKind::CertificateNotRequested);
            assert!(cause.to_string().contains("by renegotiation"), "{cause}");
        }
    }
}

#[tokio::test]
async fn a_refusal_by_a_server_that_asked_is_its_own_word() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = Server::start(Asks::InHandshake, version, FORBIDDEN).await;
        let transport = server.transport();
        for _ in 0..2 {
            let error = server.refusal(&transport).await;
            assert!(error.source().is_none(), "{:?}", error.source());
        }
    }
}

#[tokio::test]
async fn without_a_certificate_nothing_is_said_of_one() {
    let server = Server::start(Asks::Never, &rustls::version::TLS13, FORBIDDEN).await;
    let transport =
        HttpsTransport::builder().root_certificates_pem(server.root.as_bytes()).build().unwrap();
    assert!(server.refusal(&transport).await.source().is_none());
}

#[tokio::test]
async fn another_answer_than_a_refusal_has_no_cause() {
    let not_found = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let server = Server::start(Asks::Never, &rustls::version::TLS13, not_found).await;
    assert!(server.refusal(&server.transport()).await.source().is_none());
}

#[tokio::test]
async fn a_connection_cut_by_a_server_that_did_not_ask_names_the_possibility() {
    let server = Server::start(Asks::Never, &rustls::version::TLS12, "").await;
    let lost = server.transport().send(server.request()).await.unwrap_err();
    assert!(lost.is_maybe_sent());
    let cause = TransportError::of(&lost).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::ConnectionLost);
    assert!(cause.to_string().contains("has not asked for the client certificate"), "{cause}");
}
