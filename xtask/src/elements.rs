//! The lists of the elements of requests and responses.

#[path = "../../crates/protocol/tests/elements/outline.rs"]
mod outline;

use std::path::Path;

pub(crate) use self::outline::{Content, Element, Kind, Lists, Occurs};

use crate::Finding;
use crate::catalogue::{self, Catalogue};
use crate::workspace::TextFile;

/// The folder of the lists.
pub(crate) const FOLDER: &str = "docs/elements/";

/// Reads the lists.
pub(crate) fn read(files: &[TextFile]) -> Result<Lists, String> {
    let is_list =
        |path: &Path| path.starts_with(FOLDER) && path.extension().is_some_and(|end| end == "txt");
    let lists = files.iter().filter(|file| is_list(Path::new(&file.path)));
    Lists::parse(lists.map(|file| (file.path.as_str(), file.text.as_str())))
}

/// Lists of operations that do not exist, by which an operation would miss its list.
pub(crate) fn check(lists: &Lists, catalogue: &Catalogue) -> Vec<Finding> {
    lists
        .requests
        .iter()
        .chain(&lists.responses)
        .filter(|(name, _)| catalogue.find(name).is_none())
        .map(|(name, list)| {
            let message = format!("{}: {name:?} is not in {}", list.place, catalogue::PATH);
            Finding::in_file(FOLDER, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENSIONS: &str = "\
# About extensions.
response: Get Extension
part: Extension
Extension  2013-03-01
  Id  text
  IsJsonExtension?  bool  ~2014-06-01  # left out when it is false
  @i:type?  enum  = Extension

response: List Extensions
Extensions  2013-11-01
  Extension*  as Extension
  Token?  text  or Next  in urn:contoso
";

    fn parse(text: &str) -> Result<Lists, String> {
        read(&[TextFile { path: format!("{FOLDER}extensions.txt"), text: text.into() }])
    }

    #[test]
    fn lists_are_read_and_parts_filled_in() {
        let lists = parse(EXTENSIONS).expect("parses");
        assert!(lists.requests.is_empty());
        let list = &lists.responses["List Extensions"];
        let [extension, token] = list.children() else { panic!("two elements in {list:?}") };
        assert_eq!((extension.name.as_str(), extension.occurs), ("Extension", Occurs::Many));
        assert_eq!(extension.children(), lists.parts["Extension"].children());
        assert_eq!(extension.since.as_deref(), Some("2013-03-01"));
        let [id, is_json, kind] = extension.children() else { panic!("three in {extension:?}") };
        assert_eq!((id.occurs, &id.content), (Occurs::Once, &Content::Text(Kind::Text)));
        assert_eq!(id.since.as_deref(), Some("2013-03-01"));
        assert_eq!(is_json.since.as_deref(), Some("~2014-06-01"));
        assert_eq!(is_json.place, "docs/elements/extensions.txt:6");
        assert!(kind.is_attribute());
        assert_eq!(kind.value.as_deref(), Some("Extension"));
        assert_eq!(token.other_name.as_deref(), Some("Next"));
        assert_eq!(token.namespace.as_deref(), Some("urn:contoso"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let line =
            |number: usize, what: &str| format!("docs/elements/extensions.txt:{number}: {what}");
        let cases = [
            ("  Id  text", "  Id  txt", line(5, "\"txt\" is not known here")),
            (
                "  Id  text",
                "   Id  text",
                line(5, "is indented by something else than two spaces per level"),
            ),
            ("  Id  text", "  Id", line(5, "Id has neither a type nor elements in it")),
            (
                "  Id  text",
                "  Id  text\n    A  text",
                line(6, "Id has a type, so nothing is in it"),
            ),
            ("  Id  text", "  Id  text\n  Id  text", line(6, "a second Id in Extension")),
            ("  Id  text", "  Id  text  unsent", line(5, "`unsent` needs its reason: `# …`")),
            (
                "as Extension",
                "as Other",
                line(11, "Extension is \"Other\", which is no part of any file"),
            ),
            ("as Extension", "as", line(11, "nothing follows \"as\"")),
            ("  Id  text", "  Id  as Extension", line(5, "Id contains itself")),
            ("part: Extension", "piece: Extension", line(4, "\"piece\" is no use of a list")),
            (
                "response: List Extensions",
                "response: Get Extension",
                line(10, "a second response of \"Get Extension\""),
            ),
            (
                "response: List Extensions\n",
                "",
                line(9, "a root needs `request:`, `response:` or `part:` before it"),
            ),
        ];
        for (from, to, expected) in cases {
            let error = parse(&EXTENSIONS.replacen(from, to, 1)).expect_err(&expected);
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn names_of_operations_are_checked() {
        let text = r#"
            [[operation]]
            name = "List Extensions"
            group = "Extensions"
            method = "GET"
            path = ["/extensions"]
            accepted = false
            evidence = "documented"
        "#;
        let catalogue = Catalogue::parse(text).expect("parses");
        crate::finding::assert_found(
            &check(&parse(EXTENSIONS).expect("parses"), &catalogue),
            &["docs/elements/: docs/elements/extensions.txt:4: \"Get Extension\" is not in \
               docs/operations.toml"],
        );
    }
}
