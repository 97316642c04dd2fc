//! Elements younger than the `x-ms-version` of a request are neither sent nor taken.

use crate::harness::{BY_NAME, BY_SLOT, Harness, change, create_deployment, create_service};

const WEB: &[(&str, u32)] = &[("Web", 1)];

#[test]
fn responses_contain_only_elements_of_version() {
    let mut harness = Harness::with_deployment(WEB);
    let young = [
        ("InstanceUpgradeDomain", "2011-06-01"),
        ("InstanceSize", "2011-06-01"),
        ("UpgradeDomainCount", "2011-06-01"),
        ("CreatedTime", "2011-06-01"),
        ("InstanceStateDetails", "2011-10-01"),
        ("Locked", "2011-10-01"),
        ("RollbackAllowed", "2011-10-01"),
        ("PowerState", "2012-03-01"),
        ("IpAddress", "2012-03-01"),
        ("VirtualIPs", "2012-03-01"),
        ("ExtendedProperties", "2012-03-01"),
    ];
    for version in ["2009-10-01", "2011-06-01", "2011-10-01", "2012-03-01", "2018-06-01"] {
        harness.version = version;
        let reply = harness.get(BY_NAME).expect(200);
        assert!(
            reply.has_element("Name")
                && reply.has_element("Configuration")
                && reply.has_element("InstanceStatus")
        );
        for (element, since) in young {
            assert_eq!(reply.has_element(element), version >= since, "{element} in {version}");
        }
        let service = harness.get("/services/hostedservices/contoso").expect(200);
        assert_eq!(service.has_element("DateCreated"), version >= "2012-03-01");
    }
}

#[test]
fn ignores_newer_request_elements() {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.version = "2009-10-01";
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    harness.settle();
    harness.version = "2015-04-01";
    assert_eq!(harness.summary(), "Suspended [StoppedVM]");

    harness.version = "2011-06-01";
    harness.post(&format!("{BY_NAME}/?comp=config"), &change("Manual", WEB)).expect(202);
    harness.version = "2015-04-01";
    assert!(harness.summary().contains(" Auto Before 0"), "{}", harness.summary());
}

#[test]
fn simultaneous_mode_requires_documented_version() {
    let mut harness = Harness::with_deployment(WEB);
    harness.version = "2012-12-01";
    assert_eq!(harness.change("Simultaneous", WEB).code(), "400 InvalidXmlRequest");
    harness.upgrade("Simultaneous", "two", WEB).expect(202);
    harness.settle();
    harness.version = "2013-03-01";
    harness.change("simultaneous", WEB).expect(202);
}

#[test]
fn ignores_misplaced_elements() {
    let mut harness = Harness::with_deployment(WEB);
    let body = change("Manual", WEB);
    let mode = "<Mode>Manual</Mode>";
    let swapped =
        body.replace(mode, "").replace("<Configuration>", &format!("{mode}<Configuration>"));
    let refused = harness.post(&format!("{BY_NAME}/?comp=config"), &swapped);
    assert_eq!(refused.code(), "400 InvalidXmlRequest");
    assert!(refused.message().contains("Configuration"), "{}", refused.message());
}
