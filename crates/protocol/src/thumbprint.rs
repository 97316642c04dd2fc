use crate::{Error, RequestBuilder};

/// Rejects a text that is not a thumbprint; `what` is its kind, for errors.
///
/// Any length is accepted: SHA-1 has 40 digits, and other algorithms are possible.
pub(crate) fn check(request: &mut RequestBuilder, what: &str, thumbprint: &str) {
    if thumbprint.is_empty() {
        request.reject(Error::invalid(format!("the {what} is empty; give its hexadecimal digits")));
    }
    let stranger = thumbprint.chars().enumerate().find(|(_, digit)| !digit.is_ascii_hexdigit());
    if let Some((at, character)) = stranger {
        let shown: String = thumbprint.chars().take(60).collect();
        request.reject(Error::invalid(format!(
            "the {what} {shown:?} has {character:?} as its character {}; \
             a thumbprint consists of hexadecimal digits, without spaces or colons",
            at + 1
        )));
    }
}
