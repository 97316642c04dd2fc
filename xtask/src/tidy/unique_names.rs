//! Each public type has a name that no other public type of the workspace has.
//!
//! A check on text, as rustc warns of public items that cannot be reached.

use std::collections::BTreeMap;

use super::manifest::Manifests;
use crate::Finding;
use crate::rust_text::code_lines;
use crate::workspace::TextFile;

const OWN_PATH: &str = "xtask/src/tidy/unique_names.rs";

/// Names that several public types may have, and why.
const ALLOWED: &[(&str, &str)] = &[];

/// Public types of published libraries that share a name, and allowances that nothing needs.
pub(crate) fn check(manifests: &Manifests, files: &[TextFile]) -> Vec<Finding> {
    check_except(ALLOWED, manifests, files)
}

fn check_except(
    allowed: &[(&str, &str)],
    manifests: &Manifests,
    files: &[TextFile],
) -> Vec<Finding> {
    let declared = declared(manifests, files);
    let is_allowed = |name: &str| allowed.iter().any(|(allowed, _)| *allowed == name);
    let mut findings = Vec::new();
    for (name, places) in &declared {
        let Some(((first, line), others)) = places.split_first() else { continue };
        if is_allowed(name) {
            continue;
        }
        let line = line + 1;
        findings.extend(others.iter().map(|(path, index)| {
            let message =
                format!("public type {name}: {first}:{line} has the same name; rename one");
            Finding::at(path, *index, message)
        }));
    }
    findings.extend(unused_allowances(allowed, &declared));
    findings
}

/// Where each name is declared, in the order of the files.
type Declared<'a> = BTreeMap<&'a str, Vec<(&'a str, usize)>>;

fn declared<'a>(manifests: &Manifests, files: &'a [TextFile]) -> Declared<'a> {
    let mut declared = Declared::new();
    let published = manifests.members.iter().filter(|member| member.package.publish);
    for sources in published.map(|member| format!("{}src/", member.directory)) {
        let sources = files.iter().filter(|file| {
            file.path.starts_with(&sources) && file.is_rust() && is_not_test(&file.path)
        });
        for file in sources {
            for (index, line) in code_lines(&file.text) {
                if let Some(name) = public_type(line) {
                    declared.entry(name).or_default().push((&file.path, index));
                }
            }
        }
    }
    declared
}

fn is_not_test(path: &str) -> bool {
    !path.ends_with("/tests.rs") && !path.contains("/tests/")
}

/// The name of the type that a line declares; none in a macro, which has a variable there.
fn public_type(line: &str) -> Option<&str> {
    let item = line.trim_start().strip_prefix("pub ")?;
    let item = item.strip_prefix("unsafe ").unwrap_or(item);
    let (keyword, rest) = item.split_once(' ')?;
    let is_type = matches!(keyword, "struct" | "enum" | "union" | "trait" | "type");
    let end = rest.find(|part: char| !part.is_alphanumeric() && part != '_').unwrap_or(rest.len());
    (is_type && end > 0).then(|| &rest[..end])
}

fn unused_allowances(allowed: &[(&str, &str)], declared: &Declared<'_>) -> Vec<Finding> {
    let is_shared = |name: &str| declared.get(name).is_some_and(|places| places.len() > 1);
    allowed
        .iter()
        .filter(|(name, _)| !is_shared(name))
        .map(|(name, _)| {
            let message = format!("no two public types are named {name}; take it off ALLOWED");
            Finding::in_file(OWN_PATH, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::manifest::sample;
    use super::*;
    use crate::finding::assert_found;

    fn findings(allowed: &[&str], files: &[(&str, &str)]) -> Vec<Finding> {
        let manifests = sample("", &[("a", ""), ("b", ""), ("c", "publish = false")]);
        let file = |(path, text): &(&str, &str)| TextFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        let files: Vec<TextFile> = files.iter().map(file).collect();
        let allowed: Vec<(&str, &str)> = allowed.iter().map(|name| (*name, "a test")).collect();
        check_except(&allowed, &manifests, &files)
    }

    #[test]
    fn types_of_any_kind_and_crate_share_no_name() {
        let files = [
            ("crates/a/src/lib.rs", "pub struct Place;\n"),
            ("crates/a/src/x.rs", "//\npub trait Place: Send {}\n"),
            (
                "crates/b/src/lib.rs",
                "open_enum! {\n    pub enum Place {\n}\npub type Other<T> = T;\n",
            ),
        ];
        let message = "public type Place: crates/a/src/lib.rs:1 has the same name; rename one";
        assert_found(
            &findings(&[], &files),
            &[
                &format!("crates/a/src/x.rs:2: {message}"),
                &format!("crates/b/src/lib.rs:2: {message}"),
            ],
        );
    }

    #[test]
    fn other_items_may_share_names() {
        let text = "pub(crate) struct Place;\nenum Place {}\npub use a::Place;\n// pub struct Place;\n\
                    pub fn Place() {}\npub enum $name {\npub struct Placement;\n";
        let files = [
            ("crates/a/src/lib.rs", "pub struct Place(u8);\n"),
            ("crates/b/src/lib.rs", text),
            ("crates/b/src/lib/tests.rs", "pub struct Place;\n"),
            ("crates/c/src/lib.rs", "pub struct Place;\n"),
        ];
        assert_found(&findings(&[], &files), &[]);
    }

    #[test]
    fn an_allowed_name_has_to_be_shared() {
        let lib = |text| [("crates/a/src/lib.rs", text)];
        let shared = "pub struct Pages;\npub struct Pages<'a>;\n";
        assert_found(&findings(&["Pages"], &lib(shared)), &[]);
        let unneeded = "xtask/src/tidy/unique_names.rs: no two public types are named Pages; take it off ALLOWED";
        assert_found(&findings(&["Pages"], &lib("pub struct Pages;\n")), &[unneeded]);
        assert_found(&findings(&["Pages"], &lib("struct Pages;\n")), &[unneeded]);
    }
}
