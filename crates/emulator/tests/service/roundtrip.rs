//! The protocol crate and the emulator, which share no model, understand each other to the last
//! element.

use azure_classic_protocol::storage_account::{AccountType, KeyType};
use azure_classic_protocol::{
    AffinityGroupRef, CloudServiceRef, Endpoint, ExtendedProperty, ListAffinityGroups,
    ListCloudServices, ListLocations, ListOperatingSystemFamilies, ListOperatingSystems,
    ListRoleSizes, ListStorageAccounts, Operation, Placement, StorageAccountRef,
};

use crate::harness::{Harness, SUBSCRIPTION};

struct Client {
    harness: Harness,
    endpoint: Endpoint,
}

impl Client {
    fn new() -> Self {
        let subscription = SUBSCRIPTION.parse().unwrap();
        Self {
            harness: Harness::new(),
            endpoint: Endpoint::new("https://management.example.net", subscription).unwrap(),
        }
    }

    /// Sends it and lets everything come to rest; the answer must hold nothing unknown.
    #[track_caller]
    fn send<O: Operation>(&mut self, operation: &O) -> O::Output {
        let request = self.endpoint.request(operation).unwrap();
        let reply = self.harness.handle(&request);
        self.harness.settle();
        let (output, unknown) = Endpoint::response_with_unknown::<O>(&reply.0).unwrap();
        assert_eq!(unknown.paths, [""; 0]);
        output
    }
}

#[test]
fn catalogues() {
    let mut client = Client::new();
    let locations = client.send(&ListLocations::new()).0;
    let sizes = client.send(&ListRoleSizes::new()).0;
    assert!(!sizes.is_empty() && locations.iter().all(|it| it.compute_capabilities.is_some()));
    let systems = client.send(&ListOperatingSystems::new()).0;
    let families = client.send(&ListOperatingSystemFamilies::new()).0;
    let count = families.iter().map(|family| family.operating_systems.len()).sum::<usize>();
    assert_eq!(systems.len(), count);
}

#[test]
fn affinity_groups_and_members() {
    let mut client = Client::new();
    let near = AffinityGroupRef::new("near");
    let contoso = CloudServiceRef::new("contoso");
    let store = StorageAccountRef::new("contosostore");
    client.send(&near.create("West Europe", "Near").description("close"));
    client.send(&contoso.create(Placement::AffinityGroup("near".into()), "shop"));
    let _ = client.send(&store.create(Placement::AffinityGroup("near".into()), "store"));
    let group = client.send(&near.get());
    assert_eq!(group.label.as_str(), "Near");
    assert_eq!(
        (group.hosted_services.unwrap().len(), group.storage_services.unwrap().len()),
        (1, 1)
    );
    client.send(&near.update("Nearer"));
    assert_eq!(client.send(&ListAffinityGroups::new()).0[0].label.as_str(), "Nearer");
    let _ = client.send(&contoso.delete_with_disks());
    client.send(&store.delete());
    client.send(&near.delete());
}

#[test]
fn storage_accounts_and_their_keys() {
    let mut client = Client::new();
    let store = StorageAccountRef::new("contosostore");
    assert!(client.send(&store.check_name_availability()).is_available);
    let west = Placement::Location("West US".into());
    let _ = client.send(&store.create(west, "store").account_type(AccountType::StandardRagrs));
    assert!(!client.send(&store.check_name_availability()).is_available);
    client.send(&store.update().description("new").account_type(AccountType::StandardLrs));
    let account = client.send(&store.get());
    assert_eq!(account.properties.description.as_deref(), Some("new"));
    assert_eq!(client.send(&ListStorageAccounts::new()).0.len(), 1);
    let old = client.send(&store.get_keys()).keys;
    let new = client.send(&store.regenerate_key(KeyType::Primary)).keys;
    assert!(old.primary != new.primary && old.secondary == new.secondary);
}

#[test]
fn cloud_services() {
    let mut client = Client::new();
    let contoso = CloudServiceRef::new("contoso");
    assert!(client.send(&contoso.check_name_availability()).is_available);
    client.send(&contoso.create(Placement::Location("West US".into()), "shop"));
    assert!(!client.send(&contoso.check_name_availability()).is_available);
    let update = contoso.update().label("new shop").reverse_dns_fqdn("shop.contoso.com.");
    client.send(&update.extended_property(ExtendedProperty::new("Stage", "live")));
    let service = client.send(&contoso.get().with_deployments());
    assert_eq!(service.properties.label.as_str(), "new shop");
    assert_eq!(service.properties.reverse_dns_fqdn.as_deref(), Some("shop.contoso.com."));
    let list = client.send(&ListCloudServices::new());
    assert_eq!(list.content.0.len(), 1);
}
