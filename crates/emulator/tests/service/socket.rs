//! A few calls through real sockets and real TLS, and what lies in the directory.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use azure_classic_emulator::{Emulator, Fixture, StartError, StateError, Timing};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::fixtures::data;
use crate::harness::{create_deployment, create_service, root};

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A client that trusts the emulator and presents the certificate of this PEM, if any.
pub(crate) struct Client {
    connector: TlsConnector,
    address: std::net::SocketAddr,
    pub(crate) subscription: String,
}

impl Client {
    fn new(
        emulator: &Emulator,
        pem: Option<&str>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(emulator.ca_pem().as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        let config = match pem {
            None => config.with_no_client_auth(),
            Some(pem) => {
                let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
                let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
                config.with_client_auth_cert(vec![certificate], key).unwrap()
            }
        };
        Self {
            connector: TlsConnector::from(Arc::new(config)),
            address: emulator.address(),
            subscription: emulator.subscription().to_string(),
        }
    }

    pub(crate) fn authorized(emulator: &Emulator) -> Self {
        Self::new(emulator, Some(emulator.management_pem()), rustls::ALL_VERSIONS)
    }

    pub(crate) async fn connect_tls(&self) -> Result<TlsStream<TcpStream>, BoxError> {
        let stream = TcpStream::connect(self.address).await?;
        Ok(self.connector.connect(ServerName::try_from("127.0.0.1")?, stream).await?)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, BoxError> {
        let (sender, connection) =
            http1::handshake(TokioIo::new(self.connect_tls().await?)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: String,
    ) -> Result<Response<Bytes>, BoxError> {
        self.send_over(&mut self.connect().await?, method, path, body).await
    }

    async fn send_over(
        &self,
        connection: &mut SendRequest<Full<Bytes>>,
        method: &str,
        path: &str,
        body: String,
    ) -> Result<Response<Bytes>, BoxError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/{}{path}", self.subscription))
            .header("host", "127.0.0.1")
            .header("x-ms-version", "2015-04-01")
            .body(Full::new(Bytes::from(body)))?;
        let (head, body) = connection.send_request(request).await?.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }
}

const CONTOSO: &str = "/services/hostedservices/contoso";

#[tokio::test]
async fn management_certificate_connects_with_both_tls_versions() {
    let emulator = Emulator::start().await.unwrap();
    for version in [&TLS12, &TLS13] {
        let client = Client::new(&emulator, Some(emulator.management_pem()), &[version]);
        let response = client.send("GET", CONTOSO, String::new()).await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.version(), http::Version::HTTP_11);
        assert_eq!(response.headers()["content-type"], "application/xml; charset=utf-8");
    }
    emulator.shutdown().await.unwrap();
}

#[tokio::test]
async fn unknown_certificate_gets_403_and_missing_one_fails_handshake() {
    let emulator = Emulator::start().await.unwrap();
    let stranger = Emulator::start().await.unwrap();
    for version in [&TLS12, &TLS13] {
        let client = Client::new(&emulator, Some(stranger.management_pem()), &[version]);
        let response = client.send("GET", CONTOSO, String::new()).await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert!(response.body().windows(14).any(|window| window == b"ForbiddenError"));

        let client = Client::new(&emulator, None, &[version]);
        assert!(client.send("GET", CONTOSO, String::new()).await.is_err());
    }
}

#[tokio::test]
async fn reports_failed_handshake() {
    let (send, seen) = std::sync::mpsc::channel();
    let report = move |why: &str| send.send(why.to_owned()).unwrap();
    let emulator = Emulator::builder().on_rejected_client(report).start().await.unwrap();
    let client = Client::new(&emulator, None, rustls::ALL_VERSIONS);
    assert!(client.send("GET", CONTOSO, String::new()).await.is_err());
    emulator.shutdown().await.unwrap();
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), ["the client presents no certificate"]);
}

