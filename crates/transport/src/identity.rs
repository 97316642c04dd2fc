use std::fmt;
use std::sync::Arc;

use azure_classic_credentials::{Certificate, Pkcs12, rsa_bits};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use crate::CredentialError;
use crate::encrypted_pem::decrypted;
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
    certificate: Arc<Certificate>,
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
        let key = private_key(key, None)?;
        Self::new(certificates(certificate)?, &key)
    }

    /// Reads the certificate from one PEM text and the private key, encrypted with a passphrase
    /// (`ENCRYPTED PRIVATE KEY`, or OpenSSL's older `Proc-Type: 4,ENCRYPTED`), from another, which may
    /// be the same. A key that is not encrypted is taken, too.
    ///
    /// # Errors
    ///
    /// As for [`from_pem`](Self::from_pem), and [`CredentialError::Unopened`] for a wrong passphrase.
    pub fn from_encrypted_pem(
        certificate: &[u8],
        key: &[u8],
        passphrase: &str,
    ) -> Result<Self, CredentialError> {
        let key = private_key(key, Some(passphrase))?;
        Self::new(certificates(certificate)?, &key)
    }

    /// Reads certificate and private key from a PKCS#12 file (`.pfx`, `.p12`), of Windows, a portal or
    /// OpenSSL, old or new. An empty password stands for none, too.
    ///
    /// # Errors
    ///
    /// [`CredentialError::Unopened`] with a wrong password, or for a file that cannot be opened; as for
    /// [`from_pem`](Self::from_pem) when it holds no usable pair.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use azure_classic_transport::Identity;
    ///
    /// let identity = Identity::from_pkcs12(&std::fs::read("management.pfx")?, "secret")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_pkcs12(file: &[u8], password: &str) -> Result<Self, CredentialError> {
        Self::from_opened(&Pkcs12::open(file, password)?)
    }

    /// Takes certificate and private key from a PKCS#12 file that is open already, such as that of a
    /// [subscription](azure_classic_credentials::PublishedSubscription::certificate) in a
    /// `.publishsettings` file.
    ///
    /// # Errors
    ///
    /// As for [`from_pem`](Self::from_pem).
    pub fn from_opened(file: &Pkcs12) -> Result<Self, CredentialError> {
        let chain: Vec<_> = file.certificates.iter().cloned().map(CertificateDer::from).collect();
        let mut found = Err(CredentialError::NoKeyInFile);
        for key in &file.private_keys {
            let key = PrivatePkcs8KeyDer::from(key.secret_der());
            // Of several keys, the first that is of use.
            found = Self::new(chain.clone(), &PrivateKeyDer::from(key));
            if found.is_ok() {
                break;
            }
        }
        found
    }

    fn new(
        mut chain: Vec<CertificateDer<'static>>,
        key: &PrivateKeyDer<'_>,
    ) -> Result<Self, CredentialError> {
        if chain.is_empty() {
            return Err(CredentialError::NoCertificate);
        }
        let signing = signing_key(key).map_err(|error| refused(key, error))?;
        let public_key = signing.public_key();
        let mut owner = None;
        for (at, der) in chain.iter().enumerate() {
            let certificate =
                Certificate::parse(der.to_vec()).map_err(|_| CredentialError::NotACertificate)?;
            if owner.is_none() && public_key.as_deref() == Some(certificate.public_key()) {
                owner = Some((at, certificate));
            }
        }
        let (at, certificate) = owner.ok_or(CredentialError::KeyOfAnotherCertificate)?;
        chain[..=at].rotate_right(1);
        let key = Arc::new(CertifiedKey::new(chain, signing));
        Ok(Self { key, certificate: Arc::new(certificate) })
    }

    /// The SHA-1 of the certificate, as 40 upper-case hexadecimal digits: how portals and the service
    /// name it.
    pub fn thumbprint(&self) -> String {
        self.certificate.thumbprint()
    }

    /// The certificate that belongs to the key.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
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

fn private_key(
    text: &[u8],
    passphrase: Option<&str>,
) -> Result<Zeroizing<PrivateKeyDer<'static>>, CredentialError> {
    if let Some(key) = decrypted(text, passphrase)? {
        return Ok(key);
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
        PrivateKeyDer::Pkcs1(key) => rsa_bits(key.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(key) => rsa_bits(key.secret_pkcs8_der()),
        _ => None,
    };
    match rsa_bits {
        Some(bits) if bits < 2048 => CredentialError::RsaKeyTooShort { bits },
        _ => CredentialError::UnusablePrivateKey(Box::new(error)),
    }
}
