use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use super::operations::{file_text, tests_path};
use crate::Finding;
use crate::elements::{Content, Element, FOLDER, Lists, Occurs};
use crate::operation_file::OperationFile;
use crate::rust_literals::{self, Literal};
use crate::workspace::TextFile;

const WINDOWS_AZURE: &str = "http://schemas.microsoft.com/windowsazure";
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The goldens of each operation's requests have together every element that is listed, in its order,
/// and none that is not.
pub(crate) fn check(
    operations: &[OperationFile],
    files: &[TextFile],
    lists: &Lists,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for operation in operations {
        let list = lists.requests.get(&operation.name);
        let mut seen = BTreeSet::new();
        for path in [operation.path.clone(), tests_path(&operation.path)] {
            for (line, body) in bodies(&path, files) {
                let mut golden = Golden { seen: &mut seen, problems: Vec::new() };
                golden.compare(&body, list);
                let wrong = golden.problems.into_iter();
                findings.extend(wrong.map(|message| {
                    Finding::at(&path, line, format!("{}: {message}", operation.name))
                }));
            }
        }
        let Some(list) = list else { continue };
        let mut missing = Vec::new();
        find_missing(list, "", &seen, &mut missing);
        findings.extend(missing.into_iter().map(|(path, place)| {
            let name = &operation.name;
            let message = format!("{name}: no golden of a request has {path}, which {place} lists");
            Finding::at(&operation.path, operation.line, message)
        }));
    }
    findings
}

/// The bodies of the goldens of requests, each with the line of its golden.
fn bodies(path: &str, files: &[TextFile]) -> Vec<(usize, String)> {
    let source = file_text(files, path);
    let included = included(path, files);
    let body = |literal: Literal| {
        let (_, body) = literal.text.split_once("\n\n")?;
        let mut body = body.to_owned();
        for (name, text) in &included {
            body = body.replace(&format!("{{{name}}}"), text);
        }
        let body: String = body.lines().map(str::trim_start).collect();
        (!body.is_empty()).then_some((literal.line, body))
    };
    rust_literals::in_calls(source, "golden::request(").into_iter().filter_map(body).collect()
}

/// The constants that are files beside the source: `const NAME: &str = include_str!("file.xml");`.
fn included<'a>(path: &'a str, files: &'a [TextFile]) -> Vec<(&'a str, &'a str)> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let constant = |line: &'a str| {
        let (name, file) =
            line.trim().strip_prefix("const ")?.split_once(": &str = include_str!(\"")?;
        let file = format!("{folder}/{}", file.strip_suffix("\");")?);
        Some((name, file_text(files, &file)))
    };
    file_text(files, path).lines().filter_map(constant).collect()
}

/// The findings while a golden is compared with its list.
struct Golden<'a> {
    /// The places of the list whose element some golden has.
    seen: &'a mut BTreeSet<String>,
    problems: Vec<String>,
}

