use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Bytes that the wire carries as base64: certificates and keys.
///
/// It keeps the base64 text unchanged, in JSON too. A value from the wire may be invalid base64;
/// [`to_bytes`](Self::to_bytes) reports that.
///
/// ```
/// use azure_classic_protocol::Base64Bytes;
///
/// let certificate = Base64Bytes::from(&[0x30, 0x82, 0x01][..]);
/// assert_eq!(certificate.as_str(), "MIIB");
/// assert_eq!(certificate.to_bytes(), Some(vec![0x30, 0x82, 0x01]));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64Bytes(String);

impl Base64Bytes {
    /// Takes text that is base64 already; a request with another text is refused.
    pub fn from_base64(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The base64 text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes, or `None` if the text is not base64. White space in the text does not matter.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let compact: String = self.0.split_ascii_whitespace().collect();
        STANDARD.decode(compact).ok()
    }
}

impl From<&[u8]> for Base64Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(STANDARD.encode(bytes))
    }
}

impl From<Vec<u8>> for Base64Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl fmt::Display for Base64Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Base64Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_out_as_one_line_and_come_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        let encoded = Base64Bytes::from(bytes.clone());
        assert!(encoded.as_str().starts_with("AAECAwQF"));
        assert!(!encoded.as_str().contains('\n'));
        assert_eq!(encoded.to_bytes(), Some(bytes));
    }

    #[test]
    fn line_breaks_of_an_archive_do_not_matter() {
        assert_eq!(Base64Bytes::from_base64("MI\r\n  IB").to_bytes(), Some(vec![0x30, 0x82, 0x01]));
    }

    #[test]
    fn what_is_not_base64_is_kept_as_text() {
        let text = Base64Bytes::from_base64("-----BEGIN");
        assert_eq!(text.to_bytes(), None);
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"-----BEGIN\"");
    }
}
