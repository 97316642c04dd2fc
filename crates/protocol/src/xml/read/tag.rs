//! Start tags: names, attributes, and the count of both.

use std::ops::Range;

use quick_xml::events::attributes::{Attribute, Attributes};

use super::cursor::Cursor;
use crate::xml::error::ReadError;

/// How the service writes it, so often that it is worth not being taken apart each time.
const NIL: &str = r#" i:nil="true""#;

/// A start tag, and with it the element that the cursor has just entered.
#[derive(Debug, Default, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact")]
pub(super) struct Tag<'de> {
    /// Without its prefix, unless that stands for nothing known.
    pub(super) name: &'de str,
    /// In the root's namespace, or another one that the caller knows.
    pub(super) known: bool,
    /// `<X/>`: there is no end tag to come.
    pub(super) closed: bool,
    pub(super) nil: bool,
    /// Any of: closed, nil, to be noted. One look at it is all that most elements cost.
    pub(super) special: bool,
    /// How many of [`Cursor::attributes`] are this element's: all or none.
    pub(super) attributes: usize,
}

impl Cursor<'_> {
    /// Processes the start tag that was read last, with its length without brackets.
    #[inline]
    pub(super) fn tag(
        &mut self,
        length: usize,
        name_length: usize,
        closed: bool,
    ) -> Result<(), ReadError> {
        let end = self.position() - if closed { 2 } else { 1 };
        let start = end - length;
        let name = &self.document[start..start + name_length];
        self.limits.check_name(name)?;
        let known = self.namespaces.default_known;
        let special = closed || self.carried.is_some();
        self.tag = Tag { name, known, closed, nil: false, special, attributes: 0 };
        if closed {
            self.count()?;
        } else {
            self.enter()?;
        }
        if length != name_length || self.namespaces.prefixed || name_length == 0 {
            self.inspect(start + name_length..end)?;
        }
        Ok(())
    }

    /// The parts that only some tags have: attributes, declarations and prefixes.
    #[inline(never)]
    fn inspect(&mut self, attributes: Range<usize>) -> Result<(), ReadError> {
        let mut tag = self.tag;
        if tag.name.is_empty() {
            return Err(self.ill_formed("an element has no name"));
        }
        let attributes = &self.document[attributes];
        if attributes == NIL && !self.namespaces.prefixed && self.elements > 1 {
            self.tag.nil = self.namespaces.is_schema_instance("i");
            if self.tag.nil {
                self.tag.special = true;
                self.carry_attribute("nil");
            }
            return Ok(());
        }
        let depth = self.depth + usize::from(tag.closed);
        let mut nil = None;
        self.attributes.clear();
        for (count, attribute) in Attributes::new(attributes, 0).enumerate() {
            self.limits.check_attributes(count + 1, tag.name)?;
            let attribute = attribute.map_err(|error| self.ill_formed(&error.to_string()))?;
            self.count_attribute(&attribute)?;
            match attribute.key.0.split_once(':') {
                None if attribute.key.0 == "xmlns" => {
                    self.namespaces.declare("", attribute.value, depth)?;
                }
                Some(("xmlns", prefix)) => {
                    self.namespaces.declare(prefix, attribute.value, depth)?;
                }
                Some((prefix, "nil")) => nil = Some((prefix, attribute.value)),
                Some((_, local)) => self.attributes.push((local, attribute.value)),
                None => self.attributes.push((attribute.key.0, attribute.value)),
            }
        }
        tag.attributes = self.attributes.len();
        if let Some((prefix, value)) = nil
            && self.namespaces.is_schema_instance(prefix)
        {
            tag.nil = matches!(value.trim(), "true" | "1");
            tag.special |= tag.nil;
            self.carry_attribute("nil");
        }
        if self.elements == 1 {
            self.root_namespace = self.namespaces.of(tag.name);
        }
        (tag.known, tag.name) = self.namespaces.resolve(tag.name);
        if tag.closed {
            self.namespaces.leave(depth);
        }
        self.tag = tag;
        Ok(())
    }

    /// Counts an attribute, and measures its name and value.
    fn count_attribute(&mut self, attribute: &Attribute<'_>) -> Result<(), ReadError> {
        let limits = self.limits;
        limits.check_name(attribute.key.0)?;
        limits.check_text(attribute.value.len())?;
        self.all_attributes += 1;
        if self.all_attributes > limits.total_attributes {
            return Err(self.too_many_attributes());
        }
        Ok(())
    }

    #[inline]
    pub(super) fn enter(&mut self) -> Result<(), ReadError> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(self.too_deep());
        }
        self.count()
    }

    #[inline]
    pub(super) fn count(&mut self) -> Result<(), ReadError> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(self.too_many());
        }
        Ok(())
    }
}
