use crate::rust_text::code_lines;
use crate::workspace::TextFile;

/// A source file of the protocol crate that defines an operation, read as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OperationFile {
    pub(crate) path: String,
    /// The line of `const METADATA`, counted from 0.
    pub(crate) line: usize,
    /// `Metadata::name` and `Metadata::docs_slug`; empty where they are not literals.
    pub(crate) name: String,
    pub(crate) page: String,
    /// The type that implements `Operation`.
    pub(crate) type_name: String,
}

const SOURCES: &str = "crates/protocol/src/";

/// Every definition of an operation, in the order of the files.
pub(crate) fn find(files: &[TextFile]) -> Vec<OperationFile> {
    files.iter().filter(|file| file.path.starts_with(SOURCES)).flat_map(in_file).collect()
}

fn in_file(file: &TextFile) -> Vec<OperationFile> {
    let mut found: Vec<OperationFile> = Vec::new();
    let mut type_name = "";
    for (index, line) in code_lines(&file.text) {
        let line = line.trim();
        if let Some((_, implementor)) = line.split_once("Operation for ") {
            type_name = implementor.trim_end_matches([' ', '{']);
        } else if line.starts_with("const METADATA: Metadata =") {
            found.push(OperationFile {
                path: file.path.clone(),
                line: index,
                name: String::new(),
                page: String::new(),
                type_name: type_name.to_owned(),
            });
        } else if let Some(operation) = found.last_mut() {
            if let Some(name) = literal(line, "name") {
                operation.name = name;
            } else if let Some(page) = literal(line, "docs_slug") {
                operation.page = page;
            }
        }
    }
    found
}

/// The text of `field: "text",`.
fn literal(line: &str, field: &str) -> Option<String> {
    let value = line.strip_prefix(field)?.strip_prefix(": \"")?.strip_suffix("\",")?;
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_found_and_an_example_is_not() {
        let text = r#"
/// const METADATA: Metadata = Metadata {
impl Operation for GetDeployment {
    const METADATA: Metadata = Metadata {
        name: "Get Deployment",
        docs_slug: "rest-get-deployment",
    };
}
"#;
        let file = |path: &str| TextFile { path: path.into(), text: text.into() };
        let files = [file("crates/protocol/src/deployment/get.rs"), file("crates/cli/src/get.rs")];
        assert_eq!(
            find(&files),
            [OperationFile {
                path: "crates/protocol/src/deployment/get.rs".into(),
                line: 3,
                name: "Get Deployment".into(),
                page: "rest-get-deployment".into(),
                type_name: "GetDeployment".into(),
            }]
        );
    }
}
