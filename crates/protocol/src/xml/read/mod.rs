//! Reading: a serde deserializer on the events of quick-xml.

mod access;
mod carried;
mod check;
mod cursor;
mod element;
mod faults;
mod namespaces;
mod prolog;
mod references;
mod tag;
mod text;
mod tree;
mod unknown;

use serde::de::{Deserialize, DeserializeOwned};

use self::carried::Carried;
pub(super) use self::check::check;
use self::cursor::Cursor;
use self::element::Element;
pub(super) use self::tree::document;
use super::{Limits, ReadError, Reader, Unknown};

pub(super) fn read<T: DeserializeOwned>(
    reader: &Reader<'_>,
    document: &[u8],
) -> Result<T, ReadError> {
    read_all(&mut Cursor::new(reader, prolog::utf8(document, reader.limits.bytes)?))
}

pub(super) fn read_with_unknown<T: DeserializeOwned>(
    reader: &Reader<'_>,
    document: &[u8],
) -> Result<(T, Unknown), ReadError> {
    let text = prolog::utf8(document, reader.limits.bytes)?;
    let mut cursor = Cursor::new(reader, text);
    cursor.carried = Some(Carried::default());
    let value = read_all(&mut cursor)?;
    let carried = cursor.carried.unwrap_or_default();
    Ok((value, unknown::of(text, &carried, reader.limits.depth)))
}

/// All that there is in a body that is not read.
pub(super) fn everything(document: &[u8]) -> Unknown {
    let limits = Limits::default();
    prolog::utf8(document, limits.bytes).map_or_else(
        |_| Unknown { paths: vec![unknown::TEXT.to_owned()], omitted: 0 },
        |text| unknown::of(text, &Carried::default(), limits.depth),
    )
}

fn read_all<'de, T: Deserialize<'de>>(cursor: &mut Cursor<'de>) -> Result<T, ReadError> {
    cursor.root()?;
    let root = cursor.tag.name;
    let value = T::deserialize(Element::root(cursor)).map_err(|error| error.inside(root, None))?;
    cursor.end()?;
    Ok(value)
}

pub(super) fn root_name(document: &[u8]) -> Option<String> {
    let reader = Reader::new();
    let text = prolog::utf8(document, reader.limits.bytes).ok()?;
    let mut cursor = Cursor::new(&reader, text);
    cursor.prolog().ok()?;
    let name = cursor.tag.name;
    Some(name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned())
}

pub(super) fn root_namespace(document: &[u8]) -> Option<String> {
    let reader = Reader::new();
    let text = prolog::utf8(document, reader.limits.bytes).ok()?;
    let mut cursor = Cursor::new(&reader, text);
    cursor.root().ok()?;
    Some(cursor.root_namespace.into_owned())
}
