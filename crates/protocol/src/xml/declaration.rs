//! The XML declaration, which names an encoding and is sometimes wrong.

/// The declaration that this crate writes.
pub(super) const UTF_8: &str = r#"<?xml version="1.0" encoding="utf-8"?>"#;

/// The text as a file in UTF-8: with a matching declaration, without a byte order mark.
pub(crate) fn as_utf_8(text: &str) -> String {
    let (_, rest) = split(text.trim_start_matches('\u{feff}'));
    format!("{UTF_8}{rest}")
}

/// Returns a declaration of UTF-8 or without an encoding unchanged; [`UTF_8`] for any other.
pub(super) fn corrected(declaration: &str) -> &str {
    let words = declaration.to_ascii_lowercase();
    if words.contains("encoding") && !words.contains("utf-8") { UTF_8 } else { declaration }
}

/// Returns the declaration, empty if there is none, and the rest.
pub(super) fn split(text: &str) -> (&str, &str) {
    let is_declared = text
        .strip_prefix("<?xml")
        .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_whitespace()));
    match text.find("?>") {
        Some(end) if is_declared => text.split_at(end + 2),
        _ => ("", text),
    }
}
