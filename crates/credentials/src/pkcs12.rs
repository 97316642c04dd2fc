use zeroize::Zeroizing;

mod writer;

pub use self::writer::Pkcs12Writer;
use crate::ber::{EXPLICIT_0, IMPLICIT_0, INTEGER, OBJECT_ID, OCTET_STRING, Reader, SEQUENCE};
use crate::definite::{definite, joined};
use crate::hash::{Hash, Purpose};
use crate::password::{Password, Work, refused};
use crate::pbe::{decrypt, decrypt_key, unsupported};
use crate::{OpenError, PrivateKey};

const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const ENCRYPTED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06";
/// Of one file. No writer puts in more than a chain and a few keys.
const MAX_BAGS: usize = 1024;
const MAX_KEYS: usize = 32;

/// Kinds of bags.
const BAG: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01";
const X509_CERTIFICATE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01";

/// What a PKCS#12 file (`.pfx`, `.p12`) holds.
///
/// `Debug` shows the certificates and nothing of the keys.
#[derive(Debug, Clone)]
pub struct Pkcs12 {
    /// X.509 certificates in DER, in the file's order, which says nothing.
    pub certificates: Vec<Vec<u8>>,
    /// Private keys; usually one.
    pub private_keys: Vec<PrivateKey>,
    /// Whether the file's checksum (MAC) was there and fits the password. Without one, a wrong
    /// password shows only where something is encrypted.
    pub is_verified: bool,
}

impl Pkcs12 {
    /// Opens a file. An empty password stands for both that Windows and portals know: the empty text
    /// and none at all.
    ///
    /// # Errors
    ///
    /// [`OpenError::WrongPassword`], or [`OpenError::PasswordNeeded`] where none was given; other
    /// [`OpenError`]s for what cannot be opened with any password.
    pub fn open(file: &[u8], password: &str) -> Result<Self, OpenError> {
        Outer::read(file)?.open(password, true, &mut Work::new())
    }

    /// Opens a file whose checksum does not fit, as editing by hand leaves it behind. Nothing then
    /// shows that the file is as it was made; use [`open`](Self::open) unless that is known otherwise.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_unverified(file: &[u8], password: &str) -> Result<Self, OpenError> {
        Outer::read(file)?.open(password, false, &mut Work::new())
    }

    /// The same as both with a share of the work.
    pub(crate) fn open_within(
        file: &[u8],
        password: &str,
        verify: bool,
        work: &mut Work,
    ) -> Result<Self, OpenError> {
        Outer::read(file)?.open(password, verify, work)
    }
}

/// The file without what is encrypted.
struct Outer {
    content: Zeroizing<Vec<u8>>,
    mac: Option<Mac>,
}

struct Mac {
    hash: Hash,
    digest: Vec<u8>,
    salt: Vec<u8>,
    rounds: u32,
}

fn malformed() -> OpenError {
    OpenError::Malformed { what: "a PKCS#12 file (.pfx, .p12)" }
}

impl Outer {
    fn read(file: &[u8]) -> Result<Self, OpenError> {
        let file = definite(file).ok_or_else(malformed)?;
        let mut parts = Reader(&file).enter(SEQUENCE).ok_or_else(malformed)?;
        parts.take(INTEGER).ok_or_else(malformed)?;
        let mut safe = parts.enter(SEQUENCE).ok_or_else(malformed)?;
        let kind = safe.take(OBJECT_ID).ok_or_else(malformed)?;
        if kind != DATA {
            return Err(unsupported(kind));
        }
        let content = octets(&mut safe)?;
        let mac = parts.enter(SEQUENCE).map(Mac::read).transpose()?;
        Ok(Self { content: Zeroizing::new(content.to_vec()), mac })
    }

    fn open(&self, password: &str, verify: bool, work: &mut Work) -> Result<Pkcs12, OpenError> {
        for candidate in Password::candidates(password) {
            if verify
                && let Some(mac) = &self.mac
                && !mac.fits(&self.content, &candidate, work)?
            {
                continue;
            }
            let is_verified = verify && self.mac.is_some();
            match self.contents(&candidate, work) {
                // Each encryption in the file can have been made with another password.
                Err(OpenError::WrongPassword) => {}
                Err(error) => return Err(error),
                Ok(contents) => return Ok(Pkcs12 { is_verified, ..contents }),
            }
        }
        Err(refused(password))
    }

