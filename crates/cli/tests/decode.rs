//! `azure-classic decode`, from the outside.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Runs the program in a directory, with this on its standard input.
fn decode(directory: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_azure-classic"))
        .arg("decode")
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends early does not read it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[track_caller]
fn stdout(output: &Output, code: i32) -> &str {
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
    str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

const OPERATION: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
    <Operation xmlns=\"http://schemas.microsoft.com/windowsazure\" \
    xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:type=\"Old\">\
    <ID>4f3a9cbde01c4d24a6b1ca5ed9a3a2b1</ID><Status>Succeeded</Status>\
    <Region>usnorth</Region><Error i:nil=\"true\"/></Operation>";
const ERROR: &str = "<Error xmlns=\"http://schemas.microsoft.com/windowsazure\">\
    <Code>ResourceNotFound</Code><Message>Gone.</Message></Error>";

#[test]
fn a_document_becomes_json() {
    let here = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["-"], &["--operation", "get operation STATUS"]] {
        let output = decode(here.path(), arguments, OPERATION);
        let model: Value = serde_json::from_str(stdout(&output, 0)).unwrap();
        assert_eq!(model, json!({"ID": "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1", "Status": "Succeeded"}));
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn what_the_model_does_not_carry_is_listed() {
    let here = tempfile::tempdir().unwrap();
    let output = decode(here.path(), &["--unknown"], OPERATION);
    assert_eq!(stdout(&output, 0), "Operation/@type\nOperation/Region\n");
    let output = decode(here.path(), &["--unknown"], ERROR);
    assert_eq!(stdout(&output, 0), "");
}

#[test]
fn an_error_is_decoded_as_one_even_under_an_operation() {
    let here = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["--operation", "Get Deployment"]] {
        let output = decode(here.path(), arguments, ERROR);
        let model: Value = serde_json::from_str(stdout(&output, 0)).unwrap();
        assert_eq!(model, json!({"Code": "ResourceNotFound", "Message": "Gone."}));
    }
}

#[test]
fn several_files_are_decoded_whatever_becomes_of_some() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("a.xml"), OPERATION).unwrap();
    fs::write(here.path().join("b.xml"), "<html></html>").unwrap();
    fs::write(here.path().join("c.xml"), ERROR).unwrap();
    let files = ["a.xml", "b.xml", "missing.xml", "c.xml"];

    let output = decode(here.path(), &files, "");
    let models: Vec<Value> = serde_json::Deserializer::from_str(stdout(&output, 1))
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(models.len(), 2);
    assert_eq!(
        (&models[0]["Status"], &models[1]["Message"]),
        (&json!("Succeeded"), &json!("Gone."))
    );
    let errors: Vec<_> =
        stderr(&output).lines().filter(|line| line.starts_with("error:")).collect();
    assert_eq!(
        errors,
        [
            "error: cannot decode b.xml",
            "error: cannot read missing.xml",
            "error: 2 of 4 files could not be decoded",
        ]
    );

    let output = decode(here.path(), &["--unknown", "a.xml", "c.xml"], "");
    assert_eq!(stdout(&output, 0), "a.xml: Operation/@type\na.xml: Operation/Region\n");
}

#[test]
fn a_document_that_does_not_fit_its_operation_says_where() {
    let here = tempfile::tempdir().unwrap();
    let document = "<Operation xmlns=\"http://schemas.microsoft.com/windowsazure\"><ID>4f</ID>\
        <HttpStatusCode>200</HttpStatusCode></Operation>";
    let output = decode(here.path(), &[], document);
    assert_eq!(stdout(&output, 1), "");
    assert_eq!(
        stderr(&output),
        "error: cannot decode standard input\n\
         caused by: Get Operation Status cannot be read: Operation: the element Status is missing\n"
    );
}

#[test]
fn a_number_that_cannot_be_read_is_reported_as_unknown() {
    let here = tempfile::tempdir().unwrap();
    let document = "<Operation xmlns=\"http://schemas.microsoft.com/windowsazure\"><ID>4f</ID>\
        <Status>Failed</Status><HttpStatusCode>x</HttpStatusCode></Operation>";
    let output = decode(here.path(), &["--unknown"], document);
    assert_eq!(stdout(&output, 0), "Operation/HttpStatusCode/text()\n");
}

