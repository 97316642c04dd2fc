//! Tests against a server that requests the client certificate only after the request, by renegotiation of
//! TLS 1.2: `openssl s_server`, controlled by its command `R`.

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

/// A server for one connection, stopped when the test ends.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(certificate: &Path) -> Self {
        let mut child = Command::new("openssl")
            // The server requests no certificate in a resumed session.
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
        let address = wait_for(&said, "ACCEPT ").expect("the server prints its address");
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

/// Reads the request, then requests the certificate, and responds only after it is presented.
fn play(mut stdin: ChildStdin, said: &Receiver<String>) -> Option<()> {
    wait_for(said, "GET /")?;
    stdin.write_all(b"R\n").ok()?;
    // The result for the client's certificate (self-signed, which does not matter here) and the end of the
    // handshake come on two outputs, in any order.
    let mut awaited = vec!["depth=0 ", "SSL_do_handshake -> 1"];
    while !awaited.is_empty() {
        let line = said.recv().ok()?;
        awaited.retain(|beginning| !line.starts_with(beginning));
    }
    let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{CONTOSO}", CONTOSO.len());
    stdin.write_all(response.as_bytes()).ok()?;
    // Keeps the server's input open until it ends.
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

/// The rest of the first line that starts with the prefix.
fn wait_for(said: &Receiver<String>, beginning: &str) -> Option<String> {
    said.iter().find_map(|line| line.strip_prefix(beginning).map(str::to_owned))
}

/// Requests a cloud service from such a server. An emulator provides the certificates.
async fn request<T: Transport + 'static>(
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
async fn a_certificate_requested_after_the_request_is_presented() {
    let name = request(|emulator| {
        let management = emulator.management_pem().as_bytes();
        NativeTlsTransport::new(management, emulator.ca_pem().as_bytes()).unwrap()
    });
    assert_eq!(name.await.unwrap(), "contoso");
}

#[tokio::test]
async fn the_rustls_transport_reports_its_limitation() {
    let error = request(|emulator| {
        HttpsTransport::builder()
            .identity(Identity::from_pem(emulator.management_pem().as_bytes()).unwrap())
            .root_certificates_pem(emulator.ca_pem().as_bytes())
            .build()
            .unwrap()
    });
    let error = error.await.unwrap_err();
    let cause = TransportError::find_in(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::CertificateNotRequested, "{cause:?}");
    assert!(cause.to_string().contains("crates/transport/examples/native-tls"), "{cause}");
    assert_eq!(error.kind(), ErrorKind::MaybeSent, "the server had the request");
}
