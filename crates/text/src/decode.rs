//! Decodes the bytes of text files.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

const UTF_8_BOM: &[u8] = b"\xef\xbb\xbf";
const UTF_16_LE_BOM: &[u8] = b"\xff\xfe";
const UTF_16_BE_BOM: &[u8] = b"\xfe\xff";
const UTF_32_LE_BOM: &[u8] = b"\xff\xfe\0\0";
const UTF_32_BE_BOM: &[u8] = b"\0\0\xfe\xff";

/// Decodes the bytes of a text file: UTF-8 with or without a byte order mark, or UTF-16 with one.
///
/// The mark is not part of the text. UTF-8 is borrowed, UTF-16 is copied. The cost is linear in the number of
/// bytes, and the text is at most one and a half times as long; the caller limits the size of the file.
///
/// # Errors
///
/// [`DecodeError`] if the bytes are in another encoding, or not text. It names the detected encoding or the
/// offset of the first invalid byte.
///
/// # Example
///
/// ```
/// use azure_classic_text::decode;
///
/// assert_eq!(decode(b"\xef\xbb\xbf<Deployment/>")?, "<Deployment/>");
/// let error = decode(b"caf\xe9").unwrap_err();
/// assert_eq!(error.to_string(), "not UTF-8: invalid byte 0xe9 at offset 3; save the file as UTF-8");
/// # Ok::<(), azure_classic_text::DecodeError>(())
/// ```
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    // The mark of UTF-32 starts like that of UTF-16.
    if bytes.starts_with(UTF_32_LE_BOM) || bytes.starts_with(UTF_32_BE_BOM) {
        return Err(DecodeError(Kind::Utf32));
    }
    if let Some(units) = bytes.strip_prefix(UTF_16_LE_BOM) {
        return utf_16(units, u16::from_le_bytes).map(Cow::Owned);
    }
    if let Some(units) = bytes.strip_prefix(UTF_16_BE_BOM) {
        return utf_16(units, u16::from_be_bytes).map(Cow::Owned);
    }
    let text = bytes.strip_prefix(UTF_8_BOM).unwrap_or(bytes);
    let mark = bytes.len() - text.len();
    // Without a mark, the first character of a text file is nearly always ASCII.
    if matches!(text, [1..=255, 0, 0, 0, ..] | [0, 0, 0, 1..=255, ..]) {
        return Err(DecodeError(Kind::Utf32));
    }
    match std::str::from_utf8(text) {
        // ASCII in UTF-16 without a mark is valid UTF-8, but no text file has a NUL among its first two
        // characters.
        Ok(_) if matches!(text, [0, _, ..] | [_, 0, ..]) => Err(DecodeError(Kind::Utf16NoMark)),
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if matches!(text, [0, _, 0, _, ..] | [_, 0, _, 0, ..]) => {
            Err(DecodeError(Kind::Utf16NoMark))
        }
        Err(error) => {
            let offset = error.valid_up_to();
            Err(DecodeError(Kind::NotUtf8 { byte: text[offset], offset: mark + offset }))
        }
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    const BOM_BYTES: usize = 2;
    let (units, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return Err(DecodeError(Kind::Utf16Cut));
    }
    let mut offset = BOM_BYTES;
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(units.iter().copied().map(unit)) {
        let Ok(character) = decoded else {
            return Err(DecodeError(Kind::LoneSurrogate { offset }));
        };
        offset += 2 * character.len_utf16();
        text.push(character);
    }
    Ok(text)
}

/// Bytes that are not text in a supported encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    NotUtf8 { byte: u8, offset: usize },
    LoneSurrogate { offset: usize },
    Utf16Cut,
    Utf16NoMark,
    Utf32,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::NotUtf8 { byte, offset } => {
                write!(f, "not UTF-8: invalid byte {byte:#04x} at offset {offset}")
            }
            Kind::LoneSurrogate { offset } => {
                write!(f, "not UTF-16: unpaired surrogate at offset {offset}")
            }
            Kind::Utf16Cut => f.write_str("truncated UTF-16: the number of bytes is odd"),
            Kind::Utf16NoMark => f.write_str("UTF-16 without a byte order mark"),
            Kind::Utf32 => f.write_str("UTF-32"),
        }?;
        f.write_str("; save the file as UTF-8")
    }
}

impl Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once('\u{feff}')
            .chain(text.chars())
            .flat_map(|character| character.encode_utf16(&mut [0; 2]).to_vec())
            .flat_map(bytes)
            .collect()
    }

    #[test]
    fn each_encoding_yields_the_same_text() {
        let text = "<Label>größe 😀\r\n</Label>";
        let marked = [UTF_8_BOM, text.as_bytes()].concat();
        assert_eq!(decode(text.as_bytes()), Ok(Cow::Borrowed(text)));
        assert_eq!(decode(&marked), Ok(Cow::Borrowed(text)));
        assert_eq!(decode(&in_utf_16(text, u16::to_le_bytes)).unwrap(), text);
        assert_eq!(decode(&in_utf_16(text, u16::to_be_bytes)).unwrap(), text);
    }

    #[test]
    fn an_empty_file_is_an_empty_text() {
        for bytes in [b"".as_slice(), UTF_8_BOM, UTF_16_LE_BOM, UTF_16_BE_BOM] {
            assert_eq!(decode(bytes).unwrap(), "", "{bytes:?}");
        }
    }

    #[test]
    fn only_the_first_mark_is_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbf\xef\xbb\xbfa").unwrap(), "\u{feff}a");
    }

    #[test]
    fn other_encodings_are_named() {
        for (bytes, expected) in [
            (&b"caf\xe9"[..], "not UTF-8: invalid byte 0xe9 at offset 3"),
            (b"\xef\xbb\xbfcaf\xe9", "not UTF-8: invalid byte 0xe9 at offset 6"),
            (b"\xff\xfe\0\xd8a\0", "not UTF-16: unpaired surrogate at offset 2"),
            (b"\xff\xfea\0\0\xd8", "not UTF-16: unpaired surrogate at offset 4"),
            (b"\xff\xfea\0b", "truncated UTF-16: the number of bytes is odd"),
            (b"<\0a\0", "UTF-16 without a byte order mark"),
            (b"\0<\0a", "UTF-16 without a byte order mark"),
            (b"<\0\xe4\0\xff\0", "UTF-16 without a byte order mark"),
            (b"\xff\xfe\0\0<\0\0\0", "UTF-32"),
            (b"\0\0\xfe\xff\0\0\0<", "UTF-32"),
            (b"<\0\0\0a\0\0\0", "UTF-32"),
            (b"\0\0\0<\0\0\0a", "UTF-32"),
            (b"-\0\0\0\xe4\0\0\0", "UTF-32"),
        ] {
            let expected = format!("{expected}; save the file as UTF-8");
            assert_eq!(decode(bytes).unwrap_err().to_string(), expected, "{bytes:?}");
        }
    }
}
