//! The lists of `docs/elements`; the README there explains their form.
//!
//! Shared by the test of the models and by `xtask`, which takes this file up by its path.

use std::collections::BTreeMap;
use std::mem;

/// Every list, with its parts filled in.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    /// By the name of the operation.
    pub(crate) requests: BTreeMap<String, Element>,
    /// By the name of the operation.
    pub(crate) responses: BTreeMap<String, Element>,
    /// By the name of the part.
    pub(crate) parts: BTreeMap<String, Element>,
}

/// An element with what is in it, or an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// Attributes begin with `@`.
    pub(crate) name: String,
    pub(crate) other_name: Option<String>,
    pub(crate) occurs: Occurs,
    pub(crate) content: Content,
    /// The only value known.
    pub(crate) value: Option<String>,
    pub(crate) namespace: Option<String>,
    /// As written, or that of the element around it; `undocumented` too.
    pub(crate) since: Option<String>,
    /// Requests leave it out.
    pub(crate) unsent: bool,
    /// The part whose model it shares, though less than the part has ever comes here.
    like: Option<String>,
    /// What the part that it is like has besides.
    pub(crate) spare: Vec<Element>,
    /// File and line.
    pub(crate) place: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occurs {
    Once,
    Optional,
    Many,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Elements(Vec<Element>),
    Text(Kind),
    Part(String),
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Enum,
    Int,
    Bool,
    Base64,
    Date,
    Uri,
    Guid,
    Hex,
    Address,
    Cidr,
}

impl Element {
    pub(crate) fn children(&self) -> &[Element] {
        match &self.content {
            Content::Elements(children) => children,
            _ => &[],
        }
    }

    pub(crate) fn is_attribute(&self) -> bool {
        self.name.starts_with('@')
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        [Some(&self.name), self.other_name.as_ref()].into_iter().flatten()
    }
}

impl Lists {
    /// Reads files, given as path and text.
    pub(crate) fn parse<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, String> {
        let mut lists = Self::default();
        for (path, text) in files {
            lists.add_file(path, text)?;
        }
        let parts = lists.parts.clone();
        let lists_of_all = [&mut lists.requests, &mut lists.responses, &mut lists.parts];
        for list in lists_of_all.into_iter().flat_map(BTreeMap::values_mut) {
            list.fill_in(None, &parts, 0)?;
        }
        Ok(lists)
    }

    fn add_file(&mut self, path: &str, text: &str) -> Result<(), String> {
        let mut uses: Vec<(&str, &str)> = Vec::new();
        // The element of each depth that is still open, the root first.
        let mut open: Vec<Element> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let place = format!("{path}:{}", index + 1);
            let wrong = |what: &str| Err(format!("{place}: {what}"));
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(header) = line.split_once(": ").filter(|(use_, _)| !use_.contains(' ')) {
                if !open.is_empty() {
                    self.close(&mut open, mem::take(&mut uses))?;
                }
                uses.push(header);
                continue;
            }
            let content = line.trim_start();
            let indent = line.len() - content.len();
            let depth = indent / 2;
            if indent % 2 != 0 || depth > open.len() {
                return wrong("is indented by something else than two spaces per level");
            } else if depth == 0 && (!open.is_empty() || uses.is_empty()) {
                return wrong("a root needs `request:`, `response:` or `part:` before it");
            }
            while open.len() > depth {
                shut_last(&mut open)?;
            }
            open.push(Element::parse(content, &place)?);
        }
        if open.is_empty() { Ok(()) } else { self.close(&mut open, uses) }
    }

    fn close(&mut self, open: &mut Vec<Element>, uses: Vec<(&str, &str)>) -> Result<(), String> {
        while open.len() > 1 {
            shut_last(open)?;
        }
        let root = open.pop().expect("something is open");
        for (what, name) in uses {
            let lists = match what {
                "request" => &mut self.requests,
                "response" => &mut self.responses,
                "part" => &mut self.parts,
                _ => return Err(format!("{}: {what:?} is no use of a list", root.place)),
            };
            if lists.insert(name.to_owned(), root.clone()).is_some() {
                return Err(format!("{}: a second {what} of {name:?}", root.place));
            }
        }
        Ok(())
    }
}

