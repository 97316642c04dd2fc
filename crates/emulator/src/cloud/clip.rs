//! Foreign text that is kept: a log has a number of entries, and each entry a number of bytes.

/// The beginning of a text, of at most so many bytes; what is left out shows as `…`.
pub(crate) fn clip(text: &str, longest: usize) -> String {
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
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(clip("größe", 7), "größe");
        assert_eq!(clip("größe", 4), "grö…");
        assert_eq!(clip("größe", 3), "gr…");
        assert_eq!(clip("größe", 0), "…");
        assert_eq!(clip("", 0), "");
    }
}
