//! Certificates that OpenSSL made: one with an elliptic key, one with an RSA key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

pub(crate) const EC_PEM: &str = include_str!("../../../credentials/tests/fixtures/ec.pem");
pub(crate) const RSA_PEM: &str = include_str!("../../../credentials/tests/fixtures/rsa.pem");

/// What `openssl x509 -noout -fingerprint -sha1` says.
pub(crate) const EC: &str = "4F0FE6BBAADD809155508F2B3EC72A2996AA8C21";
pub(crate) const RSA: &str = "6740A0B2DECFF6CC5ACD90B8C9F64BAC1B4671B6";

pub(crate) fn der(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
}

/// The base64 of the certificate's DER form.
pub(crate) fn data(pem: &str) -> String {
    STANDARD.encode(der(pem))
}

/// The `RSAPublicKey` of a certificate: the last 270 bytes before its extensions, found by how a
/// modulus of 2048 bits begins.
pub(crate) fn rsa_public_key() -> String {
    let der = der(RSA_PEM);
    let prefix = [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01];
    let at = der.windows(prefix.len()).position(|window| window == prefix).unwrap();
    STANDARD.encode(&der[at..at + 270])
}

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../credentials/tests/fixtures/", $name))
    };
}
pub(crate) use fixture;
