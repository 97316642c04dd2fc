//! The rows of an upgrade domain: its gate, and its instances.

use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_rollout::timeline::{Gate, GateResult, InstanceLine, StateSpan};

use super::axis::Axis;
use super::canvas::{Canvas, clipped, number, shown, width_of};
use super::look::{Look, name_of};
use super::{LEFT, MARGIN, RIGHT, span, words};
use crate::report::{Report, moments};

const HEADER: f64 = 22.0;
const BELOW: f64 = 8.0;

/// An upgrade domain with its instances; `None`: those that are in none.
pub(super) struct Group<'a> {
    domain: Option<u32>,
    lines: Vec<&'a InstanceLine>,
    rows: Rows,
}

/// How rows are drawn.
#[derive(Debug, Clone, Copy)]
struct Rows {
    height: f64,
    bar: f64,
    has_names: bool,
    has_states: bool,
}

impl Rows {
    /// The more instances there are, the lower is a row.
    fn for_so_many(instances: usize) -> Self {
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
pub(super) fn groups(report: &Report) -> Vec<Group<'_>> {
    let timeline = &report.timeline;
    let rows = Rows::for_so_many(timeline.instances.len());
    let mut groups: Vec<Group<'_>> = Vec::new();
    for line in &timeline.instances {
        match groups.last_mut() {
            Some(last) if last.domain == line.domain => last.lines.push(line),
            _ => groups.push(Group { domain: line.domain, lines: vec![line], rows }),
        }
    }
    for gate in &timeline.gates {
        if !groups.iter().any(|group| group.domain == Some(gate.domain)) {
            groups.push(Group { domain: Some(gate.domain), lines: Vec::new(), rows });
        }
    }
    groups.sort_by_key(|group| group.domain.unwrap_or(u32::MAX));
    groups
}

impl Group<'_> {
    pub(super) fn height(&self) -> f64 {
        let lines = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        HEADER + f64::from(lines) * self.rows.height + BELOW
    }

    /// Where the next one begins.
    pub(super) fn draw(&self, canvas: &mut Canvas, axis: &Axis, report: &Report, y: f64) -> f64 {
        let until = report.timeline.until;
        let gates: Vec<&Gate> =
            report.timeline.gates.iter().filter(|gate| Some(gate.domain) == self.domain).collect();
        canvas.line("grid", (MARGIN, y), (RIGHT, y), "");
        self.label(canvas, y);
        let rows = y + HEADER;
        let bottom = y + self.height() - BELOW;
        for gate in &gates {
            let (from, to) = (axis.x(gate.begun), axis.x(end_of(gate, until)));
            canvas.rect("work", (from, rows), (to - from, bottom - rows), "");
        }
        let mut row = rows;
        for line in &self.lines {
            self.row(canvas, axis, line, until, row);
            row += self.rows.height;
        }
        let mut free = LEFT;
        for (at, gate) in gates.iter().enumerate() {
            let next = gates.get(at + 1).map_or(RIGHT, |next| axis.x(next.begun));
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
        let name = shown(&line.instance);
        if rows.has_names {
            let class = if rows.has_states { "end" } else { "end small" };
            canvas.text(LEFT - 10.0, y + rows.bar * 0.78, class, &clipped(&name, 24));
        }
        let top = y + (rows.height - rows.bar) / 2.0;
        if !rows.has_states {
            canvas.open(&format!("{name}, {}", shown(&line.role)));
            for (look, path) in paths(axis, line, until, (top, rows.bar)) {
                canvas.path(look.class(), &path, "");
            }
            return canvas.close_group();
        }
        for state in &line.states {
            let to = state.to.unwrap_or(until);
            let (from_x, to_x) = (axis.x(state.from), axis.x(to));
            let (text, class) = (name_of(&state.state), Look::of(&state.state).class());
            let title = format!("{name}: {text}, {}", span(state.from, to));
            let width = (to_x - from_x).max(0.8);
            canvas.rect(class, (from_x, top), (width, rows.bar), &title);
            if width_of(&text) + 6.0 < width {
                canvas.text(from_x + 4.0, top + rows.bar * 0.72, "bar small", &text);
            }
        }
    }
}

/// For each look that an instance had, all its bars as one path.
fn paths(
    axis: &Axis,
    line: &InstanceLine,
    until: Duration,
    (y, height): (f64, f64),
) -> Vec<(Look, String)> {
    let mut paths: Vec<(Look, String)> = Vec::new();
    let same = |one: &StateSpan, next: &StateSpan| {
        one.to == Some(next.from) && Look::of(&one.state) == Look::of(&next.state)
    };
    for run in line.states.chunk_by(same) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let look = Look::of(&first.state);
        let (from, to) = (axis.x(first.from), axis.x(last.to.unwrap_or(until)));
        let (x, width) = (number(from), number((to - from).max(0.8)));
        let at = paths.iter().position(|(other, _)| *other == look).unwrap_or_else(|| {
            paths.push((look, String::new()));
            paths.len() - 1
        });
        let (y, height) = (number(y), number(height));
        let _ = write!(paths[at].1, "M{x} {y}h{width}v{height}h-{width}z");
    }
    paths
}

/// Until when a domain is shown as in work.
fn end_of(gate: &Gate, until: Duration) -> Duration {
    gate.left.unwrap_or(until)
}

/// The gate as a band in the header, and the change of the version as a line through the rows.
///
/// `rows`: the top of the band, and the bottom of the rows. `room`: where words may stand besides the
/// band. Returns up to where the header is taken.
fn draw_gate(
    canvas: &mut Canvas,
    axis: &Axis,
    report: &Report,
    gate: &Gate,
    (top, bottom): (f64, f64),
    room: (f64, f64),
) -> f64 {
    let end = end_of(gate, report.timeline.until);
    let (from, to) = (axis.x(gate.begun), axis.x(end));
    let way = words::of_way(report, gate);
    let outcome = words::of_outcome(gate);
    let text = [way.as_str(), &outcome].join(if outcome.is_empty() { "" } else { ", " });
    let title = format!("domain {}: {text}; {}", gate.domain, span(gate.begun, end));
    let is_bad = gate.failed.is_some() || gate.result == Some(GateResult::TurnedBack);
    let class = if is_bad { "gate-bad" } else { "gate" };
    canvas.rect(class, (from, top), ((to - from).max(1.0), 15.0), &title);
    canvas.line("mark", (from, top), (from, bottom), &title);
    if let Some(failed) = gate.failed {
        let x = number(axis.x(failed));
        let path = format!("M{x} {}l4.5 -7h-9z", number(top + 15.0));
        canvas.path("mark-bad", &path, &format!("failed at {}", moments::elapsed(failed)));
    }
    if matches!(gate.result, Some(GateResult::Healthy | GateResult::Promoted)) {
        canvas.rect("mark-good", (to - 1.5, top), (3.0, 15.0), &title);
    }
    let class = if is_bad { "bad" } else { "" };
    for words in [&text, &outcome, &way].into_iter().filter(|words| !words.is_empty()) {
        let width = width_of(words);
        let places = [(from + 5.0, to), (to + 6.0, room.1 - 4.0), (from - width - 6.0, from)];
        let fits = |(x, limit): &(f64, f64)| *x > room.0 && x + width < *limit;
        if let Some((x, _)) = places.into_iter().find(fits) {
            canvas.text(x, top + 11.5, class, words);
            return to.max(x + width);
        }
    }
    to
}
