use crate::ber::{OBJECT_ID, Reader, SEQUENCE, SET};

const BMP_STRING: u8 = 0x1e;

/// Formats a distinguished name, its parts in the order of the certificate.
pub(super) fn text(mut parts: Reader<'_>) -> Option<String> {
    let mut texts = Vec::new();
    while !parts.is_empty() {
        let mut set = parts.enter(SET)?;
        while !set.is_empty() {
            let mut part = set.enter(SEQUENCE)?;
            let label = label(part.take(OBJECT_ID)?);
            let (tag, value) = part.any()?;
            texts.push(format!("{label}={}", decoded(tag, value)));
        }
    }
    Some(texts.join(", "))
}

fn label(id: &[u8]) -> &'static str {
    match id {
        b"\x55\x04\x03" => "CN",
        b"\x55\x04\x06" => "C",
        b"\x55\x04\x07" => "L",
        b"\x55\x04\x08" => "ST",
        b"\x55\x04\x0a" => "O",
        b"\x55\x04\x0b" => "OU",
        b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19" => "DC",
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01" => "emailAddress",
        _ => "?",
    }
}

fn decoded(tag: u8, value: &[u8]) -> String {
    if tag == BMP_STRING {
        let units: Vec<u16> =
            value.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
        return String::from_utf16_lossy(&units);
    }
    // All other string types in use are ASCII or UTF-8.
    String::from_utf8_lossy(value).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_the_order_of_the_certificate() {
        let name = [
            &[SET, 11, SEQUENCE, 9, 6, 3, 0x55, 4, 3, 0x1e, 2, 0x20, 0xac][..],
            &[SET, 10, SEQUENCE, 8, 6, 3, 0x55, 4, 10, 0x0c, 1, b'x'],
            &[SET, 10, SEQUENCE, 8, 6, 3, 0x55, 4, 99, 0x0c, 1, b'y'],
        ];
        assert_eq!(text(Reader(&name.concat())).as_deref(), Some("CN=€, O=x, ?=y"));
        assert_eq!(text(Reader(&[])).as_deref(), Some(""));
        assert_eq!(text(Reader(&[SET, 5, 1])), None);
    }
}
