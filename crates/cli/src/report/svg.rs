//! The report as a picture: time goes to the right, each instance has a row.

mod axis;
mod canvas;
mod captions;
mod domain;
mod lanes;
mod state_style;

use std::fmt::Write as _;
use std::time::Duration;

use self::axis::Axis;
use self::canvas::{Canvas, clipped};
use super::narrative::{self, Severity};
use super::{RolloutReport, time_format};

const WIDTH: f64 = 1280.0;
const MARGIN: f64 = 20.0;
/// The start of the bars; names are to the left.
const LEFT: f64 = 170.0;
const RIGHT: f64 = WIDTH - MARGIN;

/// Draws a report.
pub(super) fn draw(report: &RolloutReport) -> String {
    let mut canvas = Canvas::new(include_str!("svg.css"));
    let mut y = draw_heading(&mut canvas, report);
    if report.started.is_none() {
        canvas.text(MARGIN, y + 30.0, "faint", "No events were noted.");
        y += 40.0;
    } else {
        y = state_style::draw_legend(&mut canvas, report, y);
        y = draw_chart(&mut canvas, report, y);
        y = captions::draw_entries(&mut canvas, report, y);
    }
    y = captions::draw_remarks(&mut canvas, report, y);
    canvas.finish(WIDTH, y + MARGIN, &report.header.title(), &description(report))
}

fn draw_heading(canvas: &mut Canvas, report: &RolloutReport) -> f64 {
    canvas.text(MARGIN, 34.0, "title", &clipped(&report.header.title(), 110));
    let (severity, ending) = narrative::final_state(report);
    let class = match severity {
        Severity::Normal => "strong good",
        Severity::Minor => "strong",
        Severity::Problem => "strong bad",
    };
    let after = time_format::human_duration(report.timeline.until);
    let when = report.started.map_or_else(String::new, |started| {
        format!(" · started {}", time_format::date_and_time(started))
    });
    let ending = format!("{ending} after {after}");
    let rest = format!("{when} · {}", size_text(report));
    canvas.text_spans(MARGIN, 54.0, (class, &ending), ("faint", &rest));
    68.0
}

fn size_text(report: &RolloutReport) -> String {
    let instances = report.timeline.instances.len();
    let domains = domain::groups(report).len();
    let plural =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}", plural(instances, "instance"), plural(domains, "upgrade domain"))
}

/// Axis, lanes and rows.
fn draw_chart(canvas: &mut Canvas, report: &RolloutReport, y: f64) -> f64 {
    let axis = Axis::new(report.started, report.timeline.until);
    let groups = domain::groups(report);
    let top = y + 34.0;
    let lanes = lanes::Lanes::new(report, &axis);
    let bottom = top + lanes.height() + groups.iter().map(domain::DomainGroup::height).sum::<f64>();
    axis.draw(canvas, top, bottom);
    let rows = lanes.draw(canvas, top);
    let mut y = rows;
    for group in &groups {
        y = group.draw(canvas, &axis, report, y);
    }
    lanes::draw_vertical_marks(canvas, report, &axis, rows, y);
    if y - top > 700.0 {
        axis.label(canvas, y + 28.0);
        y += 30.0;
    }
    y
}

/// The picture in a few sentences, for who cannot see it.
fn description(report: &RolloutReport) -> String {
    let ending = narrative::final_state(report).1;
    let mut text = format!(
        "{}; {ending} after {}.",
        size_text(report),
        time_format::human_duration(report.timeline.until)
    );
    for entry in narrative::all_entries(report).iter().take(40) {
        let _ = write!(text, " {}: {}.", time_format::elapsed(entry.at), entry.text);
    }
    text
}

/// The time between two times, as text for tooltips.
fn span_text(from: Duration, to: Duration) -> String {
    format!(
        "{} to {} ({})",
        time_format::elapsed(from),
        time_format::elapsed(to),
        time_format::human_duration_between(from, to)
    )
}
