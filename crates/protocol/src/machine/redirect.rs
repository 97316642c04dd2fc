//! Resolves the addresses of redirects.

use http::{HeaderValue, Uri};

/// The longest address in an error, in characters.
const QUOTED: usize = 120;

/// The original address for errors, without user information, which may be a secret.
pub(super) fn displayed(location: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(location.as_bytes());
    let (before, authority_on) = text.split_once("//").unwrap_or(("", &text));
    let authority = authority_on.split(['/', '?', '#']).next().unwrap_or_default();
    let text = match authority.rsplit_once('@') {
        Some((user, _)) if text.contains("//") => {
            format!("{before}//…{}", &authority_on[user.len()..])
        }
        _ => text.into_owned(),
    };
    match text.char_indices().nth(QUOTED) {
        Some((at, _)) => format!("{:?}", format!("{}…", &text[..at])),
        None => format!("{text:?}"),
    }
}

/// Resolves the address, which may be relative to that of the request; `None` if it is invalid.
pub(super) fn resolve(base: &Uri, location: &HeaderValue) -> Option<Uri> {
    let location = location.to_str().ok()?.trim();
    let location = location.split('#').next().filter(|location| !location.is_empty())?;
    let scheme = base.scheme_str()?;
    let authority = base.authority()?;
    let absolute = if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", base.path())
    } else if has_scheme(location) {
        location.to_owned()
    } else {
        let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    };
    let uri: Uri = absolute.parse().ok()?;
    // Servers interpret `.` and `..` differently, and no service of this API sends them.
    let has_dots = uri.path().split('/').any(|segment| matches!(segment, "." | ".."));
    (!has_dots && uri.scheme().is_some() && uri.authority().is_some()).then_some(uri)
}

/// Whether the address starts with a scheme, such as `https:`.
fn has_scheme(location: &str) -> bool {
    let before = location.split(['/', '?']).next().unwrap_or_default();
    before.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|character: char| character.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://management.example.net/subscription/services?comp=x";

    fn resolved(location: &str) -> Option<String> {
        let location = HeaderValue::from_bytes(location.as_bytes()).unwrap();
        resolve(&BASE.parse().unwrap(), &location).map(|uri| uri.to_string())
    }

    #[test]
    fn an_address_is_resolved_against_that_of_the_request() {
        for (location, address) in [
            ("https://eu.example.net/a?b=c#d", "https://eu.example.net/a?b=c"),
            ("//eu.example.net/a", "https://eu.example.net/a"),
            ("/a/b?c", "https://management.example.net/a/b?c"),
            ("?c", "https://management.example.net/subscription/services?c"),
            ("other/x", "https://management.example.net/subscription/other/x"),
            (" /a ", "https://management.example.net/a"),
            ("http://eu.example.net/", "http://eu.example.net/"),
        ] {
            assert_eq!(resolved(location).as_deref(), Some(address), "{location}");
        }
        for location in ["", "#top", "https://", "/a b", "/../a", "./a", "mailto:a@b", "größe"] {
            assert_eq!(resolved(location), None, "{location}");
        }
    }

    #[test]
    fn addresses_are_quoted_without_user_information_and_truncated() {
        let quoted = |location: &[u8]| displayed(&HeaderValue::from_bytes(location).unwrap());
        assert_eq!(quoted(b"/a"), "\"/a\"");
        assert_eq!(quoted(b""), "\"\"");
        assert_eq!(quoted(b"https://u:secret@h/a@b"), "\"https://\u{2026}@h/a@b\"");
        assert_eq!(quoted(b"\xff"), "\"\u{fffd}\"");
        assert_eq!(quoted(&[b'x'; 500]).chars().count(), 123);
    }
}
