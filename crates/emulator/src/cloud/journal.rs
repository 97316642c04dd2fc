mod masking;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use azure_classic_protocol::DateTime;
use azure_classic_protocol::machine::Instant;
use azure_classic_text::sanitize;
use bytes::Bytes;
use http::Request;
use serde::{Serialize, Serializer};

use super::answer::Answer;
use super::clip::clip;
use super::faults::seconds;
use super::front::Visit;
use super::refusal::Refusal;
use crate::Caller;

/// The last requests, each with what was decided and why. Not part of the saved state.
///
/// How many are kept is [`Settings::journal_entries`](crate::Settings::journal_entries), and at most
/// 16 MiB of them.
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
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// Shared, so that a copy of the simulator costs little.
    entries: VecDeque<Arc<JournalEntry>>,
    last: u64,
    /// What all entries take.
    bytes: usize,
}

/// How many bytes the entries may take; the oldest go first.
const KEPT_BYTES: usize = 16 * 1024 * 1024;
/// How many bytes of a path, of the words of a refusal, and of anything else that comes from outside are
/// kept in an entry.
const PATH: usize = 2048;
const MESSAGE: usize = 1024;
const WORD: usize = 128;
/// How many of the faults that took effect.
const FAULTS: usize = 20;

impl Journal {
    /// The entries that are kept, the oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        self.entries.iter().map(Arc::as_ref)
    }

    /// The kept entries with a number above this one, the oldest first.
    pub fn since(&self, number: u64) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        let first = self.entries.partition_point(|entry| entry.number <= number);
        self.entries.range(first..).map(Arc::as_ref)
    }

    /// The number of the last entry; 0 when there was none.
    pub fn last_number(&self) -> u64 {
        self.last
    }

    pub(super) fn add(&mut self, mut entry: JournalEntry, keep: usize) {
        self.last += 1;
        entry.number = self.last;
        self.bytes += entry.size();
        self.entries.push_back(Arc::new(entry));
        while self.entries.len() > keep || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.size();
        }
    }
}

/// One request, and what was decided. No secrets: signatures, keys and passwords in addresses and words
/// are masked, and bodies are not kept. Long texts are cut.
///
/// As JSON, durations are numbers of seconds, and what is not there is `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Counted from 1, in the order in which requests were decided.
    pub number: u64,
    /// The calendar time at which the request came, by the emulator's clock; clock skew is left out.
    pub time: DateTime,
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
        time: DateTime,
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
            method: clip(request.method().as_str(), WORD),
            path: clip(&masking::address(request.uri().path(), request.uri().query()), PATH),
            version: version.map(|value| clip(&String::from_utf8_lossy(value.as_bytes()), WORD)),
            caller: caller.as_thumbprint().map(str::to_owned),
            operation: visit.recognised.as_ref().ok().map(|it| it.route.operation),
            request_id: visit.id.to_string(),
            status: answer.map(|answer| match answer {
                Ok(answer) => answer.status.as_u16(),
                Err(refusal) => refusal.status().as_u16(),
            }),
            code: body.as_ref().map(|body| clip(body.code.as_str(), WORD)),
            message: body.map(|body| clip(&masking::text(&body.message), MESSAGE)),
            faults: visit.verdict.rules.iter().take(FAULTS).map(|id| clip(id, WORD)).collect(),
            notes: visit.notes.into_list().iter().map(|note| masking::text(note)).collect(),
            body_size: request.body().len(),
            delay: visit.verdict.wait.saturating_add(visit.verdict.delay),
        }
    }
}

impl JournalEntry {
    fn size(&self) -> usize {
        let texts = [&self.method, &self.path, &self.request_id].into_iter();
        let texts = texts.chain(&self.version).chain(&self.caller);
        let texts = texts.chain(&self.code).chain(&self.message);
        let texts = texts.chain(&self.faults).chain(&self.notes);
        size_of::<Self>() + texts.map(|text| size_of::<String>() + text.len()).sum::<usize>()
    }

    fn line(&self) -> String {
        let number = self.number;
        let mut line =
            format!("{number} +{:?} {} {}", self.at.since_origin(), self.method, self.path);
        if let Some(operation) = self.operation {
            line.extend([" (", operation, ")"]);
        }
        match self.status {
            Some(status) => line.extend([": ", &status.to_string()]),
            None => line.push_str(": cut"),
        }
        if let (Some(code), Some(message)) = (&self.code, &self.message) {
            line.extend([" ", code, ": ", message]);
        }
        line.extend(self.faults.iter().map(|fault| format!("; fault {fault:?}")));
        line.extend(self.notes.iter().map(|note| format!("; {note}")));
        line
    }
}

/// One line for people, in which control characters and the like are escaped.
impl fmt::Display for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        sanitize(&self.line()).fmt(f)
    }
}

fn since_origin<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    seconds::serialize(&moment.since_origin(), serializer)
}
