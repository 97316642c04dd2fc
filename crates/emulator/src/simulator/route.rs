//! Which operation a request is: by path, verb and query, read as tolerantly as the service did.

use azure_classic_protocol::ApiVersion;
use http::{Method, Uri};
use percent_encoding::percent_decode_str;

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::{Arguments, Call, Query};
use super::diagnostics::Diagnostics;

/// The function that executes an operation.
pub(crate) type Handler = fn(&mut Simulator, &Call<'_>) -> Result<ApiResponse, ApiError>;

/// An operation, and how a request for it looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// As its reference page is headed.
    pub(crate) operation: &'static str,
    pub(crate) verb: Verb,
    /// The path after the subscription. `{name}` stands for any segment, `{which}` for the two that select a
    /// deployment: `deploymentslots/{slot}` or `deployments/{deployment}`. Two slashes at the start mean a
    /// path without subscription.
    pub(crate) path: &'static str,
    /// The query parameter that distinguishes operations with the same verb and path.
    pub(crate) selector: Option<(&'static str, &'static str)>,
    pub(crate) since: ApiVersion,
    pub(crate) handler: Handler,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

impl Verb {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl Route {
    pub(crate) const fn get(
        operation: &'static str,
        path: &'static str,
        since: ApiVersion,
        perform: Handler,
    ) -> Self {
        Self { operation, verb: Verb::Get, path, selector: None, since, handler: perform }
    }

    pub(crate) const fn post(
        operation: &'static str,
        path: &'static str,
        since: ApiVersion,
        perform: Handler,
    ) -> Self {
        Self { verb: Verb::Post, ..Self::get(operation, path, since, perform) }
    }

    pub(crate) const fn put(
        operation: &'static str,
        path: &'static str,
        since: ApiVersion,
        perform: Handler,
    ) -> Self {
        Self { verb: Verb::Put, ..Self::get(operation, path, since, perform) }
    }

    pub(crate) const fn delete(
        operation: &'static str,
        path: &'static str,
        since: ApiVersion,
        perform: Handler,
    ) -> Self {
        Self { verb: Verb::Delete, ..Self::get(operation, path, since, perform) }
    }

    /// Only with this query parameter.
    pub(crate) const fn when(self, name: &'static str, value: &'static str) -> Self {
        Self { selector: Some((name, value)), ..self }
    }

    /// Whether it makes an item of the collection that its path names.
    pub(crate) fn creates_resource(&self) -> bool {
        self.verb == Verb::Post && self.selector.is_none() && !self.path.ends_with('}')
    }

    fn is_selected(&self, query: Query<'_>) -> bool {
        match self.selector {
            Some((name, value)) => {
                query.get(name).is_some_and(|given| given.eq_ignore_ascii_case(value))
            }
            None => query.get("comp").is_none(),
        }
    }
}

/// The path of a request, split and decoded. A slash at the end does not matter.
#[derive(Debug)]
pub(crate) struct Path {
    /// In lower case; `None` where the path has none.
    pub(crate) subscription: Option<String>,
    segments: Vec<String>,
}

impl Path {
    pub(crate) fn read(uri: &Uri) -> Result<Self, ApiError> {
        let path = uri.path().strip_prefix('/').unwrap_or_default();
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut segments = path
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8().map(String::from))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ApiError::bad_request("The path is not percent-encoded UTF-8."))?;
        let has_none = segments.len() == 1 && segments[0].eq_ignore_ascii_case("subscriptions");
        let subscription = (!has_none).then(|| segments.remove(0).to_ascii_lowercase());
        // The classic client for Go requests `//affinitygroups` there.
        if segments.len() > 1 && segments[0].is_empty() {
            segments.remove(0);
        }
        Ok(Self { subscription, segments })
    }

    /// The values of the placeholders in a route's path, if this path matches it, and the number of fixed
    /// segments. Fixed segments are case-insensitive.
    fn match_template(&self, path: &'static str) -> Option<(Arguments, usize)> {
        let (path, has_subscription) = match path.strip_prefix("//") {
            Some(path) => (path, false),
            None => (path.strip_prefix('/').unwrap_or_default(), true),
        };
        if has_subscription != self.subscription.is_some() {
            return None;
        }
        let mut rest = self.segments.iter();
        let mut arguments = Arguments::default();
        let mut fixed = 0;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let segment = rest.next()?;
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some("which") => {
                    let name = match segment.to_ascii_lowercase().as_str() {
                        "deploymentslots" => "slot",
                        "deployments" => "deployment",
                        _ => return None,
                    };
                    fixed += 1;
                    arguments.0.push((name, rest.next().filter(|it| !it.is_empty())?.clone()));
                }
                Some(name) if !segment.is_empty() => arguments.0.push((name, segment.clone())),
                None if part.eq_ignore_ascii_case(segment) => fixed += 1,
                _ => return None,
            }
        }
        rest.next().is_none().then_some((arguments, fixed))
    }
}

