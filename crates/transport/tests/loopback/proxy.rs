//! Requests through an HTTP proxy.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic_transport::{
    HttpsTransportBuilder, Identity, Proxy, Transport, TransportErrorKind as Kind,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::handshake::TLS_1_3;
use crate::pki::Authority;
use crate::server::{Link, Server};
use crate::{explained, get, text, trusting, verdict};

/// A name that only the proxy can resolve.
const NAME: &str = "management.example.test";

/// A proxy on a free port, stopped with the test's runtime.
struct TestProxy {
    port: u16,
    /// The heads of the requests, one for each connection.
    heads: Arc<Mutex<Vec<String>>>,
}

impl TestProxy {
    /// Responds with these bytes, then joins the connection with one to the port, if there is one.
    async fn open(response: &'static str, to: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, response, to, Arc::clone(&seen)));
            }
        });
        Self { port, heads }
    }

    fn address(&self) -> String {
        format!("http://user:s%20cret@127.0.0.1:{}", self.port)
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve(
    mut client: TcpStream,
    response: &'static str,
    to: Option<u16>,
    heads: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if client.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    heads.lock().unwrap().push(String::from_utf8(head).unwrap());
    if client.write_all(response.as_bytes()).await.is_err() {
        return;
    }
    if let Some(port) = to {
        let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
    }
}

const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n";

/// A server whose name only the proxy can resolve.
async fn hidden(authority: &Authority) -> Server {
    let credential = authority.server(&[NAME]);
    Server::start(TLS_1_3, &credential, None, |link: Link| link.serve(|_| "hello".to_owned())).await
}

fn through(builder: HttpsTransportBuilder, proxy: &TestProxy) -> HttpsTransportBuilder {
    builder.proxy(Proxy::new(&proxy.address()).unwrap())
}

#[tokio::test]
async fn a_request_goes_through_the_tunnel_and_the_proxy_resolves_the_name() {
    let authority = Authority::new("contoso");
    let server = hidden(&authority).await;
    for response in [
        ESTABLISHED,
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 204 \r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ] {
        let proxy = TestProxy::open(response, Some(server.port())).await;
        let transport = through(trusting(&authority), &proxy).build().unwrap();
        let received = transport.send(get(&format!("https://{NAME}/"))).await.unwrap();
        assert_eq!(text(&received), "hello", "{response:?}");
        assert_eq!(
            proxy.heads(),
            [format!(
                "CONNECT {NAME}:443 HTTP/1.1\r\nHost: {NAME}:443\r\n\
                 Proxy-Authorization: Basic dXNlcjpzIGNyZXQ=\r\n\r\n"
            )]
        );
    }
}

#[tokio::test]
async fn client_certificates_are_presented_end_to_end() {
    let authority = Authority::new("contoso");
    let client = authority.client();
    let expected = client.certificate();
    let server = Server::demanding(&authority, TLS_1_3, move |link| {
        let is_ours = link.client_certificate() == expected;
        link.serve(move |_| format!("ours: {is_ours}"))
    })
    .await;
    let proxy = TestProxy::open(ESTABLISHED, Some(server.port())).await;
    let transport = trusting(&authority)
        .identity(Identity::from_pem(client.pem.as_bytes()).unwrap())
        .proxy(Proxy::new(&proxy.address()).unwrap().with_loopback(true))
        .build()
        .unwrap();
    for _ in 0..2 {
        let received = transport.send(get(&server.address())).await.unwrap();
        assert_eq!(text(&received), "ours: true");
    }
    assert_eq!(proxy.heads().len(), 1, "a tunnel is kept for reuse");
}

#[tokio::test]
async fn exempt_hosts_are_reached_directly() {
    let authority = Authority::new("contoso");
    let server = Server::open(&authority, |link: Link| link.serve(|_| "hello".to_owned())).await;
    let proxy = TestProxy::open(ESTABLISHED, Some(server.port())).await;
    let plain = || Proxy::new(&proxy.address()).unwrap();
    for settings in [
        plain(),
        plain().with_loopback(true).exempt("127.0.0.0/8"),
        plain().with_loopback(true).exempt(&format!("127.0.0.1:{}", server.port())),
    ] {
        let transport = trusting(&authority).proxy(settings).build().unwrap();
        let received = transport.send(get(&server.address())).await.unwrap();
        assert_eq!(text(&received), "hello");
    }
    assert_eq!(proxy.heads(), [""; 0]);
}

#[tokio::test]
async fn errors_of_the_proxy_name_it_and_the_way_out() {
    for (response, kind, is_permanent, why) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
            Kind::ProxyAuthentication,
            true,
            "requires credentials (407)",
        ),
        ("HTTP/1.1 403 Forbidden\r\n\r\n<html>", Kind::ProxyForbidden, true, "403 Forbidden"),
        ("HTTP/1.1 405 No\r\n\r\n", Kind::ProxyForbidden, true, "does not allow a tunnel"),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", Kind::ProxyCannotConnect, false, "502 Bad Gateway"),
        ("HTTP/1.1 503 Busy\r\n\r\n", Kind::ProxyCannotConnect, false, "503"),
        ("HTTP/1.1 504 Timeout\r\n\r\n", Kind::ProxyCannotConnect, false, "504 Gateway Timeout"),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", Kind::ProxyCannotConnect, false, "302"),
        ("HTTP/1.1 200 OK\r\n\r\nhello", Kind::Proxy, false, "data follows its head"),
        ("220 smtp ready\r\n", Kind::Proxy, false, "check that it is an HTTP proxy"),
        ("HTTP/1.1 099 Odd\r\n\r\n", Kind::Proxy, false, "its status is not an HTTP status"),
        ("HTTP/1.1 200 OK\r\nVia: t", Kind::Proxy, false, "closed the connection"),
        ("", Kind::Proxy, false, "closed the connection"),
    ] {
        let proxy = TestProxy::open(response, None).await;
        let transport = through(trusting(&Authority::new("contoso")), &proxy).build().unwrap();
        let lost = transport.send(get(&format!("https://{NAME}/"))).await.unwrap_err();
        assert_eq!(verdict(&lost), (kind, false), "{response:?} {lost:?}");
        assert_eq!(lost.is_permanent(), is_permanent, "{response:?}");
        let message = explained(&lost).to_string();
        assert!(message.contains(why), "{message}");
        assert!(message.contains(&format!("127.0.0.1:{}", proxy.port)), "{message}");
        assert!(!format!("{message} {lost:?}").contains("cret"), "{lost:?}");
    }
}

