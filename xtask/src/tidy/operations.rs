use crate::Finding;
use crate::implemented::ImplementedOperation;
use crate::operation_file::OperationFile;
use crate::workspace::TextFile;

/// One operation per file, with its goldens beside it, its reference page named, and listed.
pub(crate) fn check(
    operations: &[OperationFile],
    files: &[TextFile],
    implemented: &[ImplementedOperation],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        let mut report = |message: String| {
            findings.push(Finding::at(&operation.path, operation.line, message));
        };
        if operations[..index].iter().any(|earlier| earlier.path == operation.path) {
            report("a second operation in this file; give it its own file".to_owned());
        }
        if operation.name.is_empty() || operation.page.is_empty() {
            report(
                "`name` and `docs_slug` of the METADATA must be plain strings, each on its own line"
                    .into(),
            );
            continue;
        }
        if !implemented.iter().any(|listed| listed.name == operation.name) {
            report(format!("{:?} is not listed in OPERATIONS", operation.name));
        }
        let own = file_text(files, &operation.path);
        let reference = format!("Reference page: *{}* (`{}`).", operation.name, operation.page);
        if !own.lines().any(|line| is_doc(line) && line.contains(&reference)) {
            report(format!("the documentation must say: {reference}"));
        }
        if own.contains("type Output = Accepted;") && !documents_completion(own) {
            report(format!("the documentation must say what to wait for: \"{WAIT} …\""));
        }
        let tests = format!("{own}{}", file_text(files, &tests_path(&operation.path)));
        if !tests.contains("golden::request(") {
            report("no golden of a request: use golden::request".to_owned());
        }
        if !["response", "accepted", "empty"].iter().any(|kind| calls_golden(&tests, kind)) {
            report(
                "no golden of a response; use golden::response, golden::accepted or golden::empty"
                    .to_owned(),
            );
        }
    }
    findings
}

pub(super) fn file_text<'a>(files: &'a [TextFile], path: &str) -> &'a str {
    files.iter().find(|file| file.path == path).map_or("", |file| &file.text)
}

/// Where the tests are when they outgrow the file: `get.rs` has `get/tests.rs`.
pub(super) fn tests_path(path: &str) -> String {
    format!("{}/tests.rs", path.trim_end_matches(".rs"))
}

/// How the docs of an asynchronous operation start the sentence about further waits.
const WAIT: &str = "When the accepted operation has succeeded,";

fn documents_completion(text: &str) -> bool {
    let docs = text.lines().filter(|line| is_doc(line));
    let words: Vec<&str> =
        docs.flat_map(|line| line.trim_start()[3..].split_whitespace()).collect();
    words.join(" ").contains(WAIT)
}

fn is_doc(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") || line.starts_with("//!")
}

/// `golden::kind(` or `golden::kind::<T>(`.
fn calls_golden(text: &str, kind: &str) -> bool {
    text.contains(&format!("golden::{kind}(")) || text.contains(&format!("golden::{kind}::<"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;
    use crate::operation_file;

    const PATH: &str = "crates/protocol/src/deployment/get.rs";
    const SOUND: &str = r#"
/// Reads a deployment.
///
/// Reference page: *Walk Upgrade Domain* (`rest-walk-upgrade-domain`).
impl Operation for WalkUpgradeDomain {
    const METADATA: Metadata = Metadata {
        name: "Walk Upgrade Domain",
        docs_slug: "rest-walk-upgrade-domain",
    };
}
"#;
    const TESTS: &str = "golden::request(x);\ngolden::accepted::<WalkUpgradeDomain>();\n";

    fn findings(source: &str, tests: &str) -> Vec<Finding> {
        let file = |path: &str, text: &str| TextFile { path: path.into(), text: text.into() };
        let files =
            [file(PATH, source), file("crates/protocol/src/deployment/get/tests.rs", tests)];
        check(&operation_file::find(&files), &files, &crate::implemented::all())
    }

    #[test]
    fn a_sound_operation_passes() {
        assert_found(&findings(SOUND, TESTS), &[]);
        assert_found(&findings(&format!("{SOUND}{TESTS}"), ""), &[]);
    }

    #[test]
    fn accepted_operation_must_document_completion() {
        let accepted =
            SOUND.replace("const METADATA", "type Output = Accepted;\n    const METADATA");
        assert_found(
            &findings(&accepted, TESTS),
            &["crates/protocol/src/deployment/get.rs:7: the documentation must say what to wait \
               for: \"When the accepted operation has succeeded, …\""],
        );
        let said = "/// When the accepted\n/// operation has succeeded, nothing is left.";
        assert_found(&findings(&format!("{said}{accepted}"), TESTS), &[]);
    }

    #[test]
    fn goldens_are_demanded() {
        assert_found(
            &findings(SOUND, "golden::rejected(x)"),
            &[
                "crates/protocol/src/deployment/get.rs:6: no golden of a request: use \
                 golden::request",
                "crates/protocol/src/deployment/get.rs:6: no golden of a response; use golden::response, golden::accepted or golden::empty",
            ],
        );
    }

    #[test]
    fn the_reference_page_and_the_list_are_demanded() {
        assert_found(
            &findings(&SOUND.replace("name: \"Walk", "name: \"Skip"), TESTS),
            &[
                "crates/protocol/src/deployment/get.rs:6: \"Skip Upgrade Domain\" is not listed in \
                 OPERATIONS",
                "crates/protocol/src/deployment/get.rs:6: the documentation must say: Reference \
                 page: *Skip Upgrade Domain* (`rest-walk-upgrade-domain`).",
            ],
        );
    }

    #[test]
    fn a_file_has_one_operation_with_plain_texts() {
        assert_found(
            &findings(&format!("{SOUND}{SOUND}"), TESTS),
            &[
                "crates/protocol/src/deployment/get.rs:16: a second operation in this file; give it its own file",
            ],
        );
        assert_found(
            &findings(
                &SOUND.replace("docs_slug: \"rest-walk-upgrade-domain\"", "docs_slug: SLUG"),
                TESTS,
            ),
            &[
                "crates/protocol/src/deployment/get.rs:6: `name` and `docs_slug` of the METADATA must be plain strings, each on its own line",
            ],
        );
    }
}
