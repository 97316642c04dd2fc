//! Keys with a passphrase, which rustls passes over as over any section that it does not know.

use azure_classic_credentials::{decrypt_pkcs8, decrypt_traditional};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use zeroize::Zeroizing;

use crate::CredentialError;

const PKCS8: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
/// How OpenSSL encrypted PKCS#1 and SEC1 keys, with one round of MD5.
const TRADITIONAL: &str = "Proc-Type: 4,ENCRYPTED";
const CIPHER: &str = "DEK-Info:";

/// Decrypts the encrypted key of a PEM text; none where it has none.
pub(crate) fn decrypted(
    text: &[u8],
    passphrase: Option<&str>,
) -> Result<Option<Zeroizing<PrivateKeyDer<'static>>>, CredentialError> {
    let text = String::from_utf8_lossy(text);
    let traditional = text.find(TRADITIONAL);
    let Some(begin) = traditional.or_else(|| text.find(PKCS8)) else {
        return Ok(None);
    };
    let Some(passphrase) = passphrase else {
        return Err(CredentialError::EncryptedPrivateKey);
    };
    let key = if traditional.is_some() {
        traditional_key(&text, begin, passphrase)?
    } else {
        let encrypted = content(&text[begin + PKCS8.len()..])?;
        let key = decrypt_pkcs8(&encrypted, passphrase)?;
        PrivatePkcs8KeyDer::from(key.secret_der().to_vec()).into()
    };
    Ok(Some(Zeroizing::new(key)))
}

/// The key of the section in which the traditional mark stands.
fn traditional_key(
    text: &str,
    mark: usize,
    passphrase: &str,
) -> Result<PrivateKeyDer<'static>, CredentialError> {
    let fields = text[mark..].find(CIPHER).map(|at| &text[mark + at + CIPHER.len()..]);
    let fields = fields.ok_or_else(|| damaged("an encrypted section has no DEK-Info field"))?;
    let (cipher, body) = fields.split_once('\n').unwrap_or((fields, ""));
    let key = decrypt_traditional(cipher, &content(body)?, passphrase)?;
    let label = text[..mark].rfind("-----BEGIN ").map_or("", |begin| &text[begin..mark]);
    Ok(if label.starts_with("-----BEGIN EC PRIVATE KEY-----") {
        PrivateSec1KeyDer::from(key.secret_der().to_vec()).into()
    } else {
        PrivatePkcs1KeyDer::from(key.secret_der().to_vec()).into()
    })
}

/// The bytes of a section, from behind its head to its end.
fn content(section: &str) -> Result<Zeroizing<Vec<u8>>, CredentialError> {
    let end = section.find("-----END ").ok_or_else(|| damaged("a section has no -----END line"))?;
    let base64: String = section[..end].split_ascii_whitespace().collect();
    STANDARD.decode(base64).map(Zeroizing::new).map_err(|_| damaged("a section is not base64"))
}

fn damaged(what: &str) -> CredentialError {
    CredentialError::DamagedPem(what.into())
}
