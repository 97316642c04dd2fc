//! The parts of a document that its model does not contain.

use serde::Serialize;

/// The parts of a document that the model did not take, from
/// [`Reader::read_with_unknown`](super::Reader::read_with_unknown).
///
/// A path contains the names of the elements from the root on, as in [`ReadError`](super::ReadError):
///
/// - `Deployment/RoleList/Role[2]/Colour`: an unknown element; its content is listed as well. An item of a
///   list has its index, counted from 1.
/// - `Deployment/RoleList/Role[2]/@type`: an attribute, by its local name.
/// - `Deployment/RoleList/text()`: text that is not white space, in an element that the model reads for its
///   children or not at all.
///
/// Each kind is listed once, in the order of the document, with its first place: two paths that differ only
/// in indices are of one kind. Elements of a namespace that the reader does not know have their written
/// prefix.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Unknown {
    /// The kinds, at most 500. A path longer than 240 bytes starts with `…`.
    pub paths: Vec<String>,
    /// The number of elements, attributes and texts of further kinds.
    pub omitted: usize,
}

impl Unknown {
    /// Whether the model took everything.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}
