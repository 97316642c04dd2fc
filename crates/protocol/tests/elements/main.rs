//! Holds the models against the elements that `docs/elements` lists for every answer.
//!
//! A failure names the operation, the element and the file. Where a model is right and the list is
//! not, the list is what changes.

#![expect(clippy::disallowed_methods, reason = "a test reads the lists from files")]

mod document;
mod operations;
mod outline;
mod render;
mod values;
mod variants;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use azure_classic_protocol::{Bytes, Endpoint, GetDeployment};
use fastrand::Rng;
use serde_json::Value;

use self::document::Node;
use self::operations::Reader;
use self::outline::{Content, Element, Lists, Occurs};
use self::render::Style;

/// From where the variants grow; another number gives other ones.
const SEED: u64 = 20_110_110;

/// How many documents are made of each kind of variant.
const DOCUMENTS: usize = 4;

#[test]
fn every_listed_element_is_in_its_model() {
    let mut wrong = Vec::new();
    for (reader, response) in responses() {
        let document = Node::full(&response, 2);
        match reader.read_with_unknown(&Style::default().write(&document)) {
            Err(error) => wrong.push(format!("{}: {error}", response.place)),
            Ok((_, unknown)) => wrong.extend(unknown.paths.iter().map(|path| {
                let place = origin(&document, path);
                format!("{}: the model lacks {path}: {place}", reader.name)
            })),
        }
    }
    assert_none(&wrong);
}

#[test]
fn no_model_has_more_than_is_listed() {
    let mut wrong = Vec::new();
    for (reader, response) in responses() {
        let document = Node::full_with_spare(&response);
        let Ok(output) = reader.read(&Style::default().write(&document)) else {
            continue; // Reported by the test above.
        };
        let mut unfilled = BTreeSet::new();
        find_unfilled(&output, "", &mut unfilled);
        let mut unknown = BTreeSet::new();
        find_unknown(&response, &mut unknown);
        unfilled.retain(|path| !unknown.contains(path.rsplit('/').next().unwrap_or(path)));
        wrong.extend(unfilled.iter().map(|path| {
            let name = reader.name;
            format!("{name}: the model has {path:?}, which is not listed: {}", response.place)
        }));
    }
    assert_none(&wrong);
}

#[test]
fn every_response_that_is_read_has_a_list() {
    let lists = lists();
    let needs_one =
        |reader: &&Reader| !lists.responses.contains_key(reader.name) && reader.read("").is_err();
    let wrong: Vec<String> = operations::all()
        .iter()
        .filter(needs_one)
        .map(|reader| format!("{}: docs/elements has no list of its response", reader.name))
        .collect();
    assert_none(&wrong);
}

#[test]
fn the_order_of_elements_does_not_matter() {
    assert_same(|mut document, rng| {
        variants::shuffle(&mut document, rng);
        Style::default().write(&document)
    });
}

#[test]
fn unknown_neighbours_do_not_matter() {
    assert_same(|mut document, rng| {
        variants::add_strangers(&mut document, rng);
        Style::default().write(&document)
    });
}

#[test]
fn prefixes_do_not_matter() {
    assert_same(|document, _| Style { prefix: Some("a"), ..Style::default() }.write(&document));
}

#[test]
fn comments_instructions_and_white_space_do_not_matter() {
    assert_same(|document, rng| {
        Style { noise: Some(rng.fork()), ..Style::default() }.write(&document)
    });
}

#[test]
fn all_of_it_together_does_not_matter() {
    assert_same(|mut document, rng| {
        variants::shuffle(&mut document, rng);
        variants::add_strangers(&mut document, rng);
        Style { prefix: Some("wire"), noise: Some(rng.fork()) }.write(&document)
    });
}

