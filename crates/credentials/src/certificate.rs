use std::fmt::Write as _;
use std::time::SystemTime;

use sha1::{Digest as _, Sha1};

mod extensions;
mod name;
mod validity;

use crate::ber::{BIT_STRING, EXPLICIT_0, INTEGER, OBJECT_ID, Reader, SEQUENCE};
use crate::private_key::bits;
use crate::{CredentialFile, FileKind, OpenError};

/// The facts in an X.509 certificate. None of them is verified.
///
/// Parsed here instead of by a TLS library, because those reject version 1, which old instructions produced
/// and a service that compares thumbprints accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    public_key: Vec<u8>,
    subject: Option<String>,
    issuer: Option<String>,
    valid_from: Option<SystemTime>,
    valid_until: Option<SystemTime>,
    version: u32,
    usages: Option<Vec<u8>>,
}

/// The kind of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// The length of the modulus, in bits.
        bits: usize,
    },
    /// ECDSA on one of the curves P-256, P-384 and P-521, identified by their length.
    Ec {
        /// The length of the curve's field, in bits.
        bits: usize,
    },
    /// Ed25519.
    Ed25519,
    /// Any other kind.
    Other,
}

impl Certificate {
    /// Parses a certificate.
    ///
    /// # Errors
    ///
    /// [`OpenError::Malformed`] if it is not an X.509 certificate in DER. Invalid names and dates are no
    /// error: they are absent.
    pub fn parse(der: Vec<u8>) -> Result<Self, OpenError> {
        Self::parts(&der)
            .map(|certificate| Self { der, ..certificate })
            .ok_or(OpenError::Malformed { what: "an X.509 certificate" })
    }

    /// Parses every certificate of a PEM text, in order. The result may be empty.
    ///
    /// # Errors
    ///
    /// [`OpenError::Malformed`] if a `CERTIFICATE` section is damaged.
    pub fn parse_all_pem(text: &[u8]) -> Result<Vec<Self>, OpenError> {
        let file = CredentialFile::recognize(text);
        if file.is_base64() || !matches!(file.kind(), FileKind::Pem | FileKind::Pkcs7) {
            return Ok(Vec::new());
        }
        file.open(None)?.certificates.into_iter().map(Self::parse).collect()
    }

    fn parts(der: &[u8]) -> Option<Self> {
        let mut signed = Reader(der).enter(SEQUENCE)?.enter(SEQUENCE)?;
        let version = match signed.enter(EXPLICIT_0) {
            None => 1,
            Some(mut version) => version.number()?.saturating_add(1),
        };
        let _serial_number = signed.take(INTEGER)?;
        let _signature_algorithm = signed.take(SEQUENCE)?;
        let issuer = signed.enter(SEQUENCE)?;
        let mut validity = signed.enter(SEQUENCE)?;
        let subject = signed.enter(SEQUENCE)?;
        Some(Self {
            der: Vec::new(),
            public_key: signed.take_whole(SEQUENCE)?.to_vec(),
            subject: name::text(subject),
            issuer: name::text(issuer),
            valid_from: validity::parse_time(&mut validity),
            valid_until: validity::parse_time(&mut validity),
            version,
            usages: extensions::usages(signed),
        })
    }

    /// Returns the whole certificate in DER, unchanged.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Returns the public key with its algorithm (`SubjectPublicKeyInfo`), in DER.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Returns the public key without its algorithm: for RSA the `RSAPublicKey` of PKCS#1 in DER, which the
    /// service stores for each management certificate; for a curve the point. `None` if it is invalid.
    pub fn bare_public_key(&self) -> Option<&[u8]> {
        let mut parts = Reader(&self.public_key).enter(SEQUENCE)?;
        let _algorithm = parts.take(SEQUENCE)?;
        let (_unused_bits, key) = parts.take(BIT_STRING)?.split_first()?;
        Some(key)
    }

    /// Returns the algorithm of the public key: the content of its `AlgorithmIdentifier`, in DER. `None` if
    /// it is invalid.
    pub fn public_key_algorithm(&self) -> Option<&[u8]> {
        Reader(&self.public_key).enter(SEQUENCE)?.take(SEQUENCE)
    }

    /// Returns the kind and length of the public key.
    pub fn key_kind(&self) -> KeyKind {
        self.read_key_kind().unwrap_or(KeyKind::Other)
    }

    fn read_key_kind(&self) -> Option<KeyKind> {
        let mut algorithm = Reader(&self.public_key).enter(SEQUENCE)?.enter(SEQUENCE)?;
        Some(match algorithm.take(OBJECT_ID)? {
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" => {
                let modulus = Reader(self.bare_public_key()?).enter(SEQUENCE)?.take(INTEGER)?;
                KeyKind::Rsa { bits: bits(modulus)? }
            }
            b"\x2a\x86\x48\xce\x3d\x02\x01" => match algorithm.take(OBJECT_ID)? {
                b"\x2a\x86\x48\xce\x3d\x03\x01\x07" => KeyKind::Ec { bits: 256 },
                b"\x2b\x81\x04\x00\x22" => KeyKind::Ec { bits: 384 },
                b"\x2b\x81\x04\x00\x23" => KeyKind::Ec { bits: 521 },
                _ => KeyKind::Other,
            },
            b"\x2b\x65\x70" => KeyKind::Ed25519,
            _ => KeyKind::Other,
        })
    }

    /// Returns the subject, such as `CN=contoso management, O=Contoso`. `None` if it is invalid.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Returns the issuer. `None` if it is invalid.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Returns the start of its validity. `None` if it is invalid.
    pub fn valid_from(&self) -> Option<SystemTime> {
        self.valid_from
    }

    /// Returns the end of its validity. `None` if it is invalid.
    pub fn valid_until(&self) -> Option<SystemTime> {
        self.valid_until
    }

    /// Returns the version of X.509: 3 today, 1 from old instructions.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether clients may authenticate with it: its extended key usage includes client authentication or any
    /// usage, or is absent.
    pub fn allows_client_auth(&self) -> bool {
        self.usages.as_deref().is_none_or(extensions::allow_client_auth)
    }

    /// Returns the SHA-1 hash of the certificate as 40 upper-case hexadecimal digits, the identifier that
    /// portals and the service use.
    pub fn thumbprint(&self) -> String {
        let mut text = String::with_capacity(40);
        for byte in Sha1::digest(&self.der) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
        }
        text
    }
}
