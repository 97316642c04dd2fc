//! `rollout report`: what happened in a rollout, as a picture, as JSON, or as lines of text.

mod file;
mod header;
mod log;
mod narrative;
mod svg;
mod time_format;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use azure_classic_rollout::Timeline;
use azure_classic_text::{decode, escape_json, read_text_file};
use clap::Args;
use serde::Serialize;

use self::header::Header;
use self::log::{ClockStepBack, ParsedLog, SkippedLine};
use crate::cli_error::CliError;
use crate::{input, output};

const REPORT_HELP: &str = "\
The events come from RECORD.events.jsonl, which a rollout writes beside its record. The rollout may still be
running. Truncated and unknown lines are skipped and counted.

The picture has a row for each instance, by upgrade domain, with its states over time, and above them the
requests and other events. A tooltip of each bar has the exact state. FILE may be \"-\" for stdout.
docs/src/reference/rollout-report.md describes the JSON. Neither contains the service configuration.";

#[derive(Debug, Args)]
#[command(after_help = REPORT_HELP)]
pub(crate) struct ReportArgs {
    /// The record of the rollout
    #[arg(value_name = "RECORD")]
    pub(crate) record: PathBuf,
    /// Draw the timeline of every instance as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Write the same as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// The content of the JSON report.
#[derive(Debug, Serialize)]
struct RolloutReport {
    /// Incremented when the meaning of a field changes.
    format: u32,
    #[serde(flatten)]
    header: Header,
    /// The time from which the timeline counts.
    #[serde(serialize_with = "time_format::serialize_timestamp")]
    started: Option<SystemTime>,
    /// How many drivers there were, by what their readings show.
    drivers: usize,
    timeline: Timeline,
    /// Lines of the log that are missing in the timeline.
    skipped: Vec<SkippedLine>,
    /// Where the clocks of two drivers disagreed.
    clock_steps_back: Vec<ClockStepBack>,
}

/// Writes the requested formats; without any, the narrative as text.
pub(crate) fn run(options: &ReportArgs) -> Result<(), CliError> {
    let report = read(&options.record)?;
    if let Some(file) = &options.svg {
        write(file, &svg::draw(&report))?;
    }
    if let Some(file) = &options.json {
        let json = serde_json::to_string_pretty(&report).map_err(CliError::new)?;
        write(file, &format!("{}\n", escape_json(&json)))?;
    }
    if options.svg.is_none() && options.json.is_none() {
        output::print_lines(narrative::lines(&report))?;
    }
    Ok(())
}

fn read(record: &Path) -> Result<RolloutReport, CliError> {
    let events = events_path(record);
    let text = input::read_bytes(&events, input::MAX_ARCHIVE_BYTES, "the events of the rollout,")
        .map_err(|failure| {
        failure.hint("a rollout writes them beside its record; give the record's path")
    })?;
    // A torn line may end within a character.
    let text = decode(&text).unwrap_or_else(|_| String::from_utf8_lossy(&text));
    let head = match read_text_file(record, input::MAX_RECORD_BYTES) {
        Ok(text) => Header::read(text.as_bytes()),
        // The preflight may have stopped it before there was one.
        Err(_) => Header::default(),
    };
    Ok(RolloutReport::new(head, ParsedLog::read(&text)))
}

impl RolloutReport {
    fn new(head: Header, log: ParsedLog) -> Self {
        let timeline = Timeline::of(log.events);
        Self {
            format: 1,
            header: head,
            started: log.started,
            drivers: timeline.resumed.len() + usize::from(log.started.is_some()),
            timeline,
            skipped: log.skipped,
            clock_steps_back: log.clock_steps_back,
        }
    }
}

/// Where the events of a record are: its name and `.events.jsonl`.
pub(crate) fn events_path(record: &Path) -> PathBuf {
    let mut name = OsString::from(record);
    name.push(".events.jsonl");
    name.into()
}

fn write(file: &Path, text: &str) -> Result<(), CliError> {
    if file == Path::new("-") {
        return Ok(output::print_escaped(text.trim_end())?);
    }
    file::write_atomically(file, text)
        .map_err(|error| CliError::new(error).context(format!("cannot write {}", file.display())))
}

#[cfg(test)]
mod tests;