#[test]
fn absent_nil_and_empty_are_the_same() {
    let mut wrong = Vec::new();
    for (reader, response) in responses() {
        let document = Node::full(&response, 1);
        for way in variants::ways(&document) {
            let node = variants::at(&document, &way);
            if node.origin.occurs == Occurs::Many {
                continue; // An empty item is an item; a list without items is its wrapper's case.
            }
            let (document, way) = variants::along(&document, &way);
            let read = |other: Option<Node>| {
                let document = variants::with(&document, &way, other);
                reader.read(&Style::default().write(&document)).map(without_nothing)
            };
            let absent = read(None);
            for nothing in variants::nothings(node) {
                if let Err(why) = compare_nothing(node, &absent, &read(Some(nothing))) {
                    wrong.push(format!("{}: {why}: {}", reader.name, node.origin.described));
                }
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn misprinted_names_are_read_too() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (reader, response) in responses() {
        let document = Node::full(&response, 1);
        let plain = reader.read(&Style::default().write(&document));
        for way in variants::ways(&document) {
            let mut node = variants::at(&document, &way).clone();
            let Some(other_name) = node.origin.other_name.clone() else { continue };
            node.name = other_name;
            let described = node.origin.described.clone();
            let document = variants::with(&document, &way, Some(node));
            let other = reader.read(&Style::default().write(&document));
            tried += 1;
            if other != plain {
                wrong.push(format!("{}: not read by its other name: {described}", reader.name));
            }
        }
    }
    assert_none(&wrong);
    assert!(tried > 0, "no list has a name with `or`");
}

#[test]
fn errors_are_read_whole() {
    let lists = lists();
    let document = Node::full(&lists.parts["Error"], 2);
    let body = Style::default().write(&document);
    let response = http::Response::builder().status(409).body(Bytes::from(body)).unwrap();
    let error = Endpoint::response::<GetDeployment>(&response).unwrap_err();
    let error = error.service_error().expect("409 is a refusal").body();

    let mut unfilled = BTreeSet::new();
    find_unfilled(&serde_json::to_value(error).unwrap(), "", &mut unfilled);
    assert_eq!(unfilled, BTreeSet::new(), "not listed: {}", lists.parts["Error"].place);
    assert_eq!(error.configuration_warnings.len(), 2);
}

/// The lists of the answers to operations that are here.
fn responses() -> Vec<(Reader, Element)> {
    let mut lists = lists();
    let with_list = |reader: Reader| Some((lists.responses.remove(reader.name)?, reader));
    let responses: Vec<_> = operations::all()
        .into_iter()
        .filter_map(with_list)
        .map(|(response, reader)| (reader, response))
        .collect();
    assert!(!responses.is_empty(), "no operation that is here has a list of its response");
    responses
}

fn lists() -> Lists {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/elements");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).expect("docs/elements is there") {
        let name = entry.expect("docs/elements can be listed").file_name();
        let name = name.into_string().expect("names are UTF-8");
        if Path::new(&name).extension().is_some_and(|end| end == "txt") {
            let text = fs::read_to_string(folder.join(&name)).expect("a list can be read");
            files.push((format!("docs/elements/{name}"), text));
        }
    }
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    Lists::parse(files).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads every answer plainly and in several variants, and expects the same.
fn assert_same(mut vary: impl FnMut(Node, &mut Rng) -> String) {
    let mut wrong = Vec::new();
    for (reader, response) in responses() {
        let document = Node::full(&response, 2);
        let plain = reader.read(&Style::default().write(&document));
        for number in 0..DOCUMENTS as u64 {
            let mut rng = Rng::with_seed(SEED + number);
            let varied = reader.read(&vary(document.clone(), &mut rng));
            if varied != plain {
                let difference = match (&plain, &varied) {
                    (Ok(plain), Ok(varied)) => first_difference(plain, varied, ""),
                    (_, Err(error)) | (Err(error), _) => error.clone(),
                };
                wrong.push(format!(
                    "{}: document {number} is read otherwise: {difference}: {}",
                    reader.name, response.place
                ));
            }
        }
    }
    assert_none(&wrong);
}

/// What is wrong about an element with nothing in it, given what its absence makes of the document.
fn compare_nothing(
    node: &Node,
    absent: &Result<Value, String>,
    nothing: &Result<Value, String>,
) -> Result<(), String> {
    match (absent, nothing) {
        (Ok(absent), Ok(nothing)) if absent == nothing => Ok(()),
        (Ok(absent), Ok(nothing)) => {
            Err(format!("differs from absent: {}", first_difference(absent, nothing, "")))
        }
        // The models require what names a thing, and no number can be made of nothing.
        (_, Err(error)) if node.origin.occurs == Occurs::Once && error.contains(&node.name) => {
            Ok(())
        }
        (Err(error), Ok(_)) if node.origin.occurs == Occurs::Once && error.contains(&node.name) => {
            Ok(())
        }
        (Err(error), _) | (_, Err(error)) => Err(format!("cannot be read without it: {error}")),
    }
}

/// The value without what stands for nothing in it.
fn without_nothing(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| (name, without_nothing(value)));
            Value::Object(fields.filter(|(_, value)| !is_nothing(value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nothing).collect()),
        value => value,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(value) => value.as_f64() == Some(0.0),
        Value::String(value) => value.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

/// The keys, without indices, at which there is nothing.
fn find_unfilled(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                find_unfilled(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                find_unfilled(item, path, found);
            }
        }
        value if is_nothing(value) => {
            found.insert(path.trim_start_matches('/').to_owned());
        }
        _ => {}
    }
}

/// The names of the elements of which nobody knows what is in them, so that no document has them.
fn find_unknown<'a>(element: &'a Element, found: &mut BTreeSet<&'a str>) {
    if element.content == Content::Unknown {
        found.insert(&element.name);
    }
    for child in element.children() {
        find_unknown(child, found);
    }
}

fn first_difference(one: &Value, other: &Value, path: &str) -> String {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            let differs = names.into_iter().find(|name| one.get(*name) != other.get(*name));
            let name = differs.map_or("", |name| name);
            let null = Value::Null;
            let (one, other) = (one.get(name).unwrap_or(&null), other.get(name).unwrap_or(&null));
            first_difference(one, other, &format!("{path}/{name}"))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let at = one.iter().zip(other).position(|(one, other)| one != other).unwrap_or(0);
            first_difference(&one[at], &other[at], &format!("{path}[{}]", at + 1))
        }
        _ => format!("{path} is {one} and {other}"),
    }
}

/// Where the list has the element of a path such as `Deployment/RoleList/Role[2]/RoleName`.
fn origin<'a>(root: &'a Node, path: &str) -> &'a str {
    let mut node = root;
    for step in path.split('/').skip(1) {
        let name = step.split('[').next().unwrap_or(step);
        match node.children().iter().find(|child| child.name == name) {
            Some(child) => node = child,
            None => break,
        }
    }
    &node.origin.described
}

#[track_caller]
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} findings\n{}", wrong.len(), wrong.join("\n"));
}
