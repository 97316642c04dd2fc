//! Extensions of a cloud service, and those that there are to add.

use crate::bench::{Bench, base64, create_service, root};
use crate::fixtures::{RSA, RSA_PEM, data};

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

pub(crate) fn add(bench: &mut Bench, body: &str) {
    let accepted = bench.post(EXTENSIONS, body).expect(202);
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
}

/// With the service `contoso` and nothing else.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench
}

fn add_certificate(bench: &mut Bench) {
    let file = root(
        "CertificateFile",
        &format!("<Data>{}</Data><CertificateFormat>cer</CertificateFormat>", data(RSA_PEM)),
    );
    bench.post(&format!("{CONTOSO}/certificates"), &file).expect(202);
    bench.pass(10);
}

#[test]
fn an_extension_is_added_read_and_deleted() {
    let mut bench = bench();
    add_certificate(&mut bench);
    let public = base64("<PublicConfig><UserName>contoso</UserName></PublicConfig>");
    let private = base64("<PrivateConfig><Password>hush</Password></PrivateConfig>");
    let rest = format!(
        "<Thumbprint>{}</Thumbprint><ThumbprintAlgorithm>SHA1</ThumbprintAlgorithm>\
         <PublicConfiguration>{public}</PublicConfiguration>\
         <PrivateConfiguration>{private}</PrivateConfiguration><Version>1.*</Version>",
        RSA.to_lowercase()
    );
    let accepted = bench.post(EXTENSIONS, &extension("RDP", "Logon-1", &rest)).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    assert_eq!(bench.get(&format!("{EXTENSIONS}/Logon-1")).code(), "404 ResourceNotFound");
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");

    let told = format!(
        "<ProviderNameSpace>{MICROSOFT}</ProviderNameSpace><Type>RDP</Type><Id>Logon-1</Id>\
         <Version>1.*</Version><Thumbprint>{RSA}</Thumbprint>\
         <ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>\
         <PublicConfiguration>{public}</PublicConfiguration></Extension>"
    );
    let read = bench.get(&format!("{EXTENSIONS}/logon-1")).expect(200);
    assert!(read.body().starts_with("<Extension xmlns="), "{}", read.body());
    assert!(read.body().ends_with(&told), "{}", read.body());
    let list = bench.get(EXTENSIONS).expect(200);
    assert!(list.body().starts_with("<Extensions xmlns="), "{}", list.body());
    assert!(list.body().ends_with(&format!("<Extension>{told}</Extensions>")), "{}", list.body());
    let kept = bench.cloud.save();
    assert!(kept.contains(&public) && !kept.contains(&private));

    let accepted = bench.delete(&format!("{EXTENSIONS}/LOGON-1")).expect(202);
    assert!(bench.get(EXTENSIONS).has("Id"));
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    assert!(!bench.get(EXTENSIONS).has("Id"));
    for reply in [
        bench.get(&format!("{EXTENSIONS}/Logon-1")),
        bench.delete(&format!("{EXTENSIONS}/Logon-1")),
    ] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The extension was not found.");
    }
}

#[test]
fn json_is_told_from_xml_since_2014() {
    let mut bench = bench();
    let configuration =
        |text: &str| format!("<PublicConfiguration>{}</PublicConfiguration>", base64(text));
    add(&mut bench, &extension("RDP", "xml", &configuration("<PublicConfig/>")));
    add(&mut bench, &extension("RDP", "json", &configuration(" {}")));
    for (version, told) in [("2014-04-01", vec![]), ("2014-06-01", vec!["true"])] {
        bench.version = version;
        assert_eq!(bench.get(EXTENSIONS).all("IsJsonExtension"), told, "{version}");
    }
}

#[test]
fn what_cannot_be_added_is_refused() {
    let mut bench = bench();
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
        let reply = bench.post(EXTENSIONS, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
        assert!(reply.message().contains(reason), "{}", reply.message());
    }
    add(&mut bench, &good);
    assert_eq!(bench.post(EXTENSIONS, &good.replace("logon", "LOGON")).code(), "409 ConflictError");
    let fabrikam = EXTENSIONS.replace("contoso", "fabrikam");
    assert_eq!(bench.post(&fabrikam, &good).message(), "The hosted service does not exist.");
    assert_eq!(bench.get(&fabrikam).message(), "The hosted service does not exist.");
}

