//! What was sent, held against the lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use azure_classic_protocol::ApiVersion;
use bytes::Bytes;
use http::Request;
use roxmltree::{Document, Node};

use super::outline::{Content, Element, Lists, Occurs};
use crate::harness::{Harness, NAMESPACE};

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The paths of the elements that came, by operation, and what was wrong with them.
pub(super) struct SentElements {
    lists: Lists,
    paths: BTreeMap<String, BTreeSet<String>>,
    pub(super) errors: BTreeSet<String>,
}

impl SentElements {
    pub(super) fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/elements");
        let files: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "txt"))
            .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
            .collect();
        let lists = Lists::parse(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        Self { lists: lists.unwrap(), paths: BTreeMap::new(), errors: BTreeSet::new() }
    }

    /// Asks for this in every version.
    pub(super) fn read(&mut self, harness: &mut Harness, path: &str) {
        self.read_in_every_version(harness, |harness| harness.request("GET", path, ""));
    }

    pub(super) fn read_without_subscription(&mut self, harness: &mut Harness, path: &str) {
        self.read_in_every_version(harness, |harness| {
            let mut request = harness.request("GET", "", "");
            *request.uri_mut() = path.parse().unwrap();
            request
        });
    }

    fn read_in_every_version(
        &mut self,
        harness: &mut Harness,
        request: impl Fn(&Harness) -> Request<Bytes>,
    ) {
        let usual = harness.version;
        for version in ApiVersion::KNOWN {
            harness.version = version.to_string().leak();
            let request = request(harness);
            self.record(harness, &request);
        }
        harness.version = usual;
    }

    /// Sends it, and looks at the answer if it is one.
    pub(super) fn record(&mut self, harness: &mut Harness, request: &Request<Bytes>) {
        let reply = harness.handle(request);
        if reply.0.status() != 200 {
            return;
        }
        let entry = harness.simulator.journal().entries().next_back().unwrap();
        let operation = entry.operation.unwrap().to_owned();
        let body = reply.body().trim_start_matches('\u{feff}');
        let document = Document::parse(body).unwrap();
        let Some(list) = self.lists.responses.get(&operation).cloned() else {
            self.errors.insert(format!("{operation} has no list of its answer"));
            return;
        };
        let mut check = ResponseCheck {
            operation: &operation,
            version: harness.version,
            since: list.since.as_deref(),
            paths: self.paths.entry(operation.clone()).or_default(),
            errors: &mut self.errors,
        };
        if list.name != document.root_element().tag_name().name() {
            check.report("", "has another root");
        }
        check.element(document.root_element(), &list, &list.name, NAMESPACE);
    }

    /// The paths of the elements that are listed and never came, with that of each answer first.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        let none = BTreeSet::new();
        for (operation, list) in &self.lists.responses {
            let sent = self.paths.get(operation).unwrap_or(&none);
            let mut listed = Vec::new();
            collect(list, &list.name, &mut listed);
            let unsent = listed.into_iter().filter(|path| !sent.contains(path));
            missing.extend(unsent.map(|path| format!("{operation}: {path}")));
        }
        missing
    }
}

fn collect(element: &Element, path: &str, all: &mut Vec<String>) {
    all.push(path.to_owned());
    for child in element.children() {
        collect(child, &format!("{path}/{}", child.name), all);
    }
}

/// One answer.
struct ResponseCheck<'a> {
    operation: &'a str,
    version: &'static str,
    /// The age of the whole answer: whether it comes at all is a matter of the operation.
    since: Option<&'a str>,
    paths: &'a mut BTreeSet<String>,
    errors: &'a mut BTreeSet<String>,
}

impl ResponseCheck<'_> {
    fn element(&mut self, node: Node<'_, '_>, list: &Element, path: &str, namespace: &str) {
        self.paths.insert(path.to_owned());
        let namespace = list.namespace.as_deref().unwrap_or(namespace);
        if node.tag_name().namespace() != Some(namespace) {
            self.report(path, "is in another namespace");
        }
        let since = list.since.as_deref().filter(|since| Some(*since) != self.since);
        let since = since.map(|since| since.trim_start_matches('~'));
        if since.is_some_and(|since| since != "undocumented" && since > self.version) {
            self.report(path, "is younger");
        }
        if list.content == Content::Unknown {
            return;
        }
        for attribute in node.attributes() {
            let name = match attribute.namespace() {
                Some(INSTANCE) if attribute.name() == "nil" => continue,
                Some(INSTANCE) => format!("@i:{}", attribute.name()),
                _ => format!("@{}", attribute.name()),
            };
            match list.children().iter().find(|child| child.name == name) {
                Some(child) => drop(self.paths.insert(format!("{path}/{}", child.name))),
                None => self.report(&format!("{path}/{name}"), "is not listed"),
            }
        }
        self.children(node, list, path, namespace);
    }

    /// Each is listed, and they come in the order of the list.
    fn children(&mut self, node: Node<'_, '_>, list: &Element, path: &str, namespace: &str) {
        let mut before: Option<usize> = None;
        for child in node.children().filter(Node::is_element) {
            let name = child.tag_name().name();
            let found = list
                .children()
                .iter()
                .position(|it| it.name == name || it.other_name.as_deref() == Some(name));
            let Some(at) = found else {
                self.report(&format!("{path}/{name}"), "is not listed");
                continue;
            };
            let element = &list.children()[at];
            let inner = format!("{path}/{}", element.name);
            match before {
                Some(before) if at < before => self.report(&inner, "comes too late"),
                Some(before) if at == before && element.occurs != Occurs::Many => {
                    self.report(&inner, "comes twice");
                }
                _ => {}
            }
            before = Some(at);
            self.element(child, element, &inner, namespace);
        }
    }

    fn report(&mut self, path: &str, what: &str) {
        let Self { operation, version, .. } = self;
        self.errors.insert(format!("{operation}: {path} {what} (x-ms-version {version})"));
    }
}
