//! What can be asked around deployments: each a request that may fit the moment or not.

use crate::extensions::extension;
use crate::fixtures::{EC_PEM, RSA, RSA_PEM, data};
use crate::harness::{Harness, NAMESPACE, TestResponse, base64, root};

type OtherRequest = (&'static str, String, String);

const SERVICE: &str = "/services/hostedservices/contoso";
const DEPLOYMENT: &str = "/services/hostedservices/contoso/deployments/d0";
const STORAGE: &str = "/services/storageservices";
const RESERVED: &str = "/services/networking/reservedips";
const ONE_YEAR: &str = "starttime=2015-01-01T00:00:00Z&endtime=2016-01-01T00:00:00Z";

/// Asks one of them.
pub(crate) fn send_random(harness: &mut Harness, which: proptest::sample::Index) -> TestResponse {
    let all: Vec<OtherRequest> = reads().chain(changes()).collect();
    let (method, path, body) = &all[which.index(all.len())];
    harness.send(method, path, body)
}

fn reads() -> impl Iterator<Item = OtherRequest> {
    let paths = [
        "/affinitygroups".to_owned(),
        "/certificates".to_owned(),
        "/servicePrincipals".to_owned(),
        "/services/hostedservices".to_owned(),
        "/services/networking/media".to_owned(),
        RESERVED.to_owned(),
        STORAGE.to_owned(),
        format!("{STORAGE}/contosodisks/keys"),
        format!("{SERVICE}/certificates"),
        format!("{SERVICE}/extensions"),
        format!("{DEPLOYMENT}/events?{ONE_YEAR}"),
        format!("/operations?{ONE_YEAR}"),
    ];
    paths.into_iter().map(|path| ("GET", path, String::new()))
}

fn changes() -> impl Iterator<Item = OtherRequest> {
    subscription_requests()
        .into_iter()
        .chain(service_requests())
        .map(|(verb, path, body)| (verb, path, body.unwrap_or_default()))
}

fn subscription_requests() -> Vec<(&'static str, String, Option<String>)> {
    let label = format!("<Label>{}</Label>", base64("a label"));
    let account = |place: &str| {
        let parts = format!("<ServiceName>contosodisks</ServiceName>{label}{place}");
        Some(root("CreateStorageServiceInput", &parts))
    };
    let group = format!("<Name>shops</Name>{label}<Location>West US</Location>");
    let network = format!(
        "<NetworkConfiguration xmlns=\"{NAMESPACE}\"><VirtualNetworkConfiguration><Dns/>\
         </VirtualNetworkConfiguration></NetworkConfiguration>"
    );
    vec![
        ("POST", "/affinitygroups".to_owned(), Some(root("CreateAffinityGroup", &group))),
        ("PUT", "/affinitygroups/shops".to_owned(), Some(root("UpdateAffinityGroup", &label))),
        ("DELETE", "/affinitygroups/shops".to_owned(), None),
        ("POST", STORAGE.to_owned(), account("<Location>West US</Location>")),
        ("POST", STORAGE.to_owned(), account("<AffinityGroup>shops</AffinityGroup>")),
        (
            "POST",
            format!("{STORAGE}/contosodisks/keys?action=regenerate"),
            Some(root("RegenerateKeys", "<KeyType>Primary</KeyType>")),
        ),
        ("DELETE", format!("{STORAGE}/contosodisks"), None),
        ("PUT", "/services?service=website&action=register".to_owned(), None),
        ("PUT", "/services?service=website&action=unregister".to_owned(), None),
        ("PUT", "/services/networking/media".to_owned(), Some(network)),
    ]
}

fn service_requests() -> Vec<(&'static str, String, Option<String>)> {
    let label = format!("<Label>{}</Label>", base64("another label"));
    let certificate = |pem: &str| {
        let data = format!("<Data>{}</Data><CertificateFormat>cer</CertificateFormat>", data(pem));
        Some(root("CertificateFile", &data))
    };
    let reserved = "<Name>front</Name><Location>West US</Location>";
    let holder = "<ServiceName>contoso</ServiceName><DeploymentName>d0</DeploymentName>";
    let association = || Some(root("ReservedIPAssociation", holder));
    let server = "<Name>Primary</Name><Address>10.0.0.10</Address>";
    let container = "https://contosodisks.blob.core.windows.net/out";
    vec![
        ("PUT", SERVICE.to_owned(), Some(root("UpdateHostedService", &label))),
        ("POST", format!("{SERVICE}/certificates"), certificate(RSA_PEM)),
        ("POST", format!("{SERVICE}/certificates"), certificate(EC_PEM)),
        ("DELETE", format!("{SERVICE}/certificates/sha1-{RSA}"), None),
        ("POST", format!("{SERVICE}/extensions"), Some(extension("RDP", "rdp", ""))),
        ("DELETE", format!("{SERVICE}/extensions/rdp"), None),
        ("POST", RESERVED.to_owned(), Some(root("ReservedIP", reserved))),
        ("POST", format!("{RESERVED}/front/operations/associate"), association()),
        ("POST", format!("{RESERVED}/front/operations/disassociate"), association()),
        ("DELETE", format!("{RESERVED}/front"), None),
        ("POST", format!("{DEPLOYMENT}/dnsservers"), Some(root("DnsServer", server))),
        ("DELETE", format!("{DEPLOYMENT}/dnsservers/Primary"), None),
        ("POST", format!("{DEPLOYMENT}/package?containerUri={container}"), None),
    ]
}