#[test]
fn an_id_has_at_most_60_letters_digits_and_hyphens() {
    let mut bench = bench();
    let longest = "x".repeat(60);
    for id in ["Default-PaaSDiagnostics-Production-Ext-0", "1", "-", &longest] {
        add(&mut bench, &extension("RDP", id, ""));
    }
    for id in ["", "a/b", "a.b", "a_b", "a b", " a", "a\u{e9}", "\u{ff21}", &"x".repeat(61)] {
        let reply = bench.post(EXTENSIONS, &extension("RDP", id, ""));
        assert_eq!(reply.code(), "400 BadRequest", "{id}");
        assert_eq!(reply.message(), format!("The extension ID {id} is invalid."));
    }
    let again = bench.post(EXTENSIONS, &extension("RDP", "1", ""));
    assert_eq!(again.code(), "409 ConflictError");
    assert_eq!(again.message(), "The extension ID 1 already exists.");
}

#[test]
fn the_second_of_two_additions_at_once_fails() {
    let mut bench = bench();
    let accepted =
        [1, 2].map(|_| bench.post(EXTENSIONS, &extension("RDP", "logon", "")).expect(202).id());
    bench.pass(10);
    let ends = accepted.map(|id| bench.operation(&id));
    assert_eq!(ends, ["Succeeded 200", "Failed 409 ConflictError"]);
}

#[test]
fn a_certificate_must_be_there_first_and_stays() {
    let mut bench = bench();
    let with_certificate = extension("RDP", "logon", &format!("<Thumbprint>{RSA}</Thumbprint>"));
    let refused = bench.post(EXTENSIONS, &with_certificate);
    assert_eq!(refused.code(), "400 BadRequest");
    let words = format!("The certificate with thumbprint {RSA} was not found.");
    assert_eq!(refused.message(), words);

    add_certificate(&mut bench);
    add(&mut bench, &with_certificate);
    let certificate = format!("{CONTOSO}/certificates/sha1-{RSA}");
    let refused = bench.delete(&certificate);
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains("extension 'logon'"), "{}", refused.message());
    bench.delete(&format!("{EXTENSIONS}/logon")).expect(202);
    bench.pass(10);
    bench.delete(&certificate).expect(202);
}

#[test]
fn the_newest_of_each_kind_is_available() {
    let mut bench = Bench::new();
    let list = bench.get("/services/extensions").expect(200);
    assert!(list.body().starts_with("<ExtensionImages xmlns="), "{}", list.body());
    let kinds = list.all("Type");
    for kind in ["ADDomain", "Diagnostics", "RDP"] {
        assert!(kinds.iter().any(|it| it == kind), "{kinds:?}");
    }
    let rdp = bench.get(&format!("/services/extensions/{MICROSOFT}/rdp")).expect(200);
    assert_eq!(rdp.all("Version"), ["1.0", "1.1", "1.2"]);
    let at = kinds.iter().position(|it| it == "RDP").unwrap();
    assert_eq!(list.all("Version")[at], "1.2");
    assert_eq!(list.all("ProviderNameSpace")[at], MICROSOFT);
    assert_eq!(rdp.text("Label"), "Remote Desktop");
    assert_eq!(rdp.text("HostingResources"), "WebRole|WorkerRole");
    let other_spelling = "/services/extensions/Microsoft.WindowsAzure.Extensions/RDP";
    assert_eq!(bench.get(other_spelling).expect(200).body(), rdp.body());
    let unknown = bench.get(&format!("/services/extensions/{MICROSOFT}/Teleport"));
    assert_eq!(unknown.code(), "404 ResourceNotFound");
}

#[test]
fn what_is_available_is_told_as_far_as_the_version_knows_it() {
    let mut bench = Bench::new();
    let young = [
        ("SampleConfig", "2013-11-01"),
        ("ReplicationCompleted", "2014-04-01"),
        ("SupportedOS", "2014-06-01"),
        ("CompanyName", "2014-06-01"),
        ("PublishedDate", "2014-06-01"),
    ];
    for version in ["2013-03-01", "2013-11-01", "2014-04-01", "2014-06-01", "2018-06-01"] {
        bench.version = version;
        let list = bench.get("/services/extensions").expect(200);
        assert!(list.has("PublicConfigurationSchema") && list.has("ThumbprintAlgorithm"));
        for (element, since) in young {
            assert_eq!(list.has(element), version >= since, "{element} in {version}");
        }
    }
    bench.version = "2012-12-01";
    let refused = bench.get("/services/extensions");
    assert_eq!(refused.code(), "400 MissingOrIncorrectVersionHeader");
}
