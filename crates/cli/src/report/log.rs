//! The events of a rollout, as its drivers wrote them down: a line of JSON for each.

use std::time::{Duration, SystemTime};

use azure_classic_rollout::Event;
use serde::{Deserialize, Serialize};

use super::time_format;

/// The content of a log.
#[derive(Debug, Default)]
pub(crate) struct ParsedLog {
    /// When the first event was.
    pub(crate) started: Option<SystemTime>,
    /// The events, each with its time since the first one.
    pub(crate) events: Vec<(Duration, Event)>,
    pub(crate) skipped: Vec<SkippedLine>,
    pub(crate) clock_steps_back: Vec<ClockStepBack>,
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SkippedLine {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) reason: String,
}

/// A line that is earlier than the one before, because the clock was set back, or because another
/// machine's is behind. It and what follows is shown later by this much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ClockStepBack {
    /// Counted from 1.
    pub(crate) line: usize,
    #[serde(serialize_with = "time_format::serialize_seconds")]
    pub(crate) by: Duration,
}

/// A line of the log.
#[derive(Deserialize)]
struct LogLine {
    at: String,
    event: Event,
}

/// How a line begins; within a text its quotes would have backslashes.
const LINE_PREFIX: &str = "{\"at\":";

impl ParsedLog {
    /// Reads lines. It skips a truncated line, such as the last one of a killed writer, and a line with an
    /// event that this program does not know.
    pub(crate) fn read(text: &str) -> Self {
        let mut log = Self::default();
        let mut latest = None;
        let mut ahead = Duration::ZERO;
        for (at, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
            if line.is_empty() {
                continue;
            }
            let read = read_line(line).or_else(|why| {
                log.skipped.push(SkippedLine { line: at, reason: why });
                // A later driver may have continued after a truncated line.
                line.rfind(LINE_PREFIX)
                    .map_or(Err(()), |start| read_line(&line[start..]).map_err(drop))
            });
            let Ok((wall, event)) = read else { continue };
            let started = *log.started.get_or_insert(wall);
            let latest = latest.get_or_insert(wall);
            if let Ok(by) = latest.duration_since(wall + ahead)
                && !by.is_zero()
            {
                log.clock_steps_back.push(ClockStepBack { line: at, by });
                ahead += by;
            }
            *latest = wall + ahead;
            log.events.push((latest.duration_since(started).unwrap_or_default(), event));
        }
        log
    }
}

fn read_line(line: &str) -> Result<(SystemTime, Event), String> {
    let line: LogLine = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let at = humantime::parse_rfc3339(&line.at).map_err(|error| format!("at: {error}"))?;
    Ok((at, line.event))
}
