//! Many answers, one in each line.

mod utf_16;

use std::io::{self, BufRead as _, BufReader, Read, Write};

use azure_classic_text::escape_json;
use serde::Serialize;

use self::utf_16::as_utf_8;
use super::answer::Reading;
use super::catalogue::Catalogue;
use super::record;
use super::summary::Summary;
use super::trouble::Trouble;
use crate::failure::Failure;

/// The longest line that is read, in bytes: twice what the largest document takes that is read.
const LONGEST: u64 = 32 << 20;

/// How much of the input is read at a time, in bytes.
const CHUNK: usize = 64 << 10;

/// What is written of one answer.
#[derive(Serialize)]
struct Report {
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
) -> Result<Summary, Failure> {
    let input = as_utf_8(BufReader::with_capacity(CHUNK, input)).map_err(unreadable)?;
    let mut lines =
        Lines { input: BufReader::with_capacity(CHUNK, input), line: Vec::new(), number: 0 };
    let mut summary = Summary::default();
    loop {
        // Who feeds us line by line waits for what became of the last one.
        if !lines.has_next_at_hand() {
            output.flush()?;
        }
        let next = lines.next().map_err(unreadable)?;
        let Some(Line { number, text }) = next else { break };
        let reading = match text {
            Ok(text) if text.trim_ascii().is_empty() => continue,
            Ok(text) => record::read(text, number)
                .map(|(call, answer)| Reading::of_call(catalogue, &call, &answer)),
            Err(trouble) => Err(trouble),
        };
        let reading =
            reading.unwrap_or_else(|trouble| Reading { operation: None, outcome: Err(trouble) });
        summary.count(number, &reading);
        let report = serde_json::to_string(&Report::from(reading)).map_err(io::Error::from)?;
        writeln!(output, "{}", escape_json(&report))?;
    }
    Ok(summary)
}

fn unreadable(error: io::Error) -> Failure {
    Failure::new(error).while_doing("cannot read standard input".to_owned())
}

struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// Of the line read last, counted from 1.
    number: u64,
}

struct Line<'l> {
    number: u64,
    /// Or why it was passed over.
    text: Result<&'l [u8], Trouble>,
}

impl<R: Read> Lines<R> {
    fn has_next_at_hand(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut start_of_line = self.input.by_ref().take(LONGEST);
        if start_of_line.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = start_of_line.limit() > 0 || self.line.ends_with(b"\n");
        if !is_whole {
            self.input.skip_until(b'\n')?;
            return Ok(Some(Line { number: self.number, text: Err(too_long(self.number)) }));
        }
        let byte_order_mark = b"\xEF\xBB\xBF";
        let text = self.line.strip_prefix(byte_order_mark).unwrap_or(&self.line);
        Ok(Some(Line { number: self.number, text: Ok(text) }))
    }
}

fn too_long(number: u64) -> Trouble {
    let what = format!("line {number} has {} MiB or more", LONGEST >> 20);
    Trouble::new("a line that is too long", what)
}

impl From<Reading> for Report {
    fn from(Reading { operation, outcome }: Reading) -> Self {
        let (error, unknown) = match outcome {
            Ok(decoded) => (None, decoded.listed()),
            Err(trouble) => (Some(trouble.to_string()), Vec::new()),
        };
        Self { operation, ok: error.is_none(), error, unknown }
    }
}

#[cfg(test)]
mod tests;