#[tokio::test]
async fn an_oversized_head_of_the_proxy_is_rejected() {
    let long = format!("HTTP/1.1 200 OK\r\nX-Padding: {}", "x".repeat(40_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(65));
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(4000);
    for (response, why) in [
        (long, "longer than 16 KiB"),
        (many, "more than 64 headers"),
        (interim, "longer than 16 KiB"),
    ] {
        let proxy = TestProxy::open(response.leak(), None).await;
        let transport = through(trusting(&Authority::new("contoso")), &proxy).build().unwrap();
        let lost = transport.send(get(&format!("https://{NAME}/"))).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::Proxy, false));
        let message = explained(&lost).to_string();
        assert!(message.contains(why), "{message}");
    }
}

#[tokio::test]
async fn an_unreachable_proxy_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (address, why) in [
        (free.to_string(), "cannot connect to the proxy 127.0.0.1:"),
        (
            "proxy.invalid:3128".to_owned(),
            "name lookup for the proxy proxy.invalid:3128 found no address",
        ),
    ] {
        let builder = trusting(&Authority::new("contoso")).proxy(Proxy::new(&address).unwrap());
        let transport = builder.build().unwrap();
        let lost = transport.send(get(&format!("https://{NAME}/"))).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::Proxy, false), "{lost:?}");
        assert!(!lost.is_permanent(), "it may be there later");
        let message = explained(&lost).to_string();
        assert!(message.contains(why), "{message}");
    }
}

#[tokio::test]
async fn a_socks_proxy_is_rejected_when_it_is_needed() {
    let lookup = |name: &str| (name == "all_proxy").then(|| "socks5h://u:secret@h:1".to_owned());
    let proxy = Proxy::from_variables(lookup).unwrap();
    let transport = trusting(&Authority::new("contoso")).proxy(proxy).build().unwrap();
    let lost = transport.send(get(&format!("https://{NAME}/"))).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::UnusableProxy, false));
    assert!(lost.is_permanent());
    let message = explained(&lost).to_string();
    assert!(message.starts_with("the proxy in all_proxy is a SOCKS proxy"), "{message}");
    assert!(!format!("{lost:?}").contains("secret"), "{lost:?}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_proxy_times_out_with_the_connection() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let transport = trusting(&Authority::new("contoso"))
        .proxy(Proxy::new(&address).unwrap())
        .connect_timeout(Duration::from_secs(7))
        .build()
        .unwrap();
    let lost = transport.send(get(&format!("https://{NAME}/"))).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::ConnectTimeout, false));
    let expected =
        format!("no tunnel through the proxy {address} to {NAME} within 7s; check the proxy");
    assert_eq!(explained(&lost).to_string(), expected);
}

#[tokio::test]
async fn tls_failures_behind_the_proxy_name_both() {
    let server = hidden(&Authority::new("fabrikam")).await;
    let proxy = TestProxy::open(ESTABLISHED, Some(server.port())).await;
    let transport = through(trusting(&Authority::new("contoso")), &proxy).build().unwrap();
    let lost = transport.send(get(&format!("https://{NAME}/"))).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::UntrustedServer, false));
    assert!(explained(&lost).source().is_some());
    let message = explained(&lost).to_string();
    assert!(message.contains(&format!("the certificate of {NAME}")), "{message}");
    assert!(
        message.ends_with(&format!("(through the proxy 127.0.0.1:{})", proxy.port)),
        "{message}"
    );
}

#[tokio::test]
async fn a_tunnel_that_ends_before_tls_is_reported() {
    let proxy = TestProxy::open(ESTABLISHED, None).await;
    let transport = through(trusting(&Authority::new("contoso")), &proxy).build().unwrap();
    let lost = transport.send(get(&format!("https://{NAME}/"))).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::Connect, false), "{lost:?}");
    let message = explained(&lost).to_string();
    assert!(message.starts_with("the tunnel through the proxy 127.0.0.1:"), "{message}");
}
