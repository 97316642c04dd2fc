use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::OpenError;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// The DER of each `CERTIFICATE` section.
pub(super) fn certificates(mut text: &[u8]) -> Result<Vec<Vec<u8>>, OpenError> {
    let malformed = OpenError::Malformed { what: "a certificate in PEM" };
    let mut found = Vec::new();
    while let Some((_, section)) = split_once(text, BEGIN) {
        let (section, rest) = split_once(section, END).ok_or(malformed.clone())?;
        let base64: Vec<u8> =
            section.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        found.push(STANDARD.decode(base64).map_err(|_| malformed.clone())?);
        text = rest;
    }
    Ok(found)
}

fn split_once<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(mark.len()).position(|window| window == mark)?;
    Some((&text[..at], &text[at + mark.len()..]))
}
