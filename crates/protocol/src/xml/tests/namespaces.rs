//! Namespaces: of the root, of its children, of prefixes.

use serde::Deserialize;

use super::{Root, value};
use crate::xml::{Limits, Reader, from_slice, root_name};

const ARRAYS: &str = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

#[test]
fn the_root_has_the_models_name_and_the_services_namespace() {
    let cases = [
        ("<Root/>", "Root in no namespace"),
        ("<Root xmlns='urn:other'/>", "Root in urn:other"),
        ("<x:Root/>", "x:Root in no namespace"),
        (
            "<Error xmlns='http://schemas.microsoft.com/windowsazure'><Code/></Error>",
            "Error in http://schemas.microsoft.com/windowsazure",
        ),
        ("<answer xmlns:a='urn:a'></answer>", "answer in no namespace"),
    ];
    for (document, found) in cases {
        let error = from_slice::<Root<u8>>(document.as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "expected the element Root in http://schemas.microsoft.com/windowsazure, \
                 found {found}"
            )
        );
    }
}

#[test]
fn a_root_without_a_name_still_has_a_namespace() {
    let list = b"<Names xmlns='http://schemas.microsoft.com/windowsazure'><N>a</N></Names>";
    assert_eq!(from_slice::<Vec<String>>(list).unwrap(), ["a"]);
    assert_eq!(
        from_slice::<Vec<String>>(b"<Names><N>a</N></Names>").unwrap_err().to_string(),
        "expected a root element in http://schemas.microsoft.com/windowsazure, \
         found Names in no namespace"
    );
}

#[test]
fn a_prefix_of_the_right_namespace_is_as_good_as_the_default() {
    let document = b"<a:Root xmlns:a='http://schemas.microsoft.com/windowsazure' xmlns='urn:x'>\
         <Value>no</Value><a:Value><a:X/><a:Y><Value/></a:Y>yes</a:Value></a:Root>";
    assert_eq!(from_slice::<Root<String>>(document).unwrap().value, "yes");
    let document = b"<Root xmlns='http://schemas.microsoft.com/windowsazure'>\
         <b:Value xmlns:b='http://schemas.microsoft.com/windowsazure'>yes</b:Value>\
         <b:Value>no</b:Value></Root>";
    assert_eq!(from_slice::<Root<String>>(document).unwrap().value, "yes");
}

#[test]
fn children_of_another_namespace_are_unknown() {
    for other in [
        "<Value xmlns='urn:other'>no</Value>",
        "<Value xmlns=''>no</Value>",
        "<Value xmlns='urn:other'/>",
        "<o:Value xmlns:o='urn:other'>no</o:Value>",
        "<undeclared:Value>no</undeclared:Value>",
        "<i:Value>no</i:Value>",
    ] {
        assert_eq!(value::<String>(&format!("{other}<Value>yes</Value>{other}")), "yes", "{other}");
    }
}

#[test]
fn declarations_end_with_their_element() {
    let content = "<Unknown xmlns='urn:a'><Deeper xmlns='urn:b'/></Unknown><E xmlns='urn:c'/>\
         <Value><X xmlns='urn:d'>no</X>yes</Value>";
    assert_eq!(value::<String>(content), "yes");
    let nested = "<Value><N><M xmlns='urn:a'><N/></M>1</N><N xmlns='urn:b'>0</N><N>2</N></Value>";
    assert_eq!(value::<Vec<u8>>(nested), [1, 2]);
}

#[test]
fn other_namespaces_can_be_known_too() {
    let document = format!(
        "<Root xmlns='http://schemas.microsoft.com/windowsazure' xmlns:a='{ARRAYS}'>\
         <Value><a:string>x</a:string><string>y</string><string xmlns='{ARRAYS}'>z</string>\
         </Value></Root>"
    );
    let read =
        |reader: Reader<'_>| reader.read::<Root<Vec<String>>>(document.as_bytes()).unwrap().value;
    assert_eq!(read(Reader::new()), ["y"]);
    assert_eq!(read(Reader::new().also(ARRAYS)), ["x", "y", "z"]);
}

#[test]
fn the_roots_namespace_can_be_another_or_none() {
    #[derive(Debug, Deserialize)]
    struct Project {
        #[serde(rename = "Name")]
        name: String,
    }
    let reader = Reader::new().namespace("urn:p");
    let project: Project =
        reader.read(b"<p:Project xmlns:p='urn:p'><p:Name>a</p:Name></p:Project>").unwrap();
    assert_eq!(project.name, "a");
    let reader = Reader::new().namespace("");
    assert_eq!(reader.read::<Project>(b"<Project><Name>b</Name></Project>").unwrap().name, "b");
    assert_eq!(
        reader.read::<Project>(b"<Project xmlns='urn:p'/>").unwrap_err().to_string(),
        "expected the element Project in no namespace, found Project in urn:p"
    );
}

#[test]
fn the_roots_name_is_reported_without_reading_on() {
    let cases = [
        ("<?xml version='1.0'?><!-- --><Error><Code>", Some("Error")),
        ("\u{FEFF}<Error/>", Some("Error")),
        ("<a:Error xmlns:a='urn:a'/>", Some("Error")),
        ("<a:Error/>", Some("Error")),
        ("<html>", Some("html")),
        ("<!DOCTYPE html><html>", None),
        ("plain", None),
        ("", None),
    ];
    for (document, name) in cases {
        assert_eq!(root_name(document.as_bytes()).as_deref(), name, "{document}");
    }
}

#[test]
fn a_document_beyond_the_limit_has_no_root_name() {
    let padded = |bytes: usize| format!("<Error/>{}", " ".repeat(bytes - 8));
    let limit = Limits::default().bytes;
    assert_eq!(root_name(padded(limit).as_bytes()).as_deref(), Some("Error"));
    assert_eq!(root_name(padded(limit + 1).as_bytes()), None);
}
