//! An element, as serde sees it.

use std::cell::Cell;

use serde::de::{Deserializer, Visitor};

use super::access::{Fields, Items};
use super::carried::Shape;
use super::cursor::Cursor;
use crate::xml::error::{ReadError, shown};
use crate::xml::lenient::LENIENT;
use crate::xml::list::PRESENT;

/// The element that the cursor has just entered. Each way of deserializing it consumes it with its
/// end tag.
pub(super) struct Element<'c, 'de> {
    cursor: &'c mut Cursor<'de>,
    place: Place<'c, 'de>,
}

/// Where the element stands, which says what its type's name means.
enum Place<'c, 'de> {
    /// It must have the type's name and lie in the right namespace.
    Root,
    /// It may be a stranger among the items, to be passed over for the next with the type's name.
    /// Holds the name for the list's own errors.
    Item(&'c mut &'de str),
    /// The name was looked at already.
    Field,
}

impl<'c, 'de> Element<'c, 'de> {
    pub(super) fn root(cursor: &'c mut Cursor<'de>) -> Self {
        Self { cursor, place: Place::Root }
    }

    pub(super) fn field(cursor: &'c mut Cursor<'de>) -> Self {
        Self { cursor, place: Place::Field }
    }

    pub(super) fn item(cursor: &'c mut Cursor<'de>, name: &'c mut &'de str) -> Self {
        Self { cursor, place: Place::Item(name) }
    }

    fn unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.cursor.carry(Shape::Nothing);
        self.cursor.skip()?;
        visitor.visit_unit()
    }

    /// An optional value whose text the visitor may turn down without failing.
    fn lenient<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.cursor.tag.nil || self.cursor.is_empty()? {
            self.cursor.carry(Shape::Nothing);
            self.cursor.skip()?;
            return visitor.visit_none();
        }
        let is_rejected = Cell::new(false);
        let value = visitor.visit_some(self.cursor.text()?.watched(&is_rejected))?;
        if is_rejected.get() {
            self.cursor.reject_text();
        }
        Ok(value)
    }

    /// Decides which element this is, once the type has reported its name or will report none.
    #[inline]
    fn settle(&mut self, name: Option<&'static str>) -> Result<(), ReadError> {
        match self.place {
            Place::Field => Ok(()),
            Place::Root => self.check_root(name),
            Place::Item(_) => self.find_item(name),
        }
    }

    #[inline(never)]
    fn find_item(&mut self, name: Option<&'static str>) -> Result<(), ReadError> {
        // A colon that is still there belongs to a prefix that stands for nothing known.
        let is_sought = |found: &str| name.map_or(!found.contains(':'), |name| name == found);
        if !self.cursor.seek(is_sought)? {
            return Err(ReadError::end_of_list());
        }
        if let Place::Item(name) = &mut self.place {
            **name = self.cursor.tag.name;
        }
        self.place = Place::Field;
        Ok(())
    }

    #[inline(never)]
    pub(super) fn check_root(&mut self, name: Option<&'static str>) -> Result<(), ReadError> {
        self.place = Place::Field;
        if self.cursor.tag.known && name.is_none_or(|name| name == self.cursor.tag.name) {
            return Ok(());
        }
        let described = |name: &str, namespace: &str| match namespace {
            "" => format!("{} in no namespace", shown(name)),
            namespace => format!("{} in {}", shown(name), namespace.escape_debug()),
        };
        let expected =
            name.map_or_else(|| "a root element".to_owned(), |name| format!("the element {name}"));
        Err(ReadError::document(format!(
            "expected {}, found {}",
            described(&expected, self.cursor.expected_namespace),
            described(self.cursor.tag.name, &self.cursor.root_namespace),
        )))
    }
}

macro_rules! scalars {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, ReadError> {
            self.settle(None)?;
            self.cursor.text()?.$deserialize(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Element<'_, 'de> {
    type Error = ReadError;

    scalars! {
        deserialize_any deserialize_bool
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_identifier
        deserialize_bytes deserialize_byte_buf
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.cursor.tag.nil || self.cursor.is_empty()? {
            self.cursor.carry(Shape::Nothing);
            self.cursor.skip()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, ReadError> {
        self.settle(None)?;
        self.unit(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.settle(Some(name))?;
        self.unit(visitor)
    }

    /// Unlike a unit it is not carried by the model.
    fn deserialize_ignored_any<V: Visitor<'de>>(
        mut self,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.settle(None)?;
        self.cursor.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == LENIENT {
            self.lenient(visitor)
        } else if name != PRESENT {
            self.settle(Some(name))?;
            visitor.visit_newtype_struct(self)
        } else if self.cursor.tag.nil {
            self.cursor.carry(Shape::Nothing);
            self.cursor.skip()?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, ReadError> {
        self.settle(None)?;
        let mut items = Items::of(self.cursor)?;
        let value = visitor.visit_seq(&mut items)?;
        items.finish()?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.settle(Some(name))?;
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, ReadError> {
        self.settle(None)?;
        let mut fields = Fields::of(self.cursor)?;
        let value = visitor.visit_map(&mut fields)?;
        fields.finish()?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.settle(Some(name))?;
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.settle(Some(name))?;
        self.cursor.text()?.deserialize_enum(name, variants, visitor)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
