use super::*;
use crate::xml::{self, Reader};

const SCHEMA: &str = "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";

fn role(attributes: &str, content: &str) -> Role {
    let document = format!(
        "<Role xmlns=\"http://schemas.microsoft.com/windowsazure\" {SCHEMA} {attributes}>\
         <RoleName>front</RoleName>{content}</Role>"
    );
    xml::from_slice(document.as_bytes()).unwrap()
}

#[test]
fn web_and_worker_roles_have_no_kind() {
    let role = role("", "<OsVersion>WA-GUEST-OS-2.59_201701-01</OsVersion>");
    assert_eq!((&role.kind, &role.role_type), (&None, &None));
    assert!(!role.is_virtual_machine());
}

#[test]
fn a_virtual_machine_is_reported_by_either_word() {
    for role in [
        role("i:type=\"PersistentVMRole\"", ""),
        role(
            "xmlns:p=\"http://schemas.microsoft.com/windowsazure\" i:type=\"p:PersistentVMRole\"",
            "",
        ),
        role("", "<RoleType>PersistentVMRole</RoleType>"),
    ] {
        assert!(role.is_virtual_machine(), "{role:?}");
        assert_eq!(role.role_name, "front");
    }
}

#[test]
fn a_kind_that_is_not_known_is_kept() {
    let role = role("i:type=\"GatewayRole\"", "<RoleType>GatewayRole</RoleType>");
    assert_eq!(role.kind, Some(RoleKind::Other("GatewayRole".into())));
    assert!(!role.is_virtual_machine());
    let written = xml::to_string(&role).unwrap();
    assert!(written.contains("i:type=\"GatewayRole\""), "{written}");
    assert!(written.contains("<RoleType>GatewayRole</RoleType>"), "{written}");
}

#[test]
fn configuration_sets_of_several_kinds_stand_side_by_side() {
    let document = format!(
        "<Role xmlns=\"http://schemas.microsoft.com/windowsazure\" {SCHEMA}>\
           <RoleName>front</RoleName>\
           <ConfigurationSets>\
             <ConfigurationSet i:type=\"LinuxProvisioningConfigurationSet\">\
               <ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType>\
               <HostName>front</HostName>\
             </ConfigurationSet>\
             <ConfigurationSet i:type=\"WindowsProvisioningConfigurationSet\">\
               <ConfigurationSetType>WindowsProvisioningConfiguration</ConfigurationSetType>\
             </ConfigurationSet>\
             <ConfigurationSet i:type=\"NetworkConfigurationSet\">\
               <ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>\
               <SubnetNames><SubnetName>back</SubnetName></SubnetNames>\
             </ConfigurationSet>\
             <ConfigurationSet>\
               <ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>\
             </ConfigurationSet>\
           </ConfigurationSets>\
         </Role>"
    );
    let (role, unknown) = Reader::new().read_with_unknown::<Role>(document.as_bytes()).unwrap();
    let sets: Vec<_> =
        role.configuration_sets.iter().map(|set| (set.kind.clone(), set.is_network())).collect();
    assert_eq!(
        sets,
        [
            (Some(ConfigurationSetKind::LinuxProvisioning), false),
            (Some(ConfigurationSetKind::WindowsProvisioning), false),
            (Some(ConfigurationSetKind::Network), true),
            (None, true),
        ]
    );
    assert_eq!(role.configuration_sets[2].subnet_names, [SubnetName("back".into())]);
    assert_eq!(unknown.paths, ["Role/ConfigurationSets/ConfigurationSet[1]/HostName"]);
}
