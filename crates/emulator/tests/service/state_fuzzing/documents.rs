//! Documents as nobody would write them, that mean what is wanted all the same.

use std::fmt::Write as _;

use fastrand::Rng;

/// An element with what is in it.
#[derive(Debug, Clone)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
enum Child {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), children: Vec::new() }
    }

    pub(super) fn text(name: &'static str, text: impl Into<String>) -> Self {
        let children = vec![Child::Text(text.into())];
        Self { children, ..Self::new(name) }
    }

    pub(super) fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    pub(super) fn with(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children.into_iter().map(Child::Element));
        self
    }

    /// The document, in this namespace. Which prefixes there are, and where, is up to chance, and so
    /// is all that means nothing.
    pub(super) fn write(&self, namespace: &str, rng: &mut Rng) -> String {
        let mut text = String::new();
        if rng.u8(..4) == 0 {
            text.push_str("<?xml version='1.0' encoding=\"utf-8\" ?>\n");
        }
        write_noise(&mut text, rng);
        self.write_into(&mut text, namespace, &[], rng);
        write_noise(&mut text, rng);
        text
    }

    /// `bound` are the prefixes that mean the namespace here; the empty one is the default.
    fn write_into(
        &self,
        into: &mut String,
        namespace: &str,
        bound: &[&'static str],
        rng: &mut Rng,
    ) {
        const PREFIXES: [&str; 4] = ["", "a", "b", "ns-1.x"];
        let mut bound = bound.to_vec();
        let mut declared = String::new();
        for prefix in PREFIXES {
            let name =
                if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            match rng.u8(..12) {
                0 | 1 => {
                    write!(
                        declared,
                        " {name}={quote}{namespace}{quote}",
                        quote = random_quote(rng)
                    )
                    .unwrap();
                    bound.push(prefix);
                }
                // It means something else from here on, unless nothing would be left.
                2 if bound.iter().any(|own| *own != prefix) => {
                    write!(declared, " {name}='urn:other'").unwrap();
                    bound.retain(|own| *own != prefix);
                }
                _ => {}
            }
        }
        if bound.is_empty() {
            write!(declared, " xmlns=\"{namespace}\"").unwrap();
            bound.push("");
        }
        let prefix = bound[rng.usize(..bound.len())];
        let name = if prefix.is_empty() {
            self.name.to_owned()
        } else {
            format!("{prefix}:{}", self.name)
        };
        into.push('<');
        into.push_str(&name);
        into.push_str(&declared);
        for (name, value) in &self.attributes {
            let quote = random_quote(rng);
            write!(into, "{}{name}{}={quote}", random_space(rng), ["", " "][rng.usize(..2)])
                .unwrap();
            for c in value.chars() {
                write_character(into, c, true, rng);
            }
            into.push(quote);
        }
        into.push_str(["", " ", "\n\t"][rng.usize(..3)]);
        if self.children.is_empty() && rng.bool() {
            return into.push_str("/>");
        }
        into.push('>');
        for child in &self.children {
            match child {
                Child::Element(element) => {
                    write_noise(into, rng);
                    element.write_into(into, namespace, &bound, rng);
                }
                Child::Text(text) => write_value(into, text, rng),
            }
        }
        if !matches!(self.children.first(), Some(Child::Text(_))) {
            write_noise(into, rng);
        }
        write!(into, "</{name}{}>", ["", " ", "\r\n"][rng.usize(..3)]).unwrap();
    }
}

/// What means nothing where elements stand.
fn write_noise(into: &mut String, rng: &mut Rng) {
    into.push_str(match rng.u8(..14) {
        0 => "<!-- </Role> <a> /> & ]]> -->",
        1 => "<?php echo '</NetworkConfiguration/>' ?>",
        2 => "\r\n  ",
        3 => "<!---->",
        4 => "\t\n<!-- <NetworkConfiguration/> -->\n",
        _ => "",
    });
}

/// A text, in pieces of every kind.
fn write_value(into: &mut String, text: &str, rng: &mut Rng) {
    for c in text.chars() {
        match rng.u8(..40) {
            0 => into.push_str("<!-- & < -->"),
            1 => into.push_str("<?x ?>"),
            2 if c != ']' && c != '>' && c != '\r' => {
                write!(into, "<![CDATA[{c}]]>").unwrap();
                continue;
            }
            _ => {}
        }
        write_character(into, c, false, rng);
    }
}

fn write_character(into: &mut String, c: char, is_in_attribute: bool, rng: &mut Rng) {
    match c {
        '<' => into.push_str("&lt;"),
        '&' => into.push_str("&amp;"),
        '>' if !is_in_attribute => into.push_str("&gt;"),
        '"' => into.push_str("&quot;"),
        '\'' => into.push_str("&apos;"),
        '\r' | '\n' | '\t' => write!(into, "&#{};", u32::from(c)).unwrap(),
        c if rng.u8(..30) == 0 => write!(into, "&#x{:X};", u32::from(c)).unwrap(),
        c => into.push(c),
    }
}

fn random_quote(rng: &mut Rng) -> char {
    if rng.bool() { '"' } else { '\'' }
}

fn random_space(rng: &mut Rng) -> &'static str {
    ["  ", " ", "\n", "\t "][rng.usize(..4)]
}
