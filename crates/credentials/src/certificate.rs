use std::fmt::Write as _;
use std::time::SystemTime;

use sha1::{Digest as _, Sha1};

mod extensions;
mod name;
mod validity;

use crate::ber::{BIT_STRING, EXPLICIT_0, INTEGER, OBJECT_ID, Reader, SEQUENCE};
use crate::private_key::bits;
use crate::{CredentialFile, FileKind, OpenError};

/// What an X.509 certificate says of itself. Nothing of it is verified.
///
/// Taken apart here, and not by a TLS library: those refuse version 1, which old recipes made and a
/// service that compares thumbprints takes.
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
        /// The length of the modulus.
        bits: usize,
    },
    /// ECDSA on one of the curves P-256, P-384 and P-521, which are named by their length.
    Ec {
        /// The length of the curve's field.
        bits: usize,
    },
    /// Ed25519.
    Ed25519,
    /// Something else.
    Other,
}

impl Certificate {
    /// Takes a certificate apart.
    ///
    /// # Errors
    ///
    /// [`OpenError::Malformed`] when it is no X.509 certificate in DER. Names and dates that cannot be
    /// read are no error, but absent.
    pub fn parse(der: Vec<u8>) -> Result<Self, OpenError> {
        Self::parts(&der)
            .map(|certificate| Self { der, ..certificate })
            .ok_or(OpenError::Malformed { what: "an X.509 certificate" })
    }

    /// Takes every certificate of a PEM text apart, in its order; none is no error.
    ///
    /// # Errors
    ///
    /// [`OpenError::Malformed`] when a `CERTIFICATE` section is damaged.
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

    /// The whole certificate, as it came.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The public key with its algorithm (`SubjectPublicKeyInfo`), in DER.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The public key without its algorithm: for RSA the `RSAPublicKey` of PKCS#1 in DER, which the
    /// service keeps of each management certificate, for a curve the point. None when it cannot be read.
    pub fn bare_public_key(&self) -> Option<&[u8]> {
        let mut parts = Reader(&self.public_key).enter(SEQUENCE)?;
        let _algorithm = parts.take(SEQUENCE)?;
        let (_unused_bits, key) = parts.take(BIT_STRING)?.split_first()?;
        Some(key)
    }

    /// The algorithm of the public key: the contents of its `AlgorithmIdentifier`, in DER. None when
    /// it cannot be read.
    pub fn public_key_algorithm(&self) -> Option<&[u8]> {
        Reader(&self.public_key).enter(SEQUENCE)?.take(SEQUENCE)
    }

    /// The kind and length of the public key.
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

    /// Whom it is about, as `CN=contoso management, O=Contoso`. None when it cannot be read.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Who signed it. None when it cannot be read.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The first moment of its validity. None when it cannot be read.
    pub fn valid_from(&self) -> Option<SystemTime> {
        self.valid_from
    }

    /// The last moment of its validity. None when it cannot be read.
    pub fn valid_until(&self) -> Option<SystemTime> {
        self.valid_until
    }

    /// The version of X.509: 3 today, 1 in old recipes.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether it may be used to prove who a client is: its extended key usage names that, or anything,
    /// or is absent.
    pub fn allows_client_auth(&self) -> bool {
        self.usages.as_deref().is_none_or(extensions::allow_client_auth)
    }

    /// The SHA-1 of the certificate, as 40 upper-case hexadecimal digits: how portals and the service
    /// name it.
    pub fn thumbprint(&self) -> String {
        let mut text = String::with_capacity(40);
        for byte in Sha1::digest(&self.der) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
        }
        text
    }
}
