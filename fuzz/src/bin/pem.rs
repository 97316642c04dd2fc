//! PEM files, and the certificates and keys in them.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_credentials::{Certificate, rsa_bits};
use azure_classic_transport::Identity;

azure_classic_fuzz::target!(check);

fn check(data: &[u8]) {
    let plain = Identity::from_pem(data);
    let encrypted = Identity::from_encrypted_pem(data, data, "secret");
    if let (Ok(plain), Ok(encrypted)) = (plain, encrypted) {
        assert_eq!(plain.thumbprint(), encrypted.thumbprint());
    }
    for certificate in Certificate::parse_all_pem(data).into_iter().flatten() {
        examine(&certificate);
    }
    if let Ok(certificate) = Certificate::parse(data.to_vec()) {
        assert_eq!(certificate.der(), data);
        examine(&certificate);
    }
    let _ = rsa_bits(data);
}

fn examine(certificate: &Certificate) {
    let _ = (certificate.subject(), certificate.issuer(), certificate.key_kind());
    let _ = (certificate.valid_from(), certificate.valid_until(), certificate.bare_public_key());
    assert_eq!(certificate.thumbprint().len(), 40);
}
