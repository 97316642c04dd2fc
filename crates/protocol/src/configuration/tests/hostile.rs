//! Documents that are not what they should be, and documents that mean harm.

use std::fmt::Write as _;

use super::*;
use crate::ErrorKind;

fn refusal(text: &str) -> String {
    let error = ServiceConfiguration::read(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    reported(&error)
}

#[test]
fn what_is_no_configuration_is_refused_with_the_place() {
    let role = |content: &str| document(&format!("<Role name='A'>{content}</Role>"));
    let one = "<Instances count='1'/>";
    let cut = CONTOSO[..CONTOSO.find("<Setting").unwrap()].trim_end().to_owned();
    for (text, why) in [
        (String::new(), "the document is empty"),
        ("PFNlcnZpY2U+".to_owned(), "not XML"),
        ("<html><body/></html>".to_owned(), "an HTML page"),
        ("<ServiceConfiguration/>".to_owned(), "found ServiceConfiguration in no namespace"),
        (document("").replace("2008/10", "2008/11"), "expected the element ServiceConfiguration"),
        (document("").replace("<ServiceConfiguration ", "<Service "), "found Service in"),
        (
            document("").replace("</Service", "</Role"),
            "</RoleConfiguration> closes <ServiceConfiguration>",
        ),
        (document("<Role/>"), "ServiceConfiguration/Role[1]: it has no name"),
        (document("<Role name=''/>"), "ServiceConfiguration/Role[1]: it has no name"),
        (
            role(""),
            "ServiceConfiguration/Role[1]/Instances: the number of instances (count) is missing",
        ),
        (role("<Instances/>"), "Role[1]/Instances: the number of instances (count) is missing"),
        (
            role("<Instances count=''/>"),
            "Role[1]/Instances/@count: \"\" is not a number of instances",
        ),
        (role("<Instances count='-1'/>"), "\"-1\" is not a number"),
        (role("<Instances count='4294967296'/>"), "\"4294967296\" is not a number"),
        (role(&one.repeat(2)), "Role[1]/Instances: the element occurs twice"),
        (
            document(&format!("<Role name='A'>{one}</Role>").repeat(2)),
            "ServiceConfiguration/Role[2]: another role has the same name",
        ),
        (cut, "the document ends inside ServiceConfiguration/Role"),
        (role("<a></b>"), "</b> closes <a>"),
        (role("<a b='1' b='2'/>"), "not well-formed"),
        (role("<a b=1/>"), "not well-formed"),
        (role("<a b='&name;'/>"), "the entity &name; is not one of XML's own"),
        (role("&name;"), "the entity &name; is not one of XML's own"),
        (format!("{}<b/>", document("")), "a second root element, b"),
        (format!("{}text", document("")), "goes on after its root element"),
    ] {
        let reported = refusal(&text);
        assert!(reported.contains(why), "{text}\n{reported}\n   does not say\n{why}");
    }
}

#[test]
fn entities_cannot_be_defined() {
    let bomb = "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>";
    assert!(refusal(&format!("{bomb}{}", document("&b;"))).contains("DTD"));
    assert!(refusal(&document(bomb)).contains("DTD"));
}

#[test]
fn a_million_levels_elements_attributes_and_bytes() {
    assert!(refusal(&document(&"<a>".repeat(1_000_000))).contains("Limits::depth"));
    assert!(refusal(&document(&"<a/>".repeat(1_000_000))).contains("Limits::elements"));
    let mut attributes = String::new();
    for number in 0..100_000 {
        write!(attributes, " a{number}='x'").unwrap();
    }
    assert!(refusal(&document(&format!("<a{attributes}/>"))).contains("Limits::attributes"));
    let declarations = "<a xmlns:a='x' xmlns:b='x' xmlns:c='x'>".repeat(12);
    assert!(refusal(&document(&declarations)).contains("Limits::namespaces"));
    assert!(refusal(&" ".repeat((16 << 20) + 1)).contains("Limits::bytes"));
}

#[test]
fn many_roles_with_long_names_make_a_short_error() {
    let long = "n".repeat(1000);
    let mut roles = String::new();
    for number in 0..10_000 {
        write!(roles, "<Role name='{number}{long}'><Instances count='1'/></Role>").unwrap();
    }
    let configuration = ServiceConfiguration::read(&document(&roles)).unwrap();
    let error = configuration.role(&long).unwrap_err().to_string();
    assert!(error.len() < 2000, "{} bytes", error.len());
    assert!(error.ends_with("and 9980 more"), "{error}");
}

#[test]
fn a_count_that_is_a_long_text_is_not_repeated() {
    let text = "9".repeat(41);
    let reported =
        refusal(&document(&format!("<Role name='A'><Instances count='{text}'/></Role>")));
    assert!(
        reported
            .ends_with("Instances/@count: a text of 41 characters is not a number of instances")
    );
}

/// Documents with a role Web, whose prefixes mean different things in different places.
fn with_odd_prefixes() -> Vec<String> {
    const N: &str = super::super::NAMESPACE;
    let plain = |inside: &str| {
        format!(
            "<ServiceConfiguration xmlns='{N}'><Role name='Web'><Instances count='2'/>{inside}</Role>\
             </ServiceConfiguration>"
        )
    };
    vec![
        plain("<s:ConfigurationSettings xmlns:s='{N}' xmlns='urn:other'/>").replace("{N}", N),
        plain("<s:ConfigurationSettings xmlns:s='{N}' xmlns=''><s:Setting name='a' value='1'/></s:ConfigurationSettings >")
            .replace("{N}", N),
        format!(
            "<s:ServiceConfiguration xmlns:s='{N}'><s:Role name='Web'><s:Instances count='2'/>\
             <ConfigurationSettings xmlns='{N}' xmlns:s='urn:other'></ConfigurationSettings></s:Role>\
             </s:ServiceConfiguration>"
        ),
        format!(
            "<s:ServiceConfiguration xmlns:s='{N}'><Role xmlns='{N}' xmlns:s='urn:other' name='Web'>\
             <Instances count='2'/><s:ConfigurationSettings/></Role></s:ServiceConfiguration>"
        ),
        plain("<!-- <ConfigurationSettings> --><ConfigurationSettings><![CDATA[</]]></ConfigurationSettings\n>"),
        plain("<ConfigurationSettings a='/>'\n/><Certificates\t/>"),
        plain(""),
    ]
}

#[test]
fn changes_are_read_back_whatever_prefixes_mean() {
    for text in with_odd_prefixes() {
        let mut configuration = ServiceConfiguration::read(&text).unwrap();
        let web = configuration.role_mut("Web").unwrap();
        let before: Vec<_> = web.settings().map(|it| it.name.to_owned()).collect();
        web.instances = 7;
        web.add_setting("new", "<&\"'> \t\n").unwrap();
        web.add_certificate("ssl", "AB").unwrap();
        assert!(web.add_setting("bad", "\0").is_err());

        let read = ServiceConfiguration::read(&configuration.write()).unwrap();
        assert_eq!(read.write(), configuration.write());
        let web = read.role("Web").unwrap();
        assert_eq!(web.instances, 7, "{text}");
        assert_eq!(web.setting("new"), Some("<&\"'> \t\n"), "{text}");
        assert_eq!(web.settings().count(), before.len() + 1, "{text}");
        assert_eq!(web.certificates().next().unwrap().thumbprint, "AB", "{text}");

        // An addition can be removed again, and everything else remains.
        let web = configuration.role_mut("Web").unwrap();
        web.instances = 2;
        assert!(web.remove_setting("new") && web.remove_certificate("ssl"));
        let read = ServiceConfiguration::read(&configuration.write()).unwrap();
        let left: Vec<_> =
            read.role("Web").unwrap().settings().map(|it| it.name.to_owned()).collect();
        assert_eq!(left, before, "{text}");
        for kept in ["<!-- <ConfigurationSettings> -->", "<![CDATA[</]]>", "a='/>'"] {
            assert_eq!(configuration.write().contains(kept), text.contains(kept), "{text}");
        }
    }
}
