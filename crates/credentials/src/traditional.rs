//! Keys in OpenSSL's encryption from before 2010: a PEM section with `Proc-Type: 4,ENCRYPTED`.

use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use crate::cipher::Cipher;
use crate::{OpenError, PrivateKey};

/// Decrypts the content of a PEM section with `Proc-Type: 4,ENCRYPTED`. The key has the format that the
/// section's label names (PKCS#1 for `RSA PRIVATE KEY`, SEC1 for `EC PRIVATE KEY`).
///
/// `dek_info` is the value of the section's `DEK-Info` field, such as `AES-128-CBC,6F9B…`. The key derivation
/// is one round of MD5, so the encryption protects little: convert such a file with `openssl pkcs8 -topk8`.
///
/// # Errors
///
/// [`OpenError::WrongPassword`]; [`OpenError::Unsupported`] for ciphers other than AES and 3DES;
/// [`OpenError::Malformed`] if `dek_info` is invalid.
pub fn decrypt_traditional(
    dek_info: &str,
    encrypted: &[u8],
    passphrase: &str,
) -> Result<PrivateKey, OpenError> {
    let malformed = || OpenError::Malformed { what: "an encrypted key" };
    let (name, iv) = dek_info.trim().split_once(',').ok_or_else(malformed)?;
    let cipher = match name.trim().to_ascii_uppercase().as_str() {
        "DES-EDE3-CBC" => Cipher::TripleDes,
        "AES-128-CBC" => Cipher::Aes128,
        "AES-192-CBC" => Cipher::Aes192,
        "AES-256-CBC" => Cipher::Aes256,
        other => {
            return Err(OpenError::Unsupported { algorithm: other.chars().take(40).collect() });
        }
    };
    let iv = from_hex(iv.trim()).filter(|iv| iv.len() == cipher.block_length());
    let iv = iv.ok_or_else(malformed)?;
    let key = derive(passphrase, &iv[..8], cipher.key_length());
    cipher
        .decrypt(&key, &iv, encrypted)
        // A wrong key has valid padding once in 256 times; a key is a SEQUENCE.
        .filter(|key| key.first() == Some(&0x30))
        .map(PrivateKey::new)
        .ok_or(OpenError::WrongPassword)
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one round.
fn derive(passphrase: &str, salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut last = Zeroizing::new(Vec::new());
    while key.len() < length {
        let mut hash = Md5::new();
        hash.update(&*last);
        hash.update(passphrase);
        hash.update(salt);
        // A new wrapper, so that the old content is wiped and not only freed.
        last = Zeroizing::new(hash.finalize().to_vec());
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| digit.try_into().ok()))
        .collect();
    let digits = digits?;
    digits
        .len()
        .is_multiple_of(2)
        .then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsupported_ciphers_are_named_and_invalid_fields_rejected() {
        let refusal = |field: &str| decrypt_traditional(field, &[0; 16], "x").unwrap_err();
        assert_eq!(
            refusal("DES-CBC,0011223344556677"),
            OpenError::Unsupported { algorithm: "DES-CBC".into() }
        );
        for field in ["", "AES-128-CBC", "AES-128-CBC,00", "AES-128-CBC,é", "AES-128-CBC,0g"] {
            assert_eq!(
                refusal(field),
                OpenError::Malformed { what: "an encrypted key" },
                "{field}"
            );
        }
        let iv = "00112233445566778899aabbccddeeff";
        assert_eq!(refusal(&format!("AES-128-CBC,{iv}")), OpenError::WrongPassword);
    }
}
