//! The place in the document: everything about reading that does not depend on the model.

use std::borrow::Cow;

use quick_xml::events::{BytesText, Event};

use super::carried::{Carried, Shape};
use super::namespaces::Namespaces;
use super::prolog::doctype;
use super::references::{push_lines, push_reference};
use super::tag::Tag;
use super::text::Text;
use crate::xml::{Limits, ReadError, Reader};

pub(super) struct Cursor<'de> {
    /// All of it, so that names can be sliced out of it; the events' own borrows end too soon.
    pub(super) document: &'de str,
    xml: quick_xml::Reader<&'de [u8]>,
    pub(super) limits: Limits,
    pub(super) namespaces: Namespaces<'de>,
    /// The start tag read last.
    pub(super) tag: Tag<'de>,
    pub(super) depth: usize,
    pub(super) elements: usize,
    pub(super) all_attributes: usize,
    carriage_returns: bool,
    /// The namespace of the first element.
    pub(super) root_namespace: Cow<'de, str>,
    pub(super) expected_namespace: &'de str,
    /// Local name and raw value of the attributes of the last tag that had any, declarations of
    /// namespaces and `nil` apart.
    pub(super) attributes: Vec<(&'de str, Cow<'de, str>)>,
    /// A text that does not stand in the document in one piece.
    pub(super) scratch: String,
    /// The parts that the model took, if requested.
    pub(super) carried: Option<Carried>,
}

impl<'de> Cursor<'de> {
    pub(super) fn new(reader: &'de Reader<'de>, document: &'de str) -> Self {
        Self {
            document,
            xml: quick_xml::Reader::from_str(document),
            limits: reader.limits,
            namespaces: Namespaces::new(reader),
            tag: Tag::default(),
            depth: 0,
            elements: 0,
            all_attributes: 0,
            carriage_returns: has_carriage_return(document),
            root_namespace: Cow::Borrowed(""),
            expected_namespace: reader.namespace,
            attributes: Vec::new(),
            scratch: String::new(),
            carried: None,
        }
    }

    /// Goes to the next child of a known namespace, and into it. `false` after the end tag of the
    /// open element.
    #[inline(never)]
    pub(super) fn child(&mut self) -> Result<bool, ReadError> {
        loop {
            // The events are taken apart here and not behind `event`, which would move each twice.
            let (length, name_length, closed) = match self.xml.read_event() {
                Ok(Event::Start(start)) => (start.len(), start.name().0.len(), false),
                Ok(Event::Empty(start)) => (start.len(), start.name().0.len(), true),
                Ok(Event::End(_)) => {
                    self.close();
                    return Ok(false);
                }
                Ok(Event::Text(_)) => continue,
                Ok(other) => {
                    pass(&other)?;
                    continue;
                }
                Err(error) => return Err(self.malformed(&error)),
            };
            self.tag(length, name_length, closed)?;
            if self.tag.known {
                return Ok(true);
            }
            self.skip()?;
        }
    }

    /// The text of the element just entered, up to and with its end tag.
    #[inline(never)]
    pub(super) fn text(&mut self) -> Result<Text<'de, '_>, ReadError> {
        if self.tag.special {
            self.carry(Shape::Text);
            if self.tag.closed || self.tag.nil {
                self.skip()?;
                return Ok(Text::Document(""));
            }
        }
        match self.xml.read_event() {
            Ok(Event::Text(text)) => match text.into_inner() {
                Cow::Borrowed(text) if self.at_end_tag() && !self.carriage_returns => {
                    self.limits.check_text(text.len())?;
                    self.end_tag()?;
                    Ok(Text::Document(text))
                }
                text => self.pieces(Event::Text(BytesText::from_escaped(text))),
            },
            Ok(Event::End(_)) => {
                self.close();
                Ok(Text::Document(""))
            }
            Ok(other) => self.pieces(other),
            Err(error) => Err(self.malformed(&error)),
        }
    }

