//! Exactly the parts that the model did not take are reported.

use std::fmt::Write;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{Root, document};
use crate::xml::{Limits, Reader, Unknown, everything, present_list};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Role {
    #[serde(rename = "@type")]
    kind: Option<String>,
    #[serde(rename = "RoleName")]
    name: Option<String>,
    locked: Option<bool>,
    #[serde(default)]
    names: Vec<Name>,
    #[serde(default, deserialize_with = "present_list")]
    disks: Option<Vec<Name>>,
    #[serde(default)]
    downtime: (),
}

#[derive(Debug, PartialEq, Deserialize)]
struct Name(String);

fn unknown_in<T: DeserializeOwned>(content: &str) -> Unknown {
    let document = document("Root", content);
    let read = Reader::new().read_with_unknown::<Root<T>>(document.as_bytes());
    read.unwrap_or_else(|error| panic!("{content}: {error}")).1
}

fn paths<T: DeserializeOwned>(content: &str) -> Vec<String> {
    let unknown = unknown_in::<T>(content);
    assert_eq!(unknown.omitted, 0);
    assert_eq!(unknown.is_empty(), unknown.paths.is_empty());
    unknown.paths
}

#[test]
fn what_the_model_takes_is_not_reported() {
    let contents = [
        "<Value/>",
        "<Value i:nil='true'/>",
        "<Value xmlns:j='http://www.w3.org/2001/XMLSchema-instance' j:nil=' 1 '></Value>",
        "<Value i:type='Web'><RoleName>a&amp;b<![CDATA[c]]></RoleName><Locked>true</Locked></Value>",
        "<!-- a --><Value> \n<RoleName i:nil='false'>a</RoleName> <?b c?><![CDATA[ ]]>&#10;<Locked/></Value>",
        "<Value><Names><Name>a</Name>\t<Name/></Names><Disks/><Downtime i:nil='true'/></Value>",
        "<Value><Names i:nil='true'/><Disks i:nil=\"true\"/><Downtime/></Value>",
        "<n:Value xmlns:n='http://schemas.microsoft.com/windowsazure' xmlns:unused='urn:x'>\
         <n:Disks><n:Name>a</n:Name></n:Disks></n:Value>",
    ];
    for content in contents {
        assert_eq!(paths::<Role>(content), [""; 0], "{content}");
    }
}

#[test]
fn each_way_to_be_passed_over_is_reported() {
    let cases: [(&str, &[&str]); 18] = [
        ("<Value/><Other>x</Other>", &["Root/Other"]),
        (
            "<Value><Names/><Other><Deep a='1'>x</Deep></Other></Value>",
            &["Root/Value/Other", "Root/Value/Other/Deep", "Root/Value/Other/Deep/@a"],
        ),
        ("<Value kind='x' i:type='y'/>", &["Root/Value/@kind", "Root/Value/@type"]),
        ("<Value kind='x' i:type='y'><Locked/></Value>", &["Root/Value/@kind"]),
        ("<Value><RoleName a='1'>x</RoleName></Value>", &["Root/Value/RoleName/@a"]),
        ("<Value><RoleName a='1'/></Value>", &["Root/Value/RoleName/@a"]),
        (
            "<Value><Names a='1'><Name b='2'>x</Name></Names></Value>",
            &["Root/Value/Names/@a", "Root/Value/Names/Name[1]/@b"],
        ),
        ("<Value><Disks a='1'/></Value>", &["Root/Value/Disks/@a"]),
        ("<Value><RoleName nil='true'>x</RoleName></Value>", &["Root/Value/RoleName/@nil"]),
        (
            "<Value><RoleName xmlns:i='urn:x' i:nil=\"true\">x</RoleName></Value>",
            &["Root/Value/RoleName/@nil"],
        ),
        ("<Value><RoleName>x<b>y</b></RoleName></Value>", &["Root/Value/RoleName/b"]),
        ("<Value>x<Locked/>y</Value>z&amp;", &["Root/Value/text()", "Root/text()"]),
        (
            "<Value><Names>x<Stray/><Name>a</Name></Names></Value>",
            &["Root/Value/Names/text()", "Root/Value/Names/Stray"],
        ),
        (
            "<Value i:nil='true'>x<RoleName>y</RoleName></Value>",
            &["Root/Value/text()", "Root/Value/RoleName"],
        ),
        (
            "<Value><Downtime a='1'>x<b/></Downtime></Value>",
            &["Root/Value/Downtime/@a", "Root/Value/Downtime/text()", "Root/Value/Downtime/b"],
        ),
        (
            "<Value/><o:Value xmlns:o='urn:o' o:nil='true'><o:X/></o:Value>",
            &["Root/o:Value", "Root/o:Value/o:X"],
        ),
        ("<Value><Locked xmlns='urn:o'>x</Locked></Value>", &["Root/Value/Locked"]),
        (
            "<Value><Names><Name>a</Name><p:Name>b</p:Name></Names></Value>",
            &["Root/Value/Names/p:Name"],
        ),
    ];
    for (content, expected) in cases {
        assert_eq!(paths::<Option<Role>>(content), expected, "{content}");
    }
    assert_eq!(paths::<IgnoredAny>("<Value a='1'/>"), ["Root/Value", "Root/Value/@a"]);
    assert_eq!(paths::<(u8,)>("<Value><N>1</N><N>2</N></Value>"), ["Root/Value/N"]);
}

