//! Affinity groups, and what is in them.

use crate::harness::{Harness, SUBSCRIPTION, base64, create_service, decode_base64, root};

const GROUPS: &str = "/affinitygroups";
const NEAR: &str = "/affinitygroups/near";

fn create_group(name: &str) -> String {
    root(
        "CreateAffinityGroup",
        &format!(
            "<Name>{name}</Name><Label>{}</Label><Description>close</Description>\
             <Location>west europe</Location>",
            base64("Near")
        ),
    )
}

fn update_group(children: &str) -> String {
    root("UpdateAffinityGroup", children)
}

fn in_group(create: &str) -> String {
    create.replace("<Location>West US</Location>", "<AffinityGroup>NEAR</AffinityGroup>")
}

fn create_account() -> String {
    let label = base64("store");
    root(
        "CreateStorageServiceInput",
        &format!(
            "<ServiceName>contosostore</ServiceName><Label>{label}</Label><AffinityGroup>near</AffinityGroup>"
        ),
    )
}

#[test]
fn creates_reads_updates_and_deletes_group() {
    let mut harness = Harness::new();
    let created = harness.post(GROUPS, &create_group("near")).expect(201);
    assert_eq!(created.body(), "");
    assert_eq!(
        created.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/affinitygroup/near")
    );
    assert!(harness.operation(&created.id()).starts_with("Succeeded"));

    assert_eq!(
        harness.get(NEAR).expect(200).inner_xml(),
        "<Name>near</Name><Label>TmVhcg==</Label><Description>close</Description>\
         <Location>West Europe</Location><HostedServices/><StorageServices/>\
         <Capabilities><Capability>PersistentVMRole</Capability>\
         <Capability>HighMemory</Capability></Capabilities>\
         <CreatedTime>2015-01-01T00:00:00Z</CreatedTime>"
    );

    harness.put(NEAR, &update_group(&format!("<Label>{}</Label>", base64("Nearer")))).expect(200);
    let read = harness.get(NEAR);
    assert_eq!(
        (decode_base64(&read.text("Label")).as_str(), &*read.text("Description")),
        ("Nearer", "close")
    );
    let both = format!("<Label>{}</Label><Description/><LocationConstraint/>", base64("Nearest"));
    harness.put(NEAR, &update_group(&both)).expect(200);
    let read = harness.get(NEAR);
    assert_eq!(
        (decode_base64(&read.text("Label")).as_str(), &*read.text("Description")),
        ("Nearest", "")
    );

    let deleted = harness.delete(NEAR).expect(200);
    assert_eq!(harness.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(harness.get(NEAR).message(), "The affinity group does not exist.");
}

#[test]
fn group_lists_members_and_list_has_role_sizes() {
    let mut harness = Harness::new();
    harness.post(GROUPS, &create_group("Near")).expect(201);
    harness.post(GROUPS, &create_group("far")).expect(201);
    harness.post("/services/hostedservices", &in_group(&create_service("contoso"))).expect(201);
    harness.post("/services/hostedservices", &create_service("fabrikam")).expect(201);
    harness.post("/services/storageservices", &create_account()).expect(202);

    assert_eq!(harness.get(NEAR).texts_at("StorageServices/StorageService"), [""; 0]);
    harness.settle();
    let read = harness.get("/AffinityGroups/NEAR").expect(200);
    assert_eq!(read.texts_at("HostedServices/HostedService/ServiceName"), ["contoso"]);
    let properties = "HostedServices/HostedService/HostedServiceProperties";
    assert_eq!(read.texts_at(&format!("{properties}/AffinityGroup")), ["Near"]);
    assert_eq!(read.texts_at(&format!("{properties}/Status")), ["Created"]);
    assert!(!read.has_element("Deployments") && !read.has_element("ComputeCapabilities"));
    assert_eq!(read.texts_at("StorageServices/StorageService/ServiceName"), ["contosostore"]);
    assert_eq!(
        read.texts_at("StorageServices/StorageService/Url"),
        [format!(
            "https://management.example.net/{SUBSCRIPTION}/services/storageservices/contosostore"
        )]
    );
    assert_eq!(
        read.texts_at("StorageServices/StorageService/ExtendedProperties/ExtendedProperty/Value"),
        ["Default-Storage-WestEurope", "West Europe"]
    );

    let list = harness.get(GROUPS).expect(200);
    assert_eq!(list.texts_at("AffinityGroup/Name"), ["far", "Near"]);
    assert!(!list.has_element("HostedServices") && !list.has_element("StorageServices"));
    assert!(list.texts("RoleSize").contains(&"Standard_DS1".to_owned()));
    harness.version = "2014-04-01";
    assert!(!harness.get(GROUPS).has_element("ComputeCapabilities"));
}

#[test]
fn members_inherit_location_of_group() {
    let mut harness = Harness::new();
    harness.post(GROUPS, &create_group("near")).expect(201);
    harness.post("/services/hostedservices", &in_group(&create_service("contoso"))).expect(201);
    let service = harness.get("/services/hostedservices/contoso").expect(200);
    assert_eq!(service.text("AffinityGroup"), "near");
    assert!(!service.has_element("Location"));
    assert_eq!(service.texts("Value"), ["contoso", "West Europe"]);
}

#[test]
fn rejects_deletion_of_group_in_use() {
    let mut harness = Harness::new();
    harness.post(GROUPS, &create_group("near")).expect(201);
    harness.post("/services/hostedservices", &in_group(&create_service("contoso"))).expect(201);
    assert_eq!(harness.delete(NEAR).code(), "409 ConflictError");

    // Nor while an account is being made, or a service is on its way out.
    harness.post("/services/storageservices", &create_account()).expect(202);
    harness.delete("/services/hostedservices/contoso?comp=media").expect(202);
    assert_eq!(harness.delete(NEAR).code(), "409 ConflictError");
    harness.settle();
    assert_eq!(harness.delete(NEAR).code(), "409 ConflictError");
    harness.delete("/services/storageservices/contosostore").expect(200);
    harness.delete(NEAR).expect(200);
}

#[test]
fn rejects_invalid_groups() {
    let mut harness = Harness::new();
    harness.post(GROUPS, &create_group("near")).expect(201);
    let good = create_group("other");
    for (from, to, code) in [
        ("other", "Near", "409 ConflictError"),
        ("other", "a b", "400 BadRequest"),
        ("other", "-a", "400 BadRequest"),
        ("west europe", "Anywhere", "400 BadRequest"),
        ("<Location>west europe</Location>", "", "400 InvalidXmlRequest"),
        ("<Name>other</Name>", "", "400 InvalidXmlRequest"),
        ("close", &"x".repeat(1025), "400 BadRequest"),
    ] {
        let reply = harness.post(GROUPS, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    assert_eq!(
        harness.post(GROUPS, &good.replace("other", "a_b")).message(),
        "The affinity group name is invalid."
    );
    assert_eq!(harness.put(NEAR, &update_group("")).code(), "400 InvalidXmlRequest");
}

#[test]
fn invalid_name_is_not_found_on_read_and_rejected_on_write() {
    let mut harness = Harness::new();
    let label = update_group(&format!("<Label>{}</Label>", base64("x")));
    for (path, written) in [
        ("/affinitygroups/a%20b", "400 BadRequest"),
        ("/affinitygroups/far", "404 ResourceNotFound"),
    ] {
        let read = harness.get(path);
        assert_eq!(read.code(), "404 ResourceNotFound", "{path}");
        assert_eq!(read.message(), "The affinity group does not exist.");
        assert_eq!(harness.delete(path).code(), written, "{path}");
        assert_eq!(harness.put(path, &label).code(), written, "{path}");
    }
}

#[test]
fn rejects_members_of_missing_group() {
    let mut harness = Harness::new();
    let service = harness.post("/services/hostedservices", &in_group(&create_service("contoso")));
    let account = harness.post("/services/storageservices", &create_account());
    for refused in [service, account] {
        assert_eq!(refused.code(), "404 ResourceNotFound");
        assert_eq!(refused.message(), "The affinity group does not exist.");
    }
}

#[test]
fn group_changes_require_2011_02_25() {
    let mut harness = Harness::new();
    harness.version = "2010-10-28";
    for reply in [
        harness.post(GROUPS, &create_group("near")),
        harness.put(NEAR, &update_group("")),
        harness.delete(NEAR),
    ] {
        assert_eq!(reply.code(), "400 MissingOrIncorrectVersionHeader");
    }
    harness.version = "2011-02-25";
    harness.post(GROUPS, &create_group("near")).expect(201);
    harness.version = "2009-10-01";
    assert_eq!(harness.get(GROUPS).expect(200).texts_at("AffinityGroup/Name"), ["near"]);
}
