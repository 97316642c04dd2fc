use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::{BAG, DATA, ENCRYPTED_DATA, X509_CERTIFICATE};
use crate::ber::{
    EXPLICIT_0, IMPLICIT_0, INTEGER, NULL, OBJECT_ID, OCTET_STRING, SEQUENCE, SET, element,
};
use crate::cipher::Cipher;
use crate::hash::{Purpose, pkcs12};
use crate::password::Password;
use crate::pbe::PKCS12_PBE;
use crate::{Certificate, OpenError, PrivateKey};

const LOCAL_KEY_ID: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x15";
const SHA1: &[u8] = b"\x2b\x0e\x03\x02\x1a";
/// The value that Windows wrote; any value works if both bags have it.
const KEY_NUMBER: &[u8] = &[1, 0, 0, 0];
/// The value of portals and Windows.
const ROUNDS: u16 = 2_000;

/// Writes a certificate and its private key as PKCS#12, with the algorithms of the API's time.
///
/// They protect little: an attacker with the file can try passwords quickly. The key is wiped when this is
/// dropped; `Debug` shows nothing of it.
///
/// # Example
///
/// ```no_run
/// use azure_classic_credentials::{Pkcs12, Pkcs12Writer};
///
/// let (certificate, key) = (std::fs::read("management.cer")?, std::fs::read("management.key")?);
/// # let random = || [0; 36];
/// let writer = Pkcs12Writer::new(certificate, key, random())?;
/// let file = writer.write("secret");
/// assert_eq!(Pkcs12::open(&file, "secret")?.private_keys.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pkcs12Writer {
    certificate: Certificate,
    key: PrivateKey,
    salts: [u8; 36],
}

/// A password-based encryption.
#[derive(Clone, Copy)]
struct Encryption {
    cipher: Cipher,
    /// The last number of its identifier.
    variant: u8,
}

const TRIPLE_DES: Encryption = Encryption { cipher: Cipher::TripleDes, variant: 3 };
const RC2_WITH_40_BITS: Encryption = Encryption { cipher: Cipher::Rc2With40Bits, variant: 6 };

impl Pkcs12Writer {
    /// Creates a writer from a certificate in DER, its unencrypted private key in PKCS#8 DER, and 36 random
    /// bytes. These are not secret, but must not be reused for another certificate.
    ///
    /// It does not check that the key matches the certificate.
    ///
    /// # Errors
    ///
    /// [`OpenError::Malformed`] if one of them is of another kind.
    pub fn new(
        certificate: Vec<u8>,
        private_key: Vec<u8>,
        random: [u8; 36],
    ) -> Result<Self, OpenError> {
        let key = PrivateKey::from_pkcs8(Zeroizing::new(private_key))?;
        Ok(Self { certificate: Certificate::parse(certificate)?, key, salts: random })
    }

    /// Writes a file with this password, which may be empty: 3DES, 2,000 rounds, a SHA-1 checksum. Old tools
    /// read it, and OpenSSL 3 does without its legacy provider.
    pub fn write(&self, password: &str) -> Vec<u8> {
        self.file(&Password::text(password), TRIPLE_DES, Some(ROUNDS))
    }

    /// Writes a file as the portal put it into `.publishsettings` files: without a password (not an empty
    /// one), the key with 3DES and the certificate with 40-bit RC2.
    ///
    /// The file gives access to the key. OpenSSL 3 opens it only with its legacy provider.
    pub fn write_portal_compatible(&self) -> Vec<u8> {
        self.file(&Password::null(), RC2_WITH_40_BITS, None)
    }

    fn file(&self, password: &Password, bag: Encryption, mac_rounds: Option<u16>) -> Vec<u8> {
        let (key_salt, rest) = self.salts.split_at(8);
        let (certificate_salt, mac_salt) = rest.split_at(8);
        let key = self.key_part(password, key_salt);
        let certificate = self.certificate_part(bag, password, certificate_salt);
        let safe = element(SEQUENCE, &[&key, &certificate]);
        let version = element(INTEGER, &[&[3]]);
        let content = content(DATA, &element(OCTET_STRING, &[&safe]));
        let mac = mac(&safe, password, mac_salt, mac_rounds);
        element(SEQUENCE, &[&version, &content, &mac]).to_vec()
    }

