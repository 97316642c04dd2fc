//! Documents that are made from the lists.

use azure_classic_protocol::xml::WINDOWS_AZURE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::outline::{Content, Element, Kind, Occurs};

/// An element of a document.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) namespace: String,
    /// Without `@`; `i:type` and `i:nil` lie in the namespace of XML Schema, others in none.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) content: Inside,
    /// Where the list has it.
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone)]
pub(crate) enum Inside {
    Nodes(Vec<Node>),
    Text(String, Kind),
}

/// What the list says of an element.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) occurs: Occurs,
    pub(crate) other_name: Option<String>,
    /// Element, version, file and line, for people.
    pub(crate) described: String,
}

impl Node {
    /// A document with everything that is listed, and `items` items in each list.
    ///
    /// Every value is another one, where its type has enough of them, and none is zero or false, which
    /// the service leaves out at times.
    pub(crate) fn full(root: &Element, items: usize) -> Self {
        Maker { items, values: 0, with_spare: false }.node(root, WINDOWS_AZURE, "")
    }

    /// The same, and what the models have only because other answers have it.
    pub(crate) fn full_with_spare(root: &Element) -> Self {
        Maker { items: 1, values: 0, with_spare: true }.node(root, WINDOWS_AZURE, "")
    }

    pub(crate) fn children(&self) -> &[Node] {
        match &self.content {
            Inside::Nodes(nodes) => nodes,
            Inside::Text(..) => &[],
        }
    }

    pub(crate) fn children_mut(&mut self) -> &mut [Node] {
        match &mut self.content {
            Inside::Nodes(nodes) => nodes,
            Inside::Text(..) => &mut [],
        }
    }

    /// Whether its children are the items of a list.
    pub(crate) fn is_list(&self) -> bool {
        self.children().iter().any(|child| child.origin.occurs == Occurs::Many)
    }
}

struct Maker {
    items: usize,
    with_spare: bool,
    /// How many values have been made.
    values: usize,
}

impl Maker {
    fn node(&mut self, element: &Element, namespace: &str, around: &str) -> Node {
        let namespace = element.namespace.as_deref().unwrap_or(namespace);
        let path = if around.is_empty() {
            element.name.clone()
        } else {
            format!("{around}/{}", element.name)
        };
        let mut attributes = Vec::new();
        let content = match &element.content {
            Content::Text(kind) => Inside::Text(self.value(*kind, element), *kind),
            Content::Unknown | Content::Part(_) => Inside::Nodes(Vec::new()),
            Content::Elements(_) => {
                let (of_attributes, children): (Vec<_>, Vec<_>) =
                    self.children(element).partition(|child| child.is_attribute());
                for attribute in of_attributes {
                    if let Content::Text(kind) = attribute.content {
                        let name = attribute.name.trim_start_matches('@').to_owned();
                        attributes.push((name, self.value(kind, attribute)));
                    }
                }
                Inside::Nodes(self.nodes(&children, namespace, &path))
            }
        };
        let since = element.since.as_deref().unwrap_or("not known");
        let origin = Origin {
            occurs: element.occurs,
            other_name: element.other_name.clone(),
            described: format!("{path} (since: {since}; {})", element.place),
        };
        Node {
            name: element.name.clone(),
            namespace: namespace.to_owned(),
            attributes,
            content,
            origin,
        }
    }

    fn children<'a>(&self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        let spare = if self.with_spare { element.spare.as_slice() } else { &[] };
        element.children().iter().chain(spare)
    }

    fn nodes(&mut self, children: &[&Element], namespace: &str, path: &str) -> Vec<Node> {
        let mut nodes = Vec::new();
        for child in children {
            let count = match (&child.content, child.occurs) {
                (Content::Unknown, _) => 0,
                (_, Occurs::Many) => self.items,
                _ => 1,
            };
            nodes.extend((0..count).map(|_| self.node(child, namespace, path)));
        }
        nodes
    }

    fn value(&mut self, kind: Kind, element: &Element) -> String {
        self.values += 1;
        let number = self.values;
        if let Some(value) = &element.value {
            return value.clone();
        }
        match kind {
            Kind::Text | Kind::Enum => format!("{} & {number}", element.name),
            // Within the range of a port, and of a status.
            Kind::Int => (100 + number % 900).to_string(),
            Kind::Bool => "true".to_owned(),
            Kind::Base64 => STANDARD.encode(format!("{} {number}", element.name)),
            Kind::Date => format!("2016-08-31T10:{:02}:{:02}Z", number / 60 % 60, number % 60),
            Kind::Uri => format!("https://contoso.example/?a={number}&b={}", element.name),
            Kind::Guid => format!("8a1e2f44-0c5b-4d0e-9a57-{number:012x}"),
            Kind::Hex => format!("{number:040X}"),
            Kind::Address => format!("10.{}.{}.4", number / 256 % 256, number % 256),
            Kind::Cidr => format!("10.{}.{}.0/24", number / 256 % 256, number % 256),
        }
    }
}
