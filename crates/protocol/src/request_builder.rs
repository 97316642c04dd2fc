use http::header::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::{ApiVersion, Error, Metadata, SubscriptionId};

/// The address of one request while it is put together: the route's placeholders and the query; and
/// headers of the operation's own.
///
/// The first thing that is wrong is kept and reported when the request is built, so that operations
/// stay free of error handling.
#[derive(Debug)]
pub struct RequestBuilder {
    path: String,
    query: String,
    headers: HeaderMap,
    needed: (ApiVersion, &'static str),
    wrong: Option<Error>,
}

/// What stays as it is in a path segment and in a query value: RFC 3986 `unreserved`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl RequestBuilder {
    pub(crate) fn new(spec: &Metadata, subscription: &SubscriptionId) -> Self {
        let (path, query) = spec.route.split_once('?').unwrap_or((spec.route, ""));
        let path = match path.strip_prefix("//") {
            Some(absolute) => format!("/{absolute}"),
            None => format!("/{subscription}{path}"),
        };
        Self {
            path,
            query: query.to_owned(),
            headers: HeaderMap::new(),
            needed: (spec.min_version, "the operation"),
            wrong: None,
        }
    }

    /// Puts a name into the route's placeholder, as one path segment.
    ///
    /// `what` says in errors which name it is. A name consists of letters, digits, `-`, `_` and `.`,
    /// is not empty, and is not `.` or `..`, which proxies and URL libraries take for folders even
    /// when encoded.
    pub fn segment(&mut self, placeholder: &str, what: &str, name: &str) {
        match check_name(what, name) {
            Ok(()) => self.fill(placeholder, &percent_encode(name.as_bytes(), ENCODED).to_string()),
            Err(error) => self.reject(error),
        }
    }

    /// Refuses a name that could not stand in a path; `what` says in errors which it is.
    ///
    /// For what a body names and a later request addresses.
    pub(crate) fn check_name(&mut self, what: &str, name: &str) {
        if let Err(error) = check_name(what, name) {
            self.reject(error);
        }
    }

    /// Puts segments that need no check into the route's placeholder.
    pub(crate) fn fill(&mut self, placeholder: &str, encoded: &str) {
        let braced = format!("{{{placeholder}}}");
        debug_assert!(self.path.contains(&braced), "{} has no {braced}", self.path);
        self.path = self.path.replacen(&braced, encoded, 1);
    }

    /// Adds a query parameter; the value is percent-encoded once.
    pub fn query(&mut self, name: &str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(name);
        self.query.push('=');
        self.query.extend(percent_encode(value.as_bytes(), ENCODED));
    }

    /// Adds a header, or replaces it. Those that the endpoint sets stay the endpoint's.
    pub fn header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            // The value may come from an answer, so it is not repeated: it has control characters.
            (_, Err(error)) => self.reject(Error::invalid_because(
                format!("the value of the header {name:?} cannot stand in a header"),
                error,
            )),
            (Err(error), _) => self.reject(Error::invalid_because(
                format!("{name:?} cannot be the name of a header"),
                error,
            )),
        }
    }

    /// Refuses a text of more characters than the service takes; `what` says in errors which it is.
    pub fn max_length(&mut self, what: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.reject(Error::invalid(format!(
                "the {what} has {length} characters, and at most {most} are allowed"
            )));
        }
    }

    /// Says that the request uses something that is younger than the operation itself.
    pub fn requires(&mut self, version: ApiVersion, what: &'static str) {
        if version > self.needed.0 {
            self.needed = (version, what);
        }
    }

    /// Says that the request cannot be sent; the first reason is the one reported.
    pub fn reject(&mut self, error: Error) {
        self.wrong.get_or_insert(error);
    }

    /// Path and query, and the headers, or what is wrong with the request.
    pub(crate) fn finish(self, version: ApiVersion) -> Result<(String, HeaderMap), Error> {
        if let Some(error) = self.wrong {
            return Err(error);
        }
        let (needed, what) = self.needed;
        if version < needed {
            return Err(Error::invalid(format!(
                "{what} needs x-ms-version {needed} or newer, and {version} is in use; \
                 raise the version of the endpoint"
            )));
        }
        debug_assert!(!self.path.contains('{'), "a placeholder is left in {}", self.path);
        let path_and_query =
            if self.query.is_empty() { self.path } else { format!("{}?{}", self.path, self.query) };
        Ok((path_and_query, self.headers))
    }
}

fn check_name(what: &str, name: &str) -> Result<(), Error> {
    let shown: String = name.chars().take(60).collect();
    if name.is_empty() {
        return Err(Error::invalid(format!("the {what} is empty; give its name")));
    }
    if name == "." || name == ".." {
        return Err(Error::invalid(format!(
            "the {what} {shown:?} would name another path; give its name"
        )));
    }
    let stranger = name
        .chars()
        .enumerate()
        .find(|(_, character)| !character.is_ascii_alphanumeric() && !"-_.".contains(*character));
    match stranger {
        None => Ok(()),
        Some((at, character)) => Err(Error::invalid(format!(
            "the {what} {shown:?} has {character:?} as its character {}; \
             a name consists of letters, digits, '-', '_' and '.'",
            at + 1
        ))),
    }
}
