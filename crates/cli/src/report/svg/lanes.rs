//! Above the rows: the requests, and what else happened. Across the rows: pauses, and what concerns all.

use std::time::Duration;

use azure_classic_rollout::Change;

use super::axis::Axis;
use super::canvas::{Canvas, number, text_width};
use super::{LEFT, RIGHT, span_text};
use crate::report::narrative::{self, Severity};
use crate::report::{RolloutReport, time_format};

/// The maximal number of marks below each other before their labels are omitted.
const MAX_LEVELS: usize = 4;
const LEVEL_HEIGHT: f64 = 15.0;

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
    severity: Severity,
    label: String,
    title: String,
    level: usize,
    is_labelled: bool,
}

impl Lanes {
    pub(super) fn new(report: &RolloutReport, axis: &Axis) -> Self {
        let timeline = &report.timeline;
        let operations = timeline.operations.iter().map(|operation| {
            let to = operation.ended.or(operation.responded).unwrap_or(operation.sent);
            let severity =
                if narrative::is_problem(operation) { Severity::Problem } else { Severity::Normal };
            mark(axis, (operation.sent, to), severity, narrative::change_label(operation.change))
        });
        let mut operations: Vec<Mark> = operations.collect();
        let entries = narrative::operation_entries(report);
        for (mark, entry) in operations.iter_mut().zip(entries) {
            mark.title = format!("{}, {}", time_format::elapsed(entry.at), entry.text);
        }
        let others = narrative::other_entries(report).into_iter().map(|entry| {
            let mut mark = mark(axis, (entry.at, entry.at), entry.severity, entry.label);
            mark.title = format!("{}, {}", time_format::elapsed(entry.at), entry.text);
            mark
        });
        Self { operations: Lane::new(operations), others: Lane::new(others.collect()) }
    }

    pub(super) fn height(&self) -> f64 {
        self.operations.height() + self.others.height()
    }

    /// The top of the rows.
    pub(super) fn draw(&self, canvas: &mut Canvas, y: f64) -> f64 {
        self.operations.draw(canvas, "requests", y);
        self.others.draw(canvas, "events", y + self.operations.height());
        y + self.height()
    }
}

fn mark(axis: &Axis, time: (Duration, Duration), severity: Severity, label: String) -> Mark {
    let (from, to) = (axis.x(time.0), axis.x(time.1).max(axis.x(time.0) + 3.0));
    Mark { from, to, severity, label, title: String::new(), level: 0, is_labelled: true }
}

impl Mark {
    /// Where the label stands: behind the mark, or before it at the right edge.
    fn label_at(&self) -> f64 {
        let width = text_width(&self.label);
        if self.to + 4.0 + width > RIGHT { self.from - 4.0 - width } else { self.to + 4.0 }
    }

    fn extent(&self) -> (f64, f64) {
        let label = self.label_at();
        (self.from.min(label), self.to.max(label + text_width(&self.label)) + 8.0)
    }
}

impl Lane {
    /// Puts each mark on the first level that has room for it.
    fn new(mut marks: Vec<Mark>) -> Self {
        let mut ends: Vec<f64> = Vec::new();
        for mark in &mut marks {
            let (start, end) = mark.extent();
            match ends.iter().position(|taken| *taken <= start) {
                Some(level) => {
                    mark.level = level;
                    ends[level] = end;
                }
                None if ends.len() < MAX_LEVELS => {
                    mark.level = ends.len();
                    ends.push(end);
                }
                None => {
                    mark.level = MAX_LEVELS - 1;
                    mark.is_labelled = false;
                }
            }
        }
        Self { marks, levels: ends.len() }
    }

    fn height(&self) -> f64 {
        let levels = u32::try_from(self.levels).unwrap_or(u32::MAX);
        if levels == 0 { 0.0 } else { f64::from(levels) * LEVEL_HEIGHT + 8.0 }
    }

    fn draw(&self, canvas: &mut Canvas, name: &str, y: f64) {
        if self.marks.is_empty() {
            return;
        }
        canvas.text(LEFT - 10.0, y + 15.0, "faint end", name);
        for mark in &self.marks {
            let level = u32::try_from(mark.level).unwrap_or_default();
            let y = y + 5.0 + f64::from(level) * LEVEL_HEIGHT;
            let class = match mark.severity {
                Severity::Normal => "op",
                Severity::Minor => "faint",
                Severity::Problem => "op-bad",
            };
            canvas.rect(class, (mark.from, y), (mark.to - mark.from, 10.0), &mark.title);
            if mark.is_labelled {
                let class = if mark.severity == Severity::Problem { "bad" } else { "" };
                canvas.text(mark.label_at(), y + 9.0, class, &mark.label);
            }
        }
    }
}

/// Pauses, the start and the rollback, and other drivers, across all rows.
pub(super) fn draw_vertical_marks(
    canvas: &mut Canvas,
    report: &RolloutReport,
    axis: &Axis,
    top: f64,
    bottom: f64,
) {
    let timeline = &report.timeline;
    for pause in &timeline.pauses {
        let to = pause.to.unwrap_or(timeline.until);
        let (from_x, to_x) = (axis.x(pause.from), axis.x(to));
        let title = format!("paused, {}", span_text(pause.from, to));
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
            canvas.line("whole", (x, top), (x, bottom), &narrative::change_label(operation.change));
        }
    }
    for at in &timeline.resumed {
        canvas.line(
            "taken",
            (axis.x(*at), top),
            (axis.x(*at), bottom),
            "another driver takes over",
        );
    }
}
