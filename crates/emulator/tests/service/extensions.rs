//! Extensions of a cloud service, and those that there are to add.

use crate::fixtures::{RSA, RSA_PEM, data};
use crate::harness::{Harness, base64, create_service, root};

const CONTOSO: &str = "/services/hostedservices/contoso";
const EXTENSIONS: &str = "/services/hostedservices/contoso/extensions";
const MICROSOFT: &str = "Microsoft.Windows.Azure.Extensions";

/// The request for an extension, with what follows the id.
pub(crate) fn extension(kind: &str, id: &str, rest: &str) -> String {
    root(
        "Extension",
        &format!(
            "<ProviderNameSpace>{MICROSOFT}</ProviderNameSpace><Type>{kind}</Type><Id>{id}</Id>{rest}"
        ),
    )
}

pub(crate) fn add(harness: &mut Harness, body: &str) {
    let accepted = harness.post(EXTENSIONS, body).expect(202);
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
}

/// With the service `contoso` and nothing else.
fn new_harness() -> Harness {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness
}

fn add_certificate(harness: &mut Harness) {
    let file = root(
        "CertificateFile",
        &format!("<Data>{}</Data><CertificateFormat>cer</CertificateFormat>", data(RSA_PEM)),
    );
    harness.post(&format!("{CONTOSO}/certificates"), &file).expect(202);
    harness.advance(10);
}

#[test]
fn adds_reads_and_deletes_extension() {
    let mut harness = new_harness();
    add_certificate(&mut harness);
    let public = base64("<PublicConfig><UserName>contoso</UserName></PublicConfig>");
    let private = base64("<PrivateConfig><Password>hush</Password></PrivateConfig>");
    let rest = format!(
        "<Thumbprint>{}</Thumbprint><ThumbprintAlgorithm>SHA1</ThumbprintAlgorithm>\
         <PublicConfiguration>{public}</PublicConfiguration>\
         <PrivateConfiguration>{private}</PrivateConfiguration><Version>1.*</Version>",
        RSA.to_lowercase()
    );
    let accepted = harness.post(EXTENSIONS, &extension("RDP", "Logon-1", &rest)).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    assert_eq!(harness.get(&format!("{EXTENSIONS}/Logon-1")).code(), "404 ResourceNotFound");
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");

    let element = format!(
        "<ProviderNameSpace>{MICROSOFT}</ProviderNameSpace><Type>RDP</Type><Id>Logon-1</Id>\
         <Version>1.*</Version><Thumbprint>{RSA}</Thumbprint>\
         <ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>\
         <PublicConfiguration>{public}</PublicConfiguration></Extension>"
    );
    let read = harness.get(&format!("{EXTENSIONS}/logon-1")).expect(200);
    assert!(read.body().starts_with("<Extension xmlns="), "{}", read.body());
    assert!(read.body().ends_with(&element), "{}", read.body());
    let list = harness.get(EXTENSIONS).expect(200);
    assert!(list.body().starts_with("<Extensions xmlns="), "{}", list.body());
    assert!(
        list.body().ends_with(&format!("<Extension>{element}</Extensions>")),
        "{}",
        list.body()
    );
    let kept = harness.simulator.save();
    assert!(kept.contains(&public) && !kept.contains(&private));

    let accepted = harness.delete(&format!("{EXTENSIONS}/LOGON-1")).expect(202);
    assert!(harness.get(EXTENSIONS).has_element("Id"));
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    assert!(!harness.get(EXTENSIONS).has_element("Id"));
    for reply in [
        harness.get(&format!("{EXTENSIONS}/Logon-1")),
        harness.delete(&format!("{EXTENSIONS}/Logon-1")),
    ] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The extension was not found.");
    }
}

#[test]
fn reports_json_configuration_since_2014() {
    let mut harness = new_harness();
    let configuration =
        |text: &str| format!("<PublicConfiguration>{}</PublicConfiguration>", base64(text));
    add(&mut harness, &extension("RDP", "xml", &configuration("<PublicConfig/>")));
    add(&mut harness, &extension("RDP", "json", &configuration(" {}")));
    for (version, expected) in [("2014-04-01", vec![]), ("2014-06-01", vec!["true"])] {
        harness.version = version;
        assert_eq!(harness.get(EXTENSIONS).texts("IsJsonExtension"), expected, "{version}");
    }
}

