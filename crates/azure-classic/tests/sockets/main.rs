//! Tests the client over real sockets and real TLS, against servers that misbehave.

mod disconnects;
mod redirects;
mod responses;
mod server;
mod stress;
mod token_refresh;

use std::time::Duration;

use azure_classic::{
    Client, CloudServiceRef, DeploymentRef, Endpoint, HttpsTransportBuilder, Poll, Retry, Slot,
};

use self::server::Server;

const ID: &str = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";
const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const CONTOSO: &str = "<HostedService xmlns=\"http://schemas.microsoft.com/windowsazure\">\
    <ServiceName>contoso</ServiceName></HostedService>";
const SUCCEEDED: &str = "<Operation xmlns=\"http://schemas.microsoft.com/windowsazure\">\
    <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>Succeeded</Status>\
    <HttpStatusCode>200</HttpStatusCode></Operation>";

/// A client with the default policies but short pauses.
fn client(server: &Server, transport: HttpsTransportBuilder) -> Client {
    let endpoint = Endpoint::new(&server.address(), SUBSCRIPTION.parse().unwrap()).unwrap();
    let short = Duration::from_millis(1);
    Client::new(endpoint, transport.build().unwrap())
        .with_retry(Retry { first_delay: short, ..Retry::default() })
        .with_poll(Poll { first_delay: short, ..Poll::default() })
}

fn contoso() -> CloudServiceRef {
    CloudServiceRef::new("contoso")
}

fn production() -> DeploymentRef {
    contoso().slot(Slot::Production)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn accepted() -> String {
    format!("HTTP/1.1 202 Accepted\r\nx-ms-request-id: {ID}\r\nContent-Length: 0\r\n\r\n")
}
