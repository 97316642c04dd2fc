//! Lists: the wrapper, the items and their names.

use serde::Deserialize;

use super::{document, read_root, refusal, value};
use crate::xml::{from_slice, present_list};

#[derive(Debug, PartialEq, Deserialize)]
struct RoleSize(String);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RoleInstance {
    instance_name: Option<String>,
    instance_upgrade_domain: Option<u32>,
}

fn named(name: &str) -> RoleInstance {
    RoleInstance { instance_name: Some(name.into()), instance_upgrade_domain: None }
}

const UNNAMED: RoleInstance = RoleInstance { instance_name: None, instance_upgrade_domain: None };

#[test]
fn items_have_their_types_name_and_others_are_passed_over() {
    let content = "<Value> <Other><RoleInstance/></Other>\
         <RoleInstance><InstanceName>a</InstanceName></RoleInstance>\
         <!-- --><Other/><x:RoleInstance xmlns:x='urn:other'/><RoleInstance xmlns='urn:other'/>\
         <RoleInstance/>text<RoleInstance i:nil='true'/><Other/></Value>";
    assert_eq!(value::<Vec<RoleInstance>>(content), [named("a"), UNNAMED, UNNAMED]);
    assert_eq!(
        value::<Vec<RoleSize>>("<Value><RoleSize>Small</RoleSize><X/><RoleSize/></Value>"),
        [RoleSize("Small".into()), RoleSize(String::new())]
    );
}

#[test]
fn every_child_is_an_item_of_a_type_without_a_name() {
    let content = "<Value><Dns>a</Dns><Name/><x:Name>no</x:Name><Other i:nil='1'/></Value>";
    assert_eq!(value::<Vec<String>>(content), ["a", "", ""]);
    assert_eq!(value::<Vec<u8>>("<Value><N>1</N><N> 2 </N></Value>"), [1, 2]);
}

#[test]
fn an_empty_list_has_no_items_whatever_way_it_is_empty() {
    for content in ["<Value/>", "<Value> <!-- --> </Value>", "<Value i:nil='true'><X/></Value>"] {
        assert_eq!(value::<Vec<RoleInstance>>(content), [], "{content}");
    }
    assert_eq!(value::<Vec<RoleInstance>>("<Value><Other/><Other/></Value>"), []);
}

#[test]
fn optional_items_are_none_where_they_are_nil_or_empty() {
    let content = "<Value><RoleInstance i:nil='true'/><Other>x</Other>\
         <RoleInstance><InstanceName>a</InstanceName></RoleInstance><RoleInstance/></Value>";
    assert_eq!(value::<Vec<Option<RoleInstance>>>(content), [None, Some(named("a")), None]);
}

#[test]
fn lists_of_lists_keep_apart() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row(Vec<RoleSize>);
    let content = "<Value><Row><RoleSize>a</RoleSize><X/></Row><X/><Row/>\
         <Row><X/><RoleSize>b</RoleSize></Row></Value>";
    let size = |name: &str| RoleSize(name.into());
    assert_eq!(
        value::<Vec<Row>>(content),
        [Row(vec![size("a")]), Row(vec![]), Row(vec![size("b")])]
    );
}

#[test]
fn an_open_enumeration_may_be_an_item() {
    #[derive(Debug, PartialEq)]
    enum PersistentVmRole {
        Small,
        Other(String),
    }
    impl<'de> Deserialize<'de> for PersistentVmRole {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            RoleSize::deserialize(deserializer).map(|RoleSize(name)| match name.as_str() {
                "Small" => Self::Small,
                _ => Self::Other(name),
            })
        }
    }
    let content = "<Value><X/><RoleSize>Small</RoleSize><RoleSize>Basic_A0</RoleSize></Value>";
    let expected = [PersistentVmRole::Small, PersistentVmRole::Other("Basic_A0".into())];
    assert_eq!(value::<Vec<PersistentVmRole>>(content), expected);
}

#[test]
fn a_root_may_be_a_list() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct RoleSizes(Vec<RoleSize>);
    let content = "<RoleSize>Small</RoleSize><RoleSize>Large</RoleSize>";
    let sizes: RoleSizes = from_slice(document("RoleSizes", content).as_bytes()).unwrap();
    assert_eq!(sizes.0, [RoleSize("Small".into()), RoleSize("Large".into())]);
    assert_eq!(
        from_slice::<RoleSizes>(document("Sizes", content).as_bytes()).unwrap_err().to_string(),
        "expected the element RoleSizes in http://schemas.microsoft.com/windowsazure, found Sizes \
         in http://schemas.microsoft.com/windowsazure"
    );
}

#[test]
fn a_present_list_may_be_empty() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct HostedService {
        #[serde(default, deserialize_with = "present_list")]
        deployments: Option<Vec<RoleInstance>>,
    }
    let read = |content: &str| {
        let document = document("HostedService", content);
        from_slice::<HostedService>(document.as_bytes()).unwrap().deployments
    };
    assert_eq!(read(""), None);
    assert_eq!(read("<Deployments i:nil='true'/>"), None);
    assert_eq!(read("<Deployments/>"), Some(vec![]));
    assert_eq!(read("<Deployments> </Deployments>"), Some(vec![]));
    let two = "<Deployments><RoleInstance/><X/><RoleInstance/></Deployments>";
    assert_eq!(read(two), Some(vec![UNNAMED, UNNAMED]));
}

#[test]
fn a_present_list_reads_from_json_too() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Json {
        #[serde(default, deserialize_with = "present_list")]
        list: Option<Vec<u8>>,
    }
    let cases = [
        ("{}", None),
        (r#"{"list":null}"#, None),
        (r#"{"list":[]}"#, Some(vec![])),
        (r#"{"list":[1]}"#, Some(vec![1])),
    ];
    for (json, list) in cases {
        assert_eq!(serde_json::from_str::<Json>(json).unwrap(), Json { list }, "{json}");
    }
}

#[test]
fn errors_count_the_items_and_not_the_strangers() {
    let content = "<Value><X/><RoleInstance/><X/><RoleInstance><X/><InstanceUpgradeDomain>x\
         </InstanceUpgradeDomain></RoleInstance></Value>";
    let error = read_root::<Vec<RoleInstance>>(content).unwrap_err();
    assert_eq!(error.path(), "Root/Value/RoleInstance[2]/InstanceUpgradeDomain");
    assert_eq!(
        refusal::<Vec<u8>>("<Value><N>1</N><M>z</M></Value>"),
        r#"Root/Value/M[2]: "z" is not a u8"#
    );
}
