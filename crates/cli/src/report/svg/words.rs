//! Words: beside the bands, and below the rows what happened, with the ids of operations.

use std::time::Duration;

use azure_classic_rollout::timeline::{Gate, GateResult};

use super::MARGIN;
use super::canvas::{Canvas, clipped};
use crate::report::story::{self, Tone};
use crate::report::{Report, moments};

const LINE: f64 = 16.0;
/// More than this nobody reads in a picture.
const MOST_LINES: usize = 60;
const COLUMNS: usize = 170;

pub(super) fn list(canvas: &mut Canvas, report: &Report, y: f64) -> f64 {
    let happenings = story::happenings(report);
    if happenings.is_empty() {
        return y;
    }
    let mut y = y + 26.0;
    canvas.text(MARGIN, y, "strong", "What happened");
    for happening in happenings.iter().take(MOST_LINES) {
        y += LINE;
        canvas.text(MARGIN + 46.0, y, "faint end", &moments::elapsed(happening.at));
        if let Some(began) = report.began {
            let time = moments::time_of_day(began + happening.at);
            canvas.text(MARGIN + 58.0, y, "faint", &time);
        }
        let class = if happening.tone == Tone::Bad { "bad" } else { "" };
        canvas.text(MARGIN + 120.0, y, class, &clipped(&happening.text, COLUMNS));
    }
    if happenings.len() > MOST_LINES {
        y += LINE;
        let more = format!("and {} more; --json has them all", happenings.len() - MOST_LINES);
        canvas.text(MARGIN + 120.0, y, "faint", &more);
    }
    y
}

/// `to Release 43`, for the band of an upgrade domain.
pub(super) fn of_way(report: &Report, gate: &Gate) -> String {
    let version = clipped(report.head.version(gate.is_back), 24);
    let way = if gate.is_back { "back to" } else { "to" };
    format!("{way} {version}{}", if gate.by_another { " by somebody else" } else { "" })
}

/// `failed after 20 min, promoted after 25 min`; empty while nothing is known.
pub(super) fn of_outcome(gate: &Gate) -> String {
    let after =
        |what: &str, at: Duration| format!("{what} after {}", moments::between(gate.begun, at));
    let result = match gate.result {
        Some(GateResult::Healthy) => Some("healthy"),
        Some(GateResult::Promoted) => Some("promoted"),
        Some(GateResult::TurnedBack) if gate.failed.is_none() => Some("turned back"),
        _ => None,
    };
    let failed = gate.failed.map(|at| after("failed", at));
    let left = result.zip(gate.left).map(|(result, at)| after(result, at));
    failed.into_iter().chain(left).collect::<Vec<_>>().join(", ")
}

/// What is to be known about the report itself.
pub(super) fn remarks(canvas: &mut Canvas, report: &Report, y: f64) -> f64 {
    let mut y = y + 8.0;
    for remark in story::remarks(report) {
        y += LINE;
        canvas.text(MARGIN, y, "faint", &clipped(&remark, COLUMNS));
    }
    y
}
