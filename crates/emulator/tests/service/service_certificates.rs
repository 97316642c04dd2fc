//! The certificates of a cloud service, and what refers to them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, SUBSCRIPTION, base64, change, create_deployment,
    create_service, cscfg, root, upgrade,
};
use crate::fixtures::{EC, EC_PEM, RSA, RSA_PEM, data, der, fixture};

const CONTOSO: &str = "/services/hostedservices/contoso";
const CERTIFICATES: &str = "/services/hostedservices/contoso/certificates";
const WEB: &[(&str, u32)] = &[("Web", 1)];

fn file(data: &[u8], format: &str, password: &str) -> String {
    let data = STANDARD.encode(data);
    root(
        "CertificateFile",
        &format!(
            "<Data>{data}</Data><CertificateFormat>{format}</CertificateFormat>\
             <Password>{password}</Password>"
        ),
    )
}

fn named(thumbprint: &str) -> String {
    format!("{CERTIFICATES}/sha1-{thumbprint}")
}

/// With the service `contoso` and nothing else.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench
}

fn add(bench: &mut Bench, body: &str) {
    let accepted = bench.post(CERTIFICATES, body).expect(202);
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
}

/// A service configuration whose role Web refers to a certificate.
fn referring(thumbprint: &str) -> String {
    let certificate = format!(
        "<Certificates><Certificate name=\"Site\" thumbprint=\"{thumbprint}\" \
         thumbprintAlgorithm=\"sha1\" /></Certificates></Role>"
    );
    cscfg(WEB).replace("</Role>", &certificate)
}

/// A request with that configuration in place of its own.
fn with_reference(request: &str, thumbprint: &str) -> String {
    request.replace(&base64(&cscfg(WEB)), &base64(&referring(thumbprint)))
}

#[test]
fn a_certificate_is_added_read_and_deleted() {
    let mut bench = bench();
    let pfx = fixture!("legacy.pfx");
    let accepted = bench.post(CERTIFICATES, &file(pfx, "pfx", "secret")).expect(202);
    assert_eq!((accepted.body(), accepted.header("location")), ("", ""));
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    assert!(!bench.get(CERTIFICATES).expect(200).has("Certificate"));
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");

    let read = bench.get(&named(EC)).expect(200);
    let namespaces = "xmlns=\"http://schemas.microsoft.com/windowsazure\" \
                      xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";
    let ec = data(EC_PEM);
    assert_eq!(read.body(), format!("<Certificate {namespaces}><Data>{ec}</Data></Certificate>"));
    assert_eq!(
        bench.get(CERTIFICATES).expect(200).body(),
        format!(
            "<Certificates {namespaces}><Certificate><CertificateUrl>https://management.example.net/\
             {SUBSCRIPTION}/services/hostedservices/contoso/certificates/sha1-{EC}</CertificateUrl>\
             <Thumbprint>{EC}</Thumbprint><ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>\
             <Data>{ec}</Data></Certificate></Certificates>"
        )
    );

    let accepted = bench.delete(&format!("{CERTIFICATES}/SHA1-{}", EC.to_lowercase())).expect(202);
    assert_eq!(bench.get(&named(EC)).0.status(), 200);
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    for reply in [bench.get(&named(EC)), bench.delete(&named(EC))] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The certificate was not found.");
    }
}

#[test]
fn files_of_every_kind_are_read() {
    let rsa_der = der(RSA_PEM);
    for (what, file, thumbprints) in [
        ("today's", file(fixture!("aes256.pfx"), "pfx", "secret"), vec![EC]),
        ("another case", file(fixture!("legacy.pfx"), " PFX ", "secret"), vec![EC]),
        ("no password", file(fixture!("null-password.pfx"), "pfx", ""), vec![EC]),
        ("empty password", file(fixture!("legacy-empty.pfx"), "pfx", ""), vec![EC]),
        ("no key", file(fixture!("certificates-only.pfx"), "pfx", "secret"), vec![EC]),
        ("a chain", file(fixture!("chain.pfx"), "pfx", "secret"), vec![EC, RSA]),
        ("DER", file(&rsa_der, "cer", ""), vec![RSA]),
        ("PEM", file(RSA_PEM.as_bytes(), "Cer", "ignored"), vec![RSA]),
    ] {
        let mut bench = bench();
        add(&mut bench, &file.replace("<Password></Password>", ""));
        assert_eq!(bench.get(CERTIFICATES).all("Thumbprint"), thumbprints, "{what}");
        let kept = bench.cloud.save();
        assert!(!kept.contains("secret"), "{what}");
    }
}

#[test]
fn files_that_cannot_be_used_are_refused_with_the_reason() {
    let mut bench = bench();
    let legacy = fixture!("legacy.pfx");
    for (body, code, reason) in [
        (file(legacy, "pfx", "wrong"), "400 BadRequest", "the password is wrong"),
        (file(legacy, "pfx", ""), "400 BadRequest", "none was given"),
        (file(&der(RSA_PEM), "pfx", ""), "400 BadRequest", "it is not a PKCS#12 file"),
        (file(fixture!("rc4.pfx"), "pfx", "secret"), "400 BadRequest", "RC4"),
        (file(legacy, "cer", ""), "400 BadRequest", "it is not an X.509 certificate"),
        (file(legacy, "p12", "secret"), "400 InvalidXmlRequest", "must be pfx or cer"),
        (file(legacy, "", "secret"), "400 InvalidXmlRequest", "must be pfx or cer"),
        (root("CertificateFile", ""), "400 InvalidXmlRequest", "Data"),
        (root("CertificateFile", "<Data>%</Data>"), "400 InvalidXmlRequest", "base64"),
        (root("CertificateFile", "<Data/>"), "400 InvalidXmlRequest", "CertificateFormat"),
    ] {
        let reply = bench.post(CERTIFICATES, &body);
        assert_eq!(reply.code(), code, "{reason}");
        assert!(reply.message().contains(reason), "{}", reply.message());
    }
    assert!(!bench.get(CERTIFICATES).has("Certificate"));
}

