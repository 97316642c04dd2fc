use std::fmt;

use azure_classic_text::sanitize;

/// The report on one credential: a title, and a line for each fact.
pub(super) struct ExaminationReport {
    title: String,
    facts: Vec<(&'static str, String)>,
}

const PROBLEM: &str = "PROBLEM";

impl ExaminationReport {
    pub(super) fn new(title: String) -> Self {
        Self { title, facts: Vec::new() }
    }

    pub(super) fn fact(&mut self, label: &'static str, text: impl Into<String>) {
        self.facts.push((label, text.into()));
    }

    /// It can be used, but perhaps not everywhere.
    pub(super) fn warning(&mut self, text: impl Into<String>) {
        self.fact("warning", text);
    }

    /// It cannot be used.
    pub(super) fn problem(&mut self, text: impl Into<String>) {
        self.fact(PROBLEM, text);
    }

    pub(super) fn problems(&self) -> usize {
        self.facts.iter().filter(|(label, _)| *label == PROBLEM).count()
    }
}

/// Without a line end at its end. Each line is escaped.
impl fmt::Display for ExaminationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        sanitize(&self.title).fmt(f)?;
        for (label, text) in &self.facts {
            write!(f, "\n  {label:<13} {}", sanitize(text))?;
        }
        Ok(())
    }
}
