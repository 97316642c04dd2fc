//! The request of a stored response, as far as the archive contains it.

use azure_classic::SubscriptionId;
use percent_encoding::percent_decode_str;

/// Method, path and query; each may be unknown.
#[derive(Debug, Default)]
pub(crate) struct RequestLine {
    method: Option<String>,
    /// Percent-decoded and without empty ones, so that a slash at the end means nothing.
    segments: Option<Vec<String>>,
    /// Percent-decoded.
    query: Vec<(String, String)>,
}

impl RequestLine {
    /// Takes a path as it stands in a request, or a whole address; either may have a query.
    pub(crate) fn new(method: Option<&str>, path: Option<&str>) -> Self {
        let method = method.map(str::trim).filter(|method| !method.is_empty());
        let mut call = Self { method: method.map(str::to_owned), ..Self::default() };
        if let Some(path) = path.map(str::trim).filter(|path| !path.is_empty()) {
            let path = path.split('#').next().unwrap_or_default();
            let (path, query) = path.split_once('?').unwrap_or((path, ""));
            let path = path.split_once("://").map_or(path, |(_, host_and_path)| {
                host_and_path.split_once('/').map_or("", |(_, path)| path)
            });
            let segments = path.split('/').filter(|segment| !segment.is_empty());
            call.segments = Some(segments.map(percent_decoded).collect());
            call.add_query(query);
        }
        call
    }

    /// Adds the parameters of a query: `a=b&c=d`, with or without a question mark before it.
    pub(crate) fn add_query(&mut self, query: &str) {
        let query = query.trim();
        let pairs = query.strip_prefix('?').unwrap_or(query).split('&');
        self.query.extend(pairs.filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decoded(name), percent_decoded(value))
        }));
    }

    /// Adds one parameter that is not encoded.
    pub(crate) fn add_parameter(&mut self, name: &str, value: &str) {
        self.query.push((name.to_owned(), value.to_owned()));
    }

    /// Whether the method is this one, or not known.
    pub(crate) fn matches_method(&self, method: &str) -> bool {
        self.method.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(method))
    }

    /// The path after the subscription, if there is a path.
    ///
    /// `begins` knows the segments with which a path can start. Before them the subscription may be missing,
    /// may be anonymized as archives do, or may follow the path of a base address.
    pub(crate) fn resource(&self, starts: impl Fn(&str) -> bool) -> Option<&[String]> {
        let segments = self.segments.as_deref()?;
        let is_subscription = |segment: &String| segment.parse::<SubscriptionId>().is_ok();
        match segments.iter().position(|segment| starts(segment)) {
            Some(at) if at <= 1 || is_subscription(&segments[at - 1]) => Some(&segments[at..]),
            None if segments.iter().all(is_subscription) && segments.len() <= 1 => Some(&[]),
            _ => None,
        }
    }

    /// Method and path, if one is known. The query is not repeated: it may hold a signature that
    /// grants access.
    pub(crate) fn description(&self) -> Option<String> {
        let path = self.segments.as_ref().map(|segments| format!("/{}", segments.join("/")));
        match (&self.method, path) {
            (None, None) => None,
            (Some(method), None) => Some(format!("{method} of an unknown path")),
            (None, Some(path)) => Some(path),
            (Some(method), Some(path)) => Some(format!("{method} {path}")),
        }
    }

    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.query
    }
}

fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(path: &str) -> Option<String> {
        let call = RequestLine::new(None, Some(path));
        call.resource(|segment| segment.eq_ignore_ascii_case("services")).map(|rest| rest.join("|"))
    }

    #[test]
    fn a_resource_is_found_behind_any_form_of_subscription() {
        for path in [
            "/services/a%20b",
            "services//a%20b/",
            "/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/a b?comp=x",
            "/{subscription-id}/services/a b#top",
            "https://management.example.net/00000000/services/a%20b",
            "https://proxy.example.net/azure/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/a b/",
        ] {
            assert_eq!(resource(path).as_deref(), Some("services|a b"), "{path}");
        }
        assert_eq!(resource("/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10").as_deref(), Some(""));
        assert_eq!(resource("https://management.example.net").as_deref(), Some(""));
    }

    #[test]
    fn a_stranger_to_the_api_has_no_resource() {
        for path in ["", "/favicon.ico", "/a/b/services/c", "/images/x"] {
            assert_eq!(resource(path), None, "{path}");
        }
    }

    #[test]
    fn a_query_is_decoded() {
        let mut call = RequestLine::new(Some("get"), Some("/x?comp=a%26b&&flag"));
        call.add_query("?c=d");
        call.add_query("");
        call.add_parameter("e", "%66");
        let pairs: Vec<_> = call.query().iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("comp", "a&b"), ("flag", ""), ("c", "d"), ("e", "%66")]);
    }

    #[test]
    fn the_query_is_not_shown() {
        let described = |method, path| RequestLine::new(method, path).description();
        let post = described(Some("POST"), Some("/services/x?containerUri=sig"));
        assert_eq!(post.as_deref(), Some("POST /services/x"));
        assert_eq!(described(None, Some("x")).as_deref(), Some("/x"));
        assert_eq!(described(Some("GET"), None).as_deref(), Some("GET of an unknown path"));
        assert_eq!(described(None, None), None);
    }
}
