//! What the cloud offers: locations, sizes, operating systems.

use std::collections::BTreeSet;

use crate::harness::{Harness, create_service, decode_base64};

#[test]
fn locations_list_capabilities() {
    let mut harness = Harness::new();
    let list = harness.get("/locations").expect(200);
    let names = list.texts_at("Location/Name");
    for name in ["West US", "North Europe", "West Europe", "East US 2", "Brazil South"] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
    assert_eq!(list.texts_at("Location/DisplayName"), names);

    let brazil = list.body().split("<Location>").find(|it| it.contains("Brazil South")).unwrap();
    assert_eq!(
        brazil,
        "<Name>Brazil South</Name><DisplayName>Brazil South</DisplayName><AvailableServices>\
         <AvailableService>Compute</AvailableService><AvailableService>Storage</AvailableService>\
         <AvailableService>PersistentVMRole</AvailableService>\
         <AvailableService>HighMemory</AvailableService></AvailableServices>\
         <ComputeCapabilities><WebWorkerRoleSizes><RoleSize>A5</RoleSize><RoleSize>A6</RoleSize>\
         <RoleSize>A7</RoleSize><RoleSize>ExtraLarge</RoleSize><RoleSize>ExtraSmall</RoleSize>\
         <RoleSize>Large</RoleSize><RoleSize>Medium</RoleSize><RoleSize>Small</RoleSize>\
         </WebWorkerRoleSizes><VirtualMachinesRoleSizes><RoleSize>A5</RoleSize>\
         <RoleSize>A6</RoleSize><RoleSize>A7</RoleSize><RoleSize>Basic_A0</RoleSize>\
         <RoleSize>Basic_A1</RoleSize><RoleSize>Basic_A2</RoleSize><RoleSize>Basic_A3</RoleSize>\
         <RoleSize>Basic_A4</RoleSize><RoleSize>ExtraLarge</RoleSize>\
         <RoleSize>ExtraSmall</RoleSize><RoleSize>Large</RoleSize><RoleSize>Medium</RoleSize>\
         <RoleSize>Small</RoleSize></VirtualMachinesRoleSizes></ComputeCapabilities>\
         <StorageCapabilities><StorageAccountTypes>\
         <StorageAccountType>Standard_LRS</StorageAccountType>\
         <StorageAccountType>Standard_ZRS</StorageAccountType>\
         <StorageAccountType>Standard_GRS</StorageAccountType>\
         <StorageAccountType>Standard_RAGRS</StorageAccountType></StorageAccountTypes>\
         </StorageCapabilities></Location>"
    );
}

#[test]
fn every_location_accepts_all_resources() {
    let mut harness = Harness::new();
    for (at, name) in harness.get("/locations").texts_at("Location/Name").iter().enumerate() {
        let body = create_service(&format!("contoso{at}")).replace("West US", name);
        harness.post("/services/hostedservices", &body).expect(201);
    }
}

#[test]
fn location_sizes_are_known_sizes() {
    let mut harness = Harness::new();
    let sizes = harness.get("/rolesizes").expect(200);
    let known: BTreeSet<_> = sizes.texts_at("RoleSize/Name").into_iter().collect();
    assert_eq!(known.len(), sizes.texts_at("RoleSize/Name").len());
    let here: BTreeSet<_> = harness.get("/locations").texts("RoleSize").into_iter().collect();
    assert_eq!(here, known);
}

#[test]
fn role_sizes_list_properties() {
    let mut harness = Harness::new();
    let list = harness.get("/RoleSizes/").expect(200);
    let size = |name: &str| {
        let start = format!("<Name>{name}</Name>");
        let found = list.body().split("<RoleSize>").find(|size| size.starts_with(&start));
        found.unwrap().trim_end_matches("</RoleSizes>").to_owned()
    };
    assert_eq!(
        size("Small"),
        "<Name>Small</Name><Label>Small (1 cores, 1792 MB)</Label><Cores>1</Cores>\
         <MemoryInMb>1792</MemoryInMb><SupportedByWebWorkerRoles>true</SupportedByWebWorkerRoles>\
         <SupportedByVirtualMachines>true</SupportedByVirtualMachines>\
         <MaxDataDiskCount>2</MaxDataDiskCount>\
         <WebWorkerResourceDiskSizeInMb>230400</WebWorkerResourceDiskSizeInMb>\
         <VirtualMachineResourceDiskSizeInMb>71680</VirtualMachineResourceDiskSizeInMb></RoleSize>"
    );
    assert!(size("Basic_A0").contains("<SupportedByWebWorkerRoles>false<"));
    assert!(size("Basic_A0").contains("<WebWorkerResourceDiskSizeInMb>0<"));
    assert!(size("Standard_G5").contains("<Cores>32</Cores>"));
}

#[test]
fn operating_systems_match_their_families() {
    let mut harness = Harness::new();
    let systems = harness.get("/operatingsystems").expect(200);
    let families = harness.get("/operatingsystemfamilies").expect(200);
    assert_eq!(families.texts_at("OperatingSystemFamily/Name"), ["1", "2", "3", "4"]);
    assert_eq!(
        families.texts_at("OperatingSystemFamily/OperatingSystems/OperatingSystem/Version"),
        systems.texts_at("OperatingSystem/Version")
    );
    assert!(!families.has_element("Family") && !families.has_element("FamilyLabel"));
    let labels: BTreeSet<_> = systems.texts("FamilyLabel").into_iter().collect();
    assert_eq!(labels, families.texts_at("OperatingSystemFamily/Label").into_iter().collect());

    let newest = systems.body().split("<OperatingSystem>").last().unwrap();
    assert_eq!(
        newest,
        "<Version>WA-GUEST-OS-4.21_201506-01</Version>\
         <Label>V2luZG93cyBBenVyZSBHdWVzdCBPUyA0LjIxIChSZWxlYXNlIDIwMTUwNi0wMSk=</Label>\
         <IsDefault>true</IsDefault><IsActive>true</IsActive><Family>4</Family>\
         <FamilyLabel>V2luZG93cyBTZXJ2ZXIgMjAxMiBSMg==</FamilyLabel></OperatingSystem>\
         </OperatingSystems>"
    );
    assert_eq!(
        decode_base64(&systems.text("Label")),
        "Windows Azure Guest OS 1.42 (Release 201412-01)"
    );
    let defaults = systems.texts("IsDefault").iter().filter(|it| *it == "true").count();
    assert_eq!(defaults, 3, "families 2, 3 and 4 have a default");
}

#[test]
fn newer_elements_and_operations_require_their_versions() {
    let mut harness = Harness::new();
    for (path, element, since) in [
        ("/locations", "Location", "2010-10-28"),
        ("/locations", "AvailableServices", "2012-03-01"),
        ("/locations", "ComputeCapabilities", "2014-05-01"),
        ("/locations", "StorageCapabilities", "2014-06-01"),
        ("/rolesizes", "Label", "2013-08-01"),
        ("/operatingsystems", "Version", "2010-04-01"),
        ("/operatingsystems", "Family", "2010-10-28"),
        ("/operatingsystems", "FamilyLabel", "2010-10-28"),
        ("/operatingsystemfamilies", "Label", "2010-10-28"),
    ] {
        for version in [
            "2009-10-01",
            "2010-04-01",
            "2010-10-28",
            "2012-03-01",
            "2013-08-01",
            "2014-05-01",
            "2014-06-01",
            "2018-06-01",
        ] {
            harness.version = version;
            let reply = harness.get(path);
            assert_eq!(
                reply.has_element(element),
                version >= since,
                "{element} of {path} in {version}"
            );
        }
    }
}
