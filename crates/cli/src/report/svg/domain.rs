//! The rows of an upgrade domain: its gate, and its instances.

use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_rollout::timeline::{Gate, GateResult, InstanceLine, StateSpan};

use super::axis::Axis;
use super::canvas::{Canvas, clipped, number, sanitized, text_width};
use super::state_style::{StateStyle, state_name};
use super::{LEFT, MARGIN, RIGHT, captions, span_text};
use crate::report::{RolloutReport, time_format};

const HEADER: f64 = 22.0;
const PADDING_BELOW: f64 = 8.0;

/// An upgrade domain with its instances; `None`: those that are in none.
pub(super) struct DomainGroup<'a> {
    domain: Option<u32>,
    lines: Vec<&'a InstanceLine>,
    rows: RowLayout,
}

/// How rows are drawn.
#[derive(Debug, Clone, Copy)]
struct RowLayout {
    height: f64,
    bar: f64,
    has_names: bool,
    has_states: bool,
}

impl RowLayout {
    /// The more instances there are, the lower is a row.
    fn for_count(instances: usize) -> Self {
        let rows = |height, bar, has_names, has_states| Self { height, bar, has_names, has_states };
        match instances {
            0..=40 => rows(20.0, 15.0, true, true),
            41..=100 => rows(13.0, 10.0, true, false),
            101..=240 => rows(6.0, 5.0, false, false),
            _ => rows(3.0, 2.5, false, false),
        }
    }
}

/// The upgrade domains, those that were only walked included.
pub(super) fn groups(report: &RolloutReport) -> Vec<DomainGroup<'_>> {
    let timeline = &report.timeline;
    let rows = RowLayout::for_count(timeline.instances.len());
    let mut groups: Vec<DomainGroup<'_>> = Vec::new();
    for line in &timeline.instances {
        match groups.last_mut() {
            Some(last) if last.domain == line.domain => last.lines.push(line),
            _ => groups.push(DomainGroup { domain: line.domain, lines: vec![line], rows }),
        }
    }
    for gate in &timeline.gates {
        if !groups.iter().any(|group| group.domain == Some(gate.domain)) {
            groups.push(DomainGroup { domain: Some(gate.domain), lines: Vec::new(), rows });
        }
    }
    groups.sort_by_key(|group| group.domain.unwrap_or(u32::MAX));
    groups
}

impl DomainGroup<'_> {
    pub(super) fn height(&self) -> f64 {
        let lines = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        HEADER + f64::from(lines) * self.rows.height + PADDING_BELOW
    }

    /// Where the next one begins.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        axis: &Axis,
        report: &RolloutReport,
        y: f64,
    ) -> f64 {
        let until = report.timeline.until;
        let gates: Vec<&Gate> =
            report.timeline.gates.iter().filter(|gate| Some(gate.domain) == self.domain).collect();
        canvas.line("grid", (MARGIN, y), (RIGHT, y), "");
        self.label(canvas, y);
        let rows = y + HEADER;
        let bottom = y + self.height() - PADDING_BELOW;
        for gate in &gates {
            let (from, to) = (axis.x(gate.started), axis.x(gate_end(gate, until)));
            canvas.rect("work", (from, rows), (to - from, bottom - rows), "");
        }
        let mut row = rows;
        for line in &self.lines {
            self.row(canvas, axis, line, until, row);
            row += self.rows.height;
        }
        let mut free = LEFT;
        for (at, gate) in gates.iter().enumerate() {
            let next = gates.get(at + 1).map_or(RIGHT, |next| axis.x(next.started));
            free = draw_gate(canvas, axis, report, gate, (y + 4.0, bottom), (free, next));
        }
        y + self.height()
    }

    fn label(&self, canvas: &mut Canvas, y: f64) {
        let name = self.domain.map_or_else(|| "no domain".to_owned(), |it| format!("domain {it}"));
        canvas.text(MARGIN, y + 15.0, "strong", &name);
        if !self.rows.has_names {
            let count = format!("{} instances", self.lines.len());
            canvas.text(LEFT - 10.0, y + 15.0, "faint end", &count);
        }
    }

    fn row(&self, canvas: &mut Canvas, axis: &Axis, line: &InstanceLine, until: Duration, y: f64) {
        let rows = self.rows;
        let name = sanitized(&line.instance);
        if rows.has_names {
            let class = if rows.has_states { "end" } else { "end small" };
            canvas.text(LEFT - 10.0, y + rows.bar * 0.78, class, &clipped(&name, 24));
        }
        let top = y + (rows.height - rows.bar) / 2.0;
        if !rows.has_states {
            canvas.open_group(&format!("{name}, {}", sanitized(&line.role)));
            for (style, path) in paths(axis, line, until, (top, rows.bar)) {
                canvas.path(style.class(), &path, "");
            }
            return canvas.close_group();
        }
        for state in &line.states {
            let to = state.to.unwrap_or(until);
            let (from_x, to_x) = (axis.x(state.from), axis.x(to));
            let (text, class) = (state_name(&state.state), StateStyle::new(&state.state).class());
            let title = format!("{name}: {text}, {}", span_text(state.from, to));
            let width = (to_x - from_x).max(0.8);
            canvas.rect(class, (from_x, top), (width, rows.bar), &title);
            if text_width(&text) + 6.0 < width {
                canvas.text(from_x + 4.0, top + rows.bar * 0.72, "bar small", &text);
            }
        }
    }
}

