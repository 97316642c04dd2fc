use std::fmt;

use azure_classic_text::decode;
use zeroize::Zeroizing;

use crate::ber::{EXPLICIT_0, OBJECT_ID, Reader, SEQUENCE, SET};
use crate::definite_length::to_definite_length;
use crate::password::{KdfBudget, Password, password_error};
use crate::pbe::decrypt_key;
use crate::pem::{Section, decode_base64, has_sections, sections};
use crate::traditional::decrypt_traditional;
use crate::{FileKind, OpenError, Pkcs12, PrivateKey, der_kind};

/// A file given as a credential, with its detected kind.
///
/// # Example
///
/// ```no_run
/// use azure_classic_credentials::CredentialFile;
///
/// let file = CredentialFile::recognize(&std::fs::read("management.pfx")?);
/// println!("it is {}", file.kind());
/// let contents = file.open(Some("secret"))?;
/// println!("{} certificates", contents.certificates.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CredentialFile {
    kind: FileKind,
    is_base64: bool,
    /// DER, or text in UTF-8.
    content: Zeroizing<Vec<u8>>,
}

/// The certificates and keys of a [`CredentialFile`]. `Debug` shows nothing of the keys.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CredentialContents {
    /// X.509 certificates in DER, in the order of the file, not parsed yet.
    pub certificates: Vec<Vec<u8>>,
    /// Private keys; usually one.
    pub private_keys: Vec<PrivateKey>,
    /// The error of the first private key that could not be opened.
    pub key_error: Option<OpenError>,
}

/// The maximal number of keys; each costs a signature to compare. No TLS library takes as many for one
/// connection.
const MAX_KEYS: usize = 32;
const MAX_CERTIFICATES: usize = 1024;

impl CredentialFile {
    /// Detects the kind of a file by its content; its name does not matter.
    pub fn recognize(file: &[u8]) -> Self {
        let of = |kind, content: &[u8]| Self {
            kind,
            is_base64: false,
            content: Zeroizing::new(content.to_vec()),
        };
        if let Some(kind) = kind_from_magic_bytes(file).or_else(|| der_kind::detect(file)) {
            return of(kind, file);
        }
        match decode(file) {
            Ok(text) => {
                let text = Zeroizing::new(text.into_owned());
                Self::from_text(&text)
            }
            // Text around the sections is skipped, in any encoding.
            Err(_) if has_sections(&String::from_utf8_lossy(file)) => {
                let text = Zeroizing::new(String::from_utf8_lossy(file).into_owned());
                Self::from_text(&text)
            }
            Err(error) => {
                let is_text =
                    looks_like_utf_16(file) || (!is_binary(file) && is_mostly_ascii(file));
                of(if is_text { FileKind::Undecodable(error) } else { FileKind::Binary }, file)
            }
        }
    }

    fn from_text(text: &str) -> Self {
        let of = |kind| Self {
            kind,
            is_base64: false,
            content: Zeroizing::new(text.as_bytes().to_vec()),
        };
        let trimmed = text.trim();
        match trimmed.as_bytes() {
            [] => of(FileKind::Empty),
            [b'<', ..] => of(kind_from_markup(trimmed)),
            [b'{', ..] => of(FileKind::Json),
            _ if has_sections(trimmed) => Self::from_pem(text),
            [b'[', ..] => of(FileKind::Json),
            _ if trimmed.starts_with("PuTTY-User-Key-File-") => of(FileKind::PuttyKey),
            _ if is_ssh_public_key(trimmed) => of(FileKind::PublicKey),
            bytes if is_binary(bytes) => of(FileKind::Binary),
            _ => Self::from_base64(trimmed).unwrap_or_else(|| of(FileKind::Text)),
        }
    }

    /// DER or PEM that was written as one piece of base64.
    fn from_base64(text: &str) -> Option<Self> {
        let mut base64 = Zeroizing::new(Vec::with_capacity(text.len()));
        base64.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
        let content = decode_base64(&base64)?;
        if let Some(kind) = der_kind::detect(&content) {
            return Some(Self { kind, is_base64: true, content });
        }
        let text = str::from_utf8(&content).ok().filter(|text| has_sections(text))?;
        Some(Self { is_base64: true, ..Self::from_pem(text) })
    }

    fn from_pem(text: &str) -> Self {
        let kind = match sections(text) {
            Ok(sections) => kind_from_sections(&sections),
            Err(_) => FileKind::Pem,
        };
        Self { kind, is_base64: false, content: Zeroizing::new(text.as_bytes().to_vec()) }
    }

