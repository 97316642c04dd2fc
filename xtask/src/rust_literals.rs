//! The string literals in Rust source, just well enough to find goldens.

use crate::lexer::{self, TokenKind};

/// A string literal, as the program has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// The line on which it starts, counted from 0.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// The string literals between the parentheses of every call that is written so: `call` ends with `(`.
pub(crate) fn in_calls(source: &str, call: &str) -> Vec<Literal> {
    source.match_indices(call).flat_map(|(at, _)| in_parentheses(source, at + call.len())).collect()
}

/// From behind an opening parenthesis to the one that closes it.
fn in_parentheses(source: &str, start: usize) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut depth = 1;
    for piece in lexer::tokens(&source[start..], &lexer::RUST) {
        match piece.kind {
            TokenKind::Comment | TokenKind::Character => {}
            TokenKind::String => found.push(Literal {
                line: source[..start + piece.start].matches('\n').count(),
                text: value(piece.text),
            }),
            TokenKind::Code => {
                for character in piece.text.chars() {
                    match character {
                        '(' => depth += 1,
                        ')' if depth == 1 => return found,
                        ')' => depth -= 1,
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

/// The value of a literal that is written so.
fn value(literal: &str) -> String {
    let quoted = literal.trim_start_matches(['b', 'c']);
    match quoted.strip_prefix('r') {
        Some(raw) => inside(raw.trim_matches('#')).to_owned(),
        None => unescaped(inside(quoted)),
    }
}

fn inside(quoted: &str) -> &str {
    quoted.get(1..quoted.len() - 1).unwrap_or_default()
}

fn unescaped(quoted: &str) -> String {
    let mut text = String::new();
    let mut rest = quoted.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('0') => text.push('\0'),
            Some('\n') => while rest.next_if(|next| next.is_whitespace()).is_some() {},
            Some('u') => {
                let digits: String =
                    rest.by_ref().skip(1).take_while(|digit| *digit != '}').collect();
                text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            other => text.extend(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        in_calls(source, "golden(").into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn literals_of_each_form_are_found() {
        assert_eq!(
            texts(r#"golden(f("a"), "b\n\"c\" \u{e9}\\"); other("d")"#),
            ["a", "b\n\"c\" é\\"]
        );
        assert_eq!(texts("golden(\"a\\\n      b\")"), ["ab"]);
        assert_eq!(texts(r##"golden(r"a\", r#"b "c" )"#, "d")"##), ["a\\", "b \"c\" )", "d"]);
    }

    #[test]
    fn characters_and_comments_do_not_confuse() {
        assert_eq!(texts("golden('\"', '\\'', &'a (), \"b\") \"c\""), ["b"]);
        assert_eq!(texts("golden( // not \"this\" )\n \"a\")"), ["a"]);
        assert_eq!(texts("golden(number, \"a)\")"), ["a)"]);
    }

    #[test]
    fn lines_are_counted() {
        let source = "fn a() {\n    golden(\n        \"b\n c\",\n    );\n    golden(\"d\");\n}\n";
        let lines: Vec<_> = in_calls(source, "golden(").iter().map(|found| found.line).collect();
        assert_eq!(lines, [2, 5]);
    }
}