/// Puts the last open element into the one before it.
fn shut_last(open: &mut Vec<Element>) -> Result<(), String> {
    let last = open.pop().expect("something is open");
    let around = open.last_mut().expect("a root is never shut");
    let Content::Elements(children) = &mut around.content else {
        return Err(format!("{}: {} has a type, so nothing is in it", last.place, around.name));
    };
    if children.iter().any(|child| child.names().any(|name| last.names().any(|own| own == name))) {
        return Err(format!("{}: a second {} in {}", last.place, last.name, around.name));
    }
    children.push(last);
    Ok(())
}

impl Element {
    fn parse(line: &str, place: &str) -> Result<Self, String> {
        let wrong = |what: String| format!("{place}: {what}");
        let (line, note) = line.split_once(" # ").unwrap_or((line, ""));
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let (name, occurs) = match (name.strip_suffix('?'), name.strip_suffix('*')) {
            (Some(name), _) => (name, Occurs::Optional),
            (_, Some(name)) => (name, Occurs::Many),
            _ => (name, Occurs::Once),
        };
        let mut element = Self {
            name: name.to_owned(),
            other_name: None,
            occurs,
            content: Content::Elements(Vec::new()),
            value: None,
            namespace: None,
            since: None,
            unsent: false,
            like: None,
            spare: Vec::new(),
            place: place.to_owned(),
        };
        while let Some(token) = words.next() {
            let mut argument = || {
                let next = words.next().map(str::to_owned);
                next.ok_or_else(|| wrong(format!("nothing follows {token:?}")))
            };
            match token {
                "as" => element.content = Content::Part(argument()?),
                "like" => element.like = Some(argument()?),
                "or" => element.other_name = Some(argument()?),
                "=" => element.value = Some(argument()?),
                "in" => element.namespace = Some(argument()?),
                "unknown" => element.content = Content::Unknown,
                "undocumented" => element.since = Some(token.to_owned()),
                "unsent" if note.is_empty() => {
                    return Err(wrong("`unsent` needs its reason: `# …`".to_owned()));
                }
                "unsent" => element.unsent = true,
                _ if is_date(token.trim_start_matches('~')) => {
                    element.since = Some(token.to_owned());
                }
                _ => match Kind::parse(token) {
                    Some(kind) => element.content = Content::Text(kind),
                    None => return Err(wrong(format!("{token:?} is not known here"))),
                },
            }
        }
        Ok(element)
    }

    /// Replaces parts by what is in them, and hands `since` down.
    fn fill_in(
        &mut self,
        since: Option<&str>,
        parts: &BTreeMap<String, Element>,
        depth: usize,
    ) -> Result<(), String> {
        let described = format!("{}: {}", self.place, self.name);
        let wrong = |what: &str| Err(format!("{described} {what}"));
        if depth > 40 {
            return wrong("contains itself");
        }
        let part = |name: &String| {
            let part = parts.get(name);
            part.ok_or_else(|| format!("{described} is {name:?}, which is no part of any file"))
        };
        if let Content::Part(name) = &self.content {
            let part = part(name)?;
            self.since = self.since.take().or_else(|| part.since.clone());
            self.content = part.content.clone();
            self.namespace = self.namespace.take().or_else(|| part.namespace.clone());
        }
        self.since = self.since.take().or_else(|| since.map(str::to_owned));
        if let Some(name) = &self.like {
            let mut part = part(name)?.clone();
            part.fill_in(None, parts, depth + 1)?;
            let listed = self.children();
            let is_listed = |spare: &Element| listed.iter().any(|child| child.name == spare.name);
            self.spare =
                part.children().iter().filter(|spare| !is_listed(spare)).cloned().collect();
        }
        let Content::Elements(children) = &mut self.content else { return Ok(()) };
        if children.is_empty() {
            return wrong("has neither a type nor elements in it");
        }
        children
            .iter_mut()
            .try_for_each(|child| child.fill_in(self.since.as_deref(), parts, depth + 1))
    }
}

impl Kind {
    fn parse(token: &str) -> Option<Self> {
        Some(match token {
            "text" => Self::Text,
            "enum" => Self::Enum,
            "int" => Self::Int,
            "bool" => Self::Bool,
            "base64" => Self::Base64,
            "date" => Self::Date,
            "uri" => Self::Uri,
            "guid" => Self::Guid,
            "hex" => Self::Hex,
            "address" => Self::Address,
            "cidr" => Self::Cidr,
            _ => return None,
        })
    }
}

fn is_date(token: &str) -> bool {
    token.len() == 10 && token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}
