use crate::Finding;
use crate::new_operation::FILL_IN;
use crate::rust_text::has_word;
use crate::workspace::TextFile;

/// The strings that no file may contain, with the reason. They are concatenated here, or this file would be
/// the first finding.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "finish it, or write down as a fact what is missing"),
    (concat!("FIX", "ME"), "mend it, or write down as a fact what is wrong"),
    (FILL_IN, "left over from `cargo xtask new-operation`"),
    (concat!("todo", "!("), "finish it"),
    (concat!("unimplemented", "!("), "finish it"),
    (concat!("dbg", "!("), "left over from a search for a bug"),
    (concat!("#[", "ignore"), "a test that does not run proves nothing"),
    (concat!("#[", "allow("), "say #[expect(lint, reason = \"…\")]"),
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("/tmp", "/team"), "a path of one machine"),
    (concat!("/ho", "me/"), "a path of one machine"),
];

/// Inputs of fuzz targets, where any byte may be the point of it.
const FUZZ_INPUTS: &str = "fuzz/corpus/";

/// Forbidden strings, and invisible white space.
pub(crate) fn check(files: &[TextFile]) -> Vec<Finding> {
    let texts = files.iter().filter(|file| !file.path.starts_with(FUZZ_INPUTS));
    texts.flat_map(check_file).collect()
}

fn check_file(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_rust = file.is_rust();
    // Not `lines()`, which takes a carriage return away before it can be seen.
    for (index, line) in file.text.split('\n').enumerate() {
        let mut report = |message: String| findings.push(Finding::at(&file.path, index, message));
        for (text, reason) in FORBIDDEN {
            if contains(line, text) {
                report(format!("`{text}` is not to be here: {reason}"));
            }
        }
        if line.ends_with([' ', '\t', '\r']) {
            report("white space at the end of the line".to_owned());
        }
        if is_rust && line.contains('\t') {
            report("a tab; indent with spaces, and write \\t in strings".to_owned());
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(Finding::in_file(&file.path, "no line end at the end of the file"));
    }
    findings
}

/// Finds whole words only, so that Base64 does not contain one by chance.
fn contains(line: &str, text: &str) -> bool {
    if text.chars().all(char::is_alphanumeric) { has_word(line, text) } else { line.contains(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    fn findings(path: &str, text: &str) -> Vec<Finding> {
        check(&[TextFile { path: path.into(), text: text.into() }])
    }

    #[test]
    fn inputs_of_fuzz_targets_hold_what_they_like() {
        assert_found(&findings("fuzz/corpus/pem/a.pem", "a \r\n\t"), &[]);
        assert_eq!(findings("fuzz/src/lib.rs", "a \n").len(), 1);
    }

    #[test]
    fn every_forbidden_text_is_found() {
        for (text, reason) in FORBIDDEN {
            assert_found(
                &findings("a.md", &format!("fine\nsee {text} there\n")),
                &[&format!("a.md:2: `{text}` is not to be here: {reason}")],
            );
        }
    }

    #[test]
    fn a_part_of_a_word_is_not_the_word() {
        assert_found(&findings("a.pem", concat!("MIIBTO", "DOx\nto do\n")), &[]);
    }

    #[test]
    fn white_space_is_checked() {
        assert_found(
            &findings("a.rs", "a \nb\r\n\tc\nd"),
            &[
                "a.rs:1: white space at the end of the line",
                "a.rs:2: white space at the end of the line",
                "a.rs:3: a tab; indent with spaces, and write \\t in strings",
                "a.rs: no line end at the end of the file",
            ],
        );
    }
}