/// Finds the operation. Where there is none, the refusal says what is wrong, and the notes what would
/// have been nearest.
pub(crate) fn find<'r>(
    routes: impl Iterator<Item = &'r Route> + Clone,
    path: &Path,
    method: &Method,
    query: Query<'_>,
    diagnostics: &Diagnostics,
) -> Result<(&'r Route, Arguments), ApiError> {
    let mut fitting: Vec<_> = routes
        .clone()
        .filter_map(|route| {
            path.match_template(route.path).map(|(arguments, fixed)| (route, arguments, fixed))
        })
        .collect();
    // A fixed segment takes precedence over an equal name.
    let most = fitting.iter().map(|(.., fixed)| *fixed).max();
    fitting.retain(|(.., fixed)| Some(*fixed) == most);
    if fitting.is_empty() {
        diagnostics.add(|| format!("no operation has this path; {}", nearest(routes, path)));
        return Err(ApiError::not_found("The requested resource does not exist."));
    }
    let here = fitting.iter().map(|(route, ..)| route.display()).collect::<Vec<_>>().join(", ");
    fitting.retain(|(route, ..)| route.verb.as_str() == method.as_str());
    if fitting.is_empty() {
        diagnostics.add(|| format!("this path has {here}"));
        return Err(ApiError::bad_verb(method));
    }
    fitting.sort_by_key(|(route, ..)| route.selector.is_none());
    if let Some((route, arguments, _)) =
        fitting.into_iter().find(|(route, ..)| route.is_selected(query))
    {
        return Ok((route, arguments));
    }
    diagnostics.add(|| format!("this path has {here}"));
    Err(ApiError::bad_query(match query.get("comp") {
        Some(comp) => format!("The query parameter comp={comp} is not known for this resource."),
        None => "A required query parameter is missing or was specified incorrectly.".to_owned(),
    }))
}

impl Route {
    /// For people: `POST /services/hostedservices/{service}?comp=… (Name Of It)`.
    fn display(&self) -> String {
        let query = self.selector.map(|(name, value)| format!("?{name}={value}"));
        let query = query.unwrap_or_default();
        let path =
            self.path.replace("{which}", "[deploymentslots/{slot} or deployments/{deployment}]");
        format!("{} {path}{query} ({})", self.verb.as_str(), self.operation)
    }
}

/// The operations whose path begins like this one for the longest.
fn nearest<'r>(routes: impl Iterator<Item = &'r Route>, path: &Path) -> String {
    let alike = |route: &Route| {
        let parts = route.path.split('/').filter(|part| !part.is_empty());
        path.segments
            .iter()
            .zip(parts)
            .take_while(|(own, part)| part.starts_with('{') || part.eq_ignore_ascii_case(own))
            .count()
    };
    let mut best: Vec<&Route> = Vec::new();
    for route in routes {
        match best.first().map_or(0, |first| alike(first)) {
            most if alike(route) > most => best = vec![route],
            most if alike(route) == most && most > 0 => best.push(route),
            _ => {}
        }
    }
    match best.as_slice() {
        [] => "it must start with the subscription and a segment such as services".to_owned(),
        best => {
            let shown: Vec<_> = best.iter().take(3).map(|route| route.display()).collect();
            format!("nearest: {}", shown.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
