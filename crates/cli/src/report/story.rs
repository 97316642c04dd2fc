//! What happened, in words and in order.

use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_rollout::timeline::{Answer, End, Gate, GateResult, Note, Operation};
use azure_classic_rollout::{Change, Ending, Event, Pause};

use super::{Report, moments};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Happening {
    pub(super) at: Duration,
    pub(super) tone: Tone,
    /// In a word or two.
    pub(super) short: String,
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// A request that changes something.
    Operation,
    Plain,
    Bad,
}

/// Everything that happened but for the states of instances, in its order.
pub(super) fn happenings(report: &Report) -> Vec<Happening> {
    let mut all = others(report);
    all.extend(report.timeline.gates.iter().filter_map(gate));
    all.extend(of_operations(report));
    all.sort_by_key(|happening| happening.at);
    all
}

/// What became of each request, in the order of the timeline.
pub(super) fn of_operations(report: &Report) -> Vec<Happening> {
    report.timeline.operations.iter().map(operation).collect()
}

/// What happened to the rollout as a whole: no requests, no instances.
pub(super) fn others(report: &Report) -> Vec<Happening> {
    let timeline = &report.timeline;
    let mut all: Vec<Happening> = timeline.notes.iter().map(note).collect();
    all.extend(timeline.pauses.iter().map(|pause| {
        let why = match &pause.why {
            Pause::Failed(_) => "it waits for a decision",
            _ => "paused by a person",
        };
        let text = match pause.to {
            Some(to) => format!("{why}; it goes on after {}", moments::between(pause.from, to)),
            None => why.to_owned(),
        };
        happening(pause.from, Tone::Plain, "paused", &text)
    }));
    all.extend(
        timeline.taken_up.iter().map(|at| {
            happening(*at, Tone::Plain, "taken up", "another driver takes the rollout up")
        }),
    );
    all.sort_by_key(|happening| happening.at);
    all
}

/// How it ended, in a few words.
pub(super) fn ending(report: &Report) -> (Tone, &'static str) {
    match &report.timeline.end {
        Some(End::Ended(Ending::Upgraded)) => (Tone::Operation, "upgraded"),
        Some(End::Ended(Ending::RolledBack)) => (Tone::Bad, "rolled back"),
        Some(End::Ended(Ending::CompletedBeforeRollback)) => {
            (Tone::Bad, "complete before it could be rolled back")
        }
        Some(End::Stopped(_)) => (Tone::Bad, "stopped, needs a person"),
        _ => (Tone::Plain, "not over"),
    }
}

/// The report in lines of text.
pub(super) fn told(report: &Report) -> Vec<String> {
    let until = report.timeline.until;
    let mut lines = vec![report.head.title()];
    let when = report
        .began
        .map_or_else(String::new, |began| format!(", begun {}", moments::date_and_time(began)));
    lines.push(format!("{} after {}{when}", ending(report).1, moments::spoken(until)));
    for happening in happenings(report) {
        lines.push(format!("{:>8}  {}", moments::elapsed(happening.at), happening.text));
    }
    lines.extend(remarks(report));
    lines
}

/// What is to be known about the report itself.
pub(super) fn remarks(report: &Report) -> Vec<String> {
    let mut remarks = Vec::new();
    match report.skipped.as_slice() {
        [] => {}
        [one] => remarks.push(format!("line {} of the log cannot be read: {}", one.line, one.why)),
        [first, ..] => remarks.push(format!(
            "{} lines of the log cannot be read, the first is line {}: {}",
            report.skipped.len(),
            first.line,
            first.why
        )),
    }
    for step in &report.clock_went_back {
        remarks.push(format!(
            "the clock went back by {} at line {} of the log; what follows is shown so much later",
            moments::spoken(step.by),
            step.line
        ));
    }
    remarks
}

fn happening(at: Duration, tone: Tone, short: &str, text: &str) -> Happening {
    Happening { at, tone, short: short.to_owned(), text: text.to_owned() }
}

fn operation(operation: &Operation) -> Happening {
    let change = operation.change;
    let mut text = match &operation.answer {
        None => format!("{change}: sent, and no answer was noted"),
        Some(Answer::Accepted) => format!("{change}: accepted"),
        Some(Answer::Lost(error)) => format!("{change}: the answer was lost: {error}"),
        Some(Answer::Blocked(by)) => format!("{change}: blocked by {}", by.as_str()),
        Some(Answer::Refused(error)) => format!("{change}: refused: {error}"),
        Some(_) => format!("{change}: answered"),
    };
    if let Some(work) = &operation.work {
        let _ = write!(text, " as {}", work.as_str());
    }
    if let Some(failure) = &operation.failure {
        let _ = write!(text, "; failed: {failure}");
    } else if let Some(ended) = operation.ended {
        let _ = write!(text, "; done after {}", moments::between(operation.sent, ended));
    }
    let tone = if is_bad(operation) { Tone::Bad } else { Tone::Operation };
    happening(operation.sent, tone, &short(change), &text)
}

/// That a gate was passed; how else it was left is told by notes.
fn gate(gate: &Gate) -> Option<Happening> {
    let left = gate.left.filter(|_| gate.result == Some(GateResult::Healthy))?;
    let way = if gate.is_back { ", on the way back" } else { "" };
    let by = if gate.by_another { "; somebody else had walked it" } else { "" };
    let text =
        format!("upgrade domain {} has been healthy for the settle time{way}{by}", gate.domain);
    Some(happening(left, Tone::Plain, "healthy", &text))
}

/// Whether it was refused, or lost, or its work failed.
pub(super) fn is_bad(operation: &Operation) -> bool {
    operation.failure.is_some() || !matches!(operation.answer, Some(Answer::Accepted))
}

pub(super) fn short(change: Change) -> String {
    match change {
        Change::Start => "start".to_owned(),
        Change::Walk { domain } => format!("walk {domain}"),
        Change::RollBack => "roll back".to_owned(),
    }
}

fn note(note: &Note) -> Happening {
    let (tone, short, text) = match &note.event {
        Event::Checked { findings } if findings.is_empty() => {
            (Tone::Plain, "checked", "checked; nothing stands in the way".to_owned())
        }
        Event::Checked { findings } => {
            let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
            (Tone::Plain, "checked", format!("checked: {}", list.join("; ")))
        }
        Event::Failed { failure } => (Tone::Bad, "failed", failure.to_string()),
        Event::TurnedBack { because } => {
            (Tone::Bad, "turns back", format!("it is to go back, because {because}"))
        }
        Event::Promoted => {
            (Tone::Plain, "promoted", "promoted past the gate by a person".to_owned())
        }
        Event::Swapped { slot } => (
            Tone::Plain,
            "swapped",
            format!("somebody has swapped: the deployment is now in {}", slot.as_str()),
        ),
        Event::Doubted { why } => (Tone::Bad, "doubt", format!("it waits, because {why}")),
        Event::Unread { error } => {
            (Tone::Plain, "unread", format!("the service could not be read: {error}"))
        }
        Event::Stopped { why } => (Tone::Bad, "stopped", format!("stopped: {why}")),
        other => (Tone::Plain, "event", format!("{other:?}")),
    };
    happening(note.at, tone, short, &text)
}
