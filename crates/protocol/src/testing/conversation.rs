//! Plays conversations against a machine with a virtual clock, and compares them with a log.
//!
//! A log line is the next action of the machine: `12s > GET /operations/…` sends, and the line below, `< 503
//! TooManyRequests`, is the response that the test returns. Pauses have no line: they show in the time of the
//! next one. The last line is the outcome.

use std::error::Error as _;
use std::fmt::Write as _;

use bytes::Bytes;
use http::Response;

use crate::SendError;
use crate::machine::{Instant, Machine, Step, TransportResult};

/// Drives the machine with the responses in the log, and asserts that its actions match the log.
pub(crate) fn play<M: Machine>(mut machine: M, log: &str) {
    let mut now = Instant::ORIGIN;
    let log: Vec<&str> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut replies = log.iter().filter_map(|line| line.strip_prefix("< "));
    let mut played = String::new();
    // A machine that never ends must be a failure, not a hanging test.
    for _ in 0..1000 {
        match machine.step(now) {
            Step::Send(request) => {
                let target = request.uri().path_and_query().unwrap().as_str();
                let short = target.splitn(3, '/').nth(2).unwrap();
                let host = match request.uri().host() {
                    Some("management.example.net") => String::new(),
                    other => format!("{} ", other.unwrap()),
                };
                let seconds = now.since_origin().as_secs_f64();
                writeln!(played, "{seconds}s > {} {host}/{short}", request.method()).unwrap();
                let Some(reply) = replies.next() else {
                    panic!("the log has no reply to this:\n{played}");
                };
                writeln!(played, "< {reply}").unwrap();
                machine.receive(now, parse(reply));
            }
            Step::WaitUntil(time) => {
                assert!(time > now, "a wait for the past would spin");
                now = time;
            }
            Step::Done(outcome) => {
                let seconds = now.since_origin().as_secs_f64();
                match outcome {
                    Ok(_) => writeln!(played, "{seconds}s done").unwrap(),
                    Err(error) => {
                        let happened =
                            if error.may_have_applied() { " [may have happened]" } else { "" };
                        writeln!(played, "{seconds}s {:?}: {error}{happened}", error.kind())
                            .unwrap();
                        if let Some(source) = error.source() {
                            writeln!(played, "because {source}").unwrap();
                        }
                    }
                }
                assert_eq!(
                    played.trim_end().lines().collect::<Vec<_>>(),
                    log,
                    "\nplayed:\n{played}"
                );
                return;
            }
        }
    }
    panic!("the machine does not end:\n{played}");
}

/// Builds the response of a log line.
pub(crate) fn parse(line: &str) -> TransportResult {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    match first {
        "hopeless" => Err(SendError::permanent("the server is not trusted")),
        "unsent" => Err(SendError::not_sent("connection refused")),
        "lost" => Err(SendError::ambiguous("connection reset")),
        status => Ok(http_response(status.parse().unwrap(), rest)),
    }
}

/// A response from a status and keywords: `InProgress`, an error code, `Location=…`, `Retry-After=…`,
/// `nameless` for one without request id, `ConflictError` and `ConflictError8` for operations 7 and 8,
/// `gateway=Successful` for an operation on a gateway.
fn http_response(status: u16, words: &str) -> Response<Bytes> {
    let mut response = Response::builder().status(status);
    let mut body = String::new();
    let mut is_named = true;
    let namespace = "xmlns=\"http://schemas.microsoft.com/windowsazure\"";
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        match (word, word.split_once('=')) {
            ("nameless", _) => is_named = false,
            ("InProgress" | "Succeeded" | "Pondering", _) => {
                body = format!(
                    "<Operation {namespace}><ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>{word}</Status></Operation>"
                );
            }
            ("Failed", _) => {
                body = format!(
                    "<Operation {namespace}><ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>Failed</Status><HttpStatusCode>400</HttpStatusCode><Error><Code>BadRequest</Code><Message>Port 22 is already in use.</Message></Error></Operation>"
                );
            }
            (_, Some(("gateway", state))) => {
                body = format!(
                    "<GatewayOperation {namespace}><HttpStatusCode>BadRequest</HttpStatusCode><ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>{state}</Status></GatewayOperation>"
                );
            }
            (_, Some((name, value))) => response = response.header(name, value),
            ("ConflictError" | "ConflictError8", _) => {
                let digit = if word == "ConflictError" { 7 } else { 8 };
                body = format!(
                    "<Error {namespace}><Code>ConflictError</Code><Message>Windows Azure is currently performing an operation with x-ms-requestid 0000000000000000000000000000000{digit} on this deployment that requires exclusive access.</Message></Error>"
                );
            }
            ("deployment" | "settled", _) => {
                let status = if word == "settled" { "Running" } else { "RunningTransitioning" };
                body = format!(
                    "<Deployment {namespace}><Name>a</Name><Status>{status}</Status></Deployment>"
                );
            }
            (code, None) => {
                body = format!(
                    "<Error {namespace}><Code>{code}</Code><Message>words</Message></Error>"
                );
            }
        }
    }
    if is_named {
        response = response.header("x-ms-request-id", "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
    }
    response.body(Bytes::from(body)).unwrap()
}
