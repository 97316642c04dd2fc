//! Which client certificates and servers pass a real TLS handshake, and which side the errors name.

use std::error::Error as _;

use azure_classic_transport::{HttpsTransport, Identity, Transport, TransportErrorKind as Kind};
use bytes::Bytes;
use http::Request;
use rustls::SignatureScheme;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::pki::Authority;
use crate::server::{Link, Server, Versions};
use crate::{explained, get, text, trusting, verdict};

pub(crate) const TLS_1_2: Versions = &[&rustls::version::TLS12];
pub(crate) const TLS_1_3: Versions = &[&rustls::version::TLS13];

fn identity(pem: impl AsRef<[u8]>) -> Identity {
    Identity::from_pem(pem.as_ref()).unwrap()
}

async fn greet(link: Link) {
    link.serve(|_| "hello".to_owned()).await;
}

#[tokio::test]
async fn the_registered_certificate_is_accepted() {
    for versions in [TLS_1_2, TLS_1_3] {
        let authority = Authority::new("contoso");
        let client = authority.client();
        let expected = client.certificate();
        let server = Server::demanding(&authority, versions, move |link| {
            let is_ours = link.client_certificate() == expected;
            link.serve(move |_| format!("ours: {is_ours}"))
        })
        .await;
        let transport = trusting(&authority).identity(identity(&client.pem)).build().unwrap();
        let response = transport.send(get(&server.address())).await.unwrap();
        assert_eq!(text(&response), "ours: true");
    }
}

#[tokio::test]
async fn certificates_of_common_tools_are_accepted() {
    let rsa = include_bytes!("../fixtures/rsa.pem");
    let identities = [
        identity(rsa),
        identity(include_bytes!("../fixtures/ec.pem")),
        Identity::from_pem_pair(include_bytes!("../fixtures/rsa-sha1.crt"), rsa).unwrap(),
        Identity::from_pem_pair(rsa, include_bytes!("../fixtures/rsa-pkcs1.key")).unwrap(),
    ];
    for versions in [TLS_1_2, TLS_1_3] {
        for identity in &identities {
            let authority = Authority::new("contoso");
            let server = Server::curious(&authority, versions, greet).await;
            let transport = trusting(&authority).identity(identity.clone()).build().unwrap();
            let response = transport.send(get(&server.address())).await.unwrap();
            assert_eq!(text(&response), "hello");
        }
    }
}

#[tokio::test]
async fn a_missing_certificate_is_reported() {
    for versions in [TLS_1_2, TLS_1_3] {
        let authority = Authority::new("contoso");
        let server = Server::demanding(&authority, versions, greet).await;
        let transport = trusting(&authority).build().unwrap();
        let lost = transport.send(get(&server.address())).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::ServerWantsCertificate, false), "{lost:?}");
        assert!(lost.is_permanent(), "another attempt would end the same way");
        assert_eq!(
            explained(&lost).to_string(),
            format!(
                "127.0.0.1:{} requires a client certificate, and none is given; give the management certificate with its private key",
                server.port()
            )
        );
    }
}

#[tokio::test]
async fn an_unknown_certificate_is_reported() {
    for versions in [TLS_1_2, TLS_1_3] {
        let authority = Authority::new("contoso");
        let server = Server::demanding(&authority, versions, greet).await;
        let stranger = identity(Authority::new("fabrikam").client().pem);
        let transport = trusting(&authority).identity(stranger.clone()).build().unwrap();
        let lost = transport.send(get(&server.address())).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::CertificateRejected, false), "{lost:?}");
        assert!(lost.is_permanent(), "another attempt would end the same way");
        let message = explained(&lost).to_string();
        assert!(message.contains("rejected the client certificate"), "{message}");
        assert!(message.contains(&stranger.thumbprint()), "{message}");
        assert!(explained(&lost).source().is_some());
    }
}

#[tokio::test]
async fn a_key_type_that_the_server_does_not_accept_is_reported() {
    let authority = Authority::new("contoso");
    for versions in [TLS_1_2, TLS_1_3] {
        let only_rsa = vec![SignatureScheme::RSA_PSS_SHA256];
        let server = Server::curious_about(&authority, versions, only_rsa, greet).await;
        let elliptic = identity(authority.client().pem);
        let transport = trusting(&authority).identity(elliptic).build().unwrap();
        let lost = transport.send(get(&server.address())).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::ServerWantsCertificate, false), "{lost:?}");
        assert!(lost.is_permanent(), "another attempt would end the same way");
        let message = explained(&lost).to_string();
        assert!(message.contains("does not accept the key type"), "{message}");
    }
}

