//! A thousand writes to a server that closes each connection right after its response, without notice: the
//! worst case for the reuse of connections.

use std::collections::HashMap;

use azure_classic::{Client, CloudServiceRef, ErrorKind, Placement};

use crate::client;
use crate::server::{Link, Pki, Server};

const COUNT: usize = 1000;

async fn closing(pki: &Pki) -> Server {
    Server::start(pki, |mut link: Link| async move {
        if link.request().await.is_some() {
            link.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n").await;
        }
    })
    .await
}

/// Creates cloud services with different names, and returns the client's result for each.
async fn create(azure: &Client) -> Vec<Result<(), ErrorKind>> {
    let mut reported = Vec::new();
    for number in 0..COUNT {
        let place = Placement::Location("West Europe".into());
        let service = CloudServiceRef::new(format!("contoso-{number}"));
        let outcome = azure.send(service.create(place, "x")).await;
        reported.push(outcome.map(drop).map_err(|error| error.kind()));
    }
    reported
}

/// How often the server received each request, by the name in the body.
fn seen(server: &Server) -> Vec<usize> {
    let mut seen = HashMap::<String, usize>::new();
    for request in server.requests() {
        let (_, rest) = request.split_once("<ServiceName>").unwrap();
        let (name, _) = rest.split_once('<').unwrap();
        *seen.entry(name.to_owned()).or_default() += 1;
    }
    let of = |number| seen.get(&format!("contoso-{number}")).copied().unwrap_or(0);
    (0..COUNT).map(of).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_write_is_lost_or_duplicated() {
    let pki = Pki::new();
    let server = closing(&pki).await;
    let reported = create(&client(&server, pki.transport())).await;
    assert_eq!(reported, vec![Ok(()); COUNT]);
    assert_eq!(seen(&server), vec![1; COUNT]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_shared_connections_no_write_is_duplicated_or_misreported() {
    let pki = Pki::new();
    let server = closing(&pki).await;
    let transport = pki.transport().fresh_connection_for_writes(false);
    let reported = create(&client(&server, transport)).await;
    for (reported, seen) in reported.into_iter().zip(seen(&server)) {
        match reported {
            Ok(()) => assert_eq!(seen, 1),
            Err(ErrorKind::MaybeSent) => assert!(seen <= 1),
            Err(kind) => assert_eq!((kind, seen), (ErrorKind::NotSent, 0)),
        }
    }
}
