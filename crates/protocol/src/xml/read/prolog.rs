//! Everything around the root element.

use quick_xml::events::Event;

use super::cursor::Cursor;
use crate::xml::error::{ReadError, shown};

/// The document as text, without its byte order mark; joined files leave more than one.
pub(super) fn utf8(document: &[u8], limit: usize) -> Result<&str, ReadError> {
    if document.len() > limit {
        return Err(ReadError::document(format!(
            "the document has {} bytes, more than {limit} (Limits::bytes)",
            document.len()
        )));
    }
    if document.starts_with(b"\xFE\xFF") || document.starts_with(b"\xFF\xFE") {
        return Err(ReadError::document("the document is UTF-16, and only UTF-8 is read"));
    }
    let text = str::from_utf8(document).map_err(|error| {
        let at = error.valid_up_to();
        ReadError::document(format!("the document is not UTF-8: see the byte at {at}"))
    })?;
    Ok(text.trim_start_matches('\u{FEFF}'))
}

impl Cursor<'_> {
    /// Goes to the root element and rejects a page of HTML, which proxies and front ends often return.
    pub(super) fn root(&mut self) -> Result<(), ReadError> {
        self.prolog()?;
        if self.tag.name.eq_ignore_ascii_case("html") { Err(html()) } else { Ok(()) }
    }

    /// Reads up to the root element's start tag.
    pub(super) fn prolog(&mut self) -> Result<(), ReadError> {
        loop {
            match self.event()? {
                Event::Start(start) => return self.tag(start.len(), start.name().0.len(), false),
                Event::Empty(start) => return self.tag(start.len(), start.name().0.len(), true),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Text(text) if is_blank(&text) => {}
                Event::DocType(declaration) => return Err(doctype(&declaration)),
                Event::Eof if self.is_blank() => {
                    return Err(ReadError::document("the document is empty"));
                }
                Event::Eof => return Err(ReadError::truncated()),
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) | Event::End(_) => {
                    return Err(ReadError::document(
                        "the document is not XML: it has text before any element",
                    ));
                }
            }
        }
    }

    /// Makes sure that nothing of weight follows the root element.
    pub(super) fn end(&mut self) -> Result<(), ReadError> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::PI(_) | Event::Comment(_) => {}
                Event::Text(text) if is_blank(&text) => {}
                Event::Start(start) | Event::Empty(start) => {
                    return Err(ReadError::document(format!(
                        "the document has a second root element, {}",
                        shown(start.name().0)
                    )));
                }
                _ => {
                    return Err(ReadError::document("the document goes on after its root element"));
                }
            }
        }
    }
}

/// The error for a document type declaration: it may define entities, and the service writes none.
#[cold]
pub(super) fn doctype(declaration: &str) -> ReadError {
    let name = declaration.split_ascii_whitespace().next().unwrap_or_default();
    if name.eq_ignore_ascii_case("html") {
        return html();
    }
    ReadError::document("the document has a document type declaration (DTD), which is refused")
}

#[cold]
fn html() -> ReadError {
    ReadError::document("the document is an HTML page and not the service's XML")
}

pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}
