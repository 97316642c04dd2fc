//! Errors that name their place in the document.

use std::error::Error;
use std::fmt::{self, Display};

use azure_classic_text::sanitize;
use serde::de::{Expected, Unexpected};

/// The longest value in an error, in characters. A longer value is more likely a secret than a help.
const QUOTE: usize = 40;
/// The longest message of a value type, and the longest path, in bytes.
const MESSAGE: usize = 240;

/// The reason why a document could not be read, and its place.
///
/// Displays as `Deployment/RoleInstanceList/RoleInstance[3]/InstanceUpgradeDomain: "x" is not a
/// u32`. Values longer than 40 characters are not quoted.
#[derive(Debug)]
pub struct ReadError(Box<Details>);

#[derive(Debug)]
struct Details {
    path: Path,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    /// A problem in the element at the path.
    Element(String),
    /// A problem of the whole document, without a useful path.
    Document(String),
    /// The input ends inside the element at the path.
    Truncated,
    /// Not an error: an item reports to its list that no further child has its name.
    EndOfList,
}

impl ReadError {
    /// Returns the names of the elements from the root to the place of the error, such as
    /// `Deployment/RoleList/Role[2]`: an item of a list has its index, counted from 1. Empty for a problem of
    /// the whole document. A very long path starts with `…`.
    pub fn path(&self) -> &str {
        &self.0.path.text
    }

    fn new(fault: Fault) -> Self {
        Self(Box::new(Details { path: Path::default(), fault }))
    }

    #[cold]
    pub(crate) fn element(message: impl Into<String>) -> Self {
        Self::new(Fault::Element(message.into()))
    }

    #[cold]
    pub(super) fn document(message: impl Into<String>) -> Self {
        Self::new(Fault::Document(message.into()))
    }

    #[cold]
    pub(super) fn truncated() -> Self {
        Self::new(Fault::Truncated)
    }

    #[cold]
    pub(super) fn end_of_list() -> Self {
        Self::new(Fault::EndOfList)
    }

    pub(super) fn is_end_of_list(&self) -> bool {
        matches!(self.0.fault, Fault::EndOfList)
    }

    /// Formats `"x" is not a u32`, with the length instead of a long value.
    #[cold]
    pub(crate) fn not_a(value: &str, expected: impl Display) -> Self {
        Self::element(format!("{} is not {expected}", quote(value)))
    }

    /// Adds an element's name before the path, while the error travels outwards.
    #[cold]
    pub(crate) fn inside(mut self, name: &str, index: Option<usize>) -> Self {
        if !matches!(self.0.fault, Fault::Document(_)) {
            self.0.path.prepend(name, index);
        }
        self
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        match &self.0.fault {
            Fault::Element(message) if !path.is_empty() => {
                write!(f, "{path}: {}", sanitize(message))
            }
            Fault::Element(message) | Fault::Document(message) => sanitize(message).fmt(f),
            Fault::Truncated if path.is_empty() => {
                f.write_str("the document ends before its root element starts")
            }
            Fault::Truncated => write!(f, "the document ends inside {path}"),
            Fault::EndOfList => f.write_str("the list has no further item"),
        }
    }
}

impl Error for ReadError {}

impl serde::de::Error for ReadError {
    fn custom<T: Display>(message: T) -> Self {
        Self::element(capped(message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match unexpected {
            Unexpected::Str(value) => Self::not_a(value, expected),
            other => Self::element(capped(format!("{other} is not {expected}"))),
        }
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::element(capped(format!("{} is none of {}", quote(variant), expected.join(", "))))
    }

    fn unknown_field(field: &str, _expected: &'static [&'static str]) -> Self {
        Self::element(format!("{} is not known here", described(field)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::element(format!("{} is missing", described(field)))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::element(format!("{} occurs twice", described(field)))
    }
}

/// The reason why a value could not be written, and its place. Displays as `Deployment/Name: XML cannot
/// contain the character U+0000`.
#[derive(Debug)]
pub struct WriteError {
    path: Path,
    message: String,
}

impl WriteError {
    /// Returns the names of the elements from the root to the place of the error, like [`ReadError::path`].
    pub fn path(&self) -> &str {
        &self.path.text
    }

    #[cold]
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: Path::default(), message: message.into() }
    }

    #[cold]
    pub(super) fn inside(mut self, name: &str, index: Option<usize>) -> Self {
        self.path.prepend(name, index);
        self
    }
}

impl Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path().is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.path(), self.message)
    }
}

impl Error for WriteError {}

impl serde::ser::Error for WriteError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(capped(message.to_string()))
    }
}

/// A path that grows at its front and stops growing when it is long: the inner names, which matter most,
/// stay.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub(super) text: String,
    cut: bool,
}

impl Path {
    pub(super) fn prepend(&mut self, name: &str, index: Option<usize>) {
        if self.cut {
            return;
        }
        let mut segment = shown(name);
        if let Some(index) = index {
            segment = format!("{segment}[{index}]");
        }
        if self.text.len() + segment.len() > MESSAGE {
            self.cut = true;
            "…".clone_into(&mut segment);
        }
        if !self.text.is_empty() {
            segment.push('/');
        }
        self.text.insert_str(0, &segment);
    }
}

/// Formats a name from the document for display: escaped and truncated.
pub(super) fn shown(name: &str) -> String {
    let mut shown: String = name.chars().take(QUOTE).flat_map(char::escape_debug).collect();
    if name.chars().nth(QUOTE).is_some() {
        shown.push('…');
    }
    shown
}

fn quote(value: &str) -> String {
    match value.chars().count() {
        ..=QUOTE => format!("{value:?}"),
        count => format!("a text of {count} characters"),
    }
}

fn described(field: &str) -> String {
    match field.strip_prefix('@') {
        Some(attribute) => format!("the attribute {}", shown(attribute)),
        None => format!("the element {}", shown(field)),
    }
}

fn capped(mut message: String) -> String {
    let beyond = message.char_indices().find(|(at, character)| at + character.len_utf8() > MESSAGE);
    if let Some((at, _)) = beyond {
        message.truncate(at);
        message.push('…');
    }
    message
}
