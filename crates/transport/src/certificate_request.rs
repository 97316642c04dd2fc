//! Records which servers requested the client certificate in a handshake.
//!
//! rustls does not say which server requests the certificate, and one configuration serves all servers. The
//! connector therefore notes the server of each handshake. A record per connection would be wrong: the server
//! does not request the certificate again when it resumes a session.

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

/// The servers that have requested the certificate during the lifetime of a transport.
#[derive(Debug, Clone, Default)]
pub(crate) struct CertificateRequests(Arc<Mutex<HashSet<String>>>);

impl CertificateRequests {
    /// Runs `connecting`, and attributes its requests for the certificate to this server.
    pub(crate) async fn note<F: Future>(server: &Authority, connecting: F) -> F::Output {
        SERVER.scope(key(server.as_str()), connecting).await
    }

    pub(crate) fn came_from(&self, server: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&key(server))
    }

    fn came(&self) {
        // Outside a scope no connector of this crate is running, so nothing reads the record.
        let _ = SERVER.try_with(|server| {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(server.clone())
        });
    }
}

fn key(server: &str) -> String {
    server.to_ascii_lowercase()
}

/// Presents the one certificate to every server that requests it, and records the request.
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
