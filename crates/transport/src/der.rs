//! Just enough DER to say what is wrong with a credential.
//!
//! Certificates are not parsed with webpki, which refuses X.509 version 1; old recipes made management
//! certificates of that version, and a server that compares thumbprints takes them.

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`: the version of a certificate, absent in version 1.
const VERSION: u8 = 0xa0;

/// The `SubjectPublicKeyInfo` of a certificate, as encoded there.
pub(crate) fn public_key_of(certificate: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = Element::expect(certificate, SEQUENCE)?;
    let (to_be_signed, _) = Element::expect(certificate.content, SEQUENCE)?;
    let mut rest = to_be_signed.content;
    if let Some((_, after)) = Element::expect(rest, VERSION) {
        rest = after;
    }
    // serial number, signature algorithm, issuer, validity, subject
    for _ in 0..5 {
        rest = Element::read(rest)?.1;
    }
    Some(Element::expect(rest, SEQUENCE)?.0.whole)
}

/// The length in bits of an RSA private key's modulus, for PKCS#1 and for PKCS#8.
pub(crate) fn rsa_bits(private_key: &[u8]) -> Option<usize> {
    let (key, _) = Element::expect(private_key, SEQUENCE)?;
    let (_version, rest) = Element::expect(key.content, INTEGER)?;
    if let Some((_algorithm, rest)) = Element::expect(rest, SEQUENCE) {
        let (pkcs1, _) = Element::expect(rest, OCTET_STRING)?;
        return rsa_bits(pkcs1.content);
    }
    let (modulus, _) = Element::expect(rest, INTEGER)?;
    let leading_zeros = modulus.content.iter().take_while(|byte| **byte == 0).count();
    let digits = &modulus.content[leading_zeros..];
    let unused = digits.first()?.leading_zeros() as usize;
    Some(digits.len() * 8 - unused)
}

struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// Splits the first element from what follows it.
    fn read(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&tag, rest) = input.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let length = if first < 0x80 {
            usize::from(first)
        } else {
            // Four bytes of length are far beyond any certificate; zero means "indefinite", not DER.
            let count = usize::from(first & 0x7f);
            let bytes = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
            rest = &rest[count..];
            bytes.iter().try_fold(0_usize, |length, byte| {
                length.checked_mul(256)?.checked_add(usize::from(*byte))
            })?
        };
        let content = rest.get(..length)?;
        let after = &rest[length..];
        let whole = &input[..input.len() - after.len()];
        Some((Self { tag, content, whole }, after))
    }

    fn expect(input: &'a [u8], tag: u8) -> Option<(Self, &'a [u8])> {
        Self::read(input).filter(|(element, _)| element.tag == tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_beyond_the_input_is_refused() {
        for input in [
            &[][..],
            &[0x30],
            &[0x30, 1],
            &[0x30, 0x80],
            &[0x30, 0x82, 1],
            &[0x30, 0x85, 0, 0, 0, 0, 0],
        ] {
            assert!(Element::read(input).is_none(), "{input:x?}");
        }
        assert!(Element::read(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).is_none());
    }

    #[test]
    fn an_element_ends_where_its_length_says() {
        let (element, rest) = Element::read(&[0x02, 0x81, 0x02, 7, 8, 9]).unwrap();
        assert_eq!((element.content, element.whole.len(), rest), (&[7, 8][..], 5, &[9][..]));
    }

    #[test]
    fn a_modulus_is_counted_in_bits() {
        // SEQUENCE { INTEGER 0, INTEGER 0x00ff01 }: the zero only keeps the number positive.
        assert_eq!(rsa_bits(&[0x30, 8, 2, 1, 0, 2, 3, 0, 0xff, 1]), Some(16));
        assert_eq!(rsa_bits(&[0x30, 7, 2, 1, 0, 2, 2, 0x1f, 1]), Some(13));
        assert_eq!(rsa_bits(&[0x30, 6, 2, 1, 0, 2, 1, 0]), None);
    }
    #[test]
    fn what_is_cut_short_is_refused_wherever_it_is_cut() {
        use rustls::pki_types::pem::PemObject;
        use rustls::pki_types::{CertificateDer, PrivateKeyDer};

        let pem = include_bytes!("../tests/fixtures/rsa.pem");
        let certificate = CertificateDer::from_pem_slice(pem).unwrap();
        let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
        assert!(public_key_of(&certificate).is_some());
        assert_eq!(rsa_bits(key.secret_der()), Some(2048));
        assert!((0..certificate.len()).all(|end| public_key_of(&certificate[..end]).is_none()));
        let key = key.secret_der();
        assert!((0..key.len()).all(|end| rsa_bits(&key[..end]).is_none()));
    }
}
