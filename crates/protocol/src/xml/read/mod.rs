//! Reading: a serde deserializer on the events of quick-xml.

mod access;
mod cursor;
mod element;
mod faults;
mod namespaces;
mod prolog;
mod references;
mod tag;
mod text;

use serde::de::DeserializeOwned;

use self::cursor::Cursor;
use self::element::Element;
use super::{ReadError, Reader};

pub(super) fn read<T: DeserializeOwned>(
    reader: &Reader<'_>,
    document: &[u8],
) -> Result<T, ReadError> {
    let mut cursor = Cursor::new(reader, prolog::utf8(document, reader.limits.bytes)?);
    cursor.root()?;
    let root = cursor.tag.name;
    let value =
        T::deserialize(Element::root(&mut cursor)).map_err(|error| error.inside(root, None))?;
    cursor.end()?;
    Ok(value)
}

pub(super) fn root_name(document: &[u8]) -> Option<String> {
    let reader = Reader::new();
    let text = prolog::utf8(document, usize::MAX).ok()?;
    let mut cursor = Cursor::new(&reader, text);
    cursor.prolog().ok()?;
    let name = cursor.tag.name;
    Some(name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned())
}
