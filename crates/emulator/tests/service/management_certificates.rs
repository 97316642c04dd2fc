//! Who may call, and how that is read and changed.

use std::time::Duration;

use azure_classic_emulator::{Caller, Cloud};
use azure_classic_protocol::machine::Instant;
use bytes::Bytes;
use http::Request;

use crate::bench::{Bench, SUBSCRIPTION, THUMBPRINT, root};
use crate::fixtures::{EC, EC_PEM, RSA, RSA_PEM, data, der, rsa_public_key};

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
fn read_as(bench: &mut Bench, caller: &Caller) -> u16 {
    let request = Request::get(format!("/{SUBSCRIPTION}/certificates"))
        .header("x-ms-version", "2015-04-01")
        .body(Bytes::new())
        .unwrap();
    bench.cloud.handle(bench.cloud.now(), caller, &request).answer.unwrap().status().as_u16()
}

#[test]
fn an_added_certificate_may_call_until_it_is_deleted() {
    let mut bench = Bench::new();
    let friend = Caller::certificate(&der(RSA_PEM));
    assert_eq!(read_as(&mut bench, &friend), 403);

    bench.cloud.advance(Instant::from_origin(Duration::new(90, 123_456_700)));
    let added = bench.post(CERTIFICATES, &rsa()).expect(201);
    assert_eq!(added.body(), "");
    assert_eq!(
        added.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/certificates/{RSA}")
    );
    assert_eq!(bench.operation(&added.id()), "Succeeded 200");
    assert_eq!(read_as(&mut bench, &friend), 200);

    let read = bench.get(&format!("{CERTIFICATES}/{}", RSA.to_lowercase())).expect(200);
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

    let deleted = bench.delete(&format!("{CERTIFICATES}/{RSA}")).expect(200);
    assert_eq!(bench.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(read_as(&mut bench, &friend), 403);
    for reply in [
        bench.get(&format!("{CERTIFICATES}/{RSA}")),
        bench.delete(&format!("{CERTIFICATES}/{RSA}")),
    ] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The certificate was not found.");
    }
}

#[test]
fn times_have_as_many_fraction_digits_as_they_need() {
    for (nanoseconds, created) in [
        (0, "2015-01-01T00:00:01Z"),
        (99, "2015-01-01T00:00:01Z"),
        (500_000_000, "2015-01-01T00:00:01.5Z"),
        (1_234_500, "2015-01-01T00:00:01.0012345Z"),
    ] {
        let mut bench = Bench::new();
        bench.cloud.advance(Instant::from_origin(Duration::new(1, nanoseconds)));
        bench.post(CERTIFICATES, &rsa()).expect(201);
        assert_eq!(bench.get(&format!("{CERTIFICATES}/{RSA}")).text("Created"), created);
    }
}

#[test]
fn those_of_the_settings_are_listed_with_the_others_by_thumbprint() {
    let mut bench = Bench::with(|settings| {
        *settings = settings.clone().allow_certificate(&der(RSA_PEM)).allow(RSA.to_lowercase());
    });
    bench.post(CERTIFICATES, &certificate("AA==", EC, &data(EC_PEM))).expect(201);
    let list = bench.get(CERTIFICATES).expect(200);
    assert_eq!(list.all("SubscriptionCertificateThumbprint"), [EC, RSA, THUMBPRINT]);
    // Of the last only the thumbprint is known.
    assert_eq!(
        list.all("SubscriptionCertificatePublicKey"),
        ["AA==".to_owned(), rsa_public_key(), String::new()]
    );
    assert_eq!(
        list.all("SubscriptionCertificateData"),
        [data(EC_PEM), data(RSA_PEM), String::new()]
    );
    assert!(list.body().starts_with("<SubscriptionCertificates xmlns="), "{}", list.body());
}

#[test]
fn what_was_uploaded_comes_back_as_it_was() {
    let mut bench = Bench::new();
    // Some have uploaded PKCS#12, and the data of others is broken into lines.
    for (thumbprint, uploaded) in [(EC, "AAEC"), (RSA, "AAEC\nAwQF")] {
        bench.post(CERTIFICATES, &certificate("AA==", thumbprint, uploaded)).expect(201);
        let read = bench.get(&format!("{CERTIFICATES}/{thumbprint}"));
        assert_eq!(read.text("SubscriptionCertificateData"), uploaded);
    }
    assert!(!format!("{:?}", bench.cloud).contains("AAEC"));
}

#[test]
fn what_is_no_certificate_is_refused() {
    let mut bench = Bench::new();
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
        let reply = bench.post(CERTIFICATES, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    bench.post(CERTIFICATES, &good).expect(201);
    let again = bench.post(CERTIFICATES, &good);
    assert_eq!(again.code(), "409 ConflictError");
    assert!(again.message().contains(RSA), "{}", again.message());
}

#[test]
fn there_are_at_most_a_hundred() {
    let mut bench = Bench::new();
    let numbered = |number: usize| certificate("AA==", &format!("{number:040x}"), "AAEC");
    for number in 1..100 {
        bench.post(CERTIFICATES, &numbered(number)).expect(201);
    }
    let refused = bench.post(CERTIFICATES, &numbered(100));
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("100"), "{}", refused.message());
    bench.delete(&format!("{CERTIFICATES}/{:040X}", 1)).expect(200);
    bench.post(CERTIFICATES, &numbered(100)).expect(201);
}

#[test]
fn who_deletes_its_own_certificate_is_a_stranger_then() {
    let mut bench = Bench::new();
    bench.delete(&format!("{CERTIFICATES}/{THUMBPRINT}")).expect(200);
    assert_eq!(bench.get(CERTIFICATES).code(), "403 ForbiddenError");
}

#[test]
fn later_settings_bring_new_certificates_and_no_deleted_ones() {
    let mut bench = Bench::with(|settings| {
        *settings = settings.clone().allow_certificate(&der(RSA_PEM));
    });
    bench.delete(&format!("{CERTIFICATES}/{RSA}")).expect(200);
    let settings = azure_classic_emulator::Settings::new(SUBSCRIPTION.parse().unwrap())
        .allow_certificate(&der(RSA_PEM))
        .allow_certificate(&der(EC_PEM));
    bench.cloud = Cloud::load(settings, &bench.cloud.save()).unwrap();
    let list = bench.get(CERTIFICATES).expect(200);
    assert_eq!(list.all("SubscriptionCertificateThumbprint"), [EC, THUMBPRINT]);
}

#[test]
fn they_are_as_young_as_2012() {
    let mut bench = Bench::new();
    bench.version = "2011-10-01";
    assert_eq!(bench.get(CERTIFICATES).code(), "400 MissingOrIncorrectVersionHeader");
}
