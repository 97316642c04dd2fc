//! The XML writer: what it writes is XML, and reads as it was, here and in roxmltree.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_protocol::xml::{from_slice, to_string};
use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};

azure_classic_fuzz::target!(check);

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Thing {
    #[serde(rename(serialize = "@i:type", deserialize = "@type"))]
    kind: Option<String>,
    name: String,
    #[serde(default)]
    items: Vec<Thing>,
    inner: Option<Box<Thing>>,
}

fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let thing = grow(&mut text.split('\u{1F}').take(40));
    let carried = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    let is_writable = text.split('\u{1F}').take(40).all(|part| part.chars().all(carried));
    match to_string(&thing) {
        Ok(document) => {
            let read: Thing = from_slice(document.as_bytes()).expect("our own document");
            assert_eq!(read, thing, "{document}");
            let parsed = Document::parse(&document).expect("XML");
            compare(parsed.root_element(), &thing);
        }
        Err(error) => assert!(!is_writable, "{error}: {thing:?}"),
    }
}

/// A tree of the texts: one of odd length has an item and an inner thing behind it.
fn grow<'t>(texts: &mut impl Iterator<Item = &'t str>) -> Thing {
    grow_below(texts, 12)
}

fn grow_below(texts: &mut dyn Iterator<Item = &str>, depth: u32) -> Thing {
    let Some(name) = texts.next() else { return Thing::default() };
    let mut thing = Thing { name: name.to_owned(), ..Thing::default() };
    if depth > 0 && name.len() % 2 == 1 {
        thing.items.push(grow_below(texts, depth - 1));
        thing.kind = texts.next().map(str::to_owned);
        thing.inner = Some(Box::new(grow_below(texts, depth - 1)));
    }
    thing
}

fn compare(element: Node<'_, '_>, thing: &Thing) {
    let elements: Vec<_> = element.children().filter(Node::is_element).collect();
    let text = |element: &Node<'_, '_>| -> String {
        element.children().filter_map(|child| child.text()).collect()
    };
    assert_eq!(text(&elements[0]), thing.name);
    let kind = element.attribute(("http://www.w3.org/2001/XMLSchema-instance", "type"));
    assert_eq!(kind, thing.kind.as_deref());
    let items = elements[1].children().filter(Node::is_element);
    for (element, thing) in items.zip(&thing.items) {
        compare(element, thing);
    }
    if let Some(inner) = &thing.inner {
        compare(elements[2], inner);
    }
}
