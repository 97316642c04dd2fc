use zeroize::Zeroizing;

mod writer;

pub use self::writer::Pkcs12Writer;
use crate::ber::{EXPLICIT_0, IMPLICIT_0, INTEGER, OBJECT_ID, OCTET_STRING, Reader, SEQUENCE};
use crate::definite_length::{concat_octet_strings, to_definite_length};
use crate::hash::{Hash, Purpose};
use crate::password::{KdfBudget, Password, password_error};
use crate::pbe::{decrypt, decrypt_key, unsupported};
use crate::{OpenError, PrivateKey};

const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const ENCRYPTED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06";
/// The limit of one file. Writers put in at most a chain and a few keys.
const MAX_BAGS: usize = 1024;
const MAX_KEYS: usize = 32;

/// The kinds of bags.
const BAG: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01";
const X509_CERTIFICATE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01";

/// The content of a PKCS#12 file (`.pfx`, `.p12`).
///
/// `Debug` shows the certificates, and nothing of the keys.
#[derive(Debug, Clone)]
pub struct Pkcs12 {
    /// X.509 certificates in DER, in the order of the file, which has no meaning.
    pub certificates: Vec<Vec<u8>>,
    /// Private keys; usually one.
    pub private_keys: Vec<PrivateKey>,
    /// Whether the file has a checksum (MAC) that matches the password. Without one, only an encrypted part
    /// detects a wrong password.
    pub is_verified: bool,
}

impl Pkcs12 {
    /// Opens a file. An empty password stands for both encodings that Windows and portals use: an empty text
    /// and no password.
    ///
    /// # Errors
    ///
    /// [`OpenError::WrongPassword`], or [`OpenError::PasswordRequired`] if none was given; other
    /// [`OpenError`]s for files that no password opens.
    pub fn open(file: &[u8], password: &str) -> Result<Self, OpenError> {
        PfxFile::read(file)?.open(password, true, &mut KdfBudget::new())
    }

    /// Opens a file whose checksum does not match, for example after manual editing. Nothing then shows that
    /// the file is unchanged; prefer [`open`](Self::open).
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_unverified(file: &[u8], password: &str) -> Result<Self, OpenError> {
        PfxFile::read(file)?.open(password, false, &mut KdfBudget::new())
    }

    /// The same as both, with a share of the budget.
    pub(crate) fn open_with_budget(
        file: &[u8],
        password: &str,
        verify: bool,
        budget: &mut KdfBudget,
    ) -> Result<Self, OpenError> {
        PfxFile::read(file)?.open(password, verify, budget)
    }
}

/// The parsed file before decryption.
struct PfxFile {
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

impl PfxFile {
    fn read(file: &[u8]) -> Result<Self, OpenError> {
        let file = to_definite_length(file).ok_or_else(malformed)?;
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

    fn open(
        &self,
        password: &str,
        verify: bool,
        budget: &mut KdfBudget,
    ) -> Result<Pkcs12, OpenError> {
        for candidate in Password::candidates(password) {
            if verify
                && let Some(mac) = &self.mac
                && !mac.matches(&self.content, &candidate, budget)?
            {
                continue;
            }
            let is_verified = verify && self.mac.is_some();
            match self.contents(&candidate, budget) {
                // Each encryption in the file may use another password encoding.
                Err(OpenError::WrongPassword) => {}
                Err(error) => return Err(error),
                Ok(contents) => return Ok(Pkcs12 { is_verified, ..contents }),
            }
        }
        Err(password_error(password))
    }

    fn contents(&self, password: &Password, budget: &mut KdfBudget) -> Result<Pkcs12, OpenError> {
        let mut found =
            Pkcs12 { certificates: Vec::new(), private_keys: Vec::new(), is_verified: false };
        let safe = to_definite_length(&self.content).ok_or_else(malformed)?;
        let mut parts = Reader(&safe).enter(SEQUENCE).ok_or_else(malformed)?;
        while !parts.is_empty() {
            let mut part = parts.enter(SEQUENCE).ok_or_else(malformed)?;
            match part.take(OBJECT_ID).ok_or_else(malformed)? {
                DATA => found.add_bags(octets(&mut part)?, password, budget)?,
                ENCRYPTED_DATA => {
                    let bags = decrypt_part(part, password, budget)?;
                    // By chance one padding in 256 is valid, but hardly ever a sequence of bags.
                    if to_definite_length(&bags)
                        .is_none_or(|bags| Reader(&bags).take(SEQUENCE).is_none())
                    {
                        return Err(OpenError::WrongPassword);
                    }
                    found.add_bags(&bags, password, budget)?;
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
    budget: &mut KdfBudget,
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
        Some((IMPLICIT_0, text)) => decrypt(algorithm, text, password, budget),
        Some((EXPLICIT_0, pieces)) => {
            let text = concat_octet_strings(pieces).ok_or_else(malformed)?;
            decrypt(algorithm, &text, password, budget)
        }
        _ => Err(malformed()),
    }
}

impl Pkcs12 {
    fn add_bags(
        &mut self,
        bags: &[u8],
        password: &Password,
        budget: &mut KdfBudget,
    ) -> Result<(), OpenError> {
        let bags = to_definite_length(bags).ok_or_else(malformed)?;
        let mut bags = Reader(&bags).enter(SEQUENCE).ok_or_else(malformed)?;
        while !bags.is_empty() {
            let mut bag = bags.enter(SEQUENCE).ok_or_else(malformed)?;
            let kind = bag.take(OBJECT_ID).ok_or_else(malformed)?;
            let value = bag.take(EXPLICIT_0).ok_or_else(malformed)?;
            match kind.strip_prefix(BAG) {
                Some([1]) => {
                    self.private_keys.push(PrivateKey::new(Zeroizing::new(value.to_vec())));
                }
                Some([2]) => self.private_keys.push(decrypt_key(value, password, budget)?),
                Some([3]) => self.certificates.extend(certificate(value)?),
                // The service uses no revocation lists, secrets or nested bags.
                _ => {}
            }
            if self.certificates.len() > MAX_BAGS || self.private_keys.len() > MAX_KEYS {
                return Err(OpenError::TooLarge);
            }
        }
        Ok(())
    }
}

/// The certificate of a bag; `None` for a kind that predates X.509.
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
        let hash = Hash::from_digest_oid(id).ok_or_else(|| unsupported(id))?;
        let digest = digest.take(OCTET_STRING).ok_or_else(malformed)?;
        let salt = parts.take(OCTET_STRING).ok_or_else(malformed)?;
        let rounds = if parts.is_empty() { 1 } else { parts.number().ok_or_else(malformed)? };
        Ok(Self { hash, digest: digest.to_vec(), salt: salt.to_vec(), rounds })
    }

    fn matches(
        &self,
        data: &[u8],
        password: &Password,
        budget: &mut KdfBudget,
    ) -> Result<bool, OpenError> {
        let Self { hash, digest, salt, rounds } = self;
        let length = hash.length();
        let key = hash.pkcs12(Purpose::Mac, &password.utf16, salt, *rounds, length, budget)?;
        Ok(hash.verify_mac(&key, data, digest))
    }
}
