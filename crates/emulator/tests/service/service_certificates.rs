//! The certificates of a cloud service, and what refers to them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fixtures::{EC, EC_PEM, RSA, RSA_PEM, data, der, fixture};
use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, TestResponse, base64, change, create_deployment,
    create_service, cscfg, root, upgrade,
};

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

fn certificate_path(thumbprint: &str) -> String {
    format!("{CERTIFICATES}/sha1-{thumbprint}")
}

/// With the service `contoso` and nothing else.
fn new_harness() -> Harness {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness
}

fn add(harness: &mut Harness, body: &str) {
    let accepted = harness.post(CERTIFICATES, body).expect(202);
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
}

/// A service configuration whose role Web refers to a certificate.
fn configuration_with_certificate(thumbprint: &str) -> String {
    let certificate = format!(
        "<Certificates><Certificate name=\"Site\" thumbprint=\"{thumbprint}\" \
         thumbprintAlgorithm=\"sha1\" /></Certificates></Role>"
    );
    cscfg(WEB).replace("</Role>", &certificate)
}

/// A request with that configuration in place of its own.
fn with_reference(request: &str, thumbprint: &str) -> String {
    request.replace(&base64(&cscfg(WEB)), &base64(&configuration_with_certificate(thumbprint)))
}

#[test]
fn adds_reads_and_deletes_certificate() {
    let mut harness = new_harness();
    let pfx = fixture!("legacy.pfx");
    let accepted = harness.post(CERTIFICATES, &file(pfx, "pfx", "secret")).expect(202);
    assert_eq!((accepted.body(), accepted.header("location")), ("", ""));
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    assert!(!harness.get(CERTIFICATES).expect(200).has_element("Certificate"));
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");

    let read = harness.get(&certificate_path(EC)).expect(200);
    let namespaces = "xmlns=\"http://schemas.microsoft.com/windowsazure\" \
                      xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";
    let ec = data(EC_PEM);
    assert_eq!(read.body(), format!("<Certificate {namespaces}><Data>{ec}</Data></Certificate>"));
    assert_eq!(
        harness.get(CERTIFICATES).expect(200).body(),
        format!(
            "<Certificates {namespaces}><Certificate><CertificateUrl>https://management.example.net/\
             {SUBSCRIPTION}/services/hostedservices/contoso/certificates/sha1-{EC}</CertificateUrl>\
             <Thumbprint>{EC}</Thumbprint><ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>\
             <Data>{ec}</Data></Certificate></Certificates>"
        )
    );

    let accepted =
        harness.delete(&format!("{CERTIFICATES}/SHA1-{}", EC.to_lowercase())).expect(202);
    assert_eq!(harness.get(&certificate_path(EC)).0.status(), 200);
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    for reply in [harness.get(&certificate_path(EC)), harness.delete(&certificate_path(EC))] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The certificate was not found.");
    }
}

#[test]
fn parses_all_file_formats() {
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
        let mut harness = new_harness();
        add(&mut harness, &file.replace("<Password></Password>", ""));
        assert_eq!(harness.get(CERTIFICATES).texts("Thumbprint"), thumbprints, "{what}");
        let kept = harness.simulator.save();
        assert!(!kept.contains("secret"), "{what}");
    }
}

#[test]
fn rejects_invalid_files_with_the_reason() {
    let mut harness = new_harness();
    let legacy = fixture!("legacy.pfx");
    for (body, code, reason) in [
        (file(legacy, "pfx", "wrong"), "400 BadRequest", "the password is wrong"),
        (file(legacy, "pfx", ""), "400 BadRequest", "no password was given"),
        (file(&der(RSA_PEM), "pfx", ""), "400 BadRequest", "it is not a PKCS#12 file"),
        (file(fixture!("rc4.pfx"), "pfx", "secret"), "400 BadRequest", "RC4"),
        (file(legacy, "cer", ""), "400 BadRequest", "it is not an X.509 certificate"),
        (file(legacy, "p12", "secret"), "400 InvalidXmlRequest", "must be pfx or cer"),
        (file(legacy, "", "secret"), "400 InvalidXmlRequest", "must be pfx or cer"),
        (root("CertificateFile", ""), "400 InvalidXmlRequest", "Data"),
        (root("CertificateFile", "<Data>%</Data>"), "400 InvalidXmlRequest", "base64"),
        (root("CertificateFile", "<Data/>"), "400 InvalidXmlRequest", "CertificateFormat"),
    ] {
        let reply = harness.post(CERTIFICATES, &body);
        assert_eq!(reply.code(), code, "{reason}");
        assert!(reply.message().contains(reason), "{}", reply.message());
    }
    assert!(!harness.get(CERTIFICATES).has_element("Certificate"));
}

