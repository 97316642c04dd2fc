//! Above the rows: the requests, and what else happened. Across the rows: pauses, and what concerns all.

use std::time::Duration;

use azure_classic_rollout::Change;

use super::axis::Axis;
use super::canvas::{Canvas, number, width_of};
use super::{LEFT, RIGHT, span};
use crate::report::story::{self, Tone};
use crate::report::{Report, moments};

/// So many marks stand below each other before their labels are left out.
const MOST_LEVELS: usize = 4;
const LEVEL: f64 = 15.0;

/// Marks with their places.
pub(super) struct Lanes {
    operations: Lane,
    others: Lane,
}

struct Lane {
    marks: Vec<Mark>,
    levels: usize,
}

struct Mark {
    from: f64,
    to: f64,
    tone: Tone,
    label: String,
    title: String,
    level: usize,
    is_labelled: bool,
}

impl Lanes {
    pub(super) fn of(report: &Report, axis: &Axis) -> Self {
        let timeline = &report.timeline;
        let operations = timeline.operations.iter().map(|operation| {
            let to = operation.ended.or(operation.answered).unwrap_or(operation.sent);
            let tone = if story::is_bad(operation) { Tone::Bad } else { Tone::Operation };
            mark(axis, (operation.sent, to), tone, story::short(operation.change))
        });
        let mut operations: Vec<Mark> = operations.collect();
        let told = story::of_operations(report);
        for (mark, told) in operations.iter_mut().zip(told) {
            mark.title = format!("{}, {}", moments::elapsed(told.at), told.text);
        }
        let others = story::others(report).into_iter().map(|told| {
            let mut mark = mark(axis, (told.at, told.at), told.tone, told.short);
            mark.title = format!("{}, {}", moments::elapsed(told.at), told.text);
            mark
        });
        Self { operations: Lane::of(operations), others: Lane::of(others.collect()) }
    }

    pub(super) fn height(&self) -> f64 {
        self.operations.height() + self.others.height()
    }

    /// Where the rows begin.
    pub(super) fn draw(&self, canvas: &mut Canvas, y: f64) -> f64 {
        self.operations.draw(canvas, "requests", y);
        self.others.draw(canvas, "events", y + self.operations.height());
        y + self.height()
    }
}

fn mark(axis: &Axis, time: (Duration, Duration), tone: Tone, label: String) -> Mark {
    let (from, to) = (axis.x(time.0), axis.x(time.1).max(axis.x(time.0) + 3.0));
    Mark { from, to, tone, label, title: String::new(), level: 0, is_labelled: true }
}

impl Mark {
    /// Where the label stands: behind the mark, or before it at the right edge.
    fn label_at(&self) -> f64 {
        let width = width_of(&self.label);
        if self.to + 4.0 + width > RIGHT { self.from - 4.0 - width } else { self.to + 4.0 }
    }

    fn extent(&self) -> (f64, f64) {
        let label = self.label_at();
        (self.from.min(label), self.to.max(label + width_of(&self.label)) + 8.0)
    }
}

impl Lane {
    /// Puts each mark on the first level that has room for it.
    fn of(mut marks: Vec<Mark>) -> Self {
        let mut ends: Vec<f64> = Vec::new();
        for mark in &mut marks {
            let (start, end) = mark.extent();
            match ends.iter().position(|taken| *taken <= start) {
                Some(level) => {
                    mark.level = level;
                    ends[level] = end;
                }
                None if ends.len() < MOST_LEVELS => {
                    mark.level = ends.len();
                    ends.push(end);
                }
                None => {
                    mark.level = MOST_LEVELS - 1;
                    mark.is_labelled = false;
                }
            }
        }
        Self { marks, levels: ends.len() }
    }

    fn height(&self) -> f64 {
        let levels = u32::try_from(self.levels).unwrap_or(u32::MAX);
        if levels == 0 { 0.0 } else { f64::from(levels) * LEVEL + 8.0 }
    }

    fn draw(&self, canvas: &mut Canvas, name: &str, y: f64) {
        if self.marks.is_empty() {
            return;
        }
        canvas.text(LEFT - 10.0, y + 15.0, "faint end", name);
        for mark in &self.marks {
            let level = u32::try_from(mark.level).unwrap_or_default();
            let y = y + 5.0 + f64::from(level) * LEVEL;
            let class = match mark.tone {
                Tone::Operation => "op",
                Tone::Plain => "faint",
                Tone::Bad => "op-bad",
            };
            canvas.rect(class, (mark.from, y), (mark.to - mark.from, 10.0), &mark.title);
            if mark.is_labelled {
                let class = if mark.tone == Tone::Bad { "bad" } else { "" };
                canvas.text(mark.label_at(), y + 9.0, class, &mark.label);
            }
        }
    }
}

/// Pauses, the start and the rollback, and other drivers, across all rows.
pub(super) fn across(canvas: &mut Canvas, report: &Report, axis: &Axis, top: f64, bottom: f64) {
    let timeline = &report.timeline;
    for pause in &timeline.pauses {
        let to = pause.to.unwrap_or(timeline.until);
        let (from_x, to_x) = (axis.x(pause.from), axis.x(to));
        let title = format!("paused, {}", span(pause.from, to));
        let path = format!(
            "M{} {}H{}V{}H{}z",
            number(from_x),
            number(top),
            number(to_x.max(from_x + 1.0)),
            number(bottom),
            number(from_x)
        );
        canvas.path("pause", &path, &title);
    }
    for operation in &timeline.operations {
        if !matches!(operation.change, Change::Walk { .. }) {
            let x = axis.x(operation.sent);
            canvas.line("whole", (x, top), (x, bottom), &story::short(operation.change));
        }
    }
    for at in &timeline.taken_up {
        canvas.line(
            "taken",
            (axis.x(*at), top),
            (axis.x(*at), bottom),
            "another driver takes over",
        );
    }
}
