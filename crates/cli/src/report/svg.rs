//! The report as a picture: time goes to the right, each instance has a row.

mod axis;
mod canvas;
mod domain;
mod lanes;
mod look;
mod words;

use std::fmt::Write as _;
use std::time::Duration;

use self::axis::Axis;
use self::canvas::{Canvas, clipped};
use super::story::{self, Tone};
use super::{Report, moments};

const WIDTH: f64 = 1280.0;
const MARGIN: f64 = 20.0;
/// Where the bars begin; names are to the left.
const LEFT: f64 = 170.0;
const RIGHT: f64 = WIDTH - MARGIN;

/// Draws a report.
pub(super) fn draw(report: &Report) -> String {
    let mut canvas = Canvas::new(include_str!("svg.css"));
    let mut y = heading(&mut canvas, report);
    if report.began.is_none() {
        canvas.text(MARGIN, y + 30.0, "faint", "No events were noted.");
        y += 40.0;
    } else {
        y = look::legend(&mut canvas, report, y);
        y = chart(&mut canvas, report, y);
        y = words::list(&mut canvas, report, y);
    }
    y = words::remarks(&mut canvas, report, y);
    canvas.finish(WIDTH, y + MARGIN, &report.head.title(), &description(report))
}

fn heading(canvas: &mut Canvas, report: &Report) -> f64 {
    canvas.text(MARGIN, 34.0, "title", &clipped(&report.head.title(), 110));
    let (tone, ending) = story::ending(report);
    let class = match tone {
        Tone::Operation => "strong good",
        Tone::Plain => "strong",
        Tone::Bad => "strong bad",
    };
    let after = moments::spoken(report.timeline.until);
    let when = report
        .began
        .map_or_else(String::new, |began| format!(" · begun {}", moments::date_and_time(began)));
    let ending = format!("{ending} after {after}");
    let rest = format!("{when} · {}", size(report));
    canvas.text_in_two(MARGIN, 54.0, (class, &ending), ("faint", &rest));
    68.0
}

fn size(report: &Report) -> String {
    let instances = report.timeline.instances.len();
    let domains = domain::groups(report).len();
    let plural =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}", plural(instances, "instance"), plural(domains, "upgrade domain"))
}

/// Axis, lanes and rows.
fn chart(canvas: &mut Canvas, report: &Report, y: f64) -> f64 {
    let axis = Axis::new(report.began, report.timeline.until);
    let groups = domain::groups(report);
    let top = y + 34.0;
    let lanes = lanes::Lanes::of(report, &axis);
    let bottom = top + lanes.height() + groups.iter().map(domain::Group::height).sum::<f64>();
    axis.draw(canvas, top, bottom);
    let rows = lanes.draw(canvas, top);
    let mut y = rows;
    for group in &groups {
        y = group.draw(canvas, &axis, report, y);
    }
    lanes::across(canvas, report, &axis, rows, y);
    if y - top > 700.0 {
        axis.label(canvas, y + 28.0);
        y += 30.0;
    }
    y
}

/// The picture in a few sentences, for who cannot see it.
fn description(report: &Report) -> String {
    let ending = story::ending(report).1;
    let mut text =
        format!("{}; {ending} after {}.", size(report), moments::spoken(report.timeline.until));
    for happening in story::happenings(report).iter().take(40) {
        let _ = write!(text, " {}: {}.", moments::elapsed(happening.at), happening.text);
    }
    text
}

/// The time between two moments, in words, for texts that show on hovering.
fn span(from: Duration, to: Duration) -> String {
    format!(
        "{} to {} ({})",
        moments::elapsed(from),
        moments::elapsed(to),
        moments::between(from, to)
    )
}
