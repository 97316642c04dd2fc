//! The results of many responses.

use std::collections::BTreeMap;
use std::fmt;

use super::response::DecodeResult;

/// Counts; as many kinds of them as there are operations, whatever the archive holds.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    lines: u64,
    ok: u64,
    with_unknowns: u64,
    operations: BTreeMap<&'static str, u64>,
    errors: BTreeMap<String, ErrorCount>,
}

#[derive(Debug)]
struct ErrorCount {
    lines: u64,
    first_line: u64,
}

/// How many operations and how many reasons are listed.
const MAX_LISTED: usize = 15;

impl Summary {
    pub(crate) fn count(&mut self, line: u64, reading: &DecodeResult) {
        self.lines += 1;
        *self.operations.entry(reading.operation.unwrap_or("(unknown)")).or_default() += 1;
        match &reading.outcome {
            Ok(decoded) => {
                self.ok += 1;
                self.with_unknowns += u64::from(!decoded.unknown.is_empty());
            }
            Err(error) => match self.errors.get_mut(&error.kind) {
                Some(reason) => reason.lines += 1,
                None => {
                    self.errors
                        .insert(error.kind.clone(), ErrorCount { lines: 1, first_line: line });
                }
            },
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lines, ok, with_unknowns, .. } = self;
        let not_ok = lines - ok;
        writeln!(f, "lines: {lines}, ok: {ok}, not ok: {not_ok}, with unknowns: {with_unknowns}")?;
        let operations = self.operations.iter().map(|(name, lines)| (*lines, (*name).to_owned()));
        most_frequent(f, "by operation", operations.collect())?;
        let reasons = self.errors.iter().map(|(kind, reason)| {
            (reason.lines, format!("{kind} (first in line {})", reason.first_line))
        });
        most_frequent(f, "not ok, by reason", reasons.collect())
    }
}

/// Lists the most frequent, which go by name where they are equally frequent.
fn most_frequent(
    f: &mut fmt::Formatter<'_>,
    heading: &str,
    mut counted: Vec<(u64, String)>,
) -> fmt::Result {
    if counted.is_empty() {
        return Ok(());
    }
    counted.sort_by_key(|(lines, _)| std::cmp::Reverse(*lines));
    writeln!(f, "{heading}:")?;
    for (lines, what) in counted.iter().take(MAX_LISTED) {
        writeln!(f, "{lines:>8}  {what}")?;
    }
    match counted.len().saturating_sub(MAX_LISTED) {
        0 => Ok(()),
        left => writeln!(f, "          and {left} more"),
    }
}
