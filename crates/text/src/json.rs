//! Escapes JSON for display.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::sanitize::is_hidden;

/// Escapes characters in a JSON document that control a terminal or are invisible. The values stay the same.
///
/// JSON itself requires escapes only for C0. This function also writes DEL, C1, line separators,
/// bidirectional controls and invisible characters as `\uXXXX`. Line breaks and tabs between tokens stay.
///
/// # Example
///
/// ```
/// use azure_classic_text::escape_json;
///
/// assert_eq!(escape_json("{\"name\": \"gpj.\u{202e}exe\"}"), r#"{"name": "gpj.\u202eexe"}"#);
/// ```
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let is_layout = |it: char| matches!(it, '\n' | '\r' | '\t');
    let must_be_escaped = |it: char| is_hidden(it) && !is_layout(it);
    if !json.contains(must_be_escaped) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if must_be_escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_text_and_layout_stay() {
        let json = "{\n\t\"name\": \"größe ●\",\r\n  \"escaped\": \"\\u001b\\n\"\n}";
        assert!(matches!(escape_json(json), Cow::Borrowed(same) if same == json));
    }

    #[test]
    fn hidden_characters_are_escaped() {
        for (hidden, expected) in [
            ("\u{7f}", r"\u007f"),
            ("\u{9b}31m", r"\u009b31m"),
            ("\u{202e}", r"\u202e"),
            ("\u{200b}", r"\u200b"),
            ("\u{2028}", r"\u2028"),
            ("\u{feff}", r"\ufeff"),
            ("\u{e0041}", r"\udb40\udc41"),
        ] {
            assert_eq!(escape_json(&format!("[\"{hidden}\"]")), format!("[\"{expected}\"]"));
        }
    }
}