#[test]
fn the_root_has_attributes_too() {
    let document =
        b"<Names xmlns='urn:a' xmlns:s='urn:s' s:schemaLocation='x'><Name>a</Name></Names>";
    let reader = Reader::new().namespace("urn:a");
    let (names, unknown) = reader.read_with_unknown::<Vec<Name>>(document).unwrap();
    assert_eq!(names, [Name("a".into())]);
    assert_eq!(unknown.paths, ["Names/@schemaLocation"]);
}

#[test]
fn a_kind_is_reported_once_with_its_first_place() {
    let content = "<Value><Role/><Role><New/></Role><Role><New>x</New><New/></Role>\
         <Stranger/><Role><Names><Name b='1'/></Names><New/></Role></Value>";
    assert_eq!(
        paths::<Vec<Role>>(content),
        ["Root/Value/Role[2]/New", "Root/Value/Stranger", "Root/Value/Role[4]/Names/Name[1]/@b"]
    );
}

#[test]
fn the_list_has_an_end_and_so_has_a_path() {
    let mut content = String::from("<Value/>");
    for number in 0..600 {
        write!(content, "<N{number}/><N{number}/>").unwrap();
    }
    let unknown = unknown_in::<Role>(&content);
    assert_eq!(unknown.paths.len(), 500);
    assert_eq!(unknown.paths[499], "Root/N499");
    assert_eq!(unknown.omitted, 200);

    let name = "N".repeat(1000);
    let long = paths::<Role>(&format!("<Value/><{name} {name}='x'/>"));
    assert_eq!(
        long,
        [format!("Root/{}…", &name[..40]), format!("Root/{}…/@{}…", &name[..40], &name[..39]),]
    );
    let deep = "<ANameThatIsNotQuiteShort>".repeat(20);
    let close = "</ANameThatIsNotQuiteShort>".repeat(20);
    let paths = paths::<Role>(&format!("<Value/>{deep}{close}"));
    assert_eq!(paths.len(), 20);
    assert!(paths[19].starts_with("…/ANameThatIs") && paths[19].len() < 300, "{}", paths[19]);
}

#[test]
fn attributes_without_end_are_counted() {
    let mut attributes = String::new();
    for number in 0..100_000 {
        write!(attributes, " a{number}='x'").unwrap();
    }
    let unknown = unknown_in::<Role>(&format!("<Value><X><Y{attributes}/></X></Value>"));
    assert_eq!(unknown.paths[..2], ["Root/Value/X", "Root/Value/X/Y"]);
    assert_eq!(unknown.omitted, 100_002 - 500);
}

#[test]
fn errors_are_those_of_reading() {
    for content in ["<Value><Locked>x</Locked></Value>", "<Value>", "<Value/><Value/>"] {
        let document = document("Root", content);
        let plain = Reader::new().read::<Root<Role>>(document.as_bytes()).unwrap_err();
        let with_unknown =
            Reader::new().read_with_unknown::<Root<Role>>(document.as_bytes()).unwrap_err();
        assert_eq!(with_unknown.to_string(), plain.to_string());
    }
}

#[test]
fn of_a_body_that_is_not_read_everything_is_reported() {
    let cases: [(&[u8], &[&str]); 8] = [
        (b"", &[]),
        (b" \r\n", &[]),
        (b"\xEF\xBB\xBF<!-- -->", &[]),
        (b"<a xmlns='urn:a' b='1'><c/>x</a>", &["a", "a/@b", "a/c"]),
        (b"OK", &["text()"]),
        (b"O&K", &["text()"]),
        (b"<a><b></a>", &["a", "a/b"]),
        (b"\xFF", &["text()"]),
    ];
    for (body, expected) in cases {
        assert_eq!(everything(body).paths, expected, "{body:?}");
    }
    let deep = everything("<a>".repeat(1_000_000).as_bytes());
    assert_eq!((deep.paths.len(), deep.omitted), (65, 1));
}

#[test]
fn a_body_beyond_the_limit_is_listed_without_a_walk() {
    let padded = |bytes: usize| format!("<a/>{}", " ".repeat(bytes - 4));
    let limit = Limits::default().bytes;
    assert_eq!(everything(padded(limit).as_bytes()).paths, ["a"]);
    assert_eq!(everything(padded(limit + 1).as_bytes()).paths, ["text()"]);
}
