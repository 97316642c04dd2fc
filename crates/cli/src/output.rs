//! Results on stdout.

use std::io::{self, Write as _};

use azure_classic::Deployment;
use console::Term;
use serde::Serialize;
use serde_json::Value;

use crate::board::board;

/// How wide a board is where there is no terminal.
pub(crate) const WIDTH_ELSEWHERE: usize = 100;

/// Prints a deployment as a board.
pub(crate) fn print_board(service: &str, deployment: &Deployment) -> io::Result<()> {
    let term = Term::stdout();
    let width = if term.is_term() { usize::from(term.size().1) } else { WIDTH_ELSEWHERE };
    board(service, deployment, width)
        .iter()
        .try_for_each(|line| term.write_line(&line.render(console::colors_enabled())))
}

/// Prints lines.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()
}

/// Prints a model as JSON, on several lines.
pub(crate) fn print_json(model: &impl Serialize) -> io::Result<()> {
    let value = without_nulls(serde_json::to_value(model)?);
    print(&serde_json::to_string_pretty(&value)?)
}

/// Prints a model as JSON on one line, so that one follows the other.
pub(crate) fn print_json_line(model: &impl Serialize) -> io::Result<()> {
    print(&without_nulls(serde_json::to_value(model)?).to_string())
}

/// What the service leaves out is left out, not null.
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
