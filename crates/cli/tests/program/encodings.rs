//! Text files as editors and shells of Windows save them.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::daemon::Daemon;
use crate::harness::{CONFIGURATION, program, run, run_at};

const FIXTURE: &str = r#"{ "services": [{ "name": "contoso", "location": "West US", "deployments": [
    { "slot": "production", "name": "shop", "configuration_file": "shop.cscfg" }] }] }"#;
const FAULTS: &str = r#"[{ "id": "busy", "when": { "operations": ["Get Deployment"] },
    "effect": { "respond": { "status": 409, "code": "ConflictError" } } }]"#;
const TIMING: &str = r#"{ "operation": { "polls": 3 } }"#;

fn utf_8_with_byte_order_mark(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").into_bytes()
}

fn utf_16_le(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf_16_be(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()
}

const ENCODINGS: [fn(&str) -> Vec<u8>; 3] = [utf_8_with_byte_order_mark, utf_16_le, utf_16_be];

struct Files(TempDir);

impl Files {
    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn files() -> Files {
    Files(tempfile::tempdir().unwrap())
}

#[test]
fn the_emulator_reads_its_files_in_each_encoding() {
    let configuration = CONFIGURATION.replace("count=\"2\"", "count=\"3\"");
    for encode in ENCODINGS {
        let files = files();
        files.write("shop.cscfg", &encode(&configuration));
        let fixture = files.write("fixture.json", &encode(FIXTURE));
        let faults = files.write("faults.json", &encode(FAULTS));
        let timing = files.write("timing.json", &encode(TIMING));
        let daemon =
            Daemon::start(&["--fixture", &fixture, "--faults", &faults, "--timing", &timing]);
        let service = run_at(&daemon, &["show", "service", "contoso", "--deployments"]);
        assert!(service.assert_exit_code(0).stdout.contains("Web_IN_2"));
        let outcome = run_at(
            &daemon,
            &["show", "deployment", "--service", "contoso", "--slot", "production"],
        );
        assert!(outcome.assert_exit_code(1).stderr.contains("409"));
    }
}

#[test]
fn a_rollout_reads_its_configuration_in_each_encoding() {
    let files = files();
    files.write("shop.cscfg", CONFIGURATION.as_bytes());
    let fixture = files.write("fixture.json", FIXTURE.as_bytes());
    let daemon = Daemon::start(&["--fixture", &fixture]);
    let declared = format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n{CONFIGURATION}");
    for (name, bytes) in [
        ("marked", utf_8_with_byte_order_mark(CONFIGURATION)),
        ("little-endian", utf_16_le(CONFIGURATION)),
        ("big-endian", utf_16_be(&declared)),
    ] {
        let configuration = files.write(name, &bytes);
        let outcome = dry_run(&daemon, &configuration).assert_exit_code(0);
        assert!(outcome.stdout.contains("<Mode>Manual</Mode>"), "{}", outcome.stdout);
    }
    let latin = CONFIGURATION.replace("Contoso", "Gr\u{1}\u{1}e");
    let latin: Vec<u8> = latin.bytes().map(|byte| if byte == 1 { 0xf6 } else { byte }).collect();
    let outcome = dry_run(&daemon, &files.write("latin", &latin)).assert_exit_code(2);
    assert!(outcome.stderr.contains("not UTF-8: invalid byte 0xf6"), "{}", outcome.stderr);
}

fn dry_run(daemon: &Daemon, configuration: &str) -> crate::harness::CommandResult {
    let options = ["rollout", "start", "--service", "contoso", "--slot", "production", "--dry-run"];
    let version = ["--package", crate::harness::PACKAGE, "--label", "new"];
    run_at(daemon, &[&options[..], &version, &["--configuration", configuration]].concat())
}

#[cfg(unix)]
#[test]
fn endless_files_and_pipes_are_rejected() {
    let files = files();
    let pipe = files.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let refused = |arguments: &[&str], path: &Path| {
        let mut command = program(arguments);
        command.arg(path).arg("--dir").arg(files.path("emulator"));
        run(command).assert_exit_code(2).stderr
    };
    for option in ["--fixture", "--faults", "--timing", "--load"] {
        let from = |path: &Path| refused(&["emulator", option], path);
        assert!(from(Path::new("/dev/zero")).contains("a pipe or a device"), "{option}");
        assert!(from(&pipe).contains("a pipe or a device"), "{option}");
        assert!(from(files.0.path()).contains("it is a directory"), "{option}");
    }
    for path in [Path::new("/dev/zero"), &pipe, files.0.path()] {
        let mut command = program(&["doctor"]);
        command.arg(path);
        run(command).assert_exit_code(2);
        let mut command = program(&["rollout", "report"]);
        std::os::unix::fs::symlink(path, files.path("record.events.jsonl")).unwrap();
        command.arg(files.path("record"));
        run(command).assert_exit_code(2);
        fs::remove_file(files.path("record.events.jsonl")).unwrap();
    }
}
