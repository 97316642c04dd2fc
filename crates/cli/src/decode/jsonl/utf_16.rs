//! A stream in UTF-16, as Windows PowerShell redirects output, read as UTF-8.

use std::io::{self, BufRead, Read};

/// Returns the same bytes, or their UTF-8 if they start with a byte order mark of UTF-16. The mark is kept.
/// Invalid UTF-16 becomes U+FFFD, which affects only its line.
pub(super) fn as_utf_8<'r>(mut input: impl BufRead + 'r) -> io::Result<Box<dyn Read + 'r>> {
    // No UTF-8 begins with either byte, so the first is enough where it came alone.
    Ok(match input.fill_buf()? {
        [0xff] | [0xff, 0xfe, ..] => Box::new(Utf16::new(input, u16::from_le_bytes)),
        [0xfe] | [0xfe, 0xff, ..] => Box::new(Utf16::new(input, u16::from_be_bytes)),
        _ => Box::new(input),
    })
}

struct Utf16<R> {
    input: R,
    unit: fn([u8; 2]) -> u16,
    /// The read bytes that are not decoded yet: half a unit, half a pair.
    undecoded: Vec<u8>,
    decoded: io::Cursor<Vec<u8>>,
}

/// In bytes.
const CHUNK: usize = 16 << 10;

impl<R: Read> Utf16<R> {
    fn new(input: R, unit: fn([u8; 2]) -> u16) -> Self {
        Self { input, unit, undecoded: Vec::new(), decoded: io::Cursor::default() }
    }

    /// Decodes what is at hand. Nothing is left where the input has ended.
    fn refill(&mut self) -> io::Result<()> {
        let mut chunk = [0; CHUNK];
        let mut text = String::new();
        while text.is_empty() {
            let read = self.input.read(&mut chunk)?;
            self.undecoded.extend_from_slice(&chunk[..read]);
            let has_ended = read == 0;
            let (pairs, half) = self.undecoded.as_chunks();
            let mut units: Vec<u16> = pairs.iter().copied().map(self.unit).collect();
            let mut rest = half.to_vec();
            if !has_ended && let Some(0xd800..=0xdbff) = units.last() {
                units.pop();
                rest = self.undecoded[units.len() * 2..].to_vec();
            } else if has_ended && !half.is_empty() {
                units.push(u16::from(half[0]));
                rest.clear();
            }
            text = String::from_utf16_lossy(&units);
            self.undecoded = rest;
            if has_ended {
                break;
            }
        }
        self.decoded = io::Cursor::new(text.into_bytes());
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.decoded.fill_buf()?.is_empty() {
            self.refill()?;
        }
        self.decoded.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that gives a few bytes at a time.
    struct Trickle<'b>(&'b [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn read(bytes: &[u8], at_a_time: usize) -> String {
        let mut text = String::new();
        let input = io::BufReader::with_capacity(at_a_time, Trickle(bytes, at_a_time));
        as_utf_8(input).unwrap().read_to_string(&mut text).unwrap();
        text.trim_start_matches('\u{feff}').to_owned()
    }

    #[test]
    fn text_is_the_same_however_it_is_cut() {
        let text = "{\"a\":\"größe 😀 \u{a0a}\"}\r\n";
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let marked = std::iter::once(0xfeff).chain(text.encode_utf16());
            let marked: Vec<u8> = marked.flat_map(bytes).collect();
            for at_a_time in 1..8 {
                assert_eq!(read(&marked, at_a_time), text, "{at_a_time}");
            }
        }
        assert_eq!(read(text.as_bytes(), 3), text);
        assert_eq!(read(&[0xff, 0xfe], 1), "");
        assert_eq!(read(b"x", 1), "x");
    }

    #[test]
    fn damage_is_replaced() {
        assert_eq!(read(b"\xff\xfea\0\0\xd8b\0", 1), "a\u{fffd}b");
        assert_eq!(read(b"\xff\xfea\0\0\xd8", 2), "a\u{fffd}");
        assert_eq!(read(b"\xff\xfea\0b", 2), "ab");
    }
}
