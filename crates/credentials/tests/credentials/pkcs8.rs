use azure_classic_credentials::{OpenError, decrypt_pkcs8, rsa_bits};

use crate::fixtures::{ec_key, section};

const LABEL: &str = "ENCRYPTED PRIVATE KEY";

#[test]
fn all_key_encryptions_of_openssl_are_supported() {
    for name in
        ["pbes2-SHA1", "pbes2-SHA256", "pbes2-SHA384", "pbes2-SHA512", "pbes2-3des", "pbes1-3des"]
    {
        let encrypted = section(&format!("ec-{name}.key"), LABEL);
        let key =
            decrypt_pkcs8(&encrypted, "secret").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(key.secret_der(), ec_key(), "{name}");
        assert_eq!(
            decrypt_pkcs8(&encrypted, "wrong").err(),
            Some(OpenError::WrongPassword),
            "{name}"
        );
        assert_eq!(
            decrypt_pkcs8(&encrypted, "").err(),
            Some(OpenError::PasswordRequired),
            "{name}"
        );
        let cut = &encrypted[..encrypted.len() - 1];
        assert!(matches!(decrypt_pkcs8(cut, "secret"), Err(OpenError::Malformed { .. })), "{name}");
    }
}

#[test]
fn an_unsupported_key_derivation_is_named() {
    let error = decrypt_pkcs8(&section("ec-scrypt.key", LABEL), "secret").unwrap_err();
    assert!(error.to_string().contains("the algorithm 1.3.6.1.4.1.11591.4.11,"), "{error}");
}

#[test]
fn the_length_of_an_rsa_key_is_read_even_if_truncated() {
    let key = section("rsa.pem", "PRIVATE KEY");
    assert_eq!(rsa_bits(&key), Some(2048));
    assert!((0..key.len()).all(|end| rsa_bits(&key[..end]).is_none()));
    assert_eq!(rsa_bits(&ec_key()), None);
}
