//! Management certificates in the files that people have.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::daemon::Daemon;
use crate::harness::{CommandResult, emulator_json_field, program, run};

/// A file of the crate that opens them.
pub(crate) fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "credentials", "tests", "fixtures", name].iter().collect()
}

/// Sends a request with a certificate that the emulator does not know: 403 shows that it was presented.
fn show_command(daemon: &Daemon, certificate: &str) -> Command {
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let mut command = program(&["show", "service", "contoso"]);
    command
        .args(["--endpoint", &said("endpoint"), "--subscription", &said("subscription")])
        .args(["--ca", &said("certificate_authority"), "--certificate"])
        .arg(fixture(certificate));
    command
}

fn assert_presented(outcome: CommandResult) {
    let outcome = outcome.assert_exit_code(1);
    assert!(outcome.stderr.contains("the service responded with 403"), "{}", outcome.stderr);
}

#[test]
fn a_pfx_opens_with_the_password_of_the_environment_or_of_stdin() {
    let daemon = Daemon::start(&[]);
    let mut command = show_command(&daemon, "legacy.pfx");
    assert_presented(run({
        command.env("AZURE_CLASSIC_PASSPHRASE", "secret");
        command
    }));

    let mut command = show_command(&daemon, "aes256.pfx");
    command.arg("--passphrase-stdin").stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"secret\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert_presented(CommandResult {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    });
    assert_presented(run(show_command(&daemon, "null-password.pfx")));
}

#[test]
fn wrong_and_missing_password_have_different_errors() {
    let daemon = Daemon::start(&[]);
    let mut command = show_command(&daemon, "legacy.pfx");
    command.env("AZURE_CLASSIC_PASSPHRASE", "wr0ng");
    let outcome = run(command).assert_exit_code(2);
    assert!(outcome.stderr.contains("caused by: the password is wrong\n"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("wr0ng"), "{}", outcome.stderr);
    let outcome = run(show_command(&daemon, "legacy.pfx")).assert_exit_code(2);
    assert!(
        outcome.stderr.contains("it is encrypted, and no password was given\n"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("hint: the password is read from AZURE_CLASSIC_PASSPHRASE"));
}

/// Writes a `.publishsettings` file of both versions in one: two subscriptions at the emulator.
pub(crate) fn publish_settings(daemon: &Daemon) -> PathBuf {
    let certificate = STANDARD.encode(fs::read(fixture("null-password.pfx")).unwrap());
    let url = emulator_json_field(daemon.dir(), "endpoint");
    let first = emulator_json_field(daemon.dir(), "subscription");
    let text = format!(
        "<PublishData><PublishProfile Url='{url}/' ManagementCertificate='{certificate}'>\
         <Subscription Id='{first}' Name='Contoso'/><Subscription Id='{OTHER}' Name='Fabrikam'/>\
         </PublishProfile></PublishData>"
    );
    let path = daemon.dir().join("contoso.publishsettings");
    fs::write(&path, text).unwrap();
    path
}

const OTHER: &str = "5d2a7c13-93f7-4c0f-8d6b-0b6c0f4f7e21";

#[test]
fn publish_settings_stand_for_endpoint_subscription_and_certificate() {
    let daemon = Daemon::start(&[]);
    let path = publish_settings(&daemon);
    let show = || {
        let mut command = program(&["show", "service", "contoso", "--publish-settings"]);
        command
            .arg(&path)
            .args(["--ca", &emulator_json_field(daemon.dir(), "certificate_authority")]);
        command
    };
    let outcome = run(show()).assert_exit_code(2);
    assert!(outcome.stderr.contains("has several subscriptions, and none is named"));
    assert!(outcome.stderr.contains(OTHER), "{}", outcome.stderr);

    let mut named = show();
    named.args(["--subscription", &emulator_json_field(daemon.dir(), "subscription")]);
    named.env("AZURE_CLASSIC_ENDPOINT", "https://192.0.2.1").env("AZURE_CLASSIC_KEY", "nowhere");
    assert_presented(run(named));

    let mut unknown = show();
    unknown.args(["--subscription", "00000000-0000-0000-0000-000000000000"]);
    let outcome = run(unknown).assert_exit_code(2);
    assert!(outcome.stderr.contains("is not in "), "{}", outcome.stderr);

    let mut twice = show();
    twice.arg("--certificate").arg(fixture("ec.pem"));
    let outcome = run(twice).assert_exit_code(2);
    assert!(outcome.stderr.contains("--certificate cannot be used with --publish-settings"));
}

#[test]
fn a_bad_certificate_in_publish_settings_is_named_by_its_subscription() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("contoso.publishsettings");
    let good = fs::read(fixture("null-password.pfx")).unwrap();
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    let good = STANDARD.encode(good);
    for bad in [
        "!!secret!!".to_owned(),
        STANDARD.encode("secret"),
        STANDARD.encode(fs::read(fixture("legacy.pfx")).unwrap()),
        STANDARD.encode(changed),
        good[..400].to_owned(),
    ] {
        let text = format!(
            "<PublishData><PublishProfile Url='https://127.0.0.1:1'>\
             <Subscription Id='00000000-0000-0000-0000-000000000000' ManagementCertificate='{good}'/>\
             <Subscription Id='{OTHER}' ManagementCertificate='{bad}'/>\
             </PublishProfile></PublishData>"
        );
        fs::write(&path, text).unwrap();
        let mut command = program(&["show", "service", "contoso", "--subscription", OTHER]);
        command.arg("--publish-settings").arg(&path);
        let stderr = run(command).assert_exit_code(2).stderr;
        assert!(stderr.contains(&format!("the subscription {OTHER}")), "{stderr}");
        assert!(stderr.contains("ManagementCertificate"), "{stderr}");
        assert!(stderr.contains("contoso.publishsettings"), "{stderr}");
        assert!(!stderr.contains("AZURE_CLASSIC_PASSPHRASE"), "{stderr}");
        assert!(!stderr.contains("secret") && !stderr.contains(&bad), "{stderr}");
    }
}

/// With a known certificate, the response for a missing service is 404.
fn assert_authorized(outcome: CommandResult) {
    let outcome = outcome.assert_exit_code(1);
    assert!(outcome.stderr.contains("the service responded with 404"), "{}", outcome.stderr);
}

#[test]
fn every_credential_file_of_the_emulator_is_accepted() {
    let daemon = Daemon::start(&[]);
    let said = |field: &str| emulator_json_field(daemon.dir(), field);
    let show = |arguments: &[&str]| {
        let mut command = program(&["show", "service", "contoso"]);
        command.args(["--ca", &said("certificate_authority")]).args(arguments);
        run(command)
    };
    let (endpoint, subscription) = (said("endpoint"), said("subscription"));
    let place = ["--endpoint", &endpoint, "--subscription", &subscription, "--certificate"];
    for field in ["management_certificate", "management_pfx"] {
        assert_authorized(show(&[&place[..], &[&said(field)]].concat()));
    }
    assert_authorized(show(&["--publish-settings", &said("publish_settings")]));
}