impl Golden<'_> {
    fn compare(&mut self, body: &str, list: Option<&Element>) {
        let Some(list) = list else {
            self.problems.push(format!("the request has a body, and {FOLDER} has no list of it"));
            return;
        };
        let document = match Document::parse(body) {
            Ok(document) => document,
            Err(error) => {
                self.problems.push(format!("the body of the golden is not XML: {error}"));
                return;
            }
        };
        let root = document.root_element();
        let namespace = list.namespace.as_deref().unwrap_or(WINDOWS_AZURE);
        if root.has_tag_name((namespace, list.name.as_str())) {
            self.element(root, list, &list.name, namespace);
        } else {
            let name = root.tag_name();
            let found = format!("{} in {:?}", name.name(), name.namespace().unwrap_or_default());
            let listed = format!("{} in {namespace:?} ({})", list.name, list.place);
            self.problems.push(format!("the root is {found} and not {listed}"));
        }
    }

    fn element(&mut self, node: Node, list: &Element, path: &str, namespace: &str) {
        self.seen.insert(path.to_owned());
        self.attributes(node, list, path);
        if list.content == Content::Unknown {
            return;
        }
        let mut reached = 0;
        for child in node.children().filter(Node::is_element) {
            let name = child.tag_name().name();
            let path = format!("{path}/{name}");
            let listed = list.children().iter().enumerate().find(|(_, listed)| {
                let namespace = listed.namespace.as_deref().unwrap_or(namespace);
                child.has_tag_name((namespace, listed.name.as_str()))
            });
            let Some((at, listed)) = listed else {
                self.problems.push(format!("{path} is not listed in {}", list.place));
                continue;
            };
            if at < reached {
                let before = &list.children()[reached].name;
                self.problems
                    .push(format!("{path} is to stand before {before} ({})", listed.place));
            }
            if listed.unsent {
                self.problems.push(format!("{path} is `unsent` ({})", listed.place));
            }
            let earlier =
                child.prev_siblings().skip(1).any(|other| other.has_tag_name(child.tag_name()));
            if earlier && listed.occurs != Occurs::Many {
                self.problems.push(format!("{path} is there twice ({})", listed.place));
            }
            reached = reached.max(at);
            let namespace = listed.namespace.as_deref().unwrap_or(namespace);
            self.element(child, listed, &path, namespace);
        }
    }

    fn attributes(&mut self, node: Node, list: &Element, path: &str) {
        for attribute in node.attributes() {
            let name = match attribute.namespace() {
                Some(SCHEMA_INSTANCE) if attribute.name() == "nil" => continue,
                Some(SCHEMA_INSTANCE) => format!("@i:{}", attribute.name()),
                _ => format!("@{}", attribute.name()),
            };
            let path = format!("{path}/{name}");
            match list.children().iter().find(|listed| listed.name == name) {
                None => self.problems.push(format!("{path} is not listed in {}", list.place)),
                Some(Element { value: Some(value), place, .. }) if attribute.value() != value => {
                    self.problems.push(format!("{path} must be {value:?} ({place})"));
                }
                Some(_) => {}
            }
            self.seen.insert(path);
        }
    }
}

