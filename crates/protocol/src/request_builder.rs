use http::header::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::{ApiVersion, Error, Metadata, SubscriptionId};

/// Builds the address of one request, from the placeholders of the route and the query, and the operation's
/// own headers.
///
/// It keeps the first problem and reports it when the request is built, so that operations need no error
/// handling.
#[derive(Debug)]
pub struct RequestBuilder {
    path: String,
    query: String,
    headers: HeaderMap,
    needed: (ApiVersion, &'static str),
    wrong: Option<Error>,
}

/// The characters that are not encoded in a path segment and in a query value: RFC 3986 `unreserved`.
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

    /// Fills a placeholder of the route with a name, as one path segment.
    ///
    /// `what` is the kind of name, for errors. A name consists of letters, digits, `-`, `_` and `.`, is not
    /// empty, and is not `.` or `..`, which proxies and URL libraries interpret as folders even if encoded.
    pub fn segment(&mut self, placeholder: &str, what: &str, name: &str) {
        match check_name(what, name) {
            Ok(()) => self.fill(placeholder, &percent_encode(name.as_bytes(), ENCODED).to_string()),
            Err(error) => self.reject(error),
        }
    }

    /// Rejects a name that would be invalid in a path; `what` is the kind of name, for errors.
    ///
    /// Use it for a name in a body that later requests have in their path.
    pub(crate) fn check_name(&mut self, what: &str, name: &str) {
        if let Err(error) = check_name(what, name) {
            self.reject(error);
        }
    }

    /// Fills a placeholder of the route with segments that need no check.
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

    /// Adds a header, or replaces it. The endpoint's own headers take precedence.
    pub fn header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            // The value has control characters and may come from a response, so the error does not repeat it.
            (_, Err(error)) => self.reject(Error::invalid_because(
                format!("the value of the header {name:?} contains invalid characters"),
                error,
            )),
            (Err(error), _) => self.reject(Error::invalid_because(
                format!("{name:?} is not a valid name of a header"),
                error,
            )),
        }
    }

    /// Rejects a text with more characters than the service accepts; `what` is the kind of text, for errors.
    pub fn max_length(&mut self, what: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.reject(Error::invalid(format!(
                "the {what} has {length} characters, more than the allowed {most}"
            )));
        }
    }

    /// Records that the request uses a feature newer than the operation itself.
    pub fn requires(&mut self, version: ApiVersion, what: &'static str) {
        if version > self.needed.0 {
            self.needed = (version, what);
        }
    }

    /// Records that the request cannot be sent; the first reason is reported.
    pub fn reject(&mut self, error: Error) {
        self.wrong.get_or_insert(error);
    }

    /// Returns path, query and headers, or the problem of the request.
    pub(crate) fn finish(self, version: ApiVersion) -> Result<(String, HeaderMap), Error> {
        if let Some(error) = self.wrong {
            return Err(error);
        }
        let (needed, what) = self.needed;
        if version < needed {
            return Err(Error::invalid(format!(
                "{what} needs x-ms-version {needed} or newer, but the endpoint uses {version}; raise the version of the endpoint"
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
            "the {what} {shown:?} would change the path; give its name"
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
