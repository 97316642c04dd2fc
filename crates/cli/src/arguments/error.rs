//! Errors of the command line, safe for a terminal.

use std::error::Error as _;

use azure_classic_text::sanitize;
use clap::error::ContextValue;

use crate::output::warn;

/// Ends the program with the message and its exit code.
pub(super) fn exit(error: &clap::Error) -> ! {
    match sanitized_message(error) {
        // As it is, it has clap's colours.
        None => error.exit(),
        Some(message) => {
            warn(&message);
            std::process::exit(error.exit_code())
        }
    }
}

/// The message, where what it quotes of arguments and variables has to be escaped.
fn sanitized_message(error: &clap::Error) -> Option<String> {
    let mut quoted: Vec<String> =
        quoted_values(error).into_iter().filter(|text| !is_printable(text)).collect();
    let is_own_text_fit = error.render().to_string().lines().all(is_printable);
    if quoted.is_empty() && is_own_text_fit {
        return None;
    }
    // The longest first, because one may hold another.
    quoted.sort_by_key(|text| std::cmp::Reverse(text.len()));
    // Without colours clap would drop escape sequences of the quoted text, too, and show another text.
    let message = quoted.iter().fold(error.render().ansi().to_string(), |message, text| {
        message.replace(text.as_str(), &sanitize(text).to_string())
    });
    Some(console::strip_ansi_codes(&message).into_owned())
}

fn is_printable(text: &str) -> bool {
    sanitize(text).to_string() == text
}

/// The quotable parts of a message: values, and the parser's error about one.
fn quoted_values(error: &clap::Error) -> Vec<String> {
    let mut quoted = Vec::new();
    for (_, value) in error.context() {
        match value {
            ContextValue::String(text) => quoted.push(text.clone()),
            ContextValue::Strings(texts) => quoted.extend(texts.iter().cloned()),
            _ => {}
        }
    }
    let mut source = error.source();
    while let Some(error) = source {
        quoted.push(error.to_string());
        source = error.source();
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Cli;

    fn message(arguments: &[&str]) -> Option<String> {
        let arguments = ["azure-classic"].iter().chain(arguments);
        sanitized_message(&Cli::parse_from_args(arguments).unwrap_err())
    }

    #[test]
    fn usual_errors_keep_the_colours() {
        assert_eq!(message(&["show", "nothing"]), None);
        assert_eq!(message(&["--help"]), None);
        assert_eq!(message(&["show", "operation", "a", "--interval", "0"]), None);
    }

    #[test]
    fn quoted_arguments_are_escaped() {
        let cases: [(&[&str], &str); 6] = [
            (&["sh\u{1b}[31mow"], r"'sh\u{1b}[31mow'"),
            (&["show", "deployment", "--slo\u{202e}t"], r"'--slo\u{202e}t'"),
            (&["show", "operation", "a", "--interval", "5\u{9b}31m"], r"5\u{9b}31m"),
            (&["show", "operation", "a", "--interval", "5\nerror: x"], r"'5\nerror: x'"),
            (&["--cloud", "pub\u{200b}lic", "show", "service", "x"], r"pub\u{200b}lic"),
            (&["demo", "--speed=1\r\n2"], r"'1\r\n2'"),
        ];
        for (arguments, expected) in cases {
            let message = message(arguments).unwrap();
            assert!(message.contains(expected), "{message}");
            assert!(message.lines().all(is_printable), "{message:?}");
            assert!(!message.lines().any(|line| line.starts_with("error: x")), "{message}");
        }
    }
}
