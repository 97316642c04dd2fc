//! Reads request bodies as the service did: with a WCF data contract.
//!
//! A contract is a sequence of elements. An element is silently skipped if it is out of order, unknown to the
//! contract, in another namespace, or newer than the `x-ms-version` of the request. The parser shares nothing
//! with the protocol crate, so that the two cannot agree on a mistake.

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::xml::{Limits, WINDOWS_AZURE};
use azure_classic_text::sanitize;
use roxmltree::{Document, Node, ParsingOptions};

use super::api_error::ApiError;
use super::diagnostics::Diagnostics;
use super::truncate::truncate;

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// More than any honest request or configuration has. The parser compares each attribute of an element
/// with each other one, and sorts all namespaces of a document: these limits keep that below what it
/// takes to read the bytes.
const LIMITS: Limits = Limits {
    depth: 64,
    attributes: 32,
    total_attributes: 200_000,
    namespaces: 32,
    total_namespaces: 4_096,
    elements: 200_000,
    name: 1024,
    text: 8 << 20,
    bytes: 8 << 20,
};

/// The bytes of a document that cannot be expensive, whatever it holds.
const MAX_VALUE_CHARACTERS: usize = 4096;

/// Elements and texts.
const MAX_NODES: u32 = 200_000;

/// How many bytes of a foreign name a note quotes.
const MAX_NAME_CHARACTERS: usize = 100;

/// The elements of a request in their order, each with the version that brought it.
pub(crate) struct Contract {
    pub(crate) root: &'static str,
    pub(crate) members: &'static [(&'static str, ApiVersion)],
}

/// The content of an element according to the contract.
pub(crate) struct Fields<'a> {
    found: Vec<(&'static str, Node<'a, 'a>)>,
    version: ApiVersion,
    diagnostics: &'a Diagnostics,
}

/// Reads XML from bytes, in time that is linear in them. A document type declaration is refused.
pub(crate) fn parse(bytes: &[u8]) -> Result<Document<'_>, String> {
    let checked = LIMITS.check(bytes).map_err(|error| error.to_string());
    // The form of a short document is explained better by the parser, and costs nothing.
    if bytes.len() > MAX_VALUE_CHARACTERS {
        checked?;
        return parse_unchecked(bytes);
    }
    let document = parse_unchecked(bytes)?;
    checked.map(|()| document)
}

fn parse_unchecked(bytes: &[u8]) -> Result<Document<'_>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("it is not UTF-8: {error}"))?;
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| describe_error(error, text))
}

/// Describes an error in a text. The parser shows an unexpected character by its first byte.
fn describe_error(error: roxmltree::Error, text: &str) -> String {
    use roxmltree::Error::{InvalidChar, InvalidChar2};

    let (expected, place) = match error {
        InvalidChar(expected, 0x80.., place) => (format!("'{}'", char::from(expected)), place),
        InvalidChar2(expected, 0x80.., place) => (expected.to_owned(), place),
        other => return other.to_string(),
    };
    let line = text.split('\n').nth(place.row.saturating_sub(1) as usize).unwrap_or_default();
    let found = line.chars().nth(place.col.saturating_sub(1) as usize);
    let found = found.unwrap_or(char::REPLACEMENT_CHARACTER);
    format!("expected {expected} not '{}' at {place}", sanitize(&found.to_string()))
}

/// The root of a body, if it is called so.
pub(crate) fn root_of<'a>(
    document: &'a Document<'a>,
    name: &str,
) -> Result<Node<'a, 'a>, ApiError> {
    let root = document.root_element();
    if root.has_tag_name((WINDOWS_AZURE, name)) {
        return Ok(root);
    }
    Err(ApiError::bad_xml(format!(
        "The body must be the element {name} in the namespace {WINDOWS_AZURE}."
    )))
}

/// The text of an element, across comments, CDATA and references.
pub(crate) fn text_of(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|child| child.text()).collect()
}

pub(crate) fn is_nil(node: Node<'_, '_>) -> bool {
    matches!(node.attribute((SCHEMA_INSTANCE, "nil")), Some("true" | "1"))
}

