use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// The reports on these lines, and the summary.
fn decode(input: &[u8]) -> (Vec<Value>, String) {
    let mut output = Vec::new();
    let summary = super::decode(&Catalogue::new(), input, &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    let reports = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (reports, summary.to_string())
}

#[track_caller]
fn report(line: &Value) -> Value {
    let (mut reports, _) = decode(line.to_string().as_bytes());
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

fn in_azure(root: &str, content: &str) -> String {
    format!(r#"<{root} xmlns="http://schemas.microsoft.com/windowsazure">{content}</{root}>"#)
}

fn error_body(code: &str) -> String {
    in_azure("Error", &format!("<Code>{code}</Code><Message>No.</Message>"))
}

#[test]
fn an_archive_in_utf_16_is_read() {
    let line = json!({"status": 200, "response_body": in_azure("Operation", "<ID>größe</ID><Status>Succeeded</Status>")});
    let text = format!("{line}\r\n\r\n{line}");
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let marked = std::iter::once(0xfeff).chain(text.encode_utf16());
        let (reports, _) = decode(&marked.flat_map(bytes).collect::<Vec<_>>());
        assert_eq!(reports.len(), 2);
        assert!(reports.iter().all(|report| report["ok"] == true), "{reports:?}");
    }
}

const ROLLBACK: &str = "/s/services/hostedservices/contoso/deploymentslots/staging/";

#[test]
fn operation_is_found_by_the_request() {
    let line = json!({
        "status": 200, "method": "GET", "path": "/s/operations/4f3a9cbde01c4d24a6b1ca5ed9a3a2b1",
        "response_body": in_azure("Operation", "<ID>4f3a</ID><Status>InProgress</Status><New a='1'/>"),
        "response_headers": {"Content-Type": ["application/xml"], "x-ms-request-id": "4f", "": 5},
        "more": {"is": ["passed over"]},
    });
    let expected = json!({
        "operation": "Get Operation Status", "ok": true, "error": null,
        "unknown": ["Operation/New", "Operation/New/@a"],
    });
    assert_eq!(report(&line), expected);
}

#[test]
fn a_query_may_be_text_or_an_object() {
    for query in [json!("comp=rollback"), json!("?COMP=RollBack"), json!({"comp": "rollback"})] {
        for body in [Value::Null, json!("")] {
            let line = json!({
                "status": 202, "method": "POST", "path": ROLLBACK, "query": query,
                "response_body": body,
            });
            let report = report(&line);
            assert_eq!(report["operation"], "Rollback Update Or Upgrade");
            assert_eq!(report["ok"], true, "{report}");
        }
    }
}

#[test]
fn unexpected_body_is_reported_as_unknown() {
    let path = format!("{ROLLBACK}?comp=rollback");
    let line = json!({
        "status": "202", "method": "POST", "path": path, "response_body": "<Surprise/>",
    });
    let report = report(&line);
    assert_eq!((&report["ok"], &report["unknown"]), (&json!(true), &json!(["Surprise"])));
}

#[test]
fn model_with_fewest_unknown_elements_is_chosen() {
    let keys = "<Url>https://x</Url><StorageServiceKeys><Primary>a</Primary><Secondary>b</Secondary></StorageServiceKeys>";
    let line = json!({"status": 200, "response_body": in_azure("StorageService", keys)});
    let reported = report(&line);
    assert_eq!(reported["operation"], "Get Storage Account Keys", "{reported}");
    assert_eq!(reported["unknown"], json!([]));

    let line = json!({
        "status": 200, "response_body": in_azure("AvailabilityResponse", "<Result>true</Result>"),
    });
    assert_eq!(report(&line)["operation"], "Check Cloud Service Name Availability");
}

#[test]
fn error_response_is_decoded_as_error() {
    let line = json!({
        "status": 404, "method": "GET", "path": "/s/services/images/x",
        "response_body": error_body("ResourceNotFound").replace("</Error>", "<Extra/></Error>"),
    });
    let expected =
        json!({"operation": null, "ok": true, "error": null, "unknown": ["Error/Extra"]});
    assert_eq!(report(&line), expected);

    let line = json!({
        "status": 409, "method": "POST", "path": ROLLBACK, "query": "comp=rollback",
        "response_body": error_body("ConflictError"),
    });
    assert_eq!(report(&line)["operation"], "Rollback Update Or Upgrade");
}

#[test]
fn undecodable_response_reports_the_reason() {
    let get = |path: &str, body: &str| json!({"status": 200, "method": "GET", "path": path, "response_body": body});
    let of_status = |status: u16, body: &str| json!({"status": status, "response_body": body});
    for (line, why) in [
        (
            get("/s/services/images", &in_azure("Images", "")),
            "no known operation has this response: GET /s/services/images, root element Images",
        ),
        (get("/s/services/disks", ""), "GET /s/services/disks, an empty body"),
        (
            of_status(200, "<Deployment/>"),
            "response: root element Deployment, which lies in another namespace",
        ),
        (get("/s/locations", ""), "List Locations cannot be read: the document is empty"),
        (
            get("/s/locations", &in_azure("Operation", "")),
            "List Locations cannot be read: expected the element Locations",
        ),
        (
            get(
                "/s/operations/4f",
                "<Operation xmlns='http://schemas.microsoft.com/windowsazure'><ID>",
            ),
            "Get Operation Status cannot be read: the document ends inside Operation/ID",
        ),
        (
            of_status(502, "<html><body>Bad gateway</body></html>"),
            "an error response without the service's Error: status 502: the document is an HTML page",
        ),
        (of_status(200, "{}"), "response: a body that is not XML"),
        (of_status(500, ""), "status 500: the document is empty"),
        (of_status(307, ""), "a redirect: status 307"),
        (of_status(100, ""), "not a final response: status 100"),
    ] {
        let report = report(&line);
        assert_eq!(report["ok"], false, "{line}");
        let error = report["error"].as_str().unwrap();
        assert!(error.contains(why), "{line}: {error}");
    }
}

#[test]
fn invalid_line_is_reported_with_its_number() {
    let good = json!({"status": 400, "response_body": error_body("BadRequest")}).to_string();
    let bad: &[(&str, &str)] = &[
        ("{\"status\": 200,", "line 2: EOF while parsing"),
        ("[200, \"<a/>\"]", "line 3: it is not a JSON object"),
        ("{}", "line 4: missing field `status` (column 2)"),
        (r#"{"status": 99}"#, "line 5: status is not a number from 100 to 999"),
        (r#"{"status": {"code": 200}}"#, "line 6: status is not a number from 100 to 999"),
        (r#"{"status": 200, "response_body": {}}"#, "line 7: invalid type: map"),
        ("nonsense", "line 8: it is not a JSON object"),
    ];
    let mut input = format!("\u{feff}{good}\r\n").into_bytes();
    for (line, _) in bad {
        input.extend(format!("{line}\n").bytes());
    }
    input.extend(b"\n  \n{\"status\": 200, \"response_body\": \"\xff\"}\n");
    input.extend(good.bytes());

    let (reports, summary) = decode(&input);
    let errors: Vec<_> = reports.iter().map(|report| report["error"].as_str()).collect();
    assert_eq!(errors.len(), bad.len() + 3);
    assert_eq!((errors[0], errors[bad.len() + 2]), (None, None));
    for (error, (_, why)) in errors[1..].iter().zip(bad) {
        assert!(error.unwrap().contains(why), "{error:?}");
    }
    assert!(errors[bad.len() + 1].unwrap().contains("line 11: invalid unicode"));
    assert_eq!(
        summary,
        "lines: 10, ok: 2, not ok: 8, with unknowns: 0\nby operation:\n      10  (unknown)\nnot ok, by reason:\n       8  not a usable line (first in line 2)\n"
    );
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let mut input = vec![b'x'; (32 << 20) + 10];
    input.extend(b"\n{\"status\": 307}");
    let (reports, _) = decode(&input);
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0]["error"], "a line that is too long: line 1 has 32 MiB or more");
    assert!(reports[1]["error"].as_str().unwrap().starts_with("a redirect"));
}

#[test]
fn an_explanation_does_not_grow_with_the_line() {
    let line = json!({"status": 200, "method": "x".repeat(100_000), "path": "/y"});
    assert!(report(&line).to_string().len() < 1000);
}

/// Returns one line at a time, and records how much had been written at each request for a line.
struct Feeder<'f> {
    lines: Vec<&'static str>,
    written: &'f std::cell::Cell<usize>,
    seen: Vec<usize>,
}

impl Read for &mut Feeder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.seen.push(self.written.get());
        let Some(line) = self.lines.pop() else { return Ok(0) };
        buffer[..line.len()].copy_from_slice(line.as_bytes());
        Ok(line.len())
    }
}

