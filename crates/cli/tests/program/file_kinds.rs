//! Certificates, keys and what is mistaken for them, given to every command that reads one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use azure_classic::credentials::{CredentialFile, FileKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use crate::credential::fixture;
use crate::daemon::Daemon;
use crate::harness::{emulator_json_field, program, run};

struct Files(TempDir);

impl Files {
    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

fn files() -> Files {
    Files(tempfile::tempdir().unwrap())
}

fn read(name: &str) -> Vec<u8> {
    fs::read(fixture(name)).unwrap()
}

fn doctor(files: &[&Path]) -> Command {
    let mut command = program(&["doctor"]);
    command.args(files).env("AZURE_CLASSIC_PASSPHRASE", "secret");
    command
}

/// A command that needs a credential.
fn show(daemon: &Daemon, options: &[(&str, &Path)]) -> Command {
    let mut command = program(&["show", "service", "contoso"]);
    for field in ["endpoint", "subscription"] {
        command.arg(format!("--{field}")).arg(emulator_json_field(daemon.dir(), field));
    }
    if !options.iter().any(|(option, _)| *option == "--ca") {
        command.arg("--ca").arg(emulator_json_field(daemon.dir(), "certificate_authority"));
    }
    for (option, path) in options {
        command.arg(option).arg(path);
    }
    command.env("AZURE_CLASSIC_PASSPHRASE", "secret");
    command
}

#[test]
fn each_form_of_a_credential_is_described_and_used() {
    let daemon = Daemon::start(&[]);
    let files = files();
    let base64 = STANDARD.encode(read("aes256.pfx"));
    let utf_16: Vec<u8> =
        format!("\u{feff}{base64}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let traditional = String::from_utf8(read("ec-traditional.pem")).unwrap();
    for (name, bytes) in [
        ("base64.pfx", base64.into_bytes()),
        ("utf-16.pfx", utf_16),
        ("traditional.pem", traditional.clone().into_bytes()),
        ("windows.pem", traditional.replace('\n', " \r\n").into_bytes()),
        ("base64.pem", STANDARD.encode(&traditional).into_bytes()),
    ] {
        let path = files.write(name, &bytes);
        let outcome = run(doctor(&[&path])).assert_exit_code(0);
        assert!(outcome.stdout.contains("belongs to the certificate"), "{}", outcome.stdout);
        let outcome = run(show(&daemon, &[("--certificate", &path)])).assert_exit_code(1);
        assert!(outcome.stderr.contains("the service responded with 403"), "{}", outcome.stderr);
    }
}

#[test]
fn certificate_and_key_may_be_in_two_files_of_any_form() {
    let daemon = Daemon::start(&[]);
    let files = files();
    let pem = PathBuf::from(emulator_json_field(daemon.dir(), "management_certificate"));
    let cer = PathBuf::from(emulator_json_field(daemon.dir(), "management_certificate_der"));
    let contents = CredentialFile::recognize(&fs::read(&pem).unwrap()).open(None).unwrap();
    let key = files.write("key.der", contents.private_keys[0].secret_der());
    let base64 = STANDARD.encode(contents.private_keys[0].secret_der());
    let base64 = files.write("key.txt", base64.as_bytes());
    for (certificate, key) in [(&cer, &pem), (&cer, &key), (&pem, &key), (&cer, &base64)] {
        let options = [("--certificate", certificate.as_path()), ("--key", key)];
        let outcome = run(show(&daemon, &options)).assert_exit_code(1);
        assert!(outcome.stderr.contains("the service responded with 404"), "{}", outcome.stderr);
        let outcome = run(doctor(&[certificate, key])).assert_exit_code(0);
        assert!(outcome.stdout.contains("belongs to the certificate"), "{}", outcome.stdout);
    }
    let outcome = run(doctor(&[&cer, &fixture("ec-sec1.der")])).assert_exit_code(1);
    assert!(outcome.stdout.contains("do not match"), "{}", outcome.stdout);
}

#[test]
fn a_file_of_another_kind_is_named_by_every_command_that_loads_it() {
    let daemon = Daemon::start(&[]);
    let files = files();
    let own = PathBuf::from(emulator_json_field(daemon.dir(), "management_certificate"));
    for (name, bytes, named) in [
        ("web.publishsettings", &b"<publishData><publishProfile/></publishData>"[..], "web site"),
        ("login.html", b"<!DOCTYPE html><html>", "a web page (HTML)"),
        ("account.json", b"{\"clientId\": 1}", "a JSON document"),
        ("store.jks", b"\xfe\xed\xfe\xed\0\0\0\x02", "a Java key store"),
        ("key.ppk", b"PuTTY-User-Key-File-2: ssh-rsa", "a PuTTY private key"),
        ("empty.pem", b"", "an empty file"),
        ("cut.pfx", &read("aes256.pfx")[..500], "a truncated file"),
        ("request.csr", &read("request.der"), "a certificate request"),
    ] {
        let path = files.write(name, bytes);
        let outcome = run(doctor(&[&path])).assert_exit_code(1);
        assert!(outcome.stdout.contains(named), "{name}: {}", outcome.stdout);
        for options in [
            &[("--certificate", &*path)][..],
            &[("--certificate", &*own), ("--key", &*path)],
            &[("--publish-settings", &*path)],
            &[("--certificate", &*own), ("--ca", &*path)],
        ] {
            let mut command = show(&daemon, options);
            if options[0].0 == "--publish-settings" {
                command = program(&["show", "service", "contoso", "--publish-settings"]);
                command.arg(&path);
            }
            let outcome = run(command).assert_exit_code(2);
            assert!(outcome.stderr.contains(named), "{options:?}: {}", outcome.stderr);
        }
    }
    let settings = PathBuf::from(emulator_json_field(daemon.dir(), "publish_settings"));
    let outcome = run(show(&daemon, &[("--certificate", &settings)])).assert_exit_code(2);
    assert!(outcome.stderr.contains("--publish-settings"), "{}", outcome.stderr);
    let mut command = program(&["show", "service", "contoso", "--publish-settings"]);
    command.arg(&own);
    let outcome = run(command).assert_exit_code(2);
    assert!(outcome.stderr.contains("--certificate"), "{}", outcome.stderr);
    assert_eq!(CredentialFile::recognize(&read("ec.pem")).kind(), FileKind::Pem);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;

    let files = files();
    for (name, bytes, has_key) in [
        ("ec.pem", read("ec.pem"), true),
        ("aes256.pfx", read("aes256.pfx"), true),
        ("chain.p7b", read("chain.p7b"), false),
    ] {
        for (mode, access) in [
            (0o600, None),
            (0o640, Some("read")),
            (0o604, Some("read")),
            (0o644, Some("read")),
            (0o620, Some("read or change")),
            (0o666, Some("read or change")),
        ] {
            let path = files.write(name, &bytes);
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let stdout = run(doctor(&[&path])).stdout;
            let warning = access
                .filter(|_| has_key)
                .map(|access| format!("others can {access} it (mode {mode:04o}): chmod 600 "));
            match warning {
                Some(warning) => assert!(stdout.contains(&warning), "{mode:o} {stdout}"),
                None => assert!(!stdout.contains("others can"), "{mode:o} {stdout}"),
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_key_in_a_directory_that_others_can_write_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;

    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("ec.pem");
    fs::write(&path, read("ec.pem")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    for (mode, is_open) in [(0o755, false), (0o775, true), (0o777, true), (0o1777, false)] {
        fs::set_permissions(files.path(), fs::Permissions::from_mode(mode)).unwrap();
        let warning = format!("its directory (mode {mode:04o}): chmod go-w ");
        let absolute = run(doctor(&[&path])).stdout;
        let mut command = doctor(&[Path::new("ec.pem")]);
        command.current_dir(files.path());
        let relative = run(command).stdout;
        for stdout in [absolute, relative] {
            assert_eq!(stdout.contains(&warning), is_open, "{mode:o} {stdout}");
            assert_eq!(stdout.contains("others can"), is_open, "{mode:o} {stdout}");
        }
    }
}

#[test]
fn root_certificates_are_examined_too() {
    let files = files();
    let examine = |ca: &Path| {
        let mut command = program(&["doctor", "--ca"]);
        command.arg(ca).arg(fixture("plain-certificate.pfx"));
        command.env("AZURE_CLASSIC_PASSPHRASE", "secret");
        run(command)
    };
    let good = examine(&fixture("chain.p7b")).assert_exit_code(0);
    assert!(good.stdout.contains(": root certificates, a PKCS#7 file"), "{}", good.stdout);
    assert!(good.stdout.contains("CN=contoso authority"), "{}", good.stdout);
    let key = files.write("key.der", &read("ec-sec1.der"));
    for (path, why) in [
        (&key, "no root certificate found in an elliptic curve private key"),
        (&files.write("ca.html", b"<html>"), "no root certificate found in a web page"),
    ] {
        let outcome = examine(path).assert_exit_code(1);
        assert!(outcome.stdout.contains(why), "{}", outcome.stdout);
    }
}
