use super::GetDeployment;
use crate::deployment::model::{
    CurrentUpgradeDomainState, DeploymentStatus, ExtensionState, InstanceStatus, PowerState,
    UpgradeStatus,
};
use crate::testing::golden;
use crate::{CloudServiceRef, Slot, UpdateMode, xml};

const UPGRADING: &str = include_str!("upgrading.xml");
const EVERY_ELEMENT: &str = include_str!("every_element.xml");

#[test]
fn request_by_slot() {
    golden::request(
        &CloudServiceRef::new("contoso").slot(Slot::Production).get(),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production
         x-ms-version: 2015-04-01",
    );
}

#[test]
fn request_by_name() {
    golden::request(
        &CloudServiceRef::new("contoso").deployment("release-42").get(),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42
         x-ms-version: 2015-04-01",
    );
}

#[test]
fn response_in_the_middle_of_an_upgrade() {
    let deployment = golden::response::<GetDeployment>(UPGRADING);
    assert_eq!(deployment.name, "release-42");
    assert_eq!(deployment.deployment_slot, Slot::Production);
    assert_eq!(deployment.status, DeploymentStatus::RunningTransitioning);
    assert_eq!(deployment.label.as_str(), "Release 42");
    assert_eq!(deployment.configuration.as_ref().unwrap().as_str(), "<ServiceConfiguration/>");
    assert_eq!(
        deployment.upgrade_status,
        Some(UpgradeStatus {
            upgrade_type: UpdateMode::Manual,
            current_upgrade_domain_state: CurrentUpgradeDomainState::During,
            current_upgrade_domain: Some(1),
        })
    );
    assert_eq!(deployment.upgrade_domain_count, Some(5));
    assert_eq!(deployment.locked, Some(false));
    assert_eq!(deployment.rollback_allowed, Some(true));
    assert!(!deployment.is_settled());

    let [first, second] = deployment.role_instance_list.as_slice() else {
        panic!("two instances, not {:?}", deployment.role_instance_list);
    };
    assert_eq!(first.instance_name, "Web_IN_0");
    assert_eq!(first.instance_status, InstanceStatus::ReadyRole);
    assert_eq!(first.instance_upgrade_domain, Some(0));
    assert_eq!(first.instance_state_details, None);
    assert_eq!(first.power_state, Some(PowerState::Started));
    assert_eq!(first.instance_endpoints[0].public_port, Some(80));
    assert_eq!(second.instance_status, InstanceStatus::RestartingRole);
    assert_eq!(second.ip_address, None);
    let details = second.instance_state_details.as_deref().unwrap();
    assert!(details.contains("\u{1b}[31munexpectedly"), "{details:?}");

    let extensions = deployment.extension_configuration.unwrap();
    assert_eq!(extensions.all_roles, None);
    let extensions = &extensions.named_roles.unwrap()[0].extensions;
    assert_eq!(extensions[0].state, None);
    assert_eq!(extensions[1].state, Some(ExtensionState::Enable));
    assert_eq!(extensions[1].sequence_number, Some(3));
    assert_eq!(deployment.virtual_ips[0].is_dns_programmed, Some(true));
    assert!(deployment.load_balancers.is_empty());
}

/// The document is typed from the reference in the order of the wire, so writing what was read shows
/// that no element is lost, misnamed or misplaced.
#[test]
fn response_with_every_element_is_read_whole() {
    let deployment = golden::response::<GetDeployment>(EVERY_ELEMENT);
    let document: String = EVERY_ELEMENT.lines().map(str::trim_start).collect();
    assert_eq!(xml::to_string(&deployment).unwrap(), document);
}

#[test]
fn response_while_it_is_being_made() {
    let deployment = golden::response::<GetDeployment>(
        r#"<Deployment xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
             <Name>release-42</Name>
             <DeploymentSlot>Production</DeploymentSlot>
             <PrivateID>9d4a1b2c3d4e5f60718293a4b5c6d7e8</PrivateID>
             <Status>Deploying</Status>
             <Label>UmVsZWFzZSA0Mg==</Label>
             <RoleInstanceList/>
             <RoleList/>
             <Locked>true</Locked>
             <RollbackAllowed>false</RollbackAllowed>
           </Deployment>"#,
    );
    assert_eq!(deployment.status, DeploymentStatus::Deploying);
    assert_eq!(deployment.url, None);
    assert_eq!(deployment.configuration, None);
    assert_eq!(deployment.upgrade_domain_count, None);
    assert!(deployment.role_instance_list.is_empty());
    assert!(!deployment.is_settled());
}

