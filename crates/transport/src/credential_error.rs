use std::error::Error as StdError;
use std::fmt;

use azure_classic_credentials::{FileKind, OpenError};

use crate::provider::USABLE_KEYS;

/// A certificate, a key or a set of root certificates that cannot be used.
///
/// `Display` says what is wrong and how to fix it. It never shows key material.
#[derive(Debug)]
#[non_exhaustive]
pub enum CredentialError {
    /// There is no certificate.
    NoCertificate,
    /// There is no private key.
    NoPrivateKey,
    /// The private key is encrypted with a passphrase.
    EncryptedPrivateKey,
    /// The file or the encrypted key cannot be opened; the [`OpenError`] says whether the password is wrong.
    CannotOpen(OpenError),
    /// A section has no end, or is not base64.
    DamagedPem(Box<dyn StdError + Send + Sync>),
    /// The `CERTIFICATE` section does not contain an X.509 certificate.
    NotACertificate,
    /// The RSA key is shorter than 2048 bits, the minimum of current TLS libraries.
    RsaKeyTooShort {
        /// The length of the key, in bits.
        bits: usize,
    },
    /// The RSA key is longer than the TLS library supports for signatures.
    RsaKeyTooLong {
        /// The length of the key, in bits.
        bits: usize,
        /// The greatest supported length, in bits.
        limit: usize,
    },
    /// The private key has an unsupported type, or is damaged.
    UnusablePrivateKey(Box<dyn StdError + Send + Sync>),
    /// No certificate matches the private key.
    KeyMismatch,
    /// The token is empty, or has characters that are invalid in a token.
    MalformedToken,
    /// The given root certificates contain no certificate.
    NoRootCertificate {
        /// The kind of file found.
        kind: FileKind,
    },
    /// A given root certificate is not a valid trust anchor.
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
                "no certificate found, only a private key; also give the certificate: PEM (-----BEGIN CERTIFICATE-----) or DER (.cer)"
            }
            Self::NoPrivateKey => {
                "no private key found, only the certificate for the service; also give its private key: PEM (-----BEGIN PRIVATE KEY-----) or DER, or export both into one file (.pfx)"
            }
            Self::EncryptedPrivateKey => {
                "the private key is encrypted; give its passphrase, or decrypt it with `openssl pkey -in encrypted.pem -out key.pem`"
            }
            // The wrapped error is the same failure, not its cause.
            Self::CannotOpen(error) => return error.fmt(f),
            Self::DamagedPem(_) => "the PEM text is damaged",
            Self::NotACertificate => {
                "the section -----BEGIN CERTIFICATE----- does not contain an X.509 certificate"
            }
            Self::RsaKeyTooShort { bits } => {
                return write!(
                    f,
                    "the RSA key has {bits} bits, fewer than the required 2048; create a new key and certificate"
                );
            }
            Self::RsaKeyTooLong { bits, limit } => {
                return write!(
                    f,
                    "the RSA key has {bits} bits, more than the supported {limit}; create a new key and certificate"
                );
            }
            Self::UnusablePrivateKey(_) => {
                return write!(f, "unsupported or damaged private key; it must be {USABLE_KEYS}");
            }
            Self::KeyMismatch => {
                "the certificate and the private key do not match"
            }
            Self::MalformedToken => {
                "the bearer token is empty or has characters that are invalid in a token; give the token alone, without the prefix Bearer"
            }
            Self::NoRootCertificate { kind } => {
                return write!(
                    f,
                    "no root certificate found in {kind}; give certificates in PEM (-----BEGIN CERTIFICATE-----) or DER (.cer)"
                );
            }
            Self::UnusableRootCertificate(_) => "cannot read a root certificate",
            Self::PlatformRootsUnavailable(_) => {
                "cannot read the root certificates of the operating system; install them (`ca-certificates` on most Linux systems), or give root certificates"
            }
            Self::UnusableTlsSettings(_) => "cannot set up TLS",
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
