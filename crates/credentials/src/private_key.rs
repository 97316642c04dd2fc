use std::fmt;

use zeroize::Zeroizing;

use crate::OpenError;
use crate::ber::{INTEGER, OCTET_STRING, Reader, SEQUENCE};

/// A private key in PKCS#8, unless said otherwise. Wiped when dropped; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct PrivateKey {
    der: Zeroizing<Vec<u8>>,
}

impl PrivateKey {
    pub(crate) fn new(der: Zeroizing<Vec<u8>>) -> Self {
        Self { der }
    }

    /// A key of which it is not known yet whether it is one.
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

    /// The key itself, in DER. Whoever copies it wipes the copy.
    pub fn secret_der(&self) -> &[u8] {
        &self.der
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").finish_non_exhaustive()
    }
}

/// The length in bits of an RSA private key, in PKCS#1 or PKCS#8; none for other keys.
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
