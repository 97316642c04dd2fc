use std::error::Error as StdError;
use std::fmt;

use azure_classic_credentials::{FileKind, OpenError};

use crate::provider::USABLE_KEYS;

/// A certificate, a key or a set of root certificates that cannot be used.
///
/// `Display` says what is wrong with it and what to do; it never shows key material.
#[derive(Debug)]
#[non_exhaustive]
pub enum CredentialError {
    /// There is no certificate.
    NoCertificate,
    /// There is no private key.
    NoPrivateKey,
    /// The private key is encrypted with a passphrase.
    EncryptedPrivateKey,
    /// The file or the encrypted key cannot be opened; the [`OpenError`] says whether the password is
    /// wrong.
    CannotOpen(OpenError),
    /// A section has no end, or is not base64.
    DamagedPem(Box<dyn StdError + Send + Sync>),
    /// The `CERTIFICATE` section holds something else than an X.509 certificate.
    NotACertificate,
    /// The RSA key is shorter than the 2048 bits that TLS libraries of today demand.
    RsaKeyTooShort {
        /// The key's length.
        bits: usize,
    },
    /// The RSA key is longer than the TLS library signs with.
    RsaKeyTooLong {
        /// The key's length.
        bits: usize,
        /// The longest.
        limit: usize,
    },
    /// The private key is of a kind that is not supported, or damaged.
    UnusablePrivateKey(Box<dyn StdError + Send + Sync>),
    /// None of the certificates is about the private key.
    KeyMismatch,
    /// The token is empty, or has characters that no token has.
    MalformedToken,
    /// The root certificates given hold no certificate.
    NoRootCertificate {
        /// What the file is.
        kind: FileKind,
    },
    /// One of the root certificates given cannot be trusted as such.
    UnusableRootCertificate(Box<dyn StdError + Send + Sync>),
    /// The root certificates of the operating system cannot be read.
    PlatformRootsUnavailable(Box<dyn StdError + Send + Sync>),
    /// The client certificate cannot be used with the TLS settings.
    UnusableTlsSettings(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCertificate => {
                "no certificate found, only a private key; give the certificate, too: PEM \
                 (-----BEGIN CERTIFICATE-----), or DER (.cer)"
            }
            Self::NoPrivateKey => {
                "no private key found, only the certificate that the service is given; give its private \
                 key, too: PEM (-----BEGIN PRIVATE KEY-----) or DER, or export both in one file (.pfx)"
            }
            Self::EncryptedPrivateKey => {
                "the private key is encrypted: give its passphrase, or decrypt it with \
                 `openssl pkey -in encrypted.pem -out key.pem`"
            }
            // It is the same failure under another roof, not its cause.
            Self::CannotOpen(error) => return error.fmt(f),
            Self::DamagedPem(_) => "the PEM text is damaged",
            Self::NotACertificate => {
                "the section -----BEGIN CERTIFICATE----- does not hold an X.509 certificate"
            }
            Self::RsaKeyTooShort { bits } => {
                return write!(
                    f,
                    "the RSA key has {bits} bits, and at least 2048 are needed: make a new key and \
                     certificate"
                );
            }
            Self::RsaKeyTooLong { bits, limit } => {
                return write!(
                    f,
                    "the RSA key has {bits} bits, and at most {limit} are possible: make a new key and \
                     certificate"
                );
            }
            Self::UnusablePrivateKey(_) => {
                return write!(f, "the private key cannot be used: it must be {USABLE_KEYS}");
            }
            Self::KeyMismatch => {
                "the certificate and the private key do not belong together"
            }
            Self::MalformedToken => {
                "the bearer token is empty or has characters that no token has: give its text alone, \
                 without the word Bearer"
            }
            Self::NoRootCertificate { kind } => {
                return write!(
                    f,
                    "no root certificate found in {kind}: give certificates in PEM \
                     (-----BEGIN CERTIFICATE-----) or DER (.cer)"
                );
            }
            Self::UnusableRootCertificate(_) => "a root certificate cannot be read",
            Self::PlatformRootsUnavailable(_) => {
                "the root certificates of the operating system cannot be read: install them \
                 (`ca-certificates` on most Linux systems), or give root certificates"
            }
            Self::UnusableTlsSettings(_) => "TLS cannot be set up",
        })
    }
}

impl StdError for CredentialError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::DamagedPem(source)
            | Self::UnusablePrivateKey(source)
            | Self::UnusableRootCertificate(source)
            | Self::PlatformRootsUnavailable(source)
            | Self::UnusableTlsSettings(source) => Some(&**source),
            _ => None,
        }
    }
}

impl From<OpenError> for CredentialError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::DamagedPem { what } => Self::DamagedPem(what.into()),
            other => Self::CannotOpen(other),
        }
    }
}
