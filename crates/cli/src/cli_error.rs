//! How the program ends when it does not end well.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::process::ExitCode;

use azure_classic_text::sanitize;

/// The `error:`, `caused by:` and `hint:` lines, and the exit code.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    /// The failed action, if the error does not contain it.
    context: Option<String>,
    error: Box<dyn StdError>,
    hints: Vec<String>,
}

/// The exit codes besides 0; `--help` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Failed = 1,
    Usage = 2,
    TimedOut = 3,
    RolledBack = 4,
    NeedsDecision = 5,
    /// As shells say it of a program that Ctrl-C ended.
    Interrupted = 130,
}

impl CliError {
    /// The service or the system said no.
    pub(crate) fn new(error: impl Into<Box<dyn StdError>>) -> Self {
        Self::with_exit(Exit::Failed, error.into())
    }

    /// An impossible command line.
    pub(crate) fn usage(error: impl Into<Box<dyn StdError>>) -> Self {
        Self::with_exit(Exit::Usage, error.into())
    }

    pub(crate) fn with_exit(exit: Exit, error: Box<dyn StdError>) -> Self {
        Self { exit, context: None, error, hints: Vec::new() }
    }

    pub(crate) fn context(mut self, context: String) -> Self {
        self.context = Some(context);
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.exit as u8)
    }

    /// Whether the reader of the output has closed it.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.context.is_none()
            && self
                .error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// The longest part of a failure that is printed, in characters; foreign text may have any length.
const MAX_LINE_CHARS: usize = 2000;

/// Hints may list all operations.
const MAX_HINT_CHARS: usize = 20_000;

/// One line for each part, each with its line end. Foreign text in a part is escaped.
impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut label = "error";
        let mut line = |f: &mut fmt::Formatter<'_>, text: &str| {
            let printed =
                writeln!(f, "{label}: {}", sanitize(text.trim()).truncated_to(MAX_LINE_CHARS));
            label = "caused by";
            printed
        };
        if let Some(context) = &self.context {
            line(f, context)?;
        }
        // A library may wrap an error in which it was wrapped already: its text is said once.
        let mut seen: Vec<String> = Vec::new();
        let mut next: Option<&dyn StdError> = Some(&*self.error);
        while let Some(error) = next {
            let text = error.to_string();
            if !seen.contains(&text) {
                line(f, &text)?;
                seen.push(text);
            }
            next = error.source();
        }
        for hint in &self.hints {
            writeln!(f, "hint: {}", sanitize(hint).truncated_to(MAX_HINT_CHARS))?;
        }
        Ok(())
    }
}

/// Writing results, mostly.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::new(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_line() {
        let failure = CliError::usage(io::Error::other("two\nlines"))
            .context("cannot read a.pem".to_owned())
            .hint("look for it")
            .hint("or make it");
        assert_eq!(
            failure.to_string(),
            "error: cannot read a.pem\ncaused by: two\\nlines\nhint: look for it\nhint: or make it\n"
        );
        assert_eq!(failure.exit, Exit::Usage);
    }

    #[test]
    fn a_cause_is_said_once() {
        let mut error = io::Error::other("no proxy");
        for text in ["client error", "no proxy", "not sent"] {
            error = Wrapped(text, error).into_io();
        }
        let expected = "error: not sent\ncaused by: no proxy\ncaused by: client error\n";
        assert_eq!(CliError::new(error).to_string(), expected);
    }

    #[derive(Debug)]
    struct Wrapped(&'static str, io::Error);

    impl Wrapped {
        fn into_io(self) -> io::Error {
            io::Error::other(self)
        }
    }

    impl fmt::Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Wrapped {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.1)
        }
    }

    #[test]
    fn foreign_text_is_escaped_and_clipped_in_every_part() {
        let hostile = "a\u{1b}[2J\u{2028}b\u{200f}";
        let escaped = r"a\u{1b}[2J\u{2028}b\u{200f}";
        let failure = CliError::new(hostile).context(hostile.to_owned()).hint(hostile);
        let expected = format!("error: {escaped}\ncaused by: {escaped}\nhint: {escaped}\n");
        assert_eq!(failure.to_string(), expected);

        let long = CliError::new("x".repeat(300_000)).to_string();
        assert!(long.len() < 3000 && long.ends_with("… (300000 characters)\n"), "{long}");
    }

    #[test]
    fn only_the_output_can_be_a_broken_pipe() {
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(CliError::from(broken()).is_broken_pipe());
        let elsewhere = CliError::new(broken()).context("cannot read a.pem".to_owned());
        assert!(!elsewhere.is_broken_pipe());
    }
}
