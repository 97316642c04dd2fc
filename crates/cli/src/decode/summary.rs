//! What became of many answers.

use std::collections::BTreeMap;
use std::fmt;

use super::answer::Reading;

/// Counts; as many kinds of them as there are operations, whatever the archive holds.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    lines: u64,
    ok: u64,
    with_unknowns: u64,
    operations: BTreeMap<&'static str, u64>,
    reasons: BTreeMap<String, Reason>,
}

#[derive(Debug)]
struct Reason {
    lines: u64,
    first: u64,
}

/// How many operations and how many reasons are listed.
const LISTED: usize = 15;

impl Summary {
    pub(crate) fn count(&mut self, line: u64, reading: &Reading) {
        self.lines += 1;
        *self.operations.entry(reading.operation.unwrap_or("(none told)")).or_default() += 1;
        match &reading.outcome {
            Ok(decoded) => {
                self.ok += 1;
                self.with_unknowns += u64::from(!decoded.unknown.is_empty());
            }
            Err(trouble) => match self.reasons.get_mut(&trouble.kind) {
                Some(reason) => reason.lines += 1,
                None => {
                    self.reasons.insert(trouble.kind.clone(), Reason { lines: 1, first: line });
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
        let reasons = self.reasons.iter().map(|(kind, reason)| {
            (reason.lines, format!("{kind} (first in line {})", reason.first))
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
    for (lines, what) in counted.iter().take(LISTED) {
        writeln!(f, "{lines:>8}  {what}")?;
    }
    match counted.len().saturating_sub(LISTED) {
        0 => Ok(()),
        left => writeln!(f, "          and {left} more"),
    }
}
