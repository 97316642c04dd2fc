//! What peers may do with connections: how many there are, and how long a body may take.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Rule};
use azure_classic_emulator::{Builder, Emulator};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::bench::create_service;
use crate::socket::Client;

const SERVICES: &str = "/services/hostedservices";

fn stepped() -> Builder {
    Emulator::builder().stepped()
}

/// The head of a request to the service with a body of this length, and as much of the body.
fn post(client: &Client, length: usize, body: &str) -> String {
    format!(
        "POST /{}{SERVICES} HTTP/1.1\r\nhost: a\r\nx-ms-version: 2015-04-01\r\ncontent-length: {length}\
         \r\n\r\n{body}",
        client.subscription
    )
}

fn get(client: &Client) -> String {
    format!(
        "GET /{}{SERVICES}/contoso HTTP/1.1\r\nhost: a\r\nx-ms-version: 2015-04-01\r\n\r\n",
        client.subscription
    )
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
}

/// Everything up to the end of the connection.
async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut rest = Vec::new();
    // Whether TLS calls the end an error does not matter: it is the end.
    let _ = stream.read_to_end(&mut rest).await;
    String::from_utf8_lossy(&rest).into_owned()
}

/// One answer, of a connection that stays.
async fn answer(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with(end) {
        assert_eq!(stream.read(&mut byte).await.unwrap(), 1, "{text}");
        text.push(char::from(byte[0]));
    }
    text
}

#[tokio::test]
async fn an_idle_connection_makes_way_for_a_new_one() {
    let emulator = stepped().connections(2).start().await.unwrap();
    let client = Client::known(&emulator);
    let mut first = client.dial().await.unwrap();
    send(&mut first, &get(&client)).await;
    answer(&mut first, "</Error>").await;
    let mut second = client.dial().await.unwrap();
    send(&mut second, &get(&client)).await;
    answer(&mut second, "</Error>").await;

    let mut third = client.dial().await.unwrap();
    assert_eq!(rest(&mut first).await, "");
    for stream in [&mut second, &mut third] {
        send(stream, &get(&client)).await;
        assert!(answer(stream, "</Error>").await.starts_with("HTTP/1.1 404 "));
    }
}

