//! A server that asks for the client certificate only after the request, by renegotiation of TLS 1.2:
//! `openssl s_server`, steered by its command `R`.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use azure_classic::{
    Client, CloudServiceRef, Endpoint, Error, ErrorKind, HttpsTransport, Identity, Retry,
    Transport, TransportError, TransportErrorKind,
};
use azure_classic_emulator::Emulator;
use native_tls_transport::NativeTlsTransport;

const CONTOSO: &str = "<HostedService xmlns=\"http://schemas.microsoft.com/windowsazure\">\
    <ServiceName>contoso</ServiceName></HostedService>";

/// The server for one connection; ends with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(certificate: &Path) -> Self {
        let mut child = Command::new("openssl")
            // A session that is resumed asks for no certificate.
            .args([
                "s_server",
                "-tls1_2",
                "-no_ticket",
                "-no_cache",
                "-naccept",
                "1",
                "-accept",
                "127.0.0.1:0",
            ])
            .arg("-cert")
            .arg(certificate)
            .arg("-key")
            .arg(certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("openssl is installed");
        let (sender, said) = channel();
        forward(child.stdout.take().unwrap(), sender.clone());
        forward(child.stderr.take().unwrap(), sender);
        let address = wait_for(&said, "ACCEPT ").expect("the server says where it listens");
        let stdin = child.stdin.take().unwrap();
        thread::spawn(move || play(stdin, &said));
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the request, then wants the certificate, and answers only after it was presented.
fn play(mut stdin: ChildStdin, said: &Receiver<String>) -> Option<()> {
    wait_for(said, "GET /")?;
    stdin.write_all(b"R\n").ok()?;
    // The verdict on the client's certificate (it is self-signed, which does not matter here) and the end
    // of the handshake: said on two outputs, so in any order.
    let mut awaited = vec!["depth=0 ", "SSL_do_handshake -> 1"];
    while !awaited.is_empty() {
        let line = said.recv().ok()?;
        awaited.retain(|beginning| !line.starts_with(beginning));
    }
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{CONTOSO}", CONTOSO.len());
    stdin.write_all(answer.as_bytes()).ok()?;
    // Holds the server's input open until it ends.
    said.iter().for_each(drop);
    Some(())
}

fn forward(output: impl Read + Send + 'static, to: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if to.send(line).is_err() {
                return;
            }
        }
    });
}

/// What follows the beginning in the first line that has it.
fn wait_for(said: &Receiver<String>, beginning: &str) -> Option<String> {
    said.iter().find_map(|line| line.strip_prefix(beginning).map(str::to_owned))
}

/// Asks such a server for a cloud service. An emulator provides the certificates.
async fn ask<T: Transport + 'static>(
    transport: impl FnOnce(&Emulator) -> T,
) -> Result<String, Error> {
    let dir = tempfile::tempdir().unwrap();
    let emulator = Emulator::builder().dir(dir.path()).start().await.unwrap();
    let server = Server::start(&dir.path().join("server.pem"));
    let base = format!("https://{}", server.address);
    let endpoint = Endpoint::new(&base, emulator.subscription().clone()).unwrap();
    let azure = Client::new(endpoint, transport(&emulator)).with_retry(Retry::never());
    azure.send(CloudServiceRef::new("contoso").get()).await.map(|found| found.service_name)
}

#[tokio::test]
async fn the_certificate_is_presented_when_it_is_asked_for_late() {
    let name = ask(|emulator| {
        let management = emulator.management_pem().as_bytes();
        NativeTlsTransport::new(management, emulator.ca_pem().as_bytes()).unwrap()
    });
    assert_eq!(name.await.unwrap(), "contoso");
}

#[tokio::test]
async fn the_transport_over_rustls_says_what_it_cannot_do() {
    let error = ask(|emulator| {
        HttpsTransport::builder()
            .identity(Identity::from_pem(emulator.management_pem().as_bytes()).unwrap())
            .root_certificates_pem(emulator.ca_pem().as_bytes())
            .build()
            .unwrap()
    });
    let error = error.await.unwrap_err();
    let cause = TransportError::of(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::CertificateNotRequested, "{cause:?}");
    assert!(cause.to_string().contains("crates/transport/examples/native-tls"), "{cause}");
    assert_eq!(error.kind(), ErrorKind::PerhapsSent, "the server had the request");
}
