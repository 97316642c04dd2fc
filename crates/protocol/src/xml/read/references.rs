//! Resolves references and line ends.

use crate::xml::error::{ReadError, shown};

/// Appends what `&name;` stands for.
pub(super) fn push_reference(name: &str, into: &mut String) -> Result<(), ReadError> {
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => numeric(name).ok_or_else(|| {
            ReadError::element(format!("the entity &{}; is not one of XML's own", shown(name)))
        })?,
    };
    into.push(character);
    Ok(())
}

/// The character that `#27` or `#x1B` stands for. Of the characters that XML forbids, U+0000 and
/// non-characters become U+FFFD, and the others are kept: a status text with a stray escape must not fail the
/// whole response.
fn numeric(name: &str) -> Option<char> {
    let number = name.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).unwrap_or(0);
    Some(char::from_u32(code).filter(|&character| character != '\0').unwrap_or('\u{FFFD}'))
}

/// Whether a reference stands for a character that XML cannot have: `#xD800`, `#0`, `#xFFFE`.
pub(super) fn is_forbidden(name: &str) -> bool {
    let Some(number) = name.strip_prefix('#') else { return false };
    let code = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    !matches!(
        code.ok().and_then(char::from_u32),
        Some('\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
    )
}

/// The references in an attribute's value.
pub(super) fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split('&').skip(1).filter_map(|rest| rest.split_once(';')).map(|(name, _)| name)
}

/// Appends a piece of text with its line ends as XML wants them, `\n`.
pub(super) fn push_lines(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('\r') {
        into.push_str(&rest[..at]);
        into.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    into.push_str(rest);
}

/// Appends an attribute's value: references resolved, white space as spaces.
pub(super) fn push_attribute(raw: &str, into: &mut String) -> Result<(), ReadError> {
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r', '\n', '\t']) {
        into.push_str(&rest[..at]);
        let special = &rest[at..];
        rest = if let Some(reference) = special.strip_prefix('&') {
            let (name, after) = reference.split_once(';').ok_or_else(|| {
                ReadError::element("an attribute has an & that begins no reference")
            })?;
            push_reference(name, into)?;
            after
        } else {
            into.push(' ');
            special.strip_prefix("\r\n").unwrap_or(&special[1..])
        };
    }
    into.push_str(rest);
    Ok(())
}
