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
    /// With a flag that is set when the model does not take the text.
    Watched(&'s str, &'s Cell<bool>),
}

impl<'de, 's> Text<'de, 's> {
    /// The same text, with a flag that is set when the model does not take it.
    pub(super) fn watched<'w>(self, is_rejected: &'w Cell<bool>) -> Text<'de, 'w>
    where
        'de: 'w,
        's: 'w,
    {
        let shorter: Text<'w, 'w> = self;
        let (Text::Document(text) | Text::Scratch(text) | Text::Watched(text, _)) = shorter;
        Text::Watched(text, is_rejected)
    }
}

impl<'t> Text<'t, 't> {
    fn trimmed(&self) -> &'t str {
        let (Self::Document(text) | Self::Scratch(text) | Self::Watched(text, _)) = *self;
        text.trim()
    }

    fn parse<T: FromStr>(&self, expected: &str) -> Result<T, ReadError> {
        let text = self.trimmed();
        without_zero_fraction(text).parse().map_err(|_| self.rejected(expected))
    }

    #[cold]
    fn rejected(&self, expected: &str) -> ReadError {
        if let Self::Watched(_, is_rejected) = self {
            is_rejected.set(true);
        }
        ReadError::not_a(self.trimmed(), expected)
    }
}

/// Some serializers write whole numbers as `3.0`.
fn without_zero_fraction(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
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
            Self::Scratch(text) | Self::Watched(text, _) => visitor.visit_str(text),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = self.trimmed();
        if text == "1" || text.eq_ignore_ascii_case("true") {
            visitor.visit_bool(true)
        } else if text == "0" || text.eq_ignore_ascii_case("false") {
            visitor.visit_bool(false)
        } else {
            Err(self.rejected("a boolean"))
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
        if let Self::Watched(_, is_rejected) = self {
            is_rejected.set(true);
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
