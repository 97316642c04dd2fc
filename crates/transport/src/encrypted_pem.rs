//! Keys with a passphrase, which rustls passes over as over any section that it does not know.

use azure_classic_credentials::{PrivateKey, decrypt_pkcs8};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::CredentialError;

const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
/// How OpenSSL encrypted PKCS#1 and SEC1 keys, with one round of MD5.
const TRADITIONAL: &str = "Proc-Type: 4,ENCRYPTED";

/// Decrypts the encrypted key of a PEM text; none where it has none.
pub(crate) fn decrypted(
    text: &[u8],
    passphrase: Option<&str>,
) -> Result<Option<PrivateKey>, CredentialError> {
    if position(text, TRADITIONAL).is_some() {
        return Err(CredentialError::TraditionallyEncryptedPrivateKey);
    }
    let Some(begin) = position(text, BEGIN) else {
        return Ok(None);
    };
    let Some(passphrase) = passphrase else {
        return Err(CredentialError::EncryptedPrivateKey);
    };
    let damaged = |what: &str| CredentialError::DamagedPem(what.into());
    let section = &text[begin + BEGIN.len()..];
    let end = position(section, END).ok_or_else(|| damaged("a section has no -----END line"))?;
    let base64: Vec<u8> =
        section[..end].iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let encrypted = STANDARD
        .decode(base64)
        .map(Zeroizing::new)
        .map_err(|_| damaged("a section is not base64"))?;
    Ok(Some(decrypt_pkcs8(&encrypted, passphrase)?))
}

fn position(text: &[u8], mark: &str) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark.as_bytes())
}
