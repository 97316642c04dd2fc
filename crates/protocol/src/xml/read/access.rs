//! The content of an element: fields of a struct, or items of a list.

use std::cell::Cell;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::carried::Shape;
use super::cursor::Cursor;
use super::element::Element;
use super::references::push_attribute;
use super::text::Text;
use crate::xml::ReadError;

/// First the attributes, as `@name`, then the children.
pub(super) struct Fields<'c, 'de> {
    cursor: &'c mut Cursor<'de>,
    /// The name that was given out last.
    child: &'de str,
    /// The end tag is still to come.
    open: bool,
    /// How many attributes are still to come.
    attributes: usize,
}

impl<'c, 'de> Fields<'c, 'de> {
    pub(super) fn of(cursor: &'c mut Cursor<'de>) -> Result<Self, ReadError> {
        let tag = cursor.tag;
        if tag.special {
            cursor.carry(Shape::Fields);
            if tag.nil {
                cursor.skip()?;
            }
        }
        Ok(Self {
            cursor,
            child: tag.name,
            open: !tag.closed && !tag.nil,
            attributes: tag.attributes,
        })
    }

    /// Leaves the element, if the visitor stopped before its end.
    pub(super) fn finish(self) -> Result<(), ReadError> {
        if self.open { self.cursor.leave() } else { Ok(()) }
    }

    #[cold]
    fn attribute_name<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<K::Value, ReadError> {
        let name = format!("@{}", self.cursor.attributes[self.attributes - 1].0);
        seed.deserialize(StrDeserializer::new(&name))
    }

    #[cold]
    fn attribute_value<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        self.attributes -= 1;
        let (name, raw) = &self.cursor.attributes[self.attributes];
        let (name, ignored) = (*name, Cell::new(false));
        self.cursor.scratch.clear();
        let value = push_attribute(raw, &mut self.cursor.scratch)
            .and_then(|()| seed.deserialize(Text::Watched(&self.cursor.scratch, &ignored)))
            .map_err(|error| error.inside(&format!("@{name}"), None))?;
        if !ignored.get() {
            self.cursor.carry_attribute(name);
        }
        Ok(value)
    }
}

impl<'de> MapAccess<'de> for &mut Fields<'_, 'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        if self.attributes > 0 {
            return self.attribute_name(seed).map(Some);
        }
        if !self.open {
            return Ok(None);
        }
        self.open = self.cursor.child()?;
        if !self.open {
            return Ok(None);
        }
        self.child = self.cursor.tag.name;
        seed.deserialize(BorrowedStrDeserializer::new(self.child)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        if self.attributes > 0 {
            return self.attribute_value(seed);
        }
        seed.deserialize(Element::field(self.cursor))
            .map_err(|error| error.inside(self.child, None))
    }
}

/// The children, without those whose name differs from that of the items' type.
pub(super) struct Items<'c, 'de> {
    cursor: &'c mut Cursor<'de>,
    open: bool,
    count: usize,
}

impl<'c, 'de> Items<'c, 'de> {
    pub(super) fn of(cursor: &'c mut Cursor<'de>) -> Result<Self, ReadError> {
        let tag = cursor.tag;
        if tag.special {
            cursor.carry(Shape::Items);
            if tag.nil {
                cursor.skip()?;
            }
        }
        Ok(Self { cursor, open: !tag.closed && !tag.nil, count: 0 })
    }

    /// Leaves the list, if the visitor stopped before its end.
    pub(super) fn finish(self) -> Result<(), ReadError> {
        if self.open { self.cursor.leave() } else { Ok(()) }
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        if !self.open {
            return Ok(None);
        }
        self.open = self.cursor.child()?;
        if !self.open {
            return Ok(None);
        }
        self.count += 1;
        let mut name = self.cursor.tag.name;
        match seed.deserialize(Element::item(self.cursor, &mut name)) {
            Ok(item) => Ok(Some(item)),
            Err(error) if error.is_end_of_list() => {
                self.open = false;
                Ok(None)
            }
            Err(error) => Err(error.inside(name, Some(self.count))),
        }
    }
    /// Most lists of the service have one item. Room for one is a quarter of the first allocation of a `Vec`,
    /// which also bounds the memory for a document full of short lists.
    fn size_hint(&self) -> Option<usize> {
        Some(usize::from(self.open))
    }
}