    /// Collects a text that comes in several pieces, `event` being the first.
    fn pieces(&mut self, mut event: Event<'de>) -> Result<Text<'de, '_>, ReadError> {
        self.scratch.clear();
        loop {
            match &event {
                Event::Text(text) => push_lines(text, &mut self.scratch),
                Event::CData(text) => push_lines(text, &mut self.scratch),
                Event::GeneralRef(name) => push_reference(name, &mut self.scratch)?,
                Event::Start(start) => {
                    self.limits.check_name(start.name().0)?;
                    self.enter()?;
                    self.leave()?;
                }
                Event::Empty(start) => {
                    self.limits.check_name(start.name().0)?;
                    self.count()?;
                }
                Event::End(_) => {
                    self.close();
                    return Ok(Text::Scratch(&self.scratch));
                }
                other => pass(other)?,
            }
            self.limits.check_text(self.scratch.len())?;
            event = self.event()?;
        }
    }

    /// Passes over the element just entered, with all that is in it.
    #[inline]
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        if self.tag.closed { Ok(()) } else { self.leave() }
    }

    /// Goes to the end of the innermost open element.
    #[inline(never)]
    pub(super) fn leave(&mut self) -> Result<(), ReadError> {
        let outer = self.depth;
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.limits.check_name(start.name().0)?;
                    self.enter()?;
                }
                Event::Empty(start) => {
                    self.limits.check_name(start.name().0)?;
                    self.count()?;
                }
                Event::End(_) if self.depth == outer => {
                    self.close();
                    return Ok(());
                }
                Event::End(_) => self.depth -= 1,
                Event::Text(_) => {}
                other => pass(&other)?,
            }
        }
    }

    /// Goes on from the element just entered to the first sibling with a name that is sought, and
    /// into it. `false` after the last child.
    pub(super) fn seek(&mut self, is_sought: impl Fn(&str) -> bool) -> Result<bool, ReadError> {
        while !is_sought(self.tag.name) {
            self.skip()?;
            if !self.child()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the element just entered has no content but comments, which this moves past.
    #[inline]
    pub(super) fn is_empty(&mut self) -> Result<bool, ReadError> {
        match self.rest() {
            _ if self.tag.closed => Ok(true),
            [b'<', b'/', ..] => Ok(true),
            [b'<', b'!' | b'?', ..] => self.is_empty_after_comments(),
            _ => Ok(false),
        }
    }

    #[cold]
    fn is_empty_after_comments(&mut self) -> Result<bool, ReadError> {
        while self.rest().starts_with(b"<!--") || self.rest().starts_with(b"<?") {
            self.event()?;
        }
        Ok(self.at_end_tag())
    }

    /// Whether there is nothing in the document at all.
    pub(super) fn is_blank(&self) -> bool {
        self.document.trim_ascii().is_empty()
    }

    #[inline]
    pub(super) fn event(&mut self) -> Result<Event<'de>, ReadError> {
        self.xml.read_event().map_err(|error| self.malformed(&error))
    }

    /// Reads the end tag that comes next.
    #[inline]
    fn end_tag(&mut self) -> Result<(), ReadError> {
        match self.xml.read_event() {
            Ok(_) => {
                self.close();
                Ok(())
            }
            Err(error) => Err(self.malformed(&error)),
        }
    }

    #[inline]
    pub(super) fn close(&mut self) {
        if self.namespaces.innermost == self.depth {
            self.namespaces.leave(self.depth);
        }
        self.depth -= 1;
    }

    #[inline]
    fn at_end_tag(&self) -> bool {
        self.rest().starts_with(b"</")
    }

    #[inline]
    pub(super) fn rest(&self) -> &'de [u8] {
        self.xml.get_ref()
    }

    #[inline]
    pub(super) fn position(&self) -> usize {
        self.document.len() - self.rest().len()
    }
}

/// An event that means nothing where it stands, unless it is an error.
pub(super) fn pass(event: &Event<'_>) -> Result<(), ReadError> {
    match event {
        Event::Eof => Err(ReadError::truncated()),
        Event::DocType(declaration) => Err(doctype(declaration)),
        Event::GeneralRef(name) => push_reference(name, &mut String::new()),
        _ => Ok(()),
    }
}

/// Looks at the document in blocks, without leaving one early, so that it costs next to nothing.
fn has_carriage_return(document: &str) -> bool {
    document.as_bytes().chunks(4096).any(|block| {
        let found = block.iter().fold(0, |found, &byte| found | u8::from(byte == b'\r'));
        found != 0
    })
}
