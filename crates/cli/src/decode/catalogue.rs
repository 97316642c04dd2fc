//! The operations whose responses can be decoded.

use azure_classic::protocol::xml::{Unknown, WINDOWS_AZURE, root_name};
use azure_classic::protocol::{
    Bytes, FromResponse, Metadata, Operation, OperationVisitor, visit_operations,
};
use azure_classic::{Endpoint, Error};
use http::Response;
use serde::Serialize;
use serde_json::Value;

use super::decode_error::read_error;
use super::request_line::RequestLine;
use super::route::RoutePattern;

/// A response as it was stored.
pub(crate) type HttpResponse = Response<Bytes>;

/// Every operation, in the order of the library.
#[derive(Debug)]
pub(crate) struct Catalogue(Vec<KnownOperation>);

/// The facts about an operation that decoding needs.
#[derive(Debug)]
pub(crate) struct KnownOperation {
    pub(crate) spec: Metadata,
    route: RoutePattern,
    /// Whether a response must hold something.
    requires_body: bool,
    /// Reads a response for what its model does not carry.
    pub(crate) unknown: fn(&HttpResponse) -> Result<Unknown, Error>,
    /// Reads a response.
    pub(crate) model: fn(&HttpResponse) -> Result<Value, Error>,
}

impl Catalogue {
    pub(crate) fn new() -> Self {
        let mut all = Self(Vec::new());
        visit_operations(&mut all);
        all
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|known| known.spec.name)
    }

    /// Finds an operation by its name: `Get Deployment`, `get-deployment` or `GetDeployment`.
    pub(crate) fn named(&self, name: &str) -> Option<&KnownOperation> {
        let plain = |name: &str| {
            name.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|character| character.to_ascii_lowercase())
                .collect::<String>()
        };
        let sought = plain(name);
        self.0.iter().find(|known| plain(known.spec.name) == sought)
    }

    /// The operations whose route describes the request most closely. More than one if the method is
    /// not known; none if the path is not, or is none of ours.
    pub(crate) fn by_route(&self, call: &RequestLine) -> Vec<&KnownOperation> {
        let starts = |segment: &str| {
            let mut beginnings = self.0.iter().filter_map(|known| known.route.first_segment());
            beginnings.any(|start| start.eq_ignore_ascii_case(segment))
        };
        let Some(resource) = call.resource(starts) else { return Vec::new() };
        let matching: Vec<_> = self
            .0
            .iter()
            .filter(|known| call.matches_method(known.spec.method.as_str()))
            .filter_map(|known| Some((known.route.specificity(resource, call)?, known)))
            .collect();
        let closest = matching.iter().map(|&(closeness, _)| closeness).max();
        let of_closest = matching.into_iter().filter(|&(closeness, _)| Some(closeness) == closest);
        of_closest.map(|(_, known)| known).collect()
    }

    /// The operations that can have given this response, the likeliest first.
    pub(crate) fn candidates(&self, call: &RequestLine, body: &Bytes) -> Vec<&KnownOperation> {
        let by_route = self.by_route(call);
        if by_route.len() == 1 {
            return by_route;
        }
        let Some(start) = prefix_with_root(body) else { return by_route };
        let mut by_root = self.by_root(start);
        if !by_route.is_empty() {
            by_root.retain(|known| by_route.iter().any(|other| std::ptr::eq(*known, *other)));
        }
        if by_root.is_empty() { by_route } else { by_root }
    }

    /// Whether there is a response with a root element of this name, in the service's namespace.
    pub(crate) fn knows_root(&self, name: &str) -> bool {
        let start = format!("<{name} xmlns=\"{WINDOWS_AZURE}\">");
        !self.by_root(start.into()).is_empty()
    }

    /// The operations whose responses have this root element.
    fn by_root(&self, start: Bytes) -> Vec<&KnownOperation> {
        let response = Response::new(start);
        self.0.iter().filter(|known| known.accepts_root_of(&response)).collect()
    }
}

impl OperationVisitor for Catalogue {
    fn visit<O: Operation>(&mut self)
    where
        O::Output: Serialize,
    {
        self.0.push(KnownOperation {
            spec: O::METADATA,
            route: RoutePattern::new(O::METADATA.route),
            requires_body: O::Output::read(&Response::default()).is_err(),
            unknown: |response| {
                Endpoint::response_with_unknown::<O>(response).map(|(_, unknown)| unknown)
            },
            model: |response| {
                let output = Endpoint::response::<O>(response)?;
                serde_json::to_value(output).map_err(|error| {
                    Error::invalid_response(
                        response.status(),
                        format!("JSON cannot hold it: {error}"),
                    )
                })
            },
        });
    }
}

impl KnownOperation {
    /// Whether its responses have this root element.
    ///
    /// The model alone knows its root. Handed a beginning that breaks off, it complains about the
    /// document where the root is another's, and about a place inside the root where it is its own.
    fn accepts_root_of(&self, start: &HttpResponse) -> bool {
        self.requires_body
            && (self.unknown)(start).map_or_else(
                |error| read_error(&error).is_some_and(|error| !error.path().is_empty()),
                |_| true,
            )
    }
}

/// How many places are tried for the end of the root's start tag. Comments may come before it.
const MAX_PREFIXES: usize = 32;

/// The document up to the end of the root's start tag.
fn prefix_with_root(body: &Bytes) -> Option<Bytes> {
    let brackets = body.iter().enumerate().filter(|&(_, byte)| *byte == b'>').take(MAX_PREFIXES);
    brackets.map(|(at, _)| body.slice(..=at)).find(|start| root_name(start).is_some())
}

#[cfg(test)]
mod tests;
