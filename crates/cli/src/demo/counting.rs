use std::sync::atomic::{AtomicUsize, Ordering};

use azure_classic::protocol::Bytes;
use azure_classic::{HttpsTransport, Sending, Transport};
use http::Request;

/// A transport that counts the requests that it carries.
pub(super) struct Counting {
    carrier: HttpsTransport,
    requests: AtomicUsize,
}

impl Counting {
    pub(super) fn new(carrier: HttpsTransport) -> Self {
        Self { carrier, requests: AtomicUsize::new(0) }
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Transport for Counting {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.carrier.send(request)
    }
}
