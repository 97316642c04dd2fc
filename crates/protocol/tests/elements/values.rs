//! Values that the models do not expect.

use serde_json::Value;

use crate::document::{Inside, Node};
use crate::render::Style;
use crate::{assert_none, responses, variants};

/// None is a value of every type, and some are of none but text.
const UNEXPECTED: [&str; 9] = [
    "-1",
    "4294967296",
    "99999999999999999999",
    "3.5",
    "maybe",
    "2016-02-30T25:61:00",
    "//8=",
    "not base64!",
    "\u{202e}",
];

#[test]
fn an_unexpected_value_never_costs_the_response_and_is_kept_or_reported() {
    let mut wrong = Vec::new();
    for (reader, response) in responses() {
        let document = Node::full(&response, 1);
        for way in variants::ways(&document) {
            let mut node = variants::at(&document, &way).clone();
            let Inside::Text(_, kind) = node.content else { continue };
            let (document, way) = variants::along(&document, &way);
            for text in UNEXPECTED {
                node.content = Inside::Text(text.to_owned(), kind);
                let document = variants::with(&document, &way, Some(node.clone()));
                let described = &node.origin.described;
                match reader.read_with_unknown(&Style::default().write(&document)) {
                    Err(error) => wrong.push(format!("{}: {error}: {described}", reader.name)),
                    Ok((output, unknown)) => {
                        let end = format!("/{}/text()", node.name);
                        let is_reported = unknown.paths.iter().any(|path| path.ends_with(&end));
                        if !is_reported && !holds(&output, text) {
                            wrong.push(format!("{}: {text:?} is lost: {described}", reader.name));
                        }
                    }
                }
            }
        }
    }
    assert_none(&wrong);
}

/// Whether the text is somewhere in the value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(string) => string == text,
        Value::Number(number) => number.to_string() == text,
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(fields) => fields.values().any(|field| holds(field, text)),
        Value::Null | Value::Bool(_) => false,
    }
}
