//! The texts of a file that the rules of words apply to.

use serde::Deserialize;

use crate::lexer::{self, Syntax, TokenKind};
use crate::markdown;
use crate::workspace::TextFile;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    Markdown,
    Rustdoc,
    Comment,
    String,
    /// The text of an HTML page or a picture.
    Page,
    /// Code with its identifiers.
    Names,
}

/// A text with the line ends of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    pub(crate) scope: Scope,
    /// The line on which it starts, counted from 0.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// The fragments of a file; none if its extension is not of a language known here.
pub(crate) fn extract(file: &TextFile) -> Vec<Fragment> {
    let text = &file.text;
    match file.path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rs") => source(text, &lexer::RUST),
        Some("js") => source(text, &lexer::JAVASCRIPT),
        Some("py") => source(text, &lexer::PYTHON),
        Some("css") => comments(text, &lexer::CSS),
        Some("toml") => comments(text, &lexer::TOML),
        Some("md") => document(Scope::Markdown, text, ""),
        Some("html" | "svg") => {
            vec![Fragment { scope: Scope::Page, line: 0, text: without_tags(text) }]
        }
        _ => Vec::new(),
    }
}

/// Comments, strings and names of a program.
fn source(text: &str, syntax: &Syntax) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    let (mut line, mut continues) = (0, false);
    for piece in lexer::tokens(text, syntax) {
        match piece.kind {
            TokenKind::Comment => {
                let next = comment_fragment(line, piece.text);
                match fragments.last_mut() {
                    Some(last) if continues && last.scope == next.scope => {
                        last.text.push('\n');
                        last.text.push_str(&next.text);
                    }
                    _ => fragments.push(next),
                }
            }
            TokenKind::String => {
                let text = without_escapes(piece.text);
                fragments.push(Fragment { scope: Scope::String, line, text });
            }
            TokenKind::Code if piece.text.trim().is_empty() => {}
            TokenKind::Code => {
                let text = piece.text.to_owned();
                fragments.push(Fragment { scope: Scope::Names, line, text });
            }
            TokenKind::Character => {}
        }
        let line_ends = piece.text.matches('\n').count();
        continues = match piece.kind {
            TokenKind::Comment => true,
            _ => continues && line_ends == 1 && piece.text.trim().is_empty(),
        };
        line += line_ends;
    }
    fragments.into_iter().flat_map(with_examples).collect()
}

/// Comments without the code around them.
fn comments(text: &str, syntax: &Syntax) -> Vec<Fragment> {
    let mut fragments = source(text, syntax);
    fragments.retain(|fragment| matches!(fragment.scope, Scope::Comment | Scope::Rustdoc));
    fragments
}

/// A comment without its markers.
fn comment_fragment(line: usize, comment: &str) -> Fragment {
    let is_doc = ["///", "//!", "/**"].iter().any(|marker| comment.starts_with(marker));
    let text = comment.trim_end_matches("*/").lines().map(|line| {
        let line = line.trim_start();
        line.strip_prefix("//!")
            .unwrap_or_else(|| line.trim_start_matches('/').trim_start_matches(['*', '#']))
    });
    let text = text.collect::<Vec<_>>().join("\n");
    Fragment { scope: if is_doc { Scope::Rustdoc } else { Scope::Comment }, line, text }
}

/// Documentation as Markdown; anything else as it is.
fn with_examples(fragment: Fragment) -> Vec<Fragment> {
    match fragment.scope {
        Scope::Rustdoc => {
            let mut parts = document(Scope::Rustdoc, &fragment.text, "rust");
            for part in &mut parts {
                part.line += fragment.line;
            }
            parts
        }
        _ => vec![fragment],
    }
}

/// The prose of Markdown, and the comments of its code blocks; output is left out.
fn document(scope: Scope, text: &str, unnamed_language: &str) -> Vec<Fragment> {
    let mut fragments = vec![Fragment { scope, line: 0, text: markdown::prose(text) }];
    for block in markdown::blocks(text) {
        let language = match block.language() {
            "" | "no_run" | "ignore" | "should_panic" | "compile_fail" => unnamed_language,
            named => named,
        };
        let syntax = match language {
            "rust" => &lexer::RUST,
            "js" | "javascript" => &lexer::JAVASCRIPT,
            "python" | "sh" | "toml" => &lexer::PYTHON,
            _ => continue,
        };
        let start = block.line + 1;
        fragments.extend(comments(&block.text, syntax).into_iter().map(|comment| Fragment {
            scope: Scope::Comment,
            line: start + comment.line,
            text: comment.text,
        }));
    }
    fragments
}

/// A literal with a space for each character of a simple escape, so that `\nword` is no other word.
fn without_escapes(literal: &str) -> String {
    let mut text = String::with_capacity(literal.len());
    let mut rest = literal.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => {
                let escaped = rest.next();
                text.push(if escaped == Some('\n') { '\n' } else { ' ' });
            }
            _ => text.push(character),
        }
    }
    text
}

/// A page's text with its line ends; a tag ends the sentence.
fn without_tags(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut in_tag = false;
    for character in page.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push('|');
            }
            '\n' => text.push('\n'),
            _ if in_tag => {}
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragments(path: &str, text: &str) -> Vec<(Scope, usize, String)> {
        extract(&TextFile { path: path.into(), text: text.into() })
            .into_iter()
            .map(|fragment| (fragment.scope, fragment.line, fragment.text))
            .collect()
    }

    fn owned(fragments: &[(Scope, usize, &str)]) -> Vec<(Scope, usize, String)> {
        fragments.iter().map(|(scope, line, text)| (*scope, *line, (*text).to_owned())).collect()
    }

    #[test]
    fn rust_has_documentation_comments_strings_and_names() {
        assert_eq!(
            fragments("a.rs", "//! A\n//! b.\n\n/// C `d`.\nfn e() {} // f\n// g\n\"h\\ni\"\n"),
            owned(&[
                (Scope::Rustdoc, 0, " A\n b."),
                (Scope::Rustdoc, 3, " C \u{fffc}."),
                (Scope::Names, 3, "\nfn e() {} "),
                (Scope::Comment, 4, " f\n g"),
                (Scope::String, 6, "\"h i\""),
            ])
        );
    }

    #[test]
    fn examples_are_read_for_their_comments() {
        assert_eq!(
            fragments("a.rs", "fn a() {}\n/// B\n/// ```\n/// let c = \"d\"; // e\n/// ```\n"),
            owned(&[
                (Scope::Names, 0, "fn a() {}\n"),
                (Scope::Rustdoc, 1, " B\n\n\n"),
                (Scope::Comment, 3, " e"),
            ])
        );
        assert_eq!(
            fragments("a.md", "A\n\n```console\n$ b # c\n```\n\n```sh\nd # e\n```\n"),
            owned(&[(Scope::Markdown, 0, "A\n\n\n\n\n\n\n\n"), (Scope::Comment, 7, " e")])
        );
    }

    #[test]
    fn other_files_have_what_is_read_by_people() {
        let comment = |text: &str| vec![(Scope::Comment, 1, text.to_owned())];
        assert_eq!(fragments("a.toml", "b = \"c\"\n# d\n"), comment(" d"));
        assert_eq!(fragments("a.css", "b { }\n/* c */\n"), comment(" c "));
        assert_eq!(
            fragments("a.html", "<p title=\"b\">c\n</p>"),
            owned(&[(Scope::Page, 0, "|c\n|")])
        );
        assert_eq!(fragments("a.pem", "told"), []);
    }
}
