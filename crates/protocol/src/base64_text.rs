use std::fmt;
use std::hash::{Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that the wire carries as base64 of its UTF-8 bytes: labels and configurations.
///
/// It contains the plain text; it is encoded and decoded once, at the wire. In human-readable formats such as
/// JSON it is the plain text, too. A value from the wire that is not base64 of UTF-8 is kept unchanged,
/// because it must not fail the document around it; [`is_plain`](Self::is_plain) distinguishes such a value.
/// Values with the same text are equal, so a value stored as JSON equals the one from the wire.
///
/// ```
/// use azure_classic_protocol::Base64Text;
///
/// let label = Base64Text::new("release 42");
/// assert_eq!(label.as_str(), "release 42");
/// ```
#[derive(Clone, Default)]
pub struct Base64Text {
    text: String,
    is_raw: bool,
}

impl Base64Text {
    /// Takes the plain text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_raw: false }
    }

    /// The plain text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the text is plain; false when it came from the wire and could not be decoded.
    pub fn is_plain(&self) -> bool {
        !self.is_raw
    }

    fn from_wire(wire: &str) -> Self {
        // Line breaks are not sent by the service, but editors and archives put them in.
        let compact: String = wire.split_ascii_whitespace().collect();
        match STANDARD.decode(compact).map(String::from_utf8) {
            Ok(Ok(text)) => Self { text, is_raw: false },
            _ => Self { text: wire.to_owned(), is_raw: true },
        }
    }

    fn to_wire(&self) -> String {
        if self.is_raw { self.text.clone() } else { STANDARD.encode(&self.text) }
    }
}

impl PartialEq for Base64Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Base64Text {}

impl Hash for Base64Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl From<&str> for Base64Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Base64Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Base64Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Base64Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl Serialize for Base64Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.text)
        } else {
            serializer.serialize_str(&self.to_wire())
        }
    }
}

impl<'de> Deserialize<'de> for Base64Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let is_wire = !deserializer.is_human_readable();
        let text = String::deserialize(deserializer)?;
        Ok(if is_wire { Self::from_wire(&text) } else { Self::new(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_standard_base64_with_padding() {
        assert_eq!(Base64Text::new("contoso").to_wire(), "Y29udG9zbw==");
        assert_eq!(Base64Text::new("Grüße").to_wire(), "R3LDvMOfZQ==");
        assert_eq!(Base64Text::from_wire("R3LDvMOf\r\n  ZQ==").as_str(), "Grüße");
    }

    #[test]
    fn what_cannot_be_decoded_is_kept_and_written_back_as_it_came() {
        for wire in ["not base64!", "//8="] {
            let text = Base64Text::from_wire(wire);
            assert!(!text.is_plain());
            assert_eq!(text.as_str(), wire);
            assert_eq!(text.to_wire(), wire);
        }
    }

    #[test]
    fn a_stored_value_equals_the_one_from_the_wire() {
        for wire in ["b93l", "not base64!", "//8=", "Y29udG9zbw==", ""] {
            let received = Base64Text::from_wire(wire);
            let stored = serde_json::to_string(&received).unwrap();
            assert_eq!(serde_json::from_str::<Base64Text>(&stored).unwrap(), received, "{wire}");
        }
    }

    #[test]
    fn json_shows_the_plain_text() {
        let label = Base64Text::new("v1");
        assert_eq!(serde_json::to_string(&label).unwrap(), "\"v1\"");
        assert_eq!(serde_json::from_str::<Base64Text>("\"v1\"").unwrap(), label);
    }
}
