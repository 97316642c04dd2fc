//! Changes a document of another author, and keeps the rest of it byte for byte.
//!
//! A change is made twice: in the text, and in the list of what the text means. The new text counts
//! only if it parses and means what the list says. A slip in the one is found by the other.

use std::ops::Range;

use roxmltree::{Attribute, Document, Node, NodeId};

use super::contract::parse;

/// A change of a document.
pub(crate) enum Change<'d> {
    /// The attribute of the element gets another value.
    Attribute(Node<'d, 'd>, Attribute<'d, 'd>, String),
    /// The elements become the last ones in this one.
    Append(Node<'d, 'd>, Nested<'d>),
    /// The element gives way to these elements, which are in its parent's namespace.
    Replace(Node<'d, 'd>, Nested<'d>),
    /// The element goes, with all that is in it.
    Remove(Node<'d, 'd>),
}

/// Elements of which each but the last holds the next one alone; the last may have an attribute.
/// All are in the namespace of the element that they come into.
pub(crate) struct Nested<'d> {
    pub(crate) names: &'d [&'d str],
    pub(crate) attribute: Option<(&'d str, String)>,
}

/// The text with a change, or why there is none. Prefixes, declarations, comments and the layout stay
/// as they are.
pub(crate) fn apply(text: &str, change: &Change<'_>) -> Result<String, String> {
    let (place, by) = change.in_text(text);
    let mut changed = text.to_owned();
    changed.replace_range(place, &by);

    let before = change.document();
    let after =
        parse(changed.as_bytes()).map_err(|error| format!("it would not parse: {error}"))?;
    let mut expected = read(before);
    change.in_list(&mut expected);
    if merge_text(expected) != merge_text(read(&after)) {
        return Err("it would change more than it should".to_owned());
    }
    drop(after);
    Ok(changed)
}

impl<'d> Change<'d> {
    fn document(&self) -> &'d Document<'d> {
        match self {
            Self::Attribute(node, ..)
            | Self::Append(node, _)
            | Self::Replace(node, _)
            | Self::Remove(node) => node.document(),
        }
    }

    /// The part of the text that is replaced, and what comes into its place.
    fn in_text(&self, text: &str) -> (Range<usize>, String) {
        match self {
            Self::Attribute(_, attribute, value) => (attribute.range_value(), escape(value)),
            Self::Append(parent, nested) => {
                let name = qualified_name(*parent, text);
                let own = &text[parent.range()];
                let written = nested.to_xml(prefix(name));
                let Range { start, end } = parent.range();
                if let Some(tag) = own.strip_suffix("/>") {
                    return (start + tag.len()..end, format!(">{written}</{name}>"));
                }
                // Nothing that looks like one can follow the end tag.
                let tag = start + own.rfind("</").unwrap_or(own.len());
                (tag..tag, written)
            }
            Self::Replace(node, nested) => {
                let parent = node.parent_element().unwrap_or(*node);
                (node.range(), nested.to_xml(prefix(qualified_name(parent, text))))
            }
            Self::Remove(node) => (node.range(), String::new()),
        }
    }

