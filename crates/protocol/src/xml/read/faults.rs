//! The messages for problems of a document's form.

use quick_xml::Error as XmlError;
use quick_xml::errors::{IllFormedError, SyntaxError};

use super::cursor::Cursor;
use crate::xml::error::{ReadError, shown};

impl Cursor<'_> {
    #[cold]
    pub(super) fn too_deep(&self) -> ReadError {
        let limit = self.limits.depth;
        ReadError::element(format!("elements are nested more than {limit} deep (Limits::depth)"))
    }

    #[cold]
    pub(super) fn too_many(&self) -> ReadError {
        let limit = self.limits.elements;
        ReadError::element(format!(
            "the document has more than {limit} elements (Limits::elements)"
        ))
    }

    #[cold]
    pub(super) fn too_many_attributes(&self) -> ReadError {
        let limit = self.limits.total_attributes;
        ReadError::element(format!(
            "the document has more than {limit} attributes (Limits::all_attributes)"
        ))
    }

    #[cold]
    pub(super) fn malformed(&self, error: &XmlError) -> ReadError {
        let open_ended = match error {
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) => self.rest().len() <= 2,
            XmlError::Syntax(_) => true,
            XmlError::IllFormed(IllFormedError::UnclosedReference) => self.rest().is_empty(),
            _ => false,
        };
        if open_ended {
            return ReadError::truncated();
        }
        match error {
            XmlError::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                self.ill_formed(&format!("</{}> closes <{}>", shown(found), shown(expected)))
            }
            XmlError::IllFormed(IllFormedError::UnmatchedEndTag(found)) => {
                self.ill_formed(&format!("</{}> closes nothing", shown(found)))
            }
            other => self.ill_formed(&other.to_string()),
        }
    }

    #[cold]
    pub(super) fn ill_formed(&self, what: &str) -> ReadError {
        let position = self.position();
        ReadError::element(format!("the XML is not well-formed before byte {position}: {what}"))
    }
}
