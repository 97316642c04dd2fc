use azure_classic_credentials::{
    FileKind, OpenError, Pkcs12Writer, PublishSettings, PublishedSubscription,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fixtures::{ec_certificate, ec_key, fixture, section};

const FIRST: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const SECOND: &str = "5d2a7c13-93f7-4c0f-8d6b-0b6c0f4f7e21";

fn base64(name: &str) -> String {
    STANDARD.encode(fixture(name))
}

fn read(text: &str) -> Vec<PublishedSubscription> {
    PublishSettings::read(text.as_bytes()).unwrap().subscriptions
}

fn certificate(subscription: &PublishedSubscription) -> Vec<u8> {
    subscription.certificate().unwrap().certificates.remove(0)
}

#[test]
fn version_1_has_one_certificate_and_address_for_all() {
    let file = format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<PublishData>
  <PublishProfile PublishMethod="AzureServiceManagementAPI"
      Url="https://management.core.windows.net/" ManagementCertificate="{}">
    <Subscription Id="{FIRST}" Name="Contoso" />
    <Subscription Id="{SECOND}" Name="Fabrikam" />
  </PublishProfile>
</PublishData>"#,
        base64("null-password-rsa.pfx")
    );
    let subscriptions = read(&file);
    let ids: Vec<&str> = subscriptions.iter().map(|subscription| &*subscription.id).collect();
    assert_eq!(ids, [FIRST, SECOND]);
    for subscription in &subscriptions {
        assert_eq!(subscription.management_url, "https://management.core.windows.net");
        assert_eq!(certificate(subscription), section("rsa.pem", "CERTIFICATE"));
    }
    assert_eq!(subscriptions[1].name, "Fabrikam");
    let settings = PublishSettings::read(file.as_bytes()).unwrap();
    assert_eq!(settings.subscription(&SECOND.to_uppercase()).unwrap().name, "Fabrikam");
    assert!(settings.subscription("other").is_none());
}

#[test]
fn in_version_2_a_subscription_overrides_the_profile() {
    let file = format!(
        "\u{feff}<PublishData>\r\n<PublishProfile SchemaVersion=\"2.0\" PublishMethod=\"AzureServiceManagementAPI\" \
         Url=\"https://profile.example\" ManagementCertificate=\"{}\">\
         <Subscription ServiceManagementUrl=\"https://management.core.chinacloudapi.cn\" Id=\"{FIRST}\" \
         Name=\"Contoso &amp; Fabrikam\" ManagementCertificate=\"{}\" />\
         <Subscription Id=\"{SECOND}\"/></PublishProfile></PublishData>",
        base64("null-password-rsa.pfx"),
        base64("null-password.pfx")
    );
    let subscriptions = read(&file);
    assert_eq!(subscriptions[0].management_url, "https://management.core.chinacloudapi.cn");
    assert_eq!(subscriptions[0].name, "Contoso & Fabrikam");
    assert_eq!(certificate(&subscriptions[0]), ec_certificate());
    assert_eq!(subscriptions[1].management_url, "https://profile.example");
    assert_eq!(certificate(&subscriptions[1]), section("rsa.pem", "CERTIFICATE"));
}

#[test]
fn missing_fields_are_named_without_the_certificate() {
    let subscription = |attributes: &str| {
        let file = format!(
            "<PublishData><PublishProfile><Subscription {attributes}/></PublishProfile></PublishData>"
        );
        PublishSettings::read(file.as_bytes()).unwrap_err().to_string()
    };
    assert_eq!(subscription(""), "subscription 1 of the .publishsettings file has no Id");
    assert!(
        subscription("Id='1'").ends_with("has no ServiceManagementUrl, and its profile no Url")
    );
    let url = "Id='1' ServiceManagementUrl='https://contoso.example'";
    assert!(
        subscription(url).ends_with(
            "the subscription 1 of the .publishsettings file has no ManagementCertificate"
        )
    );
    let error = subscription(&format!("{url} ManagementCertificate='!secret!'"));
    assert!(error.ends_with("it is not base64"), "{error}");
    assert!(!error.contains("secret"), "{error}");

    for file in ["<PublishData/>x", "<PublishData/><PublishData/>", "<PublishData></Other>"] {
        let error = PublishSettings::read(file.as_bytes()).unwrap_err();
        assert_eq!(error, OpenError::Malformed { what: "a .publishsettings file" });
    }
    let whole = format!(
        "<PublishData><PublishProfile><Subscription {url} ManagementCertificate='AAAA'/></PublishProfile></PublishData>"
    );
    for end in "<PublishData".len()..whole.len() {
        let error = PublishSettings::read(&whole.as_bytes()[..end]).unwrap_err().to_string();
        assert!(error.contains("is truncated; copy or download it again"), "{end}: {error}");
    }
    for (file, kind) in
        [("", FileKind::Empty), ("<Other/>", FileKind::Xml), ("secret", FileKind::Text)]
    {
        let error = PublishSettings::read(file.as_bytes()).unwrap_err();
        assert_eq!(error, OpenError::WrongKind { kind });
    }
    let error = PublishSettings::read(b"<PublishData/>").unwrap_err();
    assert!(matches!(error, OpenError::Incomplete { .. }), "{error:?}");
}

