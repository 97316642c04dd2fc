//! Many responses, one per line.

mod utf_16;

use std::io::{self, BufRead as _, BufReader, Read, Write};

use azure_classic_text::escape_json;
use serde::Serialize;

use self::utf_16::as_utf_8;
use super::archive_line;
use super::catalogue::Catalogue;
use super::decode_error::ResponseDecodeError;
use super::response::DecodeResult;
use super::summary::Summary;
use crate::cli_error::CliError;

/// The longest line that is read, in bytes: twice what the largest document takes that is read.
const MAX_LINE_BYTES: u64 = 32 << 20;

/// How much of the input is read at a time, in bytes.
const CHUNK: usize = 64 << 10;

/// The output for one response.
#[derive(Serialize)]
struct DecodeReport {
    operation: Option<&'static str>,
    ok: bool,
    error: Option<String>,
    unknown: Vec<String>,
}

/// Writes a line for each line that is not blank. Memory depends on the longest line alone.
pub(crate) fn decode(
    catalogue: &Catalogue,
    input: impl Read,
    mut output: impl Write,
) -> Result<Summary, CliError> {
    let input = as_utf_8(BufReader::with_capacity(CHUNK, input)).map_err(stdin_failure)?;
    let mut lines =
        LineReader { input: BufReader::with_capacity(CHUNK, input), line: Vec::new(), number: 0 };
    let mut summary = Summary::default();
    loop {
        // Who feeds us line by line waits for what became of the last one.
        if !lines.has_buffered_line() {
            output.flush()?;
        }
        let next = lines.next().map_err(stdin_failure)?;
        let Some(InputLine { number, text }) = next else { break };
        let reading = match text {
            Ok(text) if text.trim_ascii().is_empty() => continue,
            Ok(text) => archive_line::read(text, number)
                .map(|(call, response)| DecodeResult::from_exchange(catalogue, &call, &response)),
            Err(error) => Err(error),
        };
        let reading =
            reading.unwrap_or_else(|error| DecodeResult { operation: None, outcome: Err(error) });
        summary.count(number, &reading);
        let report =
            serde_json::to_string(&DecodeReport::from(reading)).map_err(io::Error::from)?;
        writeln!(output, "{}", escape_json(&report))?;
    }
    Ok(summary)
}

fn stdin_failure(error: io::Error) -> CliError {
    CliError::new(error).context("cannot read standard input".to_owned())
}

struct LineReader<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// Of the line read last, counted from 1.
    number: u64,
}

struct InputLine<'l> {
    number: u64,
    /// Or why it was passed over.
    text: Result<&'l [u8], ResponseDecodeError>,
}

impl<R: Read> LineReader<R> {
    fn has_buffered_line(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    fn next(&mut self) -> io::Result<Option<InputLine<'_>>> {
        self.line.clear();
        let mut start_of_line = self.input.by_ref().take(MAX_LINE_BYTES);
        if start_of_line.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = start_of_line.limit() > 0 || self.line.ends_with(b"\n");
        if !is_whole {
            self.input.skip_until(b'\n')?;
            return Ok(Some(InputLine {
                number: self.number,
                text: Err(line_too_long(self.number)),
            }));
        }
        let byte_order_mark = b"\xEF\xBB\xBF";
        let text = self.line.strip_prefix(byte_order_mark).unwrap_or(&self.line);
        Ok(Some(InputLine { number: self.number, text: Ok(text) }))
    }
}

fn line_too_long(number: u64) -> ResponseDecodeError {
    let what = format!("line {number} has {} MiB or more", MAX_LINE_BYTES >> 20);
    ResponseDecodeError::new("a line that is too long", what)
}

impl From<DecodeResult> for DecodeReport {
    fn from(DecodeResult { operation, outcome }: DecodeResult) -> Self {
        let (error, unknown) = match outcome {
            Ok(decoded) => (None, decoded.unknown_paths()),
            Err(error) => (Some(error.to_string()), Vec::new()),
        };
        Self { operation, ok: error.is_none(), error, unknown }
    }
}

#[cfg(test)]
mod tests;
