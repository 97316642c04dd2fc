//! The operations whose answers can be decoded.

use azure_classic::protocol::xml::{Unknown, WINDOWS_AZURE, root_name};
use azure_classic::protocol::{Bytes, Operation, OperationVisitor, Output, Spec, visit_operations};
use azure_classic::{Endpoint, Error};
use http::Response;
use serde::Serialize;
use serde_json::Value;

use super::call::Call;
use super::route::Route;
use super::trouble::read_error;

/// An answer as it was stored.
pub(crate) type Answer = Response<Bytes>;

/// Every operation, in the order of the library.
#[derive(Debug)]
pub(crate) struct Catalogue(Vec<Known>);

/// What is to be known of an operation to decode its answers.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) spec: Spec,
    route: Route,
    /// Whether an answer must hold something.
    promises_model: bool,
    /// Reads an answer for what its model does not carry.
    pub(crate) unknown: fn(&Answer) -> Result<Unknown, Error>,
    /// Reads an answer.
    pub(crate) model: fn(&Answer) -> Result<Value, Error>,
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
    pub(crate) fn named(&self, name: &str) -> Option<&Known> {
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
    pub(crate) fn by_route(&self, call: &Call) -> Vec<&Known> {
        let begins = |segment: &str| {
            let mut beginnings = self.0.iter().filter_map(|known| known.route.beginning());
            beginnings.any(|beginning| beginning.eq_ignore_ascii_case(segment))
        };
        let Some(resource) = call.resource(begins) else { return Vec::new() };
        let matching: Vec<_> = self
            .0
            .iter()
            .filter(|known| call.may_be(known.spec.method.as_str()))
            .filter_map(|known| Some((known.route.closeness(resource, call)?, known)))
            .collect();
        let closest = matching.iter().map(|&(closeness, _)| closeness).max();
        let of_closest = matching.into_iter().filter(|&(closeness, _)| Some(closeness) == closest);
        of_closest.map(|(_, known)| known).collect()
    }

    /// The operations that can have given this answer, the likeliest first.
    pub(crate) fn candidates(&self, call: &Call, body: &Bytes) -> Vec<&Known> {
        let by_route = self.by_route(call);
        if by_route.len() == 1 {
            return by_route;
        }
        let Some(beginning) = beginning_of(body) else { return by_route };
        let mut by_root = self.by_root(beginning);
        if !by_route.is_empty() {
            by_root.retain(|known| by_route.iter().any(|other| std::ptr::eq(*known, *other)));
        }
        if by_root.is_empty() { by_route } else { by_root }
    }

    /// Whether there is an answer with a root element of this name, in the service's namespace.
    pub(crate) fn knows_root(&self, name: &str) -> bool {
        let beginning = format!("<{name} xmlns=\"{WINDOWS_AZURE}\">");
        !self.by_root(beginning.into()).is_empty()
    }

    /// The operations whose answers have the root element with which this one begins.
    fn by_root(&self, beginning: Bytes) -> Vec<&Known> {
        let answer = Response::new(beginning);
        self.0.iter().filter(|known| known.has_root_of(&answer)).collect()
    }
}

impl OperationVisitor for Catalogue {
    fn visit<O: Operation>(&mut self)
    where
        O::Output: Serialize,
    {
        self.0.push(Known {
            spec: O::SPEC,
            route: Route::new(O::SPEC.route),
            promises_model: O::Output::read(&Response::default()).is_err(),
            unknown: |answer| Endpoint::response_noting::<O>(answer).map(|(_, unknown)| unknown),
            model: |answer| {
                let output = Endpoint::response::<O>(answer)?;
                serde_json::to_value(output).map_err(|error| {
                    Error::unreadable(answer.status(), format!("JSON cannot hold it: {error}"))
                })
            },
        });
    }
}

impl Known {
    /// Whether its answers have the root element with which this one begins.
    ///
    /// The model alone knows its root. Handed a beginning that breaks off, it complains about the
    /// document where the root is another's, and about a place inside the root where it is its own.
    fn has_root_of(&self, beginning: &Answer) -> bool {
        self.promises_model
            && (self.unknown)(beginning).map_or_else(
                |error| read_error(&error).is_some_and(|error| !error.path().is_empty()),
                |_| true,
            )
    }
}

/// How many places are tried for the end of the root's start tag. Comments may come before it.
const TRIED: usize = 32;

/// The document up to the end of the root's start tag.
fn beginning_of(body: &Bytes) -> Option<Bytes> {
    let brackets = body.iter().enumerate().filter(|&(_, byte)| *byte == b'>').take(TRIED);
    brackets.map(|(at, _)| body.slice(..=at)).find(|beginning| root_name(beginning).is_some())
}

#[cfg(test)]
mod tests;