#[test]
fn response_of_deallocated_machines() {
    let deployment = golden::response::<GetDeployment>(
        r#"<Deployment xmlns="http://schemas.microsoft.com/windowsazure">
             <Name>machines</Name>
             <Status>Suspended</Status>
             <RoleInstanceList>
               <RoleInstance>
                 <RoleName>db</RoleName>
                 <InstanceName>db</InstanceName>
                 <InstanceStatus>StoppedDeallocated</InstanceStatus>
                 <PowerState>Stopped</PowerState>
               </RoleInstance>
             </RoleInstanceList>
             <RoleList>
               <Role>
                 <RoleName>db</RoleName>
                 <OSVersion/>
                 <DataVirtualHardDisks>
                   <DataVirtualHardDisk><DiskName>data</DiskName></DataVirtualHardDisk>
                 </DataVirtualHardDisks>
               </Role>
             </RoleList>
           </Deployment>"#,
    );
    let instance = &deployment.role_instance_list[0];
    assert_eq!(instance.instance_upgrade_domain, None);
    assert_eq!(deployment.role_list[0].os_version, None);
    assert_eq!(deployment.role_list[0].data_virtual_hard_disks[0].lun, 0);
    assert!(deployment.is_settled());
}

/// Handlers return what Windows calls an HRESULT, which some write as a negative number and some not.
#[test]
fn codes_of_extensions_are_as_wide_as_both_spellings() {
    let deployment = golden::response::<GetDeployment>(
        r#"<Deployment xmlns="http://schemas.microsoft.com/windowsazure">
             <Name>machines</Name>
             <Status>Running</Status>
             <RoleInstanceList>
               <RoleInstance>
                 <RoleName>db</RoleName>
                 <InstanceName>db</InstanceName>
                 <GuestAgentStatus><Code>-2147467259</Code></GuestAgentStatus>
                 <ResourceExtensionStatusList>
                   <ResourceExtensionStatus><Code>2147942402</Code></ResourceExtensionStatus>
                 </ResourceExtensionStatusList>
               </RoleInstance>
             </RoleInstanceList>
           </Deployment>"#,
    );
    let instance = &deployment.role_instance_list[0];
    assert_eq!(instance.guest_agent_status.as_ref().unwrap().code, Some(-2_147_467_259));
    assert_eq!(instance.resource_extension_status_list[0].code, Some(2_147_942_402));
}

#[test]
fn response_that_is_not_a_deployment_is_refused_with_the_reason() {
    let read = |body: &str| {
        let error = crate::Endpoint::response::<GetDeployment>(&golden::http_response(200, body))
            .unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", source.unwrap_or_default())
    };
    let truncated = &UPGRADING[..UPGRADING.find("<UpgradeDomainCount>").unwrap()];
    for (body, why) in [
        ("", "Get Deployment: invalid response (200)"),
        ("<html><body>Proxy</body></html>", "an HTML page"),
        ("<Operation xmlns=\"http://schemas.microsoft.com/windowsazure\"/>", "Operation"),
        ("<Deployment xmlns=\"http://example.net/other\"/>", "http://example.net/other"),
        (truncated, "ends inside Deployment"),
        (
            "<Deployment xmlns=\"http://schemas.microsoft.com/windowsazure\"><Name>a</Deployment>",
            "Name",
        ),
        (
            "<Deployment xmlns=\"http://schemas.microsoft.com/windowsazure\"><Name>a</Name><Name>b</Name></Deployment>",
            "the element Name occurs twice",
        ),
    ] {
        let text = read(body);
        assert!(text.contains(why), "{text}\n   does not say\n{why}");
        assert!(text.contains("(request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"), "{text}");
    }
}

#[test]
fn an_update_that_names_no_domain_is_read_and_says_so() {
    for (number, kept, domain) in [
        ("2", Some(2), Some(2)),
        ("-1", Some(-1), None),
        ("4294967296", Some(4_294_967_296), None),
        ("", None, None),
        ("none", None, None),
    ] {
        let body = UPGRADING.replace(
            "<CurrentUpgradeDomain>1</CurrentUpgradeDomain>",
            &format!("<CurrentUpgradeDomain>{number}</CurrentUpgradeDomain>"),
        );
        assert_ne!(body, UPGRADING, "the golden names domain 1");
        let read = crate::Endpoint::response::<GetDeployment>(&golden::http_response(200, &body));
        let update = read.unwrap().upgrade_status.unwrap();
        assert_eq!((update.current_upgrade_domain, update.domain()), (kept, domain), "{number}");
    }
}
