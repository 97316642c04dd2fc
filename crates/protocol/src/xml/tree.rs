//! A document for callers that change a part of it and keep the rest unchanged.
//!
//! Elements and their attributes are parsed; everything else is kept as the original text.

use super::read;
use super::write::push_escaped;
use super::{ReadError, Reader, WriteError, declaration};

/// A document that writes as it was read, but for a byte order mark, and a declaration of another
/// encoding than UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(super) before: String,
    pub(crate) root: Element,
    pub(super) after: String,
}

impl Document {
    /// Reads a document whose root has this name, in the reader's namespace.
    pub(crate) fn read(
        reader: &Reader<'_>,
        root: &'static str,
        text: &str,
    ) -> Result<Self, ReadError> {
        read::document(reader, root, text)
    }

    /// Writes it.
    pub(crate) fn write(&self) -> String {
        let (declared, before) = declaration::split(&self.before);
        let mut text = format!("{}{before}", declaration::corrected(declared));
        self.root.write(&mut text);
        text.push_str(&self.after);
        text
    }
}

/// The content of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Element(Element),
    /// Text, comments, references and the like, up to the next tag.
    Text(String),
}

/// An element with all that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// With its prefix.
    pub(super) name: String,
    /// In the namespace that the reader knows.
    pub(super) known: bool,
    pub(super) attributes: Vec<Attribute>,
    /// White space before the start tag's end.
    pub(super) gap: String,
    pub(super) children: Vec<Node>,
    /// The end tag; empty if there is none (`<X/>`).
    pub(super) end: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(super) name: String,
    pub(super) value: String,
    /// How it is written, with the white space before it.
    pub(super) text: String,
}

impl Element {
    /// Whether it has this name, in the namespace that the reader knows.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.known && self.name.rsplit(':').next() == Some(name)
    }

    /// The value of an attribute of no namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.iter().find(|attribute| attribute.name == name)?;
        Some(&attribute.value)
    }

    /// Gives an attribute a number for its value, in its place, or adds it.
    pub(crate) fn set_number(&mut self, name: &str, value: u32) {
        self.put(Attribute::plain(name, &value.to_string()));
    }

    /// Gives an attribute another value, in its place, or adds it.
    pub(crate) fn set_attribute(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        self.put(Attribute::new(name, value)?);
        Ok(())
    }

    fn put(&mut self, attribute: Attribute) {
        match self.attributes.iter_mut().find(|present| present.name == attribute.name) {
            Some(present) => {
                let space = present.text.len() - present.text.trim_ascii_start().len();
                present.text.replace_range(space.., attribute.text.trim_ascii_start());
                present.value = attribute.value;
            }
            None => self.attributes.push(attribute),
        }
    }

    /// The child elements of this name.
    pub(crate) fn children(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(move |node| node.element(name))
    }

    /// The child elements of this name, to be changed.
    pub(crate) fn children_mut(&mut self, name: &str) -> impl Iterator<Item = &mut Self> {
        self.children.iter_mut().filter_map(move |node| node.element_mut(name))
    }

    /// The first child element of this name, which is made, empty, if there is none: after the last
    /// child element that there is.
    pub(crate) fn child_or_new(&mut self, name: &str) -> &mut Self {
        if self.children(name).next().is_none() {
            self.push(self.empty(name));
        }
        self.children_mut(name).next().expect("it was there or has just been added")
    }

    /// An empty element of this name that is to stand inside this one.
    pub(crate) fn empty(&self, name: &str) -> Self {
        match self.name.rsplit_once(':') {
            Some((prefix, _)) => self.bare(format!("{prefix}:{name}")),
            None => self.bare(name.to_owned()),
        }
    }

    /// An empty element of this one's own name.
    pub(crate) fn stub(&self) -> Self {
        self.bare(self.name.clone())
    }

    fn bare(&self, name: String) -> Self {
        Self {
            name,
            known: self.known,
            attributes: Vec::new(),
            gap: " ".to_owned(),
            children: Vec::new(),
            end: String::new(),
        }
    }

    /// Adds a child after the last child element, on its own line if that has one.
    pub(crate) fn push(&mut self, child: Self) {
        if self.end.is_empty() {
            self.end = format!("</{}>", self.name);
            self.gap.clear();
        }
        let last = self.children.iter().rposition(|node| matches!(node, Node::Element(_)));
        let mut at = last.map_or(0, |last| last + 1);
        let indent = match last.and_then(|last| last.checked_sub(1)).map(|at| &self.children[at]) {
            Some(Node::Text(text)) => text[text.trim_ascii_end().len()..].to_owned(),
            _ => String::new(),
        };
        if !indent.is_empty() {
            self.children.insert(at, Node::Text(indent));
            at += 1;
        }
        self.children.insert(at, Node::Element(child));
    }

    /// Removes the child elements for which this holds, each with the white space before it, and returns
    /// their number.
    pub(crate) fn remove(&mut self, mut is_meant: impl FnMut(&Self) -> bool) -> usize {
        let mut kept: Vec<Node> = Vec::with_capacity(self.children.len());
        let mut removed = 0;
        for node in self.children.drain(..) {
            match node {
                Node::Element(element) if is_meant(&element) => {
                    removed += 1;
                    if let Some(Node::Text(text)) = kept.last_mut() {
                        text.truncate(text.trim_ascii_end().len());
                    }
                }
                node => kept.push(node),
            }
        }
        self.children = kept;
        removed
    }

    fn write(&self, into: &mut String) {
        into.push('<');
        into.push_str(&self.name);
        for attribute in &self.attributes {
            into.push_str(&attribute.text);
        }
        into.push_str(&self.gap);
        into.push_str(if self.end.is_empty() { "/>" } else { ">" });
        for node in &self.children {
            match node {
                Node::Element(element) => element.write(into),
                Node::Text(text) => into.push_str(text),
            }
        }
        into.push_str(&self.end);
    }
}

impl Node {
    fn element(&self, name: &str) -> Option<&Element> {
        match self {
            Self::Element(element) if element.is(name) => Some(element),
            _ => None,
        }
    }

    fn element_mut(&mut self, name: &str) -> Option<&mut Element> {
        match self {
            Self::Element(element) if element.is(name) => Some(element),
            _ => None,
        }
    }
}

impl Attribute {
    fn new(name: &str, value: &str) -> Result<Self, WriteError> {
        let mut escaped = String::new();
        push_escaped(value, true, &mut escaped)
            .map_err(|error| error.inside(&format!("@{name}"), None))?;
        Ok(Self { value: value.to_owned(), ..Self::plain(name, &escaped) })
    }

    /// An attribute whose value needs no escapes.
    fn plain(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            text: format!(" {name}=\"{value}\""),
        }
    }
}
