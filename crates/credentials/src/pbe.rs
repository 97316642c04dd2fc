//! Encryption with a password: PKCS#12's own, and PBES2 of PKCS#5.

use zeroize::Zeroizing;

use crate::ber::{INTEGER, NULL, OBJECT_ID, OCTET_STRING, Reader, SEQUENCE};
use crate::cipher::Cipher;
use crate::hash::{Hash, Purpose};
use crate::password::{KdfBudget, Password, password_error};
use crate::{OpenError, PrivateKey};

pub(crate) const PKCS12_PBE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01";
const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
const TRIPLE_DES_CBC: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x03\x07";
/// AES by key length and mode.
const AES: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01";

const FORMAT_NAME: &str = "an encrypted private key in PKCS#8";

/// Decrypts a PKCS#8 private key: the DER in an `ENCRYPTED PRIVATE KEY` section.
///
/// # Errors
///
/// [`OpenError::WrongPassword`], or [`OpenError::PasswordRequired`] if it is empty; other [`OpenError`]s if
/// it is not such a key.
pub fn decrypt_pkcs8(encrypted: &[u8], password: &str) -> Result<PrivateKey, OpenError> {
    let budget = &mut KdfBudget::new();
    for candidate in Password::candidates(password) {
        match decrypt_key(encrypted, &candidate, budget) {
            Err(OpenError::WrongPassword) => {}
            other => return other,
        }
    }
    Err(password_error(password))
}

/// The same with one encoding of the password.
pub(crate) fn decrypt_key(
    encrypted: &[u8],
    password: &Password,
    budget: &mut KdfBudget,
) -> Result<PrivateKey, OpenError> {
    let malformed = OpenError::Malformed { what: FORMAT_NAME };
    let mut parts = Reader(encrypted).enter(SEQUENCE).ok_or(malformed.clone())?;
    let algorithm = parts.enter(SEQUENCE).ok_or(malformed.clone())?;
    let text = parts.take(OCTET_STRING).ok_or(malformed)?;
    let plain = decrypt(algorithm, text, password, budget)?;
    // The padding alone is valid by chance once in 256 times.
    PrivateKey::from_pkcs8(plain).map_err(|_| OpenError::WrongPassword)
}

/// Decrypts with the algorithm whose identifier comes next in this reader.
pub(crate) fn decrypt(
    mut algorithm: Reader<'_>,
    text: &[u8],
    password: &Password,
    budget: &mut KdfBudget,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let malformed = || OpenError::Malformed { what: FORMAT_NAME };
    let id = algorithm.take(OBJECT_ID).ok_or_else(malformed)?;
    let mut parameters = algorithm.enter(SEQUENCE).ok_or_else(malformed)?;
    if let Some(variant) = id.strip_prefix(PKCS12_PBE) {
        let cipher = match variant {
            [3] => Cipher::TripleDes,
            [4] => Cipher::TwoKeyTripleDes,
            [5] => Cipher::Rc2With128Bits,
            [6] => Cipher::Rc2With40Bits,
            [1 | 2] => return Err(OpenError::Unsupported { algorithm: "RC4".to_owned() }),
            _ => return Err(unsupported(id)),
        };
        let salt = parameters.take(OCTET_STRING).ok_or_else(malformed)?;
        let rounds = parameters.number().ok_or_else(malformed)?;
        let mut derive = |purpose, length| {
            Hash::Sha1.pkcs12(purpose, &password.utf16, salt, rounds, length, budget)
        };
        let key = derive(Purpose::Key, cipher.key_length())?;
        let iv = derive(Purpose::InitialVector, cipher.block_length())?;
        return cipher.decrypt(&key, &iv, text).ok_or(OpenError::WrongPassword);
    }
    if id != PBES2 {
        return Err(unsupported(id));
    }
    let mut derivation = parameters.enter(SEQUENCE).ok_or_else(malformed)?;
    let mut encryption = parameters.enter(SEQUENCE).ok_or_else(malformed)?;
    let cipher = cipher(encryption.take(OBJECT_ID).ok_or_else(malformed)?)?;
    let iv = encryption.take(OCTET_STRING).ok_or_else(malformed)?;
    if iv.len() != cipher.block_length() {
        return Err(malformed());
    }
    let key = derive_key(&mut derivation, cipher.key_length(), password, budget)?;
    cipher.decrypt(&key, iv, text).ok_or(OpenError::WrongPassword)
}

fn cipher(id: &[u8]) -> Result<Cipher, OpenError> {
    match id.strip_prefix(AES) {
        Some([2]) => Ok(Cipher::Aes128),
        Some([22]) => Ok(Cipher::Aes192),
        Some([42]) => Ok(Cipher::Aes256),
        None if id == TRIPLE_DES_CBC => Ok(Cipher::TripleDes),
        _ => Err(unsupported(id)),
    }
}

fn derive_key(
    derivation: &mut Reader<'_>,
    length: usize,
    password: &Password,
    budget: &mut KdfBudget,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let malformed = || OpenError::Malformed { what: FORMAT_NAME };
    let id = derivation.take(OBJECT_ID).ok_or_else(malformed)?;
    if id != PBKDF2 {
        return Err(unsupported(id));
    }
    let mut parameters = derivation.enter(SEQUENCE).ok_or_else(malformed)?;
    let salt = parameters.take(OCTET_STRING).ok_or_else(malformed)?;
    let rounds = parameters.number().ok_or_else(malformed)?;
    // The length of the key may follow; the cipher implies it as well.
    parameters.take(INTEGER);
    let hash = match parameters.enter(SEQUENCE) {
        None => Hash::Sha1,
        Some(mut prf) => {
            let id = prf.take(OBJECT_ID).ok_or_else(malformed)?;
            prf.take(NULL);
            Hash::from_hmac_oid(id).ok_or_else(|| unsupported(id))?
        }
    };
    hash.pbkdf2(&password.utf8, salt, rounds, length, budget)
}

/// Formats an object identifier as specifications do: `1.3.6.1.4.1.11591.4.11`.
pub(crate) fn unsupported(id: &[u8]) -> OpenError {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number = 0_u64;
    // No identifier in use is longer.
    for byte in id.iter().take(32) {
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            numbers.push(std::mem::take(&mut number));
        }
    }
    if let Some(first) = numbers.first_mut() {
        let root = (*first / 40).min(2);
        *first -= root * 40;
        numbers.insert(0, root);
    }
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    OpenError::Unsupported { algorithm: format!("the algorithm {}", numbers.join(".")) }
}
