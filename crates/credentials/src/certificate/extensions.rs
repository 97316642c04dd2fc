//! The certificate extensions that a client needs.

use crate::ber::{OBJECT_ID, OCTET_STRING, Reader, SEQUENCE};

const EXTENSIONS: u8 = 0xa3;
const EXTENDED_KEY_USAGE: &[u8] = b"\x55\x1d\x25";
const ANY_USAGE: &[u8] = b"\x55\x1d\x25\x00";
const CLIENT: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x02";

/// Returns the list of extended key usages; `rest` is the part after the public key.
pub(super) fn usages(mut rest: Reader<'_>) -> Option<Vec<u8>> {
    // Unique ids of issuer and subject may come first.
    let mut extensions = loop {
        let (tag, content) = rest.any()?;
        if tag == EXTENSIONS {
            break Reader(content).enter(SEQUENCE)?;
        }
    };
    while !extensions.is_empty() {
        let mut extension = extensions.enter(SEQUENCE)?;
        if extension.take(OBJECT_ID)? == EXTENDED_KEY_USAGE {
            let _is_critical = extension.take(BOOLEAN);
            return extension.take(OCTET_STRING).map(<[u8]>::to_vec);
        }
    }
    None
}

const BOOLEAN: u8 = 0x01;

pub(super) fn allow_client_auth(usages: &[u8]) -> bool {
    let Some(mut usages) = Reader(usages).enter(SEQUENCE) else { return false };
    while let Some(usage) = usages.take(OBJECT_ID) {
        if usage == CLIENT || usage == ANY_USAGE {
            return true;
        }
    }
    false
}
