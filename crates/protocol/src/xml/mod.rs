//! The service's XML dialect, as serde formats.
//!
//! Models are plain structs with `#[derive(Serialize, Deserialize)]` and `rename_all = "PascalCase"`. This
//! module implements the rules of the service's XML that no general mapping of XML to serde gets right:
//!
//! - A struct is an element, its fields are child elements, in any order; a field named `@x` is the
//!   attribute with the local name `x`.
//! - A `Vec<T>` is a *wrapper* element and its children are the items. An item's element has the serde name
//!   of `T`: the name of a struct or a newtype (`struct RoleSize(String)`). If `T` has no name, like
//!   `String`, each child element is an item.
//! - Names of types are checked at the root and at list items only. In a field, a newtype is transparent.
//! - Absent, empty (`<X/>`, `<X></X>`, with any attributes) and nil (`i:nil="true"`) are all `None`. A
//!   required value reads from the empty element: a text is `""`, a list is empty, a struct has no children;
//!   a number or a boolean is an error. The same applies to nil items of a list. [`present_list`]
//!   distinguishes an empty list from an absent one.
//! - An invalid number or boolean is an error, or `None` if the field is [`fn@lenient`], as in all models of
//!   responses.
//! - Unknown elements, and elements of another namespace, are skipped anywhere; so are text between elements
//!   and elements inside a text. [`Reader::read_with_unknown`] reports them.
//! - Writing follows the order of declaration, omits `None`, and writes the empty text and the empty list as
//!   `<X/>` and the unit value `()` as `<X i:nil="true"/>`.
//!
//! Both directions report that they are not human-readable, which lets value types distinguish the wire (with
//! Base64 labels) from JSON.
//!
//! # Texts
//!
//! White space is kept in texts and trimmed around numbers, booleans and variants of enums. Line ends become
//! `\n`, as XML requires. A character that XML 1.0 forbids does not fail the document: raw or as a reference,
//! it is kept if it is a character at all; a reference to zero, to a surrogate or beyond Unicode becomes
//! U+FFFD. Writing such a character is an error.
//!
//! # What is refused
//!
//! Another root than the model's, a repeated element that is not a list, content other than comments and
//! processing instructions after the root, document type declarations, entities other than XML's five,
//! encodings other than UTF-8 (the declared one is ignored), and everything beyond the [`Limits`]. An
//! undeclared prefix makes an element unknown.
//!
//! # Example
//!
//! ```
//! use azure_classic_protocol::xml;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct RoleInstance {
//!     instance_name: String,
//!     instance_upgrade_domain: Option<u32>,
//! }
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Deployment {
//!     name: String,
//!     #[serde(default)]
//!     role_instance_list: Vec<RoleInstance>,
//! }
//!
//! let document = concat!(
//!     r#"<Deployment xmlns="http://schemas.microsoft.com/windowsazure"><Name>green</Name>"#,
//!     r"<RoleInstanceList><RoleInstance><InstanceName>Web_IN_0</InstanceName>",
//!     r"<InstanceUpgradeDomain>0</InstanceUpgradeDomain></RoleInstance></RoleInstanceList></Deployment>",
//! );
//! let deployment: Deployment = xml::from_slice(document.as_bytes())?;
//! assert_eq!(deployment.role_instance_list[0].instance_upgrade_domain, Some(0));
//! assert_eq!(xml::to_string(&deployment)?, document);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod declaration;
mod error;
mod lenient;
mod list;
mod read;
mod reader;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
mod unknown;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use declaration::as_utf_8;
pub use error::{ReadError, WriteError};
pub use lenient::lenient;
pub(crate) use lenient::or_default;
pub use list::present_list;
pub use reader::{Limits, Reader};
pub use unknown::Unknown;

/// The namespace of the service's own elements.
pub const WINDOWS_AZURE: &str = "http://schemas.microsoft.com/windowsazure";

/// The namespace of the attributes `nil` and `type`, XML Schema's for instance documents.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Reads a document whose root is in [`WINDOWS_AZURE`] and has the serde name of `T`, within the default
/// [`Limits`].
///
/// [`Reader`] reads other namespaces and within other limits.
///
/// # Errors
///
/// If the document is not of this dialect (see the [module](self)), or lacks a part that `T` requires. The
/// error names the place.
pub fn from_slice<T: DeserializeOwned>(document: &[u8]) -> Result<T, ReadError> {
    Reader::new().read(document)
}

/// Returns the name of the root element without its prefix, to identify a document; `None` if an error comes
/// before the root element, or the document exceeds the default [`Limits`].
///
/// It reads only up to the root's start tag, and ignores its namespace.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::xml::root_name;
///
/// assert_eq!(root_name(b"<?xml version='1.0'?><Error><Code>BadRequest</Code></Error>").as_deref(), Some("Error"));
/// assert_eq!(root_name(b"Service Unavailable"), None);
/// ```
pub fn root_name(document: &[u8]) -> Option<String> {
    read::root_name(document)
}

/// Returns the namespace of the root element; empty if it has none, `None` without a root element.
pub(crate) fn root_namespace(document: &[u8]) -> Option<String> {
    read::root_namespace(document)
}

/// Lists the content of a body that no model reads, within the default [`Limits`]; `text()` alone for a body
/// that is too long or not UTF-8.
pub(crate) fn everything(document: &[u8]) -> Unknown {
    read::everything(document)
}

/// Writes `value` as a document without an XML declaration. The root has the serde name of `T` and declares
/// [`WINDOWS_AZURE`] as the default namespace.
///
/// # Errors
///
/// If the value contains a character that XML cannot represent, or has a shape without a form in the dialect:
/// a map, an item or a root without a name, an enum variant with content, an attribute after an element,
/// bytes.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, WriteError> {
    write::to_string(value, WINDOWS_AZURE)
}

/// Does the same as [`to_string`], with an XML declaration, and with `namespace` instead of
/// [`WINDOWS_AZURE`].
pub(crate) fn to_file<T: Serialize + ?Sized>(
    value: &T,
    namespace: &'static str,
) -> Result<String, WriteError> {
    Ok(format!("{}{}", declaration::UTF_8, write::to_string(value, namespace)?))
}
