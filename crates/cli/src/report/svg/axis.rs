//! The time: elapsed, and of the day.

use std::time::{Duration, SystemTime};

use super::canvas::Canvas;
use super::{LEFT, RIGHT};
use crate::report::time_format;

/// Steps of the axis, in seconds.
const STEPS: [u64; 20] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    172_800, 604_800,
];
const MAX_TICKS: u64 = 12;

pub(super) struct Axis {
    started: Option<SystemTime>,
    until: Duration,
}

impl Axis {
    pub(super) fn new(started: Option<SystemTime>, until: Duration) -> Self {
        Self { started, until: until.max(Duration::from_secs(1)) }
    }

    pub(super) fn x(&self, at: Duration) -> f64 {
        LEFT + (RIGHT - LEFT) * at.as_secs_f64() / self.until.as_secs_f64()
    }

    fn ticks(&self) -> impl Iterator<Item = Duration> {
        let seconds = self.until.as_secs();
        let step = STEPS.into_iter().find(|step| seconds / step < MAX_TICKS);
        let step = step.unwrap_or(seconds / MAX_TICKS + 1);
        (0..=seconds / step).map(move |at| Duration::from_secs(at * step))
    }

    /// Labels above the top, and lines from there to the bottom.
    pub(super) fn draw(&self, canvas: &mut Canvas, top: f64, bottom: f64) {
        self.label(canvas, top);
        for at in self.ticks() {
            canvas.line("grid", (self.x(at), top), (self.x(at), bottom), "");
        }
    }

    /// The labels, above a line.
    pub(super) fn label(&self, canvas: &mut Canvas, y: f64) {
        canvas.text(LEFT - 10.0, y - 18.0, "faint end", "elapsed");
        canvas.text(LEFT - 10.0, y - 5.0, "faint end small", "UTC");
        for at in self.ticks() {
            // The first and the last would stand out of the picture.
            let x = self.x(at).min(RIGHT - 18.0);
            let class = if at.is_zero() { "" } else { " mid" };
            canvas.text(x, y - 18.0, class.trim(), &time_format::human_duration(at));
            if let Some(started) = self.started {
                canvas.text(
                    x,
                    y - 5.0,
                    &format!("faint small{class}"),
                    &time_format::time_of_day(started + at),
                );
            }
        }
    }
}
