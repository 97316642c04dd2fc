//! The proof that a client has the key of its certificate: the signature in its handshake.
//!
//! The key is taken from the certificate as it stands. What else is in there, its version, its
//! extensions, its dates, does not matter, because the service knew a certificate by its thumbprint
//! alone. Keys that the TLS library does not know are checked here with other crates.

use azure_classic_credentials::Certificate;
use k256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::signature::Verifier as _;
use rsa::{PublicKey, pkcs1v15, pss};
use rustls::SignatureScheme;
use rustls::crypto::WebPkiSupportedAlgorithms;

/// The versions of TLS, which allow different signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Tls12,
    Tls13,
}

/// What can be checked here besides what the TLS library can. In TLS 1.2 the name of a scheme is the
/// hash alone, whatever the curve.
pub(super) const MORE_SCHEMES: [SignatureScheme; 1] = [SignatureScheme::ECDSA_NISTP521_SHA512];

/// Why a signature does not count.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unproven {
    /// The certificate is none that can be read.
    Certificate,
    /// A key of a kind, or with a scheme, that cannot be checked.
    Unsupported,
    /// The signature is not by the key of the certificate.
    Signature,
}

/// Whether the signature of a message is by the key of a certificate.
pub(super) fn check(
    certificate: &[u8],
    message: &[u8],
    (scheme, signature): (SignatureScheme, &[u8]),
    version: Version,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<(), Unproven> {
    let certificate =
        Certificate::parse(certificate.to_vec()).map_err(|_| Unproven::Certificate)?;
    let (Some(algorithm), Some(key)) =
        (certificate.public_key_algorithm(), certificate.bare_public_key())
    else {
        return Err(Unproven::Certificate);
    };
    if version == Version::Tls13 && is_of_tls12_alone(scheme) {
        return Err(Unproven::Unsupported);
    }
    let known = algorithms.mapping.iter().filter(|(own, _)| *own == scheme);
    let known = known.flat_map(|(_, known)| match version {
        Version::Tls12 => *known,
        // There the scheme names the curve, which is that of the first.
        Version::Tls13 => &known[..known.len().min(1)],
    });
    let mut fitting = known.filter(|it| it.public_key_alg_id().as_ref() == algorithm);
    if fitting.any(|it| it.verify_signature(key, message, signature).is_ok()) {
        return Ok(());
    }
    match algorithm {
        RSA => check_rsa(key, message, scheme, signature),
        P521 if version == Version::Tls12 || MORE_SCHEMES.contains(&scheme) => {
            check_p521(key, message, scheme, signature)
        }
        SECP256K1 if version == Version::Tls12 => check_secp256k1(key, message, scheme, signature),
        _ => Err(Unproven::Unsupported),
    }
}

/// The contents of `AlgorithmIdentifier`: rsaEncryption, and ecPublicKey with a curve.
const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
const P521: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23";
const SECP256K1: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a";

fn is_of_tls12_alone(scheme: SignatureScheme) -> bool {
    use SignatureScheme as S;
    matches!(scheme, S::RSA_PKCS1_SHA256 | S::RSA_PKCS1_SHA384 | S::RSA_PKCS1_SHA512)
}

/// Keys of 1,024 to 8,192 bits; the TLS library wants 2,048 at least.
fn check_rsa(
    key: &[u8],
    message: &[u8],
    scheme: SignatureScheme,
    signature: &[u8],
) -> Result<(), Unproven> {
    use SignatureScheme as S;

    let key = PublicKey::from_pkcs1_der(key).map_err(|_| Unproven::Unsupported)?;
    let verified = match scheme {
        S::RSA_PKCS1_SHA256 => pkcs1v15::Signature::try_from(signature)
            .and_then(|it| pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &it)),
        S::RSA_PKCS1_SHA384 => pkcs1v15::Signature::try_from(signature)
            .and_then(|it| pkcs1v15::VerifyingKey::<Sha384>::new(key).verify(message, &it)),
        S::RSA_PKCS1_SHA512 => pkcs1v15::Signature::try_from(signature)
            .and_then(|it| pkcs1v15::VerifyingKey::<Sha512>::new(key).verify(message, &it)),
        S::RSA_PSS_SHA256 => pss::Signature::try_from(signature)
            .and_then(|it| pss::VerifyingKey::<Sha256>::new(key).verify(message, &it)),
        S::RSA_PSS_SHA384 => pss::Signature::try_from(signature)
            .and_then(|it| pss::VerifyingKey::<Sha384>::new(key).verify(message, &it)),
        S::RSA_PSS_SHA512 => pss::Signature::try_from(signature)
            .and_then(|it| pss::VerifyingKey::<Sha512>::new(key).verify(message, &it)),
        _ => return Err(Unproven::Unsupported),
    };
    verified.map_err(|_| Unproven::Signature)
}

fn check_p521(
    key: &[u8],
    message: &[u8],
    scheme: SignatureScheme,
    signature: &[u8],
) -> Result<(), Unproven> {
    let hash = hash_for_curve(scheme, message).ok_or(Unproven::Unsupported)?;
    // A hash is a number of the curve's length, with nothing before it where it is shorter.
    let mut number = [0; 66];
    number[66 - hash.len()..].copy_from_slice(&hash);
    let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| Unproven::Unsupported)?;
    p521::ecdsa::Signature::from_der(signature)
        .and_then(|signature| key.verify_prehash(&number, &signature))
        .map_err(|_| Unproven::Signature)
}

