use azure_classic_credentials::{Certificate, OpenError, Pkcs12};

use crate::fixtures::{ec_certificate, ec_key, fixture, section};

/// Every fixture with the certificate and the key of `ec.pem`, and its password.
const FILES: [(&str, &str); 14] = [
    ("aes256.pfx", "secret"),
    ("aes256-empty.pfx", ""),
    ("aes128-sha512.pfx", "secret"),
    ("unicode.pfx", "Größe€"),
    ("chain.pfx", "secret"),
    ("no-mac.pfx", "secret"),
    ("plain-certificate.pfx", "secret"),
    ("plain.pfx", "secret"),
    ("legacy.pfx", "secret"),
    ("legacy-empty.pfx", ""),
    ("legacy-mac-once.pfx", "secret"),
    ("triple-des.pfx", "secret"),
    ("rc2-128.pfx", "secret"),
    ("null-password.pfx", ""),
];

#[test]
fn files_with_old_and_current_encryption_open() {
    for (name, password) in FILES {
        let file = Pkcs12::open(&fixture(name), password)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(file.certificates.first(), Some(&ec_certificate()), "{name}");
        let [key] = &file.private_keys[..] else { panic!("{name}: {file:?}") };
        assert_eq!(key.secret_der(), ec_key(), "{name}");
        assert_eq!(file.is_verified, name != "no-mac.pfx", "{name}");
    }
}

#[test]
fn a_pfx_without_a_password_opens() {
    let file = Pkcs12::open(&fixture("null-password-rsa.pfx"), "").unwrap();
    assert_eq!(file.certificates, [section("rsa.pem", "CERTIFICATE")]);
    assert!(file.is_verified);
}

#[test]
fn wrong_and_missing_passwords_have_different_errors() {
    for (name, password) in FILES {
        if name == "plain.pfx" {
            continue;
        }
        let open = |password: &str| Pkcs12::open(&fixture(name), password).err();
        assert_eq!(open("wrong"), Some(OpenError::WrongPassword), "{name}");
        if !password.is_empty() {
            assert_eq!(open(""), Some(OpenError::PasswordRequired), "{name}");
        }
        // Then only the encryption detects it.
        let unverified = Pkcs12::open_unverified(&fixture(name), "wrong");
        assert_eq!(unverified.err(), Some(OpenError::WrongPassword), "{name}");
    }
    assert_eq!(Pkcs12::open(&fixture("plain.pfx"), "").err(), Some(OpenError::PasswordRequired));
}

#[test]
fn the_whole_chain_is_read_and_the_key_is_optional() {
    let chain = Pkcs12::open(&fixture("chain.pfx"), "secret").unwrap();
    assert_eq!(chain.certificates, [ec_certificate(), section("rsa.pem", "CERTIFICATE")]);
    let only = Pkcs12::open(&fixture("certificates-only.pfx"), "secret").unwrap();
    assert_eq!(only.certificates, [ec_certificate()]);
    assert!(only.private_keys.is_empty());
}

#[test]
fn a_wrong_checksum_is_rejected_unless_unverified() {
    let mut file = fixture("null-password.pfx");
    let end = file.len() - 1;
    file[end] ^= 1; // the salt of the MAC, which is the last element where there is no count
    assert_eq!(Pkcs12::open(&file, "").err(), Some(OpenError::PasswordRequired));
    let opened = Pkcs12::open_unverified(&file, "").unwrap();
    assert_eq!(opened.certificates, [ec_certificate()]);
    assert!(!opened.is_verified);
}

#[test]
fn indefinite_lengths_are_read() {
    for name in ["legacy.pfx", "aes256.pfx", "plain.pfx"] {
        let file = indefinite(&fixture(name));
        assert_ne!(file, fixture(name));
        let opened =
            Pkcs12::open(&file, "secret").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(opened.certificates, [ec_certificate()]);
    }
}

/// The same elements with indefinite lengths, and octet strings in pieces of 100 bytes.
fn indefinite(mut der: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    while let Some((&tag, rest)) = der.split_first() {
        let (length, start) = match rest[0] {
            short @ ..=0x7f => (usize::from(short), 1),
            0x81 => (usize::from(rest[1]), 2),
            _ => (usize::from(rest[1]) * 256 + usize::from(rest[2]), 3),
        };
        let content = &rest[start..start + length];
        if tag & 0x20 != 0 {
            output.extend([tag, 0x80]);
            output.extend(indefinite(content));
            output.extend([0, 0]);
        } else if tag == 0x04 && length > 100 {
            output.extend([0x24, 0x80]);
            for piece in content.chunks(100) {
                output.extend([0x04, u8::try_from(piece.len()).unwrap()]);
                output.extend(piece);
            }
            output.extend([0, 0]);
        } else {
            output.extend(&der[..1 + start + length]);
        }
        der = &rest[start + length..];
    }
    output
}

#[test]
fn unsupported_algorithms_are_named() {
    let error = Pkcs12::open(&fixture("rc4.pfx"), "secret").unwrap_err();
    assert_eq!(error, OpenError::Unsupported { algorithm: "RC4".to_owned() });
}

#[test]
fn excessive_key_derivation_is_rejected() {
    let mut file = fixture("legacy.pfx");
    // The last element is the MAC's round count: 2048.
    let end = file.len();
    assert_eq!(file[end - 4..], [2, 2, 8, 0]);
    file.splice(end - 4.., [2, 2, 127, 255]);
    assert_eq!(Pkcs12::open(&file, "secret").err(), Some(OpenError::WrongPassword));
    // Four bytes of count add two to the lengths around it.
    let grown = |file: &mut Vec<u8>, at: usize| {
        let length = u16::from_be_bytes([file[at], file[at + 1]]) + 2;
        file[at..at + 2].copy_from_slice(&length.to_be_bytes());
    };
    grown(&mut file, 2);
    let mac = file.len() - 0x31 - 2;
    assert_eq!(file[mac..mac + 2], [0x30, 0x31]);
    file[mac + 1] += 2;
    file.splice(end - 4.., [2, 4, 127, 255, 255, 255]);
    assert_eq!(Pkcs12::open(&file, "secret").err(), Some(OpenError::KdfLimitExceeded));
}

#[test]
fn damaged_files_are_errors() {
    // Key derivation is slow, so only some bytes of the second file are changed.
    for (name, step) in [("plain.pfx", 1), ("legacy-mac-once.pfx", 11)] {
        let file = fixture(name);
        for end in (0..file.len()).step_by(step) {
            assert!(Pkcs12::open(&file[..end], "secret").is_err(), "{name} up to {end}");
        }
        for at in (0..file.len()).step_by(step) {
            let mut changed = file.clone();
            changed[at] ^= 0x55;
            // Some bytes have no meaning; the reader only has to return.
            let _ = Pkcs12::open_unverified(&changed, "secret");
        }
    }
    let malformed = OpenError::Malformed { what: "a PKCS#12 file (.pfx, .p12)" };
    assert_eq!(Pkcs12::open(&fixture("ec.pem"), "").err(), Some(malformed));
}

#[test]
fn keys_do_not_show() {
    let file = Pkcs12::open(&fixture("plain.pfx"), "secret").unwrap();
    let shown = format!("{:?}", file.private_keys);
    assert_eq!(shown, "[PrivateKey { .. }]");
    let key = format!("{:?}", &ec_key()[40..60]);
    assert!(!format!("{file:?}").contains(key.trim_matches(['[', ']'])));
    Certificate::parse(file.certificates[0].clone()).unwrap();
}
