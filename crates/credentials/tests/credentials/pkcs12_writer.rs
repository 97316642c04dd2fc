use azure_classic_credentials::{OpenError, Pkcs12, Pkcs12Writer};

use crate::fixtures::{ec_certificate, ec_key, fixture, section, section_of};
use crate::openssl;

const PASSWORDS: [&str; 5] = ["", "secret", "Größe€", "🔑", " a \"quoted\" one"];

fn random() -> [u8; 36] {
    std::array::from_fn(|at| u8::try_from(at).unwrap().wrapping_mul(37))
}

pub(crate) fn ec() -> Pkcs12Writer {
    Pkcs12Writer::new(ec_certificate(), ec_key(), random()).unwrap()
}

fn rsa(random: [u8; 36]) -> Pkcs12Writer {
    let (certificate, key) = (section("rsa.pem", "CERTIFICATE"), section("rsa.pem", "PRIVATE KEY"));
    Pkcs12Writer::new(certificate, key, random).unwrap()
}

/// Every file that the writer makes for this certificate, with its password.
fn files(writer: &Pkcs12Writer) -> Vec<(Vec<u8>, &'static str)> {
    let mut files: Vec<_> =
        PASSWORDS.map(|password| (writer.write(password), password)).into_iter().collect();
    files.push((writer.write_portal_compatible(), ""));
    files
}

#[test]
fn written_files_open_only_with_their_password() {
    for (writer, certificate, key) in [
        (ec(), ec_certificate(), ec_key()),
        (rsa(random()), section("rsa.pem", "CERTIFICATE"), section("rsa.pem", "PRIVATE KEY")),
    ] {
        for (file, password) in files(&writer) {
            let opened = Pkcs12::open(&file, password).unwrap();
            assert_eq!(opened.certificates, [&*certificate]);
            let [opened_key] = &opened.private_keys[..] else { panic!("{opened:?}") };
            assert_eq!(opened_key.secret_der(), key);
            assert!(opened.is_verified);
            assert_eq!(Pkcs12::open(&file, "wrong").err(), Some(OpenError::WrongPassword));
        }
    }
}

#[test]
fn the_key_is_encrypted_like_openssl_without_a_password() {
    let theirs = fixture("null-password-rsa.pfx");
    // pbeWithSHA1And3-KeyTripleDES-CBC, a salt of 8 bytes, 2,000 rounds.
    let id = b"\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03\x30\x0e\x04\x08";
    let salt = position(&theirs, id).unwrap() + id.len();
    let mut random = random();
    random[..8].copy_from_slice(&theirs[salt..salt + 8]);

    let ours = rsa(random).write_portal_compatible();
    let start = position(&ours, id).unwrap();
    let key = section("rsa.pem", "PRIVATE KEY").len();
    let encrypted = (key + 1).next_multiple_of(8);
    // The salt is followed by the number of rounds, the header of the ciphertext, and the ciphertext.
    let bag = &ours[start..start + id.len() + 8 + 4 + 4 + encrypted];
    assert!(position(&theirs, bag).is_some());
}

#[test]
fn portal_compatible_files_have_the_shape_of_real_ones() {
    let file = ec().write_portal_compatible();
    let key = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02"; // pkcs8ShroudedKeyBag
    let part = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06"; // encryptedData
    // pbeWithSHA1And40BitRC2-CBC, bytes 8 to 16 of the random ones, 2,000 rounds
    let rc2 = [
        b"\x30\x1c\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06\x30\x0e\x04\x08".as_slice(),
        &random()[8..16],
        b"\x02\x02\x07\xd0",
    ]
    .concat();
    let places = [&key[..], part, &rc2].map(|piece| position(&file, piece).unwrap());
    assert!(places.is_sorted(), "{places:?}");

    // MacData: SHA-1, a digest and a salt of 20 bytes each, and no number of rounds.
    let mac = &file[file.len() - 59..];
    assert_eq!(mac[..17], *b"\x30\x39\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14");
    assert_eq!(mac[37..39], [4, 20]);
    assert_eq!(mac[39..], random()[16..]);
}

#[test]
fn with_a_password_both_bags_use_triple_des_and_the_checksum_has_a_count() {
    let file = ec().write("secret");
    let tail = [&[4, 20], &random()[16..], b"\x02\x02\x07\xd0"].concat();
    assert!(file.ends_with(&tail));
    let identifiers = |variant: u8| {
        let id = [b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01", &[variant][..], &[0x30]].concat();
        file.windows(id.len()).filter(|window| *window == id).count()
    };
    assert_eq!((identifiers(3), identifiers(6)), (2, 0));
}

#[test]
fn only_a_certificate_and_a_plain_pkcs8_key_are_accepted() {
    let refused =
        |certificate, key| Pkcs12Writer::new(certificate, key, random()).unwrap_err().to_string();
    assert!(refused(ec_key(), ec_key()).contains("X.509 certificate"));
    let encrypted = fixture("ec-pbes1-3des.key");
    for key in [Vec::new(), ec_certificate(), encrypted] {
        assert!(refused(ec_certificate(), key).contains("a private key in PKCS#8"));
    }
}

#[test]
fn the_writer_does_not_show_its_key() {
    let shown = format!("{:?}", ec());
    assert!(shown.contains("key: PrivateKey { .. }"), "{shown}");
}

#[test]
fn openssl_opens_written_files() {
    let Some(openssl) = openssl::find() else { return };
    for (writer, name) in [(ec(), "ec.pem"), (rsa(random()), "rsa.pem")] {
        for (file, password) in files(&writer) {
            let is_portals = file == writer.write_portal_compatible();
            let Some(said) = openssl.open_pkcs12(&file, password, is_portals) else { continue };
            assert_eq!(section_of(&said, "CERTIFICATE"), section(name, "CERTIFICATE"));
            assert_eq!(section_of(&said, "PRIVATE KEY"), section(name, "PRIVATE KEY"));
            assert_eq!(said.matches("localKeyID: 01 00 00 00").count(), 2, "{said}");
        }
    }
}

fn position(text: &[u8], piece: &[u8]) -> Option<usize> {
    text.windows(piece.len()).position(|window| window == piece)
}