#[tokio::test]
async fn allows_additional_certificate() {
    let friend = Emulator::start().await.unwrap();
    let emulator =
        Emulator::builder().allow(friend.thumbprint().to_lowercase()).start().await.unwrap();
    let client = Client::new(&emulator, Some(friend.management_pem()), rustls::ALL_VERSIONS);
    let response = client.send("GET", CONTOSO, String::new()).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn certificate_changes_apply_to_open_connections() {
    let emulator = Emulator::start().await.unwrap();
    let owner = Client::authorized(&emulator);
    let friend = Emulator::start().await.unwrap();
    let thumbprint = friend.thumbprint();
    let data = data(friend.management_pem());
    let friend = Client::new(&emulator, Some(friend.management_pem()), rustls::ALL_VERSIONS);
    let mut kept = friend.connect().await.unwrap();
    let mut read =
        async || friend.send_over(&mut kept, "GET", CONTOSO, String::new()).await.unwrap().status();

    assert_eq!(read().await, StatusCode::FORBIDDEN);
    let body = root(
        "SubscriptionCertificate",
        &format!(
            "<SubscriptionCertificatePublicKey/>\
             <SubscriptionCertificateThumbprint>{thumbprint}</SubscriptionCertificateThumbprint>\
             <SubscriptionCertificateData>{data}</SubscriptionCertificateData>"
        ),
    );
    assert_eq!(owner.send("POST", "/certificates", body).await.unwrap().status(), 201);
    assert_eq!(read().await, StatusCode::NOT_FOUND);
    let path = format!("/certificates/{thumbprint}");
    assert_eq!(owner.send("DELETE", &path, String::new()).await.unwrap().status(), 200);
    assert_eq!(read().await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn client_without_trusted_ca_cannot_connect() {
    let emulator = Emulator::start().await.unwrap();
    let other = Emulator::start().await.unwrap();
    let mut client = Client::authorized(&other);
    client.address = emulator.address();
    assert!(client.connect_tls().await.is_err());
}

#[tokio::test]
async fn deployment_starts_on_manual_clock() {
    let emulator =
        Emulator::builder().manual_clock().timing(Timing::REALISTIC).seed(7).start().await.unwrap();
    let client = Client::authorized(&emulator);
    let services = "/services/hostedservices";
    let created = client.send("POST", services, create_service("contoso")).await.unwrap();
    assert_eq!(created.status(), 201);
    assert!(created.headers().get("content-type").is_none());
    let slot = format!("{CONTOSO}/deploymentslots/production");
    let body = create_deployment("first", "one", &[("Web", 2)], true);
    assert_eq!(client.send("POST", &slot, body).await.unwrap().status(), 202);

    let has = async |text: &str| {
        let response = client.send("GET", &slot, String::new()).await.unwrap();
        String::from_utf8(response.into_body().into()).unwrap().contains(text)
    };
    assert!(has("<Status>Deploying</Status>").await);
    emulator.step(Duration::from_secs(600));
    assert!(has("<InstanceStatus>ReadyRole</InstanceStatus>").await);
    assert_eq!(emulator.now().since_origin(), Duration::from_secs(600));
    assert_eq!(emulator.simulator().instances().len(), 2);
}

#[tokio::test]
async fn scaled_clock_advances_automatically() {
    let emulator = Emulator::builder().speed(1e6).timing(Timing::REALISTIC).start().await.unwrap();
    let client = Client::authorized(&emulator);
    client.send("POST", "/services/hostedservices", create_service("contoso")).await.unwrap();
    let slot = format!("{CONTOSO}/deploymentslots/production");
    let body = create_deployment("first", "one", &[("Web", 1)], true);
    client.send("POST", &slot, body).await.unwrap();
    loop {
        let response = client.send("GET", &slot, String::new()).await.unwrap();
        if String::from_utf8_lossy(response.body()).contains("ReadyRole") {
            break;
        }
    }
}

#[tokio::test]
async fn invalid_http_does_not_affect_other_clients() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::authorized(&emulator);
    for noise in [
        "\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "\u{1}\u{2}\u{3}".to_owned(),
        "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(100_000)),
        "POST / HTTP/1.1\r\ncontent-length: 10\r\n\r\nabc".to_owned(),
    ] {
        let mut stream = client.connect_tls().await.unwrap();
        // The server may hang up before it has read everything.
        let _ = stream.write_all(noise.as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        assert!(!received.starts_with(b"HTTP/1.1 2"), "{noise:.40}");
    }
    let mut plain = TcpStream::connect(emulator.address()).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut received = Vec::new();
    let _ = plain.read_to_end(&mut received).await;
    assert!(!received.starts_with(b"HTTP"));

    let response = client.send("GET", CONTOSO, String::new()).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn rejects_oversized_body_with_xml_error() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::authorized(&emulator);
    let mut stream = client.connect_tls().await.unwrap();
    let length = azure_classic_emulator::Simulator::MAX_BODY_BYTES * 2;
    let head = format!(
        "POST /{}/services/hostedservices HTTP/1.1\r\nhost: a\r\nx-ms-version: 2015-04-01\r\ncontent-length: {length}\r\n\r\n",
        client.subscription
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let some = azure_classic_emulator::Simulator::MAX_BODY_BYTES + 1;
    stream.write_all(" ".repeat(some).as_bytes()).await.unwrap();
    // The end of it may stand in the buffer of the TLS layer still.
    stream.flush().await.unwrap();
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    let response = String::from_utf8_lossy(&received);
    assert!(
        response.starts_with("HTTP/1.1 400 ") && response.contains("<Code>BadRequest</Code>"),
        "{response}"
    );
}

#[tokio::test]
async fn shutdown_closes_listener_and_idle_connections() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::authorized(&emulator);
    let mut idle = client.connect_tls().await.unwrap();
    emulator.shutdown().await.unwrap();
    let mut rest = Vec::new();
    let _ = idle.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
    assert!(client.connect_tls().await.is_err());
}

#[tokio::test]
async fn directory_publishes_connection_info_and_is_reused() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("made/by/the/emulator");
    let json = dir.join("emulator.json");
    let first = Emulator::builder().dir(&dir).start().await.unwrap();
    let connection_info: serde_json::Value =
        serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    assert_eq!(connection_info["endpoint"], first.endpoint());
    assert_eq!(connection_info["subscription"], first.subscription().as_str());
    assert_eq!(connection_info["thumbprint"], first.thumbprint());
    let file = |name: &str| {
        let path = Path::new(connection_info[name].as_str().unwrap());
        assert!(path.is_absolute());
        fs::read(path).unwrap()
    };
    assert_eq!(file("certificate_authority"), first.ca_pem().as_bytes());
    assert_eq!(file("management_certificate"), first.management_pem().as_bytes());
    let der = CertificateDer::from_pem_slice(first.management_pem().as_bytes()).unwrap();
    assert_eq!(file("management_certificate_der"), der.as_ref());
    assert_eq!(file("management_pfx"), first.management_pfx());
    assert_eq!(file("publish_settings"), first.publish_settings().as_bytes());

    let (ca, thumbprint) = (first.ca_pem().to_owned(), first.thumbprint().to_owned());
    first.shutdown().await.unwrap();
    assert!(!json.exists());

    fs::write(&json, "of a run that was killed").unwrap();
    let second = Emulator::builder().dir(&dir).start().await.unwrap();
    assert_eq!((second.ca_pem(), second.thumbprint()), (ca.as_str(), thumbprint.as_str()));
    assert!(fs::read_to_string(&json).unwrap().contains(second.endpoint()));
    let response = Client::authorized(&second).send("GET", CONTOSO, String::new()).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    drop(second);
    assert!(!json.exists());

    let stranger = Emulator::start().await.unwrap();
    fs::write(dir.join("ca.pem"), stranger.ca_pem()).unwrap();
    let third = Emulator::builder().dir(&dir).start().await.unwrap();
    assert_ne!(third.ca_pem(), stranger.ca_pem());
    assert_ne!(third.thumbprint(), thumbprint);
    let response = Client::authorized(&third).send("GET", CONTOSO, String::new()).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[cfg(unix)]
#[tokio::test]
async fn key_files_are_readable_by_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    for name in ["management.pem", "management.pfx", "emulator.publishsettings"] {
        fs::write(dir.path().join(name), "open to all").unwrap();
    }
    let _emulator = Emulator::builder().dir(dir.path()).start().await.unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let is_private = entry.metadata().unwrap().permissions().mode() & 0o777 == 0o600;
        let is_for_the_owner = match entry.path().extension().and_then(OsStr::to_str) {
            Some("pfx" | "publishsettings" | "json") => true,
            _ => fs::read(entry.path()).unwrap().windows(11).any(|w| w == b"PRIVATE KEY"),
        };
        assert_eq!(is_private, is_for_the_owner, "{name}");
        names.push(name);
    }
    names.sort();
    assert_eq!(
        names,
        [
            "ca.pem",
            "emulator.json",
            "emulator.publishsettings",
            "management.cer",
            "management.pem",
            "management.pfx",
            "server.pem"
        ]
    );
}

#[tokio::test]
async fn rejects_invalid_settings() {
    let start =
        async |builder: azure_classic_emulator::EmulatorBuilder| builder.start().await.unwrap_err();
    let builder = Emulator::builder;
    assert!(matches!(start(builder().subscription("mine")).await, StartError::Subscription(_)));
    for speed in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(start(builder().speed(speed)).await, StartError::Speed(_)));
    }
    for count in [0, 21] {
        let error = start(builder().upgrade_domains(count)).await;
        assert!(matches!(error, StartError::UpgradeDomains(_)));
    }
    let taken = Emulator::start().await.unwrap();
    let error = start(builder().listen(taken.address().to_string())).await;
    assert!(error.to_string().contains(&taken.address().to_string()), "{error}");
    assert!(matches!(start(builder().listen("nowhere")).await, StartError::Listen { .. }));
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = start(builder().dir(file.path())).await;
    assert!(matches!(error, StartError::Directory { .. }), "{error}");
}

