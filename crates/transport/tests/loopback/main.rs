//! Tests the transport against a TLS server on loopback that each test scripts.

mod credentials;
mod handshake;
mod pki;
mod proxy;
mod reuse;
mod server;
mod wire;

use azure_classic_transport::{
    HttpsTransport, HttpsTransportBuilder, SendError, TransportError, TransportErrorKind,
};
use bytes::Bytes;
use http::{Request, Response};

use self::pki::Authority;

/// Settings that trust the authority.
fn trusting(authority: &Authority) -> HttpsTransportBuilder {
    HttpsTransport::builder().root_certificates_pem(authority.pem().as_bytes())
}

fn get(address: &str) -> Request<Bytes> {
    Request::get(address).body(Bytes::new()).unwrap()
}

fn text(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

/// The kind of a failed request, and whether it may have been sent.
fn verdict(lost: &SendError) -> (TransportErrorKind, bool) {
    (explained(lost).kind(), lost.is_ambiguous())
}

fn explained(lost: &SendError) -> &TransportError {
    TransportError::find_in(lost).expect("a lost request has a transport error as its source")
}
