//! Foreign text that is kept: a log has a number of entries, and each entry a number of bytes.

/// The start of a text, at most this many bytes; `…` marks the omission.
pub(crate) fn truncate(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let end = (0..=longest).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_truncated_between_characters() {
        assert_eq!(truncate("größe", 7), "größe");
        assert_eq!(truncate("größe", 4), "grö…");
        assert_eq!(truncate("größe", 3), "gr…");
        assert_eq!(truncate("größe", 0), "…");
        assert_eq!(truncate("", 0), "");
    }
}
