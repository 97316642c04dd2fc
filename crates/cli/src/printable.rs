//! Text of the service, made safe to print.

/// The text on one line and without control characters.
///
/// Recorded answers of the service hold escape characters, and a terminal would obey them.
pub(crate) fn printable(text: &str) -> String {
    let unprintable = |character: char| character.is_control() && !character.is_whitespace();
    let visible: String = text
        .chars()
        .map(
            |character| {
                if unprintable(character) { char::REPLACEMENT_CHARACTER } else { character }
            },
        )
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        assert_eq!(printable("a\u{1b}[31mred\u{7}"), "a\u{fffd}[31mred\u{fffd}");
        assert_eq!(printable("  two\r\nlines\u{85}and a\ttab "), "two lines and a tab");
        assert_eq!(printable("größe ●"), "größe ●");
    }
}
