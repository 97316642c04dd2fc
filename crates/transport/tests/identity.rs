//! Credential files as users have them: which are accepted, and the errors for the others.

use azure_classic_transport::credentials::{FileKind, OpenError, Pkcs12};
use azure_classic_transport::{CredentialError, HttpsTransport, Identity};

const RSA: &str = include_str!("fixtures/rsa.pem");
const EC: &str = include_str!("fixtures/ec.pem");
const ENCRYPTED: &str = include_str!("fixtures/rsa-encrypted.key");
const TRADITIONAL: &str = include_str!("fixtures/rsa-encrypted-traditional.key");
const EC_TRADITIONAL: &str = include_str!("fixtures/ec-encrypted-traditional.key");

/// A fixture of the credentials crate.
macro_rules! pfx {
    ($name:literal) => {
        include_bytes!(concat!("../../credentials/tests/fixtures/", $name))
    };
}

fn rejection(certificate: &str, key: &str) -> CredentialError {
    Identity::from_pem_pair(certificate.as_bytes(), key.as_bytes()).unwrap_err()
}

fn section(pem: &str, label: &str) -> String {
    let start = pem.find(&format!("-----BEGIN {label}-----")).unwrap();
    let end_line = format!("-----END {label}-----\n");
    let end = pem.find(&end_line).unwrap() + end_line.len();
    pem[start..end].to_owned()
}

#[test]
fn thumbprints_match_openssl() {
    // openssl x509 -in rsa.pem -noout -fingerprint -sha1, without the colons
    let identity = Identity::from_pem(RSA.as_bytes()).unwrap();
    assert_eq!(identity.thumbprint(), "355C9470A63E268D3C341C9EFD1EA77CC17D5C73");
}

#[test]
fn all_common_key_formats_are_accepted() {
    for key in [RSA, include_str!("fixtures/rsa-pkcs1.key")] {
        Identity::from_pem_pair(RSA.as_bytes(), key.as_bytes()).unwrap();
    }
    Identity::from_pem(EC.as_bytes()).unwrap();
}

#[test]
fn version_1_certificates_are_accepted() {
    let v1 = include_str!("fixtures/rsa-v1.crt");
    let identity = Identity::from_pem_pair(v1.as_bytes(), RSA.as_bytes()).unwrap();
    assert_eq!(identity.thumbprint(), "9B335DFDBFDFEEDF7B805401EF1598EBA03269E7");
    HttpsTransport::builder()
        .identity(identity)
        .root_certificates_pem(RSA.as_bytes())
        .build()
        .unwrap();
}

#[test]
fn the_matching_certificate_comes_first_in_any_order() {
    let expected = Identity::from_pem(RSA.as_bytes()).unwrap().thumbprint();
    for pem in [format!("{EC}{RSA}"), format!("{RSA}{EC}")] {
        let identity = Identity::from_pem_pair(pem.as_bytes(), RSA.as_bytes()).unwrap();
        assert_eq!(identity.thumbprint(), expected);
    }
}

#[test]
fn additions_of_editors_and_exports_are_ignored() {
    let windows = format!("\u{feff}{}", RSA.replace('\n', "\r\n"));
    let export = format!("Bag Attributes\n    localKeyID: 01\nsubject=CN = contoso\n{RSA}");
    for pem in [windows, export] {
        Identity::from_pem(pem.as_bytes()).unwrap();
    }
}

#[test]
fn errors_name_the_missing_part() {
    let certificate = section(RSA, "CERTIFICATE");
    let key = section(RSA, "PRIVATE KEY");
    let is_empty = |error: &CredentialError| {
        matches!(error, CredentialError::CannotOpen(OpenError::WrongKind { kind: FileKind::Empty }))
    };
    assert!(is_empty(&rejection("", &key)));
    assert!(matches!(rejection(&key, &key), CredentialError::NoCertificate));
    assert!(is_empty(&rejection(&certificate, "")));
    assert!(matches!(rejection(&certificate, &certificate), CredentialError::NoPrivateKey));
}

#[test]
fn the_error_for_an_encrypted_key_says_how_to_decrypt_it() {
    let error = rejection(RSA, ENCRYPTED);
    assert!(matches!(error, CredentialError::EncryptedPrivateKey));
    assert!(error.to_string().contains("openssl pkey -in"), "{error}");
    assert!(matches!(rejection(RSA, TRADITIONAL), CredentialError::EncryptedPrivateKey));
}