#[tokio::test]
async fn many_idle_connections_keep_nobody_out() {
    let emulator = stepped().connections(4).start().await.unwrap();
    let client = Client::known(&emulator);
    let mut streams = Vec::new();
    for _ in 0..40 {
        // Not even a handshake.
        streams.push(TcpStream::connect(emulator.address()).await.unwrap());
    }
    let response = client.send("GET", SERVICES, String::new()).await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_connection_beyond_the_limit_is_answered_503_when_all_are_in_use() {
    let slow = Effect::Slow { time: Duration::from_secs(60), after_work: false };
    let rule = Rule::new("slow", slow).on("Create Cloud Service");
    let emulator = stepped().connections(2).faults([rule]).start().await.unwrap();
    let client = Client::known(&emulator);
    let mut held = Vec::new();
    for number in 1..=2 {
        let body = create_service(&format!("contoso{number}"));
        let mut stream = client.dial().await.unwrap();
        send(&mut stream, &post(&client, body.len(), &body)).await;
        while emulator.cloud().faults()[0].taken < number {
            tokio::task::yield_now().await;
        }
        held.push(stream);
    }
    let mut third = client.dial().await.unwrap();
    send(&mut third, &get(&client)).await;
    let refusal = rest(&mut third).await;
    assert!(refusal.starts_with("HTTP/1.1 503 "), "{refusal}");
    assert!(refusal.contains("<Code>ServerBusy</Code>"), "{refusal}");
    assert!(refusal.to_ascii_lowercase().contains("connection: close"), "{refusal}");

    emulator.step(Duration::from_secs(60));
    assert!(answer(&mut held[0], "\r\n\r\n").await.starts_with("HTTP/1.1 201 "));
}

#[tokio::test]
async fn a_slow_body_is_cut_off_with_408() {
    let emulator =
        stepped().admin("127.0.0.1:0").body_timeout(Duration::ZERO).start().await.unwrap();
    let client = Client::known(&emulator);
    let mut stream = client.dial().await.unwrap();
    send(&mut stream, &post(&client, 1_000_000, "<CreateHosted")).await;
    let text = rest(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408 ") && text.contains("too slowly"), "{text}");
    assert_eq!(emulator.cloud().journal().last_number(), 0);

    let mut stream = admin(&emulator).await;
    send(&mut stream, &admin_post("localhost", 1000, "{")).await;
    let text = rest(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408 ") && text.contains("too slowly"), "{text}");
}

#[tokio::test]
async fn large_bodies_beyond_128_mebibytes_are_answered_503() {
    let slow = Effect::Slow { time: Duration::from_secs(60), after_work: false };
    let rule = Rule::new("slow", slow).on("Create Cloud Service");
    let emulator = stepped().faults([rule]).start().await.unwrap();
    let client = Client::known(&emulator);
    let body = create_service("contoso");
    let large = body.replace('\n', "") + &" ".repeat((8 << 20) - body.len());
    let mut held = Vec::new();
    for number in 1..=16 {
        let mut stream = client.dial().await.unwrap();
        send(&mut stream, &post(&client, large.len(), &large)).await;
        while emulator.cloud().faults()[0].taken < number {
            tokio::task::yield_now().await;
        }
        held.push(stream);
    }
    let mut refused = client.dial().await.unwrap();
    send(&mut refused, &post(&client, large.len(), &large)).await;
    let refusal = rest(&mut refused).await;
    assert!(refusal.starts_with("HTTP/1.1 503 "), "{refusal}");
    assert!(refusal.contains("Too many large request bodies"), "{refusal}");

    // A small one passes, and so does a large one when another is done.
    let small = client.send("POST", "/affinitygroups", "<a/>".to_owned()).await.unwrap();
    assert_eq!(small.status(), 400);
    emulator.step(Duration::from_secs(60));
    let done = answer(&mut held[0], "\r\n\r\n").await;
    assert!(done.contains(" 201 ") || done.contains(" 409 "), "{done}");
    let again = client.send("POST", "/affinitygroups", large).await.unwrap();
    assert_eq!(again.status(), 400);
}

#[tokio::test]
async fn a_body_far_beyond_its_limit_is_answered() {
    let emulator = stepped().start().await.unwrap();
    let client = Client::known(&emulator);
    for length in [(8 << 20) + 1, 20 << 20] {
        let response = client.send("POST", SERVICES, " ".repeat(length)).await.unwrap();
        assert_eq!(response.status(), 400);
        assert!(response.body().windows(9).any(|words| words == b"is larger"));
    }
}

async fn admin(emulator: &Emulator) -> TcpStream {
    let url = emulator.admin_url().unwrap();
    TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap()
}

fn admin_post(host: &str, length: u64, body: &str) -> String {
    format!(
        "POST /step HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn the_admin_port_decides_before_it_reads_a_body() {
    let emulator = stepped().admin("127.0.0.1:0").start().await.unwrap();
    for (request, status, words) in [
        (admin_post("contoso.example.net", 200_000_000, ""), 403, "loopback"),
        (admin_post("localhost", 200_000_000, ""), 413, "larger than the 1048576 bytes"),
        (
            admin_post("localhost", 300_000_000, "").replace("POST /step", "PUT /state"),
            413,
            "larger than the 268435456 bytes",
        ),
        (
            admin_post("localhost", 200_000_000, "").replace("application/json", "text/plain"),
            415,
            "application/json",
        ),
    ] {
        let mut stream = admin(&emulator).await;
        send(&mut stream, &request).await;
        let text = rest(&mut stream).await;
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{text}");
        assert!(text.contains(words), "{text}");
    }
    let mut stream = admin(&emulator).await;
    let chunk = format!("100001\r\n{}\r\n", " ".repeat(0x10_0001));
    let request = admin_post("localhost", 0, &chunk);
    send(&mut stream, &request.replace("content-length: 0", "transfer-encoding: chunked")).await;
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn the_admin_port_says_how_far_a_step_came() {
    let second = Duration::from_secs(1);
    let flaps = Effect::Flaps { ready: second, down: second };
    let emulator = stepped()
        .admin("127.0.0.1:0")
        .fixture(
            azure_classic_emulator::Fixture::parse(
                r#"{ "services": [{ "name": "contoso", "location": "West US", "deployments": [{ "name": "first",
                     "slot": "production", "label": "one", "roles": [{ "name": "Web", "instances": 1 }] }] }] }"#,
                "",
            )
            .unwrap(),
        )
        .faults([Rule::new("flaps", flaps)])
        .start()
        .await
        .unwrap();
    let mut last = 0.0;
    for _ in 0..2 {
        let mut stream = admin(&emulator).await;
        let body = r#"{"seconds": 1e12}"#;
        let length = u64::try_from(body.len()).unwrap();
        send(&mut stream, &admin_post("localhost", length, body)).await;
        let text = answer(&mut stream, "}").await;
        assert!(text.starts_with("HTTP/1.1 503 "), "{text}");
        let body: serde_json::Value =
            serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap();
        let elapsed = body["elapsed_seconds"].as_f64().unwrap();
        assert!(elapsed > last && body["remaining_seconds"].as_f64().unwrap() < 1e12, "{text}");
        assert!(body["error"].as_str().unwrap().contains("step by the remaining"), "{text}");
        last = elapsed;
    }
    emulator.shutdown().await.unwrap();
}
