use std::error::Error as StdError;
use std::fmt;

use azure_classic_credentials::OpenError;

/// A certificate, a key or a set of root certificates that cannot be used.
///
/// `Display` says what is wrong with it and what to do; it never shows key material.
#[derive(Debug)]
#[non_exhaustive]
pub enum CredentialError {
    /// There is no `CERTIFICATE` section.
    NoCertificate,
    /// There is no private key section.
    NoPrivateKey,
    /// The private key is encrypted with a passphrase.
    EncryptedPrivateKey,
    /// There is no private key in the PKCS#12 file.
    NoKeyInFile,
    /// The file or the encrypted key cannot be opened; the [`OpenError`] says whether the password is
    /// wrong.
    Unopened(OpenError),
    /// A section has no end, or is not base64.
    DamagedPem(Box<dyn StdError + Send + Sync>),
    /// The `CERTIFICATE` section holds something else than an X.509 certificate.
    NotACertificate,
    /// The RSA key is shorter than the 2048 bits that TLS libraries of today demand.
    RsaKeyTooShort {
        /// The key's length.
        bits: usize,
    },
    /// The private key is of a kind that is not supported, or damaged.
    UnusablePrivateKey(Box<dyn StdError + Send + Sync>),
    /// None of the certificates is about the private key.
    KeyOfAnotherCertificate,
    /// The token is empty, or has characters that no token has.
    MalformedToken,
    /// The root certificates given hold no certificate.
    NoRootCertificate,
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
                "no certificate found: a PEM text needs a section that begins with \
                 -----BEGIN CERTIFICATE-----"
            }
            Self::NoPrivateKey => {
                "no private key found: the PEM text needs a section that begins with \
                 -----BEGIN PRIVATE KEY-----, -----BEGIN RSA PRIVATE KEY----- or \
                 -----BEGIN EC PRIVATE KEY-----"
            }
            Self::EncryptedPrivateKey => {
                "the private key is encrypted: give its passphrase, or decrypt it with \
                 `openssl pkey -in encrypted.pem -out key.pem`"
            }
            Self::NoKeyInFile => {
                "the file has no private key: export it again together with its private key"
            }
            // It is the same failure under another roof, not its cause.
            Self::Unopened(error) => return error.fmt(f),
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
            Self::UnusablePrivateKey(_) => {
                "the private key cannot be used: it must be RSA of 2048 to 8192 bits, ECDSA on P-256 or P-384, or Ed25519"
            }
            Self::KeyOfAnotherCertificate => {
                "the certificate and the private key do not belong together"
            }
            Self::MalformedToken => {
                "the bearer token is empty or has characters that no token has: give its text alone, \
                 without the word Bearer"
            }
            Self::NoRootCertificate => {
                "no root certificate found: the PEM text needs a section that begins with \
                 -----BEGIN CERTIFICATE-----"
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
        Self::Unopened(error)
    }
}