    fn contents(&self, password: &Password, work: &mut Work) -> Result<Pkcs12, OpenError> {
        let mut found =
            Pkcs12 { certificates: Vec::new(), private_keys: Vec::new(), is_verified: false };
        let safe = definite(&self.content).ok_or_else(malformed)?;
        let mut parts = Reader(&safe).enter(SEQUENCE).ok_or_else(malformed)?;
        while !parts.is_empty() {
            let mut part = parts.enter(SEQUENCE).ok_or_else(malformed)?;
            match part.take(OBJECT_ID).ok_or_else(malformed)? {
                DATA => found.add_bags(octets(&mut part)?, password, work)?,
                ENCRYPTED_DATA => {
                    let bags = decrypt_part(part, password, work)?;
                    // Chance makes one padding in 256 look right, but hardly ever a sequence of bags.
                    if definite(&bags).is_none_or(|bags| Reader(&bags).take(SEQUENCE).is_none()) {
                        return Err(OpenError::WrongPassword);
                    }
                    found.add_bags(&bags, password, work)?;
                }
                other => return Err(unsupported(other)),
            }
        }
        Ok(found)
    }
}

/// The octet string within `[0]`.
fn octets<'a>(parts: &mut Reader<'a>) -> Result<&'a [u8], OpenError> {
    let mut inner = parts.enter(EXPLICIT_0).ok_or_else(malformed)?;
    inner.take(OCTET_STRING).ok_or_else(malformed)
}

fn decrypt_part(
    mut part: Reader<'_>,
    password: &Password,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut encrypted = part
        .enter(EXPLICIT_0)
        .and_then(|mut explicit| explicit.enter(SEQUENCE))
        .ok_or_else(malformed)?;
    encrypted.take(INTEGER).ok_or_else(malformed)?;
    let mut content = encrypted.enter(SEQUENCE).ok_or_else(malformed)?;
    content.take(OBJECT_ID).ok_or_else(malformed)?;
    let algorithm = content.enter(SEQUENCE).ok_or_else(malformed)?;
    match content.any() {
        Some((IMPLICIT_0, text)) => decrypt(algorithm, text, password, work),
        Some((EXPLICIT_0, pieces)) => {
            let text = joined(pieces).ok_or_else(malformed)?;
            decrypt(algorithm, &text, password, work)
        }
        _ => Err(malformed()),
    }
}

impl Pkcs12 {
    fn add_bags(
        &mut self,
        bags: &[u8],
        password: &Password,
        work: &mut Work,
    ) -> Result<(), OpenError> {
        let bags = definite(bags).ok_or_else(malformed)?;
        let mut bags = Reader(&bags).enter(SEQUENCE).ok_or_else(malformed)?;
        while !bags.is_empty() {
            let mut bag = bags.enter(SEQUENCE).ok_or_else(malformed)?;
            let kind = bag.take(OBJECT_ID).ok_or_else(malformed)?;
            let value = bag.take(EXPLICIT_0).ok_or_else(malformed)?;
            match kind.strip_prefix(BAG) {
                Some([1]) => {
                    self.private_keys.push(PrivateKey::new(Zeroizing::new(value.to_vec())));
                }
                Some([2]) => self.private_keys.push(decrypt_key(value, password, work)?),
                Some([3]) => self.certificates.extend(certificate(value)?),
                // Revocation lists, secrets and bags of bags are nothing that a service asks for.
                _ => {}
            }
            if self.certificates.len() > MAX_BAGS || self.private_keys.len() > MAX_KEYS {
                return Err(OpenError::TooManyParts);
            }
        }
        Ok(())
    }
}

/// The certificate of a bag; none where it is of a kind that predates X.509.
fn certificate(value: &[u8]) -> Result<Option<Vec<u8>>, OpenError> {
    let mut bag = Reader(value).enter(SEQUENCE).ok_or_else(malformed)?;
    let is_x509 = bag.take(OBJECT_ID).ok_or_else(malformed)? == X509_CERTIFICATE;
    if !is_x509 {
        return Ok(None);
    }
    octets(&mut bag).map(|der| Some(der.to_vec()))
}

impl Mac {
    fn read(mut parts: Reader<'_>) -> Result<Self, OpenError> {
        let mut digest = parts.enter(SEQUENCE).ok_or_else(malformed)?;
        let mut algorithm = digest.enter(SEQUENCE).ok_or_else(malformed)?;
        let id = algorithm.take(OBJECT_ID).ok_or_else(malformed)?;
        let hash = Hash::of_digest(id).ok_or_else(|| unsupported(id))?;
        let digest = digest.take(OCTET_STRING).ok_or_else(malformed)?;
        let salt = parts.take(OCTET_STRING).ok_or_else(malformed)?;
        let rounds = if parts.is_empty() { 1 } else { parts.number().ok_or_else(malformed)? };
        Ok(Self { hash, digest: digest.to_vec(), salt: salt.to_vec(), rounds })
    }

    fn fits(&self, data: &[u8], password: &Password, work: &mut Work) -> Result<bool, OpenError> {
        let Self { hash, digest, salt, rounds } = self;
        let length = hash.length();
        let key = hash.pkcs12(Purpose::Mac, &password.utf16, salt, *rounds, length, work)?;
        Ok(hash.is_mac(&key, data, digest))
    }
}
