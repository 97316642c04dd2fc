//! Texts: white space, line ends, references, CDATA, what surrounds the root.

use super::{Root, refusal, value};
use crate::xml::{WINDOWS_AZURE, from_slice};

#[test]
fn texts_are_joined_across_everything_that_cuts_them() {
    let cases = [
        ("a b", "a b"),
        ("  a\n\t", "  a\n\t"),
        (" ", " "),
        ("a\r\nb\rc\r\n\r\nd\n", "a\nb\nc\n\nd\n"),
        ("a&#13;b&#xD;&#10;", "a\rb\r\n"),
        ("\r<![CDATA[\r\n&amp;]]>", "\n\n&amp;"),
        ("<![CDATA[<a>]]>", "<a>"),
        ("<![CDATA[]]>", ""),
        ("a<![CDATA[b]]>c<!-- d -->e<?f g?>h&amp;i", "abceh&i"),
        ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"),
        ("&#65;&#x42;&#x1F600;", "AB😀"),
        ("]]>", "]]>"),
        ("größer 漢字", "größer 漢字"),
    ];
    for (content, text) in cases {
        assert_eq!(value::<String>(&format!("<Value>{content}</Value>")), text, "{content:?}");
    }
}

#[test]
fn forbidden_characters_do_not_cost_the_document() {
    let cases = [
        ("a&#x1B;b", "a\u{1B}b"),
        ("a&#1;b", "a\u{1}b"),
        ("a\u{1B}b\u{7}", "a\u{1B}b\u{7}"),
        ("&#xFFFE;", "\u{FFFE}"),
        ("&#0;", "\u{FFFD}"),
        ("&#xD800;", "\u{FFFD}"),
        ("&#x110000;", "\u{FFFD}"),
        ("&#99999999999999999999;", "\u{FFFD}"),
    ];
    for (content, text) in cases {
        assert_eq!(value::<String>(&format!("<Value>{content}</Value>")), text, "{content:?}");
    }
}

#[test]
fn references_that_stand_for_nothing_are_errors() {
    for name in ["nbsp", "", "#", "#x", "#X41", "#+5", "#x 1", "AMP"] {
        assert_eq!(
            refusal::<String>(&format!("<Value>a&{name};b</Value>")),
            format!("Root/Value: the entity &{name}; is not one of XML's own")
        );
    }
    let error = refusal::<String>("<Value>a & b</Value>");
    assert!(error.starts_with("Root/Value: the XML is not well-formed before byte"), "{error}");
    let between = "<Value>a</Value>&nbsp;";
    assert_eq!(refusal::<String>(between), "Root: the entity &nbsp; is not one of XML's own");
}

#[test]
fn what_may_surround_the_root() {
    let root = format!("<Root xmlns='{WINDOWS_AZURE}'><Value>é</Value></Root>");
    let around = [
        ("\u{FEFF}", ""),
        ("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n", "\r\n"),
        ("<?xml version='1.0' encoding='us-ascii' standalone='yes'?>", ""),
        ("\n<!-- <x> --><?pi x?>\t", "\n<!-- - --> <?pi?>\n"),
    ];
    for (before, after) in around {
        let document = format!("{before}{root}{after}");
        let read_root: Root<String> = from_slice(document.as_bytes()).expect(&document);
        assert_eq!(read_root.value, "é");
    }
}

#[test]
fn what_may_not() {
    let root = format!("<Root xmlns='{WINDOWS_AZURE}'><Value>1</Value></Root>");
    let cases = [
        (String::new(), "the document is empty"),
        (" \r\n".into(), "the document is empty"),
        ("\u{FEFF}".into(), "the document is empty"),
        ("<!-- nothing -->".into(), "the document ends before its root element starts"),
        ("<Answ".into(), "the document ends before its root element starts"),
        ("Bad Gateway".into(), "the document is not XML: it has text before any element"),
        (format!("x{root}"), "the document is not XML: it has text before any element"),
        (format!("&amp;{root}"), "the document is not XML: it has text before any element"),
        (format!("{root}x"), "the document goes on after its root element"),
        (format!("{root}<![CDATA[]]>"), "the document goes on after its root element"),
        (format!("{root}{root}"), "the document has a second root element, Root"),
        (format!("{root}<Root/>"), "the document has a second root element, Root"),
        (
            format!("<!DOCTYPE Root [<!ENTITY a 'b'>]>{root}"),
            "the document has a document type declaration (DTD), which is refused",
        ),
        (
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><html></html>".into(),
            "the document is an HTML page and not the service's XML",
        ),
        (
            "<HTML><HEAD></HEAD><BODY><p>Bad Gateway</BODY></HTML>".into(),
            "the document is an HTML page and not the service's XML",
        ),
    ];
    for (document, words) in cases {
        let error = from_slice::<Root<u8>>(document.as_bytes()).expect_err(&document);
        assert_eq!(error.to_string(), words, "{document:?}");
        assert_eq!(error.path(), "");
    }
    assert!(
        from_slice::<Root<u8>>(format!("{root}</x>").as_bytes())
            .unwrap_err()
            .to_string()
            .ends_with("</x> closes nothing")
    );
}

#[test]
fn other_encodings_are_errors_that_say_so() {
    let cases: [(&[u8], &str); 3] = [
        (b"\xFF\xFE<\0A\0", "the document is UTF-16, and only UTF-8 is read"),
        (b"\xFE\xFF\0<\0A", "the document is UTF-16, and only UTF-8 is read"),
        (b"<Root><Value>\xE9</Value></Root>", "the document is not UTF-8: see the byte at 13"),
    ];
    for (document, words) in cases {
        assert_eq!(from_slice::<Root<u8>>(document).unwrap_err().to_string(), words);
    }
}
