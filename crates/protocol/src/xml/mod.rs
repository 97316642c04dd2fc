//! The service's XML dialect, as serde formats.
//!
//! Models are plain structs with `#[derive(Serialize, Deserialize)]` and `rename_all =
//! "PascalCase"`. What the service means by its XML, and what no general mapping of XML to serde
//! gets right, is here:
//!
//! - A struct is an element, its fields are child elements, in any order; a field named `@x` is the
//!   attribute with the local name `x`.
//! - A `Vec<T>` is a *wrapper* element and its children are the items. An item's element is named
//!   as `T` tells serde: a struct's or a newtype's name (`struct RoleSize(String)`). Where `T`
//!   tells no name, as `String` does not, each child element is an item.
//! - Names of types are checked at the root and at list items only. In a field, a newtype is its
//!   content.
//! - Absent, empty (`<X/>`, `<X></X>`, whatever its attributes) and nil (`i:nil="true"`) are all
//!   `None`. What is required reads from the empty element: a text is `""`, a list is empty, a
//!   struct has no children; a number or a boolean is an error. The same holds for nil items of a
//!   list. [`present_list`] tells an empty list from an absent one.
//! - A number or a boolean that cannot be read is an error, or `None` where the field is [`fn@lenient`],
//!   as those of all models of responses are.
//! - Elements that the model does not know, and elements of another namespace, are passed over
//!   wherever they stand; so is text between elements, and so are elements inside a text.
//!   [`Reader::read_with_unknown`] tells which they were.
//! - Writing follows the order of declaration, leaves `None` out, and writes the empty text and the
//!   empty list as `<X/>` and the unit value `()` as `<X i:nil="true"/>`.
//!
//! Both directions say that they are not human-readable, by which value types tell the wire (where
//! a label is Base64) from JSON.
//!
//! # Texts
//!
//! White space is kept in texts and trimmed around numbers, booleans and variants of enums. Line
//! ends become `\n`, as XML demands. A character that XML 1.0 forbids does not cost the document:
//! written raw or as a reference it is kept, if it is a character at all; a reference to zero, to a
//! surrogate or beyond Unicode reads as U+FFFD. Writing such a character is an error.
//!
//! # What is refused
//!
//! Another root than the model's, a repeated element that is no list, anything but comments and
//! processing instructions after the root, document type declarations, entities other than XML's
//! five, encodings other than UTF-8 (the declared label is not believed), and whatever exceeds the
//! [`Limits`]. Prefixes that are not declared make an element unknown.
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

/// Reads a document whose root lies in [`WINDOWS_AZURE`] and is named as `T` tells serde, within
/// the default [`Limits`].
///
/// [`Reader`] reads other namespaces and within other limits.
///
/// # Errors
///
/// When the document is not of this dialect (see the [module](self)), or has not what `T` requires.
/// The error names the place.
pub fn from_slice<T: DeserializeOwned>(document: &[u8]) -> Result<T, ReadError> {
    Reader::new().read(document)
}

/// Tells documents apart: the root element's name without its prefix, or `None` if no root element
/// comes before the first error, or the document exceeds the default [`Limits`].
///
/// Reads no further than the root's start tag, and does not look at its namespace.
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

/// The namespace of the root element; empty where it is in none, `None` where there is no root element.
pub(crate) fn root_namespace(document: &[u8]) -> Option<String> {
    read::root_namespace(document)
}

/// Lists all that is in a body that no model reads, within the default [`Limits`]; `text()` alone for a
/// body that is beyond their bytes or not UTF-8.
pub(crate) fn everything(document: &[u8]) -> Unknown {
    read::everything(document)
}

/// Writes `value` as a document without an XML declaration: the root is named as `T` tells serde
/// and declares [`WINDOWS_AZURE`] as the default namespace.
///
/// # Errors
///
/// When the value holds a character that XML cannot carry, or is of a shape that the dialect has no
/// form for: a map, an item or a root that tells no name, an enum's variant with content, an
/// attribute after an element, bytes.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, WriteError> {
    write::to_string(value, WINDOWS_AZURE)
}

/// As [`to_string`], with an XML declaration, and `namespace` in place of [`WINDOWS_AZURE`].
pub(crate) fn to_file<T: Serialize + ?Sized>(
    value: &T,
    namespace: &'static str,
) -> Result<String, WriteError> {
    Ok(format!("{}{}", declaration::UTF_8, write::to_string(value, namespace)?))
}