fn check_secp256k1(
    key: &[u8],
    message: &[u8],
    scheme: SignatureScheme,
    signature: &[u8],
) -> Result<(), Unproven> {
    let hash = hash_for_curve(scheme, message).ok_or(Unproven::Unsupported)?;
    let key = k256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| Unproven::Unsupported)?;
    // Of the two forms that each signature has, TLS allows both.
    k256::ecdsa::Signature::from_der(signature)
        .and_then(|signature| key.verify_prehash(&hash, &signature.normalize_s()))
        .map_err(|_| Unproven::Signature)
}

fn hash_for_curve(scheme: SignatureScheme, message: &[u8]) -> Option<Vec<u8>> {
    Some(match scheme {
        SignatureScheme::ECDSA_NISTP256_SHA256 => Sha256::digest(message).to_vec(),
        SignatureScheme::ECDSA_NISTP384_SHA384 => Sha384::digest(message).to_vec(),
        SignatureScheme::ECDSA_NISTP521_SHA512 => Sha512::digest(message).to_vec(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    const MESSAGE: &[u8] = b"the transcript of a handshake";

    /// Made with OpenSSL: the name of a certificate (`v1` is of version 1, `crit` has an unknown
    /// critical extension), the scheme, the certificate, the signature of the message.
    struct Signed {
        name: &'static str,
        scheme: SignatureScheme,
        certificate: Vec<u8>,
        signature: Vec<u8>,
    }

    fn all() -> Vec<Signed> {
        let decode = |text| STANDARD.decode(text).unwrap();
        let lines = include_str!("signatures.txt").lines();
        let read = |line: &'static str| {
            let [name, scheme, certificate, signature] =
                line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let (certificate, signature) = (decode(certificate), decode(signature));
            Signed { name, scheme: scheme_of(scheme), certificate, signature }
        };
        lines.map(read).collect()
    }

    fn scheme_of(name: &str) -> SignatureScheme {
        let known = (0..=u16::MAX).map(SignatureScheme::from);
        known.into_iter().find(|it| format!("{it:?}") == name).unwrap()
    }

    fn check_it(signed: &Signed, message: &[u8], version: Version) -> Result<(), Unproven> {
        let algorithms = super::super::provider().signature_verification_algorithms;
        let signature = (signed.scheme, &signed.signature[..]);
        check(&signed.certificate, message, signature, version, &algorithms)
    }

    #[test]
    fn signatures_of_old_and_odd_certificates_are_checked() {
        for signed in all() {
            let (is_permanent, is_old) = (
                signed.name.starts_with("ed448") || signed.name.starts_with("rsa768"),
                signed.name.starts_with("k256") || is_of_tls12_alone(signed.scheme),
            );
            let expected =
                |is_unsupported| if is_unsupported { Err(Unproven::Unsupported) } else { Ok(()) };
            let Signed { name, scheme, .. } = &signed;
            let of_12 = check_it(&signed, MESSAGE, Version::Tls12);
            assert_eq!(of_12, expected(is_permanent), "{name} {scheme:?}");
            // There the scheme names the curve.
            let is_other_curve = match scheme {
                SignatureScheme::ECDSA_NISTP256_SHA256 => !name.starts_with("p256"),
                SignatureScheme::ECDSA_NISTP384_SHA384 => true,
                _ => false,
            };
            let of_13 = check_it(&signed, MESSAGE, Version::Tls13);
            assert_eq!(
                of_13,
                expected(is_permanent || is_old || is_other_curve),
                "{name} {scheme:?}"
            );
        }
    }

    #[test]
    fn a_signature_of_something_else_or_by_another_key_proves_nothing() {
        for mut signed in all() {
            assert!(check_it(&signed, b"another message", Version::Tls12).is_err());
            let at = signed.signature.len() - 3;
            signed.signature[at] ^= 1;
            assert!(check_it(&signed, MESSAGE, Version::Tls12).is_err(), "{}", signed.name);
            signed.signature.clear();
            assert!(check_it(&signed, MESSAGE, Version::Tls12).is_err(), "{}", signed.name);
        }
        let all = all();
        for (one, other) in
            all.iter().zip(&all[1..]).filter(|(one, other)| one.name[..4] != other.name[..4])
        {
            let mixed = Signed {
                certificate: other.certificate.clone(),
                signature: one.signature.clone(),
                ..*one
            };
            assert!(check_it(&mixed, MESSAGE, Version::Tls12).is_err(), "{}", one.name);
        }
    }

    #[test]
    fn what_is_no_certificate_proves_nothing() {
        for signed in all() {
            for end in [0, 1, 20, signed.certificate.len() / 3] {
                let cut = Signed {
                    certificate: signed.certificate[..end].to_vec(),
                    ..signed_copy(&signed)
                };
                assert!(check_it(&cut, MESSAGE, Version::Tls13).is_err());
            }
        }
    }

    fn signed_copy(of: &Signed) -> Signed {
        Signed { certificate: of.certificate.clone(), signature: of.signature.clone(), ..*of }
    }
}
