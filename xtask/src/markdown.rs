//! Markdown as text: its code blocks, and its prose without code.

/// Replaces code and link targets in prose, so that the text around them stays separate: the object
/// replacement character of Unicode, which no document here contains.
pub(crate) const PLACEHOLDER: char = '\u{fffc}';

/// A fenced code block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// The line of the opening fence, counted from 0.
    pub(crate) line: usize,
    /// The text behind the opening fence: the language and its attributes.
    pub(crate) info: &'a str,
    pub(crate) text: String,
}

impl<'a> Block<'a> {
    pub(crate) fn language(&self) -> &'a str {
        self.info.split([',', ' ']).next().unwrap_or_default()
    }
}

/// The fenced code blocks, in order; an open one ends with the text.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for (line, part) in parts(text) {
        match (part, blocks.last_mut()) {
            (Part::Open(info), _) => blocks.push(Block { line, info, text: String::new() }),
            (Part::Code(code), Some(block)) => {
                block.text.push_str(code);
                block.text.push('\n');
            }
            _ => {}
        }
    }
    blocks
}

/// The text with its line ends, without code blocks, code spans and the targets of links.
pub(crate) fn prose(text: &str) -> String {
    let lines: Vec<&str> = parts(text)
        .map(|(_, part)| match part {
            Part::Prose(line) => line,
            _ => "",
        })
        .collect();
    without_targets(&without_spans(&lines.join("\n")))
}

enum Part<'a> {
    Prose(&'a str),
    Open(&'a str),
    Code(&'a str),
    Close,
}

/// The kind of each line, with its index.
fn parts(text: &str) -> impl Iterator<Item = (usize, Part<'_>)> {
    let mut open: Option<&str> = None;
    text.lines().enumerate().map(move |(index, line)| {
        let (marker, behind) = fence(line.trim_start());
        let part = match open {
            Some(opening) if marker.starts_with(opening) && behind.is_empty() => {
                open = None;
                Part::Close
            }
            Some(_) => Part::Code(line),
            None if marker.is_empty() => Part::Prose(line),
            None => {
                open = Some(marker);
                Part::Open(behind)
            }
        };
        (index, part)
    })
}

/// The fence with which a line starts, or nothing, and the trimmed rest.
fn fence(line: &str) -> (&str, &str) {
    let rest = match line.chars().next() {
        Some(mark @ ('`' | '~')) => line.trim_start_matches(mark),
        _ => line,
    };
    let (marker, rest) = line.split_at(line.len() - rest.len());
    // A span may start a line, with any number of backticks.
    if marker.len() < 3 || rest.contains('`') { ("", line) } else { (marker, rest.trim()) }
}

/// A span ends at as many backticks as it starts with, in the same paragraph.
fn without_spans(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        prose.push_str(&rest[..start]);
        rest = &rest[start..];
        let inside = rest.trim_start_matches('`');
        let marks = &rest[..rest.len() - inside.len()];
        let paragraph = &inside[..inside.find("\n\n").unwrap_or(inside.len())];
        let span = closing(paragraph, marks).map_or(marks, |end| &rest[..marks.len() + end]);
        blank(&mut prose, span);
        rest = &rest[span.len()..];
    }
    prose + rest
}

/// The end of the first run of backticks of this length.
fn closing(text: &str, marks: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        at += found;
        let length = text[at..].len() - text[at..].trim_start_matches('`').len();
        at += length;
        if length == marks.len() {
            return Some(at);
        }
    }
    None
}

fn without_targets(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("](") {
        prose.push_str(&rest[..start]);
        rest = &rest[start..];
        let target = &rest[..rest.find(')').map_or(rest.len(), |end| end + 1)];
        blank(&mut prose, target);
        rest = &rest[target.len()..];
    }
    prose + rest
}

/// A placeholder for the text, and its line ends.
fn blank(prose: &mut String, text: &str) {
    prose.push(PLACEHOLDER);
    prose.extend(text.chars().filter(|character| *character == '\n'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_a_line_an_info_and_a_text() {
        let text = "a\n```sh,ignore\nb\n\nc\n```\n\n  ~~~~ text\n```\n~~~\n~~~~\n```\nopen";
        let blocks = blocks(text);
        let seen: Vec<_> =
            blocks.iter().map(|block| (block.line, block.info, block.text.as_str())).collect();
        assert_eq!(
            seen,
            [(1, "sh,ignore", "b\n\nc\n"), (7, "text", "```\n~~~\n"), (11, "", "open\n")]
        );
        assert_eq!(blocks[0].language(), "sh");
    }

    #[test]
    fn prose_has_no_code() {
        assert_eq!(prose("a `b` c\n```\nd\n```\ne"), "a \u{fffc} c\n\n\n\ne");
        assert_eq!(prose("`` a`b `` c `d\ne` f"), "\u{fffc} c \u{fffc}\n f");
        assert_eq!(prose("a ` b\n\nc ` d"), "a \u{fffc} b\n\nc \u{fffc} d");
        assert_eq!(prose("```a``` b\nc"), "\u{fffc} b\nc");
    }

    #[test]
    fn prose_has_no_targets_of_links() {
        assert_eq!(prose("see [the page](a/told.md#x), [b]"), "see [the page\u{fffc}, [b]");
        assert_eq!(prose("![a](b)\n[c](d"), "![a\u{fffc}\n[c\u{fffc}");
        assert_eq!(prose("[`a`](b)"), "[\u{fffc}\u{fffc}");
    }
}
