//! Documents as they are written, letter by letter.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::xml::to_string;

const OPEN: &str = r#"<Deployment xmlns="http://schemas.microsoft.com/windowsazure">"#;
const OPEN_WITH_I: &str = "<Deployment xmlns=\"http://schemas.microsoft.com/windowsazure\" \
    xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">";

#[derive(Serialize)]
#[serde(rename = "Deployment", rename_all = "PascalCase")]
struct Root<T> {
    value: T,
}

fn written<T: Serialize>(value: T) -> String {
    to_string(&Root { value }).unwrap()
}

fn inside<T: Serialize>(value: T) -> String {
    let document = written(value);
    let content = document.strip_prefix(OPEN).expect(&document);
    content.strip_suffix("</Deployment>").expect(&document).to_owned()
}

fn refusal<T: Serialize>(value: T) -> String {
    to_string(&Root { value }).unwrap_err().to_string()
}

#[derive(Serialize)]
struct RoleSize(&'static str);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "they are the service's")]
struct Role {
    #[serde(rename = "@i:type")]
    kind: Option<&'static str>,
    role_name: &'static str,
    os_version: Option<&'static str>,
}

#[test]
fn scalars() {
    assert_eq!(inside("web"), "<Value>web</Value>");
    assert_eq!(inside(""), "<Value/>");
    assert_eq!(inside(true), "<Value>true</Value>");
    assert_eq!(inside(-5_i64), "<Value>-5</Value>");
    assert_eq!(inside(0.5_f64), "<Value>0.5</Value>");
    assert_eq!(inside('<'), "<Value>&lt;</Value>");
    assert_eq!(inside(Some(0_u8)), "<Value>0</Value>");
    assert_eq!(inside(RoleSize("Small")), "<Value>Small</Value>");
}

#[test]
fn none_is_left_out_and_the_unit_is_nil() {
    assert_eq!(
        written(None::<u8>),
        r#"<Deployment xmlns="http://schemas.microsoft.com/windowsazure"/>"#
    );
    assert_eq!(written(()), format!("{OPEN_WITH_I}<Value i:nil=\"true\"/></Deployment>"));
}

#[test]
fn texts_are_escaped_so_that_they_read_as_they_were() {
    assert_eq!(
        inside("a<b>&\"'\r\n\t]]> é\u{85}\u{FFFD}"),
        "<Value>a&lt;b&gt;&amp;\"'&#13;\n\t]]&gt; é\u{85}\u{FFFD}</Value>"
    );
    let role = Role { kind: Some("a<\"\r\n\t&>'"), role_name: "", os_version: None };
    assert_eq!(
        written(role),
        format!(
            "{OPEN_WITH_I}<Value i:type=\"a&lt;&quot;&#13;&#10;&#9;&amp;&gt;'\"><RoleName/></Value>\
             </Deployment>"
        )
    );
}

#[test]
fn lists_are_wrappers_of_named_items() {
    let roles = [
        Role { kind: None, role_name: "web", os_version: Some("*") },
        Role { kind: None, role_name: "db", os_version: None },
    ];
    assert_eq!(
        inside(&roles[..]),
        "<Value><Role><RoleName>web</RoleName><OsVersion>*</OsVersion></Role>\
         <Role><RoleName>db</RoleName></Role></Value>"
    );
    assert_eq!(
        inside(vec![RoleSize("A"), RoleSize("")]),
        "<Value><RoleSize>A</RoleSize><RoleSize/></Value>"
    );
    assert_eq!(inside(Vec::<Role>::new()), "<Value/>");
    assert_eq!(inside((RoleSize("A"),)), "<Value><RoleSize>A</RoleSize></Value>");
}

#[test]
fn a_root_may_be_a_list() {
    #[derive(Serialize)]
    struct RoleSizes(Vec<RoleSize>);
    assert_eq!(
        to_string(&RoleSizes(vec![RoleSize("A")])).unwrap(),
        "<RoleSizes xmlns=\"http://schemas.microsoft.com/windowsazure\">\
         <RoleSize>A</RoleSize></RoleSizes>"
    );
}

#[test]
fn characters_that_xml_cannot_carry_are_errors_with_their_place() {
    for (text, code) in
        [("a\0", "0000"), ("\u{1B}[0m", "001B"), ("\u{FFFE}", "FFFE"), ("\u{FFFF}", "FFFF")]
    {
        let words = format!("XML cannot contain the character U+{code}");
        assert_eq!(refusal(text), format!("Deployment/Value: {words}"));
        let items = vec![RoleSize("fine"), RoleSize(text.to_owned().leak())];
        assert_eq!(refusal(items), format!("Deployment/Value/RoleSize[2]: {words}"));
    }
    let role = |kind, role_name| Role { kind: Some(kind), role_name, os_version: None };
    let bad = "XML cannot contain the character U+0001";
    assert_eq!(refusal([role("\u{1}", "")]), format!("Deployment/Value/Role[1]/@i:type: {bad}"));
    assert_eq!(refusal([role("", "\u{1}")]), format!("Deployment/Value/Role[1]/RoleName: {bad}"));
}

#[test]
fn shapes_without_a_form_are_errors() {
    #[derive(Serialize)]
    enum Variant {
        Plain,
        Full(u8),
    }
    assert_eq!(inside(Variant::Plain), "<Value>Plain</Value>");
    assert_eq!(
        refusal(Variant::Full(1)),
        "Deployment/Value: a variant with content has no form in the service's XML"
    );
    assert_eq!(
        refusal(BTreeMap::from([("a", 1)])),
        "Deployment/Value: a map has no order, and the service's elements have one: use a struct"
    );
    let nameless = "the element has no name: a newtype around the value gives it one";
    assert_eq!(refusal(["x"]), format!("Deployment/Value/[1]: {nameless}"));
    assert_eq!(to_string("x").unwrap_err().to_string(), nameless);
    assert_eq!(
        refusal(f64::NAN),
        "Deployment/Value: an infinite number has no form in the service's XML"
    );
    assert_eq!(
        refusal([None::<RoleSize>]),
        "Deployment/Value/[1]: an absent item has no form in the service's XML"
    );
}

#[test]
fn attributes_come_first_and_hold_texts() {
    #[derive(Serialize)]
    struct Holder<T> {
        #[serde(rename = "@held")]
        held: T,
    }

    #[derive(Serialize)]
    struct Late {
        first: u8,
        #[serde(rename = "@late")]
        late: u8,
    }
    assert_eq!(
        refusal(Late { first: 1, late: 2 }),
        "Deployment/Value/@late: an attribute must stand before the first element"
    );
    assert_eq!(
        refusal(Holder { held: [1] }),
        "Deployment/Value/@held: an attribute holds a single text"
    );
    assert_eq!(
        refusal(Holder { held: () }),
        "Deployment/Value/@held: an attribute holds a single text"
    );
    assert_eq!(inside(Holder { held: Some(7) }), "<Value held=\"7\"/>");
    assert_eq!(inside(Holder { held: None::<u8> }), "<Value/>");
}

#[test]
fn values_know_that_the_wire_is_not_for_people() {
    struct Wire;
    impl Serialize for Wire {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let for_people = serializer.is_human_readable();
            serializer.serialize_bool(for_people)
        }
    }
    assert_eq!(inside(Wire), "<Value>false</Value>");
}
