//! The admin port: health within a second, and faults by rule.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::daemon::Daemon;
use crate::metrics::Metrics;

/// How long a response of the admin port may take, whatever the API port is doing.
const WITHIN: Duration = Duration::from_secs(1);

/// Each makes some requests or instances fail for a while; all come back after a kill.
const FAULTS: [&str; 5] = [
    r#"{"id":"busy","when":{"every":40},"effect":{"respond":{"status":503,"code":"ServerBusy","retry_after":1}}}"#,
    r#"{"id":"late","when":{"operations":["Upgrade Deployment"],"every":5},"effect":{"fail_async":{"status":500,"code":"InternalError"}}}"#,
    r#"{"id":"cut","when":{"every":50},"effect":{"disconnect":{"after_processing":true}}}"#,
    r#"{"id":"stuck","when":{"instance":"Web_IN_1"},"effect":"never_starts"}"#,
    r#"{"id":"slow","when":{"every":30},"effect":{"slow":{"seconds":20}}}"#,
];

pub(crate) fn check_health(daemon: &Daemon, metrics: &Metrics) -> Result<(), String> {
    let start = Instant::now();
    let response = request(daemon, "GET", "/health", "")
        .map_err(|error| format!("/health does not respond within {WITHIN:?}: {error}"))?;
    let took = start.elapsed();
    metrics.health(took);
    if took > WITHIN || !response.starts_with("HTTP/1.1 200") {
        let line = response.lines().next().unwrap_or_default();
        return Err(format!("/health responded {line:?} after {took:?}"));
    }
    Ok(())
}

/// Puts the rules in place; each takes the place of its predecessor, and counts from 1.
pub(crate) fn set_faults(daemon: &Daemon) -> Result<(), String> {
    for fault in FAULTS {
        let response = request(daemon, "POST", "/faults", fault).map_err(|it| it.to_string())?;
        if !response.starts_with("HTTP/1.1 200") {
            return Err(format!("the rule {fault} was rejected: {response}"));
        }
    }
    Ok(())
}

/// The entries of the journal and their size as JSON, in bytes.
pub(crate) fn journal(daemon: &Daemon) -> Option<(usize, usize)> {
    let response = request(daemon, "GET", "/journal", "").ok()?;
    let (_, body) = response.split_once("\r\n\r\n")?;
    let journal: Value = serde_json::from_str(body).ok()?;
    Some((journal["entries"].as_array()?.len(), body.len()))
}

fn request(daemon: &Daemon, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let authority = daemon.address().authority("admin");
    let mut stream = TcpStream::connect(&authority)?;
    stream.set_read_timeout(Some(WITHIN))?;
    stream.set_write_timeout(Some(WITHIN))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response)?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}
