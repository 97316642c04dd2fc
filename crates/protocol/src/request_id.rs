use std::fmt;

use azure_classic_text::sanitize;
use serde::{Deserialize, Serialize};

/// The id of a request and of the operation that it started: the value of `x-ms-request-id` in the response.
///
/// The service writes the id as 32 hexadecimal digits in headers and messages, and with hyphens in the body
/// of Get Operation Status. Both spellings are equal here; the plain one is shown and sent. An id of another
/// form (a private endpoint may have one) is kept unchanged. `Display` escapes and truncates it for a
/// terminal; [`as_str`](Self::as_str) does not.
///
/// The id is sufficient to poll an accepted operation later or in another process.
///
/// ```
/// use azure_classic_protocol::RequestId;
///
/// let header = RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
/// let body = RequestId::new("4F3A9CBD-E01C-4D24-A6B1-CA5ED9A3A2B1");
/// assert_eq!(header, body);
/// assert_eq!(body.to_string(), "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(#[serde(deserialize_with = "normalised")] Box<str>);

/// The longest id in `Display`, in characters.
const SHOWN: usize = 100;

impl RequestId {
    /// Takes an id in either spelling.
    pub fn new(text: &str) -> Self {
        Self(normalise(text))
    }

    /// Returns the id as in headers and paths: 32 digits without hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the id as in bodies: with hyphens if it has 32 digits, otherwise unchanged.
    pub fn hyphenated(&self) -> String {
        if !is_plain(&self.0) {
            return self.0.to_string();
        }
        let id = &self.0;
        [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
    }

    /// The first id of 32 digits in a text, as in the message of a `ConflictError`.
    pub(crate) fn find_in(text: &str) -> Option<Self> {
        text.split(|character: char| !character.is_ascii_hexdigit() && character != '-')
            .map(normalise)
            .find(|word| is_plain(word))
            .map(Self)
    }
}

fn is_plain(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn normalise(text: &str) -> Box<str> {
    let text = text.trim();
    let plain: String = text.chars().filter(|character| *character != '-').collect();
    if is_plain(&plain) { plain.to_ascii_lowercase().into() } else { text.into() }
}

fn normalised<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Box<str>, D::Error> {
    String::deserialize(deserializer).map(|text| normalise(&text))
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        sanitize(&self.0).truncated_to(SHOWN).fmt(f)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";
    const DASHED: &str = "4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1";

    #[test]
    fn both_spellings_are_equal() {
        assert_eq!(RequestId::new(DASHED).as_str(), PLAIN);
        assert_eq!(RequestId::new(PLAIN).hyphenated(), DASHED);
        let stored: RequestId = serde_json::from_str(&format!("{DASHED:?}")).unwrap();
        assert_eq!(stored, RequestId::new(PLAIN));
    }

    #[test]
    fn another_form_is_kept() {
        let id = RequestId::new(" request-7 ");
        assert_eq!(id.as_str(), "request-7");
        assert_eq!(id.hyphenated(), "request-7");
    }

    #[test]
    fn display_escapes_and_truncates_a_hostile_id() {
        for (id, shown) in [
            ("a\u{1b}[2Jb", r"a\u{1b}[2Jb"),
            ("a\u{85}b", r"a\u{85}b"),
            ("a\nerror: b", r"a\nerror: b"),
            ("a\u{2067}b", r"a\u{2067}b"),
        ] {
            assert_eq!(RequestId::new(id).to_string(), shown);
            assert_eq!(RequestId::new(id).as_str(), id);
        }
        let long = RequestId::new(&"x".repeat(70_000)).to_string();
        assert_eq!(long, format!("{}… (70000 characters)", "x".repeat(100)));
    }

    #[test]
    fn the_blocking_request_is_found_in_the_message() {
        let message = format!(
            "Windows Azure is currently performing an operation with x-ms-requestid {PLAIN} on this deployment that requires exclusive access."
        );
        assert_eq!(RequestId::find_in(&message), Some(RequestId::new(PLAIN)));
        assert_eq!(RequestId::find_in("no id here, only dead-beef"), None);
    }
}
