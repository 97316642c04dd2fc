//! The parts of the ASN.1 encoding that credentials need.

use zeroize::Zeroizing;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_ID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// A constructed element with the context tag `[0]`.
pub(crate) const EXPLICIT_0: u8 = 0xa0;
/// The context tag `[0]` instead of the tag of a primitive element.
pub(crate) const IMPLICIT_0: u8 = 0x80;

/// The tag and the length of an element.
pub(crate) struct Header {
    pub(crate) tag: u8,
    /// `None` for an indefinite length.
    pub(crate) length: Option<usize>,
}

impl Header {
    /// The maximal size in bytes, with the longest length field.
    pub(crate) const LONGEST: usize = 2 + size_of::<usize>();

    /// Reads a header from the input.
    pub(crate) fn take(input: &mut &[u8]) -> Option<Self> {
        let (&tag, rest) = input.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let length = match first {
            0..0x80 => Some(usize::from(first)),
            0x80 => None,
            _ => {
                // Four bytes of length are far beyond any credential.
                let count = usize::from(first & 0x7f);
                let bytes = rest.get(..count).filter(|_| count <= 4)?;
                rest = &rest[count..];
                Some(bytes.iter().try_fold(0_usize, |length, byte| {
                    length.checked_mul(256)?.checked_add(usize::from(*byte))
                })?)
            }
        };
        *input = rest;
        Some(Self { tag, length })
    }
}

/// Writes the header of an element of definite length: at most [`Header::LONGEST`] bytes.
pub(crate) fn append_header(tag: u8, length: usize, output: &mut Vec<u8>) {
    output.push(tag);
    let bytes = length.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = &bytes[zeros..];
    match (digits, length) {
        ([], _) => output.push(0),
        ([short], ..0x80) => output.push(*short),
        _ => {
            let count = u8::try_from(digits.len()).expect("a length has at most 16 digits");
            output.push(0x80 | count);
            output.extend_from_slice(digits);
        }
    }
}

/// An element whose content is the concatenation of these parts.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).sum();
    // A growing `Vec` would leave copies in memory, and the parts may contain a key.
    let mut output = Zeroizing::new(Vec::with_capacity(Header::LONGEST + length));
    append_header(tag, length, &mut output);
    for part in parts {
        output.extend_from_slice(part);
    }
    output
}

/// Reads consecutive elements of definite length.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// Returns the tag and the content of the next element.
    pub(crate) fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let mut rest = self.0;
        let header = Header::take(&mut rest)?;
        let (content, rest) = rest.split_at_checked(header.length?)?;
        self.0 = rest;
        Some((header.tag, content))
    }

    /// Returns the content of the next element if it has this tag; otherwise consumes nothing.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let (found, content) = ahead.any()?;
        (found == tag).then(|| {
            *self = ahead;
            content
        })
    }

    /// Returns the next element with its tag and length.
    pub(crate) fn take_whole(&mut self, tag: u8) -> Option<&'a [u8]> {
        let before = self.0;
        self.take(tag)?;
        Some(&before[..before.len() - self.0.len()])
    }

    /// Returns a reader of the content of the next element.
    pub(crate) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self)
    }

    /// Returns a small non-negative number.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let digits = self.take(INTEGER)?;
        let is_negative = digits.first()? & 0x80 != 0;
        let number = digits.iter().try_fold(0_u32, |number, digit| {
            number.checked_mul(256)?.checked_add(u32::from(*digit))
        });
        number.filter(|_| !is_negative)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_beyond_the_input_is_rejected() {
        for input in [
            &[][..],
            &[0x30],
            &[0x30, 1],
            &[0x30, 0x80],
            &[0x30, 0x82, 1],
            &[0x30, 0x85, 0, 0, 0, 0, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(Reader(input).any().is_none(), "{input:x?}");
        }
    }

    #[test]
    fn an_element_ends_where_its_length_says() {
        let mut reader = Reader(&[0x02, 0x81, 0x02, 7, 8, 9]);
        assert_eq!(reader.take_whole(SEQUENCE), None);
        assert_eq!(reader.take_whole(INTEGER), Some(&[0x02, 0x81, 0x02, 7, 8][..]));
        assert_eq!(reader.0, [9]);
    }

    #[test]
    fn a_number_is_neither_negative_nor_large() {
        assert_eq!(Reader(&[2, 2, 8, 0]).number(), Some(2048));
        assert_eq!(Reader(&[2, 5, 0, 255, 255, 255, 255]).number(), Some(u32::MAX));
        for input in [&[2, 1, 0x80][..], &[2, 0], &[2, 5, 1, 0, 0, 0, 0], &[4, 1, 1]] {
            assert_eq!(Reader(input).number(), None, "{input:x?}");
        }
    }
}
