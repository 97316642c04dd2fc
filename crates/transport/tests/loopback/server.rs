use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, HandshakeKind, RootCertStore, ServerConfig,
    SignatureScheme,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::pki::{Authority, Credential};

pub(crate) type Versions = &'static [&'static rustls::SupportedProtocolVersion];

/// A TLS server on a free port, stopped with the test's runtime.
pub(crate) struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
}

/// One connection, after its handshake.
pub(crate) struct Link {
    stream: TlsStream<TcpStream>,
    unread: Vec<u8>,
}

impl Server {
    /// Does not request a certificate.
    pub(crate) async fn open<F>(
        authority: &Authority,
        play: impl Fn(Link) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let credential = authority.server(&["127.0.0.1", "localhost"]);
        Self::start(rustls::ALL_VERSIONS, &credential, None, play).await
    }

    /// Requires a client certificate signed by the authority.
    pub(crate) async fn demanding<F>(
        authority: &Authority,
        versions: Versions,
        play: impl Fn(Link) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
        let credential = authority.server(&["127.0.0.1", "localhost"]);
        Self::start(versions, &credential, Some(verifier.build().unwrap()), play).await
    }

    /// Requires a client certificate and accepts any, as the live service does.
    pub(crate) async fn curious<F>(
        authority: &Authority,
        versions: Versions,
        play: impl Fn(Link) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let schemes = provider().signature_verification_algorithms.supported_schemes();
        Self::curious_about(authority, versions, schemes, play).await
    }

    /// Requires a client certificate and accepts any whose key supports one of these signature schemes.
    pub(crate) async fn curious_about<F>(
        authority: &Authority,
        versions: Versions,
        schemes: Vec<SignatureScheme>,
        play: impl Fn(Link) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let credential = authority.server(&["127.0.0.1", "localhost"]);
        let verifier = AnyCertificate { provider: provider(), schemes };
        Self::start(versions, &credential, Some(Arc::new(verifier)), play).await
    }

    pub(crate) async fn start<F>(
        versions: Versions,
        credential: &Credential,
        verifier: Option<Arc<dyn ClientCertVerifier>>,
        play: impl Fn(Link) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(versions)
            .unwrap();
        let builder = match verifier {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let config =
            builder.with_single_cert(vec![credential.certificate()], credential.key()).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                // A failed handshake has sent its alert; there is no request to serve.
                let Ok(stream) = acceptor.accept(tcp).await else {
                    continue;
                };
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(play(Link { stream, unread: Vec::new() }));
            }
        });
        Self { port, connections }
    }

    pub(crate) fn address(&self) -> String {
        format!("https://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The number of completed handshakes.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Link {
    /// Reads a whole request, head and body; `None` if the client has closed.
    pub(crate) async fn request(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.end_of_request() {
                let rest = self.unread.split_off(end);
                let request = std::mem::replace(&mut self.unread, rest);
                return Some(String::from_utf8(request).unwrap());
            }
            if self.stream.read_buf(&mut self.unread).await.ok()? == 0 {
                return None;
            }
        }
    }

    fn end_of_request(&self) -> Option<usize> {
        let head_end = self.unread.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&self.unread[..head_end]).unwrap().to_lowercase();
        let length = head
            .split("\r\n")
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        Some(head_end + length).filter(|end| self.unread.len() >= *end)
    }

    /// Whether the bytes were written. A client that rejected the response is gone, as some tests intend.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok() && self.stream.flush().await.is_ok()
    }

    /// Responds to requests with 200 and the output of `body`, until the client closes.
    pub(crate) async fn serve(mut self, body: impl Fn(&str) -> String) {
        while let Some(request) = self.request().await {
            let body = body(&request);
            self.write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
                .await;
        }
    }

    /// Reads one request, sends `response`, and closes the connection with or without a TLS close.
    pub(crate) async fn say_and_close(mut self, response: &[u8], properly: bool) {
        self.request().await;
        self.write(response).await;
        if properly {
            let _ = self.stream.shutdown().await;
        }
    }

    /// Whether the handshake resumed an earlier session.
    pub(crate) fn is_resumed(&self) -> bool {
        self.stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed)
    }

    pub(crate) fn client_certificate(&self) -> CertificateDer<'static> {
        self.stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Accepts any certificate whose key the client has.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
    schemes: Vec<SignatureScheme>,
}

impl ClientCertVerifier for AnyCertificate {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}
