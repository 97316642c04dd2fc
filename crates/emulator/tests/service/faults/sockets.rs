//! Faults through real sockets and real TLS.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Reply, Rule};
use azure_classic_emulator::{Builder, Emulator, StartError};
use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::bench::create_service;
use crate::socket::Client;

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// An emulator where creating a service meets this once.
fn creating_meets(effect: impl Into<Effect>) -> Builder {
    let rule = Rule::new("fault", effect).on("Create Cloud Service").times(1);
    Emulator::builder().stepped().faults([rule])
}

async fn create(client: &Client) -> Result<StatusCode, crate::socket::Failure> {
    Ok(client.send("POST", SERVICES, create_service("contoso")).await?.status())
}

async fn service(client: &Client) -> StatusCode {
    client.send("GET", CONTOSO, String::new()).await.unwrap().status()
}

#[tokio::test]
async fn a_cut_connection_gives_no_byte_of_an_answer() {
    for (after_work, found) in [(false, 404), (true, 200)] {
        let emulator = creating_meets(Effect::Cut { after_work }).start().await.unwrap();
        let client = Client::known(&emulator);
        let body = create_service("contoso");
        let mut stream = client.dial().await.unwrap();
        let request = format!(
            "POST /{}{SERVICES} HTTP/1.1\r\nhost: a\r\nx-ms-version: 2015-04-01\r\n\
             content-length: {}\r\n\r\n{body}",
            client.subscription,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // Whether TLS calls the end an error does not matter: it is the end.
        let _ = stream.read_to_end(&mut answer).await;
        assert_eq!(String::from_utf8_lossy(&answer), "");
        assert_eq!(service(&client).await, found);
        assert_eq!(emulator.cloud().faults()[0].taken, 1);
    }
}

#[tokio::test]
async fn a_client_sees_a_cut_as_an_error_and_the_next_call_works() {
    let emulator = creating_meets(Effect::Cut { after_work: false }).start().await.unwrap();
    let client = Client::known(&emulator);
    create(&client).await.unwrap_err();
    assert_eq!(create(&client).await.unwrap(), 201);
}

#[tokio::test]
async fn a_slow_answer_waits_for_stepped_time() {
    for after_work in [false, true] {
        let effect = Effect::Slow { time: seconds(20), after_work };
        let emulator = creating_meets(effect).start().await.unwrap();
        let client = Client::known(&emulator);
        let asking = tokio::spawn(async move { create(&client).await.unwrap() });
        let client = Client::known(&emulator);
        while emulator.cloud().faults()[0].taken == 0 {
            tokio::task::yield_now().await;
        }
        let meanwhile = if after_work { 200 } else { 404 };
        assert_eq!(service(&client).await, meanwhile);
        emulator.step(seconds(19));
        assert_eq!(service(&client).await, meanwhile);
        assert!(!asking.is_finished());
        emulator.step(seconds(1));
        assert_eq!(asking.await.unwrap(), 201);
        assert_eq!(service(&client).await, 200);
    }
}

#[tokio::test]
async fn a_slow_answer_comes_by_itself_in_scaled_time() {
    let effect = Effect::Slow { time: seconds(3600), after_work: false };
    let emulator = creating_meets(effect).speed(1e6).start().await.unwrap();
    let client = Client::known(&emulator);
    assert_eq!(create(&client).await.unwrap(), 201);
    assert!(emulator.now().since_origin() >= seconds(3600));
}

#[tokio::test]
async fn a_redirect_leads_to_another_emulator() {
    let other = Emulator::builder().stepped().start().await.unwrap();
    let to = other.endpoint().to_owned();
    let emulator = creating_meets(Effect::Redirect { to }).start().await.unwrap();
    let client = Client::known(&emulator);
    let redirected = client.send("POST", SERVICES, create_service("contoso")).await.unwrap();
    assert_eq!(redirected.status(), 307);
    let location = format!("{}/{}{SERVICES}", other.endpoint(), client.subscription);
    assert_eq!(redirected.headers()["location"], location);
    assert!(redirected.headers().get("x-ms-request-id").is_none());
    assert_eq!(create(&Client::known(&other)).await.unwrap(), 201);
    assert_eq!(service(&client).await, 404);
}

#[tokio::test]
async fn the_journal_is_told_as_it_grows() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = told.clone();
    let emulator = creating_meets(Reply::new(503, "ServerBusy"))
        .journal_entries(1)
        .on_request(move |entry| {
            teller.lock().unwrap().push((entry.number, entry.status, entry.faults.len()));
        })
        .start()
        .await
        .unwrap();
    let client = Client::known(&emulator);
    for expected in [503, 201, 409] {
        assert_eq!(create(&client).await.unwrap(), expected);
    }
    assert_eq!(*told.lock().unwrap(), [(1, Some(503), 1), (2, Some(201), 0), (3, Some(409), 0)]);
    let cloud = emulator.cloud();
    let [entry] = &cloud.journal().entries().collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!(entry.caller.as_deref(), Some(emulator.thumbprint()));
}

#[tokio::test]
async fn a_fault_that_makes_no_sense_stops_the_start() {
    let rule = Rule::new("busy", Reply::new(503, "ServerBusy")).on("Get Everything");
    let error = Emulator::builder().faults([rule]).start().await.unwrap_err();
    assert!(matches!(error, StartError::Fault(_)), "{error}");
    let start = "the fault \"busy\" cannot be used: when.operations: \"Get Everything\" is not";
    assert!(error.to_string().starts_with(start), "{error}");
}
