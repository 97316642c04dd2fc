//! Fields: absent, empty, nil, scalar, attribute, unknown.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{document, read_root, refusal, value};
use crate::xml::from_slice;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpgradeStatus {
    current_upgrade_domain: Option<u32>,
}

const NOTHING: [&str; 8] = [
    "",
    "<Value/>",
    "<Value />",
    "<Value></Value>",
    "<Value><!-- none --><?none?></Value>",
    r#"<Value i:nil="true"/>"#,
    r#"<Value i:nil="1"></Value>"#,
    r#"<Value x:nil="true" xmlns:x="http://www.w3.org/2001/XMLSchema-instance">ignored</Value>"#,
];

fn is_none<T: DeserializeOwned + PartialEq + std::fmt::Debug>() {
    for content in NOTHING {
        assert_eq!(value::<Option<T>>(content), None, "{content}");
    }
}

#[test]
fn absent_empty_and_nil_are_none_for_every_type() {
    is_none::<String>();
    is_none::<u32>();
    is_none::<bool>();
    is_none::<UpgradeStatus>();
    is_none::<Vec<String>>();
}

#[test]
fn what_is_required_reads_from_an_empty_element_where_it_can() {
    for content in &NOTHING[1..] {
        assert_eq!(value::<String>(content), "", "{content}");
        assert_eq!(value::<Vec<String>>(content), Vec::<String>::new(), "{content}");
        let status: UpgradeStatus = value(content);
        assert_eq!(status, UpgradeStatus { current_upgrade_domain: None }, "{content}");
        assert_eq!(refusal::<u32>(content), r#"Root/Value: "" is not a u32"#);
        assert_eq!(refusal::<bool>(content), r#"Root/Value: "" is not a boolean"#);
    }
    assert_eq!(refusal::<String>(""), "Root: the element Value is missing");
}

#[test]
fn nil_takes_its_namespace_and_its_value_seriously() {
    let cases = [
        r#"<Value i:nil="false">x</Value>"#,
        r#"<Value nil="true">x</Value>"#,
        r#"<Value j:nil="true">x</Value>"#,
        r#"<Value j:nil="true" xmlns:j="urn:other">x</Value>"#,
    ];
    for content in cases {
        assert_eq!(value::<Option<String>>(content).as_deref(), Some("x"), "{content}");
    }
}

#[test]
fn booleans_and_numbers_are_trimmed() {
    for text in ["true", "True", "TRUE", "1", " true\n"] {
        assert!(value::<bool>(&format!("<Value>{text}</Value>")), "{text}");
    }
    for text in ["false", "False", "0", "\tfalse "] {
        assert!(!value::<bool>(&format!("<Value>{text}</Value>")), "{text}");
    }
    assert_eq!(value::<i8>("<Value> -12\r\n</Value>"), -12);
    assert_eq!(value::<u64>("<Value>18446744073709551615</Value>"), u64::MAX);
    assert!((value::<f64>("<Value>0.5</Value>") - 0.5).abs() < f64::EPSILON);
    assert_eq!(value::<u32>("<Value><![CDATA[4]]>&#50;</Value>"), 42);
    assert_eq!(value::<u16>("<Value>+42.00</Value>"), 42);
    assert_eq!(refusal::<bool>("<Value>yes</Value>"), r#"Root/Value: "yes" is not a boolean"#);
    assert_eq!(refusal::<u8>("<Value>256</Value>"), r#"Root/Value: "256" is not a u8"#);
    assert_eq!(refusal::<i16>("<Value>1.5</Value>"), r#"Root/Value: "1.5" is not an i16"#);
}

#[test]
fn unit_variants_are_texts() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Slot {
        Production,
        Staging,
    }
    assert_eq!(value::<Slot>("<Value>Production</Value>"), Slot::Production);
    assert_eq!(value::<Slot>("<Value>\n Staging </Value>"), Slot::Staging);
    assert_eq!(
        refusal::<Slot>("<Value>Middle</Value>"),
        r#"Root/Value: "Middle" is none of Production, Staging"#
    );
}

#[test]
fn attributes_are_read_by_local_name() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Role {
        #[serde(rename = "@type")]
        kind: Option<String>,
        #[serde(rename = "@order")]
        order: Option<u8>,
        #[serde(rename = "@i")]
        declaration: Option<String>,
        #[serde(rename = "RoleName")]
        name: String,
    }
    let role: Role = value(
        "<Value xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type=' a&lt;&#x62;\n\"' \
         unknown='x' order=' 7 '><RoleName order='8'>web</RoleName></Value>",
    );
    assert_eq!(role.kind.as_deref(), Some(" a<b \""));
    assert_eq!((role.order, role.declaration, role.name.as_str()), (Some(7), None, "web"));
    assert_eq!(
        refusal::<Role>("<Value order='x'><RoleName/></Value>"),
        r#"Root/Value/@order: "x" is not a u8"#
    );
    assert_eq!(
        refusal::<Role>("<Value type='&nbsp;'/>"),
        "Root/Value/@type: the entity &nbsp; is not one of XML's own"
    );
}

#[test]
fn unknown_elements_are_passed_over_with_all_that_is_in_them() {
    let content = "text <Before><Value>0</Value><Deep><Deeper a='>'/></Deep></Before> &amp; \
         <Value>1</Value><![CDATA[<Value>2</Value>]]><!-- <Value>3</Value> --><After/>";
    assert_eq!(value::<u8>(content), 1);
}

#[test]
fn elements_inside_a_text_are_passed_over() {
    assert_eq!(value::<String>("<Value>a<X>b<Y>c</Y></X>d<Z/></Value>"), "ad");
    assert_eq!(value::<String>("<Value><X>b</X></Value>"), "");
}

#[test]
fn a_repeated_element_is_an_error() {
    assert_eq!(
        refusal::<u8>("<Value>1</Value><Value>2</Value>"),
        "Root: the element Value occurs twice"
    );
}

#[test]
fn a_newtype_in_a_field_is_its_content() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Base64Text(String);
    assert_eq!(value::<Base64Text>("<Value>eA==</Value>"), Base64Text("eA==".into()));
    assert_eq!(value::<Option<Base64Text>>("<Value/>"), None);
}

#[test]
fn a_struct_in_a_field_is_named_by_the_field() {
    let status =
        value::<UpgradeStatus>("<Value><CurrentUpgradeDomain>0</CurrentUpgradeDomain></Value>");
    assert_eq!(status.current_upgrade_domain, Some(0));
}

#[test]
fn visitors_that_stop_early_leave_a_tidy_cursor() {
    /// Reads the first child's name and no more.
    #[derive(Debug, PartialEq)]
    struct First(String);
    impl<'de> Deserialize<'de> for First {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = First;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("children")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<First, A::Error> {
                    let (name, ()) = map.next_entry()?.expect("a child");
                    Ok(First(name))
                }
            }
            deserializer.deserialize_map(Visitor)
        }
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Pair {
        value: First,
        after: (u8,),
        last: u8,
    }
    let content = "<Value><A>1</A><B><C/></B></Value>\
         <After><N>1</N><N>2</N></After><Last>3</Last>";
    let pair: Pair = from_slice(document("Pair", content).as_bytes()).unwrap();
    assert_eq!(pair, Pair { value: First("A".into()), after: (1,), last: 3 });
}

#[test]
fn values_know_that_the_wire_is_not_for_people() {
    struct Wire;
    impl<'de> Deserialize<'de> for Wire {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            assert!(!deserializer.is_human_readable());
            serde::de::IgnoredAny::deserialize(deserializer).map(|_| Wire)
        }
    }
    assert!(read_root::<Wire>("<Value/>").is_ok());
}

#[test]
fn attributes_do_not_fill_an_empty_element() {
    assert_eq!(value::<Option<UpgradeStatus>>("<Value i:type='Auto'/>"), None);
    assert_eq!(value::<Option<String>>("<Value i:type='Auto'></Value>"), None);
}

#[test]
fn nil_may_stand_among_other_attributes() {
    let content = r#"<Value a="1" i:nil="true" b='2' />"#;
    assert_eq!(value::<Option<u8>>(content), None);
    assert_eq!(value::<String>(r#"<Value i:nil="true"><X>deep</X>text</Value>"#), "");
}