#[test]
fn a_wrong_checksum_is_ignored_only_on_request() {
    let mut pfx = fixture("null-password.pfx");
    *pfx.last_mut().unwrap() ^= 1;
    let file = format!(
        "<PublishData><PublishProfile Url='https://contoso.example' ManagementCertificate='{}'>\
         <Subscription Id='1'/></PublishProfile></PublishData>",
        STANDARD.encode(pfx)
    );
    let [subscription] = &read(&file)[..] else { panic!("one subscription") };
    assert_eq!(subscription.certificate().err(), Some(OpenError::PasswordRequired));
    let opened = subscription.certificate_unverified().unwrap();
    assert_eq!(opened.certificates, [ec_certificate()]);
    let shown = format!("{subscription:?}");
    assert_eq!(
        shown,
        "PublishedSubscription { id: \"1\", name: \"\", management_url: \"https://contoso.example\", .. }"
    );
}

#[test]
fn written_files_are_version_2_and_can_be_read() {
    let portal =
        Pkcs12Writer::new(ec_certificate(), ec_key(), [7; 36]).unwrap().write_portal_compatible();
    let written = PublishSettings {
        subscriptions: vec![
            PublishedSubscription::new(FIRST, "Contoso", "https://127.0.0.1:8443", portal.clone()),
            PublishedSubscription::new(SECOND, "Fabrikam", "https://fabrikam.example", vec![0xff]),
        ],
    }
    .write();
    assert_eq!(
        written,
        format!(
            r#"<?xml version="1.0" encoding="utf-8"?>
<PublishData>
  <PublishProfile SchemaVersion="2.0" PublishMethod="AzureServiceManagementAPI">
    <Subscription ServiceManagementUrl="https://127.0.0.1:8443" Id="{FIRST}" Name="Contoso" ManagementCertificate="{}" />
    <Subscription ServiceManagementUrl="https://fabrikam.example" Id="{SECOND}" Name="Fabrikam" ManagementCertificate="/w==" />
  </PublishProfile>
</PublishData>
"#,
            STANDARD.encode(portal)
        )
    );
    let subscriptions = read(&written);
    assert_eq!(subscriptions[0].id, FIRST);
    assert_eq!(subscriptions[0].management_url, "https://127.0.0.1:8443");
    assert_eq!(certificate(&subscriptions[0]), ec_certificate());
    assert_eq!(subscriptions[1].name, "Fabrikam");
}

#[test]
fn hostile_names_survive_a_round_trip() {
    let name = "Contoso & \"Fabrikam\" <'Größe'>]]>\t1\r\n2 &amp; &#10; 🔑";
    let written = |name: &str| {
        let subscription =
            PublishedSubscription::new("1", name, "https://contoso.example/?a&b", vec![]);
        PublishSettings { subscriptions: vec![subscription] }.write()
    };
    let text = written(name);
    let document = roxmltree::Document::parse(&text).unwrap();
    let subscription =
        document.descendants().find(|node| node.has_tag_name("Subscription")).unwrap();
    assert_eq!(subscription.attribute("Name"), Some(name));
    assert_eq!(
        subscription.attribute("ServiceManagementUrl"),
        Some("https://contoso.example/?a&b")
    );

    let text = written("a\0b\u{1b}c\u{ffff}d");
    let document = roxmltree::Document::parse(&text).unwrap();
    let subscription =
        document.descendants().find(|node| node.has_tag_name("Subscription")).unwrap();
    assert_eq!(subscription.attribute("Name"), Some("a\u{fffd}b\u{fffd}c\u{fffd}d"));
}

