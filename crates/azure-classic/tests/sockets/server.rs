use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use azure_classic::{HttpsTransport, HttpsTransportBuilder, Identity};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// An authority with one server certificate and one client certificate.
pub(crate) struct Pki {
    authority: String,
    server: String,
    client: Option<String>,
}

impl Pki {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let issue = |names: &[&str], purpose| {
            let names = names.iter().map(ToString::to_string).collect::<Vec<_>>();
            let mut params = CertificateParams::new(names).unwrap();
            params.extended_key_usages.push(purpose);
            let key = KeyPair::generate().unwrap();
            params.signed_by(&key, &issuer).unwrap().pem() + &key.serialize_pem()
        };
        let server = issue(&["127.0.0.1", "localhost"], ExtendedKeyUsagePurpose::ServerAuth);
        let client = issue(&[], ExtendedKeyUsagePurpose::ClientAuth);
        Self { authority, server, client: Some(client) }
    }

    /// Without a client certificate; the servers then do not require one.
    pub(crate) fn without_client() -> Self {
        Self { client: None, ..Self::new() }
    }

    /// Settings that trust the servers and present the client certificate, if there is one.
    pub(crate) fn transport(&self) -> HttpsTransportBuilder {
        let trusting = HttpsTransport::builder().root_certificates_pem(self.authority.as_bytes());
        match &self.client {
            Some(pem) => trusting.identity(Identity::from_pem(pem.as_bytes()).unwrap()),
            None => trusting,
        }
    }

    fn acceptor(&self) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(certificate(&self.authority)).unwrap();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let verifier =
            if self.client.is_some() { verifier } else { verifier.allow_unauthenticated() };
        let key = PrivateKeyDer::from_pem_slice(self.server.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(vec![certificate(&self.server)], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

/// A server on a free port of `127.0.0.1` that requires the client certificate and records its requests. It
/// stops with the test's runtime.
pub(crate) struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// One connection.
pub(crate) struct Link {
    /// The number of the connection, from 0.
    pub(crate) number: usize,
    stream: TlsStream<TcpStream>,
    unread: Vec<u8>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Runs the script for each connection after its handshake, and disconnects when the script ends.
    pub(crate) async fn start<F>(pki: &Pki, play: impl Fn(Link) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self::start_after(0, pki, play).await
    }

    /// Does the same as [`start`](Self::start), and disconnects the first connections before their handshake.
    pub(crate) async fn start_after<F>(
        cut: usize,
        pki: &Pki,
        play: impl Fn(Link) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let acceptor = pki.acceptor();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (counter, log) = (Arc::clone(&connections), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                if number < cut {
                    continue;
                }
                let Ok(stream) = acceptor.accept(tcp).await else { continue };
                let requests = Arc::clone(&log);
                tokio::spawn(play(Link { number, stream, unread: Vec::new(), requests }));
            }
        });
        Self { port, connections, requests }
    }

    pub(crate) fn address(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Every complete request, in the order of arrival.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Link {
    /// Reads a whole request and records it; `None` if the client has closed.
    pub(crate) async fn request(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.end_of_request() {
                let rest = self.unread.split_off(end);
                let request = std::mem::replace(&mut self.unread, rest);
                let request = String::from_utf8(request).unwrap();
                self.requests.lock().unwrap().push(request.clone());
                return Some(request);
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

    /// Sends bytes, unless the client has gone.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
        let _ = self.stream.flush().await;
    }

    /// Closes TLS properly.
    pub(crate) async fn close(&mut self) {
        let _ = self.stream.shutdown().await;
    }
}
