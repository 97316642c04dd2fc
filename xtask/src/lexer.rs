//! Splits source text into code, comments and string literals, for checks on text.

/// The kind of a piece of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Code,
    Comment,
    String,
    /// A literal of one character in Rust.
    Character,
}

/// A part of the source, with its delimiters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    /// The offset in the source.
    pub(crate) start: usize,
    pub(crate) text: &'a str,
}

/// How a language delimits comments and string literals.
#[derive(Debug)]
pub(crate) struct Syntax {
    line_comment: Option<&'static str>,
    block_comment: Option<(&'static str, &'static str)>,
    /// A longer delimiter precedes a shorter one that it starts with.
    quotes: &'static [&'static str],
    /// Raw literals, and `'` for lifetimes and characters.
    is_rust: bool,
}

pub(crate) const RUST: Syntax = Syntax {
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    quotes: &["\""],
    is_rust: true,
};

pub(crate) const JAVASCRIPT: Syntax = Syntax { quotes: &["\"", "'", "`"], is_rust: false, ..RUST };

pub(crate) const CSS: Syntax = Syntax { line_comment: None, quotes: &["\"", "'"], ..JAVASCRIPT };

pub(crate) const PYTHON: Syntax = Syntax {
    line_comment: Some("#"),
    block_comment: None,
    quotes: &["\"\"\"", "'''", "\"", "'"],
    is_rust: false,
};

pub(crate) const TOML: Syntax = PYTHON;

/// The source from start to end, in pieces.
pub(crate) fn tokens<'a>(source: &'a str, syntax: &Syntax) -> Vec<Token<'a>> {
    let mut pieces = Vec::new();
    let (mut code, mut at) = (0, 0);
    while let Some(character) = source[at..].chars().next() {
        let Some((kind, length)) = token_at(source, at, syntax) else {
            at += character.len_utf8();
            continue;
        };
        pieces.push(Token { kind: TokenKind::Code, start: code, text: &source[code..at] });
        pieces.push(Token { kind, start: at, text: &source[at..at + length] });
        at += length;
        code = at;
    }
    pieces.push(Token { kind: TokenKind::Code, start: code, text: &source[code..] });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// The comment or literal that starts at the offset, and its length; none inside plain code.
fn token_at(source: &str, at: usize, syntax: &Syntax) -> Option<(TokenKind, usize)> {
    let rest = &source[at..];
    if syntax.line_comment.is_some_and(|marker| rest.starts_with(marker)) {
        return Some((TokenKind::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if let Some((open, close)) = syntax.block_comment
        && let Some(inside) = rest.strip_prefix(open)
    {
        let length = inside.find(close).map(|end| open.len() + end + close.len());
        return Some((TokenKind::Comment, length.unwrap_or(rest.len())));
    }
    if syntax.is_rust {
        let starts_word = !source[..at].ends_with(|before: char| is_in_name(before));
        if starts_word && let Some(length) = raw_length(rest) {
            return Some((TokenKind::String, length));
        }
        if rest.starts_with('\'') {
            return character_length(rest).map(|length| (TokenKind::Character, length));
        }
    }
    let quote = syntax.quotes.iter().find(|quote| rest.starts_with(**quote))?;
    Some((TokenKind::String, quoted_length(rest, quote)))
}

fn is_in_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The length of a raw literal with its `r`, hashes and quotes.
fn raw_length(rest: &str) -> Option<usize> {
    let marked = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let inside = marked.trim_start_matches('#');
    let hashes = &marked[..marked.len() - inside.len()];
    let text = inside.strip_prefix('"')?;
    let end = text.find(&format!("\"{hashes}"))?;
    Some(rest.len() - text.len() + end + 1 + hashes.len())
}

/// The length of a literal of one character; none for a lifetime.
fn character_length(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    match (characters.next()?, characters.next()?) {
        ((_, '\\'), (escaped, character)) => {
            let behind = escaped + character.len_utf8();
            Some(behind + rest[behind..].find('\'')? + 1)
        }
        (_, (end, '\'')) => Some(end + 1),
        _ => None,
    }
}

/// The length of a literal with escapes; an open one reaches to the end.
fn quoted_length(rest: &str, quote: &str) -> usize {
    let mut at = quote.len();
    while let Some(character) = rest[at..].chars().next() {
        if rest[at..].starts_with(quote) {
            return at + quote.len();
        }
        at += character.len_utf8();
        if character == '\\' {
            at += rest[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split<'a>(source: &'a str, syntax: &Syntax) -> Vec<(TokenKind, &'a str)> {
        tokens(source, syntax).iter().map(|piece| (piece.kind, piece.text)).collect()
    }

    /// The comments and strings.
    fn marked<'a>(source: &'a str, syntax: &Syntax) -> Vec<&'a str> {
        let pieces = split(source, syntax).into_iter();
        let marked =
            pieces.filter(|(kind, _)| matches!(kind, TokenKind::Comment | TokenKind::String));
        marked.map(|(_, text)| text).collect()
    }

    #[test]
    fn rust_has_comments_and_literals() {
        assert_eq!(
            split("let a = \"b\"; // c \"d\"\nlet e;", &RUST),
            [
                (TokenKind::Code, "let a = "),
                (TokenKind::String, "\"b\""),
                (TokenKind::Code, "; "),
                (TokenKind::Comment, "// c \"d\""),
                (TokenKind::Code, "\nlet e;"),
            ]
        );
        assert_eq!(marked("a /* \" */ b(\"/*\")", &RUST), ["/* \" */", "\"/*\""]);
        assert_eq!(marked("\"a\\\"b\\\\\" c \"é", &RUST), ["\"a\\\"b\\\\\"", "\"é"]);
    }

    #[test]
    fn raw_literals_end_at_their_own_delimiter() {
        assert_eq!(marked(r##"r"a\" + r#"b "c" "#;"##, &RUST), [r#"r"a\""#, r##"r#"b "c" "#"##]);
        assert_eq!(marked(r##"br#"a"# var"b""##, &RUST), [r##"br#"a"#"##, "\"b\""]);
        assert_eq!(marked("r#type r \"a\"", &RUST), ["\"a\""]);
    }

    #[test]
    fn a_character_may_be_a_quote_and_a_lifetime_has_no_end() {
        assert_eq!(marked(r#"'"' '\'' '\\' '\u{22}' "a""#, &RUST), ["\"a\""]);
        assert_eq!(marked("&'a str, \"b\", 'é', b'\"'", &RUST), ["\"b\""]);
        assert_eq!(marked("'outer: loop { \"a\" }", &RUST), ["\"a\""]);
    }

    #[test]
    fn other_languages_have_their_own_delimiters() {
        assert_eq!(marked("a('//', `b \"c\"`) // d", &JAVASCRIPT), ["'//'", "`b \"c\"`", "// d"]);
        assert_eq!(
            marked("\"\"\"a\n\"b\" # c\"\"\" # d", &PYTHON),
            ["\"\"\"a\n\"b\" # c\"\"\"", "# d"]
        );
        assert_eq!(marked("a: url(//b); /* c */", &CSS), ["/* c */"]);
        assert_eq!(marked("a = 'b' # c\n", &TOML), ["'b'", "# c"]);
    }

    #[test]
    fn offsets_lead_back_to_the_source() {
        let source = "é // a\n\"b\"";
        for piece in tokens(source, &RUST) {
            assert!(source[piece.start..].starts_with(piece.text), "{piece:?}");
        }
    }
}