impl Contract {
    pub(crate) fn read<'a>(
        &self,
        document: &'a Document<'a>,
        version: ApiVersion,
        diagnostics: &'a Diagnostics,
    ) -> Result<Fields<'a>, ApiError> {
        Ok(self.fields(root_of(document, self.root)?, version, diagnostics))
    }

    fn fields<'a>(
        &self,
        element: Node<'a, 'a>,
        version: ApiVersion,
        diagnostics: &'a Diagnostics,
    ) -> Fields<'a> {
        let mut found = Vec::with_capacity(self.members.len());
        let mut next = 0;
        for child in element.children().filter(Node::is_element) {
            let is_meant =
                |(name, _): &(&'static str, ApiVersion)| child.has_tag_name((WINDOWS_AZURE, *name));
            let Some(skipped) = self.members[next..].iter().position(is_meant) else {
                diagnostics.add(|| self.skip_reason(child, self.members.iter().any(is_meant)));
                continue;
            };
            let (name, since) = self.members[next + skipped];
            next += skipped + 1;
            if version >= since {
                found.push((name, child));
            } else {
                diagnostics.add(|| {
                    format!("{}/{name} is skipped: it needs the x-ms-version {since}", self.root)
                });
            }
        }
        Fields { found, version, diagnostics }
    }

    fn skip_reason(&self, child: Node<'_, '_>, is_known: bool) -> String {
        let name = child.tag_name();
        let why = match name.namespace() {
            Some(WINDOWS_AZURE) if is_known => "it comes twice or too late".to_owned(),
            Some(WINDOWS_AZURE) => "it is not known here".to_owned(),
            other => {
                format!(
                    "its namespace is {:?}",
                    truncate(other.unwrap_or_default(), MAX_NAME_CHARACTERS)
                )
            }
        };
        format!("{}/{} is skipped: {why}", self.root, truncate(name.name(), MAX_NAME_CHARACTERS))
    }
}