#[test]
fn an_encrypted_key_opens_only_with_its_passphrase() {
    let open = |key: &str, passphrase| {
        Identity::from_encrypted_pem(RSA.as_bytes(), key.as_bytes(), passphrase)
    };
    let expected = Identity::from_pem(RSA.as_bytes()).unwrap().thumbprint();
    let windows = ENCRYPTED.replace('\n', "\r\n");
    for key in [ENCRYPTED, &windows, RSA, TRADITIONAL, &TRADITIONAL.replace('\n', "\r\n")] {
        assert_eq!(open(key, "contoso").unwrap().thumbprint(), expected);
    }
    for key in [ENCRYPTED, TRADITIONAL, EC_TRADITIONAL] {
        let wrong = open(key, "fabrikam").unwrap_err();
        assert!(
            matches!(wrong, CredentialError::CannotOpen(OpenError::WrongPassword)),
            "{wrong:?}"
        );
    }
    let ec = include_str!("fixtures/ec.pem").as_bytes();
    Identity::from_encrypted_pem(ec, EC_TRADITIONAL.as_bytes(), "contoso").unwrap();
    for damage in [("-----END ENCRYPTED", "-----"), ("PRIVATE KEY-----\nM", "PRIVATE KEY-----\n!")]
    {
        let error = open(&ENCRYPTED.replacen(damage.0, damage.1, 1), "contoso").unwrap_err();
        assert!(matches!(error, CredentialError::DamagedPem(_)), "{error:?}");
    }
}

#[test]
fn a_pfx_opens_with_its_password() {
    let (old, new) = (pfx!("legacy.pfx"), pfx!("chain.pfx"));
    let ec = Identity::from_pkcs12(old, "secret").unwrap();
    assert_eq!(ec.certificate().subject(), Some("CN=contoso management"));
    assert_eq!(Identity::from_pkcs12(new, "secret").unwrap().thumbprint(), ec.thumbprint());
    let rejection = |file: &[u8], password| Identity::from_pkcs12(file, password).unwrap_err();
    for (password, expected) in
        [("wrong", OpenError::WrongPassword), ("", OpenError::PasswordRequired)]
    {
        let error = rejection(old, password);
        assert!(matches!(&error, CredentialError::CannotOpen(error) if *error == expected));
        assert_eq!(error.to_string(), expected.to_string());
        assert!(std::error::Error::source(&error).is_none());
    }
    let error = rejection(pfx!("certificates-only.pfx"), "secret");
    assert!(matches!(error, CredentialError::NoPrivateKey), "{error:?}");
}

#[test]
fn a_pfx_without_a_matching_pair_has_its_own_error() {
    let mut file = Pkcs12::open(pfx!("chain.pfx"), "secret").unwrap();
    file.certificates.remove(0);
    let error = Identity::from_opened(&file).unwrap_err();
    assert!(matches!(error, CredentialError::KeyMismatch), "{error:?}");
    file.certificates.clear();
    let error = Identity::from_opened(&file).unwrap_err();
    assert!(matches!(error, CredentialError::NoCertificate), "{error:?}");
}

#[test]
fn the_key_with_a_matching_certificate_is_chosen() {
    let null = Pkcs12::open(pfx!("null-password-rsa.pfx"), "").unwrap();
    let mut file = Pkcs12::open(pfx!("legacy.pfx"), "secret").unwrap();
    let expected = Identity::from_opened(&file).unwrap().thumbprint();
    file.private_keys.insert(0, null.private_keys[0].clone());
    assert_eq!(Identity::from_opened(&file).unwrap().thumbprint(), expected);
}

#[test]
fn the_error_for_a_short_rsa_key_names_its_length() {
    let pkcs8 = include_str!("fixtures/rsa-1024.pem");
    for key in [pkcs8, include_str!("fixtures/rsa-1024-pkcs1.key")] {
        let error = rejection(pkcs8, key);
        assert!(matches!(error, CredentialError::RsaKeyTooShort { bits: 1024 }), "{error:?}");
        assert!(error.to_string().starts_with("the RSA key has 1024 bits"), "{error}");
    }
}

#[test]
#[cfg(not(feature = "aws-lc-rs"))]
fn the_error_for_a_curve_that_ring_lacks_names_the_supported_keys() {
    let p521 = include_str!("fixtures/ec-p521.pem");
    let error = rejection(p521, p521);
    assert!(matches!(error, CredentialError::UnusablePrivateKey(_)), "{error:?}");
    assert!(error.to_string().contains("ECDSA on P-256 or P-384"), "{error}");
}

#[test]
#[cfg(feature = "aws-lc-rs")]
fn aws_lc_accepts_its_additional_curves() {
    Identity::from_pem(include_bytes!("fixtures/ec-p521.pem")).unwrap();
}

#[test]
#[cfg(not(feature = "aws-lc-rs"))]
fn the_error_for_a_key_that_ring_cannot_use_names_the_limit() {
    let long = include_str!("fixtures/rsa-5120.pem");
    let error = rejection(long, long);
    assert!(
        matches!(error, CredentialError::RsaKeyTooLong { bits: 5120, limit: 4096 }),
        "{error:?}"
    );
    assert!(error.to_string().contains("the supported 4096"), "{error}");
    for pem in [
        include_str!("fixtures/rsa-2056.pem"),
        include_str!("fixtures/rsa-exponent-3.pem"),
        include_str!("fixtures/ec-secp256k1.pem"),
    ] {
        let error = rejection(pem, pem);
        assert!(matches!(error, CredentialError::UnusablePrivateKey(_)), "{error:?}");
        let limit = "RSA of 2048 to 4096 bits in steps of 512 with an exponent of 65537";
        assert!(error.to_string().contains(limit), "{error}");
    }
}

