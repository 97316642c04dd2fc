//! The management certificate in the forms that tools import.

use std::fs;

use azure_classic_credentials::{Certificate, KeyKind, Pkcs12, PublishSettings};
use azure_classic_emulator::Emulator;

fn rsa() -> KeyKind {
    KeyKind::Rsa { bits: 2048 }
}

/// The certificate and the key of what has just one of each.
fn single_key(file: &Pkcs12) -> (Certificate, &[u8]) {
    let ([certificate], [key]) = (&file.certificates[..], &file.private_keys[..]) else {
        panic!("{file:?}");
    };
    assert!(file.is_verified);
    (Certificate::parse(certificate.clone()).unwrap(), key.secret_der())
}

fn subscription(emulator: &Emulator) -> azure_classic_credentials::PublishedSubscription {
    let settings = PublishSettings::read(emulator.publish_settings().as_bytes()).unwrap();
    let [subscription] = &settings.subscriptions[..] else { panic!("{settings:?}") };
    subscription.clone()
}

#[tokio::test]
async fn both_files_contain_certificate_and_key() {
    let dir = tempfile::tempdir().unwrap();
    for (emulator, is_for_old_tools) in [
        (Emulator::start().await.unwrap(), false),
        (Emulator::builder().dir(dir.path()).start().await.unwrap(), true),
    ] {
        let pfx = Pkcs12::open(&emulator.management_pfx(), "").unwrap();
        let (certificate, key) = single_key(&pfx);
        assert_eq!(certificate.thumbprint(), emulator.thumbprint());
        assert_eq!(certificate.key_kind() == rsa(), is_for_old_tools);
        assert_eq!(certificate.subject(), certificate.issuer());

        let subscription = subscription(&emulator);
        assert_eq!(subscription.id, emulator.subscription().as_str());
        assert_eq!(subscription.management_url, emulator.endpoint());
        let published = subscription.certificate().unwrap();
        assert_eq!(single_key(&published), (certificate, key));
    }
}

#[tokio::test]
async fn each_start_writes_both_files_for_same_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let [pfx, settings] =
        ["management.pfx", "emulator.publishsettings"].map(|name| dir.path().join(name));
    let first = Emulator::builder().dir(dir.path()).start().await.unwrap();
    let thumbprint = first.thumbprint().to_owned();
    first.shutdown().await.unwrap();
    assert!(settings.exists());

    // An older emulator did not write it.
    fs::remove_file(&pfx).unwrap();
    let second = Emulator::builder().dir(dir.path()).start().await.unwrap();
    assert_eq!(second.thumbprint(), thumbprint);
    assert_eq!(fs::read(&pfx).unwrap(), second.management_pfx());
    // The port is another.
    assert_eq!(fs::read_to_string(&settings).unwrap(), second.publish_settings());
}
