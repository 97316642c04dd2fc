//! The report as text, in order of time.

use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_rollout::timeline::{
    Gate, GateResult, OperationResponse, OperationSpan, TimelineEnd, TimelineNote,
};
use azure_classic_rollout::{Change, Event, FinalState};

use super::{RolloutReport, time_format};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NarrativeEntry {
    pub(super) at: Duration,
    pub(super) severity: Severity,
    /// A short form.
    pub(super) label: String,
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// A request that changes something.
    Normal,
    Minor,
    Problem,
}

/// Everything that happened but for the states of instances, in its order.
pub(super) fn all_entries(report: &RolloutReport) -> Vec<NarrativeEntry> {
    let mut all = other_entries(report);
    all.extend(report.timeline.gates.iter().filter_map(gate_entry));
    all.extend(operation_entries(report));
    all.sort_by_key(|entry| entry.at);
    all
}

/// The result of each request, in the order of the timeline.
pub(super) fn operation_entries(report: &RolloutReport) -> Vec<NarrativeEntry> {
    report.timeline.operations.iter().map(operation_entry).collect()
}

/// The events of the rollout as a whole, without requests and instances.
pub(super) fn other_entries(report: &RolloutReport) -> Vec<NarrativeEntry> {
    let timeline = &report.timeline;
    let mut all: Vec<NarrativeEntry> = timeline.notes.iter().map(note_entry).collect();
    all.extend(timeline.pauses.iter().map(|pause| {
        let mut text = Event::Paused { pause: pause.reason.clone() }.to_string();
        if let Some(to) = pause.to {
            let duration = time_format::human_duration_between(pause.from, to);
            let _ = write!(text, "; {} after {duration}", Event::Resumed);
        }
        new_entry(pause.from, Severity::Minor, "paused", &text)
    }));
    all.extend(timeline.resumed.iter().map(|at| {
        new_entry(*at, Severity::Minor, "resumed", "another driver resumes the rollout")
    }));
    all.sort_by_key(|entry| entry.at);
    all
}

/// The end in a short form.
pub(super) fn final_state(report: &RolloutReport) -> (Severity, &'static str) {
    match &report.timeline.end {
        Some(TimelineEnd::Ended(FinalState::Upgraded)) => (Severity::Normal, "upgraded"),
        Some(TimelineEnd::Ended(FinalState::RolledBack)) => (Severity::Problem, "rolled back"),
        Some(TimelineEnd::Ended(FinalState::CompletedBeforeRollback)) => {
            (Severity::Problem, "complete before it could be rolled back")
        }
        Some(TimelineEnd::Stopped(_)) => (Severity::Problem, "stopped, needs an operator"),
        _ => (Severity::Minor, "in progress"),
    }
}

/// The report in lines of text.
pub(super) fn lines(report: &RolloutReport) -> Vec<String> {
    let until = report.timeline.until;
    let mut lines = vec![report.header.title()];
    let when = report.started.map_or_else(String::new, |started| {
        format!(", started {}", time_format::date_and_time(started))
    });
    lines.push(format!(
        "{} after {}{when}",
        final_state(report).1,
        time_format::human_duration(until)
    ));
    for entry in all_entries(report) {
        lines.push(format!("{:>8}  {}", time_format::elapsed(entry.at), entry.text));
    }
    lines.extend(remarks(report));
    lines
}

/// Remarks about the report itself.
pub(super) fn remarks(report: &RolloutReport) -> Vec<String> {
    let mut remarks = Vec::new();
    match report.skipped.as_slice() {
        [] => {}
        [one] => {
            remarks.push(format!("line {} of the log cannot be read: {}", one.line, one.reason));
        }
        [first, ..] => remarks.push(format!(
            "{} lines of the log cannot be read, the first is line {}: {}",
            report.skipped.len(),
            first.line,
            first.reason
        )),
    }
    for step in &report.clock_steps_back {
        remarks.push(format!(
            "the clock went back by {} at line {} of the log; later times are shown that much later",
            time_format::human_duration(step.by),
            step.line
        ));
    }
    remarks
}

fn new_entry(at: Duration, severity: Severity, short: &str, text: &str) -> NarrativeEntry {
    NarrativeEntry { at, severity, label: short.to_owned(), text: text.to_owned() }
}

fn operation_entry(operation: &OperationSpan) -> NarrativeEntry {
    let change = operation.change;
    let mut text = match &operation.response {
        None => format!("{change}: no response is recorded"),
        Some(response) => response_event(operation, response).to_string(),
    };
    if let Some(failure) = &operation.failure {
        let _ = write!(text, "; failed: {failure}");
    } else if let Some(ended) = operation.ended {
        let duration = time_format::human_duration_between(operation.sent, ended);
        let _ = write!(text, "; succeeded after {duration}");
    }
    let severity = if is_problem(operation) { Severity::Problem } else { Severity::Normal };
    new_entry(operation.sent, severity, &change_label(change), &text)
}

/// The event that the driver reported for the response.
fn response_event(operation: &OperationSpan, response: &OperationResponse) -> Event {
    let change = operation.change;
    match response.clone() {
        OperationResponse::MaybeSent(error) => Event::MaybeSent { change, error },
        OperationResponse::Blocked(by) => Event::Blocked { change, by },
        OperationResponse::Rejected(error) => Event::Rejected { change, error },
        _ => Event::Accepted { change, operation_id: operation.operation_id.clone() },
    }
}

/// A passed gate; notes describe the other results.
fn gate_entry(gate: &Gate) -> Option<NarrativeEntry> {
    let left = gate.left.filter(|_| gate.result == Some(GateResult::Healthy))?;
    let Gate { domain, is_rollback, .. } = *gate;
    let mut text = Event::DomainHealthy { domain, is_rollback }.to_string();
    if gate.external {
        text.push_str(", walked by another operator");
    }
    Some(new_entry(left, Severity::Minor, "healthy", &text))
}

/// Whether it was refused, or lost, or its work failed.
pub(super) fn is_problem(operation: &OperationSpan) -> bool {
    operation.failure.is_some() || !matches!(operation.response, Some(OperationResponse::Accepted))
}

pub(super) fn change_label(change: Change) -> String {
    match change {
        Change::Start => "start".to_owned(),
        Change::Walk { domain } => format!("walk {domain}"),
        Change::RollBack => "roll back".to_owned(),
    }
}

fn note_entry(note: &TimelineNote) -> NarrativeEntry {
    let (severity, short) = match &note.event {
        Event::Checked { .. } => (Severity::Minor, "checked"),
        Event::Failed { .. } => (Severity::Problem, "failed"),
        Event::RollbackStarted { .. } => (Severity::Problem, "rolls back"),
        Event::Promoted => (Severity::Minor, "promoted"),
        Event::Swapped { .. } => (Severity::Minor, "swapped"),
        Event::Unconfirmed { .. } => (Severity::Problem, "unconfirmed"),
        Event::ReadFailed { .. } => (Severity::Minor, "not read"),
        Event::Stopped { .. } => (Severity::Problem, "stopped"),
        _ => (Severity::Minor, "event"),
    };
    new_entry(note.at, severity, short, &note.event.to_string())
}
