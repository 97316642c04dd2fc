//! `azure-classic doctor` from the outside.

use std::fs;

use crate::credential::{fixture, publish_settings};
use crate::daemon::Daemon;
use crate::harness::{emulator_json_field, program, run, run_at};

#[test]
fn files_are_examined_without_a_network() {
    let mut command = program(&["doctor"]);
    command.arg(fixture("legacy.pfx")).env("AZURE_CLASSIC_PASSPHRASE", "secret");
    let outcome = run(command).assert_exit_code(0);
    assert!(
        outcome.stdout.contains("legacy.pfx: PKCS#12\n  certificate   CN=contoso management\n")
    );
    let mut command = program(&["doctor"]);
    command.arg(fixture("aes256.pfx")).env("AZURE_CLASSIC_PASSPHRASE", "wr0ng");
    let outcome = run(command).assert_exit_code(1);
    assert!(outcome.stdout.contains("PROBLEM       the password is wrong"), "{}", outcome.stdout);
    assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains("wr0ng"));
    run(program(&["doctor"])).assert_exit_code(2);
}

#[test]
fn publish_settings_say_which_subscription_they_are_for_and_no_key() {
    let daemon = Daemon::start(&[]);
    let path = publish_settings(&daemon);
    let mut command = program(&["doctor"]);
    command.arg(&path);
    let outcome = run(command).assert_exit_code(0);
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let first = format!(
        "  subscription  {} Contoso\n  endpoint      {}\n",
        said("subscription"),
        said("endpoint")
    );
    assert!(outcome.stdout.contains(&first), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("Fabrikam\n"), "{}", outcome.stdout);
    let file = fs::read_to_string(&path).unwrap();
    let (_, certificate) = file.split_once("ManagementCertificate='").unwrap();
    assert!(!outcome.stdout.contains(&certificate[..40]));
}

#[test]
fn the_emulators_files_are_found_whole() {
    let daemon = Daemon::start(&[]);
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let files = ["management_certificate", "management_pfx", "publish_settings"].map(said);
    let mut command = program(&["doctor"]);
    command.args(&files);
    let stdout = run(command).assert_exit_code(0).stdout;
    for kind in ["management.pem: PEM\n", "management.pfx: PKCS#12\n", "publish settings\n"] {
        assert!(stdout.contains(kind), "{stdout}");
    }
    for line in [
        format!("  thumbprint    {}\n", said("thumbprint")),
        "  key           RSA, 2048 bits\n".to_owned(),
        "  private key   belongs to the certificate\n".to_owned(),
    ] {
        assert_eq!(stdout.matches(&line).count(), files.len(), "{stdout}");
    }
    assert!(stdout.contains(&format!("  endpoint      {}\n", said("endpoint"))), "{stdout}");
}

#[test]
fn a_connection_says_how_far_it_goes() {
    let daemon = Daemon::start(&[]);
    let outcome = run_at(&daemon, &["doctor", "--connect"]).assert_exit_code(0);
    assert!(
        outcome.stdout.ends_with(
            "\n  name lookup   ok\n  TCP           ok\n  TLS           ok\n  certificate   ok\n  \
             response      ok\n  access        ok\n"
        ),
        "{}",
        outcome.stdout
    );
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let connect = |ca: &str, endpoint: &str| {
        let mut command = program(&["doctor", "--connect", "--ca", ca, "--endpoint", endpoint]);
        command.args(["--subscription", &said("subscription")]).arg(fixture("ec.pem"));
        run(command).assert_exit_code(1)
    };
    let (ca, endpoint) = (said("certificate_authority"), said("endpoint"));
    let stranger = connect(&ca, &endpoint);
    assert!(stranger.stdout.ends_with("response      ok\n  access        failed\n"));
    assert!(stranger.stderr.contains("403"), "{}", stranger.stderr);

    let other = fixture("rsa.pem");
    let untrusted = connect(other.to_str().unwrap(), &endpoint);
    let end = "TCP           ok\n  TLS           failed\n  certificate   not reached\n  response      not \
               reached\n  access        not reached\n";
    assert!(untrusted.stdout.ends_with(end), "{}", untrusted.stdout);

    drop(daemon);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("https://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut command = program(&["doctor", "--connect", "--endpoint", &closed]);
    command.args(["--subscription", "5d2a7c13-93f7-4c0f-8d6b-0b6c0f4f7e21"]).arg(fixture("ec.pem"));
    let outcome = run(command).assert_exit_code(1);
    assert!(outcome.stdout.contains("TCP           failed\n"), "{}", outcome.stdout);
}
