//! The tests of a new operation: laid out, and failing until they are filled in.

use std::fmt::Write as _;

use super::skeleton::{Skeleton, Subject, placeholders};
use super::{FILL_IN, OperationPlan};
use crate::elements::Element;

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const WINDOWS_AZURE: &str = "http://schemas.microsoft.com/windowsazure";

/// The version that goldens are of, unless the operation is younger.
const DEFAULT_VERSION: &str = "2015-04-01";

/// The module of the tests.
pub(super) fn tests(skeleton: &Skeleton) -> String {
    let type_name = &skeleton.plan.type_name;
    let response = match (skeleton.output.as_str(), skeleton.plan.response) {
        ("Accepted", _) => format!("        golden::accepted::<{type_name}>();\n"),
        ("()", _) | (_, None) => format!("        golden::empty::<{type_name}>(200);\n"),
        (_, Some(list)) => {
            let mut document = String::new();
            append_xml(list, WINDOWS_AZURE, 0, &mut document);
            let document = document.replace('\n', "\n               ");
            format!(
                "        let response = golden::response::<{type_name}>(\n            \
                 r#\"{document}\"#,\n        );\n        \
                 assert_eq!(format!(\"{{response:?}}\"), \"{FILL_IN}: each element, as it was typed\");\n"
            )
        }
    };
    let mut tests = String::new();
    let forms = forms(skeleton);
    for (name, subject, path) in &forms {
        let _ = write!(
            tests,
            "    #[test]\n    fn request{name}() {{\n{}    }}\n\n",
            request(skeleton, subject, path)
        );
    }
    let cloud_service = match skeleton.subject {
        Subject::Deployment => "    use crate::{CloudServiceRef, Slot};\n",
        _ => "",
    };
    format!(
        "\n#[cfg(test)]\nmod tests {{\n    use super::*;\n    use crate::testing::golden;\n{cloud_service}\n\
         {tests}    #[test]\n    fn response() {{\n{response}    }}\n}}\n"
    )
}

/// The forms of the address: the end of the test's name, the subject and the path.
fn forms(skeleton: &Skeleton) -> Vec<(&'static str, &'static str, String)> {
    let path = |deployment: &str| {
        skeleton.route.replace("{service}", "contoso").replace("{deployment}", deployment)
    };
    match skeleton.subject {
        Subject::Deployment => vec![
            (
                "_by_slot",
                "CloudServiceRef::new(\"contoso\").slot(Slot::Production)",
                path("deploymentslots/Production"),
            ),
            (
                "_by_name",
                "CloudServiceRef::new(\"contoso\").deployment(\"release-42\")",
                path("deployments/release-42"),
            ),
        ],
        Subject::CloudService => vec![("", "CloudServiceRef::new(\"contoso\")", path("fabrikam"))],
        Subject::Subscription => vec![("", "", skeleton.route.clone())],
    }
}

fn request(skeleton: &Skeleton, subject: &str, path: &str) -> String {
    let OperationPlan { entry, type_name, method, since, .. } = skeleton.plan;
    let mut path = path.to_owned();
    for placeholder in placeholders(&path) {
        path = path.replace(&format!("{{{placeholder}}}"), "fabrikam");
    }
    for (name, _) in &skeleton.query {
        let separator = if path.contains('?') { '&' } else { '?' };
        let _ = write!(path, "{separator}{name}=fabrikam");
    }
    let arguments: Vec<String> =
        skeleton.arguments().iter().map(|(_, kind)| sample(kind)).collect();
    let arguments = arguments.join(", ");
    let call = if subject.is_empty() {
        format!("{type_name}::new({arguments})")
    } else {
        format!("{subject}.{method}({arguments})")
    };
    let (path, absolute) = match path.strip_prefix("//") {
        Some(path) => (path.to_owned(), "/"),
        None => (format!("{SUBSCRIPTION}{path}"), "/"),
    };
    let version = DEFAULT_VERSION.max(since);
    let mut golden = format!("{} {absolute}{path}\nx-ms-version: {version}", entry.method);
    if let Some(list) = skeleton.plan.request {
        golden.push_str("\ncontent-type: application/xml\n\n");
        append_xml(list, WINDOWS_AZURE, 0, &mut golden);
    }
    let golden = golden.replace('\n', "\n             ").replace("             \n", "\n");
    let golden = golden.replace('"', "\\\"");
    format!(
        "        golden::request(\n            &{call},\n            \"{golden}\",\n        );\n"
    )
}

/// A value for an argument of this type.
fn sample(kind: &str) -> String {
    match kind {
        "bool" => "true".to_owned(),
        "u32" => "1".to_owned(),
        _ if kind.starts_with("impl ") => "\"fabrikam\"".to_owned(),
        _ if kind.starts_with("Vec<") => "Vec::new()".to_owned(),
        other => format!("{other}::default()"),
    }
}

/// The elements, one on a line, each to be filled in from the reference.
fn append_xml(element: &Element, around: &str, depth: usize, text: &mut String) {
    let namespace = element.namespace.as_deref().unwrap_or(around);
    let declared = if depth == 0 || namespace != around {
        format!(" xmlns=\"{namespace}\"")
    } else {
        String::new()
    };
    let (attributes, children): (Vec<_>, Vec<_>) =
        element.children().iter().partition(|child| child.is_attribute());
    let mut start = format!("{}{declared}", element.name);
    for attribute in attributes {
        let value = attribute.value.as_deref().unwrap_or(FILL_IN);
        let _ = write!(start, " {}=\"{value}\"", attribute.name.trim_start_matches('@'));
    }
    let (indent, name) = ("  ".repeat(depth), &element.name);
    if children.is_empty() {
        let _ = write!(text, "{indent}<{start}>{FILL_IN}</{name}>");
        return;
    }
    let _ = write!(text, "{indent}<{start}>");
    for child in children {
        text.push('\n');
        append_xml(child, namespace, depth + 1, text);
    }
    let _ = write!(text, "\n{indent}</{name}>");
}
