//! Documents that mean harm: each ends in an error, and early.

use std::fmt::Write;

use serde::Deserialize;

use super::{Root, document};
use crate::xml::{Limits, ReadError, Reader, from_slice};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "read for its errors")]
struct Nest {
    nest: Option<Box<Nest>>,
    list: Option<Vec<Nest>>,
}

fn error<T: serde::de::DeserializeOwned + std::fmt::Debug>(content: &str) -> ReadError {
    from_slice::<Root<T>>(document("Root", content).as_bytes()).unwrap_err()
}

fn ends<T: serde::de::DeserializeOwned + std::fmt::Debug>(content: &str, words: &str) {
    let error = error::<T>(content).to_string();
    assert!(error.ends_with(words), "{error}");
}

#[test]
fn a_million_levels() {
    let deep = "elements are nested more than 64 deep (Limits::depth)";
    for open in ["<Nest>", "<List><Nest>", "<Unknown>"] {
        ends::<Nest>(&format!("<Value>{}", open.repeat(1_000_000)), deep);
        ends::<String>(&format!("<Value>{}", open.repeat(1_000_000)), deep);
    }
}

#[test]
fn a_million_items() {
    let many = "the document has more than 250000 elements (Limits::elements)";
    for item in ["<i/>", "<i></i>", "<Nest/>"] {
        let items = item.repeat(1_000_000);
        ends::<Vec<Nest>>(&format!("<Value>{items}</Value>"), many);
        ends::<Vec<String>>(&format!("<Value>{items}</Value>"), many);
        ends::<String>(&format!("<Value>{items}</Value>"), many);
        ends::<u8>(&format!("<Value>1</Value>{items}"), many);
    }
}

#[test]
fn attributes_without_end() {
    let mut attributes = String::new();
    for number in 0..400_000 {
        write!(attributes, " a{number}='x'").unwrap();
    }
    let many = "Value has more than 32 attributes (Limits::attributes)";
    ends::<String>(&format!("<Value{attributes}>x</Value>"), many);
    ends::<String>(&format!("<Value{attributes}/>"), many);
    // Skipped content is not checked for them.
    let passed = format!("<X><Y{attributes}/></X><Value>1</Value>");
    assert_eq!(super::value::<u8>(&passed), 1);
}

#[test]
fn declarations_without_end() {
    let mut declarations = String::new();
    for number in 0..10_000 {
        write!(declarations, " xmlns:p{number}='urn:x'").unwrap();
    }
    ends::<String>(
        &format!("<Value{declarations}/>"),
        "more than 32 namespaces are declared (Limits::namespaces)",
    );
    let two = "<Nest xmlns:a='urn:a' xmlns:b='urn:b'>";
    ends::<Nest>(
        &format!("<Value>{}", two.repeat(20)),
        "more than 32 namespaces are declared (Limits::namespaces)",
    );
    // One after another they do not add up.
    let apart = "<X xmlns:a='urn:a'/><X xmlns:a='urn:a'></X>".repeat(1000);
    assert_eq!(super::value::<u8>(&format!("{apart}<Value>1</Value>")), 1);
}

#[test]
fn a_billion_laughs() {
    let document = "<!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
         <Root xmlns='http://schemas.microsoft.com/windowsazure'><Value>&b;</Value></Root>";
    assert_eq!(
        from_slice::<Root<String>>(document.as_bytes()).unwrap_err().to_string(),
        "the document has a document type declaration (DTD), which is refused"
    );
}

#[test]
fn more_bytes_than_allowed() {
    let reader = Reader::new().limits(Limits { bytes: 10, ..Limits::default() });
    assert_eq!(
        reader.read::<Root<u8>>(b"<Root></Root>").unwrap_err().to_string(),
        "the document has 13 bytes, more than 10 (Limits::bytes)"
    );
    let huge = vec![b' '; Limits::default().bytes + 1];
    assert!(from_slice::<Root<u8>>(&huge).unwrap_err().to_string().ends_with("(Limits::bytes)"));
}

#[test]
fn long_texts_and_many_pieces_are_only_long() {
    let pieces = "&amp;<![CDATA[x]]><!-- -->\r\n".repeat(100_000);
    let text: String = super::value(&format!("<Value>{pieces}</Value>"));
    assert_eq!(text.len(), 300_000);
    let comments = "<!-- -->".repeat(500_000);
    assert_eq!(super::value::<Option<u8>>(&format!("<Value>{comments}</Value>")), None);
}

#[test]
fn limits_are_inclusive() {
    let reader = Reader::new().namespace("").limits(Limits {
        depth: 2,
        attributes: 2,
        total_attributes: 2,
        namespaces: 1,
        total_namespaces: 1,
        elements: 3,
        name: 7,
        text: 1,
        bytes: 60,
    });
    let good = "<Root xmlns:a='u' b='c'><Value>1</Value><X/></Root>";
    assert_eq!(reader.read::<Root<u8>>(good.as_bytes()).unwrap().value, 1);
}

