//! Rules in a file, or in a text: a JSON list.

use std::io;
use std::path::{Path, PathBuf};

use azure_classic_text::read_text_file;
use serde_path_to_error::Segment;

use super::check::InvalidRule;
use super::rule::FaultRule;

const MAX_BYTES: usize = 16 << 20;

/// Reads rules from a file: a JSON list of [`FaultRule`]s.
///
/// # Errors
///
/// When the file cannot be read, or its text is not as [`parse`] wants it.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<FaultRule>, FaultFileError> {
    let path = path.as_ref();
    read_text_file(path, MAX_BYTES)
        .map_err(|source| FaultFileError::File { path: path.to_owned(), source })
        .and_then(|text| parse(&text))
}

/// Reads rules from JSON: a list of [`FaultRule`]s.
///
/// # Errors
///
/// If the text is not such a list, or a rule in it is invalid. The error names the entry, counted from 1, the
/// field, and the possible values.
///
/// # Example
///
/// ```
/// let error = azure_classic_emulator::faults::parse(
///     r#"[{ "id": "busy", "when": { "nht": 3 }, "effect": "never_starts" }]"#,
/// )
/// .unwrap_err();
/// let text = error.to_string();
/// assert!(text.starts_with("entry 1: when.nht: unknown field `nht`, expected one of"), "{text}");
/// ```
pub fn parse(json: &str) -> Result<Vec<FaultRule>, FaultFileError> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let rules: Vec<FaultRule> =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            FaultFileError::Json { place: json_path(error.path()), problem: error.into_inner() }
        })?;
    deserializer
        .end()
        .map_err(|problem| FaultFileError::Json { place: "after the list".to_owned(), problem })?;
    for (number, rule) in (1..).zip(&rules) {
        rule.check().map_err(|problem| FaultFileError::Rule { number, problem })?;
        if rules[..number - 1].iter().any(|earlier| earlier.id == rule.id) {
            return Err(FaultFileError::DuplicateId { number, id: rule.id.clone() });
        }
    }
    Ok(rules)
}

/// Why rules cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FaultFileError {
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The text is no list of rules.
    #[error("{place}: {problem}")]
    Json {
        /// The entry and the field.
        place: String,
        /// The problem.
        problem: serde_json::Error,
    },
    /// A rule is invalid.
    #[error("entry {number}: {problem}")]
    Rule {
        /// The entry, counted from 1.
        number: usize,
        /// The problem.
        problem: InvalidRule,
    },
    /// Two rules have the same id.
    #[error("entry {number}: id: an earlier rule has the id {id:?} as well; give each a unique id")]
    DuplicateId {
        /// The second of them, counted from 1.
        number: usize,
        /// The name of both.
        id: String,
    },
}

/// For people: `entry 3: when.nth`.
fn json_path(path: &serde_path_to_error::Path) -> String {
    let mut segments = path.iter();
    let entry = match segments.next() {
        Some(Segment::Seq { index }) => format!("entry {}", index + 1),
        _ => return "the list of faults".to_owned(),
    };
    let fields: Vec<String> = segments.map(ToString::to_string).collect();
    if fields.is_empty() { entry } else { format!("{entry}: {}", fields.join(".")) }
}
