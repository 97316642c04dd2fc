//! Checks a whole document before another parser gets it: counts, and stores nothing.

use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

use super::prolog::{doctype, utf8};
use super::references::{is_forbidden, references};
use crate::xml::Limits;
use crate::xml::error::{ReadError, shown};

/// Fails if the document exceeds a limit, in time that is linear in its bytes.
pub(in crate::xml) fn check(limits: &Limits, document: &[u8]) -> Result<(), ReadError> {
    let text = utf8(document, limits.bytes)?;
    let mut xml = quick_xml::Reader::from_str(text);
    let mut counts = Counts { limits, open: Vec::new(), in_force: 0, all: Totals::default() };
    // Of the text since the last tag.
    let mut length = 0;
    loop {
        let event = xml.read_event().map_err(|error| {
            let position = text.len() - xml.get_ref().len();
            ReadError::document(format!(
                "the XML is not well-formed before byte {position}: {error}"
            ))
        })?;
        length = match &event {
            Event::Text(text) => length + text.len(),
            Event::CData(text) => length + text.len(),
            Event::GeneralRef(name) => length + name.len(),
            Event::Comment(_) => length,
            _ => 0,
        };
        limits.check_text(length)?;
        match event {
            Event::GeneralRef(name) => check_reference(&name)?,
            Event::Start(start) => counts.enter(&start)?,
            Event::Empty(start) => {
                counts.enter(&start)?;
                counts.leave();
            }
            Event::End(_) => counts.leave(),
            Event::DocType(declaration) => return Err(doctype(&declaration)),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

struct Counts<'l> {
    limits: &'l Limits,
    /// How many namespaces each open element declares.
    open: Vec<usize>,
    /// The sum of that.
    in_force: usize,
    all: Totals,
}

#[derive(Default)]
struct Totals {
    elements: usize,
    attributes: usize,
    namespaces: usize,
}

impl Counts<'_> {
    fn enter(&mut self, start: &BytesStart<'_>) -> Result<(), ReadError> {
        let limits = self.limits;
        let name = start.name().0;
        limits.check_name(name)?;
        self.all.elements += 1;
        limit(self.all.elements, limits.elements, "elements", "elements")?;
        limit(self.open.len() + 1, limits.depth, "open elements", "depth")?;
        let declared = self.attributes(name, &start[name.len()..])?;
        self.open.push(declared);
        self.in_force += declared;
        limit(self.in_force, limits.namespaces, "namespaces in force", "namespaces")
    }

    fn leave(&mut self) {
        self.in_force -= self.open.pop().unwrap_or_default();
    }

    /// Counts the attributes of one element, and returns how many of them declare a namespace.
    fn attributes(&mut self, element: &str, attributes: &str) -> Result<usize, ReadError> {
        let limits = self.limits;
        let mut declared = 0;
        // Repeated ones are the other parser's to find; the check compares each with each.
        let mut attributes = Attributes::new(attributes, 0);
        attributes.with_checks(false);
        for (count, attribute) in attributes.enumerate() {
            limits.check_attributes(count + 1, element)?;
            let attribute = attribute.map_err(|error| {
                ReadError::document(format!(
                    "the XML is not well-formed in {}: {error}",
                    shown(element)
                ))
            })?;
            let (name, value) = (attribute.key.0, &attribute.value);
            limits.check_name(name)?;
            references(value).try_for_each(check_reference)?;
            self.all.attributes += 1;
            if name == "xmlns" || name.starts_with("xmlns:") {
                declared += 1;
                limits.check_name(value)?;
            } else {
                limits.check_text(value.len())?;
            }
        }
        self.all.namespaces += declared;
        let Totals { attributes, namespaces, .. } = self.all;
        limit(attributes, limits.total_attributes, "attributes", "all_attributes")?;
        limit(namespaces, limits.total_namespaces, "declarations of namespaces", "all_namespaces")?;
        Ok(declared)
    }
}

/// Not every parser looks at the number: some take U+FFFD for what is no character.
fn check_reference(name: &str) -> Result<(), ReadError> {
    if is_forbidden(name) {
        let name = shown(name);
        return Err(ReadError::document(format!("&{name}; is no character that XML can have")));
    }
    Ok(())
}

fn limit(count: usize, limit: usize, what: &str, field: &str) -> Result<(), ReadError> {
    if count > limit {
        return Err(ReadError::document(format!(
            "the document has more than {limit} {what} (Limits::{field})"
        )));
    }
    Ok(())
}

impl Limits {
    #[inline]
    pub(super) fn check_name(&self, name: &str) -> Result<(), ReadError> {
        if name.len() > self.name { Err(self.long_name(name)) } else { Ok(()) }
    }

    #[inline]
    pub(super) fn check_text(&self, length: usize) -> Result<(), ReadError> {
        if length > self.text { Err(self.long_text(length)) } else { Ok(()) }
    }

    #[inline]
    pub(super) fn check_attributes(&self, count: usize, element: &str) -> Result<(), ReadError> {
        if count > self.attributes { Err(self.many_attributes(element)) } else { Ok(()) }
    }

    #[cold]
    fn long_name(&self, name: &str) -> ReadError {
        let limit = self.name;
        ReadError::element(format!(
            "the name {} has {} bytes, more than {limit} (Limits::name)",
            shown(name),
            name.len()
        ))
    }

    #[cold]
    fn long_text(&self, length: usize) -> ReadError {
        let limit = self.text;
        ReadError::element(format!("a text has {length} bytes, more than {limit} (Limits::text)"))
    }

    #[cold]
    fn many_attributes(&self, element: &str) -> ReadError {
        let limit = self.attributes;
        ReadError::element(format!(
            "{} has more than {limit} attributes (Limits::attributes)",
            shown(element)
        ))
    }
}
