//! Who may call, and how that is read and changed.

use std::time::Duration;

use azure_classic_emulator::{Caller, Simulator};
use azure_classic_protocol::machine::Instant;
use bytes::Bytes;
use http::Request;

use crate::fixtures::{EC, EC_PEM, RSA, RSA_PEM, data, der, rsa_public_key};
use crate::harness::{Harness, SUBSCRIPTION, THUMBPRINT, root};

const CERTIFICATES: &str = "/certificates";

fn certificate(public_key: &str, thumbprint: &str, data: &str) -> String {
    root(
        "SubscriptionCertificate",
        &format!(
            "<SubscriptionCertificatePublicKey>{public_key}</SubscriptionCertificatePublicKey>\
             <SubscriptionCertificateThumbprint>{thumbprint}</SubscriptionCertificateThumbprint>\
             <SubscriptionCertificateData>{data}</SubscriptionCertificateData>"
        ),
    )
}

fn rsa() -> String {
    certificate(&rsa_public_key(), RSA, &data(RSA_PEM))
}

/// The status of a read by somebody.
fn status_for_caller(harness: &mut Harness, caller: &Caller) -> u16 {
    let request = Request::get(format!("/{SUBSCRIPTION}/certificates"))
        .header("x-ms-version", "2015-04-01")
        .body(Bytes::new())
        .unwrap();
    harness
        .simulator
        .handle(harness.simulator.now(), caller, &request)
        .response
        .unwrap()
        .status()
        .as_u16()
}

#[test]
fn added_certificate_is_authorized_until_deletion() {
    let mut harness = Harness::new();
    let friend = Caller::certificate(&der(RSA_PEM));
    assert_eq!(status_for_caller(&mut harness, &friend), 403);

    harness.simulator.advance(Instant::from_origin(Duration::new(90, 123_456_700)));
    let added = harness.post(CERTIFICATES, &rsa()).expect(201);
    assert_eq!(added.body(), "");
    assert_eq!(
        added.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/certificates/{RSA}")
    );
    assert_eq!(harness.operation(&added.id()), "Succeeded 200");
    assert_eq!(status_for_caller(&mut harness, &friend), 200);

    let read = harness.get(&format!("{CERTIFICATES}/{}", RSA.to_lowercase())).expect(200);
    assert_eq!(
        read.body(),
        format!(
            "<SubscriptionCertificate xmlns=\"http://schemas.microsoft.com/windowsazure\" \
             xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <SubscriptionCertificatePublicKey>{}</SubscriptionCertificatePublicKey>\
             <SubscriptionCertificateThumbprint>{RSA}</SubscriptionCertificateThumbprint>\
             <SubscriptionCertificateData>{}</SubscriptionCertificateData>\
             <Created>2015-01-01T00:01:30.1234567Z</Created></SubscriptionCertificate>",
            rsa_public_key(),
            data(RSA_PEM)
        )
    );

    let deleted = harness.delete(&format!("{CERTIFICATES}/{RSA}")).expect(200);
    assert_eq!(harness.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(status_for_caller(&mut harness, &friend), 403);
    for reply in [
        harness.get(&format!("{CERTIFICATES}/{RSA}")),
        harness.delete(&format!("{CERTIFICATES}/{RSA}")),
    ] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The certificate was not found.");
    }
}

#[test]
fn timestamps_omit_trailing_fraction_zeros() {
    for (nanoseconds, created) in [
        (0, "2015-01-01T00:00:01Z"),
        (99, "2015-01-01T00:00:01Z"),
        (500_000_000, "2015-01-01T00:00:01.5Z"),
        (1_234_500, "2015-01-01T00:00:01.0012345Z"),
    ] {
        let mut harness = Harness::new();
        harness.simulator.advance(Instant::from_origin(Duration::new(1, nanoseconds)));
        harness.post(CERTIFICATES, &rsa()).expect(201);
        assert_eq!(harness.get(&format!("{CERTIFICATES}/{RSA}")).text("Created"), created);
    }
}

