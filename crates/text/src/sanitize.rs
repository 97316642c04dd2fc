//! Escapes foreign text for display.

use std::fmt;
use std::ops::RangeInclusive;

/// Escapes characters that control a terminal or are invisible.
///
/// The escapes are those of Rust (`\n`, `\u{1b}`). They replace control characters (C0, C1 and DEL, including
/// line breaks and tabs), line and paragraph separators, bidirectional controls, and zero-width and other
/// invisible characters. Everything else is unchanged, including backslashes, so a path stays readable. The
/// result is for people and cannot be reversed.
///
/// # Example
///
/// ```
/// use azure_classic_text::sanitize;
///
/// assert_eq!(sanitize("größe ●").to_string(), "größe ●");
/// assert_eq!(sanitize("gpj.\u{202e}exe").to_string(), r"gpj.\u{202e}exe");
/// ```
pub fn sanitize(text: &str) -> Sanitized<'_> {
    Sanitized { text, max_chars: usize::MAX }
}

/// Text whose `Display` is escaped; created by [`sanitize`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sanitized<'a> {
    text: &'a str,
    max_chars: usize,
}

impl Sanitized<'_> {
    /// Truncates longer text after this number of characters, and adds its length.
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_text::sanitize;
    ///
    /// assert_eq!(sanitize("0123456789").truncated_to(10).to_string(), "0123456789");
    /// assert_eq!(sanitize("0123456789").truncated_to(4).to_string(), "0123… (10 characters)");
    /// ```
    #[must_use]
    pub fn truncated_to(self, characters: usize) -> Self {
        Self { max_chars: characters, ..self }
    }
}

impl fmt::Display for Sanitized<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.char_indices().nth(self.max_chars) {
            None => escape(f, self.text),
            Some((end, _)) => {
                escape(f, &self.text[..end])?;
                write!(f, "… ({} characters)", self.text.chars().count())
            }
        }
    }
}

fn escape(f: &mut fmt::Formatter<'_>, mut rest: &str) -> fmt::Result {
    while let Some((at, hidden)) = rest.char_indices().find(|(_, it)| is_hidden(*it)) {
        f.write_str(&rest[..at])?;
        match hidden {
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            other => write!(f, "\\u{{{:x}}}", u32::from(other))?,
        }
        rest = &rest[at + hidden.len_utf8()..];
    }
    f.write_str(rest)
}

/// Unicode 16: the general category Cf, the property `Default_Ignorable_Code_Point`, and the line and
/// paragraph separators.
const HIDDEN: &[RangeInclusive<char>] = &[
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{600}'..='\u{605}',
    '\u{61c}'..='\u{61c}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fffb}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
];

/// Whether a character controls the display or is invisible, so that [`sanitize`] escapes it.
pub fn is_hidden(character: char) -> bool {
    // Most text is ASCII.
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control() || HIDDEN.iter().any(|range| range.contains(&character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sanitized(text: &str) -> String {
        sanitize(text).to_string()
    }

    #[test]
    fn readable_text_passes_unchanged() {
        for text in
            ["", "größe ●", "C:\\new\\table", "日本語", "e\u{301}", "\u{fffd}", "שלום", "😀"]
        {
            assert_eq!(sanitized(text), text);
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(sanitized("a\u{1b}[31mred\u{7}"), r"a\u{1b}[31mred\u{7}");
        assert_eq!(sanitized("\r\n\t\0\u{7f}"), r"\r\n\t\u{0}\u{7f}");
        assert_eq!(sanitized("a\u{9b}31m\u{85}"), r"a\u{9b}31m\u{85}");
    }

    #[test]
    fn invisible_characters_are_escaped() {
        for hidden in [
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{61c}',
            '\u{feff}',
            '\u{180e}',
            '\u{3164}',
            '\u{e0041}',
            '\u{fe0f}',
        ] {
            let expected = format!("x\\u{{{:x}}}y", u32::from(hidden));
            assert_eq!(sanitized(&format!("x{hidden}y")), expected);
        }
    }

    #[test]
    fn nothing_hidden_is_left() {
        let all: String = ('\0'..=char::MAX).collect();
        assert!(!sanitized(&all).contains(is_hidden));
    }
}
