//! Affinity groups, and what is in them.

use crate::bench::{Bench, SUBSCRIPTION, base64, create_service, root, unbase64};

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
fn a_group_is_made_read_changed_and_deleted() {
    let mut bench = Bench::new();
    let created = bench.post(GROUPS, &create_group("near")).expect(201);
    assert_eq!(created.body(), "");
    assert_eq!(
        created.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/affinitygroup/near")
    );
    assert!(bench.operation(&created.id()).starts_with("Succeeded"));

    assert_eq!(
        bench.get(NEAR).expect(200).inner(),
        "<Name>near</Name><Label>TmVhcg==</Label><Description>close</Description>\
         <Location>West Europe</Location><HostedServices/><StorageServices/>\
         <Capabilities><Capability>PersistentVMRole</Capability>\
         <Capability>HighMemory</Capability></Capabilities>\
         <CreatedTime>2015-01-01T00:00:00Z</CreatedTime>"
    );

    bench.put(NEAR, &update_group(&format!("<Label>{}</Label>", base64("Nearer")))).expect(200);
    let read = bench.get(NEAR);
    assert_eq!(
        (unbase64(&read.text("Label")).as_str(), &*read.text("Description")),
        ("Nearer", "close")
    );
    let both = format!("<Label>{}</Label><Description/><LocationConstraint/>", base64("Nearest"));
    bench.put(NEAR, &update_group(&both)).expect(200);
    let read = bench.get(NEAR);
    assert_eq!(
        (unbase64(&read.text("Label")).as_str(), &*read.text("Description")),
        ("Nearest", "")
    );

    let deleted = bench.delete(NEAR).expect(200);
    assert_eq!(bench.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(bench.get(NEAR).message(), "The affinity group does not exist.");
}

#[test]
fn a_group_tells_what_is_in_it_and_the_list_tells_the_sizes() {
    let mut bench = Bench::new();
    bench.post(GROUPS, &create_group("Near")).expect(201);
    bench.post(GROUPS, &create_group("far")).expect(201);
    bench.post("/services/hostedservices", &in_group(&create_service("contoso"))).expect(201);
    bench.post("/services/hostedservices", &create_service("fabrikam")).expect(201);
    bench.post("/services/storageservices", &create_account()).expect(202);

    assert_eq!(bench.get(NEAR).at("StorageServices/StorageService"), [""; 0]);
    bench.settle();
    let read = bench.get("/AffinityGroups/NEAR").expect(200);
    assert_eq!(read.at("HostedServices/HostedService/ServiceName"), ["contoso"]);
    let properties = "HostedServices/HostedService/HostedServiceProperties";
    assert_eq!(read.at(&format!("{properties}/AffinityGroup")), ["Near"]);
    assert_eq!(read.at(&format!("{properties}/Status")), ["Created"]);
    assert!(!read.has("Deployments") && !read.has("ComputeCapabilities"));
    assert_eq!(read.at("StorageServices/StorageService/ServiceName"), ["contosostore"]);
    assert_eq!(
        read.at("StorageServices/StorageService/Url"),
        [format!(
            "https://management.example.net/{SUBSCRIPTION}/services/storageservices/contosostore"
        )]
    );
    assert_eq!(
        read.at("StorageServices/StorageService/ExtendedProperties/ExtendedProperty/Value"),
        ["Default-Storage-WestEurope", "West Europe"]
    );

    let list = bench.get(GROUPS).expect(200);
    assert_eq!(list.at("AffinityGroup/Name"), ["far", "Near"]);
    assert!(!list.has("HostedServices") && !list.has("StorageServices"));
    assert!(list.all("RoleSize").contains(&"Standard_DS1".to_owned()));
    bench.version = "2014-04-01";
    assert!(!bench.get(GROUPS).has("ComputeCapabilities"));
}

#[test]
fn what_is_in_a_group_lies_where_the_group_does() {
    let mut bench = Bench::new();
    bench.post(GROUPS, &create_group("near")).expect(201);
    bench.post("/services/hostedservices", &in_group(&create_service("contoso"))).expect(201);
    let service = bench.get("/services/hostedservices/contoso").expect(200);
    assert_eq!(service.text("AffinityGroup"), "near");
    assert!(!service.has("Location"));
    assert_eq!(service.all("Value"), ["contoso", "West Europe"]);
}

#[test]
fn a_group_in_use_is_not_deleted() {
    let mut bench = Bench::new();
    bench.post(GROUPS, &create_group("near")).expect(201);
    bench.post("/services/hostedservices", &in_group(&create_service("contoso"))).expect(201);
    assert_eq!(bench.delete(NEAR).code(), "409 ConflictError");

    // Nor while an account is being made, or a service is on its way out.
    bench.post("/services/storageservices", &create_account()).expect(202);
    bench.delete("/services/hostedservices/contoso?comp=media").expect(202);
    assert_eq!(bench.delete(NEAR).code(), "409 ConflictError");
    bench.settle();
    assert_eq!(bench.delete(NEAR).code(), "409 ConflictError");
    bench.delete("/services/storageservices/contosostore").expect(200);
    bench.delete(NEAR).expect(200);
}

#[test]
fn groups_that_make_no_sense_are_refused() {
    let mut bench = Bench::new();
    bench.post(GROUPS, &create_group("near")).expect(201);
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
        let reply = bench.post(GROUPS, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    assert_eq!(
        bench.post(GROUPS, &good.replace("other", "a_b")).message(),
        "The affinity group name is invalid."
    );
    assert_eq!(bench.put(NEAR, &update_group("")).code(), "400 InvalidXmlRequest");
}

#[test]
fn an_invalid_name_is_not_found_when_read_and_refused_when_written() {
    let mut bench = Bench::new();
    let label = update_group(&format!("<Label>{}</Label>", base64("x")));
    for (path, written) in [
        ("/affinitygroups/a%20b", "400 BadRequest"),
        ("/affinitygroups/far", "404 ResourceNotFound"),
    ] {
        let read = bench.get(path);
        assert_eq!(read.code(), "404 ResourceNotFound", "{path}");
        assert_eq!(read.message(), "The affinity group does not exist.");
        assert_eq!(bench.delete(path).code(), written, "{path}");
        assert_eq!(bench.put(path, &label).code(), written, "{path}");
    }
}

#[test]
fn nothing_is_put_into_a_group_that_is_not_there() {
    let mut bench = Bench::new();
    let service = bench.post("/services/hostedservices", &in_group(&create_service("contoso")));
    let account = bench.post("/services/storageservices", &create_account());
    for refused in [service, account] {
        assert_eq!(refused.code(), "404 ResourceNotFound");
        assert_eq!(refused.message(), "The affinity group does not exist.");
    }
}

#[test]
fn groups_are_changed_since_2011_02_25() {
    let mut bench = Bench::new();
    bench.version = "2010-10-28";
    for reply in [
        bench.post(GROUPS, &create_group("near")),
        bench.put(NEAR, &update_group("")),
        bench.delete(NEAR),
    ] {
        assert_eq!(reply.code(), "400 MissingOrIncorrectVersionHeader");
    }
    bench.version = "2011-02-25";
    bench.post(GROUPS, &create_group("near")).expect(201);
    bench.version = "2009-10-01";
    assert_eq!(bench.get(GROUPS).expect(200).at("AffinityGroup/Name"), ["near"]);
}
