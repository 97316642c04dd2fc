//! Converts elements of indefinite length, and octet strings in pieces, which some writers produce.

use zeroize::{Zeroize as _, Zeroizing};

use crate::ber::{Header, OCTET_STRING, Reader, append_header};

const CONSTRUCTED: u8 = 0x20;
/// Deeper than any credential, and far from overflowing the stack.
const MAX_DEPTH: u32 = 32;

/// Returns the first element of the input with definite lengths only, and its octet strings in one piece.
pub(crate) fn to_definite_length(mut input: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut output = Zeroizing::new(Vec::with_capacity(input.len() + 8));
    copy(&mut input, &mut output, MAX_DEPTH)?;
    Some(output)
}

fn copy(input: &mut &[u8], output: &mut Vec<u8>, depth: u32) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let Header { tag, length } = Header::take(input)?;
    let has_long_tag = tag & 0x1f == 0x1f;
    if has_long_tag {
        return None;
    }
    if tag & CONSTRUCTED == 0 {
        let (content, rest) = input.split_at_checked(length?)?;
        *input = rest;
        append(tag, content, output);
        return Some(());
    }
    // Not the size of the input: each of several sibling elements would reserve and wipe that much.
    let mut children = Zeroizing::new(Vec::new());
    if let Some(length) = length {
        let (mut content, rest) = input.split_at_checked(length)?;
        *input = rest;
        while !content.is_empty() {
            copy(&mut content, &mut children, depth)?;
        }
    } else {
        while !input.starts_with(&[0, 0]) {
            copy(input, &mut children, depth)?;
        }
        *input = &input[2..];
    }
    if tag == OCTET_STRING | CONSTRUCTED {
        append(OCTET_STRING, &concat_octet_strings(&children)?, output);
    } else {
        append(tag, &children, output);
    }
    Some(())
}

/// The content of an octet string in pieces.
pub(crate) fn concat_octet_strings(pieces: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut whole = Zeroizing::new(Vec::with_capacity(pieces.len()));
    let mut pieces = Reader(pieces);
    while !pieces.is_empty() {
        whole.extend_from_slice(pieces.take(OCTET_STRING)?);
    }
    Some(whole)
}

fn append(tag: u8, content: &[u8], output: &mut Vec<u8>) {
    reserve_zeroizing(output, Header::LONGEST + content.len());
    append_header(tag, content.len(), output);
    output.extend_from_slice(content);
}

/// A growing `Vec` would leave copies in memory, and the content may contain a key.
fn reserve_zeroizing(output: &mut Vec<u8>, more: usize) {
    if output.capacity() - output.len() < more {
        let mut larger = Vec::with_capacity((output.len() + more) * 2);
        larger.extend_from_slice(output);
        output.zeroize();
        *output = larger;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_become_definite_and_whole() {
        let pieces = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0, 2, 1, 5, 0, 0, 99];
        assert_eq!(**to_definite_length(&pieces).unwrap(), [0x30, 8, 4, 3, 7, 8, 9, 2, 1, 5]);
    }

    #[test]
    fn definite_lengths_are_unchanged() {
        let long = [&[0x30, 0x81, 0x85, 4, 0x81, 0x82][..], &[1; 0x82]].concat();
        assert_eq!(**to_definite_length(&long).unwrap(), long);
        assert_eq!(**to_definite_length(&[0x30, 0]).unwrap(), [0x30, 0]);
    }

    #[test]
    fn depth_is_limited_and_ends_are_required() {
        assert!(to_definite_length(&[0x30, 0x80].repeat(10_000)).is_none());
        assert!(to_definite_length(&[0x30, 0x80, 2, 1, 5]).is_none());
        assert!(to_definite_length(&[0x24, 0x80, 2, 1, 5, 0, 0]).is_none());
        assert!(to_definite_length(&[0x04, 0x80, 0, 0]).is_none());
    }
}