    /// Returns the kind of the file.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Whether the file is base64 text of the content that [`kind`](Self::kind) names.
    pub fn is_base64(&self) -> bool {
        self.is_base64
    }

    /// Extracts the certificates and private keys. Without a password, an encrypted file is an error; so is
    /// an encrypted PEM key if there is no other key.
    ///
    /// # Errors
    ///
    /// [`OpenError::WrongKind`] for a file without certificates and keys, or with its own reader, such as
    /// [`PublishSettings`](crate::PublishSettings); otherwise an [`OpenError`] with the reason.
    pub fn open(&self, password: Option<&str>) -> Result<CredentialContents, OpenError> {
        let budget = &mut KdfBudget::new();
        let mut found = CredentialContents::default();
        let der = &self.content;
        match self.kind {
            FileKind::Pem => {
                let text = str::from_utf8(der).unwrap_or_default();
                for section in sections(text)? {
                    found.add(section, password, budget)?;
                }
            }
            FileKind::Pkcs12 => {
                let file = Pkcs12::open(der, password.unwrap_or_default())?;
                found.certificates = file.certificates;
                found.private_keys = file.private_keys;
            }
            FileKind::Pkcs7 => found.certificates = pkcs7_certificates(der)?,
            FileKind::Certificate => found.certificates.push(der.to_vec()),
            FileKind::Pkcs8 | FileKind::Pkcs1 | FileKind::Sec1 => {
                found.private_keys.push(PrivateKey::new(der.clone()));
            }
            FileKind::EncryptedPkcs8 => {
                found.add_key(decrypt_with_candidates(der, password, budget))?;
            }
            kind => return Err(OpenError::WrongKind { kind }),
        }
        Ok(found)
    }
}

impl fmt::Debug for CredentialFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialFile")
            .field("kind", &self.kind)
            .field("is_base64", &self.is_base64)
            .finish_non_exhaustive()
    }
}

impl CredentialContents {
    fn add(
        &mut self,
        section: Section<'_>,
        password: Option<&str>,
        budget: &mut KdfBudget,
    ) -> Result<(), OpenError> {
        match role(section.label) {
            SectionRole::Certificate => {
                let content = section.content()?;
                // OpenSSL's TRUSTED CERTIFICATE has more data after the certificate.
                let first = Reader(&content).take_whole(SEQUENCE).unwrap_or(&content);
                self.certificates.push(first.to_vec());
            }
            SectionRole::Pkcs7 => {
                self.certificates.extend(pkcs7_certificates(&section.content()?)?);
            }
            SectionRole::EncryptedKey => {
                self.add_key(decrypt_with_candidates(&section.content()?, password, budget))?;
            }
            SectionRole::Key => {
                let key = match (section.dek_info(), password) {
                    (None, _) => section.content().map(PrivateKey::new),
                    (Some(_), None) => Err(OpenError::PasswordRequired),
                    (Some(cipher), Some(password)) => {
                        let encrypted = section.content()?;
                        cipher.and_then(|cipher| decrypt_traditional(cipher, &encrypted, password))
                    }
                };
                self.add_key(key)?;
            }
            SectionRole::Other => {}
        }
        if self.certificates.len() > MAX_CERTIFICATES {
            return Err(OpenError::TooLarge);
        }
        Ok(())
    }

    fn add_key(&mut self, key: Result<PrivateKey, OpenError>) -> Result<(), OpenError> {
        match key {
            Ok(key) => self.private_keys.push(key),
            Err(error @ (OpenError::DamagedPem { .. } | OpenError::KdfLimitExceeded)) => {
                return Err(error);
            }
            Err(error) => {
                self.key_error.get_or_insert(error);
            }
        }
        if self.private_keys.len() > MAX_KEYS {
            return Err(OpenError::TooLarge);
        }
        Ok(())
    }
}

fn decrypt_with_candidates(
    der: &[u8],
    password: Option<&str>,
    budget: &mut KdfBudget,
) -> Result<PrivateKey, OpenError> {
    let password = password.ok_or(OpenError::PasswordRequired)?;
    // The two encodings of an empty password differ only in PKCS#12's derivation, which keys may use as well.
    for candidate in Password::candidates(password) {
        match decrypt_key(der, &candidate, budget) {
            Err(OpenError::WrongPassword) => {}
            other => return other,
        }
    }
    Err(password_error(password))
}

