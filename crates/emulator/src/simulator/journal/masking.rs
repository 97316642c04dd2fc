//! Takes signatures, keys and passwords out of foreign text, however they are spelt.

use azure_classic_text::is_hidden;
use percent_encoding::percent_decode_str;

/// Names of what must not show, in lower case.
const SECRETS: &[&str] = &[
    "accesskey",
    "access_token",
    "accountkey",
    "client_secret",
    "passphrase",
    "password",
    "pwd",
    "secret",
    "sharedaccesskey",
    "sharedaccesssignature",
    "sig",
    "signature",
    "token",
];
const MASK: &str = "***";
/// How often a text is decoded; one that still is not plain then is not shown.
const MAX_DECODINGS: usize = 8;

/// A path with its query.
pub(super) fn mask_address(path: &str, query: Option<&str>) -> String {
    let path = map_pieces(path, &['/'], mask_segment);
    match query {
        Some(query) => format!("{path}?{}", mask_pairs(query)),
        None => path,
    }
}

/// Masks a message, which may quote a request.
pub(super) fn mask_text(text: &str) -> String {
    let mut is_value = false;
    map_pieces(text, &[' ', '\n', '\r', '\t'], |word| {
        if word.is_empty() {
            return String::new();
        }
        if std::mem::take(&mut is_value) {
            return MASK.to_owned();
        }
        if !is_secret(word) {
            return word.to_owned();
        }
        is_value = word.ends_with([':', '=']);
        if is_value { word.to_owned() } else { mask_pairs(word) }
    })
}

/// Parameters are separated by `&`, and by `;` in a connection string.
fn mask_pairs(query: &str) -> String {
    map_pieces(query, &['&', ';'], mask_pair)
}

fn mask_pair(pair: &str) -> String {
    match pair.split_once('=') {
        // The address of a package or a container has a signature in its own query, if anywhere.
        Some((name, value)) if !is_secret(&format!("{name}=")) => match nested_query(value) {
            Some(at) if !is_secret(&value[..at]) => format!("{name}={}?{MASK}", &value[..at]),
            None if !is_secret(value) => pair.to_owned(),
            _ => format!("{name}={MASK}"),
        },
        Some((name, _)) => match nested_query(name) {
            Some(at) if !is_secret(&name[..at]) => format!("{}?{MASK}", &name[..at]),
            Some(_) => MASK.to_owned(),
            None => format!("{name}={MASK}"),
        },
        None => mask_segment(pair),
    }
}

fn mask_segment(segment: &str) -> String {
    if is_secret(segment) { MASK.to_owned() } else { segment.to_owned() }
}

/// Changes what stands between the separators.
fn map_pieces(text: &str, separators: &[char], mut change: impl FnMut(&str) -> String) -> String {
    let mut changed = String::with_capacity(text.len());
    for piece in text.split_inclusive(separators) {
        let bare = piece.strip_suffix(separators).unwrap_or(piece);
        changed.push_str(&change(bare));
        changed.push_str(&piece[bare.len()..]);
    }
    changed
}

/// Where a query begins: at a `?`, or at one that is encoded once or more.
fn nested_query(value: &str) -> Option<usize> {
    let starts = |rest: &str| {
        rest.starts_with('?')
            || rest.strip_prefix('%').is_some_and(|code| {
                let code = code.trim_start_matches("25");
                code.get(..2).is_some_and(|code| code.eq_ignore_ascii_case("3f"))
            })
    };
    value.char_indices().map(|(at, _)| at).find(|at| starts(&value[*at..]))
}

/// Whether a secret stands in the text, in plain or encoded: its name, and `=` or `:` after it.
fn is_secret(text: &str) -> bool {
    let Some(plain) = decoded(text) else { return true };
    contains_secret_name(&plain.to_ascii_lowercase()) || contains_secret_name(&visible(&plain))
}

fn contains_secret_name(text: &str) -> bool {
    SECRETS.iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let is_whole = !text[..at].ends_with(|before: char| before.is_alphanumeric());
            let after = text[at + name.len()..].trim_start_matches([' ', '"', '\'', '[', ']']);
            is_whole && after.starts_with(['=', ':'])
        })
    })
}

/// The text in lower case, without characters that do not show, and with full-width letters as others.
fn visible(text: &str) -> String {
    let narrow = |character| match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        _ => character,
    };
    let shown = text.chars().filter(|&character| !is_hidden(character));
    shown.map(narrow).map(|character| character.to_ascii_lowercase()).collect()
}

/// The text without any encoding; `None` where there seems to be no end to it.
fn decoded(text: &str) -> Option<String> {
    let mut text = text.replace('+', " ");
    for _ in 0..MAX_DECODINGS {
        let plain = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        let plain = without_escapes(&plain);
        if plain == text {
            return Some(text);
        }
        text = plain;
    }
    None
}

