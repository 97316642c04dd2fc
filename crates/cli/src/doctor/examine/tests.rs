use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use azure_classic::credentials::Certificate;

use super::*;

fn examine(names: &[&str], passphrase: Option<&str>) -> (String, usize) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../credentials/tests/fixtures");
    let files: Vec<_> = names
        .iter()
        .map(|name| Source::new((*name).to_owned(), fs::read(fixtures.join(name)).unwrap()))
        .collect();
    // The first time at which the certificates are certainly valid.
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let reports = credentials(&files, passphrase, now);
    let texts: Vec<String> = reports.iter().map(ExaminationReport::to_string).collect();
    (texts.join("\n"), reports.iter().map(ExaminationReport::problems).sum())
}

fn describe_file(name: &str, file: Vec<u8>) -> ExaminationReport {
    credentials(&[Source::new(name.to_owned(), file)], None, SystemTime::UNIX_EPOCH).remove(0)
}

#[test]
fn a_certificate_alone_is_reported_from_a_pfx() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../credentials/tests/fixtures/ec.pem");
    let certificate = Certificate::parse_all_pem(&fs::read(path).unwrap()).unwrap().remove(0);
    let report = describe_file("contoso.cer", certificate.der().to_vec());
    let text = report.to_string();
    assert!(text.starts_with(&format!("contoso.cer: a certificate in DER\n{EC}")), "{text}");
    assert!(text.contains("PROBLEM       no private key found"), "{text}");
}

#[test]
fn publish_settings_of_the_public_cloud_carry_a_warning() {
    let file = "<PublishData><PublishProfile Url='https://management.core.windows.net/' \
                ManagementCertificate='MAA='><Subscription Id='8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10'/></PublishProfile></PublishData>";
    let report = describe_file("contoso.publishsettings", file.into());
    let text = report.to_string();
    assert!(
        text.contains("warning       the public service was retired on 31 August 2024"),
        "{text}"
    );
    assert!(text.contains("PROBLEM       it is not a PKCS#12 file"), "{text}");
    let report = describe_file("contoso.publishsettings", b"<PublishData/>".to_vec());
    assert!(report.to_string().contains("PROBLEM       there is no subscription"), "{report}");
}

#[test]
fn invalid_checksum_differs_from_a_certificate_that_does_not_open() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../credentials/tests/fixtures/null-password.pfx");
    let mut pfx = fs::read(path).unwrap();
    *pfx.last_mut().unwrap() ^= 1;
    let file = format!(
        "<PublishData><PublishProfile Url='https://contoso.example' ManagementCertificate='{}'>\
         <Subscription Id='8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10'/></PublishProfile></PublishData>",
        STANDARD.encode(pfx)
    );
    let report = describe_file("contoso.publishsettings", file.into());
    let text = report.to_string();
    assert!(text.contains("PROBLEM       the certificate's checksum is wrong"), "{text}");
    assert!(text.contains("belongs to the certificate"), "{text}");
    assert_eq!(report.problems(), 1);
}

const EC: &str = "  certificate   CN=contoso management\n  signed by     itself\n  thumbprint    ";

#[test]
fn a_pfx_is_described() {
    let (text, problems) = examine(&["chain.pfx"], Some("secret"));
    assert!(text.starts_with(&format!("chain.pfx: PKCS#12\n{EC}")), "{text}");
    assert!(text.contains("\n  key           ECDSA, 256 bits\n  valid         20"), "{text}");
    assert!(text.ends_with("belongs to the certificate\n  chain         1 more"), "{text}");
    assert_eq!(problems, 0, "{text}");
}

#[test]
fn a_missing_password_is_a_problem_with_a_way_out() {
    let (text, problems) = examine(&["legacy.pfx"], None);
    assert!(text.contains("PROBLEM       it is encrypted"), "{text}");
    assert!(text.contains("AZURE_CLASSIC_PASSPHRASE"), "{text}");
    assert_eq!(problems, 1);
}

#[test]
fn certificate_and_key_may_be_in_two_files_and_must_belong_together() {
    let (text, problems) = examine(&["rsa.pem", "ec-pbes2-SHA256.key"], Some("wrong"));
    assert!(text.starts_with("rsa.pem, ec-pbes2-SHA256.key: PEM\n"), "{text}");
    assert!(text.contains("RSA, 2048 bits"), "{text}");
    assert!(text.contains("PROBLEM       the password is wrong"), "{text}");
    assert_eq!(problems, 1);
    let (text, _) = examine(&["rsa.pem", "ec-pbes2-SHA256.key"], Some("secret"));
    assert!(text.contains("PROBLEM       the certificate and the private key do not"), "{text}");
    let (text, problems) = examine(&["ec-pbes2-SHA256.key", "ec.pem"], Some("secret"));
    assert!(text.contains("belongs to the certificate"), "{text}");
    assert_eq!(problems, 0);
}

#[test]
fn a_certificate_out_of_its_time_is_a_warning() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../credentials/tests/fixtures/ec.pem");
    let files = [Source::new("ec.pem".to_owned(), fs::read(path).unwrap())];
    for (seconds, warning) in
        [(0, "warning       it is not valid yet"), (9_000_000_000, "warning       it has expired")]
    {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let [report] = &credentials(&files, None, now)[..] else { panic!("one report") };
        assert!(report.to_string().contains(warning), "{report}");
        assert_eq!(report.problems(), 0);
    }
}

#[test]
fn a_certificate_that_is_not_for_clients_carries_a_warning() {
    let (text, problems) = examine(&["server-only.pem"], None);
    assert!(text.contains("warning       its extended key usage leaves out client"), "{text}");
    assert_eq!(problems, 0);
    let (text, _) = examine(&["ec.pem"], None);
    assert!(!text.contains("warning"), "{text}");
}

#[test]
fn what_a_subscription_needs_is_checked() {
    let file = |id: &str, url: &str| {
        format!(
            "<PublishData><PublishProfile Url='{url}' ManagementCertificate='MAA='>\
             <Subscription Id='{id}'/></PublishProfile></PublishData>"
        )
    };
    let id = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
    for (file, expected) in [
        (file("..", "https://contoso.example"), "subscription"),
        (file("a/b", "https://contoso.example"), "subscription"),
        (file(id, "http://contoso.example"), "https"),
        (file(id, "contoso"), "contoso"),
    ] {
        let report = describe_file("contoso.publishsettings", file.into());
        assert_eq!(report.problems(), 2, "{report}");
        let text = report.to_string();
        let problem = text.lines().find(|line| line.contains("PROBLEM")).unwrap();
        assert!(problem.contains(expected), "{problem}");
    }
}

#[test]
fn hostile_names_stay_on_one_line_and_of_bounded_length() {
    let long = "x".repeat(4000);
    for name in ["a&#10;PROBLEM forged", "a\u{202e}b", &long] {
        let file = format!(
            "<PublishData><PublishProfile Url='https://contoso.example' ManagementCertificate='MAA='>\
             <Subscription Id='8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10' Name='{name}'/>\
             </PublishProfile></PublishData>"
        );
        let text = describe_file("contoso.publishsettings", file.into()).to_string();
        assert!(text.lines().all(|line| line.len() < 300), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("PROBLEM")), "{text}");
    }
}
