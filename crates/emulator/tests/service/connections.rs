//! What peers may do with connections: how many there are, and how long a body may take.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_emulator::{Emulator, EmulatorBuilder};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::create_service;
use crate::socket::Client;

const SERVICES: &str = "/services/hostedservices";

fn manual_clock_builder() -> EmulatorBuilder {
    Emulator::builder().manual_clock()
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
async fn read_to_end(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut rest = Vec::new();
    // Whether TLS calls the end an error does not matter: it is the end.
    let _ = stream.read_to_end(&mut rest).await;
    String::from_utf8_lossy(&rest).into_owned()
}

/// One answer, of a connection that stays.
async fn read_response(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with(end) {
        assert_eq!(stream.read(&mut byte).await.unwrap(), 1, "{text}");
        text.push(char::from(byte[0]));
    }
    text
}

#[tokio::test]
async fn closes_idle_connection_for_new_one() {
    let emulator = manual_clock_builder().connections(2).start().await.unwrap();
    let client = Client::authorized(&emulator);
    let mut first = client.connect_tls().await.unwrap();
    send(&mut first, &get(&client)).await;
    read_response(&mut first, "</Error>").await;
    let mut second = client.connect_tls().await.unwrap();
    send(&mut second, &get(&client)).await;
    read_response(&mut second, "</Error>").await;

    let mut third = client.connect_tls().await.unwrap();
    assert_eq!(read_to_end(&mut first).await, "");
    for stream in [&mut second, &mut third] {
        send(stream, &get(&client)).await;
        assert!(read_response(stream, "</Error>").await.starts_with("HTTP/1.1 404 "));
    }
}

#[tokio::test]
async fn idle_connections_do_not_block_new_clients() {
    let emulator = manual_clock_builder().connections(4).start().await.unwrap();
    let client = Client::authorized(&emulator);
    let mut streams = Vec::new();
    for _ in 0..40 {
        // Not even a handshake.
        streams.push(TcpStream::connect(emulator.address()).await.unwrap());
    }
    let response = client.send("GET", SERVICES, String::new()).await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn returns_503_beyond_connection_limit() {
    let slow = Effect::Slow { time: Duration::from_secs(60), after_processing: false };
    let rule = FaultRule::new("slow", slow).on("Create Cloud Service");
    let emulator = manual_clock_builder().connections(2).faults([rule]).start().await.unwrap();
    let client = Client::authorized(&emulator);
    let mut delayed = Vec::new();
    for number in 1..=2 {
        let body = create_service(&format!("contoso{number}"));
        let mut stream = client.connect_tls().await.unwrap();
        send(&mut stream, &post(&client, body.len(), &body)).await;
        while emulator.simulator().faults()[0].applied < number {
            tokio::task::yield_now().await;
        }
        delayed.push(stream);
    }
    let mut third = client.connect_tls().await.unwrap();
    send(&mut third, &get(&client)).await;
    let api_error = read_to_end(&mut third).await;
    assert!(api_error.starts_with("HTTP/1.1 503 "), "{api_error}");
    assert!(api_error.contains("<Code>ServerBusy</Code>"), "{api_error}");
    assert!(api_error.to_ascii_lowercase().contains("connection: close"), "{api_error}");

    emulator.step(Duration::from_secs(60));
    assert!(read_response(&mut delayed[0], "\r\n\r\n").await.starts_with("HTTP/1.1 201 "));
}

#[tokio::test]
async fn returns_408_for_slow_body() {
    let emulator = manual_clock_builder()
        .admin("127.0.0.1:0")
        .body_timeout(Duration::ZERO)
        .start()
        .await
        .unwrap();
    let client = Client::authorized(&emulator);
    let mut stream = client.connect_tls().await.unwrap();
    send(&mut stream, &post(&client, 1_000_000, "<CreateHosted")).await;
    let text = read_to_end(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408 ") && text.contains("too slowly"), "{text}");
    assert_eq!(emulator.simulator().journal().last_number(), 0);

    let mut stream = connect_admin(&emulator).await;
    send(&mut stream, &admin_post("localhost", 1000, "{")).await;
    let text = read_to_end(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408 ") && text.contains("too slowly"), "{text}");
}

#[tokio::test]
async fn returns_503_beyond_128_mib_of_bodies() {
    let slow = Effect::Slow { time: Duration::from_secs(60), after_processing: false };
    let rule = FaultRule::new("slow", slow).on("Create Cloud Service");
    let emulator = manual_clock_builder().faults([rule]).start().await.unwrap();
    let client = Client::authorized(&emulator);
    let body = create_service("contoso");
    let large = body.replace('\n', "") + &" ".repeat((8 << 20) - body.len());
    let mut delayed = Vec::new();
    for number in 1..=16 {
        let mut stream = client.connect_tls().await.unwrap();
        send(&mut stream, &post(&client, large.len(), &large)).await;
        while emulator.simulator().faults()[0].applied < number {
            tokio::task::yield_now().await;
        }
        delayed.push(stream);
    }
    let mut refused = client.connect_tls().await.unwrap();
    send(&mut refused, &post(&client, large.len(), &large)).await;
    let api_error = read_to_end(&mut refused).await;
    assert!(api_error.starts_with("HTTP/1.1 503 "), "{api_error}");
    assert!(api_error.contains("Too many large request bodies"), "{api_error}");

    // A small one passes, and so does a large one when another is done.
    let small = client.send("POST", "/affinitygroups", "<a/>".to_owned()).await.unwrap();
    assert_eq!(small.status(), 400);
    emulator.step(Duration::from_secs(60));
    let done = read_response(&mut delayed[0], "\r\n\r\n").await;
    assert!(done.contains(" 201 ") || done.contains(" 409 "), "{done}");
    let again = client.send("POST", "/affinitygroups", large).await.unwrap();
    assert_eq!(again.status(), 400);
}

#[tokio::test]
async fn responds_to_body_far_beyond_limit() {
    let emulator = manual_clock_builder().start().await.unwrap();
    let client = Client::authorized(&emulator);
    for length in [(8 << 20) + 1, 20 << 20] {
        let response = client.send("POST", SERVICES, " ".repeat(length)).await.unwrap();
        assert_eq!(response.status(), 400);
        assert!(response.body().windows(9).any(|window| window == b"is larger"));
    }
}

async fn connect_admin(emulator: &Emulator) -> TcpStream {
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
async fn admin_port_rejects_before_reading_body() {
    let emulator = manual_clock_builder().admin("127.0.0.1:0").start().await.unwrap();
    for (request, status, expected) in [
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
        let mut stream = connect_admin(&emulator).await;
        send(&mut stream, &request).await;
        let text = read_to_end(&mut stream).await;
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{text}");
        assert!(text.contains(expected), "{text}");
    }
    let mut stream = connect_admin(&emulator).await;
    let chunk = format!("100001\r\n{}\r\n", " ".repeat(0x10_0001));
    let request = admin_post("localhost", 0, &chunk);
    send(&mut stream, &request.replace("content-length: 0", "transfer-encoding: chunked")).await;
    assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn admin_port_reports_reached_time_of_step() {
    let second = Duration::from_secs(1);
    let flaps = Effect::Flaps { ready: second, down: second };
    let emulator = manual_clock_builder()
        .admin("127.0.0.1:0")
        .fixture(
            azure_classic_emulator::Fixture::parse(
                r#"{ "services": [{ "name": "contoso", "location": "West US", "deployments": [{ "name": "first",
                     "slot": "production", "label": "one", "roles": [{ "name": "Web", "instances": 1 }] }] }] }"#,
                "",
            )
            .unwrap(),
        )
        .faults([FaultRule::new("flaps", flaps)])
        .start()
        .await
        .unwrap();
    let mut last = 0.0;
    for _ in 0..2 {
        let mut stream = connect_admin(&emulator).await;
        let body = r#"{"seconds": 1e12}"#;
        let length = u64::try_from(body.len()).unwrap();
        send(&mut stream, &admin_post("localhost", length, body)).await;
        let text = read_response(&mut stream, "}").await;
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
