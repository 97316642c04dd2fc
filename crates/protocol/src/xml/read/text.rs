//! Scalars: the text of an element or of an attribute.

use std::cell::Cell;
use std::str::FromStr;

use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::xml::ReadError;

/// A complete text, references resolved.
pub(super) enum Text<'de, 's> {
    /// As it stands in the document.
    Document(&'de str),
    /// Put together in the cursor's scratch.
    Scratch(&'s str),
    /// An attribute's, and whether the model has turned it down.
    Attribute(&'s str, &'s Cell<bool>),
}

impl<'t> Text<'t, 't> {
    fn trimmed(&self) -> &'t str {
        let (Self::Document(text) | Self::Scratch(text) | Self::Attribute(text, _)) = *self;
        text.trim_ascii()
    }

    fn parse<T: FromStr>(&self, expected: &str) -> Result<T, ReadError> {
        let text = self.trimmed();
        text.parse().map_err(|_| ReadError::not_a(text, expected))
    }
}

macro_rules! numbers {
    ($($deserialize:ident, $visit:ident, $type:ty, $described:literal;)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            visitor.$visit(self.parse::<$type>($described)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'de, '_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self {
            Self::Document(text) => visitor.visit_borrowed_str(text),
            Self::Scratch(text) | Self::Attribute(text, _) => visitor.visit_str(text),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.trimmed() {
            "true" | "True" | "1" => visitor.visit_bool(true),
            "false" | "False" | "0" => visitor.visit_bool(false),
            other => Err(ReadError::not_a(other, "a boolean")),
        }
    }

    numbers! {
        deserialize_i8, visit_i8, i8, "an i8";
        deserialize_i16, visit_i16, i16, "an i16";
        deserialize_i32, visit_i32, i32, "an i32";
        deserialize_i64, visit_i64, i64, "an i64";
        deserialize_i128, visit_i128, i128, "an i128";
        deserialize_u8, visit_u8, u8, "a u8";
        deserialize_u16, visit_u16, u16, "a u16";
        deserialize_u32, visit_u32, u32, "a u32";
        deserialize_u64, visit_u64, u64, "a u64";
        deserialize_u128, visit_u128, u128, "a u128";
        deserialize_f32, visit_f32, f32, "an f32";
        deserialize_f64, visit_f64, f64, "an f64";
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_enum(self.trimmed().into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if let Self::Attribute(_, ignored) = self {
            ignored.set(true);
        }
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
