//! Documents as text, plain and in every other form that means the same.

use std::fmt::Write as _;

use crate::document::{Inside, Node};
use crate::outline::Kind;

/// How a document is written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Style {
    /// Put before every name, instead of the default namespace.
    pub(crate) prefix: Option<&'static str>,
    /// Strews comments, processing instructions and white space between the elements, and writes
    /// texts as CDATA, as references and in pieces.
    pub(crate) noise: Option<fastrand::Rng>,
}

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl Style {
    pub(crate) fn write(mut self, root: &Node) -> String {
        let mut text = String::new();
        self.between(&mut text);
        self.element(root, None, &mut text);
        text
    }

    fn element(&mut self, node: &Node, around: Option<&str>, text: &mut String) {
        let name = match self.prefix {
            Some(prefix) => format!("{prefix}:{}", node.name),
            None => node.name.clone(),
        };
        // The prefix `i` is nothing but a habit of the service.
        let schema = if self.prefix.is_some() { "schema" } else { "i" };
        let _ = write!(text, "<{name}");
        if around != Some(&node.namespace) {
            let colon = if self.prefix.is_some() { ":" } else { "" };
            let prefix = self.prefix.unwrap_or_default();
            let _ = write!(text, " xmlns{colon}{prefix}=\"{}\"", node.namespace);
        }
        if around.is_none() {
            let _ = write!(text, " xmlns:{schema}=\"{SCHEMA_INSTANCE}\"");
        }
        for (name, value) in &node.attributes {
            let name = name.replacen("i:", &format!("{schema}:"), 1);
            let _ = write!(text, " {name}=\"{}\"", escaped(value));
        }
        match &node.content {
            Inside::Nodes(nodes) if nodes.is_empty() => text.push_str("/>"),
            Inside::Nodes(nodes) => {
                text.push('>');
                for node_inside in nodes {
                    self.between(text);
                    self.element(node_inside, Some(&node.namespace), text);
                }
                self.between(text);
                let _ = write!(text, "</{name}>");
            }
            Inside::Text(value, kind) => {
                text.push('>');
                self.value(value, *kind, text);
                let _ = write!(text, "</{name}>");
            }
        }
    }

    fn between(&mut self, text: &mut String) {
        let Some(noise) = &mut self.noise else { return };
        for _ in 0..noise.usize(..3) {
            text.push_str(match noise.usize(..4) {
                0 => "\r\n    ",
                1 => "<!-- <Name>contoso</Name> -->",
                2 => "<?contoso version=\"2\"?>",
                _ => "\n",
            });
        }
    }

    fn value(&mut self, value: &str, kind: Kind, text: &mut String) {
        let Some(noise) = &mut self.noise else {
            text.push_str(&escaped(value));
            return;
        };
        let padding = if matches!(kind, Kind::Int | Kind::Bool) { "\n  " } else { "" };
        text.push_str(padding);
        let cut = noise.usize(..=value.len());
        for piece in [&value[..cut], &value[cut..]] {
            match noise.usize(..4) {
                0 => {
                    let _ = write!(text, "<![CDATA[{piece}]]>");
                }
                1 => piece.bytes().for_each(|byte| {
                    let _ = write!(text, "&#x{byte:X};");
                }),
                2 => {
                    let _ = write!(text, "<!-- contoso -->{}", escaped(piece));
                }
                _ => text.push_str(&escaped(piece)),
            }
        }
        text.push_str(padding);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