#[tokio::test]
async fn a_second_connection_resumes_the_session() {
    for versions in [TLS_1_2, TLS_1_3] {
        let authority = Authority::new("contoso");
        let server = Server::curious(&authority, versions, |link| {
            let resumed = link.is_resumed();
            let response =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nresumed: {resumed}");
            async move { link.say_and_close(response.as_bytes(), true).await }
        })
        .await;
        let client = identity(authority.client().pem);
        let transport = trusting(&authority).identity(client).build().unwrap();
        for expected in ["resumed: false", "resumed: true"] {
            let response = transport.send(get(&server.address())).await.unwrap();
            assert_eq!(text(&response), expected);
        }
    }
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_is_not_trusted() {
    let server = Server::open(&Authority::new("fabrikam"), greet).await;
    let transport = trusting(&Authority::new("contoso")).build().unwrap();
    let lost = transport.send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::UntrustedServer, false));
    assert!(lost.is_permanent(), "another attempt would end the same way");
    let message = explained(&lost).to_string();
    assert!(message.contains("signed by an authority that is not trusted here"), "{message}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_server_of_a_recreated_authority_is_not_trusted() {
    let server = Server::open(&Authority::new("contoso"), greet).await;
    let transport = trusting(&Authority::new("contoso")).build().unwrap();
    let lost = transport.send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::UntrustedServer, false));
    assert!(lost.is_permanent(), "another attempt would end the same way");
    let message = explained(&lost).to_string();
    assert!(message.contains("with the name of a trusted one"), "{message}");
}

#[tokio::test]
async fn the_systems_authorities_do_not_trust_a_private_one() {
    let server = Server::open(&Authority::new("contoso"), greet).await;
    let transport = HttpsTransport::builder().build().unwrap();
    let lost = transport.send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::UntrustedServer, false));
    assert!(lost.is_permanent(), "another attempt would end the same way");
}

#[tokio::test]
async fn a_server_of_another_name_is_not_trusted() {
    let authority = Authority::new("contoso");
    let credential = authority.server(&["management.example.net"]);
    let server = Server::start(rustls::ALL_VERSIONS, &credential, None, greet).await;
    let transport = trusting(&authority).build().unwrap();
    let lost = transport.send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::ServerNameMismatch, false));
    assert!(lost.is_permanent(), "another attempt would end the same way");
    let message = explained(&lost).to_string();
    assert!(message.contains("is valid for another name"), "{message}");
}

#[tokio::test]
async fn a_server_with_an_expired_certificate_is_not_trusted() {
    let authority = Authority::new("contoso");
    let credential = authority.server_until(&["127.0.0.1"], 2020);
    let server = Server::start(rustls::ALL_VERSIONS, &credential, None, greet).await;
    let transport = trusting(&authority).build().unwrap();
    let lost = transport.send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::ServerCertificateExpired, false));
    assert!(lost.is_permanent(), "another attempt would end the same way");
    let message = explained(&lost).to_string();
    assert!(message.contains("has expired"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_does_not_block_the_handshake_forever() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = Authority::new("contoso");
    let transport = trusting(&authority).build().unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    let silent_peer = async {
        let (mut tcp, _) = listener.accept().await.unwrap();
        let mut hello = Vec::new();
        while tcp.read_buf(&mut hello).await.is_ok_and(|count| count > 0) {}
        hello
    };
    let (hello, reply) = tokio::join!(silent_peer, transport.send(get(&address)));
    let lost = reply.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::ConnectTimeout, false));
    assert!(explained(&lost).to_string().ends_with("within 30s"), "{}", explained(&lost));
    assert!(!hello.is_empty(), "the limit must have passed within TLS, not within TCP");
}

#[tokio::test]
async fn a_peer_without_tls_is_reported() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    let peer = std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        std::io::Write::write_all(&mut tcp, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Reads until the client has closed, so that the client can read the response.
        let _ = std::io::copy(&mut tcp, &mut std::io::sink());
    });
    let transport = trusting(&Authority::new("contoso")).build().unwrap();
    let lost = transport.send(get(&address)).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::Tls, false), "{lost:?}");
    peer.join().unwrap();
}

#[tokio::test]
async fn a_closed_port_means_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    drop(listener);
    let transport = trusting(&Authority::new("contoso")).build().unwrap();
    let lost = transport.send(get(&address)).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::Connect, false));
}

#[tokio::test]
async fn a_name_without_address_means_not_sent() {
    // RFC 6761 reserves `.invalid`, so no host has such a name.
    let address = "https://contoso.invalid/";
    let transport = trusting(&Authority::new("contoso")).build().unwrap();
    let lost = transport.send(get(address)).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::Dns, false));
}

#[tokio::test]
async fn addresses_without_tls_or_host_or_with_a_password_are_rejected() {
    let transport = trusting(&Authority::new("contoso")).build().unwrap();
    for address in [
        "http://management.example.net/",
        "http://127.0.0.1.example.net/",
        "http://10.0.0.1/",
        "ftp://127.0.0.1/",
        "https://contoso:secret@127.0.0.1/",
        "/relative",
    ] {
        let lost = transport.send(get(address)).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::UnusableAddress, false), "{address}");
        assert!(!format!("{lost:?}").contains("secret"), "{lost:?}");
    }
}

#[tokio::test]
async fn a_large_request_with_a_rejected_certificate_gets_no_response() {
    let authority = Authority::new("contoso");
    let server = Server::demanding(&authority, TLS_1_3, greet).await;
    let stranger = identity(Authority::new("fabrikam").client().pem);
    let transport = trusting(&authority).identity(stranger).build().unwrap();
    let request = Request::post(server.address()).body(Bytes::from(vec![b'x'; 8 << 20])).unwrap();
    let lost = transport.send(request).await.unwrap_err();
    // The server's reset may overtake its alert while the client is still writing. Then the failure is
    // ambiguous.
    assert!(
        matches!(verdict(&lost), (Kind::CertificateRejected, false) | (Kind::ConnectionLost, true)),
        "{lost:?}"
    );
}
