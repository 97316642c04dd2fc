//! Reading a document as it stands, by the same rules as for a model.

use std::ops::Range;

use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use super::cursor::{Cursor, pass};
use super::element::Element as ModelElement;
use super::prolog;
use super::references::push_attribute;
use crate::xml::tree::{Attribute, Document, Element, Node};
use crate::xml::{ReadError, Reader};

/// Reads a document whose root has this name, in the reader's namespace.
pub(in crate::xml) fn document(
    reader: &Reader<'_>,
    root: &'static str,
    text: &str,
) -> Result<Document, ReadError> {
    let text = prolog::utf8(text.as_bytes(), reader.limits.bytes)?;
    let mut cursor = Cursor::new(reader, text);
    cursor.root()?;
    ModelElement::root(&mut cursor).check_root(Some(root))?;
    // The name may have lost its prefix, so its tag begins at the last bracket before it.
    let name = cursor.tag.name.as_ptr().addr() - text.as_ptr().addr();
    let open = text[..name].rfind('<').unwrap_or_default();
    let root = element(&mut cursor, open).map_err(|error| error.inside(root, None))?;
    let after = cursor.position();
    cursor.end()?;
    Ok(Document { before: text[..open].to_owned(), root, after: text[after..].to_owned() })
}

/// The element just entered, whose start tag begins here.
fn element(cursor: &mut Cursor<'_>, open: usize) -> Result<Element, ReadError> {
    let document = cursor.document;
    let (known, closed) = (cursor.tag.known, cursor.tag.closed);
    let tag = open + 1..cursor.position() - if closed { 2 } else { 1 };
    let mut element = start(cursor, &document[tag])?;
    element.known = known;
    if closed {
        return Ok(element);
    }

    let mut text = cursor.position();
    loop {
        let before = cursor.position();
        let (length, name_length, closed) = match cursor.event()? {
            Event::Start(start) => (start.len(), start.name().0.len(), false),
            Event::Empty(start) => (start.len(), start.name().0.len(), true),
            Event::End(_) => {
                cursor.close();
                element.keep(&document[text..before]);
                document[before..cursor.position()].clone_into(&mut element.end);
                return Ok(element);
            }
            other => {
                pass(&other)?;
                continue;
            }
        };
        element.keep(&document[text..before]);
        cursor.tag(length, name_length, closed)?;
        let name = cursor.tag.name;
        let child = self::element(cursor, before).map_err(|error| error.inside(name, None))?;
        element.children.push(Node::Element(child));
        text = cursor.position();
    }
}

/// An element of this start tag, without its brackets.
fn start(cursor: &mut Cursor<'_>, tag: &str) -> Result<Element, ReadError> {
    let place = |part: &str| {
        let open = part.as_ptr().addr() - tag.as_ptr().addr();
        Range { start: open, end: open + part.len() }
    };
    let name_length = tag.find(|next: char| next.is_ascii_whitespace()).unwrap_or(tag.len());
    let mut attributes = Vec::new();
    let mut written = name_length;
    for attribute in Attributes::new(tag, name_length) {
        let limit = cursor.limits.attributes;
        if attributes.len() == limit {
            return Err(ReadError::element(format!(
                "the element has more than {limit} attributes (Limits::attributes)"
            )));
        }
        let attribute = attribute.map_err(|error| cursor.ill_formed(&error.to_string()))?;
        let name = attribute.key.0;
        // The value borrows from the tag; the quotation mark after it belongs to the attribute.
        let end = place(&attribute.value).end + 1;
        let mut value = String::new();
        push_attribute(&attribute.value, &mut value)
            .map_err(|error| error.inside(&format!("@{name}"), None))?;
        attributes.push(Attribute {
            name: name.to_owned(),
            value,
            text: tag[written..end].to_owned(),
        });
        written = end;
    }
    Ok(Element {
        name: tag[..name_length].to_owned(),
        known: false,
        attributes,
        gap: tag[written..].to_owned(),
        children: Vec::new(),
        end: String::new(),
    })
}

impl Element {
    /// Keeps what stands between two tags.
    fn keep(&mut self, text: &str) {
        if !text.is_empty() {
            self.children.push(Node::Text(text.to_owned()));
        }
    }
}
