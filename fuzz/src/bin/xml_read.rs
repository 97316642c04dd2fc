//! The XML reader: it comes to an end, and reads what roxmltree reads wherever both accept a document.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_protocol::xml::{Reader, from_slice, root_name};
use roxmltree::{Document, Node};
use serde::Deserialize;
use serde::de::IgnoredAny;

azure_classic_fuzz::target!(check);

/// One element of each shape that the models of operations have.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Thing {
    #[serde(rename = "@kind")]
    kind: Option<String>,
    name: Option<String>,
    count: Option<u32>,
    locked: Option<bool>,
    #[serde(default)]
    items: Vec<Thing>,
    inner: Option<Box<Thing>>,
}

fn check(data: &[u8]) {
    let root = root_name(data);
    let _ = from_slice::<IgnoredAny>(data);
    let plain = from_slice::<Thing>(data);
    match (plain, Reader::new().read_with_unknown::<Thing>(data)) {
        (Ok(plain), Ok((with_unknown, _))) => {
            assert_eq!(plain, with_unknown);
            compare_with_roxmltree(data, root.as_deref(), &plain);
        }
        (Err(plain), Err(with_unknown)) => assert_eq!(plain.to_string(), with_unknown.to_string()),
        (plain, with_unknown) => panic!("only one of the two reads it: {plain:?} {with_unknown:?}"),
    }
}

/// Where a document is beyond XML (characters that it forbids, undeclared prefixes), the reader is more
/// lenient on purpose.
fn compare_with_roxmltree(data: &[u8], root: Option<&str>, thing: &Thing) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(document) = Document::parse(text) else { return };
    let element = document.root_element();
    assert_eq!(root, Some(element.tag_name().name()));
    compare(element, thing);
}

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

fn compare(element: Node<'_, '_>, thing: &Thing) {
    let name = child(element, "Name").and_then(text_of);
    assert_eq!(thing.name.as_deref().map(with_line_feeds), name.as_deref().map(with_line_feeds));
    let locked = child(element, "Locked").and_then(text_of);
    let locked = locked.map(|text| matches!(text.trim_ascii(), "true" | "1"));
    assert_eq!(thing.locked, locked);
    let inner = child(element, "Inner").filter(|inner| !is_nothing(*inner));
    assert_eq!(thing.inner.is_some(), inner.is_some());
    if let (Some(thing), Some(inner)) = (&thing.inner, inner) {
        compare(inner, thing);
    }
}

fn child<'a, 'i>(element: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    let namespace = azure_classic_protocol::xml::WINDOWS_AZURE;
    element.children().find(|child| child.has_tag_name((namespace, name)))
}

/// Nil, or without any content.
fn is_nothing(element: Node<'_, '_>) -> bool {
    let nil = element.attribute((XSI, "nil")).map(str::trim_ascii);
    matches!(nil, Some("true" | "1"))
        || !element.children().any(|child| child.is_element() || child.is_text())
}

/// roxmltree leaves a carriage return before a reference as it is, where XML has a line feed.
fn with_line_feeds(text: &str) -> String {
    text.replace('\r', "\n")
}

fn text_of(element: Node<'_, '_>) -> Option<String> {
    let nil = element.attribute((XSI, "nil")).map(str::trim_ascii);
    if matches!(nil, Some("true" | "1")) {
        return None;
    }
    let text: String =
        element.children().filter(Node::is_text).filter_map(|child| child.text()).collect();
    Some(text).filter(|text| !text.is_empty())
}
