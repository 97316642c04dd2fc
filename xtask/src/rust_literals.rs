//! The string literals in Rust source, just well enough to find goldens.

use std::iter::Peekable;
use std::str::CharIndices;

/// A string literal, as the program has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// The line on which it begins, counted from 0.
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
    let mut rest = source[start..].char_indices().peekable();
    let mut before = ' ';
    while let Some((at, character)) = rest.next() {
        let at = start + at;
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            '"' => found.push(Literal { line: line_of(source, at), text: escaped(&mut rest) }),
            'r' if !before.is_alphanumeric() && before != '_' => {
                if let Some(text) = raw(&source[at + 1..]) {
                    found.push(Literal { line: line_of(source, at), text: text.to_owned() });
                    // On to what follows the literal: quote, text, quote, as many `#` on each side.
                    let hashes = source[at + 1..].chars().take_while(|next| *next == '#').count();
                    let end = at + 1 + 2 * (hashes + 1) + text.len() - start;
                    while rest.peek().is_some_and(|(next, _)| *next < end) {
                        rest.next();
                    }
                }
            }
            '\'' => skip_character(&mut rest, &source[at + 1..]),
            '/' if before == '/' => while rest.next_if(|(_, next)| *next != '\n').is_some() {},
            _ => {}
        }
        if depth == 0 {
            break;
        }
        before = character;
    }
    found
}

fn line_of(source: &str, at: usize) -> usize {
    source[..at].matches('\n').count()
}

/// The rest of a literal with escapes, behind its first quote.
fn escaped(rest: &mut Peekable<CharIndices>) -> String {
    let mut text = String::new();
    while let Some((_, character)) = rest.next() {
        match character {
            '"' => break,
            '\\' => match rest.next().map(|(_, escape)| escape) {
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('0') => text.push('\0'),
                Some('\n') => while rest.next_if(|(_, next)| next.is_whitespace()).is_some() {},
                Some('u') => {
                    let digits = rest.by_ref().skip(1).map(|(_, digit)| digit);
                    let digits: String = digits.take_while(|digit| *digit != '}').collect();
                    text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                }
                other => text.extend(other),
            },
            other => text.push(other),
        }
    }
    text
}

/// The text of a raw literal, behind its `r`.
fn raw(source: &str) -> Option<&str> {
    let hashes = source.chars().take_while(|character| *character == '#').count();
    let inside = source[hashes..].strip_prefix('"')?;
    let end = inside.find(&format!("\"{}", "#".repeat(hashes)))?;
    Some(&inside[..end])
}

/// A literal of one character may hold a quote or a parenthesis; a lifetime is left alone.
fn skip_character(rest: &mut Peekable<CharIndices>, behind: &str) {
    let mut characters = behind.chars();
    let length = match (characters.next(), characters.next()) {
        (Some('\\'), _) => behind[1..].find('\'').map(|end| behind[..=end + 1].chars().count()),
        (Some(_), Some('\'')) => Some(2),
        _ => None,
    };
    for _ in 0..length.unwrap_or(0) {
        rest.next();
    }
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