/// For each style that an instance had, all its bars as one path.
fn paths(
    axis: &Axis,
    line: &InstanceLine,
    until: Duration,
    (y, height): (f64, f64),
) -> Vec<(StateStyle, String)> {
    let mut paths: Vec<(StateStyle, String)> = Vec::new();
    let same = |one: &StateSpan, next: &StateSpan| {
        one.to == Some(next.from) && StateStyle::new(&one.state) == StateStyle::new(&next.state)
    };
    for run in line.states.chunk_by(same) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let style = StateStyle::new(&first.state);
        let (from, to) = (axis.x(first.from), axis.x(last.to.unwrap_or(until)));
        let (x, width) = (number(from), number((to - from).max(0.8)));
        let at = paths.iter().position(|(other, _)| *other == style).unwrap_or_else(|| {
            paths.push((style, String::new()));
            paths.len() - 1
        });
        let (y, height) = (number(y), number(height));
        let _ = write!(paths[at].1, "M{x} {y}h{width}v{height}h-{width}z");
    }
    paths
}

/// The time until which a domain is shown as in progress.
fn gate_end(gate: &Gate, until: Duration) -> Duration {
    gate.left.unwrap_or(until)
}

/// The gate as a band in the header, and the change of the version as a line through the rows.
///
/// `rows`: the top of the band, and the bottom of the rows. `room`: the space for text besides the band.
/// Returns the bottom of the header.
fn draw_gate(
    canvas: &mut Canvas,
    axis: &Axis,
    report: &RolloutReport,
    gate: &Gate,
    (top, bottom): (f64, f64),
    room: (f64, f64),
) -> f64 {
    let end = gate_end(gate, report.timeline.until);
    let (from, to) = (axis.x(gate.started), axis.x(end));
    let way = captions::version_label(report, gate);
    let outcome = captions::outcome_label(gate);
    let text = [way.as_str(), &outcome].join(if outcome.is_empty() { "" } else { ", " });
    let title = format!("domain {}: {text}; {}", gate.domain, span_text(gate.started, end));
    let is_bad = gate.failed.is_some() || gate.result == Some(GateResult::RollbackStarted);
    let class = if is_bad { "gate-bad" } else { "gate" };
    canvas.rect(class, (from, top), ((to - from).max(1.0), 15.0), &title);
    canvas.line("mark", (from, top), (from, bottom), &title);
    if let Some(failed) = gate.failed {
        let x = number(axis.x(failed));
        let path = format!("M{x} {}l4.5 -7h-9z", number(top + 15.0));
        canvas.path("mark-bad", &path, &format!("failed at {}", time_format::elapsed(failed)));
    }
    if matches!(gate.result, Some(GateResult::Healthy | GateResult::Promoted)) {
        canvas.rect("mark-good", (to - 1.5, top), (3.0, 15.0), &title);
    }
    let class = if is_bad { "bad" } else { "" };
    for caption in [&text, &outcome, &way].into_iter().filter(|caption| !caption.is_empty()) {
        let width = text_width(caption);
        let positions = [(from + 5.0, to), (to + 6.0, room.1 - 4.0), (from - width - 6.0, from)];
        let fits = |(x, limit): &(f64, f64)| *x > room.0 && x + width < *limit;
        if let Some((x, _)) = positions.into_iter().find(fits) {
            canvas.text(x, top + 11.5, class, caption);
            return to.max(x + width);
        }
    }
    to
}
