//! The cryptography behind TLS, chosen at build time and passed to rustls explicitly.
//!
//! Otherwise rustls would look for one default per process, and panic if a program enables two.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;

// aws-lc-rs wins: it is on only by choice, while ring may be on because it is the default.
#[cfg(feature = "aws-lc-rs")]
use rustls::crypto::aws_lc_rs as chosen;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use rustls::crypto::ring as chosen;

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
compile_error!("enable the feature `ring` (default) or `aws-lc-rs` of azure-classic-transport");

/// The longest RSA key that the library signs with. (It verifies longer ones.)
#[cfg(feature = "aws-lc-rs")]
pub(crate) const MAX_RSA_BITS: usize = 8192;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
pub(crate) const MAX_RSA_BITS: usize = 4096;

/// The supported private keys.
#[cfg(feature = "aws-lc-rs")]
pub(crate) const USABLE_KEYS: &str =
    "RSA of 2048 to 8192 bits, ECDSA on P-256, P-384 or P-521, or Ed25519";
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
pub(crate) const USABLE_KEYS: &str = "RSA of 2048 to 4096 bits in steps of 512 with an exponent of 65537 or \
                                      more, ECDSA on P-256 or P-384, or Ed25519";

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(chosen::default_provider())
}

/// Takes the key by reference, so that the caller can wipe it; the provider's own `KeyProvider` consumes it.
pub(crate) fn signing_key(key: &PrivateKeyDer<'_>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
    chosen::sign::any_supported_type(key)
}
