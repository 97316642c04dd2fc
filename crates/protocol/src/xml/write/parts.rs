//! The content of an element that is being written.

use serde::Serialize;
use serde::ser::{SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct};

use super::element::Element;
use super::output::Output;
use crate::xml::WriteError;

pub(super) struct Fields<'o> {
    output: &'o mut Output,
    name: &'static str,
}

impl<'o> Fields<'o> {
    pub(super) fn open(output: &'o mut Output, name: &'static str) -> Self {
        output.open(name);
        Self { output, name }
    }
}

impl SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        value.serialize(Element::named(self.output, name)).map_err(|error| error.inside(name, None))
    }

    fn end(self) -> Result<(), WriteError> {
        self.output.close(self.name);
        Ok(())
    }
}

pub(super) struct Items<'o> {
    output: &'o mut Output,
    name: &'static str,
    count: usize,
}

impl<'o> Items<'o> {
    pub(super) fn open(output: &'o mut Output, name: &'static str) -> Self {
        output.open(name);
        Self { output, name, count: 0 }
    }
}

impl SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.count += 1;
        let start = self.output.position();
        value.serialize(Element::unnamed(self.output)).map_err(|error| {
            let name = self.output.name_at(start).unwrap_or_default();
            error.inside(name, Some(self.count))
        })
    }

    fn end(self) -> Result<(), WriteError> {
        self.output.close(self.name);
        Ok(())
    }
}

impl SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), WriteError> {
        SerializeSeq::end(self)
    }
}

impl SerializeTupleStruct for Items<'_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), WriteError> {
        SerializeSeq::end(self)
    }
}