    /// Unencrypted except for the key itself.
    fn key_part(&self, password: &Password, salt: &[u8]) -> Zeroizing<Vec<u8>> {
        let (algorithm, text) = TRIPLE_DES.encrypt(self.key.secret_der(), password, salt);
        let encrypted = element(SEQUENCE, &[&algorithm, &element(OCTET_STRING, &[&text])]);
        content(DATA, &element(OCTET_STRING, &[&bags(2, &encrypted)]))
    }

    /// Encrypted as one piece.
    fn certificate_part(
        &self,
        encryption: Encryption,
        password: &Password,
        salt: &[u8],
    ) -> Zeroizing<Vec<u8>> {
        let octets = element(OCTET_STRING, &[self.certificate.der()]);
        let kind = element(OBJECT_ID, &[X509_CERTIFICATE]);
        let certificate = element(SEQUENCE, &[&kind, &element(EXPLICIT_0, &[&octets])]);
        let (algorithm, text) = encryption.encrypt(&bags(3, &certificate), password, salt);
        let kind = element(OBJECT_ID, &[DATA]);
        let text = element(IMPLICIT_0, &[&text]);
        let encrypted = element(SEQUENCE, &[&kind, &algorithm, &text]);
        let version = element(INTEGER, &[&[0]]);
        content(ENCRYPTED_DATA, &element(SEQUENCE, &[&version, &encrypted]))
    }
}

impl Encryption {
    /// The identifier of the algorithm, and the ciphertext.
    fn encrypt(
        self,
        text: &[u8],
        password: &Password,
        salt: &[u8],
    ) -> (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>) {
        let derive = |purpose, length| {
            pkcs12::<Sha1, 64>(purpose, &password.utf16, salt, ROUNDS.into(), length)
        };
        let key = derive(Purpose::Key, self.cipher.key_length());
        let iv = derive(Purpose::InitialVector, self.cipher.block_length());
        let text = self.cipher.encrypt(&key, &iv, text).expect("the cipher defines the lengths");
        let id = element(OBJECT_ID, &[PKCS12_PBE, &[self.variant]]);
        let salt = element(OCTET_STRING, &[salt]);
        let parameters = element(SEQUENCE, &[&salt, &rounds(ROUNDS)]);
        (element(SEQUENCE, &[&id, &parameters]), text)
    }
}

/// One bag in a sequence of bags. The attribute shows Windows which key is the certificate's.
fn bags(kind: u8, value: &[u8]) -> Zeroizing<Vec<u8>> {
    let kind = element(OBJECT_ID, &[BAG, &[kind]]);
    let value = element(EXPLICIT_0, &[value]);
    let number = element(SET, &[&element(OCTET_STRING, &[KEY_NUMBER])]);
    let attribute = element(SEQUENCE, &[&element(OBJECT_ID, &[LOCAL_KEY_ID]), &number]);
    let bag = element(SEQUENCE, &[&kind, &value, &element(SET, &[&attribute])]);
    element(SEQUENCE, &[&bag])
}

fn content(kind: &[u8], value: &[u8]) -> Zeroizing<Vec<u8>> {
    element(SEQUENCE, &[&element(OBJECT_ID, &[kind]), &element(EXPLICIT_0, &[value])])
}

/// The checksum. One round is not written, because it is what an absent number means.
fn mac(data: &[u8], password: &Password, salt: &[u8], count: Option<u16>) -> Zeroizing<Vec<u8>> {
    let key =
        pkcs12::<Sha1, 64>(Purpose::Mac, &password.utf16, salt, count.unwrap_or(1).into(), 20);
    let mac = Hmac::<Sha1>::new_from_slice(&key).expect("HMAC takes keys of every length");
    let digest = mac.chain_update(data).finalize().into_bytes();
    let algorithm = element(SEQUENCE, &[&element(OBJECT_ID, &[SHA1]), &element(NULL, &[])]);
    let digest = element(SEQUENCE, &[&algorithm, &element(OCTET_STRING, &[&digest])]);
    let salt = element(OCTET_STRING, &[salt]);
    let count = count.map(rounds).unwrap_or_default();
    element(SEQUENCE, &[&digest, &salt, &count])
}

fn rounds(count: u16) -> Zeroizing<Vec<u8>> {
    element(INTEGER, &[&count.to_be_bytes()])
}
