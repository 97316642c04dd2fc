//! Links between the files of the repository, and the table of contents of the manual.

use std::collections::BTreeSet;
use std::path::Path;

use crate::Finding;
use crate::workspace::TextFile;

const MANUAL: &str = "docs/src/";
const SUMMARY: &str = "docs/src/SUMMARY.md";

/// Finds links of Markdown files to files or headings that do not exist, and pages that the summary of
/// the manual omits.
pub(crate) fn check(files: &[TextFile]) -> Vec<Finding> {
    let mut findings: Vec<_> = pages(files).flat_map(|page| broken_links(page, files)).collect();
    findings.extend(omitted_pages(files));
    findings
}

fn pages(files: &[TextFile]) -> impl Iterator<Item = &TextFile> {
    files.iter().filter(|file| Path::new(&file.path).extension().is_some_and(|it| it == "md"))
}

fn broken_links(page: &TextFile, files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, target) in links(&page.text) {
        if target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = if path.is_empty() { page.path.clone() } else { resolve(&page.path, path) };
        let message = if !exists(&path, files) {
            format!("the link {target:?} leads to no file; {path} does not exist")
        } else if !anchor.is_empty() && !has_heading(&path, anchor, files) {
            format!("the link {target:?} leads to no heading of {path}")
        } else {
            continue;
        };
        findings.push(Finding::at(&page.path, index, message));
    }
    findings
}

fn omitted_pages(files: &[TextFile]) -> Vec<Finding> {
    let Some(summary) = files.iter().find(|file| file.path == SUMMARY) else {
        return Vec::new();
    };
    let listed: BTreeSet<String> =
        links(&summary.text).into_iter().map(|(_, target)| resolve(SUMMARY, target)).collect();
    pages(files)
        .filter(|page| page.path.starts_with(MANUAL) && page.path != SUMMARY)
        .filter(|page| !listed.contains(&page.path))
        .map(|page| Finding::in_file(&page.path, format!("not listed in {SUMMARY}")))
        .collect()
}

/// The targets of inline links and images outside code blocks, each with the index of its line.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    for (index, line) in prose(text) {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("](") {
            let Some((target, after)) = after.split_once(')') else { break };
            links.push((index, target));
            rest = after;
        }
    }
    links
}

/// The lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    text.lines().enumerate().filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    })
}

/// The path from the root of the workspace that `target` means on the page at `page`.
fn resolve(page: &str, target: &str) -> String {
    let mut path: Vec<&str> = page.split('/').collect();
    path.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if path.pop().is_some() => {}
            part => path.push(part),
        }
    }
    path.join("/")
}

/// Whether this is the path of a file, or of a folder that holds one.
fn exists(path: &str, files: &[TextFile]) -> bool {
    files.iter().any(|file| {
        file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Files without headings of Markdown, such as sources, have no anchors that could be checked.
fn has_heading(path: &str, anchor: &str, files: &[TextFile]) -> bool {
    let Some(page) = pages(files).find(|page| page.path == path) else { return true };
    prose(&page.text)
        .filter(|(_, line)| line.starts_with('#'))
        .any(|(_, line)| slug(line.trim_start_matches('#').trim()) == anchor)
}

/// The anchor of a heading, as GitHub and mdBook make it.
fn slug(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            _ => character.is_alphanumeric().then(|| character.to_ascii_lowercase()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.into(), text: text.into() }
    }

    #[test]
    fn existing_files_folders_and_headings_are_accepted() {
        let files = [
            file(
                "docs/src/a.md",
                "# The `first` page's name\n[b](../b.md#one-two) [c](../../crates/c) [self](#the-first-pages-name)\n\
                 [out](https://example.com/none)\n```text\n[code](none.md)\n```\n",
            ),
            file("docs/b.md", "## One two\n"),
            file("crates/c/lib.rs", ""),
            file(SUMMARY, "- [A](a.md)\n"),
        ];
        assert_found(&check(&files), &[]);
    }

    #[test]
    fn broken_links_are_found_with_their_lines() {
        let files = [
            file("README.md", "fine\n[a](docs/a.md), [b](b.md)\n[c](#none) ![d](docs/d.svg)\n"),
            file("b.md", "```text\n# One\n```\n[a](#one)\n"),
        ];
        assert_found(
            &check(&files),
            &[
                "README.md:2: the link \"docs/a.md\" leads to no file; docs/a.md does not exist",
                "README.md:3: the link \"#none\" leads to no heading of README.md",
                "README.md:3: the link \"docs/d.svg\" leads to no file; docs/d.svg does not exist",
                "b.md:4: the link \"#one\" leads to no heading of b.md",
            ],
        );
    }

    #[test]
    fn the_summary_lists_every_page_of_the_manual() {
        let files = [
            file(SUMMARY, "- [A](guides/a.md)\n"),
            file("docs/src/guides/a.md", ""),
            file("docs/src/guides/b.md", ""),
            file("docs/elements/README.md", ""),
        ];
        assert_found(&check(&files), &["docs/src/guides/b.md: not listed in docs/src/SUMMARY.md"]);
    }
}
