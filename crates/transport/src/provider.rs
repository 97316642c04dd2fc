//! The cryptography behind TLS, chosen when the crate is built and handed to rustls explicitly.
//!
//! rustls would otherwise look for one default per process, and panic where a program enables two.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;

// aws-lc-rs wins: somebody has asked for it, while ring may be on only because it is the default.
#[cfg(feature = "aws-lc-rs")]
use rustls::crypto::aws_lc_rs as chosen;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use rustls::crypto::ring as chosen;

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
compile_error!("enable the feature `ring` (default) or `aws-lc-rs` of azure-classic-transport");

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(chosen::default_provider())
}

/// Takes the key by reference, so that the caller can wipe it; the provider's own `KeyProvider` eats it.
pub(crate) fn signing_key(key: &PrivateKeyDer<'_>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
    chosen::sign::any_supported_type(key)
}
