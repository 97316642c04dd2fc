//! Rust types from lists of elements.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::FILL_IN;
use super::names::{field, pascal};
use crate::elements::{Content, Element, Kind, Occurs};

/// The names that every file of an operation imports from the crate and that types must not have.
const RESERVED_NAMES: &[&str] =
    &["Body", "Idempotency", "Metadata", "Method", "Model", "Operation", "RequestBuilder"];

/// A field of a struct.
pub(super) struct Field {
    pub(super) name: String,
    /// Without the `Option` around it.
    pub(super) kind: String,
    pub(super) is_optional: bool,
    /// The name on the wire, where it is not the field's in another case.
    rename: Option<String>,
    pub(super) element: String,
    pub(super) since: Option<String>,
}

impl Field {
    pub(super) fn is_list(&self) -> bool {
        self.kind.starts_with("Vec<")
    }

    /// Its type.
    pub(super) fn full_kind(&self) -> String {
        if self.is_optional && !self.is_list() {
            format!("Option<{}>", self.kind)
        } else {
            self.kind.clone()
        }
    }
}

/// How the elements become types: types that are written, or that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// The declarations that the elements of one body need.
pub(super) struct Types {
    direction: Direction,
    /// The names of types of this crate that are used.
    pub(super) used: BTreeSet<&'static str>,
    declared: BTreeSet<String>,
    pub(super) text: String,
}

impl Types {
    pub(super) fn new(purpose: Direction) -> Self {
        let (used, declared) = (BTreeSet::new(), BTreeSet::new());
        Self { direction: purpose, used, declared, text: String::new() }
    }

    /// The fields of a struct with what is in the element; types for what is in them are declared.
    pub(super) fn fields(&mut self, element: &Element) -> Vec<Field> {
        element.children().iter().filter_map(|child| self.field(child)).collect()
    }

    fn field(&mut self, element: &Element) -> Option<Field> {
        let mut kind = self.kind(element)?;
        if element.occurs == Occurs::Many {
            kind = format!("Vec<{kind}>");
        }
        let name = field(element.name.trim_start_matches('@'));
        let is_named_so = pascal(&name) == element.name;
        // The name and the state of a resource are required; the others may be absent, whatever the list
        // says.
        let names_it = ["Name", "Id", "Status"].contains(&element.name.as_str());
        let is_optional = match self.direction {
            Direction::Request => element.occurs == Occurs::Optional,
            Direction::Response => !names_it,
        };
        Some(Field {
            name,
            kind,
            is_optional,
            rename: (!is_named_so).then(|| element.name.clone()),
            element: element.name.clone(),
            since: element.since.clone(),
        })
    }

    /// The type of what is in the element; none where that is not known.
    fn kind(&mut self, element: &Element) -> Option<String> {
        let named = match &element.content {
            Content::Unknown | Content::Part(_) => return None,
            Content::Text(Kind::Int) => "u32",
            Content::Text(Kind::Bool) => "bool",
            Content::Text(Kind::Base64) => self.use_crate_type("Base64Text"),
            Content::Text(Kind::Date) => self.use_crate_type("DateTime"),
            Content::Text(_) => "String",
            Content::Elements(_) if element.name == "ExtendedProperties" => {
                self.use_crate_type("ExtendedProperty");
                "Vec<ExtendedProperty>"
            }
            Content::Elements(children) => {
                return match children.as_slice() {
                    [item] if item.occurs == Occurs::Many => {
                        Some(format!("Vec<{}>", self.item(item)?))
                    }
                    _ => Some(self.declare(element)),
                };
            }
        };
        Some(named.to_owned())
    }

    fn use_crate_type(&mut self, name: &'static str) -> &'static str {
        self.used.insert(name);
        name
    }

    /// The type of an item, which defines the name of its element.
    fn item(&mut self, item: &Element) -> Option<String> {
        if !item.children().is_empty() {
            return Some(self.declare(item));
        }
        let name = pascal(&item.name);
        let kind = self.kind(item)?;
        if self.declared.insert(name.clone()) {
            let rename = rename(&name, &item.name);
            let derives = self.derives();
            let _ = write!(
                self.text,
                "\n/// {FILL_IN}: what it is.\n{derives}{rename}pub struct {name}(pub {kind});\n"
            );
        }
        Some(name)
    }

    /// Declares a struct; its name.
    pub(super) fn declare(&mut self, element: &Element) -> String {
        let mut name = pascal(&element.name);
        if RESERVED_NAMES.contains(&name.as_str()) {
            name.push_str("Element");
        }
        if !self.declared.insert(name.clone()) {
            return name;
        }
        let derives = self.derives();
        if let [item] = element.children()
            && item.occurs == Occurs::Many
        {
            let rename = rename(&name, &element.name);
            let item = self.item(item).unwrap_or_else(|| "()".to_owned());
            let list = format!("pub struct {name}(pub Vec<{item}>);\n");
            let _ = write!(self.text, "\n/// {FILL_IN}: what it is.\n{derives}{rename}{list}");
            return name;
        }
        let fields = self.fields(element);
        let rename = if name == element.name {
            "#[serde(rename_all = \"PascalCase\")]\n".to_owned()
        } else {
            format!("#[serde(rename = \"{}\", rename_all = \"PascalCase\")]\n", element.name)
        };
        let _ = write!(
            self.text,
            "\n/// {FILL_IN}: what it is.\n{derives}{rename}pub struct {name} {{\n"
        );
        for field in &fields {
            let since =
                field.since.as_deref().filter(|since| element.since.as_deref() != Some(since));
            let since = match since {
                Some("undocumented") => " Undocumented.".to_owned(),
                Some(since) => format!(" Since {}.", since.replace('~', "about ")),
                None => String::new(),
            };
            let _ = writeln!(self.text, "    /// {FILL_IN}.{since}");
            self.text.push_str(&attributes(field, self.direction));
            let _ = writeln!(self.text, "    pub {}: {},", field.name, field.full_kind());
        }
        self.text.push_str("}\n");
        name
    }

    fn derives(&self) -> &'static str {
        match self.direction {
            Direction::Request => "#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]\n",
            Direction::Response => {
                "#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]\n"
            }
        }
    }
}

/// The attributes of a field, indented.
pub(super) fn attributes(field: &Field, purpose: Direction) -> String {
    let mut attributes = Vec::new();
    if let Some(rename) = &field.rename {
        // Attributes are written with the prefix of their namespace and read without it.
        match rename.strip_prefix("@i:") {
            Some(local) => attributes
                .push(format!("rename(serialize = \"@i:{local}\", deserialize = \"@{local}\")")),
            None => attributes.push(format!("rename = \"{rename}\"")),
        }
    }
    match purpose {
        Direction::Response if field.is_list() => attributes.push("default".to_owned()),
        Direction::Request if field.is_list() && field.is_optional => {
            attributes.push("skip_serializing_if = \"Vec::is_empty\"".to_owned());
        }
        _ => {}
    }
    if attributes.is_empty() {
        String::new()
    } else {
        format!("    #[serde({})]\n", attributes.join(", "))
    }
}

fn rename(name: &str, element: &str) -> String {
    if name == element { String::new() } else { format!("#[serde(rename = \"{element}\")]\n") }
}
