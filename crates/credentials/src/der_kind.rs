//! Detects the kind of a DER or BER file by its outline.

use crate::FileKind;
use crate::ber::{
    BIT_STRING, EXPLICIT_0, Header, INTEGER, OBJECT_ID, OCTET_STRING, Reader, SEQUENCE,
};
use crate::credential_file::{is_binary, looks_like_utf_16};
use crate::definite_length::to_definite_length;

pub(crate) const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// Returns the kind of a file that starts as a sequence; `None` if it is something else.
pub(crate) fn detect(file: &[u8]) -> Option<FileKind> {
    let mut content = file;
    let Some(header) = Header::take(&mut content) else {
        // The bytes of the length are missing.
        return matches!(file, [SEQUENCE, 0x81..=0x84, ..]).then_some(FileKind::Truncated);
    };
    if header.tag != SEQUENCE {
        return None;
    }
    let is_whole = header.length.is_none_or(|length| length <= content.len());
    // Texts may start with "0" as well: a short sequence counts only if it has a known outline, or bytes that
    // occur in no text.
    let is_surely_one = file[1] >= 0x80 || (is_binary(file) && !looks_like_utf_16(file));
    // Some writers use indefinite lengths at any depth.
    let whole = to_definite_length(file);
    let found = whole.as_ref().and_then(|whole| classify(Reader(whole).enter(SEQUENCE)?));
    let is_cut = !is_whole || (header.length.is_none() && whole.is_none());
    match found {
        Some(kind) => Some(kind),
        None if is_surely_one && is_cut => Some(FileKind::Truncated),
        None if is_surely_one => Some(FileKind::OtherDer),
        None => None,
    }
}

fn classify(mut parts: Reader<'_>) -> Option<FileKind> {
    let mut ahead = parts;
    let (tag, first) = ahead.any()?;
    match tag {
        INTEGER => key_or_pkcs12(first, ahead),
        OBJECT_ID => (first == SIGNED_DATA).then_some(FileKind::Pkcs7),
        SEQUENCE => {
            let first = parts.enter(SEQUENCE)?;
            let (second, _) = parts.any()?;
            match second {
                OCTET_STRING => {
                    starts_with(first, &[OBJECT_ID]).then_some(FileKind::EncryptedPkcs8)
                }
                BIT_STRING => starts_with(first, &[OBJECT_ID]).then_some(FileKind::PublicKey),
                SEQUENCE => classify_signed(first),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Detects the kind of a sequence that starts with a number.
fn key_or_pkcs12(number: &[u8], rest: Reader<'_>) -> Option<FileKind> {
    let is_version = number.len() == 1;
    Some(match () {
        () if is_version && starts_with(rest, &[SEQUENCE, OCTET_STRING]) => FileKind::Pkcs8,
        () if is_version && starts_with(rest, &[OCTET_STRING]) => FileKind::Sec1,
        () if is_version && starts_with(rest, &[INTEGER; 8]) => FileKind::Pkcs1,
        () if is_version && starts_with(rest, &[SEQUENCE]) => {
            let mut rest = rest;
            starts_with(rest.enter(SEQUENCE)?, &[OBJECT_ID]).then_some(FileKind::Pkcs12)?
        }
        () if starts_with(rest, &[INTEGER]) => {
            let mut rest = rest;
            rest.take(INTEGER)?;
            rest.is_empty().then_some(FileKind::PublicKey)?
        }
        () => return None,
    })
}

/// Detects the kind of a sequence that ends with an algorithm and a signature.
fn classify_signed(mut content: Reader<'_>) -> Option<FileKind> {
    let mut request = content;
    if content.take(EXPLICIT_0).is_some() {
        return starts_with(content, &[INTEGER, SEQUENCE]).then_some(FileKind::Certificate);
    }
    let has_number = content.take(INTEGER).is_some();
    // A certificate of version 1 has algorithm, issuer, validity, subject and key.
    if has_number && starts_with(content, &[SEQUENCE; 5]) {
        return Some(FileKind::Certificate);
    }
    request.take(INTEGER);
    if has_number && starts_with(request, &[SEQUENCE, SEQUENCE, EXPLICIT_0]) {
        return Some(FileKind::CertificateRequest);
    }
    let mut list = content;
    list.take(SEQUENCE)?;
    list.take(SEQUENCE)?;
    let is_time = matches!(list.any(), Some((0x17 | 0x18, _)));
    is_time.then_some(FileKind::RevocationList)
}

fn starts_with(mut parts: Reader<'_>, tags: &[u8]) -> bool {
    tags.iter().all(|tag| parts.take(*tag).is_some())
}