#[test]
fn certificate_and_key_files_of_any_format_combine() {
    let certificate = pfx!("plain-certificate.pfx");
    let expected = Identity::from_pem(pfx!("ec.pem")).unwrap().thumbprint();
    for key in [&pfx!("ec-sec1.der")[..], pfx!("ec-pbes2.der"), pfx!("legacy.pfx"), pfx!("ec.pem")]
    {
        for certificate in [&certificate[..], pfx!("chain.p7b"), pfx!("ec-traditional.pem")] {
            let identity = Identity::from_files(certificate, key, Some("secret")).unwrap();
            assert_eq!(identity.thumbprint(), expected);
        }
    }
    for file in [&pfx!("ec-traditional.pem")[..], pfx!("chain.pfx")] {
        let identity = Identity::from_file(file, Some("secret")).unwrap();
        assert_eq!(identity.thumbprint(), expected);
    }
    let locked = Identity::from_file(pfx!("ec-traditional.pem"), None).unwrap_err();
    assert!(matches!(locked, CredentialError::EncryptedPrivateKey), "{locked:?}");
    let wrong = Identity::from_file(pfx!("ec-traditional.pem"), Some("wr0ng")).unwrap_err();
    assert!(matches!(wrong, CredentialError::CannotOpen(OpenError::WrongPassword)), "{wrong:?}");
}

#[test]
fn errors_name_the_kind_of_other_files() {
    for (file, expected) in [
        (&b"<publishData/>"[..], FileKind::WebPublishProfile),
        (b"{}", FileKind::Json),
        (pfx!("request.der"), FileKind::CertificateRequest),
        (b"\x30\x82\x05\x00\x02", FileKind::Truncated),
    ] {
        let refused = |error: CredentialError| {
            let CredentialError::CannotOpen(OpenError::WrongKind { kind }) = error else {
                panic!("{error:?}")
            };
            assert_eq!(kind, expected);
        };
        refused(Identity::from_file(file, None).unwrap_err());
        refused(Identity::from_pkcs12(file, "").unwrap_err());
        refused(Identity::from_files(RSA.as_bytes(), file, None).unwrap_err());
        refused(Identity::from_files(file, RSA.as_bytes(), None).unwrap_err());
        let roots = HttpsTransport::builder().root_certificates_pem(file).build().unwrap_err();
        assert!(
            matches!(roots, CredentialError::NoRootCertificate { kind } if kind == expected),
            "{roots:?}"
        );
    }
}

#[test]
fn a_damaged_key_is_reported_as_unusable_not_as_short() {
    let damaged = "-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n";
    assert!(matches!(rejection(RSA, damaged), CredentialError::UnusablePrivateKey(_)));
}

#[test]
fn a_key_that_does_not_match_the_certificate_is_rejected() {
    assert!(matches!(rejection(EC, RSA), CredentialError::KeyMismatch));
    assert!(matches!(rejection(RSA, EC), CredentialError::KeyMismatch));
}

#[test]
fn a_section_without_a_certificate_is_rejected() {
    let none = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    assert!(matches!(rejection(none, RSA), CredentialError::NotACertificate));
}

#[test]
fn errors_for_damaged_pem_do_not_show_it() {
    let secret = "!!secret!!";
    let key = section(RSA, "PRIVATE KEY");
    let not_base64 = format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n");
    let no_end = key.replace("-----END PRIVATE KEY-----", secret);
    for damaged in [not_base64, no_end] {
        let error = rejection(RSA, &damaged);
        assert!(matches!(error, CredentialError::DamagedPem(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn debug_shows_only_the_thumbprint() {
    let identity = Identity::from_pem(RSA.as_bytes()).unwrap();
    let shown = format!("{identity:?}");
    assert_eq!(shown, r#"Identity { thumbprint: "355C9470A63E268D3C341C9EFD1EA77CC17D5C73", .. }"#);
    let builder =
        HttpsTransport::builder().identity(identity).root_certificates_pem(RSA.as_bytes());
    assert!(!format!("{builder:?}").contains("BEGIN"), "{builder:?}");
    let transport = builder.build().unwrap();
    assert!(format!("{transport:?}").contains("355C9470"), "{transport:?}");
}

#[test]
fn invalid_root_certificates_are_rejected() {
    let build = |pem: &str| {
        HttpsTransport::builder().root_certificates_pem(pem.as_bytes()).build().unwrap_err()
    };
    let none = build("no certificate");
    assert!(
        matches!(none, CredentialError::NoRootCertificate { kind: FileKind::Text }),
        "{none:?}"
    );
    let damaged = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    assert!(matches!(build(damaged), CredentialError::UnusableRootCertificate(_)));
}