/// Characters that are written `\u0073` or `%u0073` in plain.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '%']) {
        plain.push_str(&rest[..at]);
        let escape = rest[at + 1..].strip_prefix(['u', 'U']).and_then(|code| code.get(..4));
        let character = escape.and_then(|code| u32::from_str_radix(code, 16).ok());
        if let Some(character) = character.and_then(char::from_u32) {
            plain.push(character);
            rest = &rest[at + 6..];
        } else {
            plain.push_str(&rest[at..=at]);
            rest = &rest[at + 1..];
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_parameters_are_found_in_every_encoding() {
        for query in [
            "sig=hush",
            "SIG=hush",
            "%73ig=hush",
            "%73%69%67=hush",
            "%2573ig=hush",
            "%25%37%33ig=hush",
            "sig%3Dhush",
            "sig%253dhush",
            "sig+=hush",
            "%20sig=hush",
            "Password=hush",
            "x;AccountKey=hush",
            "AccountName=a;AccountKey=hush==;x=y",
            "c=AccountName%3Da%3BAccountKey%3Dhush",
            "SharedAccessSignature=sr%3dhush",
            "c=SharedAccessSignature+sr=a%26sig%3Dhush",
            "a=b&sig=hush&sig=hush",
            "sig=hush;sig=hush",
            "amp;sig=hush",
            "c={\"sig\":\"hush\"}",
            "c={\"sig\"%20:%20\"hush\"}",
            "%3Fsig=hush",
            "c=%2525252525252525252573ig%3Dhush",
            "sig[]=hush",
            "sig%5B%5D=hush",
            "sig%00=hush",
            "sig%0A=hush",
            "%0Asig=hush",
            "s%C2%ADig=hush",
            "%EF%BB%BFsig=hush",
            "%E2%80%8Bs%E2%80%8Big=hush",
            "%EF%BD%93%EF%BD%89%EF%BD%87=hush",
            "%5Cu0073ig=hush",
            "%u0073i%u0067=hush",
            "%255Cu0073ig%5Cu003Dhush",
        ] {
            for query in [query.to_owned(), format!("comp=upgrade&{query}&after=1")] {
                let masked = mask_address("/s/a", Some(&query));
                assert!(!masked.contains("hush") && masked.contains(MASK), "{query}: {masked}");
                let ends = query.starts_with("comp").then_some(("/s/a?comp=upgrade&", "&after=1"));
                let (start, end) = ends.unwrap_or_default();
                assert!(masked.starts_with(start) && masked.ends_with(end), "{query}: {masked}");
            }
        }
    }

    #[test]
    fn the_query_of_an_address_in_a_parameter_is_masked() {
        for address_of_it in [
            "https://c.example.net/p?sv=1&sig=hush",
            "https%3A%2F%2Fc.example.net%2Fp%3Fsv%3D1%26sig%3Dhush",
            "https%3a%2f%2fc.example.net%2fp%3fsig%3dhush",
            "https%253A%252F%252Fc.example.net%252Fp%253Fsv%253Dhush",
        ] {
            let masked =
                mask_address("/s/package", Some(&format!("containerUri={address_of_it}&x=y")));
            assert!(!masked.contains("hush"), "{masked}");
            assert!(masked.contains("c.example.net") && masked.contains("?***&"), "{masked}");
            assert!(masked.ends_with("&x=y"), "{masked}");
        }
    }

    #[test]
    fn other_parameters_are_unchanged() {
        for query in [
            "",
            "comp=upgrade&x",
            "design=1&sigma=2&insignature=3",
            "a=b;c=d",
            "name=r%C3%B4le+one",
            "name=%5Cuser%5C&x=%u&y=%5Cu12&z=100%25",
            "&&==&",
        ] {
            assert_eq!(mask_address("/s/a%20b", Some(query)), format!("/s/a%20b?{query}"));
        }
        assert_eq!(mask_address("/s/a", None), "/s/a");
        assert_eq!(mask_text("no operation has this path; nearest: GET /x?comp=y (Get It)"), {
            "no operation has this path; nearest: GET /x?comp=y (Get It)"
        });
    }

    #[test]
    fn paths_and_texts_are_masked() {
        assert_eq!(mask_address("/s/a/p%3Fsig%3Dhush/b", None), "/s/a/***/b");
        for (words, masked) in [
            (
                "'https://c.example.net/p?sv=1&sig=hush' is no address",
                "'https://c.example.net/p?sv=1&sig=*** is no address",
            ),
            ("the Password: hush is wrong", "the Password: *** is wrong"),
            ("its namespace is \"urn:a?%73ig=hush\"", "its namespace is \"urn:a?***"),
        ] {
            assert_eq!(mask_text(words), masked);
        }
    }
}
