//! The proxy that the environment names.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread::{self, JoinHandle};

use crate::credential::fixture;
use crate::daemon::Daemon;
use crate::harness::{deploy, program, run};

/// An address at which nothing listens.
fn unused_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// The command against an endpoint that only a proxy could reach.
fn remote(arguments: &[&str]) -> Command {
    let mut command = program(arguments);
    command
        .args(["--endpoint", "https://management.example.test"])
        .args(["--subscription", "5d2a7c13-93f7-4c0f-8d6b-0b6c0f4f7e21"])
        .arg("--certificate")
        .arg(fixture("ec.pem"));
    command
}

/// A proxy that responds to one CONNECT, and returns the request.
fn serve_once(response: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap() == 1 {
            head.push(byte[0]);
        }
        client.write_all(response.as_bytes()).unwrap();
        String::from_utf8(head).unwrap()
    });
    (address, served)
}

#[test]
fn an_emulator_on_loopback_is_reached_without_the_proxy() {
    let daemon = Daemon::start(&["--speed", "100"]);
    deploy(&daemon);
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        for value in [format!("http://{}", unused_address()), "socks5://127.0.0.1:1".to_owned()] {
            let mut command = program(&["show", "service", "contoso", "--emulator"]);
            command.arg(daemon.dir()).env(variable, value);
            run(command).assert_exit_code(0);
        }
    }
    let mut command = program(&["doctor", "--connect", "--emulator"]);
    command.arg(daemon.dir()).env("HTTPS_PROXY", unused_address());
    let outcome = run(command).assert_exit_code(0);
    let line = "\n  proxy         not used: the endpoint is exempt\n  name lookup   ok\n";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
}

#[test]
fn another_endpoint_is_requested_for_through_the_proxy() {
    for (variable, status, why) in [
        ("HTTPS_PROXY", "407 Proxy Authentication Required", "requires credentials (407)"),
        ("https_proxy", "403 Forbidden", "does not allow a tunnel to management.example.test"),
        ("ALL_PROXY", "502 Bad Gateway", "cannot reach management.example.test (502 Bad Gateway)"),
    ] {
        let response = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        let (address, served) = serve_once(response.leak());
        let mut command = remote(&["doctor", "--connect"]);
        command.env(variable, format!("http://user:se%20cret@{address}"));
        let outcome = run(command).assert_exit_code(1);
        assert_eq!(
            served.join().unwrap(),
            "CONNECT management.example.test:443 HTTP/1.1\r\nHost: management.example.test:443\r\n\
             Proxy-Authorization: Basic dXNlcjpzZSBjcmV0\r\n\r\n"
        );
        assert!(outcome.stderr.contains(&format!("the proxy {address}")), "{}", outcome.stderr);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("hint: the variables HTTPS_PROXY and ALL_PROXY name the proxy")
        );
        let lines = format!(
            "  proxy         {address}\n  tunnel        failed\n  TLS           not reached\n"
        );
        assert!(outcome.stdout.contains(&lines), "{}", outcome.stdout);
        assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains("cret"));
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_by_its_variable() {
    for (variable, value, why) in [
        (
            "ALL_PROXY",
            "socks5h://user:secret@127.0.0.1:1080",
            "the proxy in ALL_PROXY is a SOCKS proxy",
        ),
        ("HTTPS_PROXY", "https://127.0.0.1:3128", "the proxy in HTTPS_PROXY is reached over TLS"),
        (
            "https_proxy",
            "http://user:secret@:3128",
            "the proxy in https_proxy has an address without host",
        ),
    ] {
        let mut command = remote(&["doctor", "--connect"]);
        command.env(variable, value);
        let outcome = run(command).assert_exit_code(1);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("secret"), "{}", outcome.stderr);
        assert!(outcome.stdout.contains("  tunnel        failed\n"), "{}", outcome.stdout);
    }
}
