//! The namespaces in force at one place of the document.

use std::borrow::Cow;

use crate::xml::error::ReadError;
use crate::xml::{Reader, SCHEMA_INSTANCE};

/// The meaning of a namespace for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The root's, or one that the caller named.
    Known,
    /// That of `nil`.
    SchemaInstance,
    Other,
}

#[derive(Debug)]
struct Binding<'de> {
    /// Empty for the default namespace.
    prefix: &'de str,
    uri: Cow<'de, str>,
    meaning: Meaning,
    /// How many elements are open inside the one that declares it, that one included.
    depth: usize,
}

#[derive(Debug)]
pub(super) struct Namespaces<'de> {
    reader: &'de Reader<'de>,
    bindings: Vec<Binding<'de>>,
    /// How many declarations there have been, in force or not.
    all: usize,
    /// Elements without a prefix are known here.
    pub(super) default_known: bool,
    /// A prefix stands for a known namespace, so that names must be looked at.
    pub(super) prefixed: bool,
    /// The depth of the innermost element that declares anything; 0 if none does.
    pub(super) innermost: usize,
}

impl<'de> Namespaces<'de> {
    pub(super) fn new(reader: &'de Reader<'de>) -> Self {
        let mut namespaces = Self {
            reader,
            bindings: Vec::new(),
            all: 0,
            default_known: false,
            prefixed: false,
            innermost: 0,
        };
        namespaces.settle();
        namespaces
    }

    /// Takes a declaration on the element that is the `depth`th open one.
    pub(super) fn declare(
        &mut self,
        prefix: &'de str,
        uri: Cow<'de, str>,
        depth: usize,
    ) -> Result<(), ReadError> {
        let limit = self.reader.limits.namespaces;
        if self.bindings.len() >= limit {
            return Err(ReadError::element(format!(
                "more than {limit} namespaces are declared (Limits::namespaces)"
            )));
        }
        self.reader.limits.check_name(&uri)?;
        self.all += 1;
        let limit = self.reader.limits.total_namespaces;
        if self.all > limit {
            return Err(ReadError::element(format!(
                "the document has more than {limit} declarations of namespaces \
                 (Limits::all_namespaces)"
            )));
        }
        let meaning = self.meaning(&uri);
        self.bindings.push(Binding { prefix, uri, meaning, depth });
        self.settle();
        Ok(())
    }

    /// Forgets the declarations of the `depth`th open element and of those inside it.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|binding| binding.depth >= depth) {
            self.bindings.pop();
        }
        self.settle();
    }

    /// Whether the element's name is in a known namespace, and its name without the prefix.
    pub(super) fn resolve(&self, name: &'de str) -> (bool, &'de str) {
        match name.split_once(':') {
            None => (self.default_known, name),
            Some((prefix, local)) => (self.means(prefix, Meaning::Known), local),
        }
    }

    pub(super) fn is_schema_instance(&self, prefix: &str) -> bool {
        self.means(prefix, Meaning::SchemaInstance)
    }

    /// The namespace that the name lies in; empty if in none.
    pub(super) fn of(&self, name: &str) -> Cow<'de, str> {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        self.find(prefix).map_or(Cow::Borrowed(""), |binding| binding.uri.clone())
    }

    fn means(&self, prefix: &str, meaning: Meaning) -> bool {
        self.find(prefix).is_some_and(|binding| binding.meaning == meaning)
    }

    fn find(&self, prefix: &str) -> Option<&Binding<'de>> {
        self.bindings.iter().rev().find(|binding| binding.prefix == prefix)
    }

    fn meaning(&self, uri: &str) -> Meaning {
        if uri == self.reader.namespace || self.reader.also.contains(&uri) {
            Meaning::Known
        } else if uri == SCHEMA_INSTANCE {
            Meaning::SchemaInstance
        } else {
            Meaning::Other
        }
    }

    fn settle(&mut self) {
        let default = self.find("").map(|binding| binding.meaning);
        self.default_known = default.unwrap_or_else(|| self.meaning("")) == Meaning::Known;
        self.prefixed = self
            .bindings
            .iter()
            .any(|binding| !binding.prefix.is_empty() && binding.meaning == Meaning::Known);
        self.innermost = self.bindings.last().map_or(0, |binding| binding.depth);
    }
}
