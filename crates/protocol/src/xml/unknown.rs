//! What a document holds and its model does not.

use serde::Serialize;

/// What of a document the model did not take, by [`Reader::read_with_unknown`](super::Reader::read_with_unknown).
///
/// A path names the elements from the root on, as those of [`ReadError`](super::ReadError) do:
///
/// - `Deployment/RoleList/Role[2]/Colour`: an element that the model does not know, and all that is
///   in it; what is in it is listed too. An item of a list has its index, counted from 1.
/// - `Deployment/RoleList/Role[2]/@type`: an attribute, by its local name.
/// - `Deployment/RoleList/text()`: text that is not white space, in an element that the model reads
///   for its children or as nothing at all.
///
/// Each kind is listed once, in the order of the document, with the place where it occurs first:
/// two paths that differ in nothing but indices are of one kind. Elements of a namespace that the
/// reader does not know have the prefix with which they are written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Unknown {
    /// The kinds, 500 at the most. A path longer than 240 bytes begins with `…`.
    pub paths: Vec<String>,
    /// How many elements, attributes and texts are of further kinds.
    pub omitted: usize,
}

impl Unknown {
    /// Whether the model took everything.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}