/// The certificates of signed data, which need no signature.
fn pkcs7_certificates(file: &[u8]) -> Result<Vec<Vec<u8>>, OpenError> {
    let read = |file: &[u8]| {
        let mut outer = Reader(file).enter(SEQUENCE)?;
        outer.take(OBJECT_ID)?;
        let mut signed = outer.enter(EXPLICIT_0)?.enter(SEQUENCE)?;
        signed.any()?;
        signed.take(SET)?;
        signed.take(SEQUENCE)?;
        let mut certificates = Reader(signed.take(EXPLICIT_0).unwrap_or_default());
        let mut found = Vec::new();
        while !certificates.is_empty() {
            let before = certificates.0;
            // Attribute certificates, which have other tags, are skipped.
            let (tag, _) = certificates.any()?;
            if tag == SEQUENCE {
                found.push(before[..before.len() - certificates.0.len()].to_vec());
            }
        }
        Some(found)
    };
    // Rewriting lengths could change a certificate, so do it only if necessary.
    let found = read(file).or_else(|| read(&to_definite_length(file)?));
    let found = found.ok_or(OpenError::Malformed { what: "a PKCS#7 file (.p7b)" })?;
    if found.len() > MAX_CERTIFICATES { Err(OpenError::TooLarge) } else { Ok(found) }
}

/// How a section is used.
enum SectionRole {
    Certificate,
    Pkcs7,
    Key,
    EncryptedKey,
    Other,
}

fn role(label: &str) -> SectionRole {
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => SectionRole::Certificate,
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => SectionRole::Pkcs7,
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "DSA PRIVATE KEY" => {
            SectionRole::Key
        }
        "ENCRYPTED PRIVATE KEY" => SectionRole::EncryptedKey,
        _ => SectionRole::Other,
    }
}

/// PEM if a section is usable, otherwise the kind that the first section names.
fn kind_from_sections(sections: &[Section<'_>]) -> FileKind {
    if sections.iter().any(|section| !matches!(role(section.label), SectionRole::Other)) {
        return FileKind::Pem;
    }
    let kinds = sections.iter().filter_map(|section| match section.label {
        "OPENSSH PRIVATE KEY" | "SSH2 ENCRYPTED PRIVATE KEY" => Some(FileKind::OpenSshKey),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(FileKind::CertificateRequest),
        "X509 CRL" => Some(FileKind::RevocationList),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Some(FileKind::PublicKey),
        label if label.starts_with("PGP ") => Some(FileKind::OpenPgp),
        _ => None,
    });
    kinds.into_iter().next().unwrap_or(FileKind::Text)
}

/// Detects kinds that start with magic bytes.
fn kind_from_magic_bytes(file: &[u8]) -> Option<FileKind> {
    Some(match file {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => FileKind::JavaKeyStore,
        [0x1e, 0xf1, 0xb5, 0xb0, ..] => FileKind::Pvk,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => FileKind::Zip,
        // A packet with a key of version 4; a key box.
        [0x95 | 0x99, _, _, 4, ..]
        | [0x94 | 0x98, _, 4, ..]
        | [_, _, _, _, _, _, _, _, b'K', b'B', b'X', b'f', ..] => FileKind::OpenPgp,
        _ => return None,
    })
}

/// Detects the kind of a document that starts with `<`, by its root element.
fn kind_from_markup(text: &str) -> FileKind {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let skipped = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->")
        } else if rest.starts_with("<?") {
            rest.split_once("?>")
        } else {
            None
        };
        match skipped {
            Some((_, behind)) => rest = behind,
            None => break,
        }
    }
    let begins = |prefix: &str| {
        rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    match () {
        () if begins("<!doctype html") || begins("<html") => FileKind::Html,
        () if rest.starts_with("<PublishData") => FileKind::PublishSettings,
        () if begins("<publishData") => FileKind::WebPublishProfile,
        () => FileKind::Xml,
    }
}

fn is_ssh_public_key(text: &str) -> bool {
    ["ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-", "---- BEGIN SSH2"]
        .iter()
        .any(|start| text.starts_with(start))
}

pub(crate) fn looks_like_utf_16(file: &[u8]) -> bool {
    matches!(file, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, 0, _, ..] | [_, 0, _, 0, ..])
        || file.starts_with(&[0, 0, 0xfe, 0xff])
}

/// Whether it has a byte that occurs in no single-byte text encoding.
pub(crate) fn is_binary(file: &[u8]) -> bool {
    file.iter().any(|byte| matches!(byte, 0..=8 | 14..=26))
}

/// Whether it may be text in an old European encoding. A short binary file without control characters also
/// passes.
fn is_mostly_ascii(file: &[u8]) -> bool {
    2 * file.iter().filter(|byte| byte.is_ascii()).count() > file.len()
}
