//! Errors: where they say they are, and what they keep to themselves.

use std::error::Error;

use serde::Deserialize;

use super::{read_root, refusal};
use crate::xml::{ReadError, WriteError, from_slice};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "read for its errors")]
struct Deployment {
    name: Option<String>,
    #[serde(default)]
    role_list: Vec<Role>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "read for its errors")]
struct Role {
    role_name: String,
    os_version: Option<String>,
}

/// Every way to cut this document short is an error that says where.
const DOCUMENT: &str = "<Deployment xmlns=\"http://schemas.microsoft.com/windowsazure\">\
    <Name>a&amp;b</Name><!-- c --><RoleList><Role><RoleName>web</RoleName><OsVersion/></Role>\
    <Role><RoleName><![CDATA[db]]></RoleName><Unknown><X>1</X></Unknown></Role>\
    </RoleList></Deployment>";

#[test]
fn errors_are_ordinary_errors() {
    fn is_ordinary<T: Error + Send + Sync + 'static>() {}
    is_ordinary::<ReadError>();
    is_ordinary::<WriteError>();
}

#[test]
fn a_document_cut_anywhere_is_an_error_that_says_where() {
    assert!(from_slice::<Deployment>(DOCUMENT.as_bytes()).is_ok());
    for end in 1..DOCUMENT.len() {
        let cut = &DOCUMENT[..end];
        let error = from_slice::<Deployment>(cut.as_bytes()).expect_err(cut).to_string();
        let start = if cut.contains('>') {
            "the document ends inside Deployment"
        } else {
            "the document ends before its root element starts"
        };
        assert!(error.starts_with(start), "{cut}: {error}");
    }
    let cases = [
        ("<RoleList", "Deployment"),
        ("<RoleList><Ro", "Deployment/RoleList"),
        ("<RoleList><Role><RoleName>w", "Deployment/RoleList/Role[1]/RoleName"),
        ("<RoleList><Role><RoleName>a&am", "Deployment/RoleList/Role[1]/RoleName"),
        ("<RoleList><Role><RoleName/></Role><Role><Un><X>", "Deployment/RoleList/Role[2]/Un"),
        ("<RoleList><Role><RoleName/></Role><!-- ", "Deployment/RoleList"),
        ("<RoleList><![CDATA[ ", "Deployment/RoleList"),
        ("<RoleList><!", "Deployment/RoleList"),
    ];
    for (end, path) in cases {
        let cut = format!("<Deployment xmlns='http://schemas.microsoft.com/windowsazure'>{end}");
        let error = from_slice::<Deployment>(cut.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("the document ends inside {path}"));
        assert_eq!(error.path(), path);
    }
}

#[test]
fn what_is_missing_is_named_with_its_parent() {
    let document = DOCUMENT.replace("<RoleName>web</RoleName>", "");
    assert_eq!(
        from_slice::<Deployment>(document.as_bytes()).unwrap_err().to_string(),
        "Deployment/RoleList/Role[1]: the element RoleName is missing"
    );
}

#[test]
fn broken_markup_is_placed_by_path_and_byte() {
    let cases = [
        ("<Value><X></Y></Value>", "Root/Value", "</Y> closes <X>"),
        ("<Value a='1' a='2'>x</Value>", "Root", "duplicated attribute"),
        ("<Value a=1>x</Value>", "Root", "attribute value"),
        ("<>x</>", "Root", "an element has no name"),
        ("<Value>&;</Value>", "Root/Value", "the entity &;"),
        ("<!ELEMENT x><Value>x</Value>", "Root", ""),
        ("<!DOCTYPE x><Value>x</Value>", "", "DTD"),
    ];
    for (content, path, words) in cases {
        let error = read_root::<String>(content).unwrap_err();
        assert_eq!(error.path(), path, "{content}: {error}");
        assert!(error.to_string().contains(words), "{content}: {error}");
    }
}

#[test]
fn long_values_are_not_quoted() {
    #[derive(Debug, Deserialize)]
    enum Slot {
        Staging,
    }

    let secret = "S3cret".repeat(10);
    let content = format!("<Value>{secret}</Value>");
    assert_eq!(refusal::<u32>(&content), "Root/Value: a text of 60 characters is not a u32");

    assert_eq!(refusal::<Slot>(&content), "Root/Value: a text of 60 characters is none of Staging");
    assert_eq!(
        refusal::<()>(&format!("<Value a='{secret}'/><Value/>")),
        "Root: the element Value occurs twice"
    );
    assert_eq!(refusal::<char>(&content), "Root/Value: a text of 60 characters is not a character");
    assert!(matches!(read_root::<Slot>("<Value>Staging</Value>").unwrap().value, Slot::Staging));
}

#[test]
fn messages_and_paths_have_an_end() {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "read for its errors")]
    struct Nest {
        a_name_that_is_not_quite_short: Option<Box<Nest>>,
        depth: Option<u8>,
    }

    #[derive(Debug)]
    struct Talkative;
    impl<'de> Deserialize<'de> for Talkative {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Err(serde::de::Error::custom("é".repeat(100_000)))
        }
    }
    assert!(refusal::<Talkative>("<Value/>").len() < 300);

    let name = "N\u{7}".repeat(50_000);
    assert!(refusal::<Vec<u8>>(&format!("<Value><{name}>x</{name}></Value>")).len() < 300);

    let open = "<ANameThatIsNotQuiteShort>".repeat(20);
    let error = read_root::<Nest>(&format!("<Value>{open}<Depth>x")).unwrap_err();
    assert!(error.path().starts_with("…/ANameThatIs"), "{error}");
    assert!(error.path().ends_with("/ANameThatIsNotQuiteShort/Depth"), "{error}");
    assert!(error.path().len() < 300);
}