    fn in_list(&self, items: &mut Vec<(NodeId, Item<'d>)>) {
        let at = |items: &[(NodeId, Item<'_>)], node: Node<'_, '_>| {
            let mut own = items.iter().enumerate().filter(|(_, (id, _))| *id == node.id());
            let open = own.next().map_or(0, |(at, _)| at);
            open..own.next().map_or(open, |(at, _)| at)
        };
        match self {
            Self::Attribute(node, attribute, value) => {
                let at = at(items, *node).start;
                if let Item::Open { attributes, .. } = &mut items[at].1 {
                    let own = attributes.iter_mut().find(|(namespace, name, _)| {
                        (*namespace, *name) == (attribute.namespace(), attribute.name())
                    });
                    if let Some((.., own)) = own {
                        own.clone_from(value);
                    }
                }
            }
            Self::Append(parent, nested) => {
                let end = at(items, *parent).end;
                items.splice(end..end, nested.items(*parent));
            }
            Self::Replace(node, nested) => {
                let Range { start, end } = at(items, *node);
                items.splice(start..=end, nested.items(node.parent_element().unwrap_or(*node)));
            }
            Self::Remove(node) => {
                let Range { start, end } = at(items, *node);
                items.drain(start..=end);
            }
        }
    }
}

impl<'d> Nested<'d> {
    /// With the prefix that the namespace has in the element that they come into.
    fn to_xml(&self, prefix: &str) -> String {
        let inner = match &self.attribute {
            Some((name, value)) => format!(" {name}=\"{}\" />", escape(value)),
            None => " />".to_owned(),
        };
        let mut names = self.names.iter().rev();
        let innermost = names.next().map(|name| format!("<{prefix}{name}{inner}"));
        names.fold(innermost.unwrap_or_default(), |written, name| {
            format!("<{prefix}{name}>{written}</{prefix}{name}>")
        })
    }

    fn items(&self, parent: Node<'d, 'd>) -> Vec<(NodeId, Item<'d>)> {
        let namespace = parent.tag_name().namespace();
        let last = self.names.len().saturating_sub(1);
        let opened = self.names.iter().enumerate().map(|(at, name)| {
            let attribute = self.attribute.as_ref().filter(|_| at == last);
            let attributes = attribute.map(|(name, value)| (None, *name, value.clone()));
            Item::Open { namespace, name, attributes: attributes.into_iter().collect() }
        });
        let closed = self.names.iter().map(|_| Item::Close);
        opened.chain(closed).map(|item| (parent.id(), item)).collect()
    }
}

/// The meaning of a document, in order; names by their namespaces, regardless of prefixes.
#[derive(Debug, PartialEq, Eq)]
enum Item<'d> {
    Open {
        namespace: Option<&'d str>,
        name: &'d str,
        /// In the order of their names.
        attributes: Vec<(Option<&'d str>, &'d str, String)>,
    },
    Close,
    Text(String),
    Comment(&'d str),
    Instruction(&'d str, Option<&'d str>),
}

fn read<'d>(document: &'d Document<'d>) -> Vec<(NodeId, Item<'d>)> {
    let mut items = Vec::new();
    let root = document.root();
    let mut next = root.first_child();
    while let Some(mut node) = next {
        if node.is_element() {
            items.push((node.id(), open(node)));
        } else if let Some(instruction) = node.pi() {
            items.push((node.id(), Item::Instruction(instruction.target, instruction.value)));
        } else if let Some(text) = node.text() {
            let is_comment = node.is_comment();
            let text = if is_comment { Item::Comment(text) } else { Item::Text(text.to_owned()) };
            items.push((node.id(), text));
        }
        next = node.first_child();
        // Up to where something follows.
        while next.is_none() {
            if node.is_element() {
                items.push((node.id(), Item::Close));
            }
            next = node.next_sibling();
            match node.parent() {
                Some(parent) if next.is_none() && parent != root => node = parent,
                _ => break,
            }
        }
    }
    items
}

fn open<'d>(node: Node<'d, 'd>) -> Item<'d> {
    let name = node.tag_name();
    let mut attributes: Vec<_> =
        node.attributes().map(|it| (it.namespace(), it.name(), it.value().to_owned())).collect();
    attributes.sort();
    Item::Open { namespace: name.namespace(), name: name.name(), attributes }
}

/// With one text where there are several beside each other.
fn merge_text<'d>(items: Vec<(NodeId, Item<'d>)>) -> Vec<Item<'d>> {
    let mut joined: Vec<Item<'d>> = Vec::with_capacity(items.len());
    for (_, item) in items {
        match (joined.last_mut(), item) {
            (_, Item::Text(more)) if more.is_empty() => {}
            (Some(Item::Text(text)), Item::Text(more)) => text.push_str(&more),
            (_, item) => joined.push(item),
        }
    }
    joined
}

/// An element's name as it is written, with its prefix.
fn qualified_name<'t>(node: Node<'_, '_>, text: &'t str) -> &'t str {
    let tag = &text[node.range()][1..];
    let name = tag.split(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).next();
    name.unwrap_or_default()
}

/// The prefix of a name as it is written, with its colon.
fn prefix(name: &str) -> &str {
    name.find(':').map_or("", |colon| &name[..=colon])
}

/// The value of an attribute, whatever the quotes around it.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            c => escaped.push(c),
        }
    }
    escaped
}