#[test]
fn oversized_files_are_rejected_quickly() {
    let profile = |content: &str| {
        format!(
            "<PublishData><PublishProfile Url='https://a.example' ManagementCertificate='MAA='>{content}</PublishProfile></PublishData>"
        )
    };
    let read = |text: &str| PublishSettings::read(text.as_bytes()).unwrap_err();
    let many = "<Subscription Id='1'/>".repeat(501);
    let attributes = " a='1'".repeat(20_000);
    let spaces: Vec<String> = (0..20_000).map(|at| format!(" xmlns:a{at}='urn:{at}'")).collect();
    let spaces = spaces.concat();
    for (file, expected) in [
        (profile(&many), OpenError::TooLarge),
        (profile(&"<a>".repeat(100_000)), OpenError::TooLarge),
        (profile(&format!("<Subscription{attributes}/>")), OpenError::TooLarge),
        (profile(&format!("<Subscription{spaces}/>")), OpenError::TooLarge),
        (profile(&format!("<Subscription Id='{}'/>", "1".repeat(5000))), OpenError::TooLarge),
        (format!("<PublishData>{}", " ".repeat(4 << 20)), OpenError::TooLarge),
        (
            format!("<!DOCTYPE a [<!ENTITY b \"b\">]>{}", profile("<Subscription Id='1'/>")),
            OpenError::WrongKind { kind: FileKind::Xml },
        ),
        (
            profile("<Subscription Id='&b;'/>"),
            OpenError::Malformed { what: "a .publishsettings file" },
        ),
    ] {
        assert_eq!(read(&file), expected, "{}", &file[..100]);
    }
    assert_eq!(
        PublishSettings::read(profile(&"<Subscription Id='1'/>".repeat(500)).as_bytes())
            .unwrap()
            .subscriptions
            .len(),
        500
    );
}

#[test]
fn all_certificates_of_a_file_share_one_budget() {
    let one = |count: usize| {
        let subscription = format!(
            "<Subscription Id='1' ManagementCertificate='{}'/>",
            base64("null-password.pfx")
        );
        let file = format!(
            "<PublishData><PublishProfile Url='https://a.example'>{}</PublishProfile></PublishData>",
            subscription.repeat(count)
        );
        read(&file).remove(count - 1)
    };
    // Certificates of portals open even in the largest file.
    assert_eq!(certificate(&one(500)), ec_certificate());
    let slow = STANDARD.encode(with_rounds(400_000));
    let file = |count: usize| {
        let subscription = format!("<Subscription Id='1' ManagementCertificate='{slow}'/>");
        format!(
            "<PublishData><PublishProfile Url='https://a.example'>{}</PublishProfile></PublishData>",
            subscription.repeat(count)
        )
    };
    assert_eq!(read(&file(20))[0].certificate().err(), Some(OpenError::KdfLimitExceeded));
}

/// A file whose checksum requires this many rounds.
fn with_rounds(rounds: u32) -> Vec<u8> {
    let mut file = fixture("aes256-empty.pfx");
    // INTEGER 2048, which ends the file, becomes one of four bytes.
    let end = file.len() - 4;
    assert_eq!(file[end..], [2, 2, 8, 0]);
    file.truncate(end);
    file.extend([2, 4]);
    file.extend(rounds.to_be_bytes());
    // The three lengths around it: the file and the MAC's data.
    let grown = |file: &mut Vec<u8>, at: usize, by: u16| {
        let length = u16::from_be_bytes([file[at], file[at + 1]]) + by;
        file[at..at + 2].copy_from_slice(&length.to_be_bytes());
    };
    assert_eq!(file[..2], [0x30, 0x82]);
    grown(&mut file, 2, 2);
    let mac = file.windows(2).rposition(|pair| pair == [0x30, 0x41]).unwrap();
    file[mac + 1] += 2;
    file
}
