use std::sync::atomic::{AtomicUsize, Ordering};

use azure_classic::protocol::Bytes;
use azure_classic::{HttpsTransport, ResponseFuture, Transport};
use http::Request;

/// A transport that counts the requests that it carries.
pub(super) struct CountingTransport {
    inner: HttpsTransport,
    requests: AtomicUsize,
}

impl CountingTransport {
    pub(super) fn new(carrier: HttpsTransport) -> Self {
        Self { inner: carrier, requests: AtomicUsize::new(0) }
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Transport for CountingTransport {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.inner.send(request)
    }
}
