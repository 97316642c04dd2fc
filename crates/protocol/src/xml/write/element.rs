//! A value that becomes an element or an attribute.

use std::fmt::Display;

use serde::ser::{Impossible, Serialize, Serializer};

use super::output::Output;
use super::parts::{Fields, Items};
use crate::xml::WriteError;

/// The place for one value.
pub(super) struct Element<'o> {
    output: &'o mut Output,
    name: Option<&'static str>,
}

impl<'o> Element<'o> {
    /// The root or an item: the first type with a name defines it.
    pub(super) fn unnamed(output: &'o mut Output) -> Self {
        Self { output, name: None }
    }

    /// A field; with a leading `@` it is an attribute.
    pub(super) fn named(output: &'o mut Output, name: &'static str) -> Self {
        Self { output, name: Some(name) }
    }

    fn name_or(&self, reported: &'static str) -> &'static str {
        self.name.unwrap_or(reported)
    }

    fn name(&self) -> Result<&'static str, WriteError> {
        self.name.ok_or_else(|| {
            WriteError::new("the element has no name: a newtype around the value gives it one")
        })
    }

    /// The name, if it is an element's.
    fn element_name(&self) -> Result<&'static str, WriteError> {
        let name = self.name()?;
        if name.starts_with('@') {
            return Err(WriteError::new("an attribute holds a single text"));
        }
        Ok(name)
    }

    fn text(self, text: &str) -> Result<(), WriteError> {
        let name = self.name()?;
        match name.strip_prefix('@') {
            Some(attribute) => self.output.attribute(attribute, text),
            None => self.output.leaf(name, text),
        }
    }

    fn display(self, value: impl Display) -> Result<(), WriteError> {
        self.text(&value.to_string())
    }
}

fn unsupported<T>(what: &str) -> Result<T, WriteError> {
    Err(WriteError::new(format!("{what} has no form in the service's XML")))
}

macro_rules! displayed {
    ($($serialize:ident $type:ty,)*) => {$(
        fn $serialize(self, value: $type) -> Result<(), WriteError> {
            self.display(value)
        }
    )*};
}

impl<'o> Serializer for Element<'o> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Items<'o>;
    type SerializeTuple = Items<'o>;
    type SerializeTupleStruct = Items<'o>;
    type SerializeTupleVariant = Impossible<(), WriteError>;
    type SerializeMap = Impossible<(), WriteError>;
    type SerializeStruct = Fields<'o>;
    type SerializeStructVariant = Impossible<(), WriteError>;

    displayed! {
        serialize_bool bool,
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128,
        serialize_char char,
    }

    fn serialize_f32(self, value: f32) -> Result<(), WriteError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), WriteError> {
        if value.is_finite() { self.display(value) } else { unsupported("an infinite number") }
    }

    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        self.text(value)
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<(), WriteError> {
        unsupported("a sequence of bytes")
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        match self.name {
            Some(_) => Ok(()),
            None => unsupported("an absent item"),
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        let name = self.element_name()?;
        self.output.nil(name)
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), WriteError> {
        Self::named(self.output, self.name.unwrap_or(name)).text("")
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), WriteError> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        let name = self.name_or(name);
        value.serialize(Self::named(self.output, name))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<(), WriteError> {
        unsupported("a variant with content")
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Items<'o>, WriteError> {
        let name = self.element_name()?;
        Ok(Items::open(self.output, name))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'o>, WriteError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Items<'o>, WriteError> {
        let name = self.name_or(name);
        Self::named(self.output, name).serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, WriteError> {
        unsupported("a variant with content")
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self::SerializeMap, WriteError> {
        Err(WriteError::new(
            "a map has no order, and the service's elements have one: use a struct",
        ))
    }

    fn serialize_struct(
        self,
        name: &'static str,
        _length: usize,
    ) -> Result<Fields<'o>, WriteError> {
        let element = Self { name: Some(self.name_or(name)), ..self };
        let name = element.element_name()?;
        Ok(Fields::open(element.output, name))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, WriteError> {
        unsupported("a variant with content")
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
