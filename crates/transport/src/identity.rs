use std::fmt;
use std::sync::Arc;

use azure_classic_credentials::{
    Certificate, CredentialContents, CredentialFile, KeyFormat, OpenError, Pkcs12, PrivateKey,
    rsa_bits,
};
use rustls::pki_types::{
    CertificateDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use rustls::sign::{CertifiedKey, SigningKey};

use crate::CredentialError;
use crate::provider::{MAX_RSA_BITS, signing_key};

/// The client's identity for the service: a management certificate with its private key.
///
/// A clone is cheap. `Debug` shows the thumbprint, and nothing of the key. The decoded key is wiped after
/// loading. The loaded form stays in memory while a clone exists, and the cryptography library does not
/// promise to wipe it.
///
/// It checks neither trust nor expiry: management certificates are usually self-signed, and the service
/// identifies them by thumbprint. It also accepts certificates that old instructions produced: X.509 version
/// 1, certificates marked as an authority, SHA-1 signatures.
#[derive(Clone)]
pub struct Identity {
    key: Arc<CertifiedKey>,
    certificate: Arc<Certificate>,
}

impl Identity {
    /// Reads certificate and private key from one file: PEM in any order, PKCS#12 (`.pfx`, `.p12`), or base64
    /// of it. It detects the format by the content.
    ///
    /// If there are several certificates, the one that matches the key comes first and the others follow as
    /// its chain. PEM keys may be PKCS#8, PKCS#1 or SEC1, and encrypted, also in the traditional format
    /// (`Proc-Type: 4,ENCRYPTED`). Other sections, and text between sections, are ignored. For PKCS#12, no
    /// password and an empty password are the same.
    ///
    /// # Errors
    ///
    /// A [`CredentialError`] that says what is missing or wrong, or what kind of file it is.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use azure_classic_transport::Identity;
    ///
    /// let identity = Identity::from_file(&std::fs::read("management.pfx")?, Some("secret"))?;
    /// println!("using the certificate {}", identity.thumbprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_file(file: &[u8], password: Option<&str>) -> Result<Self, CredentialError> {
        Self::from_contents(&CredentialFile::recognize(file).open(password)?)
    }

    /// Reads the certificate from one file and the private key from another, each in a format that
    /// [`from_file`](Self::from_file) takes, or DER: `management.cer` beside `management.key`. The password
    /// applies to both.
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file).
    pub fn from_files(
        certificate: &[u8],
        key: &[u8],
        password: Option<&str>,
    ) -> Result<Self, CredentialError> {
        let key = CredentialFile::recognize(key).open(password)?;
        let certificate = CredentialFile::recognize(certificate).open(password)?;
        Self::pair(&certificate.certificates, &key)
    }

    /// Reads certificate and private key from one PEM string, in any order; see
    /// [`from_file`](Self::from_file).
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file).
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
        Self::from_file(certificate_and_key, None)
    }

    /// Reads the certificate from one PEM string and the private key from another; see
    /// [`from_files`](Self::from_files).
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file).
    pub fn from_pem_pair(certificate: &[u8], key: &[u8]) -> Result<Self, CredentialError> {
        Self::from_files(certificate, key, None)
    }

    /// Reads the certificate from one PEM string and an encrypted private key (`ENCRYPTED PRIVATE KEY`, or
    /// OpenSSL's older `Proc-Type: 4,ENCRYPTED`) from another, which may be the same string. It also accepts
    /// a key that is not encrypted.
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file), and [`CredentialError::CannotOpen`] for a wrong passphrase.
    pub fn from_encrypted_pem(
        certificate: &[u8],
        key: &[u8],
        passphrase: &str,
    ) -> Result<Self, CredentialError> {
        Self::from_files(certificate, key, Some(passphrase))
    }

    /// Reads certificate and private key from a PKCS#12 file (`.pfx`, `.p12`) of Windows, a portal, or any
    /// version of OpenSSL. An empty password and no password are the same.
    ///
    /// # Errors
    ///
    /// [`CredentialError::CannotOpen`] if the password is wrong or the file is damaged; otherwise as for
    /// [`from_file`](Self::from_file).
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
        Self::from_file(file, Some(password))
    }

    /// Takes certificate and private key from an opened PKCS#12 file, such as that of a
    /// [subscription](azure_classic_credentials::PublishedSubscription::certificate) in a `.publishsettings`
    /// file.
    ///
    /// # Errors
    ///
    /// As for [`from_pem`](Self::from_pem).
    pub fn from_opened(file: &Pkcs12) -> Result<Self, CredentialError> {
        if file.private_keys.is_empty() {
            return Err(CredentialError::NoPrivateKey);
        }
        Self::new(&file.certificates, &file.private_keys)
    }

    /// Takes certificate and private key from the contents of one or more files.
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file).
    pub fn from_contents(contents: &CredentialContents) -> Result<Self, CredentialError> {
        Self::pair(&contents.certificates, contents)
    }

    /// Another key may be usable if this one is encrypted.
    fn pair(certificates: &[Vec<u8>], keys: &CredentialContents) -> Result<Self, CredentialError> {
        let locked = keys.key_error.clone().map(|error| match error {
            OpenError::PasswordRequired => CredentialError::EncryptedPrivateKey,
            other => CredentialError::CannotOpen(other),
        });
        if keys.private_keys.is_empty() {
            return Err(locked.unwrap_or(CredentialError::NoPrivateKey));
        }
        Self::new(certificates, &keys.private_keys).map_err(|error| match error {
            CredentialError::KeyMismatch => locked.unwrap_or(error),
            error => error,
        })
    }

    /// The first certificate that matches a usable key, with the others as its chain.
    fn new(certificates: &[Vec<u8>], keys: &[PrivateKey]) -> Result<Self, CredentialError> {
        if certificates.is_empty() {
            return Err(CredentialError::NoCertificate);
        }
        let parsed: Result<Vec<_>, _> =
            certificates.iter().cloned().map(Certificate::parse).collect();
        let mut parsed = parsed.map_err(|_| CredentialError::NotACertificate)?;
        let mut unusable = None;
        let mut is_any_usable = false;
        for key in keys {
            let signing = match signing(key) {
                Ok(signing) => signing,
                Err(error) => {
                    unusable.get_or_insert(error);
                    continue;
                }
            };
            is_any_usable = true;
            let public_key = signing.public_key();
            let is_owner = |it: &Certificate| public_key.as_deref() == Some(it.public_key());
            if let Some(at) = parsed.iter().position(is_owner) {
                parsed[..=at].rotate_right(1);
                let chain =
                    parsed.iter().map(|it| CertificateDer::from(it.der().to_vec())).collect();
                let key = Arc::new(CertifiedKey::new(chain, signing));
                return Ok(Self { key, certificate: Arc::new(parsed.swap_remove(0)) });
            }
        }
        match unusable {
            Some(error) if !is_any_usable => Err(error),
            _ => Err(CredentialError::KeyMismatch),
        }
    }

    /// Returns the SHA-1 hash of the certificate as 40 upper-case hexadecimal digits, the identifier that
    /// portals and the service use.
    pub fn thumbprint(&self) -> String {
        self.certificate.thumbprint()
    }

    /// Returns the certificate that matches the key.
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

/// Loads the key into the TLS library, which also detects unsupported keys.
fn signing(key: &PrivateKey) -> Result<Arc<dyn SigningKey>, CredentialError> {
    let der = key.secret_der();
    let typed = match key.format() {
        Some(KeyFormat::Pkcs1) => PrivatePkcs1KeyDer::from(der).into(),
        Some(KeyFormat::Sec1) => PrivateSec1KeyDer::from(der).into(),
        _ => PrivatePkcs8KeyDer::from(der).into(),
    };
    signing_key(&typed).map_err(|error| match rsa_bits(der) {
        Some(bits) if bits < 2048 => CredentialError::RsaKeyTooShort { bits },
        Some(bits) if bits > MAX_RSA_BITS => {
            CredentialError::RsaKeyTooLong { bits, limit: MAX_RSA_BITS }
        }
        _ => CredentialError::UnusablePrivateKey(Box::new(error)),
    })
}
