use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::CredentialError;
use crate::der;
use crate::provider::signing_key;

/// Who we are to the service: a management certificate with its private key.
///
/// Cheap to clone. `Debug` shows the thumbprint and nothing of the key. The decoded key is wiped as
/// soon as it is loaded; the loaded form stays in memory as long as a clone does, and the cryptography
/// library does not promise to wipe that.
///
/// Neither trust nor expiry is checked here: a management certificate is usually signed by itself, and
/// the service decides by its thumbprint. What old recipes made is taken too: X.509 version 1,
/// certificates marked as an authority, SHA-1 signatures.
#[derive(Clone)]
pub struct Identity {
    key: Arc<CertifiedKey>,
}

impl Identity {
    /// Reads certificate and private key from one PEM text, in any order.
    ///
    /// Keys may be PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`).
    /// Of several certificates the one that belongs to the key comes first and the others follow as
    /// its chain. Text between the sections, as `openssl pkcs12` writes it, is ignored.
    ///
    /// # Errors
    ///
    /// A [`CredentialError`] that says what is missing or wrong.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use azure_classic_transport::Identity;
    ///
    /// let identity = Identity::from_pem(&std::fs::read("management.pem")?)?;
    /// println!("using the certificate {}", identity.thumbprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_pem(certificate_and_key: &[u8]) -> Result<Self, CredentialError> {
        Self::from_pem_pair(certificate_and_key, certificate_and_key)
    }

    /// Reads the certificate from one PEM text and the private key from another.
    ///
    /// # Errors
    ///
    /// As for [`from_pem`](Self::from_pem).
    pub fn from_pem_pair(certificate: &[u8], key: &[u8]) -> Result<Self, CredentialError> {
        let mut chain = certificates(certificate)?;
        if chain.is_empty() {
            return Err(CredentialError::NoCertificate);
        }
        let key = private_key(key)?;
        let key = signing_key(&key).map_err(|error| refused(&key, error))?;
        let key_info = key.public_key();
        let mut owner = None;
        for (at, certificate) in chain.iter().enumerate() {
            let public_key =
                der::public_key_of(certificate).ok_or(CredentialError::NotACertificate)?;
            if key_info.as_deref() == Some(public_key) {
                owner = owner.or(Some(at));
            }
        }
        let owner = owner.ok_or(CredentialError::KeyOfAnotherCertificate)?;
        chain[..=owner].rotate_right(1);
        Ok(Self { key: Arc::new(CertifiedKey::new(chain, key)) })
    }

    /// The SHA-1 of the certificate, as 40 upper-case hexadecimal digits: how portals and the service
    /// name it.
    pub fn thumbprint(&self) -> String {
        let mut text = String::with_capacity(40);
        for byte in Sha1::digest(&self.key.cert[0]) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
        }
        text
    }

    pub(crate) fn certified_key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.key)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("thumbprint", &self.thumbprint()).finish_non_exhaustive()
    }
}

/// The certificates of a PEM text, in order; none is not an error here.
pub(crate) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, CredentialError> {
    CertificateDer::pem_slice_iter(without_mark(text))
        .collect::<Result<_, _>>()
        .map_err(|error| damaged(&error))
}

fn private_key(text: &[u8]) -> Result<Zeroizing<PrivateKeyDer<'static>>, CredentialError> {
    // rustls passes over encrypted keys as over any unknown section, and would report no key at all.
    let is_encrypted = ["-----BEGIN ENCRYPTED PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED"]
        .iter()
        .any(|mark| text.windows(mark.len()).any(|window| window == mark.as_bytes()));
    if is_encrypted {
        return Err(CredentialError::EncryptedPrivateKey);
    }
    match PrivateKeyDer::from_pem_slice(without_mark(text)) {
        Ok(key) => Ok(Zeroizing::new(key)),
        Err(pem::Error::NoItemsFound) => Err(CredentialError::NoPrivateKey),
        Err(error) => Err(damaged(&error)),
    }
}

/// Without the byte order mark that some editors put before the first line.
fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

fn damaged(error: &pem::Error) -> CredentialError {
    // The library's message quotes the offending line, which may be key material.
    let what = match error {
        pem::Error::MissingSectionEnd { .. } => "a section has no -----END line",
        pem::Error::IllegalSectionStart { .. } => "a -----BEGIN line is malformed",
        pem::Error::SectionTooLarge => "a section is too long",
        _ => "a section is not base64",
    };
    CredentialError::DamagedPem(what.into())
}

fn refused(key: &PrivateKeyDer<'_>, error: rustls::Error) -> CredentialError {
    let rsa_bits = match key {
        PrivateKeyDer::Pkcs1(key) => der::rsa_bits(key.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(key) => der::rsa_bits(key.secret_pkcs8_der()),
        _ => None,
    };
    match rsa_bits {
        Some(bits) if bits < 2048 => CredentialError::RsaKeyTooShort { bits },
        _ => CredentialError::UnusablePrivateKey(Box::new(error)),
    }
}