#[test]
fn adding_existing_certificate_succeeds() {
    let mut harness = new_harness();
    for _ in 0..2 {
        add(&mut harness, &file(&der(EC_PEM), "cer", ""));
    }
    assert_eq!(harness.get(CERTIFICATES).texts("Thumbprint"), [EC]);
}

#[test]
fn rejects_invalid_paths() {
    let mut harness = new_harness();
    for path in [
        format!("{CERTIFICATES}/{EC}"),
        format!("{CERTIFICATES}/sha256-{EC}"),
        certificate_path("12"),
        certificate_path(&"x".repeat(40)),
    ] {
        let reply = harness.get(&path);
        assert_eq!(
            (reply.code().as_str(), reply.message().as_str()),
            ("400 BadRequest", "A parameter was incorrect")
        );
    }
    let missing = CERTIFICATES.replace("contoso", "fabrikam");
    for reply in [
        harness.get(&missing),
        harness.get(&format!("{missing}/sha1-{EC}")),
        harness.post(&missing, &file(&der(EC_PEM), "cer", "")),
        harness.delete(&format!("{missing}/sha1-{EC}")),
    ] {
        assert_eq!(reply.message(), "The hosted service does not exist.");
    }
}

#[test]
fn operation_fails_after_service_deletion() {
    let mut harness = new_harness();
    let accepted = harness.post(CERTIFICATES, &file(&der(EC_PEM), "cer", "")).expect(202);
    harness.delete(CONTOSO).expect(200);
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Failed 404 ResourceNotFound");
}

#[test]
fn configuration_requires_added_certificates() {
    let mut harness = new_harness();
    let create = with_reference(&create_deployment("first", "one", WEB, true), RSA);
    let refused = |reply: TestResponse| {
        assert_eq!(reply.code(), "400 BadRequest");
        let message = format!("The certificate with thumbprint {RSA} was not found.");
        // In the case in which the configuration has it.
        assert!(reply.message().eq_ignore_ascii_case(&message), "{}", reply.message());
    };
    refused(harness.post(BY_SLOT, &create));
    add(&mut harness, &file(&der(RSA_PEM), "cer", ""));
    harness.post(BY_SLOT, &create).expect(202);
    harness.settle();

    harness.change("Auto", WEB).expect(202);
    harness.settle();
    harness.delete(&certificate_path(RSA)).expect(202);
    harness.settle();
    let lower = RSA.to_lowercase();
    refused(
        harness
            .post(&format!("{BY_NAME}?comp=config"), &with_reference(&change("Auto", WEB), &lower)),
    );
    let upgrade = with_reference(&upgrade("Auto", "two", WEB), RSA);
    refused(harness.post(&format!("{BY_NAME}?comp=upgrade"), &upgrade));
}

#[test]
fn rejects_configuration_with_invalid_thumbprint() {
    let mut harness = new_harness();
    let good = configuration_with_certificate(RSA);
    for (from, to) in [(RSA, "12"), (RSA, ""), ("thumbprint=", "print="), ("\"sha1\"", "\"md5\"")] {
        let configuration = good.replace(from, to);
        let create = create_deployment("first", "one", WEB, true)
            .replace(&base64(&cscfg(WEB)), &base64(&configuration));
        let reply = harness.post(BY_SLOT, &create);
        assert_eq!(reply.code(), "400 BadRequest", "{from} -> {to}");
        assert!(reply.message().contains("'Site' of the role Web"), "{}", reply.message());
    }
}

#[test]
fn rejects_deletion_of_referenced_certificate() {
    let mut harness = new_harness();
    add(&mut harness, &file(&der(RSA_PEM), "cer", ""));
    let is_free = |harness: &mut Harness| {
        let reply = harness.delete(&certificate_path(RSA));
        if reply.0.status() == 202 {
            return true;
        }
        assert_eq!(reply.code(), "409 ConflictError");
        assert!(reply.message().contains("'first'"), "{}", reply.message());
        false
    };
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    harness.settle();
    let change = with_reference(&change("Manual", WEB), RSA);
    harness.post(&format!("{BY_NAME}?comp=config"), &change).expect(202);
    assert!(!is_free(&mut harness), "it is about to be used");
    harness.settle();
    assert!(!is_free(&mut harness), "it is used");
    harness.change("Auto", WEB).expect(202);
    harness.settle();
    assert!(is_free(&mut harness), "nothing leads back to it any more");
}

#[test]
fn deletion_fails_if_reference_is_added_meanwhile() {
    let mut harness = new_harness();
    add(&mut harness, &file(&der(RSA_PEM), "cer", ""));
    let deletion = harness.delete(&certificate_path(RSA)).expect(202);
    harness
        .post(BY_SLOT, &with_reference(&create_deployment("first", "one", WEB, true), RSA))
        .expect(202);
    harness.advance(10);
    assert_eq!(harness.operation(&deletion.id()), "Failed 409 ConflictError");
    assert_eq!(harness.get(&certificate_path(RSA)).0.status(), 200);
}