struct Written<'f>(&'f std::cell::Cell<usize>);

impl Write for Written<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.split(|byte| *byte == b'\n').count() - 1);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_report_does_not_wait_for_the_next_line() {
    let written = std::cell::Cell::new(0);
    let lines = vec!["{\"status\": 307}\n", "{}\n{}\n"];
    let mut feeder = Feeder { lines, written: &written, seen: Vec::new() };
    let output = io::BufWriter::new(Written(&written));
    super::decode(&Catalogue::new(), &mut feeder, output).unwrap();
    assert_eq!(feeder.seen, [0, 2, 3]);
}

proptest! {
    #[test]
    fn no_bytes_stop_the_run(input in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assume!(!matches!(input[..], [0xff | 0xfe] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..]));
        let (reports, _) = decode(&input);
        let lines = input.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        prop_assert_eq!(reports.len(), lines.count());
    }

    #[test]
    fn no_record_stops_the_run(
        status in any::<u16>(), method in "\\PC{0,8}", path in "[/a-z{}%?:=]{0,40}|\\PC{0,40}",
        query in "\\PC{0,20}", body in "(<[A-Za-z/]{0,12}>| |\\PC){0,20}",
    ) {
        let line = json!({
            "status": status, "method": method, "path": path, "query": query, "response_body": body,
        });
        let report = report(&line);
        prop_assert_eq!(report["ok"].as_bool(), Some(report["error"].is_null()));
    }
}
