use crate::Finding;
use crate::workspace::TextFile;

const SOURCE_LINES: usize = 400;
const TEST_LINES: usize = 600;

/// Source files that are too long to be read in one go.
pub(crate) fn check(files: &[TextFile]) -> Vec<Finding> {
    let sources = files.iter().filter(|file| file.is_rust());
    sources
        .filter_map(|file| {
            let limit = if is_tests(&file.path) { TEST_LINES } else { SOURCE_LINES };
            let lines = file.text.lines().count();
            (lines > limit).then(|| {
                Finding::in_file(
                    &file.path,
                    format!("{lines} lines, and at most {limit} are allowed; split it by subject"),
                )
            })
        })
        .collect()
}

fn is_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    fn findings(path: &str, lines: usize) -> Vec<Finding> {
        check(&[TextFile { path: path.into(), text: "//\n".repeat(lines) }])
    }

    #[test]
    fn the_limits_are_the_last_allowed() {
        assert_found(&findings("crates/a/src/b.rs", 400), &[]);
        assert_found(
            &findings("crates/a/src/b.rs", 401),
            &["crates/a/src/b.rs: 401 lines, and at most 400 are allowed; split it by subject"],
        );
        assert_found(&findings("crates/a/src/b/tests.rs", 600), &[]);
        assert_found(
            &findings("crates/a/tests/b.rs", 601),
            &["crates/a/tests/b.rs: 601 lines, and at most 600 are allowed; split it by subject"],
        );
        assert_found(&findings("README.md", 1000), &[]);
    }
}
