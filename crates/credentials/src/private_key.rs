use std::fmt;

use zeroize::Zeroizing;

use crate::ber::{INTEGER, OCTET_STRING, Reader, SEQUENCE};
use crate::{FileKind, OpenError, der_kind};

/// A private key in DER; [`format`](Self::format) returns its format. Wiped when dropped; `Debug` shows
/// nothing of it.
#[derive(Clone)]
pub struct PrivateKey {
    der: Zeroizing<Vec<u8>>,
}

impl PrivateKey {
    pub(crate) fn new(der: Zeroizing<Vec<u8>>) -> Self {
        Self { der }
    }

    /// Bytes that may be a private key.
    pub(crate) fn from_pkcs8(der: Zeroizing<Vec<u8>>) -> Result<Self, OpenError> {
        let is_key = Reader(&der).enter(SEQUENCE).is_some_and(|mut key| {
            key.take(INTEGER).is_some()
                && key.take(SEQUENCE).is_some()
                && key.take(OCTET_STRING).is_some()
        });
        if is_key {
            Ok(Self { der })
        } else {
            Err(OpenError::Malformed { what: "a private key in PKCS#8" })
        }
    }

    /// Returns the format of the key, or `None` if it is unknown.
    pub fn format(&self) -> Option<KeyFormat> {
        match der_kind::detect(&self.der)? {
            FileKind::Pkcs8 => Some(KeyFormat::Pkcs8),
            FileKind::Pkcs1 => Some(KeyFormat::Pkcs1),
            FileKind::Sec1 => Some(KeyFormat::Sec1),
            _ => None,
        }
    }

    /// Returns the key in DER. The caller must wipe any copy.
    pub fn secret_der(&self) -> &[u8] {
        &self.der
    }
}

/// The format of a private key in DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFormat {
    /// PKCS#8, for keys of every kind.
    Pkcs8,
    /// PKCS#1, for RSA.
    Pkcs1,
    /// SEC1, for elliptic curves.
    Sec1,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").finish_non_exhaustive()
    }
}

/// Returns the length of an RSA private key in bits, from PKCS#1 or PKCS#8; `None` for other keys.
pub fn rsa_bits(private_key: &[u8]) -> Option<usize> {
    let mut key = Reader(private_key).enter(SEQUENCE)?;
    key.take(INTEGER)?;
    let is_pkcs8 = key.take(SEQUENCE).is_some();
    if is_pkcs8 {
        key = Reader(key.take(OCTET_STRING)?).enter(SEQUENCE)?;
        key.take(INTEGER)?;
    }
    bits(key.take(INTEGER)?)
}

/// The length in bits of a number.
pub(crate) fn bits(number: &[u8]) -> Option<usize> {
    let leading_zeros = number.iter().take_while(|byte| **byte == 0).count();
    let digits = &number[leading_zeros..];
    let unused = digits.first()?.leading_zeros() as usize;
    Some(digits.len() * 8 - unused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modulus_is_counted_in_bits() {
        // SEQUENCE { INTEGER 0, INTEGER 0x00ff01 }: the zero only keeps the number positive.
        assert_eq!(rsa_bits(&[0x30, 8, 2, 1, 0, 2, 3, 0, 0xff, 1]), Some(16));
        assert_eq!(rsa_bits(&[0x30, 7, 2, 1, 0, 2, 2, 0x1f, 1]), Some(13));
        assert_eq!(rsa_bits(&[0x30, 6, 2, 1, 0, 2, 1, 0]), None);
    }
}