#[test]
fn names_and_texts_have_a_length() {
    let name = "n".repeat(1025);
    let long = "has 1025 bytes, more than 1024 (Limits::name)";
    for content in [
        format!("<{name}/>"),
        format!("<X><{name}></{name}></X>"),
        format!("<Value>a<{name}/></Value>"),
        format!("<Value {name}='x'/>"),
        format!("<Value xmlns:o='{name}'/>"),
    ] {
        ends::<String>(&content, long);
    }
    let text = "x".repeat((8 << 20) + 1);
    let long = "a text has 8388609 bytes, more than 8388608 (Limits::text)";
    for content in [
        format!("<Value>{text}</Value>"),
        format!("<Value><![CDATA[x]]>{}</Value>", &text[1..]),
        format!("<Value a='{text}'/>"),
    ] {
        ends::<String>(&content, long);
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename = "Root")]
struct List(#[expect(dead_code, reason = "read for its errors")] Vec<String>);

#[test]
fn totals_are_limited_though_each_element_is_harmless() {
    let reader = Reader::new().limits(Limits {
        total_attributes: 1000,
        total_namespaces: 500,
        ..Limits::default()
    });
    for (content, words) in [
        ("<Value a='x' b='y'/>", "more than 1000 attributes (Limits::all_attributes)"),
        (
            "<X xmlns:a='urn:a'/>",
            "more than 500 declarations of namespaces (Limits::all_namespaces)",
        ),
    ] {
        let document = document("Root", &content.repeat(1000));
        for error in [
            reader.read::<List>(document.as_bytes()).unwrap_err(),
            reader.limits.check(document.as_bytes()).unwrap_err(),
        ] {
            assert!(error.to_string().ends_with(words), "{error}");
        }
    }
}

#[test]
fn a_check_sees_elements_that_no_model_knows() {
    let limits = Limits { bytes: 200, elements: 4, depth: 3, text: 9, ..Limits::default() };
    let numbered = |count: usize, prefix: &str| {
        (0..count).fold(String::new(), |all, number| format!("{all} {prefix}{number}='x'"))
    };
    let (attributes, namespaces) = (numbered(33, "a"), numbered(17, "xmlns:a"));
    let wide = Limits { bytes: 10_000, ..limits };
    for (limits, document, words) in [
        (limits, " ".repeat(201), "201 bytes, more than 200 (Limits::bytes)"),
        (limits, "<a><b/><b/><b/><b/></a>".to_owned(), "more than 4 elements (Limits::elements)"),
        (limits, "<a><a><a><a>".to_owned(), "more than 3 open elements (Limits::depth)"),
        (
            limits,
            "<a>12345<![CDATA[67890]]></a>".to_owned(),
            "10 bytes, more than 9 (Limits::text)",
        ),
        (limits, "<a><b c='1234567890'/></a>".to_owned(), "10 bytes, more than 9 (Limits::text)"),
        (
            wide,
            format!("<a><b{attributes}/></a>"),
            "b has more than 32 attributes (Limits::attributes)",
        ),
        (
            wide,
            format!("<a{namespaces}><b{namespaces}/></a>"),
            "more than 32 namespaces in force (Limits::namespaces)",
        ),
        (wide, format!("<a><{}/></a>", "n".repeat(1025)), "more than 1024 (Limits::name)"),
        (wide, "<!DOCTYPE a><a/>".to_owned(), "declaration (DTD), which is refused"),
        (wide, "<a b/>".to_owned(), "attribute"),
    ] {
        let error = limits.check(document.as_bytes()).expect_err(&document).to_string();
        assert!(error.contains(words), "{error}");
    }
    assert!(limits.check(b"<a><b/><b><!-- c --></b><b>123456789</b></a>").is_ok());
}

#[test]
fn a_check_rejects_references_to_what_is_no_character() {
    let limits = Limits::default();
    for reference in [
        "#xD800",
        "#xDFFF",
        "#55296",
        "#x110000",
        "#xFFFFFFFFF",
        "#0",
        "#x0",
        "#x1B",
        "#xFFFE",
        "#xFFFF",
    ] {
        for document in [format!("<a>b&{reference};</a>"), format!("<a b='c&lt;&{reference};d'/>")]
        {
            let error = limits.check(document.as_bytes()).expect_err(&document).to_string();
            assert!(error.contains("is no character"), "{error}");
        }
        // Where it is no reference.
        let document = format!("<a><!--&{reference};--><![CDATA[&{reference};]]></a>");
        assert!(limits.check(document.as_bytes()).is_ok(), "{document}");
    }
    let document = "<a b='&#9;&#xD7FF;&#x10FFFF;&quot;'>&#13;&#x85;&#xFFFD;&#128512;&amp;</a>";
    assert!(limits.check(document.as_bytes()).is_ok());
}