impl<'a> Fields<'a> {
    /// The element, unless it is absent or nil.
    pub(crate) fn node(&self, name: &str) -> Option<Node<'a, 'a>> {
        self.found
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, node)| *node)
            .filter(|node| !is_nil(*node))
    }

    /// The content of an element with child elements.
    pub(crate) fn inner(&self, contract: &Contract) -> Option<Fields<'a>> {
        self.node(contract.root).map(|node| contract.fields(node, self.version, self.diagnostics))
    }

    /// The items of a list, each of which is read by the contract that is named as they are.
    pub(crate) fn items(&self, list: &str, contract: &Contract) -> Vec<Fields<'a>> {
        let items = self.node(list).into_iter().flat_map(|list| list.children());
        items
            .filter(|item| item.has_tag_name((WINDOWS_AZURE, contract.root)) && !is_nil(*item))
            .map(|item| contract.fields(item, self.version, self.diagnostics))
            .collect()
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.node(name).map(text_of)
    }

    pub(crate) fn required(&self, name: &str) -> Result<String, ApiError> {
        self.required_node(name).map(text_of)
    }

    pub(crate) fn required_node(&self, name: &str) -> Result<Node<'a, 'a>, ApiError> {
        self.node(name).ok_or_else(|| {
            ApiError::bad_xml(format!("The element {name} is missing or not in its place."))
        })
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.trim() {
            "true" | "True" | "1" => Ok(Some(true)),
            "false" | "False" | "0" => Ok(Some(false)),
            _ => Err(ApiError::bad_xml(format!("The element {name} must be true or false."))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: Contract = Contract {
        root: "Order",
        members: &[
            ("First", ApiVersion::V2009_10_01),
            ("Second", ApiVersion::V2012_03_01),
            ("Third", ApiVersion::V2009_10_01),
        ],
    };

    fn read(children: &str, version: ApiVersion) -> Vec<(String, String)> {
        let body = format!(
            "<Order xmlns='{WINDOWS_AZURE}' xmlns:x='{SCHEMA_INSTANCE}' xmlns:o='urn:other'>{children}</Order>"
        );
        let document = parse(body.as_bytes()).unwrap();
        let diagnostics = Diagnostics::default();
        let fields =
            CONTRACT.read(&document, version, &diagnostics).unwrap_or_else(|_| panic!("{body}"));
        ["First", "Second", "Third"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), fields.text(name)?)))
            .collect()
    }

    fn names(children: &str) -> String {
        let fields = read(children, ApiVersion::DEFAULT);
        fields.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn elements_out_of_order_are_skipped() {
        assert_eq!(
            names("<First>1</First><Second>2</Second><Third>3</Third>"),
            "First Second Third"
        );
        assert_eq!(names("<Second/><First/><Third/>"), "Second Third");
        assert_eq!(names("<Third/><First/><Second/>"), "Third");
        assert_eq!(names("<First/><First>again</First><Unknown/><Third/>"), "First Third");
    }

    #[test]
    fn other_namespaces_and_nil_count_as_absent() {
        assert_eq!(names("<o:First/><Second x:nil='true'/><Third/>"), "Third");
        assert_eq!(names("<First xmlns='urn:other'/>"), "");
    }

    #[test]
    fn newer_elements_are_skipped_but_keep_their_position() {
        let fields = read("<Second/><First/><Third/>", ApiVersion::V2010_04_01);
        assert_eq!(fields, [("Third".to_owned(), String::new())]);
    }

    #[test]
    fn skipped_elements_are_reported_with_the_reason() {
        let body = format!(
            "<Order xmlns='{WINDOWS_AZURE}'><Second/><First/><Fourth/><Third xmlns='urn:other'/></Order>"
        );
        let document = parse(body.as_bytes()).unwrap();
        let diagnostics = Diagnostics::default();
        CONTRACT
            .read(&document, ApiVersion::V2010_04_01, &diagnostics)
            .unwrap_or_else(|_| panic!());
        assert_eq!(
            diagnostics.into_list(),
            [
                "Order/Second is skipped: it needs the x-ms-version 2012-03-01",
                "Order/First is skipped: it comes twice or too late",
                "Order/Fourth is skipped: it is not known here",
                "Order/Third is skipped: its namespace is \"urn:other\"",
            ]
        );
    }

    #[test]
    fn text_is_joined() {
        let fields = read("<First>a<!-- c -->&amp;<![CDATA[<b>]]></First>", ApiVersion::DEFAULT);
        assert_eq!(fields[0].1, "a&<b>");
    }

    #[test]
    fn other_documents_are_rejected() {
        for body in [
            "",
            "<Order",
            "not xml",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><Order>&b;</Order>",
            "<Order>&#0;</Order>",
        ] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(parse(b"<a>\xff</a>").is_err());
        let other = parse(b"<Order/>").unwrap();
        assert!(CONTRACT.read(&other, ApiVersion::DEFAULT, &Diagnostics::default()).is_err());
    }

    #[test]
    fn errors_show_the_whole_unexpected_character() {
        for (text, found) in [
            ("<a b=\u{201d}c\u{201d}/>", "not '\u{201d}' at 1:6"),
            ("<a>\n</a\u{e9}>", "\u{e9}"),
            ("<a>\u{e9}\n \u{1f600}<b c=\u{1f600}/></a>", "not '\u{1f600}' at 2:8"),
            ("<a b=\u{202e}c/>", "not '\\u{202e}' at 1:6"),
        ] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert!(error.contains(found), "{text}: {error}");
        }
    }

    #[test]
    fn hostile_documents_are_rejected_within_limits() {
        let deep = "<a>".repeat(1_000_000);
        assert!(parse(deep.as_bytes()).is_err());
        let closed = format!("{}{}", "<a>".repeat(150_000), "</a>".repeat(150_000));
        drop(parse(closed.as_bytes()));
        let wide = format!("<a>{}</a>", "<b/>".repeat(1_000_000));
        assert!(parse(wide.as_bytes()).is_err());
    }
}