#[test]
fn one_that_is_there_can_be_added_again() {
    let mut bench = bench();
    for _ in 0..2 {
        add(&mut bench, &file(&der(EC_PEM), "cer", ""));
    }
    assert_eq!(bench.get(CERTIFICATES).all("Thumbprint"), [EC]);
}

#[test]
fn places_that_make_no_sense_are_refused() {
    let mut bench = bench();
    for path in [
        format!("{CERTIFICATES}/{EC}"),
        format!("{CERTIFICATES}/sha256-{EC}"),
        named("12"),
        named(&"x".repeat(40)),
    ] {
        let reply = bench.get(&path);
        assert_eq!(
            (reply.code().as_str(), reply.message().as_str()),
            ("400 BadRequest", "A parameter was incorrect")
        );
    }
    let missing = CERTIFICATES.replace("contoso", "fabrikam");
    for reply in [
        bench.get(&missing),
        bench.get(&format!("{missing}/sha1-{EC}")),
        bench.post(&missing, &file(&der(EC_PEM), "cer", "")),
        bench.delete(&format!("{missing}/sha1-{EC}")),
    ] {
        assert_eq!(reply.message(), "The hosted service does not exist.");
    }
}

#[test]
fn work_for_a_service_that_is_gone_fails() {
    let mut bench = bench();
    let accepted = bench.post(CERTIFICATES, &file(&der(EC_PEM), "cer", "")).expect(202);
    bench.delete(CONTOSO).expect(200);
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Failed 404 ResourceNotFound");
}

#[test]
fn a_configuration_refers_to_what_was_added_only() {
    let mut bench = bench();
    let create = with_reference(&create_deployment("first", "one", WEB, true), RSA);
    let refused = |reply: Reply| {
        assert_eq!(reply.code(), "400 BadRequest");
        let words = format!("The certificate with thumbprint {RSA} was not found.");
        // In the case in which the configuration has it.
        assert!(reply.message().eq_ignore_ascii_case(&words), "{}", reply.message());
    };
    refused(bench.post(BY_SLOT, &create));
    add(&mut bench, &file(&der(RSA_PEM), "cer", ""));
    bench.post(BY_SLOT, &create).expect(202);
    bench.settle();

    bench.change("Auto", WEB).expect(202);
    bench.settle();
    bench.delete(&named(RSA)).expect(202);
    bench.settle();
    let lower = RSA.to_lowercase();
    refused(
        bench
            .post(&format!("{BY_NAME}?comp=config"), &with_reference(&change("Auto", WEB), &lower)),
    );
    let upgrade = with_reference(&upgrade("Auto", "two", WEB), RSA);
    refused(bench.post(&format!("{BY_NAME}?comp=upgrade"), &upgrade));
}

#[test]
fn a_certificate_without_a_usable_thumbprint_makes_the_configuration_invalid() {
    let mut bench = bench();
    let good = referring(RSA);
    for (from, to) in [(RSA, "12"), (RSA, ""), ("thumbprint=", "print="), ("\"sha1\"", "\"md5\"")] {
        let configuration = good.replace(from, to);
        let create = create_deployment("first", "one", WEB, true)
            .replace(&base64(&cscfg(WEB)), &base64(&configuration));
        let reply = bench.post(BY_SLOT, &create);
        assert_eq!(reply.code(), "400 BadRequest", "{from} -> {to}");
        assert!(reply.message().contains("'Site' of the role Web"), "{}", reply.message());
    }
}

#[test]
fn what_a_deployment_refers_to_cannot_be_deleted() {
    let mut bench = bench();
    add(&mut bench, &file(&der(RSA_PEM), "cer", ""));
    let is_free = |bench: &mut Bench| {
        let reply = bench.delete(&named(RSA));
        if reply.0.status() == 202 {
            return true;
        }
        assert_eq!(reply.code(), "409 ConflictError");
        assert!(reply.message().contains("'first'"), "{}", reply.message());
        false
    };
    bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    bench.settle();
    let change = with_reference(&change("Manual", WEB), RSA);
    bench.post(&format!("{BY_NAME}?comp=config"), &change).expect(202);
    assert!(!is_free(&mut bench), "it is about to be used");
    bench.settle();
    assert!(!is_free(&mut bench), "it is used");
    bench.change("Auto", WEB).expect(202);
    bench.settle();
    assert!(is_free(&mut bench), "nothing leads back to it any more");
}

#[test]
fn a_reference_that_came_in_between_lets_the_deletion_fail() {
    let mut bench = bench();
    add(&mut bench, &file(&der(RSA_PEM), "cer", ""));
    let deletion = bench.delete(&named(RSA)).expect(202);
    bench
        .post(BY_SLOT, &with_reference(&create_deployment("first", "one", WEB, true), RSA))
        .expect(202);
    bench.pass(10);
    assert_eq!(bench.operation(&deletion.id()), "Failed 409 ConflictError");
    assert_eq!(bench.get(&named(RSA)).0.status(), 200);
}
