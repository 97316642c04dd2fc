//! Files of every kind that is a credential or is mistaken for one.

use azure_classic_credentials::{
    CredentialContents, CredentialFile, FileKind, KeyFormat, OpenError, PublishSettings,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::fixtures::{ec_certificate, ec_key, fixture, section};

fn kind(file: &[u8]) -> FileKind {
    CredentialFile::recognize(file).kind()
}

fn open(file: &[u8]) -> CredentialContents {
    CredentialFile::recognize(file).open(Some("secret")).unwrap()
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[test]
fn der_kinds_are_detected_by_outline() {
    for (file, expected) in [
        (ec_certificate(), FileKind::Certificate),
        (section("rsa.pem", "CERTIFICATE"), FileKind::Certificate),
        (fixture("request.der"), FileKind::CertificateRequest),
        (fixture("revoked.crl"), FileKind::RevocationList),
        (ec_key(), FileKind::Pkcs8),
        (section("rsa.pem", "PRIVATE KEY"), FileKind::Pkcs8),
        (fixture("ec-pbes2.der"), FileKind::EncryptedPkcs8),
        (fixture("rsa-pkcs1.der"), FileKind::Pkcs1),
        (fixture("ec-sec1.der"), FileKind::Sec1),
        (fixture("chain.p7b"), FileKind::Pkcs7),
        (fixture("legacy.pfx"), FileKind::Pkcs12),
        (fixture("no-mac.pfx"), FileKind::Pkcs12),
        (vec![0x30, 0x83, 1, 0, 0, 2, 1, 3], FileKind::Truncated),
        (vec![0x30, 0x81, 3, 0x0c, 1, b'a'], FileKind::OtherDer),
    ] {
        assert_eq!(kind(&file), expected);
    }
    let certificate = azure_classic_credentials::Certificate::parse(ec_certificate()).unwrap();
    assert_eq!(kind(certificate.public_key()), FileKind::PublicKey);
    let rsa = section("rsa.pem", "CERTIFICATE");
    let rsa = azure_classic_credentials::Certificate::parse(rsa).unwrap();
    assert_eq!(kind(rsa.public_key()), FileKind::PublicKey);
    assert_eq!(kind(rsa.bare_public_key().unwrap()), FileKind::PublicKey);
}

#[test]
fn truncated_der_is_reported_as_truncated() {
    for name in ["aes256.pfx", "legacy.pfx", "rsa-pkcs1.der", "chain.p7b", "revoked.crl"] {
        let file = fixture(name);
        for end in [file.len() - 1, file.len() / 2, 20] {
            assert_eq!(kind(&file[..end]), FileKind::Truncated, "{name}: {end}");
            let base64 = STANDARD.encode(&file[..end]);
            assert_eq!(kind(base64.as_bytes()), FileKind::Truncated, "{name}: {end}");
        }
    }
    let whole = fixture("ec-traditional.pem");
    let error = CredentialFile::recognize(&whole[..whole.len() - 30]).open(None).unwrap_err();
    assert_eq!(error, OpenError::DamagedPem { what: "a section has no -----END line" });
}

#[test]
fn a_few_bytes_are_truncated_or_binary_but_not_text() {
    for (file, expected) in [
        (&b"\x30\x82"[..], FileKind::Truncated),
        (b"\x30\x80", FileKind::Truncated),
        (b"\x30\x81", FileKind::Truncated),
        (b"\x30\x84\xff\xff\xff", FileKind::Truncated),
        (b"\x30\x82\x04\xd2", FileKind::Truncated),
        (b"\x30\x84\xff\xff\xff\xff", FileKind::Truncated),
        (b"\x30\x10", FileKind::Truncated),
        (b"\x30\x45\x02\x01", FileKind::Truncated),
        (b"\x30\x00", FileKind::OtherDer),
        (b"\x30\x85\xff\xff\xff", FileKind::Binary),
        (b"\x30", FileKind::Text),
        (b"\x82", FileKind::Binary),
        (b"\xff", FileKind::Binary),
        (b"\x00", FileKind::Binary),
        (b"\x01", FileKind::Binary),
        (b"\xa0\x82", FileKind::Binary),
        (b"\xef\xbb", FileKind::Binary),
        (b"", FileKind::Empty),
        (b"\xef\xbb\xbf", FileKind::Empty),
        (b"\xff\xfe", FileKind::Empty),
        (b"\xfe\xff", FileKind::Empty),
    ] {
        assert_eq!(kind(file), expected, "{file:02x?}");
        let error = PublishSettings::read(file).unwrap_err();
        assert_eq!(error, OpenError::WrongKind { kind: expected }, "{file:02x?}");
    }
    assert_eq!(kind(b"MII="), FileKind::Truncated);
}

#[test]
fn other_files_are_named_with_advice() {
    let utf_16: Vec<u8> = "<PublishData/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (file, expected, advice) in [
        (&b""[..], FileKind::Empty, "an empty file"),
        (b"\xef\xbb\xbf \r\n", FileKind::Empty, "an empty file"),
        (b"\xfe\xed\xfe\xed\0\0\0\x02", FileKind::JavaKeyStore, "keytool"),
        (b"\xce\xce\xce\xce\0\0\0\x02", FileKind::JavaKeyStore, "keytool"),
        (b"\x1e\xf1\xb5\xb0\0\0\0\0", FileKind::Pvk, "openssl rsa -inform PVK"),
        (b"PK\x03\x04\x14\0", FileKind::Zip, "a ZIP archive"),
        (b"\x95\x01\xd8\x04\x5f", FileKind::OpenPgp, "X.509"),
        (b"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\nlQ==\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----", FileKind::OpenPgp, "X.509"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", FileKind::OpenSshKey, "ssh-keygen -p"),
        (b"PuTTY-User-Key-File-3: ssh-rsa\r\nEncryption: none\r\n", FileKind::PuttyKey, "puttygen"),
        (b"ssh-rsa AAAAB3NzaC1yc2E= contoso", FileKind::PublicKey, "its private key"),
        (b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----", FileKind::PublicKey, "its private key"),
        (b"-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----", FileKind::PublicKey, "its private key"),
        (b"-----BEGIN NEW CERTIFICATE REQUEST-----\nMIIB\n-----END NEW CERTIFICATE REQUEST-----", FileKind::CertificateRequest, "sign the request"),
        (b"-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----", FileKind::RevocationList, "CRL"),
        (b"-----BEGIN DH PARAMETERS-----\nMIIB\n-----END DH PARAMETERS-----", FileKind::Text, "without a certificate"),
        (b"\xef\xbb\xbf<publishData><publishProfile publishMethod=\"FTP\"/></publishData>", FileKind::WebPublishProfile, "one web site"),
        (b"<?xml version='1.0'?>\n<!-- x --><publishData/>", FileKind::WebPublishProfile, "one web site"),
        (b"<!DOCTYPE html><title>Sign in</title>", FileKind::Html, "a web page"),
        (b"\n<HTML>", FileKind::Html, "a web page"),
        (b"<ServiceConfiguration/>", FileKind::Xml, "an XML document"),
        (b"{\"appId\": \"x\", \"key\": \"-----BEGIN PRIVATE KEY-----\"}", FileKind::Json, "a JSON document"),
        (b"[1]", FileKind::Json, "a JSON document"),
        (b"0 comes before nothing", FileKind::Text, "without a certificate"),
        (b"c2VjcmV0IHNlY3JldCBzZWNyZXQ=", FileKind::Text, "without a certificate"),
        (b"\x7fELF\x02\x01\x01\0\xff", FileKind::Binary, "a binary file"),
    ] {
        assert_eq!(kind(file), expected, "{}", String::from_utf8_lossy(file));
        let error = CredentialFile::recognize(file).open(None).unwrap_err();
        assert_eq!(error, OpenError::WrongKind { kind: expected });
        assert!(error.to_string().contains(advice), "{error}");
    }
    for (file, why) in [
        (&utf_16[..], "UTF-16 without a byte order mark"),
        (b"gr\xf6\xdfe", "invalid byte 0xf6 at offset 2"),
        (b"\xff\xfe\0\0<\0\0\0", "UTF-32"),
    ] {
        let error = CredentialFile::recognize(file).open(None).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[test]
fn base64_of_every_kind_is_decoded() {
    for (name, expected) in [
        ("legacy.pfx", FileKind::Pkcs12),
        ("ec-sec1.der", FileKind::Sec1),
        ("chain.p7b", FileKind::Pkcs7),
        ("ec-traditional.pem", FileKind::Pem),
    ] {
        let bare = STANDARD.encode(fixture(name));
        let lines: Vec<&str> =
            bare.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
        let utf_16 = format!("\u{feff}{bare}\r\n");
        for file in [
            bare.clone().into_bytes(),
            lines.join("\r\n").into_bytes(),
            format!("\u{feff}{}\n", lines.join("\n")).into_bytes(),
            utf_16.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            STANDARD_NO_PAD.encode(fixture(name)).into_bytes(),
        ] {
            let recognized = CredentialFile::recognize(&file);
            assert_eq!((recognized.kind(), recognized.is_base64()), (expected, true), "{name}");
            let contents = recognized.open(Some("secret")).unwrap();
            let plain = open(&fixture(name));
            assert_eq!(contents.certificates, plain.certificates);
            assert_eq!(contents.private_keys.len(), plain.private_keys.len());
        }
    }
}

#[test]
fn keys_keep_their_format() {
    for (file, format) in [
        (ec_key(), KeyFormat::Pkcs8),
        (fixture("ec-pbes2.der"), KeyFormat::Pkcs8),
        (fixture("ec-sec1.der"), KeyFormat::Sec1),
        (fixture("rsa-pkcs1.der"), KeyFormat::Pkcs1),
        (fixture("rsa-traditional.key"), KeyFormat::Pkcs1),
        (fixture("ec-traditional.pem"), KeyFormat::Sec1),
        (fixture("ec.pem"), KeyFormat::Pkcs8),
        (fixture("ec-pbes1-3des.key"), KeyFormat::Pkcs8),
        // The label does not matter if the content shows the format.
        (pem("RSA PRIVATE KEY", &ec_key()).into_bytes(), KeyFormat::Pkcs8),
        (pem("PRIVATE KEY", &fixture("ec-sec1.der")).into_bytes(), KeyFormat::Sec1),
    ] {
        let [key] = &open(&file).private_keys[..] else { panic!("one key") };
        assert_eq!(key.format(), Some(format));
    }
}

#[test]
fn a_traditional_key_works_beside_other_sections_in_any_order() {
    let text = String::from_utf8(fixture("ec-traditional.pem")).unwrap();
    let certificate = pem("CERTIFICATE", &ec_certificate());
    let start = text.find("-----BEGIN EC PRIVATE KEY-----").unwrap();
    let end = text.find("-----BEGIN X9.42").unwrap();
    let key = &text[start..end];
    let chain = pem("CERTIFICATE", &section("rsa.pem", "CERTIFICATE"));
    let request = pem("CERTIFICATE REQUEST", &fixture("request.der"));
    let crl = pem("X509 CRL", &fixture("revoked.crl"));
    let trailing = text.replace('\n', "  \t\r\n");
    for file in [
        text.clone(),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\r"),
        trailing,
        format!("{certificate}{key}"),
        format!("{key}{certificate}"),
        format!(
            "{crl}{chain}Bag Attributes\n  localKeyID: 01\n{key}{request}: text\n{certificate}"
        ),
        key.replace("DEK-Info", "X-Origin: contoso,\n folded\nDEK-Info") + &certificate,
        key.replace("\n\n", "\n") + &certificate,
        certificate.replace("-----\nM", "-----\nX-Comment: made by hand\n\nM") + key,
    ] {
        let contents = open(file.as_bytes());
        assert!(contents.certificates.contains(&ec_certificate()), "{file}");
        assert_eq!(contents.private_keys[0].secret_der(), fixture("ec-sec1.der"), "{file}");
        let locked = CredentialFile::recognize(file.as_bytes()).open(None).unwrap();
        assert_eq!(locked.key_error, Some(OpenError::PasswordRequired));
        assert!(locked.certificates.contains(&ec_certificate()));
        let wrong = CredentialFile::recognize(file.as_bytes()).open(Some("wr0ng")).unwrap();
        assert_eq!(wrong.key_error, Some(OpenError::WrongPassword));
    }
}

#[test]
fn certificates_under_other_labels_and_in_pkcs7_are_found() {
    let both = [ec_certificate(), section("rsa.pem", "CERTIFICATE")];
    assert_eq!(open(&fixture("chain.p7b")).certificates, both);
    for label in ["PKCS7", "CMS", "PKCS #7 SIGNED DATA"] {
        assert_eq!(open(pem(label, &fixture("chain.p7b")).as_bytes()).certificates, both);
    }
    let trusted = [&ec_certificate()[..], &[0x30, 0]].concat();
    for file in [pem("X509 CERTIFICATE", &both[0]), pem("TRUSTED CERTIFICATE", &trusted)] {
        assert_eq!(open(file.as_bytes()).certificates, both[..1]);
    }
}

#[test]
fn publish_settings_of_another_kind_are_named() {
    for (file, expected) in [
        (
            fixture("legacy.pfx"),
            "it is a PKCS#12 file (.pfx, .p12); it is not a publish settings file",
        ),
        (fixture("ec.pem"), "it is a PEM text; it is not a publish settings file"),
        (b"<publishData/>".to_vec(), "it is the publish profile of a web site"),
        (b"<html/>".to_vec(), "it is a web page"),
        (Vec::new(), "it is an empty file"),
    ] {
        let error = PublishSettings::read(&file).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
