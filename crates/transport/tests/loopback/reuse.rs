//! Which requests share a connection, and the result of a request on a connection that is closing.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use azure_classic_transport::{
    HttpsTransportBuilder, Identity, Transport, TransportErrorKind as Kind, TransportResult,
};
use bytes::Bytes;
use http::{Request, StatusCode};

use crate::handshake::{TLS_1_2, TLS_1_3};
use crate::pki::Authority;
use crate::server::{Link, Server};
use crate::wire::{echoing, saying};
use crate::{get, trusting, verdict};

fn post(address: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    Request::post(address).body(body.into()).unwrap()
}

#[tokio::test]
async fn connections_are_reused() {
    let (server, transport) = echoing().await;
    for _ in 0..3 {
        transport.clone().send(get(&server.address())).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn closed_connections_are_not_reused() {
    let (server, transport) =
        saying("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", true).await;
    for _ in 0..2 {
        let response = transport.send(get(&server.address())).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test(start_paused = true)]
async fn idle_connections_are_closed_after_the_limit() {
    let (server, transport) = echoing().await;
    transport.send(get(&server.address())).await.unwrap();
    tokio::time::advance(Duration::from_secs(44)).await;
    transport.send(get(&server.address())).await.unwrap();
    assert_eq!(server.connections(), 1);
    tokio::time::advance(Duration::from_secs(46)).await;
    transport.send(get(&server.address())).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_request_lost_on_a_reused_connection_is_ambiguous() {
    let authority = Authority::new("contoso");
    let server = Server::open(&authority, |mut link: Link| async move {
        link.request().await;
        link.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        link.request().await;
    })
    .await;
    let transport = trusting(&authority).build().unwrap();
    transport.send(get(&server.address())).await.unwrap();
    let lost = transport.send(get(&server.address())).await.unwrap_err();
    assert_eq!(verdict(&lost), (Kind::ConnectionLost, true));
    assert_eq!(server.connections(), 1, "the request must not be sent twice");
}

#[tokio::test]
async fn writes_use_a_new_connection() {
    let (server, transport) = echoing().await;
    for method in ["GET", "POST", "PUT", "DELETE", "GET"] {
        let request = Request::builder().method(method).uri(server.address());
        transport.send(request.body(Bytes::new()).unwrap()).await.unwrap();
    }
    assert_eq!(server.connections(), 4, "one connection for both reads, and one for each write");
}

#[tokio::test]
async fn a_new_connection_for_a_write_resumes_the_session() {
    for versions in [TLS_1_2, TLS_1_3] {
        let authority = Authority::new("contoso");
        let resumed = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&resumed);
        let play = move |link: Link| {
            counter.fetch_add(usize::from(link.is_resumed()), Ordering::SeqCst);
            link.serve(str::to_owned)
        };
        let server = Server::curious(&authority, versions, play).await;
        let identity = Identity::from_pem(authority.client().pem.as_bytes()).unwrap();
        let transport = trusting(&authority).identity(identity).build().unwrap();
        for _ in 0..4 {
            transport.send(post(&server.address(), "")).await.unwrap();
        }
        assert_eq!(resumed.load(Ordering::SeqCst), 3, "{versions:?}");
    }
}

#[tokio::test]
async fn writes_can_share_connections() {
    let authority = Authority::new("contoso");
    let server = Server::open(&authority, |link: Link| link.serve(str::to_owned)).await;
    let transport = trusting(&authority).fresh_connection_for_writes(false).build().unwrap();
    for _ in 0..3 {
        transport.send(post(&server.address(), "<Swap/>")).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

/// Sends two requests with these settings. The server closes the first connection after its response, and the
/// client does not notice before the second request.
async fn meet_a_stale_connection(settings: HttpsTransportBuilder, method: &str) -> TransportResult {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (close, closing) = mpsc::channel();
    let (closed, is_closed) = mpsc::channel();
    std::thread::spawn(move || {
        for (tcp, _) in std::iter::from_fn(|| listener.accept().ok()) {
            let head = BufReader::new(&tcp).lines().map_while(Result::ok);
            assert!(head.take_while(|line| !line.is_empty()).count() > 0);
            (&tcp).write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            if closing.recv().is_err() {
                return;
            }
            drop(tcp);
            closed.send(()).unwrap();
        }
    });
    let transport = settings.build().unwrap();
    let request = || Request::builder().method(method).uri(&address).body(Bytes::new()).unwrap();
    transport.send(request()).await.unwrap();
    close.send(()).unwrap();
    // Blocks this runtime's only thread, so that the connection is not polled while it is closed.
    is_closed.recv().unwrap();
    transport.send(request()).await
}

/// The client cannot know whether the server read the request, so the failure is ambiguous.
#[tokio::test]
async fn a_request_on_a_stale_connection_is_ambiguous() {
    let authority = Authority::new("contoso");
    let shared = trusting(&authority).fresh_connection_for_writes(false);
    for (settings, method) in [(trusting(&authority), "GET"), (shared, "POST")] {
        let lost = meet_a_stale_connection(settings, method).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::ConnectionLost, true), "{method}: {lost:?}");
    }
}

#[tokio::test]
async fn writes_never_use_a_stale_connection() {
    let settings = trusting(&Authority::new("contoso"));
    let response = meet_a_stale_connection(settings, "POST").await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

/// Sends a thousand numbered writes to a server that closes each connection right after its response, without
/// notice. Returns how often each write arrived according to the server and to the client; `None` if the
/// client reports it as ambiguous.
async fn a_thousand_writes(
    settings: HttpsTransportBuilder,
    authority: &Authority,
) -> Vec<(usize, Option<usize>)> {
    let seen = Arc::new(Mutex::new(HashMap::<String, usize>::new()));
    let log = Arc::clone(&seen);
    let server = Server::open(authority, move |mut link: Link| {
        let log = Arc::clone(&log);
        async move {
            let Some(request) = link.request().await else { return };
            let number = request.rsplit("\r\n").next().unwrap_or_default().to_owned();
            *log.lock().unwrap().entry(number).or_default() += 1;
            link.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        }
    })
    .await;
    let transport = settings.build().unwrap();
    let mut reported = Vec::new();
    for number in 0..1000 {
        reported.push(match transport.send(post(&server.address(), number.to_string())).await {
            Ok(_) => Some(1),
            Err(lost) if lost.is_ambiguous() => None,
            Err(_) => Some(0),
        });
    }
    let seen = seen.lock().unwrap();
    let of = |number: usize| seen.get(&number.to_string()).copied().unwrap_or(0);
    reported.into_iter().enumerate().map(|(number, reported)| (of(number), reported)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_writes_none_is_lost_or_duplicated() {
    let authority = Authority::new("contoso");
    for (seen, reported) in a_thousand_writes(trusting(&authority), &authority).await {
        assert_eq!((seen, reported), (1, Some(1)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_writes_on_shared_connections_none_is_duplicated_or_misreported() {
    let authority = Authority::new("contoso");
    let settings = trusting(&authority).fresh_connection_for_writes(false);
    for (seen, reported) in a_thousand_writes(settings, &authority).await {
        assert!(
            seen <= 1 && reported.is_none_or(|reported| reported == seen),
            "{seen} {reported:?}"
        );
    }
}
