//! Which requests share a connection, and what becomes of one that meets a connection that is dying.

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
async fn a_connection_is_used_again() {
    let (server, transport) = echoing().await;
    for _ in 0..3 {
        transport.clone().send(get(&server.address())).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_the_server_closes_is_not_used_again() {
    let (server, transport) =
        saying("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", true).await;
    for _ in 0..2 {
        let answer = transport.send(get(&server.address())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_not_kept_longer_than_allowed() {
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
async fn a_request_that_a_reused_connection_swallows_may_have_been_sent() {
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
async fn a_change_has_a_connection_of_its_own() {
    let (server, transport) = echoing().await;
    for method in ["GET", "POST", "PUT", "DELETE", "GET"] {
        let request = Request::builder().method(method).uri(server.address());
        transport.send(request.body(Bytes::new()).unwrap()).await.unwrap();
    }
    assert_eq!(server.connections(), 4, "one for both reads, and one for each change");
}

#[tokio::test]
async fn a_new_connection_for_a_change_resumes_the_session() {
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
async fn changes_can_share_connections() {
    let authority = Authority::new("contoso");
    let server = Server::open(&authority, |link: Link| link.serve(str::to_owned)).await;
    let transport = trusting(&authority).fresh_connection_for_writes(false).build().unwrap();
    for _ in 0..3 {
        transport.send(post(&server.address(), "<Swap/>")).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

/// Two requests with these settings to a server that closes the first connection behind its answer,
/// before the second request is made and without the client's noticing.
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
    // Blocks this runtime's only thread, so that nobody polls the connection while it is closed.
    is_closed.recv().unwrap();
    transport.send(request()).await
}

/// The client cannot know then whether the request was read, and says so.
#[tokio::test]
async fn a_request_that_meets_a_stale_connection_may_have_been_sent() {
    let authority = Authority::new("contoso");
    let shared = trusting(&authority).fresh_connection_for_writes(false);
    for (settings, method) in [(trusting(&authority), "GET"), (shared, "POST")] {
        let lost = meet_a_stale_connection(settings, method).await.unwrap_err();
        assert_eq!(verdict(&lost), (Kind::ConnectionLost, true), "{method}: {lost:?}");
    }
}

#[tokio::test]
async fn a_change_never_meets_a_stale_connection() {
    let settings = trusting(&Authority::new("contoso"));
    let answer = meet_a_stale_connection(settings, "POST").await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

/// Sends a thousand numbered changes to a server that closes each connection right behind its answer,
/// unannounced. Returns how often each came through, as the server has it, and as the client has it:
/// `None` where it may have been sent.
async fn a_thousand_changes(
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
    let mut told = Vec::new();
    for number in 0..1000 {
        told.push(match transport.send(post(&server.address(), number.to_string())).await {
            Ok(_) => Some(1),
            Err(lost) if lost.is_ambiguous() => None,
            Err(_) => Some(0),
        });
    }
    let seen = seen.lock().unwrap();
    let of = |number: usize| seen.get(&number.to_string()).copied().unwrap_or(0);
    told.into_iter().enumerate().map(|(number, told)| (of(number), told)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_changes_none_is_lost_and_none_doubled() {
    let authority = Authority::new("contoso");
    for (seen, told) in a_thousand_changes(trusting(&authority), &authority).await {
        assert_eq!((seen, told), (1, Some(1)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_changes_on_shared_connections_none_is_doubled_or_told_wrongly() {
    let authority = Authority::new("contoso");
    let settings = trusting(&authority).fresh_connection_for_writes(false);
    for (seen, told) in a_thousand_changes(settings, &authority).await {
        assert!(seen <= 1 && told.is_none_or(|told| told == seen), "{seen} {told:?}");
    }
}