#[test]
fn operations_are_listed() {
    let here = tempfile::tempdir().unwrap();
    let output = decode(here.path(), &["--operation", "help"], "");
    assert!(stdout(&output, 0).lines().any(|line| line == "Rollback Update Or Upgrade"));
    let output = decode(here.path(), &["--operation", "Get Deploymint"], "");
    assert_eq!(stdout(&output, 2), "");
    assert!(stderr(&output).contains("no operation is called \"Get Deploymint\"\nhint: "));
    assert!(stderr(&output).contains(", Get Deployment, "), "{}", stderr(&output));
}

#[test]
fn an_archive_is_decoded_to_its_end() {
    let here = tempfile::tempdir().unwrap();
    let lines = [
        json!({"status": 200, "response_body": OPERATION}).to_string(),
        json!({"status": 404, "response_body": ERROR, "method": "GET", "path": "/s/locations"})
            .to_string(),
        "not JSON".to_owned(),
        json!({"status": 200, "method": "GET", "path": "/s/services/images"}).to_string(),
    ];
    let output = decode(here.path(), &["--jsonl"], &lines.join("\n"));
    let expected = [
        r#"{"operation":"Get Operation Status","ok":true,"error":null,"unknown":["Operation/@type","Operation/Region"]}"#,
        r#"{"operation":"List Locations","ok":true,"error":null,"unknown":[]}"#,
        r#"{"operation":null,"ok":false,"error":"not a usable line: line 3: it is not a JSON object","unknown":[]}"#,
        r#"{"operation":null,"ok":false,"error":"no known operation has this response: GET /s/services/images, an empty body","unknown":[]}"#,
    ];
    assert_eq!(stdout(&output, 0), expected.join("\n") + "\n");
    assert_eq!(
        stderr(&output),
        "lines: 4, ok: 2, not ok: 2, with unknowns: 1\n\
         by operation:\n       2  (unknown)\n       1  Get Operation Status\n       1  List Locations\n\
         not ok, by reason:\n       1  no known operation has this response (first in line 4)\n       1  not a usable line (first in line 3)\n"
    );
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_azure-classic"))
        .args(["decode", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    // It may have ended before all of this is written.
    let _ = child.stdin.take().unwrap().write_all(&b"{\"status\": 307}\n".repeat(10_000));
    let output = child.wait_with_output().unwrap();
    assert_eq!(stdout(&output, 0), "");
    assert_eq!(stderr(&output), "");
}

#[test]
fn an_archive_and_files_exclude_each_other() {
    let here = tempfile::tempdir().unwrap();
    for arguments in [["--jsonl", "a.xml"], ["--jsonl", "--operation=help"]] {
        assert_eq!(stdout(&decode(here.path(), &arguments, ""), 2), "");
    }
}

#[test]
fn a_document_is_decoded_in_the_encoding_that_an_editor_saved_it_in() {
    let directory = tempfile::tempdir().unwrap();
    let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    let declared = OPERATION.replace("\"utf-8\"", "\"utf-16\"");
    for (name, bytes) in [
        ("utf-8", OPERATION.as_bytes().to_vec()),
        ("little-endian", utf_16(OPERATION, u16::to_le_bytes)),
        ("big-endian", utf_16(OPERATION, u16::to_be_bytes)),
        ("declared", utf_16(&declared, u16::to_le_bytes)),
    ] {
        fs::write(directory.path().join(name), bytes).unwrap();
        let output = decode(directory.path(), &[name], "");
        let model: Value = serde_json::from_str(stdout(&output, 0)).unwrap();
        assert_eq!(model["Status"], "Succeeded", "{name}");
    }
    fs::write(directory.path().join("cut"), b"\xff\xfe<\0a").unwrap();
    let output = decode(directory.path(), &["cut"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("truncated UTF-16"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn only_a_regular_file_is_decoded() {
    let directory = tempfile::tempdir().unwrap();
    assert!(Command::new("mkfifo").arg(directory.path().join("pipe")).status().unwrap().success());
    for (path, why) in
        [("/dev/zero", "a pipe or a device"), ("pipe", "a pipe or a device"), (".", "a directory")]
    {
        let output = decode(directory.path(), &[path], "");
        assert_eq!(output.status.code(), Some(2), "{path}");
        assert!(stderr(&output).contains(why), "{path}: {}", stderr(&output));
    }
}
