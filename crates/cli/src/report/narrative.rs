//! The report as text, in order of time.

use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_rollout::timeline::{
    Gate, GateResult, OperationResponse, OperationSpan, TimelineEnd, TimelineNote,
};
use azure_classic_rollout::{Change, Event, FinalState, Pause};

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
        let why = match &pause.reason {
            Pause::Failed(_) => "it waits for a decision",
            _ => "paused by a person",
        };
        let text = match pause.to {
            Some(to) => format!(
                "{why}; it goes on after {}",
                time_format::human_duration_between(pause.from, to)
            ),
            None => why.to_owned(),
        };
        new_entry(pause.from, Severity::Minor, "paused", &text)
    }));
    all.extend(timeline.resumed.iter().map(|at| {
        new_entry(*at, Severity::Minor, "taken up", "another driver takes the rollout up")
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
        Some(TimelineEnd::Stopped(_)) => (Severity::Problem, "stopped, needs a person"),
        _ => (Severity::Minor, "not over"),
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
        None => format!("{change}: sent, without a recorded response"),
        Some(OperationResponse::Accepted) => format!("{change}: accepted"),
        Some(OperationResponse::MaybeSent(error)) => {
            format!("{change}: the response was lost: {error}")
        }
        Some(OperationResponse::Blocked(by)) => format!("{change}: blocked by {}", by.as_str()),
        Some(OperationResponse::Rejected(error)) => format!("{change}: refused: {error}"),
        Some(_) => format!("{change}: responded"),
    };
    if let Some(work) = &operation.operation_id {
        let _ = write!(text, " as {}", work.as_str());
    }
    if let Some(failure) = &operation.failure {
        let _ = write!(text, "; failed: {failure}");
    } else if let Some(ended) = operation.ended {
        let _ = write!(
            text,
            "; done after {}",
            time_format::human_duration_between(operation.sent, ended)
        );
    }
    let severity = if is_problem(operation) { Severity::Problem } else { Severity::Normal };
    new_entry(operation.sent, severity, &change_label(change), &text)
}

/// A passed gate; notes describe the other results.
fn gate_entry(gate: &Gate) -> Option<NarrativeEntry> {
    let left = gate.left.filter(|_| gate.result == Some(GateResult::Healthy))?;
    let way = if gate.is_rollback { ", on the way back" } else { "" };
    let by = if gate.external { "; another operator had walked it" } else { "" };
    let text =
        format!("upgrade domain {} has been healthy for the settle time{way}{by}", gate.domain);
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
    let (severity, short, text) = match &note.event {
        Event::Checked { issues } if issues.is_empty() => {
            (Severity::Minor, "checked", "checked; nothing stands in the way".to_owned())
        }
        Event::Checked { issues } => {
            let list: Vec<String> = issues.iter().map(ToString::to_string).collect();
            (Severity::Minor, "checked", format!("checked: {}", list.join("; ")))
        }
        Event::Failed { failure } => (Severity::Problem, "failed", failure.to_string()),
        Event::RollbackStarted { reason } => {
            (Severity::Problem, "turns back", format!("it is to go back, because {reason}"))
        }
        Event::Promoted => {
            (Severity::Minor, "promoted", "promoted past the gate by a person".to_owned())
        }
        Event::Swapped { slot } => (
            Severity::Minor,
            "swapped",
            format!(
                "the deployment is now in {}, because of a swap by another operator",
                slot.as_str()
            ),
        ),
        Event::Unconfirmed { reason: why } => {
            (Severity::Problem, "doubt", format!("it waits, because {why}"))
        }
        Event::ReadFailed { error } => {
            (Severity::Minor, "unread", format!("the service could not be read: {error}"))
        }
        Event::Stopped { reason: why } => (Severity::Problem, "stopped", format!("stopped: {why}")),
        other => (Severity::Minor, "event", format!("{other:?}")),
    };
    new_entry(note.at, severity, short, &text)
}
