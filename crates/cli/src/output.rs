//! Results on stdout, failures on stderr.
//!
//! Everything that the program prints passes through here or through [`Screen`](crate::screen::Screen),
//! and both escape each line as a whole. So no command can forget it, and foreign text can neither
//! forge a line nor steer the terminal.

use std::fmt::Display;
use std::io::{self, Write as _};

use azure_classic::Deployment;
use azure_classic_text::{escape_json, sanitize};
use console::Term;
use serde::Serialize;
use serde_json::Value;

use crate::board::board;

/// How wide a board is where there is no terminal.
pub(crate) const DEFAULT_WIDTH: usize = 100;

/// Prints a deployment as a board.
pub(crate) fn print_board(service: &str, deployment: &Deployment) -> io::Result<()> {
    let term = Term::stdout();
    let width = if term.is_term() { usize::from(term.size().1) } else { DEFAULT_WIDTH };
    board(service, deployment, width)
        .iter()
        .try_for_each(|line| term.write_line(&line.render(console::colors_enabled())))
}

/// Prints one line. Line breaks in it are escaped like all that a terminal obeys.
pub(crate) fn print(line: &str) -> io::Result<()> {
    print_lines([line])
}

/// Prints lines, each as [`print`] does.
pub(crate) fn print_lines(lines: impl IntoIterator<Item: AsRef<str>>) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for line in lines {
        writeln!(stdout, "{}", sanitize(line.as_ref()))?;
    }
    stdout.flush()
}

/// Prints JSON, its values unchanged.
pub(crate) fn print_json_text(json: &str) -> io::Result<()> {
    print_escaped(&escape_json(json))
}

/// Prints a document in which foreign text is escaped already.
pub(crate) fn print_escaped(document: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{document}")?;
    stdout.flush()
}

/// Prints the program's own lines on stderr, such as a [`CliError`](crate::failure::CliError), which escapes
/// its parts itself. If stderr is closed, only the exit code remains.
pub(crate) fn warn(lines: &impl Display) {
    let text = lines.to_string();
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(stderr, "{}", sanitize(line));
    }
}

/// Prints a model as JSON, on several lines.
pub(crate) fn print_json(model: &impl Serialize) -> io::Result<()> {
    let value = without_nulls(serde_json::to_value(model)?);
    print_json_text(&serde_json::to_string_pretty(&value)?)
}

/// Prints a model as JSON on one line, so that one follows the other.
pub(crate) fn print_json_line(model: &impl Serialize) -> io::Result<()> {
    print_json_text(&without_nulls(serde_json::to_value(model)?).to_string())
}

/// Elements that the service omits are omitted, not null.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_are_left_out_at_every_depth() {
        let value = serde_json::json!({"A": null, "B": [{"C": null, "D": 0}], "E": "", "F": []});
        assert_eq!(without_nulls(value), serde_json::json!({"B": [{"D": 0}], "E": "", "F": []}));
    }
}