#[test]
fn rejects_invalid_extensions() {
    let mut harness = new_harness();
    let good = extension("RDP", "logon", "<Version>1.0</Version>");
    for (from, to, code, reason) in [
        ("<Id>logon</Id>", "", "400 InvalidXmlRequest", "Id"),
        ("Type>", "Kind>", "400 InvalidXmlRequest", "Type"),
        ("ProviderNameSpace>", "Provider>", "400 InvalidXmlRequest", "ProviderNameSpace"),
        ("RDP", "Teleport", "400 BadRequest", "Teleport"),
        ("1.0", "9.0", "400 BadRequest", "no version 9.0"),
        ("1.0", "newest", "400 BadRequest", "must be *"),
        (
            "<Version>",
            "<PublicConfiguration>%</PublicConfiguration><Version>",
            "400 InvalidXmlRequest",
            "PublicConfiguration",
        ),
        (
            "<Version>",
            "<PrivateConfiguration>%</PrivateConfiguration><Version>",
            "400 InvalidXmlRequest",
            "PrivateConfiguration",
        ),
        (
            "<Version>",
            "<ThumbprintAlgorithm>md5</ThumbprintAlgorithm><Version>",
            "400 BadRequest",
            "sha1",
        ),
        ("<Version>", "<Thumbprint>12</Thumbprint><Version>", "400 BadRequest", "40 hexadecimal"),
    ] {
        assert!(good.contains(from), "{from}");
        let reply = harness.post(EXTENSIONS, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
        assert!(reply.message().contains(reason), "{}", reply.message());
    }
    add(&mut harness, &good);
    assert_eq!(
        harness.post(EXTENSIONS, &good.replace("logon", "LOGON")).code(),
        "409 ConflictError"
    );
    let fabrikam = EXTENSIONS.replace("contoso", "fabrikam");
    assert_eq!(harness.post(&fabrikam, &good).message(), "The hosted service does not exist.");
    assert_eq!(harness.get(&fabrikam).message(), "The hosted service does not exist.");
}

#[test]
fn id_allows_60_letters_digits_and_hyphens() {
    let mut harness = new_harness();
    let longest = "x".repeat(60);
    for id in ["Default-PaaSDiagnostics-Production-Ext-0", "1", "-", &longest] {
        add(&mut harness, &extension("RDP", id, ""));
    }
    for id in ["", "a/b", "a.b", "a_b", "a b", " a", "a\u{e9}", "\u{ff21}", &"x".repeat(61)] {
        let reply = harness.post(EXTENSIONS, &extension("RDP", id, ""));
        assert_eq!(reply.code(), "400 BadRequest", "{id}");
        assert_eq!(reply.message(), format!("The extension ID {id} is invalid."));
    }
    let again = harness.post(EXTENSIONS, &extension("RDP", "1", ""));
    assert_eq!(again.code(), "409 ConflictError");
    assert_eq!(again.message(), "The extension ID 1 already exists.");
}

#[test]
fn second_concurrent_addition_fails() {
    let mut harness = new_harness();
    let accepted =
        [1, 2].map(|_| harness.post(EXTENSIONS, &extension("RDP", "logon", "")).expect(202).id());
    harness.advance(10);
    let ends = accepted.map(|id| harness.operation(&id));
    assert_eq!(ends, ["Succeeded 200", "Failed 409 ConflictError"]);
}

#[test]
fn requires_certificate_and_protects_it() {
    let mut harness = new_harness();
    let with_certificate = extension("RDP", "logon", &format!("<Thumbprint>{RSA}</Thumbprint>"));
    let refused = harness.post(EXTENSIONS, &with_certificate);
    assert_eq!(refused.code(), "400 BadRequest");
    let message = format!("The certificate with thumbprint {RSA} was not found.");
    assert_eq!(refused.message(), message);

    add_certificate(&mut harness);
    add(&mut harness, &with_certificate);
    let certificate = format!("{CONTOSO}/certificates/sha1-{RSA}");
    let refused = harness.delete(&certificate);
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains("extension 'logon'"), "{}", refused.message());
    harness.delete(&format!("{EXTENSIONS}/logon")).expect(202);
    harness.advance(10);
    harness.delete(&certificate).expect(202);
}

#[test]
fn lists_newest_version_of_each_type() {
    let mut harness = Harness::new();
    let list = harness.get("/services/extensions").expect(200);
    assert!(list.body().starts_with("<ExtensionImages xmlns="), "{}", list.body());
    let kinds = list.texts("Type");
    for kind in ["ADDomain", "Diagnostics", "RDP"] {
        assert!(kinds.iter().any(|it| it == kind), "{kinds:?}");
    }
    let rdp = harness.get(&format!("/services/extensions/{MICROSOFT}/rdp")).expect(200);
    assert_eq!(rdp.texts("Version"), ["1.0", "1.1", "1.2"]);
    let at = kinds.iter().position(|it| it == "RDP").unwrap();
    assert_eq!(list.texts("Version")[at], "1.2");
    assert_eq!(list.texts("ProviderNameSpace")[at], MICROSOFT);
    assert_eq!(rdp.text("Label"), "Remote Desktop");
    assert_eq!(rdp.text("HostingResources"), "WebRole|WorkerRole");
    let other_spelling = "/services/extensions/Microsoft.WindowsAzure.Extensions/RDP";
    assert_eq!(harness.get(other_spelling).expect(200).body(), rdp.body());
    let unknown = harness.get(&format!("/services/extensions/{MICROSOFT}/Teleport"));
    assert_eq!(unknown.code(), "404 ResourceNotFound");
}

#[test]
fn image_elements_depend_on_request_version() {
    let mut harness = Harness::new();
    let young = [
        ("SampleConfig", "2013-11-01"),
        ("ReplicationCompleted", "2014-04-01"),
        ("SupportedOS", "2014-06-01"),
        ("CompanyName", "2014-06-01"),
        ("PublishedDate", "2014-06-01"),
    ];
    for version in ["2013-03-01", "2013-11-01", "2014-04-01", "2014-06-01", "2018-06-01"] {
        harness.version = version;
        let list = harness.get("/services/extensions").expect(200);
        assert!(
            list.has_element("PublicConfigurationSchema")
                && list.has_element("ThumbprintAlgorithm")
        );
        for (element, since) in young {
            assert_eq!(list.has_element(element), version >= since, "{element} in {version}");
        }
    }
    harness.version = "2012-12-01";
    let refused = harness.get("/services/extensions");
    assert_eq!(refused.code(), "400 MissingOrIncorrectVersionHeader");
}
