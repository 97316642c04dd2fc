//! SVG as text: every text is escaped here, and nowhere else.

use std::fmt::Write as _;

use azure_classic_text::sanitize;

/// A picture that grows.
#[derive(Debug)]
pub(super) struct Canvas {
    style: &'static str,
    body: String,
}

impl Canvas {
    pub(super) fn new(style: &'static str) -> Self {
        Self { style, body: String::new() }
    }

    /// A rectangle; `title` shows on hovering, where it is not empty.
    pub(super) fn rect(&mut self, class: &str, at: (f64, f64), size: (f64, f64), title: &str) {
        let (x, y, width, height) = (number(at.0), number(at.1), number(size.0), number(size.1));
        let start =
            format!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}""#);
        self.body.push_str(&start);
        self.close("rect", title);
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64), title: &str) {
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let start = format!(r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}""#);
        self.body.push_str(&start);
        self.close("line", title);
    }

    /// A shape by its path, such as `M0 0h5v5z`.
    pub(super) fn path(&mut self, class: &str, path: &str, title: &str) {
        let _ = write!(self.body, r#"<path class="{class}" d="{path}""#);
        self.close("path", title);
    }

    fn close(&mut self, element: &str, title: &str) {
        if title.is_empty() {
            self.body.push_str("/>\n");
        } else {
            let title = escaped(title);
            let _ = writeln!(self.body, "><title>{title}</title></{element}>");
        }
    }

    pub(super) fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let (x, y, text) = (number(x), number(y), escaped(text));
        let _ = writeln!(self.body, r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#);
    }

    /// One text after the other, each with its class.
    pub(super) fn text_spans(&mut self, x: f64, y: f64, one: (&str, &str), other: (&str, &str)) {
        let (x, y) = (number(x), number(y));
        let _ = writeln!(
            self.body,
            r#"<text x="{x}" y="{y}"><tspan class="{}">{}</tspan><tspan class="{}">{}</tspan></text>"#,
            one.0,
            escaped(one.1),
            other.0,
            escaped(other.1)
        );
    }

    /// Opens a group whose title shows wherever one hovers in it.
    pub(super) fn open_group(&mut self, title: &str) {
        let _ = writeln!(self.body, "<g><title>{}</title>", escaped(title));
    }

    pub(super) fn close_group(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// The whole picture.
    pub(super) fn finish(self, width: f64, height: f64, title: &str, text: &str) -> String {
        let (width, height) = (number(width), number(height.ceil()));
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title description">
<title id="title">{}</title>
<desc id="description">{}</desc>
<style>
{}</style>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><path class="hatch" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" fill="none"/></pattern></defs>
<rect class="ground" width="100%" height="100%"/>
{}</svg>
"#,
            escaped(title),
            escaped(text),
            self.style,
            self.body
        )
    }
}

/// To a tenth, without a fraction that says nothing.
pub(super) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    if tenths == 0.0 { "0".to_owned() } else { tenths.to_string() }
}

/// The longest text in a picture, in characters.
const MAX_TEXT_CHARS: usize = 1000;

/// Foreign text as it stands in a picture: on one line, and nothing in it that is not seen.
pub(super) fn sanitized(text: &str) -> String {
    sanitize(text).truncated_to(MAX_TEXT_CHARS).to_string()
}

/// Text as content of an element. Characters that XML does not allow, and bidirectional controls, are
/// escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in sanitize(text).to_string().chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            other => escaped.push(other),
        }
    }
    escaped
}

/// How wide a text is at the usual size, roughly; letters of the East are twice as wide.
pub(super) fn text_width(text: &str) -> f64 {
    let columns = u32::try_from(console::measure_text_width(text)).unwrap_or(u32::MAX);
    f64::from(columns) * 6.1
}

/// The text, truncated to this number of columns.
pub(super) fn clipped(text: &str, columns: usize) -> String {
    console::truncate_str(&sanitized(text), columns, "…").into_owned()
}