#[tokio::test]
async fn dropped_emulator_leaves_state_for_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let fixture = r#"{ "services": [{ "name": "contoso", "location": "West US" }] }"#;
    let fixture = Fixture::parse(fixture, "").unwrap();
    let builder = Emulator::builder().state(&file).fixture(fixture);
    drop(builder.clone().start().await.unwrap());

    let emulator = Emulator::builder().state(&file).start().await.unwrap();
    let saved = emulator.simulator().save();
    assert!(saved.contains("\"contoso\""), "{saved}");
    let refused = builder.start().await.unwrap_err();
    assert!(matches!(&refused, StartError::State { source: StateError::InUse, .. }), "{refused:?}");
    emulator.shutdown().await.unwrap();
}

#[tokio::test]
async fn post_and_put_require_content_length() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::authorized(&emulator);
    let subscription = &client.subscription;
    let known = "content-length: 0\r\n";
    let chunked = "transfer-encoding: chunked\r\n";
    for (request, header, body, expected) in [
        ("POST", "", "", "411"),
        ("PUT", "", "", "411"),
        ("POST", "content-type: application/xml\r\n", "", "411"),
        ("POST", known, "", "404"),
        ("PUT", chunked, "0\r\n\r\n", "404"),
        ("DELETE", "", "", "404"),
        ("GET", "", "", "404"),
    ] {
        let mut stream = client.connect_tls().await.unwrap();
        let text = format!(
            "{request} /{subscription}/services/hostedservices/{path} HTTP/1.1\r\nhost: a\r\n\
             connection: close\r\nx-ms-version: 2015-04-01\r\n{header}\r\n{body}",
            path = if request == "POST" {
                "none/deployments/none/roleinstances/Web_IN_0?comp=reboot"
            } else {
                "none"
            }
        );
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        let response = String::from_utf8_lossy(&received);
        let is_expected = response.starts_with(&format!("HTTP/1.1 {expected} "));
        // An update of a service wants a body, once its length is known.
        let is_put =
            request == "PUT" && expected != "411" && !response.starts_with("HTTP/1.1 411 ");
        assert!(is_expected || is_put, "{text}\n{response}");
    }
}
