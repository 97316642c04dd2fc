use std::fmt;

use serde::{Deserialize, Serialize};

/// A text that grants access: a key, a password, a private configuration.
///
/// `Debug` does not show it and there is no `Display`; [`expose`](Self::expose) does. Serialising it is
/// an intended use, so JSON and the wire have the text.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T = String>(T);

impl<T> Secret<T> {
    /// Wraps a sensitive value.
    pub fn new(value: impl Into<T>) -> Self {
        Self(value.into())
    }

    /// Returns the sensitive value. Keep it out of logs.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Base64Text;

    #[test]
    fn debug_does_not_show_a_secret() {
        let secret = Secret::<Base64Text>::new("open sesame");
        assert_eq!(format!("{secret:?}"), "[secret]");
        assert_eq!(secret.expose().as_str(), "open sesame");
    }
}