/// The listed elements that were not seen, with their place; not those inside an element that is missing
/// itself.
fn find_missing<'a>(
    list: &'a Element,
    around: &str,
    seen: &BTreeSet<String>,
    missing: &mut Vec<(String, &'a str)>,
) {
    let path =
        if around.is_empty() { list.name.clone() } else { format!("{around}/{}", list.name) };
    if list.unsent {
        return;
    }
    if !seen.contains(&path) {
        missing.push((path, &list.place));
        return;
    }
    for child in list.children() {
        find_missing(child, &path, seen, missing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;
    use crate::{elements, operation_file};

    const PATH: &str = "crates/protocol/src/deployment/rollback.rs";
    const LISTS: &str = "\
request: Rollback Update Or Upgrade
RollbackUpdateOrUpgrade  2011-10-01
  Mode  enum
  Force  bool
  Roles?
    Role*  2014-06-01
      @i:type?  enum  = WebRole
      Name  text
  Reason?  text  undocumented  unsent  # in the contract only
";
    const BODY: &str = "<Mode>Auto</Mode><Force>false</Force>
        <Roles><Role i:type=\\\"WebRole\\\"><Name>a</Name></Role><Role><Name>b</Name></Role></Roles>";

    fn findings(body: &str) -> Vec<Finding> {
        let source = format!(
            "impl Operation for Rollback {{
    const METADATA: Metadata = Metadata {{
        name: \"Rollback Update Or Upgrade\",
    }};
}}
golden::request(
    &rollback(),
    \"POST /a
     x-ms-version: 2015-04-01

     <RollbackUpdateOrUpgrade xmlns=\\\"{WINDOWS_AZURE}\\\" xmlns:i=\\\"{SCHEMA_INSTANCE}\\\">
       {body}
     </RollbackUpdateOrUpgrade>\",
);
"
        );
        let file = |path: &str, text: &str| TextFile { path: path.into(), text: text.into() };
        let files = [file(PATH, &source), file("docs/elements/deployments.txt", LISTS)];
        let lists = elements::read(&files).expect("the lists parse");
        check(&operation_file::find(&files), &files, &lists)
    }

    fn assert_wrong(body: &str, expected: &[&str]) {
        let prefix = "crates/protocol/src/deployment/rollback.rs:";
        let expected: Vec<_> =
            expected.iter().map(|message| format!("{prefix}{message}")).collect();
        assert_found(&findings(body), &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn a_golden_with_everything_in_order_passes() {
        assert_wrong(BODY, &[]);
    }

    #[test]
    fn what_no_golden_has_is_named() {
        assert_wrong(
            "<Force>false</Force><Roles><Role/></Roles>",
            &[
                "2: Rollback Update Or Upgrade: no golden of a request has \
                 RollbackUpdateOrUpgrade/Mode, which docs/elements/deployments.txt:3 lists",
                "2: Rollback Update Or Upgrade: no golden of a request has \
                 RollbackUpdateOrUpgrade/Roles/Role/@i:type, which docs/elements/deployments.txt:7 lists",
                "2: Rollback Update Or Upgrade: no golden of a request has \
                 RollbackUpdateOrUpgrade/Roles/Role/Name, which docs/elements/deployments.txt:8 lists",
            ],
        );
    }

    #[test]
    fn what_is_not_listed_or_out_of_order_is_named() {
        assert_wrong(
            &BODY.replace("Force>", "Strength>"),
            &[
                "8: Rollback Update Or Upgrade: RollbackUpdateOrUpgrade/Strength is not listed in \
                 docs/elements/deployments.txt:2",
                "2: Rollback Update Or Upgrade: no golden of a request has \
                 RollbackUpdateOrUpgrade/Force, which docs/elements/deployments.txt:4 lists",
            ],
        );
        assert_wrong(
            &BODY.replace("<Mode>Auto</Mode><Force>false</Force>", "<Force/><Mode/>"),
            &[
                "8: Rollback Update Or Upgrade: RollbackUpdateOrUpgrade/Mode is to stand before Force \
               (docs/elements/deployments.txt:3)",
            ],
        );
        assert_wrong(
            &format!("{BODY}<Reason>x</Reason>").replace("=\\\"WebRole", "=\\\"WorkerRole"),
            &[
                "8: Rollback Update Or Upgrade: RollbackUpdateOrUpgrade/Roles/Role/@i:type must be \"WebRole\" (docs/elements/deployments.txt:7)",
                "8: Rollback Update Or Upgrade: RollbackUpdateOrUpgrade/Reason is `unsent` \
                 (docs/elements/deployments.txt:9)",
            ],
        );
        assert_wrong(
            &BODY.replace("<Mode>Auto</Mode>", "<Mode/><Mode/>"),
            &["8: Rollback Update Or Upgrade: RollbackUpdateOrUpgrade/Mode is there twice \
               (docs/elements/deployments.txt:3)"],
        );
    }

    #[test]
    fn a_body_without_a_list_is_named() {
        let source = "const METADATA: Metadata = Metadata {\n    name: \"Undo\",\n};\ngolden::request(undo(), \"\
                      POST /a\n\n<Undo/>\");\n";
        let files = [TextFile { path: PATH.into(), text: source.into() }];
        assert_found(
            &check(&operation_file::find(&files), &files, &Lists::default()),
            &["crates/protocol/src/deployment/rollback.rs:4: Undo: the request has a body, and \
               docs/elements/ has no list of it"],
        );
    }

    #[test]
    fn a_golden_may_be_a_file_beside_it() {
        let source = "const METADATA: Metadata = Metadata {\n    name: \"Undo\",\n};\nconst ALL: &str = \
                      include_str!(\"all.xml\");\ngolden::request(undo(), &format!(\"{head}\\n\\n{ALL}\"));\n";
        let document =
            format!("<?xml version=\"1.0\"?>\n<Undo xmlns=\"{WINDOWS_AZURE}\">\n  <A/>\n</Undo>\n");
        let file = |path: &str, text: &str| TextFile { path: path.into(), text: text.into() };
        let files = [
            file(PATH, source),
            file("crates/protocol/src/deployment/all.xml", &document),
            file("docs/elements/undo.txt", "request: Undo\nUndo  2011-10-01\n  A  text\n"),
        ];
        let lists = elements::read(&files).expect("the list parses");
        assert_found(&check(&operation_file::find(&files), &files, &lists), &[]);
    }

    #[test]
    fn another_root_is_named() {
        let source = format!(
            "const METADATA: Metadata = Metadata {{\n    name: \"Undo\",\n}};\ngolden::request(undo(), \"POST /a\n\n\
             <Undo xmlns=\\\"{WINDOWS_AZURE}\\\"/>\");\n"
        );
        let list = "request: Undo\nRedo  2011-10-01\n  Mode  enum\n";
        let file = |path: &str, text: &str| TextFile { path: path.into(), text: text.into() };
        let files = [file(PATH, &source), file("docs/elements/undo.txt", list)];
        let lists = elements::read(&files).expect("the list parses");
        let found = check(&operation_file::find(&files), &files, &lists);
        assert_eq!(found.len(), 2);
        let found = found[0].to_string();
        assert!(
            found.contains("the root is Undo in") && found.contains("and not Redo in"),
            "{found}"
        );
    }
}