#[test]
fn lists_certificates_of_settings_by_thumbprint() {
    let mut harness = Harness::with(|settings| {
        *settings = settings.clone().allow_certificate(&der(RSA_PEM)).allow(RSA.to_lowercase());
    });
    harness.post(CERTIFICATES, &certificate("AA==", EC, &data(EC_PEM))).expect(201);
    let list = harness.get(CERTIFICATES).expect(200);
    assert_eq!(list.texts("SubscriptionCertificateThumbprint"), [EC, RSA, THUMBPRINT]);
    // Of the last only the thumbprint is known.
    assert_eq!(
        list.texts("SubscriptionCertificatePublicKey"),
        ["AA==".to_owned(), rsa_public_key(), String::new()]
    );
    assert_eq!(
        list.texts("SubscriptionCertificateData"),
        [data(EC_PEM), data(RSA_PEM), String::new()]
    );
    assert!(list.body().starts_with("<SubscriptionCertificates xmlns="), "{}", list.body());
}

#[test]
fn returns_uploaded_data_unchanged() {
    let mut harness = Harness::new();
    // Some have uploaded PKCS#12, and the data of others is broken into lines.
    for (thumbprint, uploaded) in [(EC, "AAEC"), (RSA, "AAEC\nAwQF")] {
        harness.post(CERTIFICATES, &certificate("AA==", thumbprint, uploaded)).expect(201);
        let read = harness.get(&format!("{CERTIFICATES}/{thumbprint}"));
        assert_eq!(read.text("SubscriptionCertificateData"), uploaded);
    }
    assert!(!format!("{:?}", harness.simulator).contains("AAEC"));
}

#[test]
fn rejects_invalid_certificates() {
    let mut harness = Harness::new();
    let good = rsa();
    for (from, to, code) in [
        (RSA, "not hexadecimal", "400 BadRequest"),
        (RSA, "", "400 BadRequest"),
        (RSA, EC, "400 BadRequest"),
        ("Data>", "Date>", "400 InvalidXmlRequest"),
        ("PublicKey>", "Key>", "400 InvalidXmlRequest"),
        (
            "<SubscriptionCertificateData>",
            "<SubscriptionCertificateData>%",
            "400 InvalidXmlRequest",
        ),
    ] {
        let reply = harness.post(CERTIFICATES, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    harness.post(CERTIFICATES, &good).expect(201);
    let again = harness.post(CERTIFICATES, &good);
    assert_eq!(again.code(), "409 ConflictError");
    assert!(again.message().contains(RSA), "{}", again.message());
}

#[test]
fn limits_certificates_to_100() {
    let mut harness = Harness::new();
    let numbered = |number: usize| certificate("AA==", &format!("{number:040x}"), "AAEC");
    for number in 1..100 {
        harness.post(CERTIFICATES, &numbered(number)).expect(201);
    }
    let refused = harness.post(CERTIFICATES, &numbered(100));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("100"), "{}", refused.message());
    harness.delete(&format!("{CERTIFICATES}/{:040X}", 1)).expect(200);
    harness.post(CERTIFICATES, &numbered(100)).expect(201);
}

#[test]
fn caller_loses_access_after_deleting_its_certificate() {
    let mut harness = Harness::new();
    harness.delete(&format!("{CERTIFICATES}/{THUMBPRINT}")).expect(200);
    assert_eq!(harness.get(CERTIFICATES).code(), "403 ForbiddenError");
}

#[test]
fn later_settings_add_new_but_not_deleted_certificates() {
    let mut harness = Harness::with(|settings| {
        *settings = settings.clone().allow_certificate(&der(RSA_PEM));
    });
    harness.delete(&format!("{CERTIFICATES}/{RSA}")).expect(200);
    let settings = azure_classic_emulator::Settings::new(SUBSCRIPTION.parse().unwrap())
        .allow_certificate(&der(RSA_PEM))
        .allow_certificate(&der(EC_PEM));
    harness.simulator = Simulator::load(settings, &harness.simulator.save()).unwrap();
    let list = harness.get(CERTIFICATES).expect(200);
    assert_eq!(list.texts("SubscriptionCertificateThumbprint"), [EC, THUMBPRINT]);
}

#[test]
fn management_certificates_require_2012() {
    let mut harness = Harness::new();
    harness.version = "2011-10-01";
    assert_eq!(harness.get(CERTIFICATES).code(), "400 MissingOrIncorrectVersionHeader");
}
