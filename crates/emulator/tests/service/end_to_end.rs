//! The story that the project exists for, told by the protocol crate's machines on virtual time.

use azure_classic_protocol::{
    CloudServiceRef, Deployment, Placement, RollbackMode, Slot, UpdateMode,
};

use crate::harness::cscfg;
use crate::test_client::TestClient;

#[test]
fn upgrade_fails_and_is_rolled_back() {
    let contoso = CloudServiceRef::new("contoso");
    let production = contoso.slot(Slot::Production);
    let old = cscfg(&[("Web", 5), ("Batch", 5)]);
    let package = "https://contoso.example.net/1.cspkg?sv=1&sig=a%2Fb";
    let mut client = TestClient::new();

    client.send(&contoso.create(Placement::Location("West Europe".into()), "ünïcode & <more>"));
    let create = contoso
        .create_deployment(Slot::Production, "first", package, old.clone())
        .label("one")
        .start(true);
    client.run(&create);
    let before = client.poll_until(&production, Deployment::is_settled);
    assert_eq!(before.role_instance_list.len(), 10);

    client.harness.block_start_of_label("Web_IN_1", "two");
    let new = cscfg(&[("Web", 5), ("Batch", 6)]);
    client.run(&production.upgrade(UpdateMode::Manual, package, new, "two"));
    client.run(&production.walk_upgrade_domain(0));
    let walk = client.send(&production.walk_upgrade_domain(1));
    assert!(walk.request_id().is_some());
    let failing = client.poll_until(&production, |deployment| {
        deployment
            .role_instance_list
            .iter()
            .any(|it| it.instance_status.as_str() == "RestartingRole")
    });
    assert_eq!(failing.rollback_allowed, Some(true));
    assert_eq!(failing.upgrade_status.unwrap().current_upgrade_domain, Some(1));
    assert_eq!(failing.label.as_str(), "two");

    client.run(&production.rollback(RollbackMode::Auto));
    let after = client.poll_until(&production, Deployment::is_settled);
    assert_eq!(after.label.as_str(), "one");
    assert_eq!(after.configuration.unwrap().as_str(), old);
    assert_eq!(client.harness.versions(), [1; 10]);

    let by_name = contoso.deployment("first");
    let service = client.send(&contoso.get().with_deployments());
    assert_eq!(service.properties.label.as_str(), "ünïcode & <more>");
    assert_eq!(service.deployments.unwrap()[0].name, "first");
    client.run(&by_name.change_configuration(old).mode(UpdateMode::Simultaneous));
    client.poll_until(&by_name, Deployment::is_settled);
    assert_eq!(client.harness.versions(), [3; 10]);

    client.run(&by_name.delete());
    client.send(&contoso.delete());
}
