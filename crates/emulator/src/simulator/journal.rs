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

use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::dispatch::RequestContext;
use super::faults::seconds;
use super::truncate::truncate;
use crate::Caller;

/// The last requests, each with what was decided and why. Not part of the saved state.
///
/// How many are kept is [`Settings::journal_entries`](crate::Settings::journal_entries), and at most
/// 16 MiB of them.
///
/// ```
/// # use azure_classic_emulator::{Simulator, Settings};
/// # let simulator = Simulator::new(Settings::new("8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?));
/// // What has come since one looked the last time.
/// let seen = 17;
/// for entry in simulator.journal().since(seen) {
///     println!("{entry}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// Shared, so that a copy of the simulator costs little.
    entries: VecDeque<Arc<JournalEntry>>,
    last: u64,
    /// The total size of all entries.
    bytes: usize,
}

/// How many bytes the entries may take; the oldest go first.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// The maximal bytes of a path, of an error message, and of any other external text in an entry.
const MAX_PATH_CHARACTERS: usize = 2048;
const MAX_MESSAGE_CHARACTERS: usize = 1024;
const MAX_VALUE_CHARACTERS: usize = 128;
/// How many of the faults that took effect.
const MAX_FAULTS: usize = 20;

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
        while self.entries.len() > keep || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.size();
        }
    }
}

/// One request with the decision about it. It contains no secrets: signatures, keys and passwords in
/// addresses and messages are masked, and bodies are not kept. Long texts are truncated.
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
    /// The thumbprint of the caller's certificate; `None` for an anonymous caller.
    pub caller: Option<String>,
    /// The operation, as its reference page is headed; `None` when the request is none.
    pub operation: Option<&'static str>,
    /// The id of the request.
    pub request_id: String,
    /// The status of the response; `None` if the connection was closed.
    pub status: Option<u16>,
    /// The code of a refusal.
    pub code: Option<String>,
    /// The message of an error.
    pub message: Option<String>,
    /// The ids of the faults that took effect.
    pub faults: Vec<String>,
    /// Observations that the response does not contain, such as a nearly matching operation and the reason.
    pub diagnostics: Vec<String>,
    /// The size of the request's body, in bytes.
    pub body_size: usize,
    /// How long faults delayed the request and its response. In JSON `delay_seconds`.
    #[serde(rename = "delay_seconds", with = "seconds")]
    pub delay: Duration,
}

impl JournalEntry {
    pub(super) fn new(
        context: RequestContext,
        time: DateTime,
        caller: &Caller,
        request: &Request<Bytes>,
        response: Option<&Result<ApiResponse, ApiError>>,
    ) -> Self {
        let error = response.and_then(|response| response.as_ref().err());
        let body = error.map(ApiError::body);
        let version = request.headers().get("x-ms-version");
        Self {
            number: 0,
            time,
            at: context.received_at,
            method: truncate(request.method().as_str(), MAX_VALUE_CHARACTERS),
            path: truncate(
                &masking::mask_address(request.uri().path(), request.uri().query()),
                MAX_PATH_CHARACTERS,
            ),
            version: version.map(|value| {
                truncate(&String::from_utf8_lossy(value.as_bytes()), MAX_VALUE_CHARACTERS)
            }),
            caller: caller.as_thumbprint().map(str::to_owned),
            operation: context.route.as_ref().ok().map(|it| it.route.operation),
            request_id: context.id.to_string(),
            status: response.map(|response| match response {
                Ok(response) => response.status.as_u16(),
                Err(error) => error.status().as_u16(),
            }),
            code: body.as_ref().map(|body| truncate(body.code.as_str(), MAX_VALUE_CHARACTERS)),
            message: body
                .map(|body| truncate(&masking::mask_text(&body.message), MAX_MESSAGE_CHARACTERS)),
            faults: context
                .verdict
                .rules
                .iter()
                .take(MAX_FAULTS)
                .map(|id| truncate(id, MAX_VALUE_CHARACTERS))
                .collect(),
            diagnostics: context
                .diagnostics
                .into_list()
                .iter()
                .map(|note| masking::mask_text(note))
                .collect(),
            body_size: request.body().len(),
            delay: context.verdict.delay_before.saturating_add(context.verdict.delay_after),
        }
    }
}

impl JournalEntry {
    fn size(&self) -> usize {
        let texts = [&self.method, &self.path, &self.request_id].into_iter();
        let texts = texts.chain(&self.version).chain(&self.caller);
        let texts = texts.chain(&self.code).chain(&self.message);
        let texts = texts.chain(&self.faults).chain(&self.diagnostics);
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
        line.extend(self.diagnostics.iter().map(|note| format!("; {note}")));
        line
    }
}

/// Formats one line for people, with control characters and similar ones escaped.
impl fmt::Display for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        sanitize(&self.line()).fmt(f)
    }
}

fn since_origin<S: Serializer>(time: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    seconds::serialize(&time.since_origin(), serializer)
}
