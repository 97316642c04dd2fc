//! Whether a request is one of an operation.

use super::request_line::RequestLine;

/// The route of an operation, ready to be compared.
#[derive(Debug)]
pub(crate) struct RoutePattern {
    segments: Vec<Segment>,
    query: Vec<(&'static str, &'static str)>,
}

#[derive(Debug)]
enum Segment {
    Fixed(&'static str),
    /// A name of the caller's.
    Name,
    /// Two segments: `deployments` or `deploymentslots`, and a name.
    Deployment,
}

/// How much of a request a route spells out: segments of the path, then parameters of the query.
pub(crate) type Specificity = (usize, usize);

/// The parameters that decide what a request does. With one that the route does not have, it is a
/// request of another operation.
const SIGNIFICANT_PARAMETERS: [&str; 3] = ["comp", "action", "op"];

impl RoutePattern {
    pub(crate) fn new(route: &'static str) -> Self {
        let (path, query) = route.split_once('?').unwrap_or((route, ""));
        let mut segments: Vec<Segment> = Vec::new();
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            let is_named = matches!(segments.last(), Some(Segment::Fixed("deployments")));
            segments.push(match segment {
                "{deployment}" if !is_named => Segment::Deployment,
                _ if segment.contains('{') => Segment::Name,
                _ => Segment::Fixed(segment),
            });
        }
        let query = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        Self { segments, query }
    }

    /// The segment with which its path begins after the subscription.
    pub(crate) fn first_segment(&self) -> Option<&'static str> {
        match self.segments.first() {
            Some(Segment::Fixed(text)) => Some(text),
            _ => None,
        }
    }

    /// How closely it describes the request for this resource; `None` if it does not.
    pub(crate) fn specificity(
        &self,
        resource: &[String],
        call: &RequestLine,
    ) -> Option<Specificity> {
        Some((self.path_specificity(resource)?, self.query_specificity(call.query())?))
    }

    fn path_specificity(&self, mut path: &[String]) -> Option<usize> {
        let mut fixed = 0;
        for segment in &self.segments {
            let (first, rest) = path.split_first()?;
            path = rest;
            match segment {
                Segment::Fixed(text) if first.eq_ignore_ascii_case(text) => fixed += 1,
                Segment::Name => {}
                Segment::Deployment if is_deployments(first) => path = path.split_first()?.1,
                Segment::Fixed(_) | Segment::Deployment => return None,
            }
        }
        path.is_empty().then_some(fixed)
    }

    fn query_specificity(&self, query: &[(String, String)]) -> Option<usize> {
        let is_same = |own: &str, other: &str| own.eq_ignore_ascii_case(other);
        let has_all = self.query.iter().all(|(name, value)| {
            query.iter().any(|(other, given)| is_same(name, other) && is_same(value, given))
        });
        let is_another = query.iter().any(|(name, value)| {
            SIGNIFICANT_PARAMETERS.iter().any(|deciding| is_same(deciding, name))
                && !self.query.iter().any(|(own, _)| is_same(own, name))
                && !is_media_option(name, value)
        });
        (has_all && !is_another).then_some(self.query.len())
    }
}

fn is_deployments(segment: &str) -> bool {
    ["deployments", "deploymentslots"].iter().any(|name| segment.eq_ignore_ascii_case(name))
}

/// `comp=media` says how far a deletion goes, and does not make it another operation.
fn is_media_option(name: &str, value: &str) -> bool {
    name.eq_ignore_ascii_case("comp") && value.eq_ignore_ascii_case("media")
}
