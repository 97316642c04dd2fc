use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use azure_classic_protocol::DateTime;
use azure_classic_protocol::machine::Instant;
use bytes::Bytes;
use http::{Request, Uri};
use serde::{Serialize, Serializer};

use super::answer::Answer;
use super::faults::seconds;
use super::front::Visit;
use super::refusal::Refusal;
use crate::Caller;

/// The last requests, each with what was decided and why. Not part of the saved state.
///
/// How many are kept is [`Settings::journal_entries`](crate::Settings::journal_entries).
///
/// ```
/// # use azure_classic_emulator::{Cloud, Settings};
/// # let cloud = Cloud::new(Settings::new("8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?));
/// // What has come since one looked the last time.
/// let seen = 17;
/// for entry in cloud.journal().since(seen) {
///     println!("{entry}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<JournalEntry>,
    last: u64,
}

impl Journal {
    /// The entries that are kept, the oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        self.entries.iter()
    }

    /// The kept entries with a number above this one, the oldest first.
    pub fn since(&self, number: u64) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        let first = self.entries.partition_point(|entry| entry.number <= number);
        self.entries.range(first..)
    }

    /// The number of the last entry; 0 when there was none.
    pub fn last_number(&self) -> u64 {
        self.last
    }

    pub(super) fn add(&mut self, mut entry: JournalEntry, keep: usize) {
        self.last += 1;
        entry.number = self.last;
        self.entries.push_back(entry);
        let surplus = self.entries.len().saturating_sub(keep);
        self.entries.drain(..surplus);
    }
}

/// One request, and what was decided. No secrets: signatures in addresses are masked, and bodies are
/// not kept.
///
/// As JSON, durations are numbers of seconds, and what is not there is `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Counted from 1, in the order in which requests were decided.
    pub number: u64,
    /// The calendar time at which the request came, by the emulator's clock; clock skew is left out.
    pub time: Option<DateTime>,
    /// The same since the emulator's start. As JSON `at_seconds`.
    #[serde(rename = "at_seconds", serialize_with = "since_origin")]
    pub at: Instant,
    /// The verb.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The header `x-ms-version`, as it came.
    pub version: Option<String>,
    /// The thumbprint of the caller's certificate; `None` for nobody.
    pub caller: Option<String>,
    /// The operation, as its reference page is headed; `None` when the request is none.
    pub operation: Option<&'static str>,
    /// The id of the request.
    pub request_id: String,
    /// The status of the answer; `None` when the connection was cut.
    pub status: Option<u16>,
    /// The code of a refusal.
    pub code: Option<String>,
    /// The words of a refusal.
    pub message: Option<String>,
    /// The ids of the faults that took effect.
    pub faults: Vec<String>,
    /// What was noticed and not told in the answer: what the request nearly was, and why not.
    pub notes: Vec<String>,
    /// The size of the request's body, in bytes.
    pub body_size: usize,
    /// How long faults held the request and its answer back. As JSON `delay_seconds`.
    #[serde(rename = "delay_seconds", with = "seconds")]
    pub delay: Duration,
}

impl JournalEntry {
    pub(super) fn new(
        visit: Visit,
        time: Option<DateTime>,
        caller: &Caller,
        request: &Request<Bytes>,
        answer: Option<&Result<Answer, Refusal>>,
    ) -> Self {
        let refusal = answer.and_then(|answer| answer.as_ref().err());
        let body = refusal.map(Refusal::body);
        let version = request.headers().get("x-ms-version");
        Self {
            number: 0,
            time,
            at: visit.arrived,
            method: request.method().to_string(),
            path: shown(request.uri()),
            version: version.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            caller: caller.as_thumbprint().map(str::to_owned),
            operation: visit.recognised.as_ref().ok().map(|it| it.route.operation),
            request_id: visit.id.to_string(),
            status: answer.map(|answer| match answer {
                Ok(answer) => answer.status.as_u16(),
                Err(refusal) => refusal.status().as_u16(),
            }),
            code: body.as_ref().map(|body| body.code.to_string()),
            message: body.map(|body| body.message),
            faults: visit.verdict.rules,
            notes: visit.notes.into_list(),
            body_size: request.body().len(),
            delay: visit.verdict.wait.saturating_add(visit.verdict.delay),
        }
    }
}

/// One line for people.
impl fmt::Display for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} +{:?} {} {}", self.number, self.at.since_origin(), self.method, self.path)?;
        if let Some(operation) = self.operation {
            write!(f, " ({operation})")?;
        }
        match self.status {
            Some(status) => write!(f, ": {status}")?,
            None => f.write_str(": cut")?,
        }
        if let (Some(code), Some(message)) = (&self.code, &self.message) {
            write!(f, " {code}: {message}")?;
        }
        for fault in &self.faults {
            write!(f, "; fault {fault:?}")?;
        }
        for note in &self.notes {
            write!(f, "; {note}")?;
        }
        Ok(())
    }
}

fn since_origin<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    seconds::serialize(&moment.since_origin(), serializer)
}

/// Path and query, without the shared access signature that Get Package is given in `containerUri`.
fn shown(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let pairs: Vec<String> = query.split('&').map(masked).collect();
    format!("{}?{}", uri.path(), pairs.join("&"))
}

fn masked(pair: &str) -> String {
    const MASK: &str = "***";
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    if name.eq_ignore_ascii_case("sig") {
        return format!("{name}={MASK}");
    }
    let own_query = ["?", "%3F", "%3f"].iter().filter_map(|mark| value.find(mark)).min();
    match own_query {
        Some(at) => format!("{name}={}?{MASK}", &value[..at]),
        None => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_do_not_show() {
        let show = |uri: &str| shown(&uri.parse().unwrap());
        let package = "/s/services/hostedservices/contoso/deployments/first/package";
        for signed in [
            "https://c.blob.example.net/p?sv=1&sig=secret",
            "https%3A%2F%2Fc.blob.example.net%2Fp%3Fsv%3D1%26sig%3Dsecret",
            "https%3a%2f%2fc.blob.example.net%2fp%3fsig%3dsecret",
        ] {
            let text = show(&format!("{package}?containerUri={signed}&overwriteExisting=true"));
            assert!(!text.contains("secret"), "{text}");
            assert!(text.starts_with(package) && text.contains("c.blob.example.net"), "{text}");
            assert!(text.contains("?***&") && text.ends_with("&overwriteExisting=true"), "{text}");
        }
        assert_eq!(show("/s/a?comp=upgrade&x"), "/s/a?comp=upgrade&x");
        assert_eq!(show("/s/a"), "/s/a");
    }
}
