//! The parts that the model did not take: a second walk through a document that has been read.

use std::collections::BTreeSet;

use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

use super::carried::{Carried, Shape};
use super::prolog::is_blank;
use super::references::push_reference;
use crate::xml::Unknown;
use crate::xml::error::Path;

/// How many kinds are listed.
const KINDS: usize = 500;
/// The number of characters of a name that distinguish kinds.
const NAME: usize = 40;
/// How a path names text.
pub(super) const TEXT: &str = "text()";

/// The parts of the document that are not among the consumed ones.
///
/// Ends where the XML ceases to be any or is deeper than the limit, neither of which a document is
/// that has been read.
pub(super) fn of(document: &str, carried: &Carried, limit: usize) -> Unknown {
    let mut walk = Walk {
        document,
        carried,
        open: Vec::new(),
        kind: String::new(),
        kinds: BTreeSet::new(),
        unknown: Unknown::default(),
    };
    let mut xml = quick_xml::Reader::from_str(document);
    let position = |xml: &quick_xml::Reader<&[u8]>| document.len() - xml.get_ref().len();
    while walk.open.len() <= limit {
        match xml.read_event() {
            Ok(Event::Start(start)) => walk.enter(&start, position(&xml) - 1),
            Ok(Event::Empty(start)) => {
                walk.enter(&start, position(&xml) - 2);
                walk.leave();
            }
            Ok(Event::End(_)) => walk.leave(),
            Ok(Event::Text(text)) => walk.text(is_blank(&text)),
            Ok(Event::CData(text)) => walk.text(is_blank(&text)),
            Ok(Event::GeneralRef(name)) => {
                let mut text = String::new();
                walk.text(push_reference(&name, &mut text).is_ok() && is_blank(&text));
            }
            Ok(Event::Eof) => return walk.unknown,
            Err(_) => {
                walk.text(false);
                return walk.unknown;
            }
            Ok(_) => {}
        }
    }
    walk.unknown.omitted += 1;
    walk.unknown
}

struct Walk<'a> {
    document: &'a str,
    carried: &'a Carried,
    /// From the root to the place of the walk.
    open: Vec<Open<'a>>,
    /// The names of the open elements, which is what places of one kind have in common.
    kind: String,
    /// The kinds that are listed.
    kinds: BTreeSet<String>,
    unknown: Unknown,
}

struct Open<'a> {
    name: &'a str,
    /// Its number in its list.
    index: Option<usize>,
    /// `None` if the model did not take it.
    shape: Option<Shape>,
    /// How many of its children are items so far.
    items: usize,
    /// The length of the kind that it stands in.
    outer: usize,
}

impl<'a> Walk<'a> {
    /// Takes in a start tag, of which the last byte before its bracket is given.
    fn enter(&mut self, start: &BytesStart<'_>, end: usize) {
        let open = end - start.len();
        let place = open + start.name().0.len();
        let mut name = &self.document[open..place];
        let shape = self.carried.shape(place);
        let mut index = None;
        if shape.is_some() {
            name = local(name).1;
            if let Some(Open { shape: Some(Shape::Items), items, .. }) = self.open.last_mut() {
                *items += 1;
                index = Some(*items);
            }
        }
        self.open.push(Open { name, index, shape, items: 0, outer: self.kind.len() });
        push_name(&mut self.kind, name);
        if shape.is_none() {
            self.report(None);
        }
        self.attributes(&self.document[place..end], place, shape);
    }

    fn leave(&mut self) {
        if let Some(closed) = self.open.pop() {
            self.kind.truncate(closed.outer);
        }
    }

    fn attributes(&mut self, attributes: &'a str, place: usize, shape: Option<Shape>) {
        // The reader has looked for repeated ones where it matters; here it would take for ever.
        let mut attributes = Attributes::new(attributes, 0);
        attributes.with_checks(false);
        for attribute in attributes.map_while(Result::ok) {
            let (prefix, name) = local(attribute.key.0);
            let is_declaration = prefix == "xmlns" || attribute.key.0 == "xmlns";
            // The namespaces of parts that the model did not take have not been checked.
            let is_nil = shape.is_none() && name == "nil" && !prefix.is_empty();
            if !is_declaration && !is_nil && !self.carried.has_attribute(place, name) {
                self.report(Some(&format!("@{name}")));
            }
        }
    }

    fn text(&mut self, is_blank: bool) {
        let is_taken = match self.open.last() {
            Some(Open { shape: Some(shape), .. }) => *shape == Shape::Text,
            // It is part of an element that is listed itself.
            Some(Open { shape: None, .. }) => true,
            None => false,
        };
        if !is_taken && !is_blank {
            self.report(Some(TEXT));
        }
    }

    /// Lists the innermost open element, or what it has of this name, if it is the first of its kind.
    fn report(&mut self, part: Option<&str>) {
        let whole = self.kind.len();
        if let Some(part) = part {
            push_name(&mut self.kind, part);
        }
        if !self.kinds.contains(&self.kind) {
            if self.kinds.len() < KINDS {
                self.kinds.insert(self.kind.clone());
                let path = self.path(part);
                self.unknown.paths.push(path);
            } else {
                self.unknown.omitted += 1;
            }
        }
        self.kind.truncate(whole);
    }

    fn path(&self, part: Option<&str>) -> String {
        let mut path = Path::default();
        if let Some(part) = part {
            path.prepend(part, None);
        }
        for element in self.open.iter().rev() {
            path.prepend(element.name, element.index);
        }
        path.text
    }
}

fn push_name(kind: &mut String, name: &str) {
    let end = name.char_indices().nth(NAME).map_or(name.len(), |(at, _)| at);
    kind.push('/');
    kind.push_str(&name[..end]);
}

/// Prefix and local name.
fn local(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
