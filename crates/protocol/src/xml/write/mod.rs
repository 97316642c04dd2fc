//! Writing: a serde serializer into a string.

mod element;
mod output;
mod parts;

use serde::Serialize;

use self::element::Element;
use self::output::Output;
pub(super) use self::output::push_escaped;
use super::WriteError;

pub(super) fn to_string<T: Serialize + ?Sized>(
    value: &T,
    namespace: &'static str,
) -> Result<String, WriteError> {
    let mut output = Output::new(namespace);
    match value.serialize(Element::unnamed(&mut output)) {
        Ok(()) => output.finish(),
        Err(error) => Err(match output.name_at(0) {
            Some(root) => error.inside(root, None),
            None => error,
        }),
    }
}
