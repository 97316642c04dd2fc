//! Which crates show in public signatures.
//!
//! A check on text: rustdoc's JSON would know exactly, and stable Rust does not give it. It reads
//! public items and fields and `impl From<…>`, and knows what a file imports. It does not see the
//! fields of variants, what a macro makes, and what comes in through a glob import.

use std::collections::BTreeSet;

use super::manifest::{Manifests, identifier};
use crate::Finding;
use crate::rust_text::{code_lines, has_word};
use crate::workspace::TextFile;

/// Crates whose types may show in ours; each is stable, or ours.
const ALLOWED: &[&str] = &[
    "azure_classic",
    "azure_classic_credentials",
    "azure_classic_protocol",
    "azure_classic_rollout",
    "azure_classic_transport",
    "bytes",
    "futures_core",
    "http",
    "serde",
];

/// No public signature of a library names a type of a crate that is not on the list.
pub(crate) fn check(manifests: &Manifests, files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in &manifests.members {
        let sources = format!("{}src/", member.directory);
        let is_library = files.iter().any(|file| file.path == format!("{sources}lib.rs"));
        if !is_library {
            continue;
        }
        let hidden: Vec<String> = member
            .dependencies
            .keys()
            .map(|name| identifier(name))
            .filter(|name| !ALLOWED.contains(&name.as_str()))
            .collect();
        for file in files.iter().filter(|file| file.path.starts_with(&sources)) {
            findings.extend(check_file(file, &hidden));
        }
    }
    findings
}

fn check_file(file: &TextFile, hidden: &[String]) -> Vec<Finding> {
    let imports = imports(&file.text, hidden);
    let mut findings = Vec::new();
    let mut in_signature = false;
    for (index, line) in code_lines(&file.text) {
        let trimmed = line.trim_start();
        in_signature |= trimmed.starts_with("pub ") || trimmed.starts_with("impl From<");
        if !in_signature {
            continue;
        }
        let signature = line.split(['{', '=']).next().unwrap_or_default();
        let declaration = if trimmed.starts_with("pub use ") { line } else { signature };
        let paths = hidden.iter().filter(|owner| has_path(declaration, owner));
        let types = imports.iter().filter(|(name, _)| has_word(declaration, name));
        let shown: BTreeSet<&str> =
            paths.map(String::as_str).chain(types.map(|(_, owner)| *owner)).collect();
        findings.extend(shown.into_iter().map(|owner| {
            let message = format!("{owner} shows in a public signature; wrap what it has there");
            Finding::at(&file.path, index, message)
        }));
        in_signature = !(line.contains(['{', ';', '=']) || is_field(trimmed));
    }
    findings
}

/// A field's line ends its signature; the line of a parameter does not start with `pub`.
fn is_field(line: &str) -> bool {
    line.starts_with("pub ") && line.ends_with(',')
}

/// Whether the text has a path that begins at this crate: `time::Date`, and not `std::time::Instant`.
fn has_path(text: &str, owner: &str) -> bool {
    let start = format!("{owner}::");
    text.match_indices(&start).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':')
    })
}

/// The types that the file imports from hidden crates, each with its crate.
fn imports<'a>(text: &'a str, hidden: &'a [String]) -> Vec<(&'a str, &'a str)> {
    let mut imports = Vec::new();
    for owner in hidden {
        for (at, start) in text.match_indices(&format!("use {owner}::")) {
            let import = text[at + start.len()..].split(';').next().unwrap_or_default();
            let types = import
                .split(|character: char| !character.is_alphanumeric() && character != '_')
                .filter(|word| word.starts_with(char::is_uppercase));
            imports.extend(types.map(|name| (name, owner.as_str())));
        }
    }
    imports
}

#[cfg(test)]
mod tests {
    use super::super::manifest::sample;
    use super::*;
    use crate::finding::assert_found;

    fn findings(text: &str) -> Vec<Finding> {
        let manifests = sample(
            "",
            &[("a", "[dependencies]\nquick-xml.workspace = true\nhttp.workspace = true")],
        );
        let path = "crates/a/src/lib.rs".to_owned();
        check(&manifests, &[TextFile { path, text: text.to_owned() }])
    }

    #[test]
    fn own_and_listed_types_may_show() {
        assert_found(
            &findings(
                "use quick_xml::{Reader, events::Event};\n\
                 pub fn read(request: http::Request<()>) -> Own {\n    Reader::new();\n}\n\
                 pub(crate) fn reader() -> Reader {}\n\
                 fn event(event: Event) {}\n\
                 pub const LIMIT: usize = quick_xml::LIMIT;\n\
                 pub fn quick(quick_xml: other::quick_xml::Reader2) {}\n\
                 pub enum Own {\n    Fine,\n}\n",
            ),
            &[],
        );
    }

    #[test]
    fn foreign_types_are_found_wherever_they_show() {
        assert_found(
            &findings(
                "use quick_xml::{Reader, events::Event};\n\
                 pub use quick_xml::Writer;\n\
                 pub fn read(\n    input: &str,\n    event: Event,\n) -> u8 {\n\
                 pub struct Own {\n    pub reader: Reader,\n    inner: Event,\n}\n\
                 impl From<quick_xml::Error> for Own {\n",
            ),
            &[
                "crates/a/src/lib.rs:2: quick_xml shows in a public signature; wrap what it has there",
                "crates/a/src/lib.rs:5: quick_xml shows in a public signature; wrap what it has there",
                "crates/a/src/lib.rs:8: quick_xml shows in a public signature; wrap what it has there",
                "crates/a/src/lib.rs:11: quick_xml shows in a public signature; wrap what it has there",
            ],
        );
    }

    #[test]
    fn a_program_has_no_public_types() {
        let manifests = sample("", &[("a", "[dependencies]\nquick-xml.workspace = true")]);
        let path = "crates/a/src/main.rs".to_owned();
        let text = "pub use quick_xml::Writer;".to_owned();
        assert_found(&check(&manifests, &[TextFile { path, text }]), &[]);
    }
}
