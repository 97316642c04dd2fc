//! Damaged input never makes a reader panic.

use std::sync::LazyLock;

use azure_classic_credentials::{Certificate, CredentialFile, Pkcs12, PublishSettings};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use crate::fixtures::{ec_certificate, fixture};

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let settings = format!(
        "<?xml version='1.0'?><PublishData><PublishProfile Url='https://contoso.example' \
         ManagementCertificate='{}'><Subscription Id='1' Name='&amp;&#10;'/></PublishProfile>\
         </PublishData>",
        STANDARD.encode(fixture("null-password.pfx"))
    );
    let mut files: Vec<Vec<u8>> = [
        "legacy.pfx",
        "triple-des.pfx",
        "plain.pfx",
        "no-mac.pfx",
        "chain.p7b",
        "request.der",
        "revoked.crl",
        "ec-sec1.der",
        "rsa-pkcs1.der",
        "ec-traditional.pem",
        "ec.pem",
    ]
    .map(fixture)
    .to_vec();
    files.push(STANDARD.encode(fixture("plain.pfx")).into_bytes());
    files.extend([ec_certificate(), settings.into_bytes()]);
    files
});

fn read_with_every_reader(file: &[u8]) {
    let recognized = CredentialFile::recognize(file);
    let _ = recognized.kind().to_string();
    for password in [None, Some("secret")] {
        match recognized.open(password) {
            Ok(contents) => {
                for key in &contents.private_keys {
                    let _ = (key.format(), azure_classic_credentials::rsa_bits(key.secret_der()));
                }
                contents.certificates.into_iter().for_each(describe);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    let _ = Pkcs12::open_unverified(file, "secret");
    if let Ok(settings) = PublishSettings::read(file) {
        for subscription in &settings.subscriptions {
            let _ = (subscription.certificate(), subscription.certificate_unverified());
        }
    }
    describe(file.to_vec());
}

fn describe(der: Vec<u8>) {
    if let Ok(certificate) = Certificate::parse(der) {
        let _ = (certificate.thumbprint(), certificate.key_kind(), certificate.bare_public_key());
        let _ =
            (certificate.allows_client_auth(), certificate.version(), certificate.valid_until());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn damaged_files_are_errors(
        file in 0..14_usize,
        other in 0..14_usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        splice in prop::option::of(any::<prop::sample::Index>()),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = FILES[file].clone();
        if let Some(at) = splice {
            let donor = &FILES[other];
            let (start, end) = (at.index(bytes.len()), at.index(donor.len()));
            bytes.splice(start.., donor[end..].iter().copied());
        }
        for (at, value) in flips {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] ^= value;
            }
        }
        if is_cut && !bytes.is_empty() {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_with_every_reader(&bytes);
    }

    #[test]
    fn any_bytes_have_a_file_kind(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_with_every_reader(&bytes);
        read_with_every_reader(&[&[0x30, 0x80][..], &bytes].concat());
        read_with_every_reader(&[b"-----BEGIN CERTIFICATE-----\n".as_slice(), &bytes].concat());
    }
}
