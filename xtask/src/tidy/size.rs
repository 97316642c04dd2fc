use crate::Finding;
use crate::workspace::TextFile;

const SOURCE_LINES: usize = 400;
const TEST_LINES: usize = 600;
/// Two screens.
const README_LINES: usize = 110;

/// Source files that are too long to read in one go, and a README that is longer than two screens.
pub(crate) fn check(files: &[TextFile]) -> Vec<Finding> {
    files.iter().filter_map(check_file).collect()
}

fn check_file(file: &TextFile) -> Option<Finding> {
    let (limit, way_out) = match file.path.as_str() {
        "README.md" => (README_LINES, "move details into the manual"),
        path if file.is_rust() && is_tests(path) => (TEST_LINES, "split it by subject"),
        _ if file.is_rust() => (SOURCE_LINES, "split it by subject"),
        _ => return None,
    };
    let lines = file.text.lines().count();
    let message = || format!("{lines} lines, and at most {limit} are allowed; {way_out}");
    (lines > limit).then(|| Finding::in_file(&file.path, message()))
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
        assert_found(&findings("README.md", 110), &[]);
        assert_found(
            &findings("README.md", 111),
            &["README.md: 111 lines, and at most 110 are allowed; move details into the manual"],
        );
        assert_found(&findings("crates/a/README.md", 1000), &[]);
    }
}
