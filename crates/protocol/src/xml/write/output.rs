//! The document that is being written: tags, attributes and texts, escaped.

use crate::xml::{SCHEMA_INSTANCE, WriteError};

pub(super) struct Output {
    text: String,
    /// The root's, and by default that of all elements.
    namespace: &'static str,
    /// The last start tag lacks its `>`, so that attributes can still follow.
    in_tag: bool,
    /// Where the root's start tag can take another declaration.
    declarations: usize,
    /// The prefix `i` is used.
    instance_prefix: bool,
}

impl Output {
    pub(super) fn new(namespace: &'static str) -> Self {
        Self {
            text: String::new(),
            namespace,
            in_tag: false,
            declarations: 0,
            instance_prefix: false,
        }
    }

    /// Begins an element; the first one is the root and declares the default namespace.
    pub(super) fn open(&mut self, name: &str) {
        let is_root = self.text.is_empty();
        self.end_tag();
        self.text.push('<');
        self.text.push_str(name);
        if is_root {
            self.text.push_str(" xmlns=\"");
            self.text.push_str(self.namespace);
            self.text.push('"');
            self.declarations = self.text.len();
        }
        self.in_tag = true;
    }

    /// Ends the element that [`open`](Self::open) started.
    pub(super) fn close(&mut self, name: &str) {
        if self.in_tag {
            self.text.push_str("/>");
            self.in_tag = false;
            return;
        }
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// Writes an element with nothing but a text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        self.open(name);
        if !text.is_empty() {
            self.end_tag();
            push_escaped(text, false, &mut self.text)?;
        }
        self.close(name);
        Ok(())
    }

    /// Writes an element that says to be without a value.
    pub(super) fn nil(&mut self, name: &str) -> Result<(), WriteError> {
        self.open(name);
        self.attribute("i:nil", "true")?;
        self.close(name);
        Ok(())
    }

    /// Adds an attribute to the element just started.
    pub(super) fn attribute(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        if !self.in_tag {
            return Err(WriteError::new("an attribute must stand before the first element"));
        }
        self.instance_prefix |= name.starts_with("i:");
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        push_escaped(value, true, &mut self.text)?;
        self.text.push('"');
        Ok(())
    }

    /// How far the writing has come.
    pub(super) fn position(&self) -> usize {
        self.text.len()
    }

    /// The name of the element that was started at this position, or after the tag that was open then.
    pub(super) fn name_at(&self, position: usize) -> Option<&str> {
        let started = self.text.get(position..)?;
        let name = started.trim_start_matches('>').strip_prefix('<')?;
        name.split([' ', '>', '/']).next()
    }

    pub(super) fn finish(mut self) -> Result<String, WriteError> {
        if self.text.is_empty() {
            return Err(WriteError::new("a document needs a value, and there is none"));
        }
        if self.instance_prefix {
            let declaration = format!(" xmlns:i=\"{SCHEMA_INSTANCE}\"");
            self.text.insert_str(self.declarations, &declaration);
        }
        Ok(self.text)
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.text.push('>');
            self.in_tag = false;
        }
    }
}

/// Appends a text so that it reads as it is.
pub(in crate::xml) fn push_escaped(
    text: &str,
    in_attribute: bool,
    into: &mut String,
) -> Result<(), WriteError> {
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        let escape = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            // A reader would make line ends of these, and spaces inside an attribute.
            '\r' => "&#13;",
            '"' if in_attribute => "&quot;",
            '\t' if in_attribute => "&#9;",
            '\n' if in_attribute => "&#10;",
            '\t' | '\n' => continue,
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => {
                let code = u32::from(character);
                return Err(WriteError::new(format!(
                    "XML cannot contain the character U+{code:04X}"
                )));
            }
            _ => continue,
        };
        into.push_str(&text[plain..at]);
        into.push_str(escape);
        plain = at + character.len_utf8();
    }
    into.push_str(&text[plain..]);
    Ok(())
}
