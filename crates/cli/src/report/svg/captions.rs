//! Texts: beside the bands, and below the rows the events with the ids of operations.

use std::time::Duration;

use azure_classic_rollout::timeline::{Gate, GateResult};

use super::MARGIN;
use super::canvas::{Canvas, clipped};
use crate::report::narrative::{self, Severity};
use crate::report::{RolloutReport, time_format};

const LINE_HEIGHT: f64 = 16.0;
/// More lines would be unreadable in a picture.
const MAX_LINES: usize = 60;
const MAX_COLUMNS: usize = 170;

pub(super) fn draw_entries(canvas: &mut Canvas, report: &RolloutReport, y: f64) -> f64 {
    let entries = narrative::all_entries(report);
    if entries.is_empty() {
        return y;
    }
    let mut y = y + 26.0;
    canvas.text(MARGIN, y, "strong", "Events");
    for entry in entries.iter().take(MAX_LINES) {
        y += LINE_HEIGHT;
        canvas.text(MARGIN + 46.0, y, "faint end", &time_format::elapsed(entry.at));
        if let Some(started) = report.started {
            let time = time_format::time_of_day(started + entry.at);
            canvas.text(MARGIN + 58.0, y, "faint", &time);
        }
        let class = if entry.severity == Severity::Problem { "bad" } else { "" };
        canvas.text(MARGIN + 120.0, y, class, &clipped(&entry.text, MAX_COLUMNS));
    }
    if entries.len() > MAX_LINES {
        y += LINE_HEIGHT;
        let more = format!("and {} more; --json has them all", entries.len() - MAX_LINES);
        canvas.text(MARGIN + 120.0, y, "faint", &more);
    }
    y
}

/// `to Release 43`, for the band of an upgrade domain.
pub(super) fn version_label(report: &RolloutReport, gate: &Gate) -> String {
    let version = clipped(report.header.version(gate.is_rollback), 24);
    let way = if gate.is_rollback { "back to" } else { "to" };
    format!("{way} {version}{}", if gate.external { " by another operator" } else { "" })
}

/// `failed after 20 min, promoted after 25 min`; empty while nothing is known.
pub(super) fn outcome_label(gate: &Gate) -> String {
    let after = |what: &str, at: Duration| {
        format!("{what} after {}", time_format::human_duration_between(gate.started, at))
    };
    let result = match gate.result {
        Some(GateResult::Healthy) => Some("healthy"),
        Some(GateResult::Promoted) => Some("promoted"),
        Some(GateResult::RollbackStarted) if gate.failed.is_none() => Some("turned back"),
        _ => None,
    };
    let failed = gate.failed.map(|at| after("failed", at));
    let left = result.zip(gate.left).map(|(result, at)| after(result, at));
    failed.into_iter().chain(left).collect::<Vec<_>>().join(", ")
}

/// Remarks about the report itself.
pub(super) fn draw_remarks(canvas: &mut Canvas, report: &RolloutReport, y: f64) -> f64 {
    let mut y = y + 8.0;
    for remark in narrative::remarks(report) {
        y += LINE_HEIGHT;
        canvas.text(MARGIN, y, "faint", &clipped(&remark, MAX_COLUMNS));
    }
    y
}
