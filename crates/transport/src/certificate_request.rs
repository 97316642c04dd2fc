//! Whether a server has asked for the client certificate in a handshake.
//!
//! rustls asks for a certificate without saying on whose behalf, and one configuration serves all
//! servers; so the connector notes for which server a handshake is being made. Per connection would not
//! do: a resumed session is not asked again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use http::uri::Authority;
use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;

tokio::task_local! {
    /// Host and port of the server with which this task is making a handshake.
    static SERVER: String;
}

/// The servers that have asked, as long as a transport lives.
#[derive(Debug, Clone, Default)]
pub(crate) struct CertificateRequests(Arc<Mutex<HashSet<String>>>);

impl CertificateRequests {
    /// Makes a connection in which a request for the certificate is noted for this server.
    pub(crate) async fn note<F: Future>(server: &Authority, connecting: F) -> F::Output {
        SERVER.scope(key(server.as_str()), connecting).await
    }

    pub(crate) fn came_from(&self, server: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&key(server))
    }

    fn came(&self) {
        // Outside of a scope there is no connector of ours, and nobody who would ask later.
        let _ = SERVER.try_with(|server| {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(server.clone())
        });
    }
}

fn key(server: &str) -> String {
    server.to_ascii_lowercase()
}

/// Presents the one certificate whenever a server asks, and notes that it did.
#[derive(Debug)]
pub(crate) struct ClientCertResolver {
    pub(crate) key: Arc<CertifiedKey>,
    pub(crate) requests: CertificateRequests,
}

impl ResolvesClientCert for ClientCertResolver {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.requests.came();
        Some(Arc::clone(&self.key))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
