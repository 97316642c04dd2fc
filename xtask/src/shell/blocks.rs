//! The `sh` blocks of a Markdown file, as one script.

use crate::Finding;
use crate::markdown::{self, Block};
use crate::workspace::TextFile;

/// Starts the comment above a block that is not run.
const NOT_RUN: &str = "<!-- not run:";

/// The files whose blocks are run: the README and the tutorial.
pub(crate) fn has_script(path: &str) -> bool {
    let is_markdown = |name: &str| name.strip_suffix(".md").is_some_and(|name| !name.contains('/'));
    path == "README.md" || path.strip_prefix("docs/src/tutorial/").is_some_and(is_markdown)
}

/// The blocks of a file that are run, and those that are not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// Has the lines of the file, so that the shell's messages name them; empty without a block.
    pub(crate) text: String,
    /// The position and the reason of each block that is not run.
    pub(crate) not_run: Vec<(String, String)>,
}

/// Reads the blocks of a file; fails with the position of the first that is not as it has to be.
pub(crate) fn script(file: &TextFile) -> Result<Script, Finding> {
    let mut lines = vec![String::new(); file.text.lines().count()];
    let mut not_run = Vec::new();
    let mut is_empty = true;
    for block in markdown::blocks(&file.text) {
        let position = format!("{}:{}", file.path, block.line + 1);
        match kind(&block, &file.text) {
            Ok(None) => {}
            Ok(Some(Kind::NotRun(reason))) => not_run.push((position, reason)),
            Ok(Some(Kind::Run)) => {
                is_empty = false;
                lines[block.line] = format!("block '{position}'");
                for (line, code) in lines[block.line + 1..].iter_mut().zip(block.text.lines()) {
                    code.clone_into(line);
                }
            }
            Err(message) => return Err(Finding::at(&file.path, block.line, message)),
        }
    }
    let text = if is_empty { String::new() } else { lines.join("\n") + "\n" };
    Ok(Script { text, not_run })
}

/// Blocks whose attributes are not as they have to be.
pub(crate) fn check(files: &[TextFile]) -> Vec<Finding> {
    let with_script = files.iter().filter(|file| has_script(&file.path));
    with_script.filter_map(|file| script(file).err()).collect()
}

enum Kind {
    Run,
    NotRun(String),
}

/// The action for a block; none if it is not for a shell.
fn kind(block: &Block<'_>, text: &str) -> Result<Option<Kind>, String> {
    match (block.language(), block.info) {
        ("sh", "sh") => Ok(Some(Kind::Run)),
        ("sh", "sh,ignore") => {
            let above = text.lines().take(block.line).filter(|line| !line.trim().is_empty()).last();
            let reason = above
                .and_then(|line| line.trim().strip_prefix(NOT_RUN)?.strip_suffix("-->"))
                .map(str::trim)
                .filter(|reason| !reason.is_empty());
            match reason {
                Some(reason) => Ok(Some(Kind::NotRun(reason.to_owned()))),
                None => {
                    Err(format!("sh,ignore without a reason; write `{NOT_RUN} … -->` above it"))
                }
            }
        }
        ("sh", info) => Err(format!("{info}: expected sh, or sh,ignore if it must not run")),
        ("bash" | "shell" | "zsh", _) => {
            Err("a block for a shell is named sh, so that it is run; output is named console"
                .to_owned())
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    fn file(text: &str) -> TextFile {
        TextFile { path: "README.md".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_script_has_the_lines_of_its_file() {
        let text = "# A\n\n```sh\nb\n  c\n```\n\n```console\n$ d\n```\n```sh\ne\n```\n";
        let expected = "\n\nblock 'README.md:3'\nb\n  c\n\n\n\n\n\nblock 'README.md:11'\ne\n\n";
        let script = script(&file(text)).expect("the blocks are sound");
        assert_eq!(script, Script { text: expected.to_owned(), not_run: Vec::new() });
    }

    #[test]
    fn a_block_is_left_out_for_a_reason() {
        let text = "# A\n<!-- not run: installs b -->\n\n```sh,ignore\nb\n```\n";
        let script = script(&file(text)).expect("the blocks are sound");
        assert_eq!(script.text, "");
        assert_eq!(script.not_run, [("README.md:4".to_owned(), "installs b".to_owned())]);
    }

    #[test]
    fn unknown_attributes_and_missing_reasons_are_found() {
        let no_reason =
            "README.md:2: sh,ignore without a reason; write `<!-- not run: … -->` above it";
        let check = |text: &str| check(&[file(text)]);
        assert_found(&check("A\n```sh,ignore\nb\n```\n"), &[no_reason]);
        assert_found(&check("<!-- not run: -->\n```sh,ignore\nb\n```\n"), &[no_reason]);
        assert_found(
            &check("```sh,no_run\nb\n```\n"),
            &["README.md:1: sh,no_run: expected sh, or sh,ignore if it must not run"],
        );
        assert_found(
            &check("```bash\nb\n```\n"),
            &[
                "README.md:1: a block for a shell is named sh, so that it is run; output is named console",
            ],
        );
        assert_found(&check("```toml\nb\n```\n```\nc\n```\n"), &[]);
    }

    #[test]
    fn the_readme_and_the_pages_of_the_tutorial_are_run() {
        assert!(has_script("README.md"));
        assert!(has_script("docs/src/tutorial/first.md"));
        assert!(!has_script("crates/protocol/README.md"));
        assert!(!has_script("docs/src/guides/first.md"));
        assert!(!has_script("docs/src/tutorial/board.svg"));
    }
}
