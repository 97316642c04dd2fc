//! Faults through real sockets and real TLS.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultResponse, FaultRule};
use azure_classic_emulator::{Emulator, EmulatorBuilder, StartError};
use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::harness::create_service;
use crate::socket::Client;

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// An emulator where creating a service meets this once.
fn with_fault_on_create(effect: impl Into<Effect>) -> EmulatorBuilder {
    let rule = FaultRule::new("fault", effect).on("Create Cloud Service").times(1);
    Emulator::builder().manual_clock().faults([rule])
}

async fn create(client: &Client) -> Result<StatusCode, crate::socket::BoxError> {
    Ok(client.send("POST", SERVICES, create_service("contoso")).await?.status())
}

async fn service(client: &Client) -> StatusCode {
    client.send("GET", CONTOSO, String::new()).await.unwrap().status()
}

#[tokio::test]
async fn disconnect_sends_no_bytes() {
    for (after_processing, found) in [(false, 404), (true, 200)] {
        let emulator =
            with_fault_on_create(Effect::Disconnect { after_processing }).start().await.unwrap();
        let client = Client::authorized(&emulator);
        let body = create_service("contoso");
        let mut stream = client.connect_tls().await.unwrap();
        let request = format!(
            "POST /{}{SERVICES} HTTP/1.1\r\nhost: a\r\nx-ms-version: 2015-04-01\r\n\
             content-length: {}\r\n\r\n{body}",
            client.subscription,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut received = Vec::new();
        // Whether TLS calls the end an error does not matter: it is the end.
        let _ = stream.read_to_end(&mut received).await;
        assert_eq!(String::from_utf8_lossy(&received), "");
        assert_eq!(service(&client).await, found);
        assert_eq!(emulator.simulator().faults()[0].applied, 1);
    }
}

#[tokio::test]
async fn client_recovers_after_disconnect() {
    let emulator =
        with_fault_on_create(Effect::Disconnect { after_processing: false }).start().await.unwrap();
    let client = Client::authorized(&emulator);
    create(&client).await.unwrap_err();
    assert_eq!(create(&client).await.unwrap(), 201);
}

#[tokio::test]
async fn slow_response_waits_for_manual_clock() {
    for after_processing in [false, true] {
        let effect = Effect::Slow { time: seconds(20), after_processing };
        let emulator = with_fault_on_create(effect).start().await.unwrap();
        let client = Client::authorized(&emulator);
        let pending = tokio::spawn(async move { create(&client).await.unwrap() });
        let client = Client::authorized(&emulator);
        while emulator.simulator().faults()[0].applied == 0 {
            tokio::task::yield_now().await;
        }
        let meanwhile = if after_processing { 200 } else { 404 };
        assert_eq!(service(&client).await, meanwhile);
        emulator.step(seconds(19));
        assert_eq!(service(&client).await, meanwhile);
        assert!(!pending.is_finished());
        emulator.step(seconds(1));
        assert_eq!(pending.await.unwrap(), 201);
        assert_eq!(service(&client).await, 200);
    }
}

#[tokio::test]
async fn slow_response_arrives_on_scaled_clock() {
    let effect = Effect::Slow { time: seconds(3600), after_processing: false };
    let emulator = with_fault_on_create(effect).speed(1e6).start().await.unwrap();
    let client = Client::authorized(&emulator);
    assert_eq!(create(&client).await.unwrap(), 201);
    assert!(emulator.now().since_origin() >= seconds(3600));
}

#[tokio::test]
async fn redirects_to_another_emulator() {
    let other = Emulator::builder().manual_clock().start().await.unwrap();
    let to = other.endpoint().to_owned();
    let emulator = with_fault_on_create(Effect::Redirect { to }).start().await.unwrap();
    let client = Client::authorized(&emulator);
    let redirected = client.send("POST", SERVICES, create_service("contoso")).await.unwrap();
    assert_eq!(redirected.status(), 307);
    let location = format!("{}/{}{SERVICES}", other.endpoint(), client.subscription);
    assert_eq!(redirected.headers()["location"], location);
    assert!(redirected.headers().get("x-ms-request-id").is_none());
    assert_eq!(create(&Client::authorized(&other)).await.unwrap(), 201);
    assert_eq!(service(&client).await, 404);
}

#[tokio::test]
async fn journal_entries_reach_observer() {
    let entries = Arc::new(Mutex::new(Vec::new()));
    let sink = entries.clone();
    let emulator = with_fault_on_create(FaultResponse::new(503, "ServerBusy"))
        .journal_entries(1)
        .on_request(move |entry| {
            sink.lock().unwrap().push((entry.number, entry.status, entry.faults.len()));
        })
        .start()
        .await
        .unwrap();
    let client = Client::authorized(&emulator);
    for expected in [503, 201, 409] {
        assert_eq!(create(&client).await.unwrap(), expected);
    }
    assert_eq!(*entries.lock().unwrap(), [(1, Some(503), 1), (2, Some(201), 0), (3, Some(409), 0)]);
    let simulator = emulator.simulator();
    let [entry] = &simulator.journal().entries().collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!(entry.caller.as_deref(), Some(emulator.thumbprint()));
}

#[tokio::test]
async fn start_rejects_invalid_fault() {
    let rule = FaultRule::new("busy", FaultResponse::new(503, "ServerBusy")).on("Get Everything");
    let error = Emulator::builder().faults([rule]).start().await.unwrap_err();
    assert!(matches!(error, StartError::Fault(_)), "{error}");
    let start = "the fault \"busy\" cannot be used: when.operations: \"Get Everything\" is not";
    assert!(error.to_string().starts_with(start), "{error}");
}
