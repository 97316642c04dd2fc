//! The pictures of the README and the manual.

use std::fmt::Write as _;

use super::{report, simulated, svg};
use crate::board::{Emphasis, StyledLine, board};
use crate::manual::assert_fresh;

#[test]
fn the_timeline_of_the_manual_is_fresh() {
    assert_fresh("images/rolled-back.svg", &svg::draw(&report(&simulated::rolled_back())));
}

#[test]
fn the_board_of_the_manual_is_fresh() {
    assert_fresh("images/board.svg", &terminal(&board("contoso", &simulated::failing(), 80)));
}

/// The lines as a terminal of 80 columns shows them.
fn terminal(lines: &[StyledLine]) -> String {
    const LINE_HEIGHT: usize = 20;
    const STYLE: &str = "\
text { font: 14px ui-monospace, Consolas, Menlo, monospace; fill: #d7d9dc; white-space: pre; }
.ground { fill: #1b1d20; }
.strong { font-weight: 700; }
.faint { fill: #93979d; }
.good { fill: #7cc47a; }
.moving { fill: #f0c14b; }
.bad { fill: #f0766c; font-weight: 700; }
";
    let height = lines.len() * LINE_HEIGHT + 24;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {height}\" role=\"img\">\n\
         <title>The board of a rollout with an instance that does not start</title>\n\
         <style>\n{STYLE}</style>\n\
         <rect class=\"ground\" width=\"720\" height=\"{height}\" rx=\"6\"/>\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = row * LINE_HEIGHT + 26;
        let _ = write!(svg, "<text x=\"16\" y=\"{y}\" xml:space=\"preserve\">");
        for (severity, text) in line.pieces() {
            let class = match severity {
                Emphasis::Plain => "plain",
                Emphasis::Strong => "strong",
                Emphasis::Dim => "faint",
                Emphasis::Good => "good",
                Emphasis::InProgress => "moving",
                Emphasis::Bad => "bad",
            };
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let _ = write!(svg, "<tspan class=\"{class}\">{text}</tspan>");
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</svg>\n");
    svg
}
